"""How sure the evidence on a question can be at most, and why: a ceiling, by what is computed.

After GRADE: it starts at the best design that compares, and is lowered for few patients, wide
intervals, results that differ and a high risk of bias. Only what was read lowers it; what nobody
judged is *not assessed*, which is no "no concern".
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.data.appraisals import OVERALL
from livingreview.derived import Certainty
from livingreview.evidence.appraisal import NOT_ASSESSED
from livingreview.evidence.trials import AGAINST, FAVOURS, MIXED, NO_DIFFERENCE
from livingreview.frames import frame_of
from livingreview.synthesis.contrasts import BOTH, NEITHER, NO_BENEFIT, NOT_STATED, contrasts
from livingreview.tables import TREATMENT
from livingreview.words import LISTED

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

LEVELS = ("very low", "low", "moderate", "high")
NONE = "none"
LITTLE = "no important benefit"
DIFFERENT = "studies differ"
TOGETHER = "several arms at once"

# Why it is lowered; GRADE guidelines 6 to 9, with the limit of the protocol.
FEW = "few patients"  # Murad and others 2017
WIDE = "intervals that leave the answer open"
NO_INTERVAL = "no interval is stated"
DIFFER = "results that differ"
BIAS = "high risk of bias"
ALONE = "no comparison"
NOT_JUDGED = ("indirectness", "publication bias")

# Predicates, by direction and level; after GRADE guidelines 26 (Santesso and others 2020).
SAID = {
    FAVOURS: (
        "did better than {comparator}, but this is very uncertain",
        "may do better than {comparator}",
        "probably does better than {comparator}",
        "does better than {comparator}",
    ),
    AGAINST: (
        "did worse than {comparator}, but this is very uncertain",
        "may do worse than {comparator}",
        "probably does worse than {comparator}",
        "does worse than {comparator}",
    ),
    LITTLE: (
        "did no better than {comparator} by an amount that matters, but this is very uncertain",
        "may do no better than {comparator} by an amount that matters",
        "probably does no better than {comparator} by an amount that matters",
        "does no better than {comparator} by an amount that matters",
    ),
    NO_DIFFERENCE: ("was not shown to differ from {comparator}",) * 4,
    MIXED: ("did better than {comparator} at some times or by some measures, not by others",) * 4,
    DIFFERENT: ("did better than {comparator} in {favour} of {studies} studies",) * 4,
    TOGETHER: ("was not tested against {comparator} alone, only all arms together",) * 4,
    NOT_STATED: ("was compared with {comparator}, and which did better is not stated",) * 4,
    NONE: ("was not compared with anything",) * 4,
}


@lru_cache(maxsize=16)
def certainty(edition: Edition) -> pd.DataFrame:
    """Return one row per question and comparator; see ``derived.Certainty``.

    A question without any comparison has one row, of comparator *none*.
    """
    rows = [
        Certainty(**_judged(edition, asked.id, comparator))
        for asked in edition.source.questions
        for comparator in comparators_of(edition, asked.id) or [NONE]
    ]
    return frame_of("certainty", rows)


def comparators_of(edition: Edition, question: str) -> list[str]:
    """Return what the treatment was compared with where contrasts decide, in order of the list."""
    rows = contrasts(edition)
    rows = rows[(rows["question"] == question) & rows["decides"]]
    found = {name for names in rows["comparator"] for name in names.split(LISTED)}
    return [name for name in edition.source.vocabulary.comparators.by_name if name in found]


def deciding_contrasts(edition: Edition, question: str, comparator: str) -> pd.DataFrame:
    """Return the contrasts that decide: of randomised studies alone, where there are any.

    Where some compare these two alone, a test of several arms at once says nothing of them.
    """
    rows = contrasts(edition)
    named = rows["comparator"].map(lambda names: comparator in names.split(LISTED)).astype(bool)
    rows = rows[(rows["question"] == question) & rows["decides"] & named]
    alone = rows[rows["comparator"] == comparator]
    rows = rows if alone.empty else alone
    trials = edition.studies.loc[edition.studies["randomised"], "key"]
    randomised = rows[rows["key"].isin(trials)]
    return rows if randomised.empty else randomised


def direction_of(rows: pd.DataFrame) -> str:
    """Return which way some contrasts point: each study has its own say, and studies may differ.

    *No important benefit* where each states no difference and each interval excludes a benefit
    that matters; *mixed results* where those of one study differ, *studies differ* where each has
    a say of its own; *several arms at once* where nothing compares these two alone.
    """
    if rows.empty:
        return NONE
    if rows["comparator"].str.contains(LISTED, regex=False).all():
        return TOGETHER
    said = {frozenset(own.dropna()) for _, own in rows.groupby("key")["reported"]}
    if said == {frozenset({NO_DIFFERENCE})}:
        return LITTLE if rows["interval_says"].isin([BOTH, NO_BENEFIT]).all() else NO_DIFFERENCE
    if frozenset() in said:
        return NOT_STATED
    if any(len(own) > 1 for own in said):
        return MIXED
    return DIFFERENT if len(said) > 1 else next(iter(next(iter(said))))


def _judged(edition: Edition, question: str, comparator: str) -> dict[str, Any]:
    values: dict[str, Any] = {"question": question, "comparator": comparator}
    keys: tuple[str, ...] = ()
    open_: tuple[str, ...] = NOT_JUDGED
    patients: int | None = None
    level, lowered, start, direction, favour = 0, [ALONE], LEVELS[1], NONE, 0
    if comparator != NONE:
        rows = deciding_contrasts(edition, question, comparator)
        keys = tuple(dict.fromkeys(rows["key"]))
        trials = edition.studies.loc[edition.studies["randomised"], "key"]
        start = LEVELS[3] if set(keys) <= set(trials) else LEVELS[1]
        patients = _patients(edition, rows, comparator)
        direction = direction_of(rows)
        favour = rows.loc[rows["reported"] == FAVOURS, "key"].nunique()
        judged = _bias_of(edition, keys)
        lowered = _lowered(edition, rows, patients, judged)
        level = max(0, LEVELS.index(start) - len(lowered))
        unjudged = [key for key in keys if judged[key] in (NOT_ASSESSED, "incomplete")]
        open_ = (*(f"risk of bias of {key}" for key in unjudged), *NOT_JUDGED)
    return values | {
        "studies": keys,
        "patients": patients,
        "start": start,
        "lowered_for": tuple(lowered),
        "ceiling": LEVELS[level],
        "not_assessed": open_,
        "direction": direction,
        "words": SAID[direction][level].format(
            comparator=comparator, favour=favour, studies=len(keys)
        ),
    }


def _lowered(
    edition: Edition, rows: pd.DataFrame, patients: int | None, judged: dict[str, str]
) -> list[str]:
    """Return the reasons that lower the certainty of some deciding contrasts."""
    limit = edition.source.protocol.synthesis.imprecise_below_patients
    said = {frozenset(own.dropna()) for _, own in rows.groupby("key")["reported"]}
    intervals = rows[["ci_low", "ci_high"]].notna().all(axis=1)
    holds = {
        FEW: patients is None or patients <= limit,
        WIDE: bool((rows["interval_says"] == NEITHER).any()),
        NO_INTERVAL: not intervals.any(),
        DIFFER: len(said) > 1,
        BIAS: _worst(edition) in judged.values(),
    }
    return [reason for reason, true in holds.items() if true]


def _worst(edition: Edition) -> str:
    """Return the worst judgement of the tools at hand; an empty text where there is none."""
    for tool in edition.source.tools.values():
        if tool.judgements:
            return tool.judgements[-1]
    return ""


def _bias_of(edition: Edition, keys: tuple[str, ...]) -> dict[str, str]:
    """Return the judgement on all domains by study."""
    rows = edition.appraisals
    judged = rows[rows["domain"] == OVERALL].set_index("key")["judgement"]
    return {key: str(judged.get(key, NOT_ASSESSED)) for key in keys}


def _patients(edition: Edition, rows: pd.DataFrame, comparator: str) -> int | None:
    """Return the patients of the arms compared, each study once; None where one is not known.

    As allocated to the two arms; of counts compared here, as evaluated, the most at any time.
    """
    numbers: list[int | None] = []
    for key, own in rows.groupby("key", sort=False):
        if own["computed"].all():
            numbers.append(int(own["patients"].max()))
            continue
        file = edition.source.studies.get(str(key))
        sizes = [file.size(arm) if file else None for arm in (TREATMENT, comparator)]
        numbers.append(None if None in sizes else sum(size for size in sizes if size is not None))
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
