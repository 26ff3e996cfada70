"""What charts are drawn with: theme, font, colours, rows of cells, lines, tips."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.show.words import labels, plural, tally

if TYPE_CHECKING:
    import altair as alt

    from livingreview.review import Review

# Those of Okabe and Ito's colours (2008), and a grey, that keep a contrast of 3 or more with both
# page backgrounds, which WCAG 2.2 (1.4.11) asks of graphics.
BLUE = "#0072b2"
ORANGE = "#d55e00"
GREEN = "#009e73"
PURPLE = "#cc79a7"
GREY = "#7a7a7a"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, GREY)

# A chart is drawn twice: for an article column and for a phone. In between it scales.
WIDE = 680
NARROW = 335
FONT_SIZE = 13

# Of a legend in pixels: a letter on average, the symbol with its gaps, what stands left of it.
_LETTER = 6.6
_SYMBOL = 28
_LEFT = 190

# Vega centres the first line of a label on its tick; this centres both.
_TWO_LINES_UP = {
    "condition": {
        # Ticks of a numeric axis are no text, which indexof does not take.
        "test": "isString(datum.value) && indexof(datum.value, '\\n') >= 0",
        "value": -FONT_SIZE / 2,
    },
    "value": 0,
}
FOLDER = Path(__file__).parent / "typefaces"
FAMILY = "Review Sans"

# Where a picture is taken away and the family is not at hand; laid out for these it would be cut.
STACK = f"{FAMILY}, Inter, DejaVu Sans, Arial, sans-serif"
ROW_HEIGHT = 24
GAP = 0.1  # between the cells of a bar, so that they can be counted
DASHES = [4, 3]
HIGHLIGHT = "highlight"  # the parameter by which a reader picks out a series
FADED = 0.15


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


def wrapped(names: pd.Series[str], width: int = 22) -> pd.Series[str]:
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


@cache
def renderer() -> Any:
    """Return the library that draws charts and pictures, with the family registered."""
    import vl_convert

    vl_convert.register_font_directory(str(FOLDER))
    return vl_convert


def studies_shown(review: Review) -> pd.DataFrame:
    """Return one row per distinct study, a repeated one by its last entry, with words to show.

    Adds ``study`` (author and year as printed, reference number), ``group`` (group of designs in
    the plural) and ``designed`` (design in words).
    """
    studies = distinct_studies(review.studies)
    designs = review.source.vocabulary.designs.by_name
    return studies.assign(
        study=studies["key"].map(labels(review)),
        group=studies["design_group"].map(plural),
        designed=studies["design"].map(
            lambda code: designs[code].meaning if code in designs else code
        ),
    )


def groups(review: Review) -> list[str]:
    """Return the groups of designs in the plural, in the order of the vocabulary."""
    terms = review.source.vocabulary.designs.entries
    return list(dict.fromkeys(plural(term.group) for term in terms))


def in_cells(frame: pd.DataFrame, rows: str, order: str, ranks: Sequence[str]) -> pd.DataFrame:
    """Return the frame with ``start`` and ``end`` of each record's cell in the bar of its row.

    rows: column that says which bar; order, ranks: column, and its values in the order in which
    the cells of a bar follow each other.
    """
    rank = frame[order].map({name: place for place, name in enumerate(ranks)})
    ordered = frame.assign(row=frame[rows], rank=rank).sort_values("rank", kind="stable")
    place = ordered.groupby("row", sort=False).cumcount()
    return ordered.assign(start=place + GAP, end=place + 1).drop(columns="rank")


def colours(field: str, domain: Sequence[str], palette: Sequence[str] = PALETTE) -> alt.Color:
    """Return the colour encoding of a field whose values have a fixed order."""
    import altair as alt

    scale = alt.Scale(domain=list(domain), range=list(palette[: len(domain)]))
    return alt.Color(f"{field}:N", title=None, scale=scale, legend=alt.Legend(labelLimit=290))


def highlight(names: Sequence[str]) -> list[alt.Parameter]:
    """Return the parameters with which a reader picks out one of the named series, if several."""
    import altair as alt

    if len(names) < 2:
        return []
    choice = alt.binding_select(
        options=["", *names], labels=["all alike", *names], name="Highlight "
    )
    return [alt.param(name=HIGHLIGHT, value="", bind=choice)]


def faded(field: str, names: Sequence[str]) -> Any:
    """Return the opacity of marks: those of other series fade while one is picked out.

    field: the series of a mark; names: as given to `highlight`.
    """
    import altair as alt

    if len(names) < 2:
        return alt.value(1)
    test = f"{HIGHLIGHT} == '' || datum.{field} == {HIGHLIGHT}"
    return alt.condition(test, alt.value(1), alt.value(FADED))


def tips(*pairs: tuple[str, str]) -> list[alt.Tooltip]:
    """Return tooltips of (field, words); a study's name, patients and design come first."""
    import altair as alt

    study = [("study", "study"), ("patients", "patients"), ("designed", "design")]
    return [alt.Tooltip(f"{field}:N", title=words) for field, words in (*study, *pairs)]


