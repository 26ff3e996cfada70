"""Chart of how long the studies followed their patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.show.charts_parts import (
    as_printed,
    colours,
    faded,
    groups,
    highlight,
    leaders,
    rows_axis,
    studies_shown,
    tally,
    tips,
    vertical_line,
)
from livingreview.show.figure import figure
from livingreview.show.theme import GREY
from livingreview.words import in_months

if TYPE_CHECKING:
    import altair as alt

    from livingreview.review import Review
    from livingreview.show.html import Html

SHORTEST = 0.1  # months: a logarithmic axis has no place for nothing
TICKS = (0.25, 1, 3, 6, 12, 60)
MONTHS = "Follow-up (months)"
SHAPES = {"one stated time": "circle", "mean": "diamond", "shortest and longest": "square"}
KINDS = {"stated": "one stated time", "mean": "mean", "range": "shortest and longest"}
ROW = 19


def followup_chart(review: Review) -> Html:
    """Return the printed follow-up of each distinct study: a time, a range, a mean, or words."""
    studies = studies_shown(review)
    studies = studies.assign(words=as_printed(review, studies["row"], "Follow Up"))
    least = review.rule.minimum_followup_months
    enough = review.fact(f"followed_at_least(months={least:g})").value
    statuses = studies["followup_status"].value_counts()
    uncertain = len(studies) - int(statuses.get("stated", 0))
    title = (
        f"{enough.text} studies certainly followed their patients for {in_months(least)} or more; "
        f"{uncertain} print no single time"
    )
    times = studies.loc[studies["followup_status"] == "stated", "followup_max_months"]
    spread = f" Single times run from {in_months(times.min())} to {in_months(times.max())}, "
    spread += f"median {in_months(times.median())}."
    return figure(
        _followups(studies, groups(review), least, title),
        name="followup",
        alt=f"{title}. How it is printed: {tally(statuses)}.{spread if len(times) else ''}",
        caption=f"Each row is one of {len(studies)} distinct studies, longest follow-up on top, "
        f"on a logarithmic scale; dashed, the {in_months(least)} of the review's rule. "
        "A mean leaves patients below it, and a range counts only if its shortest time is long "
        "enough. At the bottom: studies whose follow-up is variable, not stated, or missing (a "
        "blank cell), so not known.",
    )


def _followups(studies: pd.DataFrame, names: list[str], least: float, title: str) -> alt.LayerChart:
    """Return one row per study on a logarithmic axis of months."""
    import altair as alt

    data = _longest_first(studies)
    known, unknown = data[data["high"].notna()], data[data["high"].isna()]
    ranges = known[known["followup_status"] == "range"]
    y = rows_axis(list(data["row"]))
    colour, opacity = colours("group", names), faded("group", names)
    tooltip = tips(("group", "group"), ("followup_status", "follow-up"),
                   ("words", "follow-up as printed"))  # fmt: skip
    months = [alt.Detail("followup_min_months:Q", title="months, at least"),
              alt.Detail("followup_max_months:Q", title="months, at most")]  # fmt: skip
    shapes = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    legend = alt.Legend(orient="bottom", symbolFillColor=GREY)
    shape = alt.Shape("kind:N", title=None, legend=legend, scale=shapes)
    x = alt.X("high:Q", title=MONTHS,
              axis=alt.Axis(values=list(TICKS), format="~g", tickCount=40, labelOverlap=False),
              scale=alt.Scale(type="log", domainMin=SHORTEST, nice=False))  # fmt: skip
    low = alt.X("low:Q", title=MONTHS)
    said = {"y": y, "opacity": opacity, "tooltip": tooltip, "detail": months}
    marks = alt.Chart(known).mark_point().encode(x=x, color=colour, shape=shape, **said)
    ends = alt.Chart(ranges).mark_point().encode(x=low, color=colour, shape=shape, **said)
    spans = alt.Chart(ranges).mark_rule(strokeWidth=2).encode(
        x=low, x2="high:Q", color=colour, **said
    )  # fmt: skip
    start, status = alt.X("start:Q", title=MONTHS), alt.Text("followup_status:N")
    words = alt.Chart(unknown).mark_text(align="left", dx=4)
    words = words.encode(x=start, text=status, **said)
    layers = [leaders(known, SHORTEST, "low", y, MONTHS), spans, ends, marks, words]
    if least > SHORTEST:
        layers.insert(0, vertical_line(least, MONTHS))
    chart = alt.LayerChart(layer=layers, title=title, height=alt.Step(ROW))
    return chart.add_params(*highlight(names))


def _longest_first(studies: pd.DataFrame) -> pd.DataFrame:
    """Return the studies in the order of the rows, with the months between which to draw."""
    ordered = studies.sort_values(
        ["followup_max_months", "followup_min_months", "followup_status", "study"],
        ascending=[False, False, True, True], kind="stable",
    )  # fmt: skip
    drawn = ordered.assign(
        row=ordered["study"],
        kind=ordered["followup_status"].map(KINDS),
        low=ordered["followup_min_months"].clip(lower=SHORTEST),
        high=ordered["followup_max_months"].clip(lower=SHORTEST),
        start=SHORTEST,
    )
    columns = ["study", "patients", "designed", "group", "followup_status", "words",
               "followup_min_months", "followup_max_months"]  # fmt: skip
    return drawn[[*columns, "row", "kind", "low", "high", "start"]]
