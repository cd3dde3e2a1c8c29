"""Promotion, roll-back and thresholds: events of one stream, taken up by every process, refused where not whole."""

import shutil

import pytest

from hotline import model_decisions, promoting, thresholding
from hotline.errors import ConflictError, HotlineError, InvalidInputError, ModelError, NotFoundError
from hotline.rules import RuleKeeper
from hotline.store.audit import verify
from hotline.store.free_texts import read_texts
from hotline.store.model_stream import STREAM, model_events
from tests.web.conftest import actor_of

BY = actor_of("xc-supervisor")
TEXT = "农贸市场里卖盗版光盘"


@pytest.fixture
def elsewhere(services):
    """The rules of another process on the same database."""
    keeper = RuleKeeper(services.engine, services.settings, services.shipped, seconds=0)
    keeper.current()
    return keeper


def promote(services, candidate, reason="并排比较更好"):
    promoting.promote(services, candidate.version, reason, BY)


def version(services):
    return services.rulebook.classifier.version


def events(services):
    with services.read() as store:
        return model_events(store.session)


def test_a_promotion_is_seen_by_another_process(services, candidate, elsewhere):
    before = version(services)
    promote(services, candidate)
    assert version(services) == candidate.version
    assert elsewhere.current().classifier.version == candidate.version
    assert elsewhere.current().classifier.classify(TEXT).model_version == candidate.version
    (event,) = events(services)
    assert (event.actor_id, event.data["from"], event.data["version"]) == (BY.account_id, before, candidate.version)
    assert len(event.data["data_hash"]) == len(event.data["manifest"]) == 64
    with services.read() as store:
        assert list(read_texts(store.session, STREAM, services.keyring).values()) == ["并排比较更好"]
    assert model_decisions.in_force(services).version == candidate.version
    assert not model_decisions.in_force(services).shipped


def test_a_restart_serves_the_promoted_model(services, candidate):
    promote(services, candidate)
    fresh = RuleKeeper(services.engine, services.settings, services.shipped)
    assert fresh.refresh().classifier.version == candidate.version


def test_roll_back_to_the_shipped_model_and_forth(services, candidate, elsewhere):
    before = version(services)
    promote(services, candidate)
    promoting.roll_back(services, "", "错得更多", BY)
    assert version(services) == elsewhere.current().classifier.version == before
    promoting.roll_back(services, candidate.version, "其实更好", BY)
    assert elsewhere.current().classifier.version == candidate.version
    assert [event.data["what"] for event in events(services)] == [
        "model_promoted",
        "model_rolled_back",
        "model_rolled_back",
    ]


def test_promoting_removes_nothing_and_needs_no_candidate_later(services, candidate, elsewhere):
    promote(services, candidate)
    shutil.rmtree(candidate.folder)
    assert elsewhere.refresh().classifier.version == candidate.version


@pytest.mark.parametrize("name", ["category.npz", "setting.npz", "vocabulary.json"])
def test_a_tampered_candidate_is_refused(services, candidate, spoil, name):
    before = version(services)
    spoil(candidate.folder / name)
    with pytest.raises(ModelError):
        promote(services, candidate)
    assert version(services) == before
    assert events(services) == ()
    assert not (services.settings.models / candidate.version).exists()


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (lambda s, v: promoting.promote(s, "0" * 12, "理由", BY), NotFoundError),
        (lambda s, v: promoting.promote(s, "../candidate", "理由", BY), NotFoundError),
        (lambda s, v: promoting.promote(s, v, "  ", BY), InvalidInputError),
        (lambda s, v: promoting.promote(s, v, "长" * 301, BY), InvalidInputError),
        (lambda s, v: promoting.roll_back(s, v, "理由", BY), NotFoundError),
        (lambda s, v: promoting.roll_back(s, "", "理由", BY), InvalidInputError),
    ],
)
def test_what_may_not_be_done_changes_nothing(services, candidate, work, error):
    before = version(services)
    with pytest.raises(error):
        work(services, candidate.version)
    assert (version(services), events(services)) == (before, ())


def test_the_same_version_is_not_promoted_twice(services, candidate):
    promote(services, candidate)
    with pytest.raises(InvalidInputError, match="正在使用"):
        promote(services, candidate)
    with pytest.raises(InvalidInputError):
        promoting.roll_back(services, candidate.version, "理由", BY)