def rows_axis(rows: Sequence[str], **axis: Any) -> alt.Y:
    """Return the vertical encoding of named rows, in this order; empty rows stay."""
    import altair as alt

    options = {"labelLimit": 210} | axis
    return alt.Y(
        "row:N", title=None, sort=None, scale=alt.Scale(domain=list(rows)), axis=alt.Axis(**options)
    )


def cell_bars(
    cells: pd.DataFrame,
    rows: Sequence[str],
    colour: alt.Color,
    tooltip: Sequence[alt.Tooltip],
    *,
    title: str,
    unit: str = "Studies",
    axis: dict[str, Any] | None = None,
    height: int = ROW_HEIGHT,
) -> alt.LayerChart:
    """Return horizontal bars made of one cell per record, with the count at the end of each.

    cells: what ``in_cells`` returns; rows: the bars from top to bottom; axis: options of theirs;
    height: of a bar and the space below it, in pixels.
    """
    import altair as alt

    field, names = _field(colour), list(colour["scale"].domain)
    shown = {field, *map(_field, tooltip)}
    data = cells[["row", "start", "end", *sorted(shown - {"row"})]]
    y = rows_axis(rows, **(axis or {}))
    counts = alt.Axis(format="d", tickMinStep=1)
    bars = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X("start:Q", title=unit, axis=counts, scale=alt.Scale(domainMin=0)),
            x2="end:Q",
            y=y,
            color=colour,
            opacity=faded(field, names),
            tooltip=list(tooltip),
        )
    )
    totals = (
        alt.Chart(data).mark_text(align="left", dx=5).encode(x="max(end):Q", y=y, text="count():Q")
    )
    chart = alt.LayerChart(layer=[bars, totals], title=title, height=alt.Step(height))
    return chart.add_params(*highlight(names))


def _field(channel: Any) -> str:
    return str(channel.shorthand).partition(":")[0]


def vertical_line(at: float, title: str) -> alt.Chart:
    """Return a dashed vertical line; title: that of the horizontal axis, as in every layer."""
    import altair as alt

    line = alt.Chart(pd.DataFrame({"limit": [at]})).mark_rule(strokeDash=DASHES, strokeWidth=2)
    chart: alt.Chart = line.encode(x=alt.X("limit:Q", title=title))
    return chart


def leaders(rows: pd.DataFrame, start: float, end: str, y: alt.Y, title: str) -> alt.Chart:
    """Return a thin line from the name of each row to its mark; end: the column it ends at."""
    import altair as alt

    data = rows.assign(start=start)[["row", "start", end]]
    lines = alt.Chart(data).mark_rule(strokeWidth=1, opacity=0.4)
    chart: alt.Chart = lines.encode(x=alt.X("start:Q", title=title), x2=f"{end}:Q", y=y)
    return chart


def in_lines(names: Iterable[str], width: int = 26) -> dict[str, str]:
    """Return each name with the line breaks that an axis label needs, its lines of like length."""
    lines = {}
    for name in dict.fromkeys(names):
        broken = textwrap.wrap(name, width)
        for narrower in range(width - 1, max(map(len, name.split())) - 1, -1):
            tried = textwrap.wrap(name, narrower)
            if len(tried) > len(broken):
                break
            broken = tried
        lines[name] = "\n".join(broken)
    return lines


def tallies(
    rows: pd.Series[str], names: Sequence[str], kinds: pd.Series[str], order: Sequence[str]
) -> str:
    """Return the counts of each kind, row by row, in words."""
    table = pd.crosstab(rows, kinds).reindex(index=list(names), columns=list(order), fill_value=0)
    counts = table.to_dict("index")
    return ". ".join(f"In {name}, {tally(pd.Series(counts[name]))}" for name in names)
