"""Every chapter as built, and with other rules and data: its text follows them, and only them."""

from pathlib import Path
from typing import Any

import pytest
from jupyter_cache import get_cache

from livingreview import book, open_review
from livingreview.review import Review
from livingreview.site.cache import cache_folder, chapters
from livingreview.site.notebooks import (
    THRESHOLDS,
    Executed,
    altered,
    execute,
    lower_first_percentage,
    outputs,
    read,
    text_of,
)

Run = dict[str, Any]

pytestmark = pytest.mark.book


def notebooks(results: list[Executed]) -> Run:
    """Return the executed notebooks by chapter; each must have run to its end."""
    assert [(r.chapter, r.error) for r in results if r.error] == []
    return {result.chapter: read(result.notebook) for result in results}


@pytest.fixture(scope="module")
def protocol(root: Path) -> Run:
    """Return all chapters as the build executed them, which is as the protocol says."""
    cache, found = get_cache(cache_folder(root)), {}
    for path in chapters(root):
        written = book.notebook(path.read_text("utf-8"))
        _, found[path.relative_to(root).as_posix()] = cache.merge_match_into_notebook(written)
    return found


@pytest.fixture(scope="module")
def thresholds(root: Path) -> Run:
    """Return all chapters executed with other thresholds."""
    return notebooks(execute(root, THRESHOLDS))


@pytest.fixture(scope="module")
def other_data(root: Path) -> tuple[Run, Review]:
    """Return all chapters executed on altered data, and a review of these data."""
    run = altered(root, lower_first_percentage)
    return notebooks(execute(root, run)), open_review(str(run.parameters["data_dir"]))


def assert_moved_as_computed(before: Run, after: Run, old: Review, new: Review) -> set[str]:
    """Compare each number in each chapter with the fact asked directly; return what moved."""
    moved = set()
    for chapter, notebook in after.items():
        for name, text in outputs(notebook).items():
            assert text == new.fact(name).value.text, f"{chapter}: {name}"
            if text != outputs(before[chapter])[name]:
                moved.add(name)
    published = {name for notebook in after.values() for name in outputs(notebook)}
    assert moved == {n for n in published if old.fact(n).value.text != new.fact(n).value.text}
    return moved


def test_other_data_move_the_facts_that_depend_on_them(
    protocol: Run, other_data: tuple[Run, Review], review: Review
) -> None:
    """One altered responder rate moves its own fact, and what the printings print otherwise."""
    altered_run, altered_review = other_data
    moved = assert_moved_as_computed(protocol, altered_run, review, altered_review)
    assert moved == {
        "responders(key=radnovich-2017)",
        "printed_otherwise(part=table 1, kind=value)",
    }


def test_other_data_leave_other_chapters_alone(
    protocol: Run, other_data: tuple[Run, Review]
) -> None:
    """The text of a chapter that does not use the altered cell stays the same."""
    changed = {name for name in protocol if text_of(protocol[name]) != text_of(other_data[0][name])}
    uses = {"index.md", "chapters/outcomes.md", "chapters/studies.md", "chapters/audit.md"}
    assert changed == uses | {
        "chapters/cards.md",
        "chapters/explorer.md",
        "chapters/knee-pain.md",  # what the source review says of it
        "chapters/peer-review.md",
    }


def test_other_thresholds_move_the_long_term(
    protocol: Run, thresholds: Run, review: Review, root: Path
) -> None:
    """Three months and 30% change what qualifies; counts of studies stay."""
    new = open_review(root / "data", 3, 30)
    moved = assert_moved_as_computed(protocol, thresholds, review, new)
    assert {"qualifying_studies", "positive_by_rule", "rule_months"} <= moved
    assert not any(name.startswith(("studies", "patients", "stated")) for name in moved)


def test_other_thresholds_are_shown(thresholds: Run) -> None:
    """The page says which limits were used beside those of the review."""
    text = text_of(thresholds["chapters/six-months.md"])
    assert "3 months or more" in text
    assert "> 30% of baseline pain" in text
