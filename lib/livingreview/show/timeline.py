"""When a study measured, drawn on its card."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from livingreview.words import in_months

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
