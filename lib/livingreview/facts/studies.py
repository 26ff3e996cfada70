"""Facts on the studies: how many, of which design, on which nerves, how long followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import number_of, results, select, terms_of
from livingreview.facts.values import Value
from livingreview.tables import FollowupStatus

if TYPE_CHECKING:
    from livingreview.review import Review


@fact("Distinct studies")
def studies(review: Review, design: str | None = None, group: str | None = None,
            nerve: str | None = None, region: str | None = None, guidance: str | None = None,
            comparator: str | None = None, publication: str | None = None) -> Value:  # fmt: skip
    """Count reference numbers once, whatever the number of rows."""
    chosen = select(review, design=design, group=group, nerve=nerve, region=region,
                    guidance=guidance, comparator=comparator, publication=publication)  # fmt: skip
    return values.distinct(chosen)


@fact("Distinct studies, of all distinct studies")
def share_of_studies(review: Review, design: str | None = None, group: str | None = None,
                     nerve: str | None = None, region: str | None = None,
                     guidance: str | None = None,
                     publication: str | None = None) -> Value:  # fmt: skip
    """Count studies over all studies."""
    chosen = select(review, design=design, group=group, nerve=nerve, region=region,
                    guidance=guidance, publication=publication)  # fmt: skip
    return values.share(chosen, review.evidence.studies)


@fact("Printed rows of the table of studies")
def printed_rows(review: Review, design: str | None = None, group: str | None = None) -> Value:
    """Count rows as printed, a repeated study twice."""
    return values.count(select(review, design=design, group=group))


@fact("Rows whose reference number stands in an earlier row")
def repeated_rows(review: Review) -> Value:
    """Count rows that repeat a study."""
    rows = review.evidence.studies
    return values.count(rows[rows["ref"].notna() & rows["ref"].duplicated()], base=rows)


@fact("Patients, each distinct study counted once")
def patients(review: Review, design: str | None = None, group: str | None = None,
             nerve: str | None = None, key: str | None = None) -> Value:  # fmt: skip
    """Sum the printed patients; a repeated row counts once, with its last entry."""
    chosen = select(review, design=design, group=group, nerve=nerve, key=key)
    return values.total(chosen.drop_duplicates("key", keep="last"), "patients")


@fact("Largest number of patients in one study")
def largest_study(review: Review, design: str | None = None, group: str | None = None) -> Value:
    """Return the largest printed number of patients."""
    rows = select(review, design=design, group=group)
    largest = rows[rows["patients"] == rows["patients"].max()]
    return values.number(rows["patients"].max(), largest)


@fact("Distinct case reports and series below the review's limit for a small series, of all")
def small_case_studies(review: Review) -> Value:
    """Count case reports and series with fewer patients than the protocol's limit."""
    cases = select(review, group="case report")
    small = cases["patients"] < review.source.protocol.small_series.fewer_than
    return values.share(cases[small], cases)


@fact("Distinct studies without a comparator, of all distinct studies")
def uncontrolled_studies(review: Review) -> Value:
    """Count studies whose row names nothing that the treatment was compared with."""
    rows = review.evidence.studies
    return values.share(rows[rows["comparators"].isna()], rows)


@fact("Distinct studies that are not randomised, of all distinct studies")
def not_randomised(review: Review) -> Value:
    """Count studies whose design is not randomised."""
    rows = review.evidence.studies
    return values.share(rows[~rows["randomised"]], rows)


@fact("Distinct nerves and structures treated")
def nerves(review: Review, group: str | None = None) -> Value:
    """Count different names of the vocabulary."""
    chosen = select(review, group=group)
    targets = review.evidence.targets
    return values.distinct(targets[targets["row"].isin(chosen["row"])], "nerve")


@fact("Nerves and structures treated, branches under their nerve")
def nerve_names(review: Review, key: str | None = None, group: str | None = None) -> Value:
    """List different names of the vocabulary."""
    chosen = select(review, key=key, group=group)
    targets = review.evidence.targets
    rows = targets[targets["row"].isin(chosen["row"])]
    return values.listing(rows["part_of"].fillna(rows["nerve"]), rows)


