"""What stands around the review: slips in its files, the awaited trials, other reviews."""

from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from livingreview.data.surroundings import load_ongoing, load_reviews
from livingreview.data.versions import load_versions
from livingreview.pages import context
from livingreview.pages.context import ongoing_table, registered_table, reviews_table

ONGOING = """\
- id: NCT1
  planned_patients: 110
  treatment: compared with sham
  compared_with: [sham]
  condition: back pain
  status: recruiting
  status_as_of: "2026-01-28"
  sponsor: null
  start: "2026-02"
  end: "2027-03-31"
  same_question: yes
  published_as: null
  note: null
- id: NCT2
  planned_patients: null
  treatment: one arm
  compared_with: []
  condition: headache
  status: null
  status_as_of: null
  sponsor: A hospital
  start: null
  end: "2026-06"
  same_question: yes
  published_as: null
  note: No result was found.
- id: NCT3
  planned_patients: 20
  treatment: compared with sham
  compared_with: [sham]
  condition: knee pain
  status: completed
  status_as_of: null
  sponsor: null
  start: null
  end: null
  same_question: yes
  published_as: lee-2026
  note: null
- id: NCT4
  planned_patients: 12
  treatment: before an operation
  compared_with: []
  condition: pain after an operation
  status: recruiting
  status_as_of: null
  sponsor: null
  start: null
  end: null
  same_question: no
  published_as: null
  note: null
"""
REVIEWS = """\
- key: kim-2024
  title: A review
  first_author: Kim AB
  year: 2024
  journal: A journal
  doi: 10.1234/abc
  pmid: null
  read_as: abstract
  scope: back pain
  searched_to: 2024-01
  studies: 10
  patients: 1425
  trials: null
  finding: Less pain.
  same_question: in part
  caution: Mostly uncontrolled.
  pooled:
    - {months: 6, measure: pain, scale: standardised mean difference, contrast: before and after,
       estimate: 2.4, ci_low: 1.0, ci_high: 3.8, i2_percent: 86, p_value: "<0.001"}
"""
ONGOING_SLIPS = {
    "registration twice": (
        "id: NCT2",
        "id: NCT1",
        'row 2, column id: found "NCT1"; allowed: each id once',
    ),
    "publication without study file": (
        "published_as: lee-2026",
        "published_as: lee-2027",
        'row 3, column published_as: found "lee-2027"; '
        "allowed: a study with a file data/studies/lee-2027.yml",
    ),
    "end before its start": (
        'end: "2027-03-31"',
        'end: "2026-01-31"',
        "row 1: found start 2026-02, end 2026-01-31; allowed: an end after the start",
    ),
    "unknown answer": (
        "same_question: no",
        "same_question: perhaps",
        'row 4, column same_question: found "perhaps"; '
        "allowed: 'yes', 'in part', 'unclear' or 'no'",
    ),
    "nobody planned": (
        "planned_patients: 110",
        "planned_patients: 0",
        'row 1, column planned_patients: found "0"; allowed: 1 or more',
    ),
    "unknown field": (
        "sponsor: A hospital",
        "sponsor: A hospital\n  funder: someone",
        'row 2, column funder: found "someone"; '
        "allowed: only the fields of this file's description",
    ),
    "missing field": (
        "  sponsor: A hospital\n",
        "",
        "row 2, column sponsor: found nothing; allowed: this field is required",
    ),
}
REVIEW_SLIPS = {
    "estimate outside its interval": (
        "estimate: 2.4",
        "estimate: 4.2",
        "row 1, column pooled: found 4.2 with the interval 1 to 3.8; "
        "allowed: an estimate inside its interval",
    ),
    "unknown contrast": (
        "contrast: before and after",
        "contrast: after and before",
        'row 1, column pooled.contrast: found "after and before"; '
        "allowed: 'against sham', 'against another treatment', 'before and after', "
        "'one arm, no control' or 'not stated'",
    ),
    "no scale": (
        "scale: standardised mean difference, ",
        "",
        "row 1, column pooled.scale: found nothing; allowed: this field is required",
    ),
}


@pytest.fixture
def folder(tmp_path):
    """Return a folder ``data`` with both files and one study file."""
    data = tmp_path / "data"
    (data / "studies").mkdir(parents=True)
    (data / "studies" / "lee-2026.yml").write_text("key: lee-2026\n", "utf-8")
    (data / "ongoing.yml").write_text(ONGOING, "utf-8")
    (data / "reviews.yml").write_text(REVIEWS, "utf-8")
    return data


def said(load, path):
    """Return what is wrong with a file."""
    problems = []
    load(path, problems)
    return [str(problem) for problem in problems]


def test_right_files_have_no_problem(folder):
    """Both files are read; a bare yes or no is a word."""
    assert said(load_ongoing, folder / "ongoing.yml") == []
    assert said(load_reviews, folder / "reviews.yml") == []
    trials = load_ongoing(folder / "ongoing.yml", [])
    assert [t.same_question for t in trials] == ["yes", "yes", "yes", "no"]


@pytest.mark.parametrize(("old", "new", "line"), ONGOING_SLIPS.values(), ids=list(ONGOING_SLIPS))
def test_slip_in_registered_trials(folder, edit, old, new, line):
    """One slip gives one line that says where, what was found and is allowed."""
    edit(folder / "ongoing.yml", old, new)
    assert said(load_ongoing, folder / "ongoing.yml") == [f"data/ongoing.yml: {line}"]


