"""Tables of results: responders, mean changes, other outcomes, contrasts, adverse events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.show import links
from livingreview.show.html import Html
from livingreview.show.studies import joined, labels
from livingreview.show.table import table
from livingreview.synthesis.intervals import wilson
from livingreview.words import in_months

if TYPE_CHECKING:
    from livingreview.review import Review


def _rows(review: Review, group: str | None, *kinds: str) -> pd.DataFrame:
    """Return the results of a group of designs, with study label, nerves and patients."""
    studies = review.studies.set_index("row")
    rows = review.outcomes
    rows = rows[rows["kind"].isin(kinds)] if kinds else rows
    if group is not None:
        rows = rows[rows["row"].map(studies["design_group"]) == group]
    names = labels(review)
    return rows.assign(
        Study=[links.study(key, names[key]) for key in rows["key"]],
        Nerves=rows["row"].map(joined(review)),
        Patients=rows["row"].map(studies["patients"]),
    )


def _time(months: float) -> str:
    return "" if pd.isna(months) else in_months(months)


def threshold_words(row: Any) -> str:
    """Return what makes a responder: "> 50% relief", "> 2 points", or nothing if not stated."""
    if pd.notna(row.threshold_percent):
        return f"{row.threshold_rule} {row.threshold_percent:g}% relief"
    if pd.notna(row.threshold_points):
        return f"{row.threshold_rule} {row.threshold_points:g} points"
    return ""


def interval_words(row: Any) -> str:
    """Return the 95% Wilson interval in percent, or why there is none."""
    if pd.notna(row.responders) and pd.notna(row.evaluated):
        low, high = wilson(int(row.responders), int(row.evaluated))
        return f"{low:.0f} to {high:.0f}"
    if pd.isna(row.percent):
        return ""
    if pd.isna(row.evaluated):
        return "no denominator printed"
    return "no one count fits"


def count_words(row: Any) -> str:
    """Return responders over their denominator with the percentage, as far as they are known."""
    if pd.isna(row.percent):
        return ""
    if pd.isna(row.evaluated):
        return f"{row.percent:g}%"
    if pd.isna(row.responders):
        return f"{row.percent:g}% of {row.evaluated}"
    return f"{row.responders} of {row.evaluated} ({row.percent:g}%)"


def responders_table(review: Review, group: str | None = None) -> Html:
    """Return responders with threshold, time, counts, denominator and 95% Wilson interval."""
    rows = _rows(review, group, "responder")
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Nerves": rows["Nerves"],
            "Arm": rows["arm_words"],
            "Responder means": [threshold_words(row) for row in rows.itertuples()],
            "At": [_time(months) for months in rows["months"]],
            "Responders": [count_words(row) for row in rows.itertuples()],
            "95% CI (Wilson)": [interval_words(row) for row in rows.itertuples()],
        }
    )
    if rows["arm_words"].nunique() < 2:
        frame = frame.drop(columns="Arm")
    whose = f" of each {group}" if group else ""
    caption = f"Responders{whose}: patients above a threshold of relief"
    return table(frame, caption, missing="not stated")


def mean_changes_table(review: Review, group: str | None = None) -> Html:
    """Return mean changes in points with measure and time, and means compared with a threshold."""
    rows = _rows(review, group, "mean change", "mean relief")
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Nerves": rows["Nerves"],
            "Patients": rows["Patients"],
            "Measure": rows["measure"],
            "At": [_time(months) for months in rows["months"]],
            "Change, points": rows["estimate"],
            "Words of the row": rows["words"],
        }
    )
    return table(frame, "Mean changes of pain scores; a fall is negative", missing="not stated")


def other_results_table(review: Review, group: str | None = None) -> Html:
    """Return what is neither a share of responders nor a mean: relief, durations, words, gaps."""
    kinds = ("relief", "duration", "final level", "statement", "completers")
    rows = _rows(review, group, *kinds)
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Nerves": rows["Nerves"],
            "Patients": rows["Patients"],
            "Kind": rows["kind"],
            "At": [_time(months) for months in rows["months"]],
            "Words of the row": rows["words"].where(rows["status"] != "missing", "(blank cell)"),
        }
    )
    return table(frame, "Relief stated without a count, durations, and remarks",
                 missing="not stated")  # fmt: skip


def contrasts_table(review: Review) -> Html:
    """Return every printed comparison with another arm, whatever the design."""
    rows = _rows(review, None, "between-group difference")
    designs = review.studies.set_index("row")["design"]
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Design": rows["row"].map(designs),
            "Nerves": rows["Nerves"],
            "Contrast": rows["arm_words"],
            "Printed direction": rows["direction"],
            "Words of the row": rows["words"],
        }
    )
    return table(frame, "Comparisons with another treatment or sham that the table prints")


def trials_table(review: Review) -> Html:
    """Return one row per randomised trial with its comparators and computed verdict."""
    from livingreview.evidence.trials import verdicts

    said = verdicts(review)
    trials = review.studies.loc[said.index]
    names = labels(review)
    nerves = joined(review)
    words = review.outcomes.groupby("row")["words"].agg(
        lambda texts: "; ".join(dict.fromkeys(texts.dropna()))
    )
    frame = pd.DataFrame(
        {
            "Trial": [links.study(key, names[key]) for key in trials["key"]],
            "Nerves": trials["row"].map(nerves),
            "Patients": trials["patients"],
            "Followed": [_time(months) for months in trials["followup_max_months"]],
            "Against": trials["comparators"],
            "Outcome, as printed": trials["row"].map(words),
            "Read as": said,
        }
    )
    return table(frame, "The randomised trials as the review prints them")


def adverse_events_table(review: Review) -> Html:
    """Return every row that says anything on adverse events."""
    rows = review.adverse_events
    rows = rows[rows["status"] != "not mentioned"]
    names = labels(review)
    nerves = joined(review)
    frame = pd.DataFrame(
        {
            "Study": [links.study(key, names[key]) for key in rows["key"]],
            "Nerves": rows["row"].map(nerves),
            "Event": rows["event"].fillna("none, says the row"),
            "Patients with it": rows["patients"],
            "Patients at risk": rows["at_risk"],
            "Serious": rows["serious"],
        }
    )
    return table(frame, "Adverse events that the review's first table prints",
                 missing="not stated")  # fmt: skip
