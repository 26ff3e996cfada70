"""Facts on the primary studies: how many were read, and where they disagree with the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pandas as pd

from livingreview.data.screening import DECISIONS
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.select import number_of, select, terms_of
from livingreview.facts.values import Value
from livingreview.tables import Direction

if TYPE_CHECKING:
    from livingreview.review import Review


def _read_keys(review: Review) -> pd.Index[str]:
    studies = review.in_edition("checked").evidence.studies
    keys: pd.Index[str] = pd.Index(studies.loc[studies["from_primary"].notna(), "key"])
    return keys


@fact(
    "Distinct studies of the source review whose own report was read, at least its abstract",
    edition="printed",
)
def studies_read(review: Review, design: str | None = None, group: str | None = None) -> Value:
    """Count the review's studies with values from the primary study."""
    studies = select(review, design=design, group=group)
    return values.share(studies[studies["key"].isin(_read_keys(review))], studies)


@fact(
    "Distinct studies of the source review of which only its own table is known", edition="printed"
)
def studies_unverified(review: Review, group: str | None = None) -> Value:
    """Count the review's studies of which nothing was read."""
    studies = select(review, group=group)
    return values.share(studies[~studies["key"].isin(_read_keys(review))], studies)


@fact("Printed patients in studies of which only the review's table is known", edition="printed")
def patients_unverified(review: Review) -> Value:
    """Sum the printed patients of unread studies, each study once."""
    studies = review.evidence.studies.drop_duplicates("key", keep="last")
    return values.total(studies[~studies["key"].isin(_read_keys(review))], "patients")


@fact(
    "Positive verdicts of the second table on studies of which only the review's table is known",
    edition="printed",
)
def unverified_positive(review: Review) -> Value:
    """Count printed YES verdicts on unread studies, of all printed YES verdicts."""
    rows = review.evidence.printed_verdicts
    rows = rows[rows["positive"] == "yes"]
    return values.share(rows[~rows["key"].isin(_read_keys(review))], rows)


@fact(
    "Values that the review prints differently from the primary study or the reference list",
    edition="printed",
)
def disagreements(review: Review, field: str | None = None) -> Value:
    """Count disagreements, of one field or of all."""
    return values.count(_disagreeing(review, field))


@fact(
    "Studies of the review with a value that the primary study or the reference list disputes",
    edition="printed",
)
def disagreeing_studies(review: Review, field: str | None = None) -> Value:
    """Count studies over all distinct studies of the review."""
    rows = _disagreeing(review, field)
    return values.share(rows, review.evidence.studies)


def _disagreeing(review: Review, field: str | None) -> pd.DataFrame:
    from livingreview.evidence.disagreements import FIELDS

    if field is not None and field not in FIELDS:
        raise UnknownFact(f"field one of {', '.join(FIELDS)}")
    rows = review.disagreements
    return rows if field is None else rows[rows["field"] == field]


@fact("Rows of the second table on a study with a disputed value", edition="printed")
def disputed_verdicts(review: Review) -> Value:
    """Count printed verdicts that stand on a study with a disagreement beyond its name."""
    rows = review.evidence.printed_verdicts
    found = review.disagreements
    keys = found.loc[~found["field"].isin(["author", "year"]), "key"]
    return values.share(rows[rows["key"].isin(keys)], rows)


@fact("Studies that this review adds to those of the source review", edition="living")
def added_studies(review: Review, design: str | None = None) -> Value:
    """Count the studies that screening included."""
    rows = select(review, design=design)
    return values.distinct(rows[rows["added_in"] == "living edition"])


@fact("Candidate studies with the decision: {decision}")
def candidates(review: Review, decision: str) -> Value:
    """Count candidates of screening: included, excluded, awaiting full text."""
    wanted = terms_of("decision", decision, DECISIONS)
    keys = [c.key for c in review.source.screening if c.decision in wanted]
    text = f"{len(keys)} of {len(review.source.screening)}"
    return Value(len(keys), text, tuple(f"screening:{key}" for key in keys),
                 of=len(review.source.screening))  # fmt: skip


@fact("Studies whose report states: {item}", edition="living")
def reporting(review: Review, item: str, status: str = "stated", group: str | None = None) -> Value:
    """Count studies by whether their report states an item: stated, not stated, not read."""
    rows = review.evidence.reporting
    wanted = terms_of("status", status, ("stated", "not stated", "not read"))
    rows = rows[
        rows["item"].isin(terms_of("item", item, review.source.vocabulary.reporting.by_name))
    ]
    if group is not None:
        rows = rows[rows["key"].isin(select(review, group=group)["key"])]
    return values.share(rows[rows["status"].isin(wanted)], rows)


def _late(review: Review, months: str, comparator: str | None) -> pd.DataFrame:
    """Return the contrasts of the treated arm in randomised trials at a time or later."""
    trials = select(review, group="trial", comparator=comparator)
    rows = review.evidence.outcomes
    rows = rows[rows["row"].isin(trials["row"]) & (rows["kind"] == "between-group difference")]
    rows = rows[rows["arm"].str.startswith("treatment vs") & (rows["months"] >= number_of(months))]
    return rows if comparator is None else rows[rows["arm"] == f"treatment vs {comparator}"]


@fact("Contrasts of randomised trials at {months} months or later that are: {direction}")
def late_contrasts(review: Review, months: str, direction: str = "favours treatment",
                   comparator: str | None = None) -> Value:  # fmt: skip
    """Count contrasts of the treated arm at a time or later, by direction."""
    wanted = terms_of("direction", direction, get_args(Direction))
    rows = _late(review, months, comparator)
    return values.share(rows[rows["direction"].isin(wanted)], rows, column=None)


@fact("Contrasts of randomised trials at {months} months or later that are marked as primary "
      "endpoint")  # fmt: skip
def late_primary_contrasts(review: Review, months: str, comparator: str | None = None) -> Value:
    """Count contrasts of the treated arm at a time or later whose endpoint is the primary one."""
    rows = _late(review, months, comparator)
    marked = rows["primary_endpoint"].fillna(False).astype(bool)
    return values.share(rows[marked], rows, column=None)
