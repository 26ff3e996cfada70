"""How much hangs on choices: the long-term rule under every combination of choices declared.

The rule itself stays in ``evidence.rule``. Each of its parts is asked once for the choices that it
depends on, and arrays combine the answers; a test holds them against the rule asked as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from livingreview.data.protocol import Choices, LongTermRule
from livingreview.evidence.edition import distinct_studies
from livingreview.evidence.rule import (
    Answer,
    counts_against_threshold,
    deciding_result,
    followed_long_enough,
    share_above,
    treated_results,
)
from livingreview.frames import is_control
from livingreview.tables import TREATMENT

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

# What the rule says of a study under one specification, as a number.
POSITIVE, NEGATIVE, OPEN, OUT = 1, 0, -1, 2
CODES = {"yes": POSITIVE, "no": NEGATIVE, "unclear": OPEN, "does not qualify": OUT}

# Choices of the rule and of who is in, in the order of the axes of the arrays.
TIMES = ("minimum_followup_months", "of_several")
SHARES = ("relief_threshold_percent", "relief_rule", "positive_share_percent", "positive_rule")
OF_RULE = (*TIMES, *SHARES)
OF_STUDIES = ("designs", "only_read", "least_patients")

# What becomes of a study that the rule cannot settle.
UNSETTLED = ("left open", "left out", "counted as not positive", "counted as positive")

# Conclusions on some studies, and what each asks of them: more than half, or at least one.
MOST, SOME = "most", "some"
CONCLUSIONS = {"treated arms": MOST, "comparison arms": SOME}

# What a conclusion is under one specification.
HOLDS, FAILS, UNDECIDED, NOTHING = "holds", "does not hold", "undecided", "nothing to judge"
ANSWERS = (HOLDS, FAILS, UNDECIDED, NOTHING)


@dataclass(frozen=True, eq=False)
class Multiverse:
    """The rule's answers on each study under each setting, and who is in.

    ``studies`` has a row per distinct study; ``rule`` is that of the protocol; ``codes`` is int8
    with an axis per choice in ``OF_RULE`` and one of studies; ``included`` is bool with an axis
    per choice in ``OF_STUDIES`` and one of studies; ``asks`` is *most* or *some*.
    """

    studies: pd.DataFrame
    choices: Choices
    rule: LongTermRule
    codes: np.ndarray[Any, np.dtype[np.int8]]
    included: np.ndarray[Any, np.dtype[np.bool_]]
    asks: str

    @cached_property
    def counts(self) -> dict[int, np.ndarray[Any, np.dtype[np.int64]]]:
        """Studies that are positive, negative, open: an axis per choice of rule, then of studies.

        One matrix product for each; specifications times studies are never held at once.
        """
        who = self.included.reshape(-1, self.included.shape[-1]).T.astype(np.int64)
        shape = self.codes.shape[:-1] + self.included.shape[:-1]
        return {
            code: ((self.codes == code).astype(np.int64) @ who).reshape(shape)
            for code in (POSITIVE, NEGATIVE, OPEN)
        }

    def answers(self, unsettled: str = UNSETTLED[0]) -> np.ndarray[Any, np.dtype[np.int8]]:
        """Return the place in ``ANSWERS`` of each specification; see ``concluded``."""
        positive, negative, unclear = (self.counts[code] for code in (POSITIVE, NEGATIVE, OPEN))
        return concluded(positive, negative, unclear, self.asks, unsettled)

    @cached_property
    def deciding(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Studies that the rule settles under each specification, positive or negative."""
        return self.counts[POSITIVE] + self.counts[NEGATIVE]

    @cached_property
    def distinct(self) -> int:
        """How many specifications differ in what they say of any study, left out ones included."""
        rules = self.codes.reshape(-1, self.codes.shape[-1])
        seen = {
            np.where(who, rule, OUT).astype(np.int8).tobytes()
            for who in np.unique(self.included.reshape(-1, self.included.shape[-1]), axis=0)
            for rule in np.unique(rules, axis=0)
        }
        return len(seen)

    def at(self, **chosen: Any) -> tuple[int, ...]:
        """Return where a specification stands in counts and answers.

        What is not ``chosen`` is as the protocol has it: the levels of its rule, and of the choice
        of studies the first. Raises ``ValueError`` for a level that is not declared.
        """
        levels = {name: list(getattr(self.choices, name)) for name in (*OF_RULE, *OF_STUDIES)}
        own = {name: getattr(self.rule, name) for name in OF_RULE}
        own |= {name: levels[name][0] for name in OF_STUDIES}
        return tuple(levels[name].index(level) for name, level in (own | chosen).items())

    @property
    def size(self) -> int:
        """How many specifications there are."""
        return int(self.deciding.size)


