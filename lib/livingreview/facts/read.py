"""Facts on the primary studies: how many were read, and where they disagree with the review."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pandas as pd

from livingreview.data.screening import DECISIONS
from livingreview.evidence.disagreements import FIELDS, WEIGHTS
from livingreview.evidence.edition import distinct_studies
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.select import number_of, parts, select, terms_of
from livingreview.facts.values import Value
from livingreview.frames import is_contrast
from livingreview.results import Direction
from livingreview.tables import ReadAs

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


# What follows +/- is a spread.
TIME = re.compile(r"(?<!\+/- )(?<![\d.])(?P<x>\d+(\.\d+)?)[\s-]*(?P<u>seconds?|s|minutes?|min)\b")


def _read_keys(edition: Edition) -> pd.Index[str]:
    studies = edition.in_edition("checked").studies
    keys: pd.Index[str] = pd.Index(studies.loc[studies["from_primary"].map(bool), "key"])
    return keys


@fact(
    "Distinct studies of the source review that were read, in a report of theirs or in a digest",
    edition="printed",
)
def studies_read(edition: Edition, design: str | None = None, group: str | None = None) -> Value:
    """Count the review's studies with values from the primary study."""
    studies = select(edition, design=design, group=group)
    return values.share(studies[studies["key"].isin(_read_keys(edition))], studies)


@fact("Distinct studies that were read as: {how}", edition="living")
def studies_read_as(edition: Edition, how: str, group: str | None = None) -> Value:
    """Count studies, added ones among them, by how far they were read; the group is the table's."""
    studies = select(edition, group=group)
    wanted = terms_of("how", how, get_args(ReadAs))
    return values.share(studies[studies["read_as"].isin(wanted)], studies)


@fact(
    "Distinct studies of the source review of which only its own table is known", edition="printed"
)
def studies_unverified(edition: Edition, group: str | None = None) -> Value:
    """Count the review's studies of which nothing was read."""
    studies = select(edition, group=group)
    return values.share(studies[~studies["key"].isin(_read_keys(edition))], studies)


@fact("Printed patients in studies of which only the review's table is known", edition="printed")
def patients_unverified(edition: Edition) -> Value:
    """Sum the printed patients of unread studies, each study once."""
    studies = distinct_studies(edition.studies)
    return values.total(studies[~studies["key"].isin(_read_keys(edition))], "patients")


@fact(
    "Positive verdicts of the second table on studies of which only the review's table is known",
    edition="printed",
    needs="table2",
)
def unverified_positive(edition: Edition) -> Value:
    """Count printed YES verdicts on unread studies, of all printed YES verdicts."""
    rows = edition.printed_verdicts
    rows = rows[rows["positive"] == "yes"]
    return values.share(rows[~rows["key"].isin(_read_keys(edition))], rows)


@fact(
    "Values that the review prints differently from the primary study",
    edition="printed",
)
def disagreements(edition: Edition, field: str | None = None, weight: str | None = None) -> Value:
    """Count disagreements, of one field or of all, by what they change."""
    rows = _disagreeing(edition, field)
    if weight is not None:
        rows = rows[rows["weight"].isin(terms_of("weight", weight, WEIGHTS))]
    return values.count(rows)


@fact(
    "Studies of the review with a value that the part read of the primary study disputes",
    edition="printed",
)
def disagreeing_studies(edition: Edition, field: str | None = None) -> Value:
    """Count studies over all distinct studies of the review."""
    rows = _disagreeing(edition, field)
    return values.share(rows, edition.studies)


def _disagreeing(edition: Edition, field: str | None) -> pd.DataFrame:
    if field is not None and field not in FIELDS:
        raise UnknownFact(f"field one of {', '.join(FIELDS)}")
    rows = edition.disagreements
    return rows if field is None else rows[rows["field"] == field]


@fact(
    "Rows of the second table on a study with a disputed value", edition="printed", needs="table2"
)
def disputed_verdicts(edition: Edition) -> Value:
    """Count printed verdicts that stand on a study with a disagreement beyond its year."""
    rows = edition.printed_verdicts
    found = edition.disagreements
    keys = found.loc[found["field"] != "year", "key"]
    return values.share(rows[rows["key"].isin(keys)], rows)


@fact("Studies that this review adds to those of the source review", edition="living")
def added_studies(edition: Edition, design: str | None = None) -> Value:
    """Count the studies that screening included."""
    rows = select(edition, design=design)
    return values.distinct(rows[rows["added_in"] == "living edition"])


@fact("Candidate studies with the decision: {decision}")
def candidates(edition: Edition, decision: str) -> Value:
    """Count candidates of screening: included, excluded, awaiting full text."""
    wanted = terms_of("decision", decision, DECISIONS)
    keys = [c.key for c in edition.source.screening if c.decision in wanted]
    text = f"{len(keys)} of {len(edition.source.screening)}"
    return Value(
        len(keys), text, tuple(f"screening:{key}" for key in keys), of=len(edition.source.screening)
    )


