"""Screening: what was decided on each study that the source review does not have.

The decision stands in the study's own file, ``data/studies/<key>.yml``, as the block
``screening``; a study of the source review's list has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from livingreview.data.protocol import Declared

if TYPE_CHECKING:
    from livingreview.data.study import StudyFile


Decision = Literal["included", "excluded", "awaiting full text"]


FoundBy = Literal["databases and registers", "other methods", "not recorded"]


WhyNew = Literal["missed by the review", "published after the review"]


DECISIONS: tuple[Decision, ...] = ("included", "excluded", "awaiting full text")


class Screened(Declared):
    """What was decided on a study that was considered, in our own words."""

    decision: Decision = Field(description="Only an included study counts as evidence")
    reason: str = Field(min_length=1, description="Why, in one sentence")
    found_by: FoundBy = Field(description="How the study was found")
    why_new: WhyNew = Field(description="Why the source review does not have it")


class Candidate(Screened):
    """One study that was considered."""

    key: str = Field(description="Key of the study's file")


def candidates(studies: dict[str, StudyFile]) -> tuple[Candidate, ...]:
    """Return every candidate, in the order of the studies."""
    return tuple(
        Candidate(key=key, **study.screening.model_dump())
        for key, study in studies.items()
        if study.screening is not None
    )


def misplaced(study: StudyFile) -> tuple[str, str] | None:
    """Return what is wrong with where a study's decision stands, found and allowed; or None."""
    if study.ref is not None and study.screening is not None:
        found = f"a decision on number {study.ref} of the source review's list"
        return found, "none: it is not a new study; take the block screening out"
    if study.ref is None and study.screening is None:
        fields = ", ".join(Screened.model_fields)
        return "nothing", f"a decision ({fields}), or the number in the source review's list (ref)"
    return None
