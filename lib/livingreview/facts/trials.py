"""Facts on the randomised trials and on comparisons with other treatments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.data.appraisals import OVERALL
from livingreview.evidence.appraisal import NOT_ASSESSED
from livingreview.evidence.rule import share_above
from livingreview.evidence.trials import (
    FAVOURS,
    MIXED,
    NO_DIFFERENCE,
    UNTESTED,
    deciding,
    verdicts,
)
from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import number_of, of_rows, parts, select, terms_of
from livingreview.facts.values import Value
from livingreview.frames import is_contrast, is_control
from livingreview.tables import NOT_STATED
from livingreview.words import listed

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


def _trials(edition: Edition, verdict: str, **filters: str | None) -> Value:
    """Count trials with a verdict; one of which no direct result is known is undecided."""
    chosen = select(edition, group="trial", **filters)
    said = verdicts(edition, tuple(parts(filters.get("comparator") or ""))).reindex(chosen.index)
    hits, silent = (chosen[(said == word).to_numpy(dtype=bool)] for word in (verdict, NOT_STATED))
    outcomes = edition.outcomes
    value = values.share(hits, chosen, undecided=silent)
    return replace(value, rows=values.names(hits, outcomes[outcomes["row"].isin(hits["row"])]))


@fact("Randomised trials whose outcome favours the treatment over its control")
def trials_favouring_treatment(
    edition: Edition, nerve: str | None = None, comparator: str | None = None
) -> Value:
    """Count trials with more responders in the treated arm than in the control arm."""
    return _trials(edition, FAVOURS, nerve=nerve, comparator=comparator)


@fact("Randomised trials whose outcome shows no difference from the control")
def trials_without_difference(
    edition: Edition, nerve: str | None = None, comparator: str | None = None
) -> Value:
    """Count trials whose contrasts all say no difference."""
    return _trials(edition, NO_DIFFERENCE, nerve=nerve, comparator=comparator)


@fact("Randomised trials whose outcome favours the comparator")
def trials_favouring_comparator(edition: Edition, comparator: str | None = None) -> Value:
    """Count trials whose contrasts all favour the comparator."""
    return _trials(edition, "favours comparator", comparator=comparator)


@fact("Randomised trials of whose deciding contrasts some favour an arm and others do not")
def trials_with_mixed_results(edition: Edition, comparator: str | None = None) -> Value:
    """Count trials whose contrasts that decide differ in what they say."""
    return _trials(edition, MIXED, comparator=comparator)


@fact("Randomised trials that print results of both arms and state no test of one against another")
def trials_without_test(edition: Edition, comparator: str | None = None) -> Value:
    """Count trials whose treated arm has no larger share of responders, without a test."""
    return _trials(edition, UNTESTED, comparator=comparator)


@fact("Randomised trials compared with {comparator}")
def trials_of_comparator(edition: Edition, comparator: str) -> Value:
    """Count trials that name the comparator, over all trials."""
    trials = select(edition, group="trial")
    return values.share(select(edition, group="trial", comparator=comparator), trials)


@fact(
    "Of the randomised trials whose deciding result is earlier than {months} months, those "
    "that favour the treatment"
)
def short_trials_favouring_treatment(
    edition: Edition, months: str, nerve: str | None = None
) -> Value:
    """Count trials that favour the treatment among those decided by an earlier result.

    A result without a time is taken at the end of the trial's follow-up.
    """
    chosen = select(edition, group="trial", nerve=nerve)
    early = [_decided_at(edition, trial) < number_of(months) for trial in chosen.itertuples()]
    chosen = chosen[pd.Series(early, index=chosen.index, dtype=bool)]
    found = verdicts(edition).reindex(chosen.index) == FAVOURS
    return values.share(chosen[found.to_numpy(dtype=bool)], chosen)


def _decided_at(edition: Edition, trial: Any) -> float:
    """Return the months of the earliest result that decides on a trial."""
    outcomes = edition.outcomes
    own = outcomes[outcomes["row"] == trial.row]
    results = deciding(own)
    if results.empty:
        results = own[own["kind"] == "responder"]
    earliest = results["months"].min()
    return float(trial.followup_max_months if pd.isna(earliest) else earliest)


@fact(
    "Of the randomised trials whose deciding result is at {months} months or later, those that "
    "favour the treatment"
)
def late_trials_favouring_treatment(edition: Edition, months: str) -> Value:
    """Count trials that favour the treatment among those decided by a later result."""
    trials = select(edition, group="trial")
    late = [_decided_at(edition, trial) >= number_of(months) for trial in trials.itertuples()]
    chosen = trials[pd.Series(late, index=trials.index, dtype=bool)]
    found = verdicts(edition).reindex(chosen.index) == FAVOURS
    return values.share(chosen[found.to_numpy(dtype=bool)], chosen)


@fact("Reference numbers of the trials whose outcome shows no difference")
def null_trial_refs(edition: Edition) -> Value:
    """List reference numbers."""
    trials = select(edition, group="trial")
    return values.cited(trials[(verdicts(edition) == NO_DIFFERENCE).to_numpy(dtype=bool)])


@fact("Randomised trials of {nerve}")
def trials_of(edition: Edition, nerve: str) -> Value:
    """Count trials that treated the nerve or a branch of it, over all trials."""
    trials = select(edition, group="trial")
    return values.share(select(edition, group="trial", nerve=nerve), trials)


@fact("Comparators of the randomised trials")
def trial_comparators(edition: Edition) -> Value:
    """List what the trials compared the treatment with."""
    rows = select(edition, group="trial")
    terms = (term for names in rows["comparators"] for term in names or ())
    return values.listing(terms, rows)


def _judgements(edition: Edition) -> dict[str, str]:
    """Return the judgement on all domains by study; nothing of those that are not assessed."""
    rows = edition.appraisals
    rows = rows[(rows["domain"] == OVERALL) & (rows["judgement"] != NOT_ASSESSED)]
    return dict(zip(rows["key"], rows["judgement"], strict=True))


@fact("Randomised trials whose risk of bias was assessed")
def trials_appraised(edition: Edition) -> Value:
    """Count trials of which one result was appraised, over all trials."""
    trials = select(edition, group="trial")
    return values.share(trials[trials["key"].isin(_judgements(edition))], trials)


@fact("Of the randomised trials that were assessed, those judged: {judgement}")
def trials_judged(edition: Edition, judgement: str) -> Value:
    """Count assessed trials whose appraised result has the judgement on all domains."""
    known = {name for tool in edition.source.tools.values() for name in tool.judgements}
    wanted = terms_of("judgement", judgement, known)
    said = _judgements(edition)
    assessed = select(edition, group="trial")
    assessed = assessed[assessed["key"].isin(said)]
    return values.share(assessed[assessed["key"].map(said).isin(wanted)], assessed)


@fact("Of the studies {key}, those compared with {comparator}")
def compared_with(edition: Edition, key: str, comparator: str) -> Value:
    """Count studies that name the comparator."""
    rows = select(edition, key=key)
    return values.share(select(edition, key=key, comparator=comparator), rows)


@fact("Of the studies {key}, those whose result is better with {comparator}")
def better_with(edition: Edition, key: str, comparator: str) -> Value:
    """Count studies that state it; one that states no difference from it is none of them.

    A study is undecided whose contrast only says that the treatment was no better, or that prints
    no contrast with the comparator.
    """
    studies = select(edition, key=key)
    rows = edition.outcomes
    rows = rows[rows["row"].isin(studies["row"]) & is_contrast(rows, parts(comparator))]
    says_no = rows["direction"].isin(["favours treatment", "no difference"]) & rows["words"].isna()
    better = of_rows(studies, rows[rows["direction"] == "favours comparator"])
    not_better = of_rows(studies, rows[says_no])
    return values.share(better, studies, undecided=studies.drop(index=not_better.index))


@fact("Reference numbers of the studies that name {comparator}")
def refs_naming(edition: Edition, comparator: str) -> Value:
    """List studies whose design or notes name the comparator."""
    return values.cited(select(edition, comparator=comparator))


@fact("Distinct studies that name {comparator} as comparator or for some of their patients")
def studies_naming(edition: Edition, comparator: str) -> Value:
    """Count studies whose design or notes name the comparator."""
    return values.distinct(select(edition, comparator=comparator))


@fact("Years of the trials compared with {comparator}")
def trial_years(edition: Edition, comparator: str) -> Value:
    """List years as printed; one year is a number."""
    rows = select(edition, group="trial", comparator=comparator)
    if rows["year"].nunique() <= 1:
        return values.number(rows["year"].max() if len(rows) else None, rows)
    return values.listing((int(year) for year in rows["year"]), rows)


@fact("Directions of the contrasts that the table prints for {key}")
def directions(edition: Edition, key: str, comparator: str | None = None) -> Value:
    """List the printed directions of one study's contrasts."""
    rows = edition.outcomes
    rows = rows[rows["row"].isin(select(edition, key=key, comparator=comparator)["row"])]
    rows = rows[rows["kind"] == "between-group difference"]
    if comparator is not None:
        rows = rows[is_contrast(rows, parts(comparator))]
    return values.listing(rows["direction"].dropna(), rows)


@fact(
    "Control arms whose share of responders passes the review's own limit for a positive outcome "
    "at some time, of those with a share against a threshold in percent"
)
def control_arms_above_rule(edition: Edition) -> Value:
    """Count control arms, whatever the number of their results, that the rule calls positive."""
    rows = edition.outcomes
    rows = rows[(rows["kind"] == "responder") & rows["percent"].notna()]
    rows = rows[is_control(rows) & rows["threshold_percent"].notna()]
    named = [f"{key}: {listed(arm)}" for key, arm in zip(rows["key"], rows["arm"], strict=True)]
    rows = rows.assign(control=named)
    said = [share_above(row, edition.rule).word for row in rows.itertuples()]
    answers = pd.Series(said, index=rows.index, dtype="str")
    open_rows = rows[answers == "unclear"]
    return values.share(rows[answers == "yes"], rows, column="control", undecided=open_rows)


@fact("Longest follow-up of a randomised trial")
def longest_trial_followup(edition: Edition) -> Value:
    """Return months."""
    rows = select(edition, group="trial")
    longest = rows["followup_max_months"].max()
    return values.number(longest, rows[rows["followup_max_months"] == longest], "months")
