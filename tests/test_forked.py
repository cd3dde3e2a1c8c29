"""A process of gunicorn or of an import begins by leaving alone what was loaded before the fork."""

import gc
from types import SimpleNamespace

import pytest

from hotline.forked import YOUNG, settle
from hotline.importing import crew
from hotline.web import gunicorn_config


@pytest.fixture
def kept_as_it_was():
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    yield
    gc.set_threshold(*before)
    if not frozen:
        gc.unfreeze()


@pytest.mark.usefixtures("kept_as_it_was")
def test_garbage_is_looked_for_seldom_and_never_among_what_was_there():
    loaded = [object() for _ in range(10)]
    settle()
    assert gc.get_threshold()[0] == YOUNG
    assert gc.get_freeze_count() > len(loaded)


def test_both_kinds_of_process_begin_so(monkeypatch):
    begun = []
    for module in (crew, gunicorn_config):
        monkeypatch.setattr(module, "settle", lambda: begun.append("settled"))
    monkeypatch.setattr(crew.signal, "signal", lambda *_: None)
    monkeypatch.setattr(crew, "leave_log", lambda _engine: None)
    pipe, made = SimpleNamespace(send=None), SimpleNamespace(services=SimpleNamespace(engine=None))
    pipe.recv = lambda: (_ for _ in ()).throw(EOFError)
    crew._work(pipe, [], lambda _turn: made, None)
    engine = SimpleNamespace(dispose=lambda close: begun.append(f"close={close}"))
    app = SimpleNamespace(extensions={"hotline": SimpleNamespace(engine=engine)})
    gunicorn_config.post_fork(None, SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app)))
    assert begun == ["settled", "close=False", "settled"]
