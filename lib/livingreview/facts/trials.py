"""Facts on the randomised trials and on comparisons with other treatments."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import TREATMENT, number_of, parts, select
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.review import Review

FAVOURS, NO_DIFFERENCE = "favours treatment", "no difference"


@lru_cache(maxsize=64)  # many facts ask the same
def verdicts(review: Review, comparator: str | None = None) -> pd.Series[str]:
    """Return, per randomised row, whether its printed outcome favours the treatment.

    The contrasts at the primary endpoint decide where one is marked, else all of them: *no
    difference*, *favours treatment* or *favours comparator* if each says so. Without contrasts,
    *favours treatment* if the share of responders is larger in the treated arm than in every
    control arm that is stated; else *not stated*. No test of significance is printed in the
    tables. With ``comparator`` only results against it decide: a trial of three arms can differ
    from one and not from the other.
    """
    trials = select(review, group="trial")
    outcomes = review.evidence.outcomes
    said = {}
    for trial in trials.itertuples():
        own = _against(outcomes[outcomes["row"] == trial.row], comparator)
        contrasts = _deciding(own)["direction"].dropna()
        responders = own[(own["kind"] == "responder") & own["percent"].notna()]
        treated = responders[responders["arm"] == TREATMENT]["percent"]
        control = responders[~responders["arm"].isin([TREATMENT, "not stated"])]["percent"]
        if len(contrasts) and (contrasts == "no difference").all():
            said[trial.Index] = NO_DIFFERENCE
        elif len(contrasts) and (contrasts == FAVOURS).all():
            said[trial.Index] = FAVOURS
        elif len(contrasts) and (contrasts == "favours comparator").all():
            said[trial.Index] = "favours comparator"
        elif len(treated) and len(control) and treated.min() > control.max():
            said[trial.Index] = FAVOURS
        else:
            said[trial.Index] = "not stated"
    return pd.Series(said, index=trials.index, dtype="str")


def _against(outcomes: pd.DataFrame, comparator: str | None) -> pd.DataFrame:
    """Return the results of the treated arm and of those that hold a comparator; all for None."""
    if comparator is None:
        return outcomes
    wanted = {*parts(comparator)}
    arms = outcomes["arm"].str.split(" vs ")
    return outcomes[arms.map(lambda a: a == [TREATMENT] or bool(wanted & {*a})).astype(bool)]


def _deciding(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the contrasts that decide on a trial: its primary endpoint where one is marked."""
    contrasts = outcomes[
        (outcomes["kind"] == "between-group difference")
        & outcomes["arm"].str.startswith(f"{TREATMENT} vs ")
    ]
    primary = contrasts[contrasts["primary_endpoint"].fillna(False).astype(bool)]
    return contrasts if primary.empty else primary


def _trials(review: Review, verdict: str, **filters: str | None) -> Value:
    chosen = select(review, group="trial", **filters)
    found = verdicts(review, filters.get("comparator")).reindex(chosen.index) == verdict
    hits = chosen[found.to_numpy(dtype=bool)]
    outcomes = review.evidence.outcomes
    value = values.share(hits, chosen)
    rows = values.names(hits, outcomes[outcomes["row"].isin(hits["row"])])
    return Value(value.value, value.text, rows, value.of, value.base)


@fact("Randomised trials whose outcome favours the treatment over its control")
def trials_favouring_treatment(review: Review, nerve: str | None = None,
                               comparator: str | None = None) -> Value:  # fmt: skip
    """Count trials with more responders in the treated arm than in the control arm."""
    return _trials(review, FAVOURS, nerve=nerve, comparator=comparator)


@fact("Randomised trials whose outcome shows no difference from the control")
def trials_without_difference(review: Review, nerve: str | None = None,
                              comparator: str | None = None) -> Value:  # fmt: skip
    """Count trials whose contrasts all say no difference."""
    return _trials(review, NO_DIFFERENCE, nerve=nerve, comparator=comparator)


@fact("Randomised trials whose outcome favours the comparator")
def trials_favouring_comparator(review: Review, comparator: str | None = None) -> Value:
    """Count trials whose contrasts all favour the comparator."""
    return _trials(review, "favours comparator", comparator=comparator)


@fact("Randomised trials compared with {comparator}")
def trials_of_comparator(review: Review, comparator: str) -> Value:
    """Count trials that name the comparator, over all trials."""
    trials = select(review, group="trial")
    return values.share(select(review, group="trial", comparator=comparator), trials)


@fact("Of the randomised trials whose deciding result is earlier than {months} months, those "
      "that favour the treatment")  # fmt: skip
def short_trials_favouring_treatment(
    review: Review, months: str, nerve: str | None = None
) -> Value:
    """Count trials that favour the treatment among those decided by an earlier result.

    A result without a time is taken at the end of the trial's follow-up.
    """
    chosen = select(review, group="trial", nerve=nerve)
    early = [_decided_at(review, trial) < number_of(months) for trial in chosen.itertuples()]
    chosen = chosen[pd.Series(early, index=chosen.index, dtype=bool)]
    found = verdicts(review).reindex(chosen.index) == FAVOURS
    return values.share(chosen[found.to_numpy(dtype=bool)], chosen)


def _decided_at(review: Review, trial: Any) -> float:
    """Return the months of the earliest result that decides on a trial."""
    outcomes = review.evidence.outcomes
    own = outcomes[outcomes["row"] == trial.row]
    deciding = _deciding(own)
    if deciding.empty:
        deciding = own[own["kind"] == "responder"]
    earliest = deciding["months"].min()
    return float(trial.followup_max_months if pd.isna(earliest) else earliest)


@fact("Reference numbers of the trials whose outcome shows no difference")
def null_trial_refs(review: Review) -> Value:
    """List reference numbers."""
    trials = select(review, group="trial")
    rows = trials[(verdicts(review) == NO_DIFFERENCE).to_numpy(dtype=bool)]
    return values.listing((int(ref) for ref in rows["ref"].dropna()), rows)


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