@fact("Distinct regions of the body treated")
def regions(review: Review) -> Value:
    """Count different regions."""
    return values.distinct(review.evidence.targets, "region")


@fact("Codes of the designs used")
def design_codes(review: Review) -> Value:
    """List the codes without comparators."""
    rows = review.evidence.studies
    return values.listing(rows["design"], rows)


@fact("Groups of designs found")
def design_groups(review: Review) -> Value:
    """List the groups: trial, cohort, case report."""
    rows = review.evidence.studies
    return values.listing(rows["design_group"], rows)


@fact("Earliest and latest year of the included studies in the reference list")
def years_of_studies(review: Review) -> Value:
    """Return the two years."""
    rows = review.evidence.studies
    return values.span(rows["reference_year"].astype(float), rows)


@fact("Latest year of the included studies in the reference list")
def latest_year(review: Review) -> Value:
    """Return the year."""
    rows = review.evidence.studies
    latest = rows["reference_year"].max()
    return values.number(latest, rows[rows["reference_year"] == latest])


@fact("Shortest and longest follow-up that is one stated time")
def followup_span(review: Review, group: str | None = None) -> Value:
    """Return months; ranges, means and variable follow-up are left out."""
    rows = select(review, group=group)
    rows = rows[rows["followup_status"] == "stated"]
    return values.span(rows["followup_max_months"], rows, "months")


@fact("Longest stated follow-up divided by the shortest")
def followup_ratio(review: Review) -> Value:
    """Return how many times longer."""
    found = followup_span(review)
    low, high = found.value
    rows = review.evidence.studies.loc[list(found.rows)]
    return values.number(round(high / low), rows)


@fact("Follow-up in months of {key}")
def followup_months(review: Review, key: str) -> Value:
    """Return the longest printed follow-up of one study."""
    rows = select(review, key=key)
    return values.number(rows["followup_max_months"].max(), rows, "months")


@fact("Distinct studies whose follow-up is certainly at least {months} months")
def followed_at_least(review: Review, months: str, group: str | None = None) -> Value:
    """Count studies whose shortest stated follow-up reaches the time."""
    rows = select(review, group=group)
    long = (rows["followup_min_months"] >= number_of(months)) & (rows["followup_status"] != "mean")
    return values.share(rows[long], rows)


@fact("Distinct studies whose follow-up is not one stated time, of all distinct studies")
def followup_uncertain(review: Review, status: str | None = None) -> Value:
    """Count studies with a range, a mean, or a follow-up that is variable, not stated, missing."""
    rows = review.evidence.studies.drop_duplicates("key", keep="last")
    uncertain = rows["followup_status"] != "stated"
    if status is not None:
        known = get_args(FollowupStatus)
        uncertain = rows["followup_status"].isin(terms_of("status", status, known))
    return values.share(rows[uncertain], rows)


@fact("Of references {refs}, those followed for less than {months} months")
def followed_less_than(review: Review, refs: str, months: str) -> Value:
    """Count studies whose longest follow-up is stated and below the time."""
    rows = select(review, refs=refs)
    return values.share(rows[rows["followup_max_months"] < number_of(months)], rows)


@fact("Patients of {key} who were followed at {months} months")
def followed_at(review: Review, key: str, months: str) -> Value:
    """Return the number of patients that a note counts at that time."""
    rows = results(review, select(review, key=key), "completers")
    rows = rows[rows["months"] == number_of(months)]
    return values.number(rows["evaluated"].max() if len(rows) else None, rows)


@fact("Nerves that no trial and no cohort treated, only case reports and series")
def nerves_in_cases_only(review: Review) -> Value:
    """Count nerves of which all evidence is case reports."""
    targets = review.evidence.targets
    cases = targets["row"].isin(select(review, group="case report")["row"])
    elsewhere = set(targets.loc[~cases, "nerve"]) | set(targets.loc[~cases, "part_of"].dropna())
    return values.distinct(targets[~targets["nerve"].isin(elsewhere)], "nerve")
