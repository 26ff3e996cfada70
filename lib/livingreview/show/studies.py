"""Tables of the studies: the printed rows, the designs, the nerves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.edition import distinct_studies
from livingreview.show import links
from livingreview.show.bigtable import interactive
from livingreview.show.html import Html
from livingreview.show.table import table

if TYPE_CHECKING:
    from livingreview.review import Review


MOST_WORDS = 3  # a longer name is that of an institution, or says that no author is known


def label(study: Any) -> str:
    """Return author and year as the row prints them; the key in words where no author is known."""
    if len(study.first_author.split()) > MOST_WORDS:
        return str(study.key).replace("-", " ").capitalize()
    return f"{study.first_author} {study.year}"


def labels(review: Review) -> dict[str, str]:
    """Return the label of each study by key; years alone may stand for two studies."""
    rows = distinct_studies(review.studies)
    return {
        str(row["key"]): label(row) if pd.isna(row["ref"]) else f"{label(row)} [{row['ref']}]"
        for _, row in rows.iterrows()
    }


def joined(review: Review, column: str = "nerve") -> pd.Series[str]:
    """Return, per printed row, the names of its targets joined by ', '."""
    named: pd.Series[str] = review.targets.groupby("row")[column].agg(
        lambda names: ", ".join(dict.fromkeys(names))
    )
    return named


def studies_table(review: Review) -> Html:
    """Return the printed rows with classified design, nerves and guidance, to sort and search."""
    rows = review.studies
    printed = pd.DataFrame(review.source.table1, index=rows.index)
    names = [
        links.study(str(study.key), f"{label(study)} [{study.ref}]") for study in rows.itertuples()
    ]
    frame = pd.DataFrame(
        {
            "Study": names,
            "Design": printed["Design"],
            "Patients": rows["patients"],
            "Nerves and structures": rows["row"].map(joined(review)),
            "Region": rows["row"].map(joined(review, "region")),
            "Guidance": rows["guidance"],
            "Follow-up, as printed": printed["Follow Up"].str.strip(),
            "Outcomes, as printed": printed["Outcomes"].str.strip(),
            "Notes, as printed": printed["Notes"].str.strip(),
            "Source": [links.doi(value, "DOI") for value in rows["doi"]],
            "months": rows["followup_max_months"],
        }
    )
    return interactive(
        frame,
        Markup("The {} printed rows of the review's first table").format(
            links.fact(review.fact("printed_rows"))
        ),
        name="studies",
        sort_by={"Follow-up, as printed": "months"},
        missing="missing",
    )


def designs_table(review: Review) -> Html:
    """Return one row per design: printed rows, distinct studies, patients of distinct studies."""
    studies = review.studies
    distinct = distinct_studies(studies)
    frame = pd.DataFrame(
        {
            "Design": term.meaning,
            "Code": term.name,
            "Printed rows": (studies["design"] == term.name).sum(),
            "Distinct studies": (distinct["design"] == term.name).sum(),
            "Patients": int(distinct.loc[distinct["design"] == term.name, "patients"].sum()),
        }
        for term in review.source.vocabulary.designs.entries
    )
    return table(frame, "Designs as printed, with distinct studies and their patients")


def nerves_table(review: Review) -> Html:
    """Return one row per region and nerve: distinct studies by group of design, and their names."""
    targets = review.targets.merge(review.studies[["row", "design_group"]], on="row")
    names = labels(review)
    rows = []
    for (region, nerve), group in targets.groupby(["region", "nerve"], sort=True):
        keys = dict.fromkeys(group["key"])
        counts = group.drop_duplicates("key")["design_group"].value_counts()
        rows.append(
            {
                "Nerve or structure": nerve,
                "Region": region,
                "Trials": counts.get("trial", 0),
                "Cohorts": counts.get("cohort", 0),
                "Case reports and series": counts.get("case report", 0),
                "Studies": Markup(", ").join(links.study(key, names[key]) for key in keys),
            }
        )
    frame = pd.DataFrame(rows)
    return table(frame, "Nerves and structures, with the studies that treated each")


def misnamed_table(review: Review) -> Html:
    """Return the rows of both tables whose author or year is not that of the reference list."""
    listed = review.references
    named = {row.ref: label(row) for row in listed.itertuples()}
    found = []
    tables = {"1": review.studies, "2": review.printed_verdicts}
    for number, rows in tables.items():
        for row in rows.itertuples():
            printed, right = label(row), named[row.ref]
            if printed != right:
                name = Markup("{} [{}]").format(links.study(str(row.key), printed), row.ref)
                found.append({"Table": number, "Row prints": name, "Reference list prints": right})
    columns = ["Table", "Row prints", "Reference list prints"]
    frame = pd.DataFrame(found, columns=columns)
    return table(frame, "Rows whose author or year differs from the reference list",
                 row_header="Row prints")  # fmt: skip
