"""Facts on how much hangs on choices: conclusions under every combination of the protocol's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from livingreview.facts.registry import fact
from livingreview.facts.select import terms_of
from livingreview.facts.values import NOTHING, Value, names, share
from livingreview.synthesis.multiverse import (
    ANSWERS,
    CONCLUSIONS,
    OUT,
    POSITIVE,
    UNSETTLED,
    Multiverse,
    multiverse,
    shares_of,
)

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


def _asked(edition: Edition, conclusion: str) -> tuple[Multiverse, pd.DataFrame]:
    """Return the multiverse of a conclusion, and the studies that any specification judges."""
    (arms,) = terms_of("conclusion", conclusion, tuple(CONCLUSIONS))
    found = multiverse(edition, arms)
    settings = tuple(range(found.codes.ndim - 1))
    judged = (found.codes != OUT).any(axis=settings)
    return found, found.studies[judged]


@fact(
    "Combinations of choices, of all, under which the conclusion on {conclusion} is: {answer} "
    "(studies that the rule cannot settle are {unsettled})"
)
def choices_under_which(edition: Edition, conclusion: str, answer: str, unsettled: str) -> Value:
    """Return a percentage of all combinations; see ``multiverse.concluded`` for the conclusions."""
    (wanted,) = terms_of("answer", answer, ANSWERS)
    (way,) = terms_of("unsettled", unsettled, UNSETTLED)
    found, rows = _asked(edition, conclusion)
    if rows.empty:
        return Value(None, NOTHING, ())
    percent = 100 * shares_of(found.answers(way))[wanted] / found.size
    return Value(float(percent), percent_words(percent), names(rows))


@fact(
    "Studies that the rule settles on {conclusion}, positive or not, in the median of all "
    "combinations of choices"
)
def studies_settled(edition: Edition, conclusion: str) -> Value:
    """Return the median of the studies that are positive or negative, over all combinations."""
    found, rows = _asked(edition, conclusion)
    if rows.empty:
        return Value(None, NOTHING, ())
    middle = float(np.median(found.deciding))
    return Value(middle, f"{middle:g}", names(rows))


@fact(
    "Studies that the rule calls positive on {conclusion} under some combination of choices, of "
    "those that it judges under any"
)
def studies_ever_positive(edition: Edition, conclusion: str) -> Value:
    """Count the studies on which the conclusion rests: without them no combination is positive."""
    found, judged = _asked(edition, conclusion)
    settings = tuple(range(found.codes.ndim - 1))
    return share(found.studies[(found.codes == POSITIVE).any(axis=settings)], judged)


def percent_words(percent: float) -> str:
    """Return a percentage in words: what is not none and not all is never told as such."""
    if 0 < percent < 1:
        return "less than 1%"
    if 99 < percent < 100:
        return "more than 99%"
    return f"{percent:.0f}%"
