"""Contrasts: the treatment against a comparator at one time, turned so that positive is better.

The sign is declared in the study file (``better``), never guessed from a note. Pure functions of an
edition's tables.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.derived import Contrast
from livingreview.evidence.trials import AGAINST, FAVOURS, NO_DIFFERENCE
from livingreview.frames import frame_of, is_contrast, is_control, is_of
from livingreview.synthesis.intervals import Scale, p_of_interval, risk_difference
from livingreview.tables import TREATMENT
from livingreview.words import in_months, known, listed

if TYPE_CHECKING:
    from livingreview.data.vocabulary import MeasureClass
    from livingreview.evidence.edition import Edition

COPIED = (
    "key",
    "part",
    "measure",
    "months",
    "primary_endpoint",
    "estimate",
    "ci_low",
    "ci_high",
    "p_value",
    "p_rule",
    "read_as",
    "source",
    "locator",
)
UNKNOWN, NOT_STATED = "unknown", "not stated"
RESPONDERS = "responders"
PAIN = "pain intensity"  # the class of measures that a question of pain asks first
NO_TIME = "time not stated"
OF_PAIRS = ["key", "measure", "threshold_percent", "threshold_points", "threshold_words", "months"]

# What a turned interval says, in the words of the sentences.
BOTH, NO_BENEFIT = "excludes no effect and an important benefit", "excludes an important benefit"
SOME_EFFECT, NEITHER = "excludes no effect", "excludes neither no effect nor an important benefit"
OPEN = "no interval, or its sign or what is important is not known"


@lru_cache(maxsize=16)
def contrasts(edition: Edition) -> pd.DataFrame:
    """Return one row per result of the treatment against a comparator; the index names outcomes.

    See ``derived.Contrast``. Shares of two arms that are counted at one time, by one measure and
    threshold, and that no reported contrast compares, are compared here, in percentage points;
    such a row is named after the result of the treated arm. The primary endpoint decides against
    a comparator, or all contrasts against it where none is marked; a part of an arm never does,
    nor what the source review prints of a study whose full text lacks it.
    """
    found = [*_reported(edition), *_computed(edition)]
    absent = unfound(edition)
    whole = [row for _, row in found if row["part"] is None]
    marked = {(row["key"], row["comparator"]) for row in whole if row["primary_endpoint"]}
    rows = []
    for name, row in found:
        chosen = row["primary_endpoint"] or (row["key"], row["comparator"]) not in marked
        decides = row["part"] is None and bool(chosen) and name not in absent
        rows.append(Contrast(**row, decides=decides))
    return frame_of("contrasts", rows, [name for name, _ in found])


def unfound(edition: Edition) -> set[str]:
    """Return the results that the source review prints and the full text of the study lacks."""
    read = edition.studies.loc[edition.studies["read_as"] == "full text", "key"]
    rows = edition.outcomes
    return {*rows.index[(rows["read_as"] == "review table") & rows["key"].isin(read)]}


def _reported(edition: Edition) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the values of each contrast that a source reports."""
    outcomes = edition.outcomes
    chosen = outcomes[(outcomes["kind"] == "between-group difference") & is_contrast(outcomes)]
    for name, row in chosen.iterrows():
        values = {column: known(row[column]) for column in COPIED}
        values |= _named(edition, row, listed(row["against"]))
        scale = scale_of(row)
        values |= {
            "patients": patients_of(edition, row),
            "reported": known(row["direction"]),
            "computed": False,
            "scale": scale,
        }
        yield str(name), values | oriented(row) | _important(edition, row, scale, oriented(row))


