"""Outcomes: responders, mean changes, other results."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.rule import COMPARE
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.marks import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALETTE,
    PURPLE,
    colours,
    faded,
    groups,
    highlight,
    leaders,
    rows_axis,
    studies_shown,
    tips,
    vertical_line,
)
from livingreview.show.table import table
from livingreview.show.words import (
    count_words,
    interval_words,
    labels,
    of_some,
    plural,
    targets_of,
    threshold_words,
    told,
)
from livingreview.synthesis.intervals import responders_text, wilson
from livingreview.tables import TREATMENT
from livingreview.words import in_months, joined, when

if TYPE_CHECKING:
    import altair as alt

    from livingreview.review import Review

UNNAMED = "arm not stated"
RESULT_HEIGHT = 40
RESPONDERS = "Responders (% of patients)"
FALL = "Mean fall (points)"
NUMBERS = {"percent": "% of patients", "low": "95% CI from", "high": "95% CI to"}
SHARE = ["label", "arm", "counted", "percent", "low", "high"]
SAID = ["study", "patients", "designed", "said", "time", "words"]


def results_of(review: Review, group: str | None, *kinds: str) -> pd.DataFrame:
    """Return the results of a group of designs, with study label, nerves and patients."""
    studies = review.studies.set_index("row")
    rows = review.outcomes
    rows = rows[rows["kind"].isin(kinds)] if kinds else rows
    if group is not None:
        rows = rows[rows["row"].map(studies["design_group"]) == group]
    names = labels(review)
    return rows.assign(
        Study=[links.study(key, names[key]) for key in rows["key"]],
        Nerves=rows["row"].map(targets_of(review)),
        Patients=rows["row"].map(studies["patients"]),
    )


def responders_table(review: Review, group: str | None = None) -> Html:
    """Return responders with threshold, time, counts, denominator and 95% Wilson interval."""
    rows = results_of(review, group, "responder")
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Nerves": rows["Nerves"],
            "Arm": rows["arm_words"],
            "Responder means": [threshold_words(row) for row in rows.itertuples()],
            "At": [when(months) for months in rows["months"]],
            "Responders": [count_words(row) for row in rows.itertuples()],
            "95% CI (Wilson)": [interval_words(row) for row in rows.itertuples()],
        }
    )
    if rows["arm_words"].nunique() < 2:
        frame = frame.drop(columns="Arm")
    whose = f" of each {group}" if group else ""
    caption = f"Responders{whose}: patients above a threshold of relief"
    return table(told(review, frame), caption, missing="not stated")


def mean_changes_table(review: Review, group: str | None = None) -> Html:
    """Return mean changes in points with measure and time, and means compared with a threshold."""
    rows = results_of(review, group, "mean change", "mean relief")
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Nerves": rows["Nerves"],
            "Patients": rows["Patients"],
            "Measure": rows["measure"],
            "At": [when(months) for months in rows["months"]],
            "Change, points": rows["estimate"],
            "Words of the row": rows["words"],
        }
    )
    caption = "Mean changes of pain scores; a fall is negative"
    return table(told(review, frame), caption, missing="not stated")


def other_results_table(review: Review, group: str | None = None) -> Html:
    """Return what is neither a share of responders nor a mean: relief, durations, words, gaps."""
    kinds = ("relief", "duration", "final level", "statement", "completers")
    rows = results_of(review, group, *kinds)
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Nerves": rows["Nerves"],
            "Patients": rows["Patients"],
            "Kind": rows["kind"],
            "At": [when(months) for months in rows["months"]],
            "Words of the row": rows["words"].where(rows["status"] != "missing", "(blank cell)"),
        }
    )
    return table(
        told(review, frame),
        "Relief stated without a count, durations, and remarks",
        missing="not stated",
    )


def responders_chart(review: Review, group: str) -> Html:
    """Return each printed share of responders of a group of designs, with its 95% interval.

    group: trial, cohort, or case report.
    """
    rows = _responders(review, group)
    limit = review.rule.positive_share_percent
    title = _responders_title(review, rows, group)
    shares = rows[rows["percent"].notna()]
    parts = [f"{row.study}, {row.arm}: {row.said}" for row in shares.itertuples()]
    studies = studies_shown(review)
    without = studies[(studies["design_group"] == group) & ~studies["key"].isin(shares["key"])]
    return figure(
        _interval_plot(rows, limit, title),
        name=f"responders-{group.replace(' ', '-')}",
        alt=f"{title}. {'; '.join(parts)}.",
        caption=f"Each row is one printed result with the study's patients (n) and what it counts "
        f"as a responder: relief from baseline, or a fall in points; the time only where it is "
        f"printed. Most patients on top. Dashed: the review's own limit for a positive outcome, "
        f"{limit:g}%. Lines are 95% Wilson intervals; a hollow mark has none, because the number "
        f"of patients behind its percentage is not known. "
        f"{_not_shown(without, plural(group))}",
    )


def _not_shown(studies: pd.DataFrame, group: str) -> str:
    """Return which studies of a group print no share of responders; many are only counted."""
    if studies.empty:
        return f"All {group} print a share of responders."
    names = f" ({joined(studies['study'])})" if len(studies) <= 6 else ""
    return f"Not shown: {len(studies)} of the {group} that print no share of responders{names}."


def _responders(review: Review, group: str) -> pd.DataFrame:
    """Return one row per printed share of responders, or gap where one should be, with labels."""
    studies = studies_shown(review).drop(columns=["row"])
    outcomes = review.outcomes
    rows = outcomes[outcomes["kind"] == "responder"].drop(columns=["row"])
    rows = rows.merge(studies[studies["design_group"] == group], on="key", how="inner")
    limits = [_limits(row) for row in rows.itertuples()]
    return rows.assign(
        arm=rows["arm_words"].replace({"not stated": UNNAMED}),
        label=[_label(row, _counts(row)) for row in rows.itertuples()],
        low=[low for low, _ in limits],
        high=[high for _, high in limits],
        counted=rows["responders"].notna() & rows["evaluated"].notna(),
        said=[_share_words(row) for row in rows.itertuples()],
        time=_times(rows),
    ).sort_values(["patients", "study", "months"], ascending=[False, True, True], kind="stable")


def _limits(row: Any) -> tuple[float, float]:
    if pd.isna(row.responders) or pd.isna(row.evaluated):
        return math.nan, math.nan
    return wilson(int(row.responders), int(row.evaluated))


def _counts(row: Any) -> str:
    return threshold_words(row).removesuffix(" relief") or "not defined"


def _share_words(row: Any) -> str:
    if pd.isna(row.percent):
        return "not stated"
    return responders_text(row.responders, row.evaluated, row.percent)


def _label(row: Any, what: Any) -> str:
    """Return the two lines that name a result: its study; patients, what is measured, when."""
    what = "" if pd.isna(what) else f", {what}"
    when = "" if pd.isna(row.months) else f" at {in_months(row.months)}"
    return f"{row.study}\nn {row.patients}{what}{when}"


def _times(rows: pd.DataFrame) -> pd.Series[str]:
    return rows["months"].map(when).replace("", "not stated").astype("str")


def _responders_title(review: Review, rows: pd.DataFrame, group: str) -> str:
    """Return how many printed shares pass the review's limit, and what their intervals say."""
    rule, printed = review.rule, rows[rows["percent"].notna()]
    limit, exceeds = rule.positive_share_percent, COMPARE[rule.positive_rule]
    treated = printed[printed["arm"] == TREATMENT]
    others = printed[~printed["arm"].isin([TREATMENT, UNNAMED])]
    if treated.empty:
        return f"No share of responders to the treatment is printed for {plural(group)}"
    sign = {">": "More than", ">=": "At least"}.get(rule.positive_rule, rule.positive_rule)
    above = sum(exceeds(percent, limit) for percent in treated["percent"])
    title = (
        f"{sign} {limit:g}% of treated patients respond in {above} of "
        f"{of_some(len(treated), 'printed result')} of {plural(group)}"
    )
    if len(others):
        passed = others[[exceeds(percent, limit) for percent in others["percent"]]]
        words = [f"{row.percent:g}% of those with {row.arm}" for row in passed.itertuples()]
        return f"{title}; so do {joined(words)}" if words else f"{title}, in no comparison arm"
    counted = treated[treated["low"].notna()]
    sure = int((counted["low"] > limit).sum())
    return f"{title}; {sure} of {len(counted)} intervals lie wholly above {limit:g}%"


