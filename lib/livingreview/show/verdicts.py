"""Tables of the long-term rule and of the audit of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.audit.claims import VERDICTS
from livingreview.audit.counts import VERDICTS as NAMED
from livingreview.evidence.rule import AGREEMENTS
from livingreview.show import links
from livingreview.show.decided import Deciders
from livingreview.show.html import Html
from livingreview.show.studies import labels
from livingreview.show.table import table
from livingreview.words import slug

if TYPE_CHECKING:
    from livingreview.review import Review

NEITHER = AGREEMENTS[-1]


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


def verdicts_table(review: Review) -> Html:
    """Return the number of claims per section and verdict, with totals."""
    counts = pd.crosstab(review.audit["section"], review.audit["verdict"])
    sections = list(dict.fromkeys(review.audit["section"]))
    counts = counts.reindex(index=sections, columns=list(VERDICTS), fill_value=0)
    counts["claims"] = counts.sum(axis=1)
    frame = counts.astype(object)
    totals = {words: f"claims_with(verdict={name})" for name, words in NAMED.items()}
    frame.loc["all"] = pd.Series(
        {
            column: links.fact(review.fact(name), str(counts[column].sum()))
            for column, name in (totals | {"claims": "claims"}).items()
        }
    )
    frame = frame.rename_axis(index="Section", columns=None).reset_index()
    frame["Section"] = frame["Section"].replace({"table1": "table 1", "table2": "table 2"})
    caption = "Claims of the source review by section and computed verdict"
    return table(frame, caption, numeric=[*VERDICTS, "claims"])


def claims_that_matter(review: Review) -> Html:
    """Return the claims that the claims file marks as mattering, with computed verdicts."""
    rows = review.audit[review.audit["matters"].notna()]
    frame = _claims(review, rows, anchored=False)
    frame["Why it matters"] = list(rows["matters"])
    return table(frame, "Claims that matter most to a clinician")


def claims_table(review: Review, section: str) -> Html:
    """Return the claims of one section: printed, computed, verdict, and the fact behind it."""
    rows = review.audit[review.audit["section"] == section]
    return table(_claims(review, rows, anchored=True), f"Claims: {section}")


def _claims(review: Review, rows: pd.DataFrame, *, anchored: bool) -> pd.DataFrame:
    def name(row: pd.Series[str]) -> Markup:
        if anchored:
            return links.anchor(f"claim-{slug(row['id'])}", row["says"])
        return links.claim(row["id"], row["says"])

    def computed(row: pd.Series[str]) -> Markup | str:
        if pd.isna(row["fact"]):
            return f"{row['why_not']}."
        question = Markup('<span class="question">{}</span>').format(row["question"])
        return Markup("{}<br>{}").format(links.fact(review.fact(row["fact"])), question)

    deciders = Deciders(review)

    def verdict(row: pd.Series[str]) -> Markup | str:
        if pd.isna(row["fact"]):
            return row["verdict"]
        return Markup("{} {}").format(row["verdict"], deciders.of(row))

    records = [row for _, row in rows.iterrows()]
    return pd.DataFrame(
        {
            "Claim, in our words": [name(row) for row in records],
            "Printed": [row["expects"] for row in records],
            "Computed": [computed(row) for row in records],
            "Verdict": [verdict(row) for row in records],
        }
    )
