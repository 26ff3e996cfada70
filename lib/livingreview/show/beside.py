"""What a card shows: the review beside the study, line by line, and when the study measured."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.data.reports import NOT_READ
from livingreview.data.study import StudyFile, known
from livingreview.evidence.disagreements import OPTIONAL
from livingreview.evidence.living import was_read
from livingreview.show.rows import row_id, with_ids
from livingreview.show.words import design_words
from livingreview.tables import NOT_STATED, TREATMENT
from livingreview.words import in_months, listed

if TYPE_CHECKING:
    from livingreview.review import Review


DIFFERS = "differs"
AGREES = "agrees"
NOT_COMPARED = "not compared"
NONE = "none"
Rows = dict[str, pd.DataFrame]  # the rows of one study, by table


@dataclass(frozen=True)
class Line:
    """One field: as printed, as read, how they stand to each other, and the ids of its rows."""

    field: str
    printed: str
    read: str
    stand: str
    ids: tuple[str, ...] = ()


def followup_words(row: Any) -> str:
    """Return the follow-up of a row of studies: a time, a range, a mean, or why there is none."""
    low, high = row["followup_min_months"], row["followup_max_months"]
    if pd.isna(high):
        return str(row["followup_status"])
    if row["followup_status"] in ("mean", "median"):
        return f"{row['followup_status']} {in_months(high)}"
    typical = [
        f"{name} {in_months(row[f'followup_{name}_months'])}"
        for name in ("mean", "median")
        if pd.notna(row[f"followup_{name}_months"])
    ]
    span = in_months(high) if low == high else f"{low:g} to {in_months(high)}"
    return ", ".join([span, *typical])


def lines(review: Review, key: str, printed: Rows, living: Rows) -> list[Line]:
    """Return the fields of a study, printed and read; a side that is not there is empty.

    Where both sides stand, they differ if ``Review.disagreements`` says so: it knows which
    differences are none, like a branch named for its nerve.
    """
    file = review.source.studies.get(key)
    shown = _printed(review, printed, living) if not printed["studies"].empty else {}
    read = _read(review, file, living) if file is not None and was_read(file) else {}
    disputed = {row["field"]: (str(name), row) for name, row in printed["disagreements"].iterrows()}
    made = []
    untold = [field for field, of in OPTIONAL.items() if not review.source.tells(of)]
    for field in dict.fromkeys([*shown, *read]):
        if field in untold:
            continue
        left, right = shown.get(field, ""), read.get(field, "")
        name, _ = disputed.pop(field, ("", None))
        ids = tuple(row_id(edition, name) for edition in ("printed", "living") if name)
        made.append(Line(field, left, right, _stand(left, right, bool(name)), ids))
    for field, (name, row) in disputed.items():
        ids = tuple(row_id(edition, name) for edition in ("printed", "living"))
        left, right = row["printed"], row["primary"]
        if row["read_as"] == "reference list":
            left, right = f"{left}; the reference list: {right}", "as in the reference list"
        made.append(Line(field, left, right if read else "", DIFFERS, ids))
    return made + list(_verdicts(review, key, printed, living, bool(read)))


def _stand(printed: str, read: str, disputed: bool) -> str:
    if disputed:
        return DIFFERS
    unknown = {NOT_STATED, NOT_READ, "", "no column for it"}
    return NOT_COMPARED if {str(printed), str(read)} & unknown else AGREES


def _printed(review: Review, rows: Rows, living: Rows) -> dict[str, str]:
    """Return the printed value of each field; of a study printed twice, that of its last row."""
    row = rows["studies"].iloc[-1]
    copied = {} if states_nerves(review, row["key"]) else _copies(living["targets"])
    nerves = Markup("; ").join(
        with_ids([row_id("printed", str(name)), *copied.pop(target["nerve"], [])], _target(target))
        for name, target in rows["targets"].iterrows()
    )
    return {
        "design": design_words(review.source.vocabulary, row["design"]),
        "comparator": listed(row["comparators"] or ()) or NONE,
        "patients": str(row["patients"]),
        "treated patients": "no column for it",
        "condition": "no column for it",
        "nerve": nerves,
        "guidance": listed(row["guidance"]),
        "follow-up": followup_words(row),
    }


def states_nerves(review: Review, key: str) -> bool:
    """Return whether the nerves of a study are those that its own report states."""
    file = review.source.studies.get(key)
    return file is not None and was_read(file) and bool(known(file.nerves))


def _target(target: Any) -> str:
    count = target["patients"]
    return target["nerve"] if pd.isna(count) else f"{target['nerve']} ({count} patients)"


def _copies(living: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of living targets, by nerve, of a study whose nerves are as printed."""
    found: dict[str, list[str]] = {}
    for name, nerve in living["nerve"].items():
        found.setdefault(nerve, []).append(row_id("living", str(name)))
    return found


