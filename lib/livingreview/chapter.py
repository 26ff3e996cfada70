"""What a chapter does first: open the review, publish the facts of its prose, guard its words."""

from __future__ import annotations

import os
from pathlib import Path

from livingreview.book import Chapter, facts_named
from livingreview.review import Review, open_review

REPORT_ONLY = "report"
GUARD_MODE = "LIVING_REVIEW_GUARDS"


class GuardFailed(AssertionError):
    """Words of a chapter that the evidence no longer bears."""


def open_chapter(
    name: str,
    data_dir: Path | str | None = None,
    minimum_followup_months: float | None = None,
    relief_threshold_percent: float | None = None,
) -> Review:
    """Return the review as printed, once the prose of a chapter has its facts and holds.

    ``name`` is the chapter's file without its ending; what else is given goes to ``open_review``.
    Raises ``UnknownFact`` for a name in the prose that no fact has, and ``GuardFailed`` with all
    guarded words that the evidence makes false.
    """
    review = open_review(data_dir, minimum_followup_months, relief_threshold_percent)
    chapter = Chapter(name, _file_of(name).read_text(encoding="utf-8"))
    publish(review, *facts_named([chapter]))
    guard(review, chapter)
    return review


def _file_of(name: str) -> Path:
    """Return the file of a chapter; a notebook runs in its folder, or in the book's."""
    folders = (Path(), Path("chapters"), Path("..", "chapters"), Path(".."))
    paths = [folder / f"{name}.md" for folder in folders]
    found = next(filter(Path.is_file, paths), None)
    if found is None:
        raise FileNotFoundError(f"no {name}.md here, in chapters or beside: run it in its folder")
    return found


def publish(review: Review, *names: str) -> None:
    """Make facts available to the prose of this chapter as ``{glue}`name```.

    Raises ``UnknownFact`` for a name that no fact has.
    """
    from myst_nb import glue

    for name in names:
        glue(name, review.fact(name), display=False)


def guard(review: Review, chapter: Chapter) -> None:
    """Stop the build when the evidence makes guarded words of a chapter false.

    With the environment variable ``LIVING_REVIEW_GUARDS`` set to ``report``, as in runs with other
    thresholds or altered data, the words are only printed.
    """
    failed = [
        f"The evidence no longer bears these words: {guard.words}"
        for guard in chapter.guards
        if not eval(guard.condition, {"review": review})  # noqa: S307 - code of the chapter
    ]
    if failed and os.environ.get(GUARD_MODE) != REPORT_ONLY:
        raise GuardFailed("\n".join(failed))
    for words in failed:
        print(words)
