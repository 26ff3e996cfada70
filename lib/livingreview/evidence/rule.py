"""The review's own rule for the long term, as three-valued answers with reasons.

A study qualifies if it was followed long enough and counts patients against a threshold of relief;
its outcome is positive if the share of patients above the threshold exceeds a limit. The limits
come from the protocol. What the tables do not settle is *unclear*, never no.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from livingreview.data.protocol import LongTermRule
from livingreview.evidence.edition import ADDED_IN, Evidence, distinct_studies
from livingreview.evidence.merging import CLOSE_MONTHS, PRINTED_ONLY
from livingreview.frames import is_of
from livingreview.tables import TREATMENT
from livingreview.words import in_months

Word = Literal["yes", "no", "unclear", "does not qualify"]


COUNTS = ("responder", "relief")  # relief printed for the patient, or for all alike, counts them
TOLD_WHOLE = (PRINTED_ONLY, "full text")  # of these alone silence says that there is nothing
UNKNOWN_FOLLOWUP = ("variable", "not stated", "not reported", "missing", "not read")


COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True)
class Answer:
    """A three-valued answer and its reason in words."""

    word: Word
    reason: str


def followed_long_enough(study: Any, outcomes: pd.DataFrame, rule: LongTermRule) -> Answer:
    """Return whether a study's follow-up reaches the minimum of the rule.

    A range must reach it with its shortest time. A mean below it fails; a mean at or above it
    leaves some patients below, so it is unclear. A result printed later than the follow-up makes
    the follow-up unclear; where no follow-up is printed, patients who are counted at a time were
    followed until then. A time just below the minimum is unclear: times are rounded where they are
    printed, and 24 weeks are called six months.
    """
    least = rule.minimum_followup_months
    low, high = study.followup_min_months, study.followup_max_months
    latest = outcomes["months"].max()
    if study.followup_status in UNKNOWN_FOLLOWUP:
        counted = outcomes.loc[outcomes["kind"].isin(COUNTS), "months"].max()
        if counted >= least:
            return Answer("yes", f"patients counted at {in_months(counted)}")
        return Answer("unclear", f"follow-up is {study.followup_status}")
    if least > high >= least - CLOSE_MONTHS:
        return Answer("unclear", f"follow-up of {in_months(high)}, which may be called {least:g}")
    if high < least:
        if latest >= least:
            return Answer(
                "unclear", f"a result at {in_months(latest)}, but follow-up of {in_months(high)}"
            )
        return Answer("no", f"follow-up of {in_months(high)} at most")
    if study.followup_status in ("mean", "median"):
        return Answer(
            "unclear", f"only a {study.followup_status} follow-up, {in_months(low)}, is printed"
        )
    if low < least:
        return Answer("unclear", f"follow-up ranges from {low:g} to {in_months(high)}")
    return Answer("yes", f"follow-up of {in_months(low)}")


def counts_against_threshold(
    results: pd.DataFrame, rule: LongTermRule, read_as: str = PRINTED_ONLY
) -> Answer:
    """Return whether results count patients (or state each patient's relief) against the threshold.

    ``results`` are those of the treated arm. A lower threshold, points, words, or a mean do not
    count. Where only a part of the study was read, what that part does not state is unclear.
    """
    limit = rule.relief_threshold_percent
    if (results["status"] == "missing").any():
        return Answer("unclear", "the outcome is missing")
    counted = results[results["kind"].isin(COUNTS)]
    strict = counted[counted["threshold_percent"] >= limit]
    if not strict.empty:
        strictest = strict["threshold_percent"].max()
        return Answer("yes", f"relief is compared with {strictest:g}%")
    if (counted["threshold_percent"] < limit).any():
        other = counted["threshold_percent"].max()
        return Answer("no", f"relief is compared with {other:g}%, not {limit:g}%")
    if counted["threshold_points"].notna().any():
        return Answer("no", "counts patients against a threshold in points, not in percent")
    reported = counted[(counted["status"] == "reported") & (counted["kind"] == "responder")]
    if reported["threshold_words"].notna().any():
        return Answer("no", "counts patients against a threshold in words, not in percent")
    if read_as not in TOLD_WHOLE:
        return Answer("unclear", f"no threshold of relief in the part that was read ({read_as})")
    if not reported.empty:
        return Answer("no", "prints a responder rate without saying what a responder is")
    if (results["kind"] == "mean relief").any():
        return Answer("no", "compares a mean with the threshold and counts no patients")
    return Answer("no", "states no threshold of relief")


def share_above(result: Any, rule: LongTermRule) -> Answer:
    """Return whether one result puts the share of patients above the rule's limit.

    A share above a stricter threshold is a lower bound, one above a weaker threshold an upper
    bound, of the share that the rule asks for. Relief printed without a count is read as that of
    every patient. 50% is not more than 50%.
    """
    if pd.isna(result.threshold_percent):
        return Answer("unclear", "no threshold in percent")
    bound = _bound(result, rule)
    if result.kind == "relief":
        words: dict[str, Word] = {"lower": "yes", "exact": "yes", "none": "no", "upper": "unclear"}
        return Answer(words[bound], f"relief {_words(result)}, printed for all patients alike")
    if pd.isna(result.percent):
        return Answer("unclear", "the share of patients is not stated")
    said = f"{result.percent:g}% of patients with relief {_words(result)}"
    if bound == "none":
        return Answer("no", f"{said}: not above {rule.relief_threshold_percent:g}%")
    limit = rule.positive_share_percent
    exceeds = COMPARE[rule.positive_rule](result.percent, limit)
    if exceeds and bound != "upper":
        return Answer("yes", said)
    if not exceeds and bound != "lower":
        return Answer("no", f"{said}: not more than {limit:g}%")
    if bound == "upper" and result.threshold_percent == rule.relief_threshold_percent:
        return Answer("unclear", f"{said}: yes if that is enough, open if it must be more")
    missing = "those with less relief are not counted" if bound == "lower" else "a weaker threshold"
    return Answer("unclear", f"{said}: {missing}")


def _bound(result: Any, rule: LongTermRule) -> Literal["lower", "upper", "exact", "none"]:
    """Return how a printed share bounds the share of patients above the rule's threshold.

    A stricter threshold gives a lower bound, a weaker one an upper bound, the same one the share
    itself; relief of exactly, or less than, an amount that is not enough gives none at all.
    """
    limit, threshold, printed = (
        rule.relief_threshold_percent,
        result.threshold_percent,
        result.threshold_rule,
    )
    if printed in ("<", "<="):
        return "none"
    if threshold == limit and printed == rule.relief_rule:
        return "exact"
    if threshold > limit or (threshold == limit and (printed == ">" or rule.relief_rule == ">=")):
        return "lower"
    return "none" if printed == "=" else "upper"


def _words(result: Any) -> str:
    sign = "of" if result.threshold_rule == "=" else result.threshold_rule
    return f"{sign} {result.threshold_percent:g}%"


def positive_in_long_term(study: Any, results: pd.DataFrame, rule: LongTermRule) -> Answer:
    """Return whether the outcome is positive at the minimum follow-up or later.

    See ``deciding_result`` for the result that is asked.
    """
    found = deciding_result(study, results, rule)
    if isinstance(found, Answer):
        return found
    answer = share_above(found, rule)
    if pd.notna(found["months"]):
        return answer
    end = f"its time is not stated and taken as the end of follow-up, {in_months(found['at'])}"
    return Answer(answer.word, f"{answer.reason}; {end}")


def deciding_result(
    study: Any, results: pd.DataFrame, rule: LongTermRule
) -> pd.Series[Any] | Answer:
    """Return the count of patients that decides, with its time ``at``; *unclear* where none does.

    A result without a time is taken at the end of a follow-up that is one stated time; with any
    other follow-up its time is unclear. Of several results late enough the rule takes the earliest
    or the latest.
    """
    counted = results[results["kind"].isin(COUNTS) & results["threshold_percent"].notna()]
    if counted.empty:
        return Answer("unclear", "no count of patients against a threshold in percent")
    single_time = study.followup_status == "stated"
    times = counted["months"]
    if single_time:
        times = times.fillna(study.followup_max_months)
    timed = counted.assign(at=times)
    late = timed[timed["at"] >= rule.minimum_followup_months]
    if late.empty:
        if times.isna().any():
            return Answer("unclear", "the time of the result is not stated")
        return Answer("unclear", f"last result at {in_months(times.max())}")
    place = {"earliest": 0, "latest": -1}[rule.of_several]
    return late.sort_values("at", kind="stable").iloc[place]


def both(first: Answer, second: Answer) -> Answer:
    """Return *yes* if both are, *no* if either is, else *unclear*, with the reason that decides."""
    words: tuple[Word, Word] = ("no", "unclear")
    for word in words:
        reasons = [answer.reason for answer in (first, second) if answer.word == word]
        if reasons:
            return Answer(word, "; ".join(reasons))
    return Answer("yes", f"{first.reason}; {second.reason}")


def verdict(qualifies: Answer, positive: Answer) -> Answer:
    """Return whether a study that qualifies is positive; one that does not is not judged."""
    if qualifies.word == "no":
        return Answer("does not qualify", qualifies.reason)
    if qualifies.word == "unclear" and positive.word == "no":
        return Answer("unclear", qualifies.reason)
    return both(qualifies, positive)


# What the rule reads of a result.
OF_RESULTS = [
    "row",
    "kind",
    "status",
    "months",
    "percent",
    "threshold_percent",
    "threshold_rule",
    "threshold_points",
    "threshold_words",
]


def treated_results(evidence: Evidence) -> Callable[[Any], pd.DataFrame]:
    """Return a function that gives the results of the treated arm of one row of the studies."""
    treated = evidence.outcomes.loc[is_of(evidence.outcomes, TREATMENT), OF_RESULTS]
    of_row = dict(list(treated.groupby("row")))
    return lambda row: of_row.get(row, treated.iloc[:0])


def long_term(evidence: Evidence, rule: LongTermRule) -> pd.DataFrame:
    """Return one row per study with the rule's answers beside the printed verdict.

    A study that is printed twice is judged by its last row; every row stays in the studies table.
    Columns: key, row, followed, defined, qualifies, positive, verdict (of those that qualify),
    each with ``<name>_reason``; ``printed`` (yes, no, or not listed) and ``agreement``, empty for
    studies that the source review does not hold.
    The index is that of the studies.
    """
    printed = dict(
        zip(evidence.printed_verdicts["key"], evidence.printed_verdicts["positive"], strict=True)
    )
    studies = distinct_studies(evidence.studies)
    rows = []
    results = treated_results(evidence)
    for study in studies.itertuples():
        own = results(study.row)
        answers = {
            "followed": followed_long_enough(study, own, rule),
            "defined": counts_against_threshold(own, rule, str(study.read_as)),
            "positive": positive_in_long_term(study, own, rule),
        }
        answers["qualifies"] = both(answers["followed"], answers["defined"])
        answers["verdict"] = verdict(answers["qualifies"], answers["positive"])
        listed = printed.get(study.key, "not listed")
        row: dict[str, Any] = {"key": study.key, "row": study.row}
        for name, answer in answers.items():
            row |= {name: answer.word, f"{name}_reason": answer.reason}
        stand = agreement(listed, answers) if study.added_in == ADDED_IN else None
        row |= {"printed": listed, "agreement": stand}
        rows.append(row)
    return pd.DataFrame(rows, index=studies.index)


AGREEMENTS = (
    "printed and computed agree",
    "printed YES, the rule says no",
    "printed NO, the rule says yes",
    "listed, but does not qualify",
    "qualifies, but was left out",
    "listed, cannot be decided",
    "left out, cannot be decided",
    "neither listed nor qualifying",
)


def agreement(printed: str, answers: dict[str, Answer]) -> str:
    """Return how the printed verdict and the computed answers stand to each other."""
    qualifies, positive = answers["qualifies"].word, answers["positive"].word
    if printed == "not listed":
        return {
            "yes": "qualifies, but was left out",
            "no": "neither listed nor qualifying",
            "unclear": "left out, cannot be decided",
        }[qualifies]
    if qualifies == "no":
        return "listed, but does not qualify"
    if "unclear" in (qualifies, positive):
        return "listed, cannot be decided"
    if printed == positive:
        return "printed and computed agree"
    return f"printed {printed.upper()}, the rule says {positive}"