def _interval_plot(rows: pd.DataFrame, limit: float, title: str) -> alt.LayerChart:
    """Return shares as marks over their intervals, one row per label."""
    import altair as alt

    data = rows[SHARE + SAID].rename(columns={"label": "row"}).fillna({"words": ""})
    y = rows_axis(list(dict.fromkeys(data["row"])))
    tooltip = tips(
        ("arm", "arm"), ("said", "responders"), ("time", "time"), ("words", "words as printed")
    )
    scale = _arm_scale(data["arm"])
    shapes = alt.Scale(domain=scale.domain, range=["circle", "diamond", "square", "triangle-up"])
    shares = alt.Chart(data[data["percent"].notna()])
    axis, domain = alt.Axis(values=[0, 25, 50, 75, 100], grid=False), alt.Scale(domain=[0, 100])
    said = {
        "y": y,
        "opacity": faded("arm", scale.domain),
        "tooltip": tooltip,
        "detail": [alt.Detail(f"{field}:Q", title=words) for field, words in NUMBERS.items()],
    }
    marks = shares.mark_point(filled=True, size=90, strokeWidth=2).encode(
        x=alt.X("percent:Q", title=RESPONDERS, axis=axis, scale=domain),
        fill=alt.Fill("arm:N", title=None, scale=scale),
        stroke=alt.Stroke("arm:N", title=None, scale=scale),
        shape=alt.Shape("arm:N", title=None, scale=shapes),
        fillOpacity=alt.condition("datum.counted", alt.value(1), alt.value(0)),
        **said,
    )
    intervals = (
        alt.Chart(data[data["low"].notna()])
        .mark_rule(strokeWidth=2)
        .encode(
            x=alt.X("low:Q", title=RESPONDERS),
            x2="high:Q",
            stroke=alt.Stroke("arm:N", title=None, scale=scale),
            **said,
        )
    )
    gaps = alt.Chart(data[data["percent"].isna()].assign(zero=0)).mark_text(align="left", dx=4)
    words = gaps.encode(x=alt.X("zero:Q", title=RESPONDERS), text="said:N", **said)
    lead = leaders(data[data["percent"].notna()], 0, "percent", y, RESPONDERS)
    layers = [vertical_line(limit, RESPONDERS), lead, intervals, marks, words]
    chart = alt.LayerChart(layer=layers, title=title, height=alt.Step(RESULT_HEIGHT))
    return chart.add_params(*highlight(scale.domain))


