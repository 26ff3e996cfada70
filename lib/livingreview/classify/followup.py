"""The follow-up column: a span of months with the way in which it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from livingreview.classify.cells import (
    NUMBER,
    UNIT,
    Unreadable,
    is_missing,
    is_not_stated,
    tidy,
    to_months,
)
from livingreview.tables import MISSING, NOT_STATED, FollowupStatus

STATED = re.compile(rf"(?P<value>{NUMBER})\s*(?P<unit>{UNIT})", re.IGNORECASE)
RANGE = re.compile(
    rf"(?:various,\s*)?(?P<low>{NUMBER})\s*(?:-|to)\s*(?P<high>{NUMBER})\s*(?P<unit>{UNIT})",
    re.IGNORECASE,
)
MEAN_SD = re.compile(rf"(?P<value>{NUMBER})\s*±\s*{NUMBER}\s*(?P<unit>{UNIT})", re.IGNORECASE)
VARIABLE_MEAN = re.compile(
    rf"(?:variable|various)\s*\(mean\s+(?P<value>{NUMBER})\s*(?P<unit>{UNIT})\)", re.IGNORECASE
)
VARIABLE = re.compile(r"variable|various", re.IGNORECASE)
ALLOWED = "a time (6 months), a range (2-18 months), a mean (194 ± 99 days), Variable, NS, or blank"


@dataclass(frozen=True)
class FollowUp:
    """Shortest and longest follow-up in months; equal where one time or a mean is printed."""

    min_months: float | None
    max_months: float | None
    status: FollowupStatus


def classify_followup(cell: str) -> FollowUp:
    """Return the follow-up of a cell; *variable*, *not stated* and *missing* stay apart."""
    text = tidy(cell)
    if is_missing(cell):
        return FollowUp(None, None, MISSING)
    if is_not_stated(cell):
        return FollowUp(None, None, NOT_STATED)
    if VARIABLE.fullmatch(text):
        return FollowUp(None, None, "variable")
    if match := STATED.fullmatch(text):
        months = to_months(match["value"], match["unit"])
        return FollowUp(months, months, "stated")
    if match := RANGE.fullmatch(text):
        low, high = (to_months(match[end], match["unit"]) for end in ("low", "high"))
        if low > high:
            raise Unreadable(cell, "a range from the shorter to the longer time")
        return FollowUp(low, high, "range")
    if match := MEAN_SD.fullmatch(text) or VARIABLE_MEAN.fullmatch(text):
        months = to_months(match["value"], match["unit"])
        return FollowUp(months, months, "mean")
    raise Unreadable(cell, ALLOWED)
