"""What could be pooled, group by group, and why it is not: refusals, with no way around them.

A group shares question, comparator, class of measure, scale and window of time. ``syntheses`` is
the one caller of ``pooling`` outside tests, and pools a group only where no reason stands against.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.derived import Synthesis
from livingreview.evidence.edition import distinct_studies
from livingreview.frames import frame_of, is_of
from livingreview.synthesis.contrasts import NO_TIME, RESPONDERS, contrasts, window_of
from livingreview.synthesis.intervals import Scale, standard_error
from livingreview.tables import NOT_STATED, TREATMENT
from livingreview.words import known

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition
    from livingreview.synthesis.pooling import Pooled

# Why a group is not pooled, in the order in which reasons are told.
REFUSALS = {
    "uncontrolled": "Nothing is compared: a pooled share would say how often patients were said "
    "to respond, not what the treatment did.",
    "mixed_designs": "Randomised and other comparisons are not averaged.",
    "too_few": "Fewer studies than the protocol asks for have an estimate with an interval.",
    "no_interval": "Some study of the group states no interval.",
    "different_measure": "The studies measured on different scales, or scale or measure is not "
    "stated.",
    "different_time": "The time of some result is not stated.",
    "different_threshold": "A responder is not the same thing in each study.",
    "same_arm_twice": "An arm, or a study, would count twice.",
    "possible_overlap": "The same patients may be in two of the studies.",
    "sign_unknown": "Of some result it is not stated which way is better.",
    "printed_only": "A value stands in the source review's table and was not found in the study.",
}
NONE = "none"
GROUPED = ["question", "comparator", "measure_class", "scale", "window"]


@dataclass(frozen=True)
class Group:
    """Results that could be pooled: their shared columns, their rows, the reasons against it."""

    of: dict[str, str]
    rows: pd.DataFrame
    codes: tuple[str, ...]

    def pooled(self) -> Pooled:
        """Return the pooled estimate; raises ``ValueError`` where there is a reason against it."""
        from livingreview.synthesis.pooling import random_effects

        if self.codes:
            raise ValueError(f"refused: {', '.join(self.codes)}")
        scale: Scale = "ratio" if self.of["scale"] == "ratio" else "points"
        limits = zip(self.rows["ci_low"], self.rows["ci_high"], strict=True)
        errors = [standard_error(low, high, scale) for low, high in limits]
        return random_effects([*self.rows["oriented"]], [error**2 for error in errors])


@lru_cache(maxsize=16)
def syntheses(edition: Edition) -> pd.DataFrame:
    """Return one row per group of results; see ``derived.Synthesis``."""
    return frame_of("syntheses", [_row(edition, group) for group in groups(edition)])


def groups(edition: Edition) -> Iterator[Group]:
    """Yield the groups of an edition: contrasts of whole arms, then shares of single arms."""
    compared = contrasts(edition)
    compared = compared[compared["part"].isna() & compared["question"].notna()]
    compared = compared.assign(scale=compared["scale"].fillna(NOT_STATED))
    for names, rows in compared.groupby(GROUPED, sort=True):
        of = dict(zip(GROUPED, map(str, names), strict=True))
        yield Group(of, rows, _against(edition, rows))
    alone = _single_arms(edition)
    alone = alone[~alone["key"].isin(compared["key"])]
    for names, rows in alone.groupby(["question", "window"], sort=True):
        of = {"question": str(names[0]), "comparator": NONE, "measure_class": RESPONDERS}
        of |= {"scale": "percent", "window": str(names[1])}
        yield Group(of, rows, _against_single(edition, rows))


def _single_arms(edition: Edition) -> pd.DataFrame:
    """Return the shares of responders in the treated arm, with question and window."""
    rows = edition.outcomes
    rows = rows[(rows["kind"] == "responder") & rows["percent"].notna() & is_of(rows, TREATMENT)]
    asked = {key: asks.id for asks in edition.source.questions for key in asks.studies}
    windows = [window_of(edition, months) for months in rows["months"]]
    rows = rows.assign(question=rows["key"].map(asked), window=windows)
    return rows[rows["question"].notna()]


def _against(edition: Edition, rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the codes of all that stands against pooling some contrasts."""
    randomised = edition.studies.set_index("key")["randomised"]
    measures = edition.source.vocabulary.measure_classes
    scales = {measures.find(measure) if measure else None for measure in rows["measure"].map(known)}
    interval = rows[["oriented", "oriented_low", "oriented_high"]].notna().all(axis=1)
    least = edition.source.protocol.synthesis.least_studies
    points = bool((rows["scale"] == "points").any())
    thresholds = _thresholds(edition.outcomes.loc[rows.index]) if rows["computed"].any() else set()
    holds = {
        "mixed_designs": randomised[rows["key"].unique()].groupby(level=0).any().nunique() > 1,
        "too_few": rows.loc[interval, "key"].nunique() < least,
        "no_interval": bool(set(rows["key"]) - set(rows.loc[interval, "key"])),
        "different_measure": rows["scale"].iloc[0] == NOT_STATED
        or rows["measure_class"].iloc[0] == NOT_STATED
        or (points and (len(scales) > 1 or None in scales)),
        "different_time": rows["window"].iloc[0] == NO_TIME,
        "different_threshold": len(thresholds) > 1,
        "same_arm_twice": bool(rows["key"].duplicated().any()),
        "possible_overlap": _may_overlap(edition, set(rows["key"])),
        "sign_unknown": bool((rows["sign"] == "unknown").any()),
        "printed_only": bool((rows["read_as"] == "review table").any()),
    }
    return tuple(code for code in REFUSALS if holds.get(code))


