"""Facts on the studies: how many, of which design, on which nerves, how long followed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import number_of, results, select, terms_of
from livingreview.facts.values import Value
from livingreview.tables import FollowupStatus

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


@fact("Distinct studies")
def studies(
    edition: Edition,
    design: str | None = None,
    group: str | None = None,
    nerve: str | None = None,
    region: str | None = None,
    guidance: str | None = None,
    comparator: str | None = None,
    publication: str | None = None,
    key: str | None = None,
    question: str | None = None,
) -> Value:
    """Count reference numbers once, whatever the number of rows."""
    chosen = select(
        edition,
        design=design,
        group=group,
        nerve=nerve,
        region=region,
        guidance=guidance,
        comparator=comparator,
        publication=publication,
        key=key,
        question=question,
    )
    return values.distinct(chosen)


@fact("Distinct studies, of all distinct studies")
def share_of_studies(
    edition: Edition,
    design: str | None = None,
    group: str | None = None,
    nerve: str | None = None,
    region: str | None = None,
    guidance: str | None = None,
    publication: str | None = None,
) -> Value:
    """Count studies over all studies."""
    chosen = select(
        edition,
        design=design,
        group=group,
        nerve=nerve,
        region=region,
        guidance=guidance,
        publication=publication,
    )
    return values.share(chosen, edition.studies)


@fact("Printed rows of the table of studies")
def printed_rows(edition: Edition, design: str | None = None, group: str | None = None) -> Value:
    """Count rows as printed, a repeated study twice."""
    return values.count(select(edition, design=design, group=group))


@fact("Rows whose reference number stands in an earlier row")
def repeated_rows(edition: Edition) -> Value:
    """Count rows that repeat a study."""
    rows = edition.studies
    return values.count(rows[rows["ref"].notna() & rows["ref"].duplicated()], base=rows)


def _total(edition: Edition, studies: pd.DataFrame, column: str) -> Value:
    """Return a sum of patients; those who may stand in two of the studies are undecided.

    How many stand in both is what the file says, or else up to all patients of the smaller study.
    """
    value = values.total(studies, column)
    sizes = dict(zip(studies["key"], studies[column], strict=True))
    twice: dict[frozenset[str], int] = {}
    for key, size in sizes.items():
        file = edition.source.studies.get(str(key))
        for other in file.overlaps_with if file is not None else ():
            if other.key in sizes:
                most = min(n for n in (size, sizes[other.key]) if pd.notna(n))
                both = most if other.patients is None else min(other.patients, most)
                twice[frozenset((str(key), other.key))] = int(both)
    if not twice:
        return value
    least, keys = value.value - sum(twice.values()), set().union(*twice)
    text = f"{least:,} to {value.value:,}, some perhaps counted in two studies"
    open_rows = values.names(studies[studies["key"].isin(keys)])
    return replace(value, value=least, text=text, most=value.value, undecided=open_rows)


@fact("Patients, each distinct study counted once")
def patients(
    edition: Edition,
    design: str | None = None,
    group: str | None = None,
    nerve: str | None = None,
    key: str | None = None,
    question: str | None = None,
) -> Value:
    """Sum the printed patients; a repeated row counts once, with its last entry."""
    chosen = select(edition, design=design, group=group, nerve=nerve, key=key, question=question)
    return _total(edition, distinct_studies(chosen), "patients")


@fact("Patients in the treated arms, each distinct study counted once")
def patients_treated(
    edition: Edition,
    design: str | None = None,
    group: str | None = None,
    key: str | None = None,
    question: str | None = None,
) -> Value:
    """Sum the patients who had the treatment; where their number is not stated it is a range.

    A study of which only the total is known treated at most all of its patients.
    """
    chosen = select(edition, design=design, group=group, key=key, question=question)
    chosen = distinct_studies(chosen)
    value = _total(edition, chosen, "patients_treated")
    open_rows = chosen[chosen["patients_treated"].isna()]
    if open_rows.empty:
        return value
    most = int((value.most or value.value) + open_rows["patients"].sum())
    of = "1 study" if len(open_rows) == 1 else f"{len(open_rows)} studies"
    text = f"{value.value:,} to {most:,}, not stated in {of}"
    return replace(value, text=text, most=most, undecided=values.names(open_rows))


@fact("Largest number of patients in one study")
def largest_study(edition: Edition, design: str | None = None, group: str | None = None) -> Value:
    """Return the largest printed number of patients."""
    rows = select(edition, design=design, group=group)
    largest = rows[rows["patients"] == rows["patients"].max()]
    return values.number(rows["patients"].max(), largest)


@fact("Distinct case reports and series below the review's limit for a small series, of all")
def small_case_studies(edition: Edition) -> Value:
    """Count case reports and series with fewer patients than the protocol's limit."""
    cases = select(edition, group="case report")
    small = cases["patients"] < edition.source.protocol.small_series.fewer_than
    return values.share(cases[small], cases)


@fact("Distinct studies without a comparator, of all distinct studies")
def uncontrolled_studies(edition: Edition) -> Value:
    """Count studies whose row names nothing that the treatment was compared with.

    Undecided are those of which it is not stated whether they compare it with anything.
    """
    rows = edition.studies
    alone = rows["comparators"].map(lambda names: names == ())
    return values.share(rows[alone], rows, undecided=rows[rows["comparators"].isna()])


@fact("Distinct studies that are not randomised, of all distinct studies")
def not_randomised(edition: Edition) -> Value:
    """Count studies whose design is not randomised."""
    rows = edition.studies
    return values.share(rows[~rows["randomised"]], rows)


