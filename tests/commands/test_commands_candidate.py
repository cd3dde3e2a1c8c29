"""`hotline train --with-corrections` in an installation of its own."""

import json

import pytest

from hotline.commands.doctor_store import examine_store
from hotline.environment import read_settings
from hotline.learning.folders import check
from hotline.learning.standing import PROMOTED
from hotline.records import Actor
from hotline.routing import shipped_model, training
from hotline.store.model_stream import record
from hotline.vocabulary import Role
from hotline.wiring import build_services
from tests.learning.tiny import write_corpus
from tests.store.store_world import NOW, World
from tests.store.test_store_verdicts import decide, guess

TEXTS = 12


@pytest.fixture
def installed(hotline, place, monkeypatch):
    """A database with decided cases, a small corpus and a small model."""
    write_corpus(place / "training_data")
    training.train(place / "training_data" / "texts", place / "model")
    monkeypatch.setattr(shipped_model, "ROOT", place)
    monkeypatch.setenv("HOTLINE_MODEL", str(place / "model"))
    assert hotline("migrate").code == 0
    return place


@pytest.fixture
def decided(installed):
    services = build_services(read_settings())
    world = World(services.engine, services.keyring)
    for number in range(TEXTS):
        made = world.case(f"2026-1100{number:02d}-1", masked_text=f"网店上的盗版词典{number}，单号2026112012345678")
        guess(world, made)
        decide(world, made, "patent" if number % 2 else "copyright", "online")
    services.engine.dispose()
    return installed


def test_a_candidate_is_built_and_serves_nobody(hotline, decided):
    before = {path.name: path.read_bytes() for path in (decided / "model").iterdir()}
    ran = hotline("train", "--with-corrections")
    assert ran.code == 0, ran.err
    made = ran.object
    folder = decided / "var" / "models" / f"candidate-{made['version']}"
    assert made["folder"] == str(folder)
    assert made["learnt"] + made["held_out"] == TEXTS
    assert check(folder).version == made["version"]
    assert "held_out" in made["report"]
    vocabulary = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    terms = [*vocabulary["words"], *vocabulary["grams"]]
    assert not [term for term in terms if sum(map(str.isdigit, term)) >= 5]
    assert {path.name: path.read_bytes() for path in (decided / "model").iterdir()} == before
    assert not (decided / "models").exists(), "the repository's model is not touched"
    assert hotline("audit", "verify", "--no-rows").object["ok"], "the rows of these cases were made by hand"


def test_another_folder_may_be_named(hotline, decided):
    ran = hotline("train", "--with-corrections", "--out", "mine")
    assert (ran.code, ran.object["folder"]) == (0, "mine"), ran.err
    assert check(decided / "mine").version == ran.object["version"]
    assert not (decided / "var" / "models").exists()


def test_without_a_database_it_says_so(hotline, place):
    ran = hotline("train", "--with-corrections")
    assert (ran.code, ran.out) == (2, "")
    assert "还没有数据库" in ran.err


def test_without_decisions_or_corpus_it_says_so(hotline, installed, monkeypatch):
    ran = hotline("train", "--with-corrections")
    assert (ran.code, ran.out) == (2, "")
    assert "人工判定" in ran.err
    monkeypatch.setattr(shipped_model, "ROOT", installed / "nowhere")
    ran = hotline("train", "--with-corrections")
    assert ran.code == 2
    assert "语料" in ran.err


def test_out_belongs_to_corrections(hotline, place):
    ran = hotline("train", "--out", "mine")
    assert (ran.code, ran.out) == (2, "")
    assert "--with-corrections" in ran.err


def test_doctor_says_when_the_promoted_model_is_not_there(installed, hotline):
    def finding():
        return next(each for each in examine_store(read_settings()) if each.check == "promoted_model")

    assert finding().status == "ok"
    services = build_services(read_settings())
    data = {"what": PROMOTED, "version": "0" * 12, "from": "x", "data_hash": "", "manifest": ""}
    with services.write() as store:
        record(store, data, "试", expected=0, by=Actor("console", Role.SYSTEM, ""), now=NOW)
    services.engine.dispose()
    assert finding().status == "wrong"
    assert "暂用安装时的模型" in finding().detail
    ran = hotline("doctor")
    assert (ran.code, "[有误] promoted_model" in ran.out) == (1, True), ran.out
    again = build_services(read_settings())
    assert again.rulebook.classifier.classify("卖盗版光盘").category
    assert "000000000000" in again.model_problem
    again.engine.dispose()
