"""An interval as a small drawing in a cell of a table, better always to the right."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from livingreview.words import known

# Of the drawing of an interval in a cell: half its width in units of the drawing, its height, and
# by scale the difference at its ends (log of a ratio), beyond which an arrow leads on.
HALF, HEIGHT = 80.0, 18.0
SPANS = {"ratio": math.log(8), "percentage points": 80.0}
IMPORTANTS_SHOWN = 2.0  # of a scale of points: so many important differences to each side


def interval(row: Any) -> Markup | None:
    """Return the turned interval of a row of the contrasts; None where it is not known.

    Its numbers must stand in a cell beside it. The band is what is too small to matter.
    """
    low, high = known(row.oriented_low), known(row.oriented_high)
    important = known(row.important)
    most = SPANS.get(str(row.scale)) or (important and important * IMPORTANTS_SHOWN)
    if low is None or high is None or most is None:
        return None
    ends = [HALF + HALF * max(-1.0, min(1.0, end / most)) for end in (low, high)]
    band = HALF * min(1.0, (important or 0) / most)
    middle = HEIGHT / 2
    parts = [
        Markup(
            '<rect class="band" fill="#bbb" x="{:.1f}" y="0" width="{:.1f}" height="{:.0f}"/>'
        ).format(HALF - band, 2 * band, HEIGHT),
        Markup('<path class="none" stroke="#666" d="M{0:.0f} 0V{1:.0f}"/>').format(HALF, HEIGHT),
        Markup(
            '<path class="interval" stroke="#000" stroke-width="2" d="M{:.1f} {m:.0f}H{:.1f}"/>'
        ).format(*ends, m=middle),
    ]
    if known(row.oriented) is not None and abs(row.oriented) <= most:
        place = HALF + HALF * row.oriented / most
        parts.append(
            Markup('<circle class="estimate" cx="{:.1f}" cy="{:.0f}" r="4"/>').format(place, middle)
        )
    for end, side in ((low, -1), (high, 1)):
        if end * side > most:
            tip = HALF + side * HALF
            parts.append(
                Markup('<path class="estimate" d="M{0:.1f} {1:.0f}l{2} -4v8z"/>').format(
                    tip, middle, -6 * side
                )
            )
    return Markup(
        '<svg class="forest" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}"'
        ' aria-hidden="true">{2}</svg>'
    ).format(2 * HALF, HEIGHT, Markup("").join(parts))