@fact("Distinct nerves and structures treated", needs="nerves")
def nerves(edition: Edition, group: str | None = None) -> Value:
    """Count different names of the vocabulary."""
    chosen = select(edition, group=group)
    targets = edition.targets
    return values.distinct(targets[targets["row"].isin(chosen["row"])], "nerve")


@fact("Nerves and structures treated, branches under their nerve", needs="nerves")
def nerve_names(edition: Edition, key: str | None = None, group: str | None = None) -> Value:
    """List different names of the vocabulary."""
    chosen = select(edition, key=key, group=group)
    targets = edition.targets
    rows = targets[targets["row"].isin(chosen["row"])]
    return values.listing(rows["part_of"].fillna(rows["nerve"]), rows)


@fact("Nerve that most studies treated, branches under their nerve", needs="nerves")
def most_studied_nerve(edition: Edition) -> Value:
    """List the nerve of most distinct studies, or those that share the highest number."""
    targets = edition.targets
    nerve = targets["part_of"].fillna(targets["nerve"])
    studies = targets.groupby(nerve)["key"].nunique()
    most = studies.index[studies == studies.max()]
    rows = targets[nerve.isin(most)]
    return values.listing(most, rows)


@fact("Different kinds of guidance")
def kinds_of_guidance(edition: Edition) -> Value:
    """Count names of the vocabulary; what is not stated is no kind."""
    known = edition.source.vocabulary.guidance.by_name
    rows = edition.studies
    found = {name for names in rows["guidance"] for name in names or () if name in known}
    return Value(len(found), str(len(found)), values.names(rows))


@fact("Distinct regions of the body treated", needs="nerves")
def regions(edition: Edition) -> Value:
    """Count different regions."""
    return values.distinct(edition.targets, "region")


@fact("Codes of the designs used")
def design_codes(edition: Edition) -> Value:
    """List the codes without comparators."""
    rows = edition.studies
    return values.listing(rows["design"], rows)


@fact("Groups of designs found")
def design_groups(edition: Edition) -> Value:
    """List the groups: trial, cohort, case report."""
    rows = edition.studies
    return values.listing(rows["design_group"], rows)


@fact("Earliest and latest year of the included studies in the reference list")
def years_of_studies(edition: Edition) -> Value:
    """Return the two years."""
    rows = edition.studies
    return values.span(rows["reference_year"].astype(float), rows)


@fact("Latest year of the included studies in the reference list")
def latest_year(edition: Edition) -> Value:
    """Return the year."""
    rows = edition.studies
    latest = rows["reference_year"].max()
    return values.number(latest, rows[rows["reference_year"] == latest])


@fact("Shortest and longest follow-up that is one stated time")
def followup_span(edition: Edition, group: str | None = None) -> Value:
    """Return months; ranges, means and variable follow-up are left out."""
    rows = select(edition, group=group)
    rows = rows[rows["followup_status"] == "stated"]
    return values.span(rows["followup_max_months"], rows, "months")


@fact("Longest stated follow-up divided by the shortest")
def followup_ratio(edition: Edition) -> Value:
    """Return how many times longer."""
    found = followup_span(edition)
    low, high = found.value
    rows = edition.studies.loc[list(found.rows)]
    return values.number(round(high / low) if low else None, rows)


@fact("Follow-up in months of {key}")
def followup_months(edition: Edition, key: str) -> Value:
    """Return the longest printed follow-up of one study."""
    rows = select(edition, key=key)
    return values.number(rows["followup_max_months"].max(), rows, "months")


@fact("Distinct studies whose follow-up is certainly at least {months} months")
def followed_at_least(
    edition: Edition, months: str, group: str | None = None, nerve: str | None = None
) -> Value:
    """Count studies whose shortest stated follow-up reaches the time."""
    rows = select(edition, group=group, nerve=nerve)
    long = rows["followup_min_months"] >= number_of(months)
    long &= ~rows["followup_status"].isin(["mean", "median"])
    return values.share(rows[long], rows)


@fact("Distinct studies whose follow-up is not one stated time, of all distinct studies")
def followup_uncertain(edition: Edition, status: str | None = None) -> Value:
    """Count studies with a range, a mean, or a follow-up that is variable, not stated, missing."""
    rows = distinct_studies(edition.studies)
    uncertain = rows["followup_status"] != "stated"
    if status is not None:
        known = get_args(FollowupStatus)
        uncertain = rows["followup_status"].isin(terms_of("status", status, known))
    return values.share(rows[uncertain], rows)


@fact("Of the studies {key}, those followed for less than {months} months")
def followed_less_than(edition: Edition, key: str, months: str) -> Value:
    """Count studies whose longest follow-up is below the time; one not stated is undecided."""
    rows = select(edition, key=key)
    longest = rows["followup_max_months"]
    return values.share(rows[longest < number_of(months)], rows, undecided=rows[longest.isna()])


@fact("Patients of {key} who were followed at {months} months")
def followed_at(edition: Edition, key: str, months: str) -> Value:
    """Return the number of patients that a note counts at that time."""
    rows = results(edition, select(edition, key=key), "completers")
    rows = rows[rows["months"] == number_of(months)]
    return values.number(rows["evaluated"].max() if len(rows) else None, rows)


@fact("Nerves that no trial and no cohort treated, only case reports and series", needs="nerves")
def nerves_in_cases_only(edition: Edition) -> Value:
    """Count nerves of which all evidence is case reports."""
    targets = edition.targets
    cases = targets["row"].isin(select(edition, group="case report")["row"])
    elsewhere = set(targets.loc[~cases, "nerve"]) | set(targets.loc[~cases, "part_of"].dropna())
    return values.distinct(targets[~targets["nerve"].isin(elsewhere)], "nerve")
