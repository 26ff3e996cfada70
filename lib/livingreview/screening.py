"""Screening: every candidate study with its decision, and the flow of studies computed from it.

The flow has the three columns of PRISMA 2020 for updated reviews: previous studies, new studies
from databases and registers, new studies from other methods. A number that nobody recorded is said
to be so; it is never filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from livingreview.files import name_of, read_yaml
from livingreview.problems import InvalidData, Problem, quoted
from livingreview.protocol import Declared

if TYPE_CHECKING:
    from livingreview.review import Review
    from livingreview.study_file import StudyFile

Decision = Literal["included", "excluded", "awaiting full text"]
FoundBy = Literal["databases and registers", "other methods", "not recorded"]
WhyNew = Literal["missed by the review", "published after the review"]

DECISIONS: tuple[Decision, ...] = ("included", "excluded", "awaiting full text")
NOT_RECORDED = "not recorded"
NOT_REPORTED = "not reported in the text"
NOT_SEARCHED = "not recorded: no search of databases was run"


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


@dataclass(frozen=True)
class Box:
    """One box of the flow: a number, or words where there is none, and its studies.

    With a number the words say more of it. ``reasons`` gives, per study, why it is where it is;
    ``step`` is whether the box follows from the one before rather than standing beside it.
    """

    title: str
    number: int | None
    words: str = ""
    studies: tuple[str, ...] = ()
    reasons: dict[str, str] | None = None
    step: bool = True


@dataclass(frozen=True)
class Flow:
    """The flow of studies: three columns of boxes, and the boxes in which they meet."""

    columns: dict[str, tuple[Box, ...]]
    totals: tuple[Box, ...]

    def box(self, title: str) -> Box:
        """Return a box of the totals by its title."""
        return next(box for box in self.totals if box.title == title)


PREVIOUS = "Previous studies"
DATABASES = "New studies from databases and registers"
OTHERS = "New studies from other methods"
COLUMN_OF: dict[FoundBy, str] = {
    "databases and registers": DATABASES,
    "other methods": OTHERS,
    "not recorded": OTHERS,
}
CONSIDERED = "Candidates considered"
NEW = "New studies included in this version"
ALL = "Studies in this version of the review"


def flow(review: Review) -> Flow:
    """Return the flow of studies; raise ``InvalidData`` where it does not balance."""
    previous = tuple(dict.fromkeys(map(str, review.printed.evidence.studies["key"])))
    screened: tuple[Candidate, ...] = review.source.screening
    included = tuple(c.key for c in screened if c.decision == "included")
    present = tuple(dict.fromkeys(map(str, review.living.evidence.studies["key"])))
    columns = {
        PREVIOUS: _previous_boxes(review, previous),
        DATABASES: _column(screened, DATABASES),
        OTHERS: _column(screened, OTHERS),
    }
    made = Flow(
        columns,
        (
            Box(NEW, len(included), studies=included),
            Box(ALL, len(previous) + len(included), studies=(*previous, *included)),
        ),
    )
    if wrong := imbalances(made, screened, previous, present):
        file = review.source.file("screening.yml")
        raise InvalidData(Problem(file, None, None, found, allowed) for found, allowed in wrong)
    return made


def _previous_boxes(review: Review, previous: tuple[str, ...]) -> tuple[Box, ...]:
    values: dict[str, Any] = review.source.protocol.flow.values or {}
    steps = ("Records identified", "Records screened", "Records excluded")
    boxes = (Box(f"{step} by the source review", values.get(step), NOT_REPORTED) for step in steps)
    rows = len(review.printed.evidence.studies)
    return (
        *boxes,
        Box("Rows that it prints", rows),
        Box("Studies in the previous version", len(previous), studies=previous),
    )


def _column(screened: tuple[Candidate, ...], name: str) -> tuple[Box, ...]:
    """Return the boxes of one column of new studies; each candidate is in one column."""
    here = [c for c in screened if COLUMN_OF[c.found_by] == name]
    unknown = sum(c.found_by == "not recorded" for c in here)
    more = f"how {unknown} of them were found is not recorded" if unknown else ""
    words = NOT_SEARCHED if name == DATABASES else NOT_RECORDED
    boxes = [Box("Records identified", None, words), Box("Records screened", None, words)]
    boxes.append(Box(CONSIDERED, len(here), more, tuple(c.key for c in here)))
    for decision in ("excluded", "awaiting full text", "included"):
        chosen = [c for c in here if c.decision == decision]
        boxes.append(
            Box(
                decision.capitalize(),
                len(chosen),
                studies=tuple(c.key for c in chosen),
                reasons={c.key: c.reason for c in chosen},
                step=decision == "excluded",
            )
        )
    return tuple(boxes)


def imbalances(
    made: Flow,
    screened: tuple[Candidate, ...],
    previous: tuple[str, ...],
    present: tuple[str, ...],
) -> list[tuple[str, str]]:
    """Return what does not add up, as what was found and what is allowed.

    ``previous`` are the distinct studies of the printed edition; ``present`` are those of the
    living edition.
    """
    wrong = []
    new = [box for name in (DATABASES, OTHERS) for box in made.columns[name]]
    decided = sum(box.number or 0 for box in new if box.title.lower() in DECISIONS)
    considered = sum(box.number or 0 for box in new if box.title == CONSIDERED)
    if not len(screened) == considered == decided:
        found = f"{len(screened)} candidates, {considered} in the columns, {decided} decided"
        wrong.append((found, "as many included, excluded and awaiting as candidates"))
    for key in sorted(set(previous) & {c.key for c in screened}):
        wrong.append((f"the previous study {quoted(key)} as a candidate", "new studies only"))
    total = made.box(ALL)
    if total.number != len(set(total.studies)):
        found = f"{len(set(total.studies))} distinct studies in all"
        wrong.append((found, f"{total.number}: the previous studies and the included ones"))
    for key in sorted(set(present) - set(total.studies)):
        wrong.append((f"the study {quoted(key)} in the tables", "studies of the flow only"))
    for key in sorted(set(total.studies) - set(present)):
        wrong.append((f"no row of the study {quoted(key)}", "every study of the flow has one"))
    return wrong
