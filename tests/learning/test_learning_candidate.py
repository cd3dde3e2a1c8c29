"""A candidate learns masked texts only, serves nobody, and is compared on what neither model has learnt."""

import json
from datetime import UTC, datetime

import pytest

from hotline.errors import ModelError, NotFoundError, UnusableFileError
from hotline.learning import candidate as candidates
from hotline.learning import folders
from hotline.learning.side_by_side import judged, side_by_side
from hotline.routing.classifier import load_classifier
from hotline.routing.corpus import read_folder
from hotline.routing.taxonomy import load_taxonomy
from hotline.store.labelled import Labelled
from hotline.store.model_figures import RecentText

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


def labelled(number, text="网店上的盗版词典", category="copyright", **more):
    values = {"setting": "online", "channel": "12315", "kind": "dispute", "at": AT, "agrees": False}
    return Labelled(f"case-{number}", f"N{number}", text, category, **(values | more))


def test_a_fifth_of_the_cases_is_held_out_for_good():
    kept = [candidates.held_out(f"case-{number}") for number in range(2000)]
    assert 0.17 < sum(kept) / len(kept) < 0.23
    assert kept == [candidates.held_out(f"case-{number}") for number in range(2000)]


def test_examples_are_of_the_hand_desk_and_known_codes_only():
    rows = [labelled(1), labelled(2, category="no-longer-there"), labelled(3, text="  ")]
    (only,) = candidates.examples_of(rows)
    assert (only.id, only.hand, only.category, only.setting) == ("desk-N1", "desk", "copyright", "online")


def test_the_candidate_lies_beside_and_says_what_it_learnt(services, candidate, decided):
    models = services.settings.models
    assert candidate.folder == models / f"candidate-{candidate.version}"
    assert candidate.learnt + candidate.held_out == len(decided)
    manifest = json.loads((candidate.folder / "manifest.json").read_text("utf-8"))
    assert manifest["desk"]["learnt"] == candidate.learnt
    assert "desk" in manifest["hands"]
    assert 0 < manifest["unknown_token_share"] < 1
    assert manifest["curves"]["category"]["all"][0]["n"] == manifest["documents"]
    assert set(manifest["curves"]) == {"category", "setting"}
    assert services.rulebook.classifier.version != candidate.version
    assert folders.candidates(models)[0]["version"] == candidate.version
    assert folders.read_report(candidate.folder) == candidate.report
    assert set(candidate.report) == {"versions", "held_out"}, "the sealed part decides nothing"
    assert [path.name for path in models.iterdir()] == [candidate.folder.name], "nothing half-made is left"


def test_no_number_of_a_caller_enters_the_vocabulary(candidate):
    counts = json.loads((candidate.folder / "vocabulary.json").read_text("utf-8"))
    terms = [*counts["words"], *counts["grams"]]
    assert "词典" in counts["words"], "the desk's texts were learnt"
    assert not [term for term in terms if sum(map(str.isdigit, term)) >= 5]


def test_the_same_decisions_give_the_same_candidate(services, candidate, corpus, tmp_path):
    from hotline.store.labelled import labelled as read  # noqa: PLC0415 - the name is taken above.

    with services.read() as store:
        rows = read(store.session)
    again = candidates.build(
        rows, corpus=corpus, models=tmp_path, serving=services.rulebook.classifier, out=tmp_path / "here"
    )
    assert (again.version, again.folder) == (candidate.version, tmp_path / "here")
    for path in candidate.folder.iterdir():
        assert path.read_bytes() == (again.folder / path.name).read_bytes(), path.name


@pytest.mark.parametrize("rows", [(), (labelled(1, category="no-longer-there"),)])
def test_nothing_to_learn_is_said(services, corpus, tmp_path, rows):
    with pytest.raises(UnusableFileError, match="人工判定"):
        candidates.build(rows, corpus=corpus, models=tmp_path / "m", serving=services.rulebook.classifier)
    assert not (tmp_path / "m").exists()


def test_a_folder_with_files_is_not_written_to(services, corpus, tmp_path):
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    rows = [labelled(number) for number in range(5)]
    with pytest.raises(UnusableFileError, match="不是空的"):
        candidates.build(rows, corpus=corpus, models=tmp_path, serving=services.rulebook.classifier, out=tmp_path)


