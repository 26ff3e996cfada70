"""Screening: every candidate study with its decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.problems import Problem, quoted

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

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Key of the study's file")


class CandidateList(Declared):
    """The file ``data/screening.yml``."""

    candidates: tuple[Candidate, ...]


def load_screening(path: Path, problems: list[Problem]) -> tuple[Candidate, ...] | None:
    """Return the listed candidates in the order of the file; None where it cannot be read.

    Each key stands once and has its file ``studies/<key>.yml`` beside the screening file.
    """
    listed = read_yaml(path, CandidateList, problems, wrap="candidates")
    if listed is None:
        return None
    seen: set[str] = set()
    for number, candidate in enumerate(listed.candidates, start=1):
        if candidate.key in seen:
            allowed = "each candidate once"
            problems.append(
                Problem(name_of(path), str(number), "key", quoted(candidate.key), allowed)
            )
        elif not (path.parent / "studies" / f"{candidate.key}.yml").is_file():
            allowed = f"a study with a file data/studies/{candidate.key}.yml"
            problems.append(
                Problem(name_of(path), str(number), "key", quoted(candidate.key), allowed)
            )
        seen.add(candidate.key)
    return listed.candidates


def candidates(
    listed: tuple[Candidate, ...] | None, studies: dict[str, StudyFile], problems: list[Problem]
) -> tuple[Candidate, ...]:
    """Return every candidate: those listed, then the studies whose file holds the decision.

    Each study that is not the source review's own is decided in one of the two places.
    """
    if listed is None:  # said where it was read
        return ()
    found = list(listed)
    in_list = {candidate.key for candidate in listed}
    for key, study in studies.items():
        if wrong := _misplaced(study, in_list):
            problems.append(Problem(f"data/studies/{key}.yml", "screening", None, *wrong))
        elif study.screening is not None:
            found.append(Candidate(key=key, **study.screening.model_dump()))
    return tuple(found)


def _misplaced(study: StudyFile, in_list: set[str]) -> tuple[str, str] | None:
    """Return what is wrong with the place of a study's decision: found, allowed."""
    if study.ref is not None and study.screening is not None:
        found = f"a decision on number {study.ref} of the source review's list"
        return found, "none: it is not a new study; take the block screening out"
    if study.key in in_list and study.screening is not None:
        return "a decision that data/screening.yml holds too", "one of the two; take this one out"
    if study.key not in in_list and study.screening is None and study.ref is None:
        fields = ", ".join(Screened.model_fields)
        return "nothing", f"a decision ({fields}), as data/screening.yml does not hold it either"
    return None
