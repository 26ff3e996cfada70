"""The figures of a printing held against themselves and against its first table.

A number that does not follow from the others is a finding; who is right is not judged here.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, get_args

import pandas as pd

from livingreview.data.figures import DrawnFlow, Figures, FlowBox, Leaving, Slice, Step
from livingreview.words import joined

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

PARTS = FLOW, TARGETS, TOTALS = ("flow", "targets", "totals")
SUM = "all of them together"
CHECKS = ["part", "what", "printed", "low", "high", "follows", "keys"]
PRISMA: tuple[str, ...] = get_args(Step)


def figures_of(edition: Edition) -> tuple[Figures, Edition] | None:
    """Return the figures that somebody has read, with the edition of their printing; or None."""
    for number, (name, printing) in enumerate(edition.source.printings.items()):
        if printing.figures:
            return printing.figures, edition.in_edition(name) if number else edition.printed
    return None


@lru_cache(maxsize=8)
def checks(edition: Edition) -> pd.DataFrame:
    """Return one row per number of the figures that others determine.

    Columns: part (one of ``PARTS``), what, printed, low and high (what follows from the others, or
    from the table: from at least to at most), follows (whether the printed number lies there), keys
    (the studies counted). The index names each row (``figures:4``). Empty without figures.
    """
    found = figures_of(edition)
    rows: list[tuple[object, ...]] = []
    if found is not None:
        figures, printed = found
        rows = [*_flow(figures.flow, printed), *_targets(figures, printed), *_total(figures)]
    checked = [(*row[:5], row[3] <= row[2] <= row[4], *row[5:]) for row in rows]  # type: ignore[operator]
    frame = pd.DataFrame(checked, columns=CHECKS)
    frame.index = pd.Index([f"figures:{number}" for number in range(1, len(frame) + 1)])
    return frame


def stages(flow: DrawnFlow) -> list[tuple[Step, list[FlowBox]]]:
    """Return the boxes of each step, from top to bottom as drawn."""
    found: list[tuple[Step, list[FlowBox]]] = []
    for box in flow.boxes:
        if not found or found[-1][0] != box.step:
            found.append((box.step, []))
        found[-1][1].append(box)
    return found


def in_order(flow: DrawnFlow) -> bool:
    """Return whether the steps are drawn in the order of PRISMA 2020."""
    places = [PRISMA.index(step) for step, _ in stages(flow)]
    return places == sorted(places)


def left(boxes: list[FlowBox]) -> int:
    """Return how many records leave the flow beside some boxes."""
    return sum(part.records for box in boxes for part in box.leaving)


def _flow(flow: DrawnFlow, printed: Edition) -> list[tuple[object, ...]]:
    """Return each box after the first with what the boxes before it leave."""
    rows: list[tuple[object, ...]] = []
    drawn = stages(flow)
    for (_, before), (_, after) in pairwise(drawn):
        comes = sum(box.records for box in before) - left(before)
        rows.extend((FLOW, box.words, box.records, comes, comes, ()) for box in after)
    keys, last = tuple(dict.fromkeys(printed.studies["key"])), flow.boxes[-1]
    what = f"{last.words}, against the first table"
    return [*rows, (TOTALS, what, last.records, len(keys), len(keys), keys)]


def slices(figures: Figures, printed: Edition) -> list[tuple[Slice, set[int], set[int]]]:
    """Return each slice with the rows that are of it alone, and those that are of it and of others.

    The rest has the rows that are of no slice alone, and among them those that are of one and of
    others: a drawing may count these there or here.
    """
    rows = printed.targets
    found = []
    for part in figures.targets.slices:
        hit = rows["region"].isin(part.regions)
        hit |= rows["nerve"].isin(part.nerves) | rows["part_of"].isin(part.nerves)
        of, others = set(rows.loc[hit, "row"]), set(rows.loc[~hit, "row"])
        found.append((part, of - others, of & others))
    everything = set(printed.studies["row"])
    alone: set[int] = set().union(*(own for _, own, _ in found))
    mixed: set[int] = set().union(*(both for _, _, both in found)) - alone
    rest = everything - alone
    return [
        (part, rest - mixed, mixed) if part.is_rest else (part, own, both)
        for part, own, both in found
    ]


def _targets(figures: Figures, printed: Edition) -> list[tuple[object, ...]]:
    """Return each slice with the rows of the first table that it can stand for."""
    keys = printed.studies.set_index("row")["key"]
    return [
        (TARGETS, part.label, part.studies, len(own), len(own | both),
         tuple(dict.fromkeys(keys[sorted(own | both)])))
        for part, own, both in slices(figures, printed)
    ]  # fmt: skip


def _total(figures: Figures) -> list[tuple[object, ...]]:
    """Return the sum of the slices, which should be the number of included studies."""
    total = sum(part.studies for part in figures.targets.slices)
    included = figures.flow.boxes[-1].records
    return [(TOTALS, SUM, total, included, included, ())]


def exclusions(edition: Edition) -> pd.DataFrame:
    """Return one row per reason for exclusion that can be held against what was included.

    Columns: reason, records (that many were excluded), keys (included studies of which the table,
    or the title, says the same), how (in words). Empty without figures.
    """
    found = figures_of(edition)
    rows = []
    if found is not None:
        figures, printed = found
        for box in figures.flow.boxes:
            for part in box.leaving:
                if part.no_score or part.title_names:
                    rows.append((part.reason, part.records, *_included(part, printed)))
    return pd.DataFrame(rows, columns=["reason", "records", "keys", "how"])


def _included(part: Leaving, printed: Edition) -> tuple[tuple[str, ...], str]:
    keys = dict.fromkeys(printed.studies["key"])
    if part.no_score:
        rows = printed.outcomes
        said = rows.loc[rows["status"] == "not measured", "key"]
        return tuple(dict.fromkeys(said)), "whose row says that no score was taken or reported"
    word = str(part.title_names).casefold()
    titles = {key: printed.source.references[key].title.casefold() for key in keys}
    named = tuple(key for key in keys if word in titles[key])
    return named, f"whose title names the word {joined([word])}"
