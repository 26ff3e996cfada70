"""Contrasts: the treatment against a comparator at one time, turned so that positive is better.

The sign is declared in the study file (``better``), never guessed from a note. Pure functions of an
edition's tables.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.trials import deciding
from livingreview.frames import is_contrast
from livingreview.synthesis.intervals import Scale, p_of_interval
from livingreview.words import listed

if TYPE_CHECKING:
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
    "read_as",
    "source",
    "locator",
)
UNKNOWN, NOT_STATED = "unknown", "not stated"


def contrasts(edition: Edition) -> pd.DataFrame:
    """Return one row per result of the treatment against a comparator; the index names outcomes.

    ``oriented``, ``oriented_low`` and ``oriented_high`` are positive where the treatment is better,
    in the measure's points or as logs of ratios; blank where the estimate, or which way is better,
    is not stated. ``sign``: +, -, 0, unknown. ``excludes_none``: yes, no, not stated. ``reported``
    is what the source says of it. ``decides``: whether it decides on its study; a part of an arm
    never does. ``p_from_interval`` is two-sided.
    """
    outcomes = edition.outcomes
    chosen = outcomes[(outcomes["kind"] == "between-group difference") & is_contrast(outcomes)]
    whole = chosen[chosen["part"].isna()]
    decide = {name for _, own in whole.groupby("key") for name in deciding(own).index}
    asked = {key: asks.id for asks in edition.source.questions for key in asks.studies}
    rows = [
        {name: row[name] for name in COPIED}
        | {
            "question": asked.get(row["key"]),
            "comparator": listed(row["against"]),
            "patients": patients_of(edition, row),
            "scale": scale_of(row),
            "reported": row["direction"],
            "decides": row.name in decide,
        }
        | oriented(row)
        for _, row in chosen.iterrows()
    ]
    columns = [*COPIED, "question", "comparator", "patients", "scale", "reported", "decides"]
    columns += ["oriented", "oriented_low", "oriented_high", "sign", "excludes_none"]
    return pd.DataFrame(rows, index=chosen.index, columns=[*columns, "p_from_interval"])


def scale_of(row: Any) -> Scale | None:
    """Return whether a result is a ratio or in points; None where no scale is stated."""
    if pd.isna(row["scale"]):
        return None
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
        p = p_of_interval(row["estimate"], row["ci_low"], row["ci_high"], scale)
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


def _on_scale(value: Any, scale: Scale | None) -> float | None:
    """Return a number on the scale on which no difference is 0; None where it is not stated."""
    if pd.isna(value) or scale is None:
        return None
    if scale == "ratio":
        return math.log(value) if value > 0 else None
    return float(value)