def _arm_scale(arms: pd.Series[str]) -> alt.Scale:
    """Return the colours of the arms: the treatment first, an unnamed arm last and grey."""
    import altair as alt

    found = set(arms)
    named = sorted(found - {TREATMENT, UNNAMED})
    domain = [arm for arm in (TREATMENT, *named, UNNAMED) if arm in found]
    tones = dict(zip((TREATMENT, *named), (BLUE, ORANGE, GREEN, PURPLE), strict=False))
    return alt.Scale(domain=domain, range=[tones.get(arm, GREY) for arm in domain])


def mean_changes_chart(review: Review, group: str | None = None) -> Html:
    """Return the printed mean falls in points, one row per study, measure and time."""
    rows = _changes(review, group)
    title = _changes_title(rows, group)
    without_time = int(rows["months"].isna().sum())
    parts = [f"{row.study}, {row.scale}, {row.time}: {row.said}" for row in rows.itertuples()]
    return figure(
        _falls_plot(rows, groups(review), title),
        name="mean-changes" + (f"-{group.replace(' ', '-')}" if group else ""),
        alt=f"{title}. {'; '.join(parts) or 'The chart is empty'}.",
        caption=f"Each row is one printed result with the study's patients (n), its scale and its "
        f"time where printed; a fall of the mean score, which is less pain, points to the right. "
        f"Most patients on top. For {without_time} of {len(rows)} results "
        f"no time is printed. A 95% interval is printed for {rows['ci_low'].notna().sum()}; "
        "how sure the other means are is not known.",
    )


