"""The long term: follow-up, the printed verdicts at six months and the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.rule import AGREEMENTS
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.marks import (
    BLUE,
    GREY,
    ORANGE,
    cell_bars,
    colours,
    faded,
    groups,
    highlight,
    in_cells,
    in_lines,
    leaders,
    rows_axis,
    studies_shown,
    tips,
    vertical_line,
)
from livingreview.show.table import table
from livingreview.show.words import as_printed, labels, of_some, tally
from livingreview.words import in_months

if TYPE_CHECKING:
    import altair as alt

    from livingreview.review import Review

SHORTEST = 0.1  # months: a logarithmic axis has no place for nothing
TICKS = (0.25, 1, 3, 6, 12, 60)
MONTHS = "Follow-up (months)"
SHAPES = {"one stated time": "circle", "mean": "diamond", "shortest and longest": "square"}
KINDS = {"stated": "one stated time", "mean": "mean", "range": "shortest and longest"}
ROW = 19
NEITHER = AGREEMENTS[-1]
AGREE, DIFFER, UNDECIDED = "agree", "differ", "cannot be decided"
TALL = 36  # pixels: bars whose names take two lines


def followup_chart(review: Review) -> Html:
    """Return the printed follow-up of each distinct study: a time, a range, a mean, or words."""
    studies = studies_shown(review)
    studies = studies.assign(words=as_printed(review, studies["row"], "followup"))
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
    tooltip = tips(
        ("group", "group"), ("followup_status", "follow-up"), ("words", "follow-up as printed")
    )
    months = [
        alt.Detail("followup_min_months:Q", title="months, at least"),
        alt.Detail("followup_max_months:Q", title="months, at most"),
    ]
    shapes = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    legend = alt.Legend(orient="bottom", symbolFillColor=GREY)
    shape = alt.Shape("kind:N", title=None, legend=legend, scale=shapes)
    x = alt.X(
        "high:Q",
        title=MONTHS,
        axis=alt.Axis(values=list(TICKS), format="~g", tickCount=40, labelOverlap=False),
        scale=alt.Scale(type="log", domainMin=SHORTEST, nice=False),
    )
    low = alt.X("low:Q", title=MONTHS)
    said = {"y": y, "opacity": opacity, "tooltip": tooltip, "detail": months}
    marks = alt.Chart(known).mark_point().encode(x=x, color=colour, shape=shape, **said)
    ends = alt.Chart(ranges).mark_point().encode(x=low, color=colour, shape=shape, **said)
    spans = (
        alt.Chart(ranges).mark_rule(strokeWidth=2).encode(x=low, x2="high:Q", color=colour, **said)
    )
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
        ascending=[False, False, True, True],
        kind="stable",
    )
    drawn = ordered.assign(
        row=ordered["study"],
        kind=ordered["followup_status"].map(KINDS),
        low=ordered["followup_min_months"].clip(lower=SHORTEST),
        high=ordered["followup_max_months"].clip(lower=SHORTEST),
        start=SHORTEST,
    )
    columns = [
        "study",
        "patients",
        "designed",
        "group",
        "followup_status",
        "words",
        "followup_min_months",
        "followup_max_months",
    ]
    return drawn[[*columns, "row", "kind", "low", "high", "start"]]


def long_term_table(review: Review) -> Html:
    """Return the studies that are listed or may qualify: printed verdict beside the rule's."""
    rows = review.long_term[review.long_term["agreement"] != NEITHER]
    order = {name: place for place, name in enumerate(AGREEMENTS)}
    rows = rows.sort_values("agreement", key=lambda names: names.map(order), kind="stable")
    names = labels(review)
    patients = review.studies.set_index("row")["patients"]
    frame = pd.DataFrame(
        {
            "Study": [links.study(key, names[key]) for key in rows["key"]],
            "Patients": rows["row"].map(patients),
            "Printed": rows["printed"].replace({"yes": "YES", "no": "NO"}),
            "Qualifies by the rule": rows["qualifies"] + ": " + rows["qualifies_reason"],
            "Positive by the rule": rows["positive"] + ": " + rows["positive_reason"],
            "Printed and computed": rows["agreement"],
        }
    )
    return table(frame, "The review's second table beside its own rule, study by study")


