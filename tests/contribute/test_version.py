"""Cutting a version: what is written, what is refused, and that nothing old is written again."""

import shutil

import pytest
import yaml

from livingreview.book import chapters
from livingreview.contribute import version
from livingreview.contribute.check import check, without_version
from livingreview.data.versions import Version
from livingreview.history.snapshot import present_changes
from livingreview.problems import InvalidData
from livingreview.review import open_review
from project import ROOT


@pytest.fixture(scope="module")
def cut_copy(tmp_path_factory):
    """Return a copy of the project's data, without pages, whose newest version is cut."""
    folder = tmp_path_factory.mktemp("cut")
    shutil.copytree(ROOT / "data", folder / "data")
    for name in ("references.bib", "CITATION.cff", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    newest = open_review(folder / "data").source.versions.present
    if not (folder / f"data/versions/{newest.version}.json").is_file():
        version.cut(folder, newest.version, str(newest.date))
    return folder


@pytest.fixture
def book(cut_copy, tmp_path):
    """Return a copy that a test may change."""
    return shutil.copytree(cut_copy, tmp_path / "book")


def corrected(book, edit):
    """Change a count of a result of the first study file that has one; return its key."""
    for path in sorted((book / "data/studies").glob("*.yml")):
        study = yaml.safe_load(path.read_text("utf-8"))
        for outcome in study.get("outcomes", ()) if study.get("ref") else ():
            count = outcome.get("responders")
            if count and "percent" not in outcome:
                edit(path, f"  responders: {count}\n", f"  responders: {count - 1}\n")
                return study["key"]
    return pytest.fail("no study file counts responders without a percentage")


def test_a_cut_version_has_no_problem(book):
    """What was cut is what the evidence says: nothing is without a version."""
    review = check(book / "data")
    assert review.source.versions.present.kept
    assert without_version(review) == []


def test_the_evidence_of_the_project_has_its_version(review):
    """What the site says now is what its newest version says."""
    assert review.source.versions.present.version in review.source.versions.snapshots
    assert without_version(review) == []


def test_a_corrected_result_needs_a_version_and_is_its_news(book, edit):
    """A value that is another now is refused until a version has it, which then tells of it."""
    before = open_review(book / "data").source.versions.present
    key = corrected(book, edit)
    (problem,) = without_version(check(book / "data"))
    assert f"found evidence that {before.version} did not have: {key}: " in str(problem)
    assert "make version" in problem.allowed

    said = version.cut(book, "99.0.0", "2199-12-31", "A slip was found.")
    assert said == f"1 value of {key} changed."
    review = check(book / "data")
    assert without_version(review) == []
    present = review.source.versions.present
    assert (present.version, present.triggered_by) == ("99.0.0", "A slip was found.")
    assert present.searched_through == before.searched_through
    (change,) = present_changes(review, chapters(book)).values
    assert change.what == key
    assert "responders" in change.before
    assert f"## 99.0.0\n\n- {said}\n" in (book / "CHANGELOG.md").read_text("utf-8")
    assert "version: 99.0.0\n" in (book / "CITATION.cff").read_text("utf-8")
    with pytest.raises(ValueError, match=r"99\.0\.0 is cut"):
        version.cut(book, "99.0.0", "2199-12-31")


def test_bad_data_leaves_every_file_as_it_was(book, edit):
    """A version of data with a slip is not cut, and nothing of it stays."""
    newest = open_review(book / "data").source.versions.present
    study = next((book / "data/studies").glob("*.yml"))
    edit(study, "read_as: ", "read_as: perhaps ")
    names = ("data/versions.yml", "CITATION.cff", "CHANGELOG.md")
    before = [(book / name).read_bytes() for name in names]
    with pytest.raises(InvalidData, match="read_as"):
        version.cut(book, "99.0.0", "2199-12-31")
    assert [(book / name).read_bytes() for name in names] == before
    assert not (book / "data/versions/99.0.0.json").exists()
    assert newest.version != "99.0.0"


NEWEST = Version(
    version="0.2.0",
    date="2026-11-22",
    triggered_by="T",
    searched_through=None,
    search="S",
    integrated_through=None,
    next_search_due=None,
    schedule=None,
    retirement=None,
    summary="S",
)


@pytest.mark.parametrize(
    ("number", "day", "kept", "said"),
    [
        ("0.3.0", "2026-12-01", True, None),
        ("0.2.0", "2026-11-22", False, None),
        ("", "", True, 'NUMBER: found ""; allowed: three numbers, as in make version NUMBER='),
        ("0.3", "2026-12-01", True, 'NUMBER: found "0.3"; allowed: three numbers'),
        ("0.3.0", "", True, 'DATE: found ""; allowed: a day, as in make version NUMBER='),
        ("0.3.0", "2026-13-01", True, 'DATE: found "2026-13-01"; allowed: a day'),
        ("0.3.0", "2026-11-21", True, "DATE: found 2026-11-21; allowed: 2026-11-22 or later"),
        ("0.1.0", "2026-12-01", True, "NUMBER: found 0.1.0; allowed: a number above 0.2.0"),
        ("0.2.0", "2026-11-22", True, "0.2.0 is cut: what it said is in data/versions/0.2.0.json"),
        ("0.2.0", "2026-11-23", False, "DATE: found 2026-11-23; allowed: 2026-11-22, as data/"),
        ("0.3.0", "2026-12-01", False, "0.2.0 is not cut yet: make version NUMBER=0.2.0 DATE="),
    ],
)
def test_version_that_cannot_be_cut_is_refused_in_words(number, day, kept, said):
    """What cannot be is said with what can."""
    found = version.refusal(number, day, NEWEST, kept)
    assert (found or "").startswith(said or "")
    assert (found is None) == (said is None)


def test_command_ends_without_traceback(book, monkeypatch, capsys):
    """``make version`` without a number says what it needs."""
    monkeypatch.chdir(book)
    assert version.main(["", "", ""]) == 1
    assert capsys.readouterr().err.startswith("NUMBER: found")
