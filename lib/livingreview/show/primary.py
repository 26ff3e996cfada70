"""Tables of the primary studies: how far they were read, and where the review differs from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.disagreements import FIELDS, unverified
from livingreview.evidence.edition import distinct_studies
from livingreview.frames import is_contrast
from livingreview.show import links
from livingreview.show.html import Html
from livingreview.show.studies import label, labels
from livingreview.show.table import table
from livingreview.words import in_months, listed

if TYPE_CHECKING:
    from livingreview.review import Review


def disagreement_counts_table(review: Review) -> Html:
    """Return one row per field: studies that differ, and which."""
    rows = review.disagreements
    names = labels(review.printed)
    frame = pd.DataFrame(
        {
            "Field": field,
            "Studies that differ": found["key"].nunique(),
            "Which": Markup(", ").join(
                links.study(key, names[key]) for key in dict.fromkeys(found["key"])
            ),
        }
        for field in FIELDS
        for found in [rows[rows["field"] == field]]
    )
    return table(frame, "Fields in which the review and the study, or the reference, differ")


def disagreements_table(review: Review, *fields: str) -> Html:
    """Return the disagreements in some fields: what is printed, what the study states, read in."""
    rows = review.disagreements
    rows = rows[rows["field"].isin(fields)]
    names = labels(review.printed)
    frame = pd.DataFrame(
        {
            "Study": [links.study(key, names[key]) for key in rows["key"]],
            "Field": rows["field"],
            "The review prints": rows["printed"],
            "The study states": rows["primary"],
            "Read in": rows["read_as"],
        }
    )
    if len(fields) == 1:
        frame = frame.drop(columns="Field")
    return table(frame, f"Disagreements on {' and '.join(fields)}")


def disputed_studies_table(review: Review, least: int = 2) -> Html:
    """Return the studies with several disagreements, most first, with the fields."""
    rows = review.disagreements
    names = labels(review.printed)
    counts = rows.groupby("key", sort=False)["field"].agg([len, ", ".join])
    counts = counts[counts["len"] >= least].sort_values("len", ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "Study": [links.study(str(key), names[str(key)]) for key in counts.index],
            "Disagreements": list(counts["len"]),
            "On": list(counts["join"]),
        }
    )
    return table(frame, "Studies that the review prints differently in several fields")


def disputed_verdicts_table(review: Review) -> Html:
    """Return the second table's verdicts: printed, by the rule as printed, by the rule as read."""
    printed = review.printed.long_term.set_index("key")
    checked = review.in_edition("checked").long_term.set_index("key")
    fields = review.disagreements.groupby("key")["field"].agg(", ".join)
    names = labels(review.printed)
    read = review.in_edition("checked").studies.set_index("key")["read_as"]
    listed = review.printed.printed_verdicts
    frame = pd.DataFrame(
        {
            "Study": [links.study(key, names[key]) for key in listed["key"]],
            "Printed": listed["positive"].str.upper(),
            "By the rule, printed values": [printed.at[key, "verdict"] for key in listed["key"]],
            "By the rule, values as read": [
                ": ".join(map(str, checked.loc[key, ["verdict", "verdict_reason"]]))
                for key in listed["key"]
            ],
            "Disputed": [fields.get(key, "") for key in listed["key"]],
            "Read in": [read[key] for key in listed["key"]],
        }
    )
    return table(frame, "Verdicts of the second table that stand on a disputed value",
                 missing="nothing found")  # fmt: skip


def unverified_table(review: Review) -> Html:
    """Return, per group of designs, how many studies, patients and YES verdicts are unverified."""
    rows = unverified(review)
    verdicts = review.printed.printed_verdicts
    positive = set(verdicts.loc[verdicts["positive"] == "yes", "key"])
    everything = distinct_studies(review.printed.studies)
    frame = pd.DataFrame(
        {
            "Design": group,
            "Studies": len(everything[everything["design_group"] == group]),
            "Of these not read": len(found),
            "Patients in them": int(found["patients"].sum()),
            "Printed YES verdicts on them": int(found["key"].isin(positive).sum()),
        }
        for group in dict.fromkeys(everything["design_group"])
        for found in [rows[rows["design_group"] == group]]
    )
    return table(frame, "What stands on the review's table alone")


def added_studies_table(review: Review) -> Html:
    """Return the studies that this review adds, each with a link to its card."""
    living = review.living
    rows = living.studies
    rows = rows[rows["added_in"] == "living edition"]
    nerves = living.targets.groupby("key")["nerve"].agg(", ".join)
    frame = pd.DataFrame(
        {
            "Study": [links.study(str(row.key), label(row)) for row in rows.itertuples()],
            "Design": rows["design"],
            "Patients": rows["patients"],
            "Treated": rows["patients_treated"],
            "Condition": rows["condition"],
            "Nerves": rows["key"].map(nerves),
            "Compared with": [listed(names or ()) or "nothing" for names in rows["comparators"]],
            "Read in": rows["read_as"],
            "Source": [links.doi(value, "DOI") for value in rows["doi"]],
        }
    )  # fmt: skip
    return table(frame, "Studies that the living edition adds", missing="not stated")


