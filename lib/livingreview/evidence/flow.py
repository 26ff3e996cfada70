"""The flow of studies, computed from searches and screening, in the three columns of PRISMA 2020.

Previous studies, new studies from databases and registers, new studies from other methods. A number
that nobody recorded is said to be so; it is never filled in. Records are counted by their states;
from a record that was kept to a decision on its study it is the study's file that tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livingreview.data.screening import DECISIONS, Candidate, FoundBy
from livingreview.evidence.living import retracted
from livingreview.problems import InvalidData, Problem, quoted

if TYPE_CHECKING:
    from livingreview.data.searches import Searches, State
    from livingreview.evidence.edition import Edition


NOT_RECORDED = "not recorded"


NOT_REPORTED = "not reported in the text"


NOT_SEARCHED = "not recorded: no search of databases was run"


# The boxes of records, in their order.
IDENTIFIED, DUPLICATES = "Records identified", "Duplicates removed"
KNOWN, SCREENED = "Of studies already in the review", "Records screened"
LEFT_OUT, WAITING, DIFFER = "Records excluded", "Not screened yet", "Screeners differ"
SOUGHT, NOT_SOUGHT = "Reports sought", "Not looked for yet"


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


TAKEN_BACK = "Retracted since, and no longer counted"


ALL = "Studies in this version of the review"


def flow(edition: Edition) -> Flow:
    """Return the flow of studies; raise ``InvalidData`` where it does not balance."""
    previous = tuple(dict.fromkeys(map(str, edition.printed.studies["key"])))
    screened: tuple[Candidate, ...] = edition.source.screening
    included = tuple(c.key for c in screened if c.decision == "included")
    present = tuple(dict.fromkeys(map(str, edition.living.studies["key"])))
    taken_back = tuple(key for key in previous if retracted(edition.source, key))
    kept = tuple(key for key in previous if key not in taken_back)
    columns = {
        PREVIOUS: _previous_boxes(edition, previous),
        DATABASES: _column(screened, DATABASES, searched(edition.source.searches)),
        OTHERS: _column(screened, OTHERS, _unsearched(NOT_RECORDED)),
    }
    made = Flow(
        columns,
        (
            Box(NEW, len(included), studies=included),
            *([Box(TAKEN_BACK, len(taken_back), studies=taken_back)] if taken_back else []),
            Box(ALL, len(kept) + len(included), studies=(*kept, *included)),
        ),
    )
    if wrong := imbalances(made, screened, previous, present):
        file = edition.source.file("studies")
        raise InvalidData(Problem(file, None, None, found, allowed) for found, allowed in wrong)
    return made


def _previous_boxes(edition: Edition, previous: tuple[str, ...]) -> tuple[Box, ...]:
    steps = edition.source.protocol.flow.steps
    boxes = (
        Box(f"{step.step} by the source review", step.number, NOT_REPORTED)
        for step in steps
        if step.in_diagram
    )
    rows = len(edition.printed.studies)
    return (
        *boxes,
        Box("Rows that it prints", rows),
        Box("Studies in the previous version", len(previous), studies=previous),
    )


def searched(searches: Searches) -> tuple[Box, ...]:
    """Return the boxes of records that searches found, down to the reports sought."""
    if not searches.runs:
        return _unsearched(NOT_SEARCHED)
    sources = searches.strategy.sources if searches.strategy else ()
    by_source = ((source, searches.last_run(source)) for source in sources)
    told = [f"{s.name}: {len(searches.identified(s.id))}" for s, run in by_source if run]
    found = len(searches.identified())
    left = len(searches.states) - len(searches.records_in("duplicate"))

    def box(title: str, *states: State, step: bool = True) -> Box:
        return Box(title, len(searches.records_in(*states)), step=step)

    return (
        Box(IDENTIFIED, found, "; ".join(told)),
        Box(DUPLICATES, found - left, step=False),
        box(KNOWN, "known", step=False),
        box(WAITING, "waiting", step=False),
        box(DIFFER, "conflict", step=False),
        box(SCREENED, "excluded", "kept", "study"),
        box(LEFT_OUT, "excluded", step=False),
        box(SOUGHT, "kept", "study"),
        box(NOT_SOUGHT, "kept", step=False),
    )


def _unsearched(words: str) -> tuple[Box, ...]:
    """Return the boxes of records where nobody counted any."""
    return Box(IDENTIFIED, None, words), Box(SCREENED, None, words)


def _column(
    screened: tuple[Candidate, ...], name: str, records: tuple[Box, ...]
) -> tuple[Box, ...]:
    """Return the boxes of one column of new studies; each candidate is in one column."""
    here = [c for c in screened if COLUMN_OF[c.found_by] == name]
    unknown = sum(c.found_by == "not recorded" for c in here)
    more = f"how {unknown} of them were found is not recorded" if unknown else ""
    boxes = [*records, Box(CONSIDERED, len(here), more, tuple(c.key for c in here))]
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
    made: Flow, screened: tuple[Candidate, ...], previous: tuple[str, ...], present: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return what does not add up, as what was found and what is allowed.

    ``previous`` are the distinct studies of the printed edition; ``present`` are those of the
    living edition.
    """
    wrong = unbalanced_records({box.title: box.number for box in made.columns[DATABASES]})
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


def unbalanced_records(boxes: dict[str, int | None]) -> list[tuple[str, str]]:
    """Return which boxes of records do not add up; nothing where nobody counted any."""
    if boxes[IDENTIFIED] is None:
        return []
    sums = {
        IDENTIFIED: (DUPLICATES, KNOWN, WAITING, DIFFER, SCREENED),
        SCREENED: (LEFT_OUT, SOUGHT),
    }
    return [
        (f"{boxes[whole]} {whole.lower()}", f"{total}: {' + '.join(parts).lower()}")
        for whole, parts in sums.items()
        if boxes[whole] != (total := sum(boxes[part] or 0 for part in parts))
    ]