@pytest.mark.parametrize("date", ["2026-13-01", "28 January 2026", "2026-1"])
def test_date_that_is_none(folder, edit, date):
    """A date is a year, a month or a day, written with hyphens."""
    edit(folder / "ongoing.yml", 'status_as_of: "2026-01-28"', f'status_as_of: "{date}"')
    (line,) = said(load_ongoing, folder / "ongoing.yml")
    assert line.startswith(f'data/ongoing.yml: row 1, column status_as_of: found "{date}"')


@pytest.mark.parametrize(("old", "new", "line"), REVIEW_SLIPS.values(), ids=list(REVIEW_SLIPS))
def test_slip_in_other_reviews(folder, edit, old, new, line):
    """One slip gives one line that says where, what was found and is allowed."""
    edit(folder / "reviews.yml", old, new)
    assert said(load_reviews, folder / "reviews.yml") == [f"data/reviews.yml: {line}"]


def test_review_twice(folder):
    """Each review stands once."""
    (folder / "reviews.yml").write_text(REVIEWS + REVIEWS, "utf-8")
    assert said(load_reviews, folder / "reviews.yml") == [
        'data/reviews.yml: row 2, column key: found "kim-2024"; allowed: each key once'
    ]


@pytest.fixture
def around(folder, monkeypatch):
    """Return what the tables ask of a review: its own studies and one sham-controlled result."""
    studies = pd.DataFrame(
        {"key": ["lee-2026", "ray-2021"], "patients": [1000, 50], "randomised": [True, False]}
    )
    outcome = {
        "key": "lee-2026",
        "kind": "between-group difference",
        "measure": "NRS",
        "months": 6.0,
        "estimate": -0.5,
        "ci_low": -1.2,
        "ci_high": 0.3,
        "scale": "points",
        "arm_words": "treatment vs sham",
        "direction": "no difference",
        "primary_endpoint": True,
        "note": "a fall is negative",
    }
    silent = outcome | {"estimate": None, "arm_words": "treatment vs steroid"}
    version = SimpleNamespace(searched_through="2025-03-31")
    source = SimpleNamespace(
        ongoing=load_ongoing(folder / "ongoing.yml", []),
        reviews=load_reviews(folder / "reviews.yml", []),
        versions=SimpleNamespace(present=version),
        references={},
        studies={},
        protocol=SimpleNamespace(question="How much relief?\n"),
    )
    outcomes = pd.DataFrame([outcome, silent])
    evidence = SimpleNamespace(studies=studies, outcomes=outcomes)
    like = {"measure_class": context.PAIN, "part": None, "computed": False}
    found = pd.DataFrame([like] * len(outcomes), outcomes.index)
    monkeypatch.setattr(context, "contrasts", lambda edition: found)
    return SimpleNamespace(source=source, living=evidence)


def rows_of(html, number=0):
    """Return the rows of a table as lists of texts."""
    table = BeautifulSoup(html, "html.parser").select("table")[number]
    return [[cell.text for cell in row.select("th, td")] for row in table.select("tbody tr")]


def test_awaited_trials_come_by_their_end(around):
    """Only trials of the question without a result are awaited; what is not known is said."""
    shown = ongoing_table(around)
    rows = rows_of(shown.html)
    assert [row[0] for row in rows] == ["NCT2", "NCT1"]
    assert rows[0][2] == "not stated"
    assert rows[1][2:4] == ["110", "2027-03-31"]
    assert rows[1][5:7] == ["recruiting", "2026-01-28"]
    assert "2 registered trials" in shown.text
    assert "1 state their size, 110 patients in all" in shown.text


def test_trials_that_are_not_awaited_say_why(around):
    """A published trial links to its study; another question is named as such."""
    rows = rows_of(registered_table(around).html)
    assert [(row[0], row[-1]) for row in rows] == [
        ("NCT3", "published: lee-2026"),
        ("NCT4", "another question"),
    ]


def test_other_reviews_stand_beside_ours(around):
    """The first row is this review, computed; a caution stands with each of the others."""
    ours, other = rows_of(reviews_table(around).html)
    assert ours[:5] == ["This review", "2", "1,050", "1", "2025-03-31"]
    assert ours[7] == "How much relief?"
    assert other[:5] == ["Kim 2024", "10", "1,425", "not stated", "2024-01"]
    assert other[6] == "Mostly uncontrolled."


def test_every_number_says_its_scale_and_contrast(around):
    """A size of before and after and a difference from sham are told apart in each row."""
    shown = reviews_table(around)
    pooled, own = rows_of(shown.html, 1)
    assert pooled == [
        "Kim 2024 (pooled)",
        "pain",
        "6 months",
        "2.4",
        "1 to 3.8",
        "standardised mean difference",
        "before and after",
        "Mostly uncontrolled.",
        "86%",
    ]
    minus = "\N{MINUS SIGN}"
    assert own == [
        "lee-2026",
        "NRS",
        "6 months",
        f"{minus}0.5",
        f"{minus}1.2 to 0.3",
        "points",
        "treatment vs sham",
        "no difference; primary endpoint; a fall is negative",
        "one study",
    ]
    assert "no difference from sham" in shown.text


def test_projects_own_files_are_read(root):
    """The project's trials and reviews have no problem; each pooled number has its caution."""
    assert said(load_ongoing, root / "data" / "ongoing.yml") == []
    assert said(load_reviews, root / "data" / "reviews.yml") == []
    assert said(load_versions, root / "data" / "versions.yml") == []
    for review in load_reviews(root / "data" / "reviews.yml", []):
        assert review.caution or not review.pooled
