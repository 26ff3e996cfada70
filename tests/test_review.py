from collections.abc import Callable
from pathlib import Path

import pytest

from livingreview import open_review
from livingreview.data.versions import AS_OF


def test_the_same_files_are_read_once(data_copy: Path) -> None:
    """Opened again, in whatever edition, a review has all that it answered before."""
    opened = open_review(data_copy / "data")
    fact = opened.fact("studies")
    assert open_review(data_copy / "chapters" / ".." / "data").fact("studies") is fact
    assert open_review(data_copy / "data", edition="living").printed.fact("studies") is fact


def test_changed_files_are_read_again(
    data_copy: Path, edit: Callable[[Path, str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value, a reference, a limit or another day gives another review."""
    data = data_copy / "data"
    opened = [open_review(data)]
    edit(data / "source" / "preprint" / "table1.csv", "87.5%", "71.5%")
    opened.append(open_review(data))
    edit(data_copy / "references.bib", "year = {2017}", "year = {2016}")
    opened.append(open_review(data))
    opened.append(open_review(data, minimum_followup_months=3))
    monkeypatch.setenv(AS_OF, "2030-01-01")
    opened.append(open_review(data))
    assert len({id(review) for review in opened}) == len(opened)
    percents = [review.outcomes["percent"] for review in opened[:2]]
    assert not percents[0].equals(percents[1])


def test_editions_know_each_other(data_copy: Path) -> None:
    """An edition that one edition computed, another does not compute again."""
    living = open_review(data_copy / "data", edition="living")
    checked = living.printed.in_edition("checked")
    assert living.in_edition("checked") is checked
    assert checked.printed.living is living