def _read(review: Review, file: StudyFile, living: Rows) -> dict[str, str]:
    """Return what the study itself states of each field, *not stated* and *not read* included."""
    months, comparators = known(file.followup_months), known(file.comparators)
    treated: Any = file.size(TREATMENT)
    if treated is None:
        treated = file.patients if comparators == () else NOT_STATED
    nerves: str = _joined(file.nerves)
    if known(file.nerves) and not living["targets"].empty:
        nerves = Markup("; ").join(
            with_ids([row_id("living", str(name))], target["nerve"])
            for name, target in living["targets"].iterrows()
        )
    return {
        "design": design_words(review.source.vocabulary, file.design),
        "comparator": _joined(file.comparators) or NONE,
        "patients": str(file.patients),
        "treated patients": str(treated),
        "condition": file.condition,
        "nerve": nerves,
        "guidance": _joined(file.guidance),
        "follow-up": str(file.followup_months) if months is None else in_months(months),
    }


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _verdicts(review: Review, key: str, printed: Rows, living: Rows, read: bool) -> Iterator[Line]:
    """Yield the printed verdict on the long term, and the one that its rule gives."""
    listed = printed["printed_verdicts"]
    for name, row in listed.iterrows():
        ids = tuple(row_id(edition, str(name)) for edition in ("printed", "living"))
        yield Line("verdict of the second table", row["positive"].upper(), "", NOT_COMPARED, ids)
    said = [_rule(edition, key) for edition in (review.printed, review.living)]
    if said[0] and listed.empty and review.source.tells("table2"):
        yield Line("verdict of the second table", "not listed", "", NOT_COMPARED)
    if said[0] or said[1]:
        words = {text.partition(":")[0] for text in said if text}
        stand = NOT_COMPARED if not (read and all(said)) else AGREES if len(words) == 1 else DIFFERS
        yield Line("positive by the review's rule", said[0], said[1] if read else "", stand)


def _rule(review: Review, key: str) -> str:
    """Return the answer of the review's rule with its reason; empty for a study not held."""
    answers = review.long_term
    found = answers[answers["key"] == key]
    return "" if found.empty else ": ".join(found.iloc[0][["verdict", "verdict_reason"]])


WIDTH = 340
MARGIN = 14
APART = 17
LEVEL = 18
RADIUS = 8
STEPS = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 60, 120)
MOST_TICKS = 6


@dataclass(frozen=True)
class Lane:
    """One line of the drawing: its name, the months of each result, and the follow-up."""

    name: str
    results: Sequence[float]
    followup: float | None = None


def timeline(lanes: Sequence[Lane]) -> dict[str, Any] | None:
    """Return what the drawing of some lanes needs; None where no time is known.

    A mark holds the number of results at one time; marks that would cover each other stand above
    each other. The line of a lane ends with its follow-up.
    """
    times = [months for lane in lanes for months in lane.results]
    times += [lane.followup for lane in lanes if lane.followup is not None]
    if not times:
        return None
    last = max(times)
    step = next((s for s in STEPS if last / s < MOST_TICKS), STEPS[-1])
    end = step * max(math.ceil(last / step), 1)
    scale = (WIDTH - 2 * MARGIN) / end
    top, drawn = 0.0, []
    for lane in lanes:
        at = sorted(Counter(lane.results).items())
        marks = _stacked([(n, MARGIN + months * scale) for months, n in at])
        height = LEVEL * (1 + max((level for *_, level in marks), default=0))
        base = top + 16 + height
        drawn.append(
            {
                "name": lane.name,
                "title": top + 12,
                "base": base,
                "end": None if lane.followup is None else round(MARGIN + lane.followup * scale, 1),
                "marks": [(n, round(x, 1), base - 12 - level * LEVEL) for n, x, level in marks],
            }
        )
        top = base + 6
    places = [i * step for i in range(round(end / step) + 1)]
    ticks = [(round(MARGIN + months * scale, 1), f"{months:g}") for months in places]
    return {
        "width": WIDTH,
        "height": top + 32,
        "axis": top + 4,
        "lanes": drawn,
        "ticks": ticks,
        "radius": RADIUS,
        "margin": MARGIN,
        "text": "; ".join(map(_words, lanes)),
    }


def _stacked(points: list[tuple[int, float]]) -> list[tuple[int, float, int]]:
    """Return each point with the lowest level on which it covers no other."""
    taken: list[list[float]] = []
    placed = []
    for number, x in points:
        free = [
            i for i, level in enumerate(taken) if all(abs(x - other) >= APART for other in level)
        ]
        level = free[0] if free else len(taken)
        if level == len(taken):
            taken.append([])
        taken[level].append(x)
        placed.append((number, x, level))
    return placed


def _words(lane: Lane) -> str:
    times = list(dict.fromkeys(map(in_months, sorted(lane.results))))
    results = f"results at {', '.join(times)}" if times else "no result with a time"
    followup = "" if lane.followup is None else f"; follow-up to {in_months(lane.followup)}"
    return f"{lane.name}: {results}{followup}"
