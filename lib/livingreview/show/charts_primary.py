"""Charts of the primary studies: contrasts of trials, each on its own scale; what reports state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.show.charts_parts import (
    cell_bars,
    colours,
    in_cells,
    in_lines,
    rows_axis,
    studies_shown,
    tips,
    vertical_line,
)
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.primary import trial_contrasts
from livingreview.show.studies import labels
from livingreview.show.theme import BLUE, GREY, ORANGE
from livingreview.words import in_months, slug

if TYPE_CHECKING:
    from livingreview.review import Review

RATIO = "ratio"
RATIO_TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
STATED, NOT_STATED, NOT_READ = STATUSES = ("stated", "not stated", "not read")


def contrast_charts(review: Review) -> Html:
    """Return one chart per trial and scale, of the contrasts with an interval."""
    rows = trial_contrasts(review.living)
    rows = rows[rows["ci_low"].notna() & rows["ci_high"].notna() & rows["unit"].notna()]
    names = labels(review.living)
    charts = [
        _contrasts(names[str(key)], str(key), str(unit), group)
        for (key, unit), group in rows.groupby(["key", "unit"], sort=False)
    ]
    html = Markup("\n").join(Markup(chart.html) for chart in charts)  # noqa: S704 - our own figures
    return Html(str(html), "\n\n".join(map(repr, charts)))


def _contrasts(study: str, key: str, unit: str, rows: pd.DataFrame) -> Html:
    import altair as alt

    none = 1.0 if RATIO in unit else 0.0
    data = rows.assign(row=[_row_name(row) for row in rows.itertuples()])
    data["row"] = data["row"].map(in_lines(data["row"], 30))
    titles = {"row": "result", "arm_words": "comparison", "estimate": unit, "ci_low": "95% CI from",
              "ci_high": "95% CI to", "direction": "direction as reported"}  # fmt: skip
    data = data[list(titles)].fillna({"direction": "not stated"})
    clear = int(((data["ci_low"] > none) | (data["ci_high"] < none)).sum())
    title = f"{study}: {clear} of {len(data)} intervals exclude no difference ({unit})"
    x = alt.X("ci_low:Q", title=unit, scale=alt.Scale(zero=True))
    if none:
        x = x.scale(type="log", nice=False).axis(values=RATIO_TICKS, format="~g")
    tooltip = [alt.Tooltip(f"{field}:N", title=words) for field, words in titles.items()]
    y = rows_axis(list(data["row"]))
    lines = alt.Chart(data).mark_rule(strokeWidth=2, color=BLUE).encode(
        x=x, x2="ci_high:Q", y=y, tooltip=tooltip
    )  # fmt: skip
    points = alt.Chart(data).mark_point(filled=True, size=90, color=BLUE).encode(
        x=alt.X("estimate:Q", title=unit), y=y, tooltip=tooltip
    )  # fmt: skip
    layers = [lines, points, vertical_line(none, unit)]
    chart = alt.LayerChart(layer=layers, title=title, height=alt.Step(60))
    notes = "; ".join(dict.fromkeys(rows["note"].dropna()))
    return figure(
        chart,
        name=f"contrasts-{slug(key)}-{slug(unit)}",
        alt=f"{title}. {'; '.join(_in_words(row) for row in data.itertuples())}.",
        caption="Lines are 95% confidence intervals as reported, dashed is no difference. "
        f"Which sign favours the treatment differs between trials. Notes: {notes or 'none'}.",
    )


def _row_name(row: Any) -> str:
    time = "" if pd.isna(row.months) else f" at {in_months(row.months)}"
    marked = pd.notna(row.primary_endpoint) and bool(row.primary_endpoint)
    return f"{row.measure}{time}{', primary endpoint' if marked else ''}"


def _in_words(row: Any) -> str:
    name = str(row.row).replace("\n", " ")
    return f"{name}: {row.estimate:g}, {row.ci_low:g} to {row.ci_high:g}"


def reporting_chart(review: Review) -> Html:
    """Return the reports by item and by whether they state it."""
    rows = review.living.reporting
    studies = studies_shown(review.living)[["key", "study", "patients", "designed"]]
    meanings = review.source.vocabulary.reporting.by_name
    items = [item for item in meanings if item in set(rows["item"])]
    lines = in_lines((meanings[item].meaning or item for item in items), 27)
    rows = rows[rows["key"].isin(studies["key"])].merge(studies, on="key")
    rows = rows.assign(
        label=rows["item"].map(lambda item: lines[meanings[item].meaning or item]),
        value=rows["value"].fillna(rows["status"]),
    )
    cells = in_cells(rows, "label", "status", STATUSES)
    stated = int((rows["status"] == STATED).sum())
    title = f"Reports state {stated} of {len(rows)} items; the rest is not stated or not read"
    chart = cell_bars(
        cells,
        list(lines.values()),
        colours("status", list(STATUSES), [BLUE, ORANGE, GREY]),
        tips(("row", "item"), ("status", "in the report"), ("value", "what is stated")),
        title=title,
        height=36,
    )
    counts = pd.crosstab(rows["label"], rows["status"]).reindex(
        columns=list(STATUSES), fill_value=0
    )
    words = "; ".join(
        f"{str(label).replace(chr(10), ' ')}: " + ", ".join(f"{n} {s}" for s, n in row.items())
        for label, row in counts.iterrows()
    )
    return figure(
        chart,
        name="reporting",
        alt=f"{title}. {words}.",
        caption="Each cell is one study of the living edition. Not stated: not in the part that "
        "was read, mostly an abstract. Not read: nobody has looked.",
    )