@fact("Studies whose report states: {item}", edition="living")
def reporting(
    edition: Edition, item: str, status: str = "stated", group: str | None = None
) -> Value:
    """Count studies by whether their report states an item: stated, not stated, not read."""
    rows = edition.reporting
    wanted = terms_of("status", status, ("stated", "not reported", "not stated", "not read"))
    rows = rows[
        rows["item"].isin(terms_of("item", item, edition.source.vocabulary.reporting.by_name))
    ]
    if group is not None:
        rows = rows[rows["key"].isin(select(edition, group=group)["key"])]
    return values.share(rows[rows["status"].isin(wanted)], rows)


@fact("Studies whose report states none of: {items}")
def reporting_none_of(edition: Edition, items: str) -> Value:
    """Count studies whose full text reports none of several items; not stated where none was read.

    One that states any of them is none of these; what was not read, or in part, is undecided.
    """
    wanted = terms_of("items", items, edition.source.vocabulary.reporting.by_name)
    rows = edition.reporting
    rows = rows[rows["item"].isin(wanted)]
    if rows.empty:
        return values.word(None, rows)
    stated = rows["key"].isin(rows.loc[rows["status"] == "stated", "key"])
    part = rows["key"].isin(rows.loc[rows["status"].isin(("not stated", "not read")), "key"])
    return values.share(rows[~stated & ~part], rows, undecided=rows[~stated])


@fact("Different values that reports state for {item}")
def reported_values(edition: Edition, item: str) -> Value:
    """Count the values of each item, and return the most; not stated where no report states any."""
    items = terms_of("item", item, edition.source.vocabulary.reporting.by_name)
    rows = edition.reporting
    rows = rows[rows["item"].isin(items) & (rows["status"] == "stated")]
    if rows.empty:
        return values.word(None, rows)
    most = int(rows.groupby("item")["value"].nunique().max())
    return Value(most, str(most), values.names(rows))


@fact("Studies whose report gives a {item} of {low} to {high}, of those whose report gives one")
def reports_within(
    edition: Edition, item: str, low: str, high: str, unit: str | None = None
) -> Value:
    """Count reports by the number that they state, or with ``unit=minutes`` by its length of time.

    What a report states in words without a number, or without a time, is not counted.
    """
    terms_of("item", item, edition.source.vocabulary.reporting.by_name)
    if unit not in (None, "minutes"):
        raise UnknownFact("unit minutes, or none")
    rows = edition.reporting
    rows = rows[(rows["item"] == item) & (rows["status"] == "stated")]
    stated = rows["value"].astype(str)
    number = stated.map(minutes) if unit else pd.to_numeric(stated, errors="coerce")
    rows, number = rows[number.notna()], number.dropna()
    if rows.empty:
        return values.word(None, rows)
    return values.share(rows[number.between(_signed(low), _signed(high))], rows)


def minutes(text: str) -> float | None:
    """Return the first length of time in a text, in minutes: "one 106-second cycle" is 1.77."""
    found = TIME.search(text)
    return float(found["x"]) / (60 if found["u"].startswith("s") else 1) if found else None


def _signed(text: str) -> float:
    return -number_of(text[1:]) if text.startswith("-") else number_of(text)


def _late(
    edition: Edition, months: str, comparator: str | None, key: str | None = None
) -> pd.DataFrame:
    """Return the contrasts of the treated arm in randomised trials at a time or later."""
    trials = select(edition, group="trial", comparator=comparator, key=key)
    rows = edition.outcomes
    rows = rows[rows["row"].isin(trials["row"]) & (rows["kind"] == "between-group difference")]
    compared = is_contrast(rows, parts(comparator or ""))
    return rows[compared & (rows["months"] >= number_of(months))]


@fact("Contrasts of randomised trials at {months} months or later that are: {direction}")
def late_contrasts(
    edition: Edition,
    months: str,
    direction: str = "favours treatment",
    comparator: str | None = None,
    key: str | None = None,
) -> Value:
    """Count contrasts of the treated arm at a time or later, by direction."""
    wanted = terms_of("direction", direction, get_args(Direction))
    rows = _late(edition, months, comparator, key)
    return values.share(rows[rows["direction"].isin(wanted)], rows, column=None)


@fact("Randomised trials with a contrast at {months} months or later")
def late_trials(edition: Edition, months: str, comparator: str | None = None) -> Value:
    """Count trials that compare their arms at a time or later."""
    rows = _late(edition, months, comparator)
    trials = select(edition, group="trial", comparator=comparator)
    return values.share(trials[trials["row"].isin(rows["row"])], trials)


@fact(
    "Contrasts of randomised trials at {months} months or later that favour the treatment, "
    "without any caution"
)
def late_contrasts_without_caution(
    edition: Edition, months: str, comparator: str | None = None
) -> Value:
    """Count contrasts that favour the treatment and have no caution of the vocabulary."""
    rows = _late(edition, months, comparator)
    rows = rows[rows["direction"] == "favours treatment"]
    return values.share(rows[~rows["cautions"].map(bool)], rows, column=None)


@fact(
    "Contrasts of randomised trials at {months} months or later that are marked as primary endpoint"
)
def late_primary_contrasts(edition: Edition, months: str, comparator: str | None = None) -> Value:
    """Count contrasts of the treated arm at a time or later whose endpoint is the primary one."""
    rows = _late(edition, months, comparator)
    marked = rows["primary_endpoint"].fillna(False).astype(bool)
    return values.share(rows[marked], rows, column=None)
