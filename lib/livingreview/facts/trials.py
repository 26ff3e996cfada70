"""Facts on the randomised trials and on comparisons with other treatments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import TREATMENT, number_of, select
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.review import Review

FAVOURS, NO_DIFFERENCE = "favours treatment", "no difference"


def verdicts(review: Review) -> pd.Series[str]:
    """Return, per randomised row, whether its printed outcome favours the treatment.

    *no difference* if every printed contrast says so; *favours treatment* if the share of
    responders is larger in the treated arm than in every control arm that is printed; else
    *not stated*. No test of significance is printed in the tables.
    """
    trials = select(review, group="trial")
    outcomes = review.evidence.outcomes
    said = {}
    for trial in trials.itertuples():
        own = outcomes[outcomes["row"] == trial.row]
        contrasts = own[own["kind"] == "between-group difference"]["direction"].dropna()
        responders = own[(own["kind"] == "responder") & own["percent"].notna()]
        treated = responders[responders["arm"] == TREATMENT]["percent"]
        control = responders[~responders["arm"].isin([TREATMENT, "not stated"])]["percent"]
        if len(contrasts) and (contrasts == "no difference").all():
            said[trial.Index] = NO_DIFFERENCE
        elif len(treated) and len(control) and treated.min() > control.max():
            said[trial.Index] = FAVOURS
        else:
            said[trial.Index] = "not stated"
    return pd.Series(said, index=trials.index, dtype="str")


def _trials(review: Review, verdict: str, **filters: str | None) -> Value:
    chosen = select(review, group="trial", **filters)
    found = verdicts(review).reindex(chosen.index) == verdict
    hits = chosen[found.to_numpy(dtype=bool)]
    outcomes = review.evidence.outcomes
    value = values.share(hits, chosen)
    rows = values.names(hits, outcomes[outcomes["row"].isin(hits["row"])])
    return Value(value.value, value.text, rows, value.of, value.base)


@fact("Randomised trials whose printed outcome favours the treatment over its control")
def trials_favouring_treatment(review: Review, nerve: str | None = None,
                               comparator: str | None = None) -> Value:  # fmt: skip
    """Count trials with more responders in the treated arm than in the control arm."""
    return _trials(review, FAVOURS, nerve=nerve, comparator=comparator)


@fact("Randomised trials whose printed outcome shows no difference from the control")
def trials_without_difference(review: Review, nerve: str | None = None,
                              comparator: str | None = None) -> Value:  # fmt: skip
    """Count trials whose contrasts all say no difference."""
    return _trials(review, NO_DIFFERENCE, nerve=nerve, comparator=comparator)


@fact("Of the randomised trials followed for less than {months} months, those whose printed "
      "outcome favours the treatment")  # fmt: skip
def short_trials_favouring_treatment(
    review: Review, months: str, nerve: str | None = None
) -> Value:
    """Count trials that favour the treatment among those with a shorter follow-up."""
    chosen = select(review, group="trial", nerve=nerve)
    chosen = chosen[chosen["followup_max_months"] < number_of(months)]
    found = verdicts(review).reindex(chosen.index) == FAVOURS
    return values.share(chosen[found.to_numpy(dtype=bool)], chosen)


@fact("Reference numbers of the trials whose printed outcome shows no difference")
def null_trial_refs(review: Review) -> Value:
    """List reference numbers."""
    trials = select(review, group="trial")
    rows = trials[(verdicts(review) == NO_DIFFERENCE).to_numpy(dtype=bool)]
    return values.listing((int(ref) for ref in rows["ref"]), rows)


@fact("Randomised trials of {nerve}")
def trials_of(review: Review, nerve: str) -> Value:
    """Count trials that treated the nerve or a branch of it, over all trials."""
    trials = select(review, group="trial")
    return values.share(select(review, group="trial", nerve=nerve), trials)


@fact("Comparators of the randomised trials")
def trial_comparators(review: Review) -> Value:
    """List what the trials compared the treatment with."""
    rows = select(review, group="trial")
    terms = (term for text in rows["comparators"].dropna() for term in text.split("; "))
    return values.listing(terms, rows)


@fact("Of references {refs}, those compared with {comparator}")
def compared_with(review: Review, refs: str, comparator: str) -> Value:
    """Count studies that name the comparator."""
    rows = select(review, refs=refs)
    return values.share(select(review, refs=refs, comparator=comparator), rows)


@fact("Distinct studies that name {comparator} as comparator or for some of their patients")
def studies_naming(review: Review, comparator: str) -> Value:
    """Count studies whose design or notes name the comparator."""
    return values.distinct(select(review, comparator=comparator))


@fact("Years of the trials compared with {comparator}")
def trial_years(review: Review, comparator: str) -> Value:
    """List years as printed; one year is a number."""
    rows = select(review, group="trial", comparator=comparator)
    if rows["year"].nunique() <= 1:
        return values.number(rows["year"].max() if len(rows) else None, rows)
    return values.listing((int(year) for year in rows["year"]), rows)


@fact("Directions of the contrasts that the table prints for {key}")
def directions(review: Review, key: str, comparator: str | None = None) -> Value:
    """List the printed directions of one study's contrasts."""
    rows = review.evidence.outcomes
    rows = rows[rows["row"].isin(select(review, key=key, comparator=comparator)["row"])]
    rows = rows[rows["kind"] == "between-group difference"]
    if comparator is not None:
        rows = rows[rows["arm"] == f"{TREATMENT} vs {comparator}"]
    return values.listing(rows["direction"].dropna(), rows)


@fact("Arms other than the treated one whose printed share of responders passes the review's own "
      "limit for a positive outcome, of those with a printed share")  # fmt: skip
def control_arms_above_rule(review: Review) -> Value:
    """Count control arms that the review's rule would call positive, whatever the time."""
    rule = review.rule
    rows = review.evidence.outcomes
    rows = rows[(rows["kind"] == "responder") & rows["percent"].notna()]
    rows = rows[~rows["arm"].isin([TREATMENT, "not stated"])]
    above = rows[
        (rows["percent"] > rule.positive_share_percent)
        & (rows["threshold_percent"] >= rule.relief_threshold_percent)
    ]
    return values.share(above, rows, column=None)


@fact("Longest follow-up of a randomised trial")
def longest_trial_followup(review: Review) -> Value:
    """Return months."""
    rows = select(review, group="trial")
    longest = rows["followup_max_months"].max()
    return values.number(longest, rows[rows["followup_max_months"] == longest], "months")
