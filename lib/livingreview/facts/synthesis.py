"""Facts on clinical questions: what compares, how sure it can be, what is not pooled and why."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.edition import LIVING
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.select import number_of, select, terms_of
from livingreview.facts.values import Value
from livingreview.frames import is_of
from livingreview.synthesis.certainty import certainty, deciding_contrasts
from livingreview.synthesis.contrasts import contrasts
from livingreview.synthesis.groups import NONE, syntheses
from livingreview.synthesis.overlaps import DIFFERENT, overlaps
from livingreview.tables import TREATMENT
from livingreview.words import LISTED, in_months, number

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


def _asked(edition: Edition, question: str) -> str:
    known = {asked.id for asked in edition.source.questions}
    (found,) = terms_of("question", question, known) or [""]
    return found


def _deciding(edition: Edition, question: str, comparator: str) -> pd.DataFrame:
    known = edition.source.vocabulary.comparators.by_name
    (against,) = terms_of("comparator", comparator, known) or [""]
    return deciding_contrasts(edition, _asked(edition, question), against)


def _judged(edition: Edition, question: str, comparator: str) -> pd.DataFrame:
    """Return the one row of the certainty of a comparison; none where nothing is compared."""
    rows = certainty(edition)
    asked = _asked(edition, question)
    return rows[(rows["question"] == asked) & (rows["comparator"] == comparator)]


def _of_comparison(edition: Edition, question: str, comparator: str, column: str) -> Value:
    """Return a column of the certainty of a comparison, with the contrasts that decide."""
    rows = _deciding(edition, question, comparator)
    judged = _judged(edition, question, comparator)
    return values.word(None if judged.empty else str(judged[column].iloc[0]), rows)


@fact("What the contrasts that decide say of {question} against {comparator}", edition=LIVING)
def compares(edition: Edition, question: str, comparator: str) -> Value:
    """Say in words which way they point, with the words of their certainty.

    Those of randomised studies decide where there are any: the primary endpoint of a study, or
    all of its contrasts where none is marked.
    """
    return _of_comparison(edition, question, comparator, "words")


@fact("Certainty that the evidence on {question} against {comparator} can have at most", LIVING)
def certainty_at_most(edition: Edition, question: str, comparator: str) -> Value:
    """Return the level: high, moderate, low or very low; see ``synthesis.certainty``."""
    return _of_comparison(edition, question, comparator, "ceiling")


def _studies(rows: pd.DataFrame) -> Value:
    found = values.distinct(rows)
    return replace(found, text=f"{found.text} {'study' if found.value == 1 else 'studies'}")


@fact("Studies whose contrasts decide on {question} against {comparator}", LIVING)
def studies_compared(edition: Edition, question: str, comparator: str = "any") -> Value:
    """Count studies: against one comparator the randomised ones where there are any."""
    if comparator != "any":
        return _studies(_deciding(edition, question, comparator))
    wanted = terms_of("question", question, {asked.id for asked in edition.source.questions})
    rows = contrasts(edition)
    return _studies(rows[rows["question"].isin(wanted) & rows["decides"]])


@fact("Patients in the arms that decide on {question} against {comparator}", LIVING)
def patients_compared(edition: Edition, question: str, comparator: str) -> Value:
    """Count the patients of both arms, each study once."""
    rows = _deciding(edition, question, comparator)
    judged = _judged(edition, question, comparator)
    return values.number(None if judged.empty else judged["patients"].iloc[0], rows)


@fact("Latest time at which {question} has a comparison", LIVING)
def compared_until(edition: Edition, question: str) -> Value:
    """Return months; of contrasts of whole arms, whatever they say."""
    rows = contrasts(edition)
    rows = rows[(rows["question"] == _asked(edition, question)) & rows["part"].isna()]
    latest = rows["months"].max()
    return values.number(latest, rows[rows["months"] == latest], "months")


@fact("Longest follow-up among the studies of {question}", LIVING)
def followed_until(edition: Edition, question: str) -> Value:
    """Return months of the longest follow-up that is stated."""
    rows = select(edition, question=question)
    longest = rows["followup_max_months"].max()
    return values.number(longest, rows[rows["followup_max_months"] == longest], "months")


def _asked_keys(edition: Edition, questions: Iterable[str]) -> pd.DataFrame:
    """Return the studies of some questions."""
    wanted = {*questions}
    keys = {k for asked in edition.source.questions if asked.id in wanted for k in asked.studies}
    return edition.studies[edition.studies["key"].isin(keys)]


@fact("Clinical questions", LIVING)
def clinical_questions(edition: Edition) -> Value:
    """Count the questions that some study informs."""
    keys = {*edition.studies["key"]}
    found = [asked.id for asked in edition.source.questions if keys & {*asked.studies}]
    return Value(len(found), str(len(found)), values.names(_asked_keys(edition, found)))


@fact("Clinical questions with a comparison against {comparator}, of all questions", LIVING)
def questions_compared(edition: Edition, comparator: str = "any") -> Value:
    """Count questions with a contrast that decides, against one comparator or any."""
    if comparator != "any":
        terms_of("comparator", comparator, edition.source.vocabulary.comparators.by_name)
    rows = certainty(edition)
    rows = rows[rows["comparator"] != NONE]
    if comparator != "any":
        rows = rows[rows["comparator"] == comparator]
    found = contrasts(edition)
    decide = found["decides"] & found["question"].isin(rows["question"])
    if comparator != "any":
        decide &= found["comparator"].map(lambda names: comparator in names.split(LISTED))
    everything = clinical_questions(edition)
    number = rows["question"].nunique()
    text = f"{number} of {everything.value}"
    return Value(number, text, values.names(found[decide]), everything.value, everything.rows)


@fact("Groups of like results that are pooled, of all groups", LIVING)
def pooled_groups(edition: Edition) -> Value:
    """Count groups that share question, comparator, class of measure, scale and time."""
    rows = syntheses(edition)
    pooled = rows[rows["decision"] == "pooled"]
    members = edition.outcomes[
        edition.outcomes["key"].isin({k for ks in rows["studies"] for k in ks})
    ]
    return Value(len(pooled), f"{len(pooled)} of {len(rows)}", (), len(rows), values.names(members))


@fact("Pairs of studies of {question} that may share patients", LIVING)
def pairs_sharing_patients(edition: Edition, question: str = "any") -> Value:
    """Count pairs, found by authors or by nerves, guidance and years, or stated in a file."""
    rows = overlaps(edition)
    rows = rows[rows["judged"] != DIFFERENT]
    if question != "any":
        rows = rows[rows["question"] == _asked(edition, question)]
    studies = edition.studies[edition.studies["key"].isin({*rows["key"], *rows["other"]})]
    return Value(len(rows), str(len(rows)), values.names(studies))


@fact("Difference of {key} against {comparator} at {months} months; positive is better", LIVING)
def turned_difference(
    edition: Edition, key: str, comparator: str, months: str, measure_class: str | None = None
) -> Value:
    """Return the estimate with its interval; ratios as ratios; raises for more than one.

    Of whole arms, and of one class of measures where it is named; counted arms that nothing
    reported compares are compared here.
    """
    terms_of("key", key, edition.source.references)
    rows = contrasts(edition)
    rows = rows[(rows["key"] == key) & (rows["comparator"] == comparator) & rows["part"].isna()]
    rows = rows[(rows["months"] == number_of(months)) & rows["oriented"].notna()]
    if measure_class is not None:
        rows = rows[rows["measure_class"] == measure_class]
    if len(rows) > 1:
        raise UnknownFact(f"a time, and a class, of which {key} has one difference; not {months}")
    if rows.empty:
        return values.word(None, rows)
    row: Any = rows.iloc[0]
    ratio = row["scale"] == "ratio"
    ends = [row[name] for name in ("oriented", "oriented_low", "oriented_high")]
    digits = 1 if row["computed"] else 2  # a printed value keeps its digits
    shown = [number(round(math.exp(end) if ratio else float(end), digits)) for end in ends]
    scale = "a ratio of" if ratio else ""
    unit = "" if ratio else f" {row['scale']}"
    text = f"{scale} {shown[0]}{unit}, 95% CI {shown[1]} to {shown[2]}, ".strip()
    text += f" at {in_months(number_of(months))}"
    return Value(float(ends[0]), text, values.names(rows))


@fact("Responders of {key} with the treatment and with {comparator}, at {months} months", LIVING)
def responders_side_by_side(edition: Edition, key: str, comparator: str, months: str) -> Value:
    """Return the counts of both arms: "27 of 39 against 12 of 44"; not stated where one is not.

    Raises ``UnknownFact`` where several measures or thresholds are counted at that time.
    """
    rows = edition.outcomes
    rows = rows[(rows["key"] == key) & (rows["kind"] == "responder") & rows["responders"].notna()]
    rows = rows[(rows["months"] == number_of(months)) & rows["evaluated"].notna()]
    treated, control = rows[is_of(rows, TREATMENT)], rows[is_of(rows, comparator)]
    if max(len(treated), len(control)) > 1:
        raise UnknownFact(f"a time at which {key} counts each arm once; not {months}")
    if treated.empty or control.empty:
        return values.word(None, pd.concat([treated, control]))
    both = pd.concat([treated, control])
    counts = [f"{row['responders']} of {row['evaluated']}" for _, row in both.iterrows()]
    text = f"{' against '.join(counts)} at {in_months(number_of(months))}"
    return Value(text, text, values.names(both))
