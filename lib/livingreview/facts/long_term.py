"""Facts on the review's rule for the long term and on its second table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.evidence.rule import (
    AGREEMENTS,
    both,
    counts_against_threshold,
    followed_long_enough,
    positive_in_long_term,
    treated_results,
    verdict,
)
from livingreview.facts import values
from livingreview.facts.registry import OF_PRINT, UnknownFact, fact
from livingreview.facts.select import number_of, results, select, terms_of
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


PARTS = ("followed", "defined", "qualifies", "positive", "verdict")
ANSWERS = ("yes", "no", "unclear")


def _listed(edition: Edition) -> pd.DataFrame:
    """Return the rule's answers for the studies that the second table lists."""
    table = edition.long_term
    return table[table["printed"] != "not listed"]


@fact("Distinct studies that the rule's follow-up and definition admit")
def qualifying_studies(edition: Edition) -> Value:
    """Count studies that qualify; those that the tables do not settle are undecided."""
    return _answered(edition.long_term, "qualifies", ["yes"])


def _answered(rows: pd.DataFrame, part: str, answers: list[str]) -> Value:
    """Count studies with some answers of the rule; what is unclear may be a yes or a no."""
    found = rows[rows[part].isin(answers)]
    if "unclear" in answers:
        return values.share(found, rows)
    return values.share(found, rows, undecided=rows[rows[part] == "unclear"])


@fact("Distinct studies of which the tables do not settle whether they qualify")
def undecided_studies(edition: Edition) -> Value:
    """Count studies for which follow-up or definition is unclear and neither is a no."""
    rows = edition.long_term
    return values.share(rows[rows["qualifies"] == "unclear"], rows)


@fact("Reference numbers of the studies that the rule's follow-up and definition admit")
def qualifying_refs(edition: Edition) -> Value:
    """List reference numbers."""
    rows = edition.long_term
    found = edition.studies.loc[rows.index]
    return values.cited(found[rows["qualifies"] == "yes"], found[rows["qualifies"] == "unclear"])


@fact("Reference numbers of the studies of the second table that the rule calls: {answer}")
def listed_refs(edition: Edition, answer: str) -> Value:
    """List the listed studies that are *positive*, or that qualify and are *not positive*."""
    (wanted,) = terms_of("answer", answer, ("positive", "not positive"))
    rows = _listed(edition)
    result = rows["positive"].replace({"yes": "positive", "no": "not positive"})
    may = (rows["qualifies"] != "no") & result.isin([wanted, "unclear"])
    certain = (rows["qualifies"] == "yes") & (result == wanted)
    found = edition.studies.loc[rows.index]
    return values.cited(found[certain], found[may])


@fact(
    "Positive rows of the second table whose result in the first is one at {months} months",
    edition=OF_PRINT,
)
def listed_at(edition: Edition, months: str) -> Value:
    """Count rows printed as positive with a result at that time.

    A result without a time is one at the end of a follow-up that is one stated time; with any
    other follow-up its time is undecided, and so is what was found before a later result.
    """
    rows = edition.printed_verdicts
    rows = rows[rows["positive"] == "yes"]
    studies = distinct_studies(edition.studies)
    found = results(edition, studies, "responder", "relief")
    ends = studies.set_index("row")["followup_max_months"]
    single = studies.set_index("row")["followup_status"] == "stated"
    end = found["row"].map(ends.where(single)).astype("float64")
    at = found["months"].astype("float64").fillna(end)
    then = found.loc[at == number_of(months), "key"]
    open_ = found.loc[at.isna() | (at > number_of(months)), "key"]
    return values.share(rows[rows["key"].isin(then)], rows, undecided=rows[rows["key"].isin(open_)])


@fact("Studies that qualify and are positive by the rule, of those that qualify")
def positive_by_rule(edition: Edition, answer: str = "yes", group: str | None = None) -> Value:
    """Count qualifying studies, of all or of a group of designs, by answer: yes, no, unclear."""
    chosen = select(edition, group=group)["key"]
    rows = edition.long_term
    rows = rows[(rows["qualifies"] == "yes") & rows["key"].isin(chosen)]
    return _answered(rows, "positive", terms_of("answer", answer, ANSWERS))


@fact("Rows of the second table in all", needs="table2")
def listed_rows(edition: Edition) -> Value:
    """Count the printed rows."""
    return values.count(edition.printed_verdicts)


