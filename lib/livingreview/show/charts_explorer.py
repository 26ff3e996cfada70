"""The charts of the explorer: each draws all studies pale, and over them those that are shown.

Each takes the list of studies to show as a parameter, which the page changes with the filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.show.charts_parts import colours, groups, in_lines, plural, tally
from livingreview.show.explorer_terms import FOLLOWUPS, UNTIMED, followup_class
from livingreview.show.figure import figure
from livingreview.show.results import count_words, threshold_words
from livingreview.show.row_words import time_words
from livingreview.show.studies import labels
from livingreview.show.theme import BLUE, GREY, ORANGE
from livingreview.tables import TREATMENT
from livingreview.words import slug

if TYPE_CHECKING:
    from livingreview.review import Review
    from livingreview.show.html import Html

SHOWN = "shown"  # the parameter: keys of the studies to show, as their cards have them as address
CHOSEN = f"indexof({SHOWN}, datum.key) >= 0"
OTHERS = "other arms"
MONTHS = [1, 3, 6, 12, 24, 60]


def explorer_charts(review: Review) -> list[Markup]:
    """Return the charts of the explorer: regions, follow-up, responders against time."""
    studies = review.living.studies
    named = studies.assign(
        key=studies["key"].map(slug),
        study=studies["key"].map(labels(review.printed) | labels(review.living)),
        group=studies["design_group"].map(plural),
    )
    charts = (_regions(review, named), _followup(review, named), _responders(review, named))
    return [Markup(chart.html) for chart in charts]  # noqa: S704 - made by a template


def _regions(review: Review, studies: pd.DataFrame) -> Html:
    targets = review.living.targets.drop_duplicates(["key", "region"])
    rows = studies.merge(targets.assign(key=targets["key"].map(slug))[["key", "region"]], on="key")
    counts = rows["region"].value_counts()
    chart = _bars(rows, "region", list(counts.index), groups(review), studies["key"])
    return figure(
        chart.properties(title="By region and design"),
        name="explorer-region",
        alt=f"Studies by region: {tally(counts)}.",
        caption="A study of several regions stands at each. A click on a bar chooses its region.",
    )


def _followup(review: Review, studies: pd.DataFrame) -> Html:
    classes = [followup_class(row) for _, row in studies.iterrows()]
    rows = studies.assign(followup=classes)
    counts = rows["followup"].value_counts()
    order = [name for name in (*(name for name, _ in FOLLOWUPS), *UNTIMED) if name in counts]
    chart = _bars(rows, "followup", order, groups(review), studies["key"])
    return figure(
        chart.properties(title="By longest follow-up"),
        name="explorer-followup",
        alt=f"Studies by longest follow-up: {tally(counts.reindex(order))}.",
        caption="A click on a bar chooses its length of follow-up.",
    )


def _bars(
    rows: pd.DataFrame, field: str, order: Sequence[str], ranks: Sequence[str], keys: pd.Series[str]
) -> Any:
    """Return a bar per value of a field: all studies pale, those shown by group of designs."""
    import altair as alt

    lines = in_lines(order, 20)
    data = rows[["key", "group", field]].assign(row=rows[field].map(lines))
    y = alt.Y("row:N", title=None, sort=None,
              scale=alt.Scale(domain=[lines[name] for name in order]))  # fmt: skip
    base = alt.Chart(data)
    x = alt.X(
        "count():Q",
        title="Studies",
        axis=alt.Axis(format="d", tickMinStep=1),
        scale=alt.Scale(padding=24),  # for the number behind the longest bar
    )
    detail = alt.Detail(f"{field}:N")
    pale = base.mark_bar(color=GREY, opacity=0.3, cursor="pointer").encode(x=x, y=y, detail=detail)
    bars = base.transform_filter(CHOSEN).mark_bar(cursor="pointer").encode(
        x=x, y=y, color=colours("group", ranks), detail=detail,
        tooltip=[alt.Tooltip(f"{field}:N"), alt.Tooltip("group:N", title="design"),
                 alt.Tooltip("count():Q", title="studies")],
    )  # fmt: skip
    totals = base.transform_filter(CHOSEN).mark_text(align="left", dx=4).encode(
        x=alt.X("count():Q"), y=y, text="count():Q"
    )  # fmt: skip
    layers = alt.layer(pale, bars, totals, height=alt.Step(26))
    return layers.add_params(alt.param(name=SHOWN, value=list(keys)))


def timed_shares(review: Review, names: dict[str, str]) -> pd.DataFrame:
    """Return the shares of responders with a time, of the studies that have a name."""
    rows = review.living.outcomes
    rows = rows[(rows["kind"] == "responder") & rows["percent"].notna() & rows["months"].notna()]
    rows = rows.assign(key=rows["key"].map(slug))
    rows = rows[rows["key"].isin(names)]
    return pd.DataFrame(
        {
            "key": rows["key"],
            "study": rows["key"].map(names),
            "arm": rows["arm_words"],
            "side": [TREATMENT if TREATMENT in arm else OTHERS for arm in rows["arm"]],
            "months": rows["months"],
            "percent": rows["percent"],
            "counted": [count_words(row) for row in rows.itertuples()],
            "means": [threshold_words(row) or "not stated" for row in rows.itertuples()],
            "at": [time_words(months) for months in rows["months"]],
        }
    )


def _responders(review: Review, studies: pd.DataFrame) -> Html:
    data = timed_shares(review, dict(zip(studies["key"], studies["study"], strict=True)))
    told = [f"{row.study} {row.arm} {row.percent:g}% {row.at}" for row in data.itertuples()]
    return figure(
        _points(data, list(studies["key"])).properties(title="Responders against time"),
        name="explorer-responders",
        alt=f"Shares of responders with a time: {'; '.join(told)}.",
        caption=f"Each of the {len(data)} marks is a result that states its time and its share; "
        f"what counts as a responder differs between studies, so marks are not comparable.",
    )


def _points(data: pd.DataFrame, keys: Sequence[str]) -> Any:
    import altair as alt

    axis = alt.Axis(values=MONTHS, grid=True, labelOverlap=False)
    scale = alt.Scale(type="sqrt")
    x = alt.X("months:Q", title="Months (scale compressed)", scale=scale, axis=axis)
    y = alt.Y("percent:Q", title="Responders (%)", scale=alt.Scale(domain=[0, 100]))
    sides = [TREATMENT, OTHERS]
    fields = {"study": "study", "arm": "arm", "counted": "responders", "means": "responder means",
              "at": "time"}  # fmt: skip
    base = alt.Chart(data).encode(x=x, y=y)
    pale = base.mark_point(color=GREY, opacity=0.3, size=50)
    points = base.transform_filter(CHOSEN).mark_point(size=80).encode(
        color=colours("side", sides, (BLUE, ORANGE)),
        shape=alt.Shape("side:N", title=None,
                        scale=alt.Scale(domain=sides, range=["circle", "diamond"])),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()],
    )  # fmt: skip
    return alt.layer(pale, points, height=230).add_params(alt.param(name=SHOWN, value=[*keys]))