def _against_single(edition: Edition, rows: pd.DataFrame) -> tuple[str, ...]:
    holds = {
        "uncontrolled": True,
        "different_threshold": len(_thresholds(rows)) > 1,
        "different_time": rows["window"].iloc[0] == NO_TIME,
        "same_arm_twice": bool(rows["key"].duplicated().any()),
        "possible_overlap": _may_overlap(edition, set(rows["key"])),
        "printed_only": bool((rows["read_as"] == "review table").any()),
    }
    return tuple(code for code in REFUSALS if holds.get(code))


def _thresholds(rows: pd.DataFrame) -> set[tuple[Any, ...]]:
    """Return the different definitions of a responder."""
    named = ("threshold_percent", "threshold_points", "threshold_rule", "threshold_words")
    return {tuple(map(known, row)) for row in rows[[*named]].itertuples(index=False)}


def _may_overlap(edition: Edition, keys: set[str]) -> bool:
    from livingreview.synthesis.overlaps import DIFFERENT, overlaps

    found = overlaps(edition)
    found = found[found["judged"] != DIFFERENT]
    pairs = {frozenset(pair) for pair in zip(found["key"], found["other"], strict=True)}
    return any(frozenset(pair) in pairs for pair in combinations(sorted(keys), 2))


def _row(edition: Edition, group: Group) -> Synthesis:
    studies = distinct_studies(edition.studies)
    enrolled = studies[studies["key"].isin(group.rows["key"])]["patients"]
    values: dict[str, Any] = {
        **group.of,
        "studies": tuple(dict.fromkeys(group.rows["key"])),
        "patients": None if enrolled.isna().any() else int(enrolled.sum()),
        "with_interval": 0,
        "decision": "refused" if group.codes else "pooled",
        "codes": group.codes,
    }
    if "oriented_low" in group.rows:
        numbers = group.rows[["oriented", "oriented_low", "oriented_high"]].notna().all(axis=1)
        values["with_interval"] = group.rows.loc[numbers, "key"].nunique()
    if not group.codes:
        found = group.pooled()
        values |= {
            "estimate": found.estimate,
            "ci_low": found.low,
            "ci_high": found.high,
            "tau2": found.tau2,
            "prediction_low": found.prediction_low,
            "prediction_high": found.prediction_high,
        }
    return Synthesis(**values)