def agreement_table(review: Review) -> Html:
    """Return one row per way in which printed verdict and rule stand, with its studies."""
    names = labels(review)
    rows = review.long_term
    frame = pd.DataFrame(
        {
            "Printed and computed": kind,
            "Studies": len(found),
            "Which": Markup(", ").join(links.study(key, names[key]) for key in found["key"])
            if kind != NEITHER
            else "",
        }
        for kind in AGREEMENTS
        for found in [rows[rows["agreement"] == kind].drop_duplicates("key")]
    )
    return table(frame, "How the printed second table and the rule stand to each other")


def agreement_chart(review: Review) -> Html:
    """Return the studies by how the printed list and the review's own rule stand to each other."""
    rows = review.long_term.drop_duplicates(["key", "agreement"])
    shown = rows[rows["agreement"] != NEITHER]
    counts = shown["agreement"].value_counts()
    kinds = [kind for kind in AGREEMENTS if kind in counts.index]
    listed = rows.loc[rows["printed"] != "not listed", "key"].nunique()
    agree = int(counts.get(AGREEMENTS[0], 0))
    left_out = int(counts.get("qualifies, but was left out", 0))
    title = (
        f"The rule confirms {agree} of {listed} printed verdicts on the long term; "
        f"{of_some(left_out, 'study that it admits was', 'studies that it admits were')} left out"
    )
    lines = in_lines(kinds, 27)
    studies = studies_shown(review)[["key", "study", "patients", "designed"]]
    cells = shown.assign(
        label=shown["agreement"].map(lines), stand=shown["agreement"].map(_stand)
    ).merge(studies, on="key")
    cells = in_cells(cells, "label", "stand", [AGREE, DIFFER, UNDECIDED])
    chart = cell_bars(
        cells,
        [lines[kind] for kind in kinds],
        colours("stand", [AGREE, DIFFER, UNDECIDED], [BLUE, ORANGE, GREY]),
        tips(
            ("row", "list and rule"),
            ("printed", "printed verdict"),
            ("qualifies_reason", "qualifies?"),
            ("positive_reason", "positive?"),
        ),
        title=title,
        height=TALL,
    )
    neither = rows.loc[rows["agreement"] == NEITHER, "key"].nunique()
    return figure(
        chart,
        name="agreement",
        alt=f"{title}. {tally(counts[kinds])}.",
        caption=f"Each cell is a study of the review's second table, or one that its rule admits "
        f"or may admit; a study printed in two rows is judged by the last. "
        f"{neither} more are neither listed nor qualify. Cannot be decided: the printed "
        "follow-up, threshold or time does not say enough.",
    )


def _stand(kind: str) -> str:
    if kind == AGREEMENTS[0]:
        return AGREE
    return UNDECIDED if "cannot be decided" in kind else DIFFER


def rule_table(review: Review) -> Html:
    """Return the limits of the long-term rule in force on this page and in the protocol."""
    printed = review.source.protocol.long_term_rule
    used = review.rule
    frame = pd.DataFrame(
        [
            {
                "Part of the rule": "follow-up",
                "As the review states it": f"{printed.minimum_followup_months:g} months or more",
                "Used on these pages": f"{used.minimum_followup_months:g} months or more",
            },
            {
                "Part of the rule": "meaningful relief",
                "As the review states it": f"{printed.relief_rule} "
                f"{printed.relief_threshold_percent:g}% of baseline pain",
                "Used on these pages": f"{used.relief_rule} "
                f"{used.relief_threshold_percent:g}% of baseline pain",
            },
            {
                "Part of the rule": "positive outcome",
                "As the review states it": f"{printed.positive_rule} "
                f"{printed.positive_share_percent:g}% of patients with meaningful relief",
                "Used on these pages": f"{used.positive_rule} "
                f"{used.positive_share_percent:g}% of patients with meaningful relief",
            },
        ]
    )
    return table(frame, "The review's rule for the long term")
