"""Screening: what was decided on each study that the source review does not have.

The decision stands in the study's own file, ``data/studies/<key>.yml``, as the block
``screening``; a study of the source review's list has none.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from livingreview.data.protocol import Declared

if TYPE_CHECKING:
    from livingreview.data.study import StudyFile


Decision = Literal["included", "excluded", "awaiting full text"]


FoundBy = Literal["databases and registers", "other methods", "not recorded"]


MISSED: Literal["missed by the review"] = "missed by the review"
LATER: Literal["published after the review"] = "published after the review"
WhyNew = Literal["missed by the review", "published after the review"]


DECISIONS: tuple[Decision, ...] = ("included", "excluded", "awaiting full text")


class Screened(Declared):
    """What was decided on a study that was considered, in our own words."""

    decision: Decision = Field(description="Only an included study counts as evidence")
    reason: str = Field(min_length=1, description="Why, in one sentence")
    found_by: FoundBy = Field(description="How the study was found")
    why_new: WhyNew | None = Field(
        None,
        description="Why the source review does not have it, where no date of publication says so",
    )


class Candidate(Declared):
    """One study that was considered, and why the source review does not have it."""

    key: str
    decision: Decision
    reason: str
    found_by: FoundBy
    why_new: WhyNew | Literal["missed or later: not known"]


def candidates(studies: dict[str, StudyFile], searched_through: date) -> tuple[Candidate, ...]:
    """Return every candidate, in the order of the studies.

    ``searched_through`` is the last day that the source review searched.
    """
    return tuple(
        Candidate(
            key=key,
            decision=decided.decision,
            reason=decided.reason,
            found_by=decided.found_by,
            why_new=by_date(study, searched_through)
            or decided.why_new
            or "missed or later: not known",
        )
        for key, study in studies.items()
        if (decided := study.screening) is not None
    )


def by_date(study: StudyFile, searched_through: date) -> WhyNew | None:
    """Return why a study is new, by its date of publication; None where that does not tell."""
    year = study.year if isinstance(study.year, int) else None
    published = str(study.published_on or year or "")
    last = searched_through.isoformat()[: len(published)]
    if published == last:  # a month or a year says only that it may be either
        return MISSED if len(published) == len("2025-03-31") else None
    return MISSED if published < last else LATER


def misplaced(study: StudyFile) -> tuple[str, str] | None:
    """Return what is wrong with where a study's decision stands, found and allowed; or None."""
    if study.ref is not None and study.screening is not None:
        found = f"a decision on number {study.ref} of the source review's list"
        return found, "none: it is not a new study; take the block screening out"
    if study.ref is None and study.screening is None:
        fields = ", ".join(Screened.model_fields)
        return "nothing", f"a decision ({fields}), or the number in the source review's list (ref)"
    return None
