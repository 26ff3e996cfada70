"""What reading the studies gave: where they differ from print, and what they report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.disagreements import compared_fields, unverified
from livingreview.evidence.edition import distinct_studies
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.marks import (
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    cell_bars,
    colours,
    in_cells,
    in_lines,
    studies_shown,
    tips,
)
from livingreview.show.table import table
from livingreview.show.words import labels

if TYPE_CHECKING:
    from livingreview.review import Review

STATED = "stated"
NOT_STATED = "not stated"
NOT_REPORTED = "not reported"
NOT_READ = "not read"
STATUSES = (STATED, NOT_REPORTED, NOT_STATED, NOT_READ)


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
        for field in compared_fields(review)
        for found in [rows[rows["field"] == field]]
    )
    return table(frame, "Fields in which the review and the study differ")


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
            "Weight": rows["weight"],
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
    return table(
        frame,
        "Verdicts of the second table that stand on a disputed value",
        missing="nothing found",
    )


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


def reporting_table(review: Review) -> Html:
    """Return, per item, how many reports state it, do not state it, or were not read."""
    rows = review.living.reporting
    meanings = review.source.vocabulary.reporting.by_name
    counts = pd.crosstab(rows["item"], rows["status"])
    counts = counts.reindex(columns=list(STATUSES), fill_value=0)
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
        | {
            meanings[item].meaning or item: list(wide[item])
            for item in meanings
            if item in wide.columns
        }
    )
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
    rest = "the rest is not reported, not stated or not read"
    title = f"Reports state {stated} of {len(rows)} items; {rest}"
    chart = cell_bars(
        cells,
        list(lines.values()),
        colours("status", list(STATUSES), [BLUE, PURPLE, ORANGE, GREY]),
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
