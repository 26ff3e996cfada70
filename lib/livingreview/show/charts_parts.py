"""What the charts share: the studies with words to show, bars whose cells are single studies."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.show.studies import labels
from livingreview.show.theme import PALETTE

if TYPE_CHECKING:
    import altair as alt

    from livingreview.review import Review

PLURALS = {"case report": "case reports and series"}
BLANK = "(blank)"
ROW_HEIGHT = 24
GAP = 0.1  # between the cells of a bar, so that they can be counted
DASHES = [4, 3]
HIGHLIGHT = "highlight"  # the parameter by which a reader picks out a series
FADED = 0.15


def plural(group: str) -> str:
    """Return a group of designs in the plural."""
    return PLURALS.get(group, f"{group}s")


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


def as_printed(review: Review, rows: pd.Series[int], column: str) -> pd.Series[str]:
    """Return a cell of the review's first table for each printed row, blank ones named."""
    cells = review.source.table1
    texts = [BLANK if pd.isna(row) else cells[row - 1][column].strip() or BLANK for row in rows]
    return pd.Series(texts, index=rows.index, dtype="str")


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
    choice = alt.binding_select(options=["", *names], labels=["all alike", *names],
                                name="Highlight ")  # fmt: skip
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
    return alt.Y("row:N", title=None, sort=None, scale=alt.Scale(domain=list(rows)),
                 axis=alt.Axis(**options))  # fmt: skip


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
    bars = alt.Chart(data).mark_bar().encode(
        x=alt.X("start:Q", title=unit, axis=counts, scale=alt.Scale(domainMin=0)),
        x2="end:Q",
        y=y,
        color=colour,
        opacity=faded(field, names),
        tooltip=list(tooltip),
    )  # fmt: skip
    totals = alt.Chart(data).mark_text(align="left", dx=5).encode(
        x="max(end):Q", y=y, text="count():Q"
    )  # fmt: skip
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


def joined(words: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def tally(counts: pd.Series[int]) -> str:
    """Return "a: 12; b: 3" of counts by name."""
    return "; ".join(f"{name}: {count}" for name, count in counts.items())


def of_some(number: int, one: str, many: str | None = None) -> str:
    """Return "1 study", "2 studies"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


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