@fact("Rows of the second table printed as positive", needs="table2")
def printed_positive(edition: Edition, verdict: str = "yes", group: str | None = None) -> Value:
    """Count printed verdicts, yes or no, of all rows or of those of a group of designs."""
    rows = edition.printed_verdicts
    rows = rows[rows["key"].isin(select(edition, group=group)["key"])]
    chosen = terms_of("verdict", verdict, ("yes", "no"))
    return values.share(rows[rows["positive"].isin(chosen)], rows)


@fact("Rows of the second table that {part} by the rule as: {answer}")
def listed_by_rule(edition: Edition, part: str, answer: str = "yes") -> Value:
    """Count listed studies with this answer; ``part`` is one of ``PARTS``."""
    (column,) = terms_of("part", part, PARTS)
    return _answered(_listed(edition), column, terms_of("answer", answer, ANSWERS))


@fact("Studies for which the second table and the rule stand as: {kind}")
def agreement(edition: Edition, kind: str) -> Value:
    """Count studies by how the printed verdict and the rule stand to each other."""
    known = {name.replace(",", "").casefold(): name for name in AGREEMENTS}
    if kind.casefold() not in known:
        raise UnknownFact(f"kind one of {', '.join(known)}")
    rows = edition.long_term
    return values.distinct(rows[rows["agreement"] == known[kind.casefold()]])


@fact("Rows of the second table that are case reports or series, of all its rows", needs="table2")
def listed_cases(edition: Edition) -> Value:
    """Count listed case reports and series of any size."""
    rows = edition.printed_verdicts
    cases = select(edition, group="case report")["key"]
    return values.share(rows[rows["key"].isin(cases)], rows)


@fact(
    "Rows of the second table that are case reports or series below the review's limit for a "
    "small series",
    needs="table2",
)
def listed_small_cases(edition: Edition) -> Value:
    """Count listed cases with fewer patients than the protocol's limit."""
    rows = edition.printed_verdicts
    cases = select(edition, group="case report")["key"]
    small = rows["patients"] < edition.source.protocol.small_series.fewer_than
    return values.share(rows[rows["key"].isin(cases) & small], rows)


@fact(
    "Rows of the second table whose patients, nerves and guidance are those of the first",
    needs="table2",
)
def listed_as_in_first_table(edition: Edition) -> Value:
    """Count rows that repeat the first table's classified values."""
    rows = edition.printed_verdicts
    studies = distinct_studies(edition.studies).set_index("key")
    nerves = edition.targets.groupby("key")["nerve"].agg(tuple)
    same = (
        (rows["patients"] == rows["key"].map(studies["patients"]))
        & (rows["guidance"] == rows["key"].map(studies["guidance"]))
        & (rows["nerves"] == rows["key"].map(nerves))
    )
    return values.share(rows[same], rows)


@fact("Distinct studies positive by the rule with a follow-up of at least {months} months")
def positive_at(edition: Edition, months: str, nerve: str | None = None) -> Value:
    """Apply the rule with another minimum follow-up; what the tables leave open is undecided."""
    said, studies = _ruled_at(edition, months, nerve)
    return values.share(studies[said == "yes"], studies, undecided=studies[said == "unclear"])


@fact(
    "Distinct studies shown to be positive by the rule with a follow-up of at least {months} months"
)
def shown_positive_at(edition: Edition, months: str, nerve: str | None = None) -> Value:
    """Count what was observed: a study that the tables leave open shows nothing."""
    said, studies = _ruled_at(edition, months, nerve)
    return values.share(studies[said == "yes"], studies)


def _ruled_at(
    edition: Edition, months: str, nerve: str | None
) -> tuple[pd.Series[str], pd.DataFrame]:
    """Return the rule's verdict with another minimum follow-up, by study, and the studies."""
    rule = edition.rule.model_copy(update={"minimum_followup_months": number_of(months)})
    studies, of_row = select(edition, nerve=nerve), treated_results(edition)
    answers = []
    for study in studies.itertuples():
        own = of_row(study.row)
        long = followed_long_enough(study, own, rule)
        qualifies = both(long, counts_against_threshold(own, rule, str(study.read_as)))
        answers.append(verdict(qualifies, positive_in_long_term(study, own, rule)).word)
    return pd.Series(answers, index=studies.index, dtype="str"), studies
