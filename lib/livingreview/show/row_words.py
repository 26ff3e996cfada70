"""Results and adverse events in words: every answer told apart, also those that are no number."""

from __future__ import annotations

from typing import Any

import pandas as pd

from livingreview.show.results import count_words, threshold_words
from livingreview.words import in_months, listed

SERIOUS = {True: "serious", False: "not serious"}
ENDPOINTS = {True: "primary endpoint", False: "secondary endpoint"}
NO_EVENT = {
    "no adverse events": "none, it says",
    "not mentioned": "nothing is said of adverse events",
}


def known(value: Any) -> Any:
    """Return a cell's value, or None where it is blank."""
    return None if pd.isna(value) else value


def number(value: float) -> str:
    """Return a number as short as it can be told, with a minus that is no hyphen."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def time_words(months: Any) -> str:
    """Return the time of a result: "at 6 months", or that it is not stated."""
    if pd.isna(months):
        return "at a time that is not stated"
    return f"at {in_months(months)}" if months else "at the start"


def outcome_words(row: Any) -> str:
    """Return one row of the outcomes in words: arm, measure, time, result, and its cautions."""
    what = [row.arm_words, known(row.measure), _kind(row), time_words(row.months)]
    result = [size_words(row), count_words(row) or _counted(row), _p(row), known(row.direction)]
    result += [known(row.direction_words), ENDPOINTS.get(known(row.primary_endpoint))]
    said = [str(part) for part in result if part]
    if row.status != "reported":
        said.append(f"result {row.status}")
    if known(row.words):
        said.append(f"“{row.words}”")
    said += [str(part) for part in (known(row.note),) if part]
    if row.derived:
        said.append(f"computed from the rest of the row: {listed(row.derived).replace('_', ' ')}")
    said = list(dict.fromkeys("; ".join(said).split("; ")))  # a note may repeat a column
    head = ", ".join(str(part) for part in what if part)
    return f"{head}: {'; '.join(said) or 'no number in the part read'}"


def _kind(row: Any) -> str:
    limit = threshold_words(row) or known(row.threshold_words)
    return f"{row.kind} ({limit})" if limit else str(row.kind)


def _counted(row: Any) -> str:
    """Return what is known of a count that has no percentage."""
    k, n = known(row.responders), known(row.evaluated)
    if k is not None:
        return f"{k} patients"
    return "" if n is None else f"{n} patients evaluated"


def size_words(row: Any) -> str:
    """Return estimate, spread and interval on the scale of the result."""
    unit = f" {row.unit}" if known(row.unit) else ""
    parts = []
    if known(row.estimate) is not None:
        parts.append(f"{number(row.estimate)}{unit}")
    if known(row.low) is not None and known(row.high) is not None:
        parts.append(f"from {number(row.low)} to {number(row.high)}{unit}")
    if known(row.sd) is not None:
        parts.append(f"SD {number(row.sd)}")
    if known(row.ci_low) is not None and known(row.ci_high) is not None:
        parts.append(f"95% CI {number(row.ci_low)} to {number(row.ci_high)}")
    return ", ".join(parts)


def _p(row: Any) -> str:
    if known(row.p_words):
        return f"P {row.p_words}"
    return "" if pd.isna(row.p_value) else f"P = {row.p_value:g}"


def event_words(row: Any) -> str:
    """Return one row of the adverse events in words.

    An event, the absence of one event, the absence of all, and silence are different answers.
    """
    if row.status in NO_EVENT:
        return NO_EVENT[row.status]
    arm = f" ({row.arm_words})" if known(row.arm_words) else ""
    patients, at_risk = known(row.patients), known(row.at_risk)
    if row.status == "none of this kind":
        count = "none" if at_risk is None else f"none of {at_risk} patients"
    elif patients is None:
        count = "number of patients not stated"
    else:
        of = "patients, of how many is not stated" if at_risk is None else f"of {at_risk} patients"
        count = f"{patients} {of}"
    grave = SERIOUS.get(known(row.serious), "seriousness not stated")
    return f"{row.event}{arm}: {count}; {grave}"