@pytest.mark.parametrize("name", ["category.npz", "manifest.json", ""])
def test_a_promoted_folder_that_is_not_whole_is_not_served(services, candidate, elsewhere, spoil, name):
    before = version(services)
    promote(services, candidate)
    folder = services.settings.models / candidate.version
    if name:
        spoil(folder / name)
    else:
        shutil.rmtree(folder)
    book = elsewhere.refresh()
    assert book.classifier.version == before
    assert book.classifier.classify(TEXT).category
    assert candidate.version in elsewhere.model_problem
    fresh = RuleKeeper(services.engine, services.settings, services.shipped)
    assert fresh.refresh().classifier.version == before
    services.refresh_rules()
    assert model_decisions.in_force(services).shipped
    with pytest.raises(HotlineError):
        promoting.roll_back(services, "f" * 12, "理由", BY)
    promoting.roll_back(services, "", "目录坏了", BY)
    assert services.model_problem == ""


def test_a_promoted_folder_that_is_put_back_serves_again(services, candidate, elsewhere, tmp_path):
    promote(services, candidate)
    elsewhere.refresh()
    folder = services.settings.models / candidate.version
    folder.rename(tmp_path / "away")
    assert elsewhere.refresh().classifier.version != candidate.version
    (tmp_path / "away").rename(folder)
    assert elsewhere.refresh().classifier.version == candidate.version
    assert elsewhere.model_problem == ""


def set_threshold(services, value=1.0, **more):
    given = {"version": version(services), "facet": "category", "code": "copyright", "reason": "错得多"}
    thresholding.set_threshold(services, value=value, by=BY, **(given | more))


def test_a_threshold_is_applied_everywhere_and_taken_back(services, elsewhere):
    book = elsewhere.current()
    found = book.classifier.classify(TEXT)
    trained = book.classifier.model.category.thresholds
    set_threshold(services, 1.0, code=found.category)
    assert elsewhere.current().classifier.classify(TEXT).needs_review
    set_threshold(services, 0.0, code=found.category)
    assert not elsewhere.current().classifier.classify(TEXT).needs_review
    thresholding.revert_threshold(
        services, version=version(services), facet="category", code=found.category, reason="恢复", by=BY
    )
    assert elsewhere.current().classifier.model.category.thresholds == trained
    with pytest.raises(NotFoundError):
        thresholding.revert_threshold(
            services, version=version(services), facet="category", code=found.category, reason="恢复", by=BY
        )


def test_a_target_sets_every_class_that_was_not_set_itself(services, elsewhere):
    set_threshold(services, 0.9, code="drug")
    thresholding.set_target(services, version=version(services), facet="category", target=0.9, reason="少转人工", by=BY)
    facet = elsewhere.current().classifier.model.category
    values = dict(zip(facet.labels, facet.thresholds, strict=True))
    assert values.pop("drug") == 0.9
    assert len(set(values.values())) == 1
    assert events(services)[-1].data["target"] == 0.9


def test_a_threshold_belongs_to_its_version(services, candidate, elsewhere):
    first = version(services)
    set_threshold(services, 1.0)
    promote(services, candidate)
    facet = elsewhere.current().classifier.model.category
    assert facet.thresholds[facet.labels.index("copyright")] < 1.0
    with pytest.raises(ConflictError, match="换了版本"):
        set_threshold(services, 0.5, version=first)
    promoting.roll_back(services, "", "比较", BY)
    facet = elsewhere.current().classifier.model.category
    assert facet.thresholds[facet.labels.index("copyright")] == 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"facet": "colour"},
        {"code": "nothing"},
        {"value": 1.2},
        {"value": -1.0},
        {"value": float("nan")},
        {"reason": ""},
    ],
)
def test_an_unusable_threshold_is_refused(services, wrong):
    with pytest.raises(InvalidInputError):
        set_threshold(services, **wrong)
    assert events(services) == ()


@pytest.mark.parametrize(("facet", "target"), [("category", 0.1), ("category", 1.0), ("colour", 0.9)])
def test_an_unusable_target_is_refused(services, facet, target):
    with pytest.raises(InvalidInputError):
        thresholding.set_target(services, version=version(services), facet=facet, target=target, reason="试", by=BY)


def test_the_chain_holds_with_the_models_stream(services, candidate):
    promote(services, candidate)
    set_threshold(services, 0.5)
    promoting.roll_back(services, "", "理由里有电话13900001234", BY)
    result = verify(services.engine, services.keyring, services.settings.seals)
    assert (result["ok"], result["broken"]) == (True, [])
    with services.read() as store:
        assert "13900001234" not in str(read_texts(store.session, STREAM, services.keyring))
