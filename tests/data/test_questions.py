"""Questions: every study of the living edition under exactly one."""

import shutil

import pytest
import yaml

from livingreview.contribute.check import check
from livingreview.problems import InvalidData
from project import ROOT

BOOK = ("references.bib", "CITATION.cff")


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the data with what is checked beside it."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for name in BOOK:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path / "data"


def changed(folder, change):
    """Write the questions as a function changes them, and return what the check says."""
    path = folder / "questions.yml"
    listed = yaml.safe_load(path.read_text("utf-8"))
    key = next(iter(listed["questions"][0]["studies"]))
    change(listed["questions"], key)
    path.write_text(yaml.safe_dump(listed, sort_keys=False), "utf-8")
    with pytest.raises(InvalidData) as caught:
        check(folder)
    return key, str(caught.value)


def test_each_study_has_one_question(review):
    """The studies of the living edition are those under the questions, each once."""
    listed = [key for question in review.source.questions for key in question.studies]
    assert sorted(listed) == sorted(review.living.studies["key"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda asked, key: asked[0]["studies"].pop(key), "under no question"),
        (lambda asked, key: asked[1]["studies"].update({key: "again"}), "allowed: one question"),
        (lambda asked, key: asked[0]["studies"].update({"zzz-1": "?"}), "a key of references.bib"),
        (lambda asked, key: asked[1].update(id=asked[0]["id"]), "each id once"),
        (lambda asked, key: asked[0].update(colour="blue"), "colour"),
    ],
)
def test_what_is_wrong_is_named(folder, change, said):
    """A study missing, twice or unknown, an id twice, an unknown field: file, found, allowed."""
    key, message = changed(folder, change)
    assert "data/questions.yml" in message
    assert said in message
    if said in ("under no question", "allowed: one question"):
        assert key in message
