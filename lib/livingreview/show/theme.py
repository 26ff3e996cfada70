"""How charts look: colours that colour-blind readers tell apart, on white and on black."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from livingreview.show.fonts import STACK

if TYPE_CHECKING:
    import pandas as pd

# Those of Okabe and Ito's colours (2008), and a grey, that keep a contrast of 3 or more with both
# page backgrounds, which WCAG 2.2 (1.4.11) asks of graphics.
BLUE = "#0072b2"
ORANGE = "#d55e00"
GREEN = "#009e73"
PURPLE = "#cc79a7"
GREY = "#7a7a7a"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, GREY)

# A chart is drawn twice: for an article column and for a phone. In between it scales.
WIDE, NARROW = 680, 335
FONT_SIZE = 13
# Of a legend in pixels: a letter on average, the symbol with its gaps, what stands left of it.
_LETTER, _SYMBOL, _LEFT = 6.6, 28, 190

# Vega centres the first line of a label on its tick; this centres both.
_TWO_LINES_UP = {
    "condition": {
        # Ticks of a numeric axis are no text, which indexof does not take.
        "test": "isString(datum.value) && indexof(datum.value, '\\n') >= 0",
        "value": -FONT_SIZE / 2,
    },
    "value": 0,
}


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration; colours of text and axes come from the stylesheet."""
    text = {"labelFontSize": FONT_SIZE, "titleFontSize": FONT_SIZE, "titleFontWeight": 600}
    return {
        "background": "transparent",
        # The picture is laid out with the measures of the font that it is shown in.
        "font": STACK,
        # The figure's own label describes the chart; one label per mark would drown it.
        "aria": False,
        # A step holds two lines of a name.
        "view": {"stroke": None, "step": 32},
        "range": {"category": list(PALETTE)},
        "mark": {"color": BLUE},
        "point": {"filled": True, "opacity": 1, "size": 70},
        "rule": {"color": GREY},
        "text": {"fontSize": FONT_SIZE},
        # Names too long for one line of a phone hold line breaks (see `wrapped`).
        "lineBreak": "\n",
        "axis": {**text, "labelLimit": 180, "labelPadding": 6, "titlePadding": 8, "tickCount": 5},
        "axisY": {"domain": False, "ticks": False, "labelOffset": _TWO_LINES_UP},
        "legend": {**text, "orient": "top", "labelLimit": 260},
        "header": text,
    }


def phone() -> dict[str, Any]:
    """Return what is otherwise on a phone, where legend and title may be wider than the plot.

    They end where the plot ends, above the names of the other axis; `assets/chart.js` has the same.
    """
    return {
        "axisX": {"titleAnchor": "end"},
        "legend": {"columns": 1, "layout": {"top": {"anchor": "end", "bounds": "full"}}},
    }


def legend_columns(names: Sequence[str], width: int) -> int:
    """Return how many entries of a legend stand side by side in a chart of this width."""
    entries = [len(name) * _LETTER + _SYMBOL for name in names]
    room = width - _LEFT
    if not entries:
        return 1
    return len(entries) if sum(entries) <= room else max(1, int(room / max(entries)))


def wrapped(names: "pd.Series[str]", width: int = 22) -> "pd.Series[str]":
    """Return the names with line breaks, for the labels of an axis."""
    return names.map(lambda name: "\n".join(textwrap.wrap(name, width)))


def spec_of(chart: Any) -> dict[str, Any]:
    """Return a chart's Vega-Lite specification under this theme."""
    import altair as alt

    alt.theme.register("livingreview", enable=False)(_theme)
    with alt.theme.enable("livingreview"):
        spec: dict[str, Any] = chart.to_dict()
    spec.pop("$schema", None)  # an address that nothing needs to fetch
    return spec


def _theme() -> Any:
    return {"config": config()}