def concluded(
    positive: np.ndarray[Any, Any],
    negative: np.ndarray[Any, Any],
    unclear: np.ndarray[Any, Any],
    asks: str = MOST,
    unsettled: str = UNSETTLED[0],
) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Return, per specification, the place in ``ANSWERS`` of a conclusion on counts of studies.

    *Most* holds where more than half of the studies are positive, *some* where at least one is.
    Left open, an unsettled study may be either, or not belong: only what holds whatever it is
    holds, and only what fails whatever it is fails. Raises ``ValueError`` for an unknown way.
    """
    if unsettled not in UNSETTLED or asks not in (MOST, SOME):
        raise ValueError(f"asks {asks}, unsettled {unsettled}")
    least, most = positive, positive
    against_least, against_most = negative, negative
    if unsettled == "left open":
        most, against_most = positive + unclear, negative + unclear
    elif unsettled == "counted as positive":
        least = most = positive + unclear
    elif unsettled == "counted as not positive":
        against_least = against_most = negative + unclear
    holds = least > against_most if asks == MOST else least > 0
    fails = most <= against_least if asks == MOST else most == 0
    said = np.full(positive.shape, ANSWERS.index(UNDECIDED), dtype=np.int8)
    said[fails] = ANSWERS.index(FAILS)
    said[holds] = ANSWERS.index(HOLDS)
    said[most + against_least == 0] = ANSWERS.index(NOTHING)
    return said


@lru_cache(maxsize=16)
def multiverse(edition: Edition, arms: str = "treated arms") -> Multiverse:
    """Return the rule's answers on the arms of an edition under all choices of the protocol.

    ``arms`` is a name of ``CONCLUSIONS``. Comparison arms are judged as if they were treated: what
    the rule calls positive there, the treatment did not do.
    Raises ``LookupError`` where the protocol declares no choices.
    """
    choices = edition.source.protocol.choices
    if choices is None:
        raise LookupError("the protocol declares no choices")
    asked = edition if arms == "treated arms" else comparison_arms(edition)
    studies = distinct_studies(asked.studies)
    own = [treated_results(asked)(row) for row in studies["row"]]
    rule = edition.source.protocol.long_term_rule
    codes = _codes(list(studies.itertuples()), own, rule, choices)
    return Multiverse(studies, choices, rule, codes, _included(studies, choices), CONCLUSIONS[arms])


def comparison_arms(edition: Edition) -> Edition:
    """Return an edition in which the results of comparison arms stand as those of the treatment.

    Studies without a result of such an arm are left out.
    """
    rows = edition.outcomes[is_control(edition.outcomes) & edition.outcomes["part"].isna()]
    rows = rows.assign(arm=pd.Series([(TREATMENT,) for _ in rows.index], index=rows.index))
    studies = edition.studies[edition.studies["row"].isin(rows["row"])]
    return replace(edition, outcomes=rows, studies=studies)


def settings(choices: Choices, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return every combination of levels of some choices, the last of them changing fastest."""
    names = list(names)
    levels = [getattr(choices, name) for name in names]
    return [dict(zip(names, found, strict=True)) for found in product(*levels)]


def _codes(
    studies: list[Any], own: list[pd.DataFrame], rule: LongTermRule, choices: Choices
) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Return the code of each study under each setting of the rule; see ``Multiverse``."""

    def shape(names: Iterable[str]) -> tuple[int, ...]:
        return tuple(len(getattr(choices, name)) for name in names)

    def changed(names: Iterable[str]) -> list[LongTermRule]:
        return [rule.model_copy(update=found) for found in settings(choices, names)]

    codes = np.empty((*shape(OF_RULE), len(studies)), dtype=np.int8)
    for place, (study, results) in enumerate(zip(studies, own, strict=True)):
        read_as = str(study.read_as)
        long = [followed_long_enough(study, results, one) for one in changed(TIMES[:1])]
        told = [counts_against_threshold(results, one, read_as) for one in changed(SHARES[:1])]
        followed = np.array([CODES[answer.word] for answer in long]).reshape(-1, 1, 1, 1, 1, 1)
        defined = np.array([CODES[answer.word] for answer in told]).reshape(1, 1, -1, 1, 1, 1)
        positive = _positive(study, results, changed(TIMES), changed(SHARES))
        codes[..., place] = _verdicts(followed, defined, positive.reshape(shape(OF_RULE)))
    return codes


def _positive(
    study: Any, results: pd.DataFrame, times: list[LongTermRule], shares: list[LongTermRule]
) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Return whether the result that decides is positive: a row per time, a column per limit."""
    known: dict[Any, list[int]] = {}
    rows = []
    for rule in times:
        found = deciding_result(study, results, rule)
        if isinstance(found, Answer):
            rows.append([CODES[found.word]] * len(shares))
            continue
        if found.name not in known:
            result = SimpleNamespace(**{str(name): found[name] for name in found.index})
            known[found.name] = [CODES[share_above(result, limits).word] for limits in shares]
        rows.append(known[found.name])
    return np.array(rows, dtype=np.int8)


def _verdicts(
    followed: np.ndarray[Any, Any], defined: np.ndarray[Any, Any], positive: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return ``rule.verdict`` of answers that stand as codes."""
    out = (followed == NEGATIVE) | (defined == NEGATIVE)
    unclear = (followed == OPEN) | (defined == OPEN) | (positive == OPEN)
    return np.where(out, OUT, np.where(unclear, OPEN, positive))


def _included(studies: pd.DataFrame, choices: Choices) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return who is in under each choice of studies; see ``Multiverse``."""
    found = [is_in(studies, choices, **chosen) for chosen in settings(choices, OF_STUDIES)]
    shape = tuple(len(getattr(choices, name)) for name in OF_STUDIES)
    return np.array(found, dtype=np.bool_).reshape(*shape, len(studies))


def is_in(
    studies: pd.DataFrame, choices: Choices, designs: str, only_read: bool, least_patients: int
) -> pd.Series[bool]:
    """Return, per study, whether it is in the set that a choice of studies makes."""
    found = ~studies["design_group"].isin(choices.designs[designs])
    if only_read:
        found &= studies["read_as"] != "review table"
    if least_patients:
        found &= (studies["patients"] >= least_patients).fillna(False).astype(bool)
    return found


def shares_of(answers: np.ndarray[Any, Any]) -> Mapping[str, int]:
    """Return how many specifications give each answer, in the order of ``ANSWERS``."""
    counts = np.bincount(answers.ravel(), minlength=len(ANSWERS))
    return dict(zip(ANSWERS, map(int, counts), strict=True))