def _changes(review: Review, group: str | None) -> pd.DataFrame:
    """Return one row per printed mean change, with ``fall`` in points and words to show."""
    studies = studies_shown(review).drop(columns=["row"])
    if group is not None:
        studies = studies[studies["design_group"] == group]
    outcomes = review.outcomes
    rows = outcomes[outcomes["kind"] == "mean change"].drop(columns=["row"])
    rows = rows.merge(studies, on="key", how="inner")
    rows = rows.assign(
        fall=-rows["estimate"],
        scale=rows["measure"].fillna("scale not stated"),
        time=_times(rows).replace({"not stated": "time not stated"}),
    )
    said = [_fall_words(row) for row in rows.itertuples()]
    names = [_label(row, row.measure) for row in rows.itertuples()]
    rows = rows.assign(said=said, label=names)
    return rows.sort_values(
        ["patients", "study", "months"], ascending=[False, True, True], kind="stable"
    )


def _changes_title(rows: pd.DataFrame, group: str | None) -> str:
    """Return how far the means fall, and how many of the studies compare them with anything."""
    falls = rows.loc[rows["fall"] > 0, "fall"]
    if falls.empty:
        return (
            f"No mean fall of a pain score is printed for {plural(group) if group else 'any study'}"
        )
    studies = rows.drop_duplicates("key")
    controlled = int(studies["comparators"].map(bool).sum())
    return (
        f"Mean pain falls by {falls.min():g} to {falls.max():g} points in {len(falls)} of "
        f"{of_some(len(rows), 'printed result')}; {controlled or 'none'} of the {len(studies)} "
        f"studies {'have' if controlled > 1 else 'has'} a comparison group"
    )


def _fall_words(row: Any) -> str:
    if pd.isna(row.fall):
        return "not stated" if pd.isna(row.direction) else str(row.direction)
    return f"{row.fall:g} points"


def _falls_plot(rows: pd.DataFrame, names: list[str], title: str) -> alt.LayerChart:
    """Return a line from no change to each mean fall; words where no size is printed."""
    import altair as alt

    columns = [
        "label",
        "fall",
        "group",
        "study",
        "patients",
        "designed",
        "scale",
        "time",
        "said",
        "words",
    ]
    data = rows[columns].rename(columns={"label": "row"}).fillna({"words": ""}).assign(zero=0)
    y = rows_axis(list(dict.fromkeys(data["row"])))
    tooltip = tips(
        ("group", "group"),
        ("scale", "scale"),
        ("time", "time"),
        ("said", "fall"),
        ("words", "words as printed"),
    )
    tones = {
        name: tone for name, tone in zip(names, PALETTE, strict=False) if name in set(rows["group"])
    }
    colour = colours("group", list(tones), list(tones.values()))
    sized = alt.Chart(data[data["fall"].notna()])
    said = {
        "y": y,
        "opacity": faded("group", list(tones)),
        "tooltip": tooltip,
        "detail": alt.Detail("fall:Q", title="fall in points"),
    }
    lines = sized.mark_rule(strokeWidth=2).encode(
        x=alt.X("zero:Q", title=FALL), x2="fall:Q", color=colour, **said
    )
    x = alt.X("fall:Q", title=FALL, scale=alt.Scale(zero=True))
    marks = sized.mark_point(size=90).encode(x=x, color=colour, **said)
    gaps = alt.Chart(data[data["fall"].isna()]).mark_text(align="left", dx=4)
    words = gaps.encode(x=alt.X("zero:Q", title=FALL), text="said:N", **said)
    layers = [vertical_line(0, FALL), lines, marks, words]
    chart = alt.LayerChart(layer=layers, title=title, height=alt.Step(RESULT_HEIGHT))
    return chart.add_params(*highlight(list(tones)))