def contrasts_reported_table(review: Review, comparator: str | None = None) -> Html:
    """Return each contrast of the randomised trials on its own scale, as read."""
    rows = trial_contrasts(review.living, comparator)
    names = labels(review.living)
    endpoint = {True: "primary", False: "secondary"}
    frame = pd.DataFrame(
        {
            "Trial": [links.study(key, names[key]) for key in rows["key"]],
            "Contrast": rows["arm_words"],
            "Measure": rows["measure"],
            "Endpoint": [endpoint.get(mark, "not stated") if pd.notna(mark) else "not stated"
                         for mark in rows["primary_endpoint"]],
            "At": ["" if pd.isna(m) else in_months(m) for m in rows["months"]],
            "Estimate": [_estimate(row) for row in rows.itertuples()],
            "P": [_p(row) for row in rows.itertuples()],
            "Direction": rows["direction"],
            "Read in": rows["read_as"],
        }
    )  # fmt: skip
    against = f" against {comparator}" if comparator else ""
    return table(frame, f"Contrasts of the randomised trials{against}, each on its own scale",
                 missing="not stated")  # fmt: skip


def trial_contrasts(living: Review, comparator: str | None = None) -> pd.DataFrame:
    """Return the rows of contrasts of the treated arm in randomised trials, primary ones first."""
    studies = living.studies
    trials = studies[studies["randomised"]]
    rows = living.outcomes
    rows = rows[rows["row"].isin(trials["row"]) & (rows["kind"] == "between-group difference")]
    rows = rows[is_contrast(rows)]
    if comparator is not None:
        rows = rows[is_contrast(rows, (comparator,))]
    return rows


def _estimate(row: Any) -> str:
    if pd.isna(row.estimate):
        return ""
    scale = "" if pd.isna(row.unit) else f" {row.unit}"
    limits = "" if pd.isna(row.ci_low) else f", 95% CI {row.ci_low:g} to {row.ci_high:g}"
    return f"{row.estimate:g}{scale}{limits}"


def _p(row: Any) -> str:
    if pd.notna(row.p_words):
        return str(row.p_words)
    return "" if pd.isna(row.p_value) else f"{row.p_value:g}"


def living_trials_table(review: Review) -> Html:
    """Return one row per randomised trial of the living edition with its verdict."""
    from livingreview.evidence.trials import verdicts

    living = review.living
    said = verdicts(living)
    trials = living.studies.loc[said.index]
    names = labels(living)
    reports = living.reports.set_index("key")
    frame = pd.DataFrame(
        {
            "Trial": [links.study(key, names[key]) for key in trials["key"]],
            "Condition": trials["condition"],
            "Arms": [reports["arms"].get(key) for key in trials["key"]],
            "Followed": [in_months(months) for months in trials["followup_max_months"]],
            "Result": said,
            "From": trials["added_in"],
        }
    )
    caption = (
        "The randomised trials, printed and added; result at the primary endpoint, "
        "or in all contrasts where none is marked"
    )
    return table(frame, caption, missing="not stated")


def reporting_table(review: Review) -> Html:
    """Return, per item, how many reports state it, do not state it, or were not read."""
    rows = review.living.reporting
    meanings = review.source.vocabulary.reporting.by_name
    counts = pd.crosstab(rows["item"], rows["status"])
    counts = counts.reindex(columns=["stated", "not stated", "not read"], fill_value=0)
    frame = pd.DataFrame(
        {"Item": meanings[item].meaning or item, **counts.loc[item].to_dict()}
        for item in meanings
        if item in counts.index
    )
    return table(frame, "What the reports state, of the reports that were read and that were not")


def stated_items_table(review: Review) -> Html:
    """Return what each report that states an item says of it."""
    rows = review.living.reporting
    rows = rows[rows["status"] == "stated"]
    names = labels(review.living)
    wide = rows.pivot(index="key", columns="item", values="value")
    meanings = review.source.vocabulary.reporting.by_name
    frame = pd.DataFrame(
        {"Study": [links.study(key, names[key]) for key in wide.index]}
        | {meanings[item].meaning or item: list(wide[item]) for item in meanings
           if item in wide.columns}
    )  # fmt: skip
    return table(frame, "Items as the reports state them", missing="not stated")


def reporting_by_table(review: Review, column: str) -> Html:
    """Return, per design group or year, how many of the reports that were read state each item.

    column: ``design_group`` or ``reference_year`` of the studies table.
    """
    studies = review.living.studies.set_index("key")[column]
    rows = review.living.reporting
    rows = rows[rows["key"].isin(studies.index) & (rows["status"] != "not read")]
    rows = rows.assign(by=rows["key"].map(studies), stated=rows["status"] == "stated")
    counts = rows.groupby(["by", "item"])["stated"].agg(["sum", "size"])
    told = {place: f"{k} of {n}" for place, k, n in counts.itertuples()}
    meanings = review.source.vocabulary.reporting.by_name
    title = {"design_group": "Design", "reference_year": "Year"}[column]
    frame = pd.DataFrame(
        {title: str(by)}
        | {meanings[item].meaning or item: told.get((by, item), "") for item in meanings}
        for by in dict.fromkeys(rows["by"].sort_values())
    )
    return table(frame, f"Reports that state an item, of those that were read, by {title.lower()}")
