"""Adding a study: an invented trial, cohort, case report and candidate break nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import invented
from livingreview.contribute.check import check, without_version
from livingreview.review import Review
from project import REPOSITORY

# Tests of the review under test that are quick, and of every kind that counts studies.
CHOSEN = (
    "tests/data/test_study.py",
    "tests/data/test_screening.py",
    "tests/facts/test_read.py",
    "tests/pages/test_explorer.py",
    "tests/pages/test_cards.py",
    "-k",
    "not changed_cell",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the review with the invented studies and a version that brings them."""
    copied = invented.copy_of_review(tmp_path_factory.mktemp("added") / "review")
    invented.add_to(copied)
    return copied


@pytest.fixture(scope="module")
def added(folder: Path) -> Review:
    """Return the living edition of that copy, which has no problem."""
    review = check(folder / "data")
    assert without_version(review) == []
    return review.living


def test_the_studies_that_count_are_there(added: Review, review: Review) -> None:
    """The included ones stand in the tables, the one that awaits its full text does not."""
    assert set(added.studies["key"]) - set(review.living.studies["key"]) == {"aaa", "bbb", "ccc"}
    decisions = {candidate.key: candidate.decision for candidate in added.source.screening}
    assert decisions["ddd"] == "awaiting full text"


def test_what_is_not_known_of_a_study_stays_unknown(added: Review, review: Review) -> None:
    """No comparator that was read is no "none", no number of patients is no number."""
    row = added.studies.set_index("key").loc["bbb"]
    assert row["comparators"] is None
    assert pd.isna(row["patients"])
    assert pd.isna(row["year"])
    assert row["guidance"] == ("not read",)
    assert row["followup_status"] == "not stated"
    for name, more in (("studies", 3), ("patients", 99)):
        assert added.value(name) == review.living.value(name) + more, name
    # Of the added studies one says that it has no comparator, and of one nobody knows.
    before, after = review.living.value("uncontrolled_studies"), added.value("uncontrolled_studies")
    assert (after.least, after.most) == (before.least + 1, before.most + 2)


def test_no_test_turns_red(folder: Path) -> None:
    """The tests that ask the review pass on the copy, which is another review to them."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *CHOSEN],
        cwd=REPOSITORY,
        env=os.environ | {"REVIEW_ROOT": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