def _computed(edition: Edition) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a difference of shares for each pair of counted arms that nothing reported compares."""
    outcomes = edition.outcomes
    reported = outcomes[(outcomes["kind"] == "between-group difference") & is_contrast(outcomes)]
    reported = reported[~reported.index.isin(unfound(edition))]
    against = zip(reported["key"], reported["against"], strict=True)
    compared = {(key, arm) for key, arms in against for arm in arms}
    counted = outcomes[
        (outcomes["kind"] == "responder")
        & outcomes["responders"].notna()
        & outcomes["evaluated"].notna()
        & outcomes["part"].isna()
    ]
    for _, group in counted.groupby(OF_PAIRS, dropna=False, sort=False):
        treated, control = group[is_of(group, TREATMENT)], group[is_control(group)]
        for name, one in treated.iterrows():
            for _, other in control.iterrows():
                if compared.isdisjoint((one["key"], arm) for arm in other["arm"]):
                    yield str(name), _difference(edition, one, other)


def _difference(edition: Edition, one: Any, other: Any) -> dict[str, Any]:
    """Return the values of a difference of two counted shares, in percentage points."""
    counts = [int(arm[part]) for arm in (one, other) for part in ("responders", "evaluated")]
    found = risk_difference(*counts)
    row = pd.Series(
        {
            "scale": "percentage points",
            "estimate": found.estimate,
            "ci_low": found.low,
            "ci_high": found.high,
            "better": "higher",  # a responder is who was relieved
        }
    )
    values = {column: known(one[column]) for column in COPIED}
    values |= _named(edition, one, listed(other["arm"]))
    values |= {name: float(row[name]) for name in ("estimate", "ci_low", "ci_high")}
    turned = oriented(row)
    said = {"yes": FAVOURS if found.low > 0 else AGAINST}
    return (
        values
        | {
            "patients": counts[1] + counts[3],
            "reported": said.get(turned["excludes_none"], NO_DIFFERENCE),
            "computed": True,
            "scale": "percentage points",
            "measure_class": RESPONDERS,
        }
        | turned
        | _important(edition, one, "percentage points", turned)
    )


def _named(edition: Edition, row: Any, comparator: str) -> dict[str, Any]:
    """Return question, comparator, class of the measure and window of time of a result."""
    asked = {key: asks.id for asks in edition.source.questions for key in asks.studies}
    found = _class_of(edition, row)
    return {
        "question": asked.get(row["key"]),
        "comparator": comparator,
        "measure_class": found.measure_class if found else NOT_STATED,
        "window": window_of(edition, row["months"]),
    }


def _class_of(edition: Edition, row: Any) -> MeasureClass | None:
    measure = known(row["measure"])
    return edition.source.vocabulary.measure_classes.find(measure) if measure else None


def window_of(edition: Edition, months: Any) -> str:
    """Return the window of time of the protocol that some months lie in, in words."""
    if known(months) is None:
        return NO_TIME
    limits = edition.source.protocol.synthesis.windows_months
    place = bisect_right(limits, months)
    if place == len(limits):
        return f"{in_months(limits[-1])} or later"
    under = f"under {in_months(limits[place])}"
    return under if place == 1 else f"{limits[place - 1]:g} to {under}"


def _important(
    edition: Edition, row: Any, scale: str | None, turned: dict[str, Any]
) -> dict[str, Any]:
    """Return the smallest important difference, and what the turned interval says of it."""
    rule = edition.source.protocol.synthesis
    found = _class_of(edition, row)
    by_scale = {
        "ratio": math.log(rule.important_ratio),
        "percentage points": rule.important_percentage_points,
        "points": found.important if found else None,
    }
    important = by_scale.get(scale or "")
    low, high = turned["oriented_low"], turned["oriented_high"]
    says = OPEN
    if important is not None and low is not None and high is not None:
        none_excluded, benefit_excluded = low > 0 or high < 0, high < important
        says = {
            (True, True): BOTH,
            (True, False): SOME_EFFECT,
            (False, True): NO_BENEFIT,
            (False, False): NEITHER,
        }[none_excluded, benefit_excluded]
    return {"important": important, "interval_says": says}


def scale_of(row: Any) -> str | None:
    """Return ratio, percentage points or points; None where no scale is stated."""
    if pd.isna(row["scale"]) or row["scale"] == "percentage points":
        return None if pd.isna(row["scale"]) else str(row["scale"])
    return "ratio" if "ratio" in row["scale"] else "points"


def patients_of(edition: Edition, row: Any) -> int | None:
    """Return the patients of the arms that a whole result compares, as allocated; None: unknown."""
    file = edition.source.studies.get(row["key"])
    if file is None or not pd.isna(row["part"]):
        return None
    sizes = [file.size(arm) for arm in (*row["arm"], *row["against"])]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def oriented(row: Any) -> dict[str, Any]:
    """Return the oriented numbers of a result, its sign, and what its interval says."""
    scale = scale_of(row)
    low, value, high = (_on_scale(row[name], scale) for name in ("ci_low", "estimate", "ci_high"))
    has_interval = low is not None and high is not None
    excludes = NOT_STATED
    if low is not None and high is not None:
        excludes = "yes" if low > 0 or high < 0 else "no"
    p = None
    if scale is not None and value is not None and has_interval and low != high:
        by: Scale = "ratio" if scale == "ratio" else "points"
        p = p_of_interval(row["estimate"], row["ci_low"], row["ci_high"], by)
    if row["better"] == "lower":
        low, value, high = (-x if x is not None else None for x in (high, value, low))
    elif row["better"] != "higher":
        low = value = high = None
    return {
        "oriented": value,
        "oriented_low": low,
        "oriented_high": high,
        "sign": UNKNOWN if value is None else "+" if value > 0 else "-" if value < 0 else "0",
        "excludes_none": excludes,
        "p_from_interval": p,
    }


def _on_scale(value: Any, scale: str | None) -> float | None:
    """Return a number on the scale on which no difference is 0; None where it is not stated."""
    if pd.isna(value) or scale is None:
        return None
    if scale == "ratio":
        return math.log(value) if value > 0 else None
    return float(value)