def test_a_broken_corpus_leaves_nothing_behind(services, tmp_path):
    (tmp_path / "corpus" / "texts").mkdir(parents=True)
    rows = [labelled(number) for number in range(5)]
    with pytest.raises(UnusableFileError):
        candidates.build(rows, corpus=tmp_path / "corpus", models=tmp_path / "m", serving=services.rulebook.classifier)
    assert list((tmp_path / "m").iterdir()) == []


def recent(number, text, decided=None):
    return RecentText(f"case-{number}", f"N{number}", text, decided, None, None)


def test_side_by_side_names_the_cases_that_change(shipped, candidate):
    old, new = load_classifier(shipped), load_classifier(candidate.folder)
    texts = [recent(1, "网店上买的盗版词典第3册"), recent(2, "路灯不亮，请尽快处理", "other"), recent(3, "")]
    found = side_by_side(old, new, texts)
    json.dumps(found)
    assert found["versions"] == {"old": old.version, "new": new.version}
    assert found["cases"] == 3
    assert sum(row["old"] for row in found["counts"].values()) == 3
    for change in found["changes"]:
        assert any(change[name][0] != change[name][1] for name in ("category", "setting", "needs_review"))
    assert "词典" not in json.dumps(found, ensure_ascii=False), "no text of a caller"
    assert side_by_side(old, old, texts)["changes"] == []
    assert side_by_side(old, new, [])["cases"] == 0


def test_both_are_judged_on_the_same_texts(shipped, candidate, corpus):
    old, new = load_classifier(shipped), load_classifier(candidate.folder)
    examples = read_folder(corpus / "test", load_taxonomy())
    found = judged(old, new, examples)
    right = sum(old.classify(row.text).category == row.category for row in examples)
    assert found["old"]["accuracy"] == pytest.approx(right / len(examples), abs=1e-4)
    assert {"old", "new"} == set(found["classes"]["copyright"])
    assert judged(old, new, ())["texts"] == 0


def test_a_folder_is_checked_whole(candidate, tmp_path, spoil, copy_tree):
    good = folders.check(candidate.folder, version=candidate.version)
    assert good.manifest["version"] == candidate.version
    with pytest.raises(ModelError):
        folders.check(candidate.folder, version="0" * 12)
    with pytest.raises(ModelError):
        folders.check(candidate.folder, digest="0" * 64)
    for name in ("category.npz", "setting.npz", "vocabulary.json", "manifest.json"):
        folder = copy_tree(candidate.folder, tmp_path / name)
        (folder / name).unlink()
        with pytest.raises(ModelError):
            folders.check(folder)
    folder = copy_tree(candidate.folder, tmp_path / "version")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8")) | {"version": "a" * 12}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ModelError, match="说明不符"):
        folders.check(folder)


def test_installing_copies_what_was_checked(candidate, tmp_path, spoil):
    checked = folders.check(candidate.folder)
    models = tmp_path / "models"
    models.mkdir()
    made = folders.install(checked, models)
    assert made.folder == models / candidate.version
    assert made.digest == checked.digest
    spoil(made.folder / "category.npz")
    assert folders.install(checked, models).digest == checked.digest, "a damaged copy is replaced"
    spoil(candidate.folder / "category.npz")
    with pytest.raises(ModelError):
        folders.check(candidate.folder)
    assert [path.name for path in models.iterdir()] == [candidate.version]


@pytest.mark.parametrize("version", ["", "..", "../x", "0" * 12, "candidate"])
def test_an_unknown_candidate_is_not_found(tmp_path, version):
    with pytest.raises(NotFoundError):
        folders.candidate_folder(tmp_path, version)


def test_unreadable_candidates_are_left_out_of_the_list(tmp_path, candidate, copy_tree):
    assert folders.candidates(tmp_path / "nothing") == ()
    copy_tree(candidate.folder, tmp_path / "candidate-ffffffffffff")
    (tmp_path / "candidate-000000000000").mkdir()
    assert folders.candidates(tmp_path) == (), "one names another version, one is empty"
    assert folders.read_report(tmp_path) == {}
