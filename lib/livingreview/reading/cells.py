"""What all classifiers share: blanks, *not stated*, and spans of time, the follow-up among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from livingreview.tables import MISSING, NOT_STATED, FollowupStatus

NOT_STATED_CELL = "NS"


DAYS_PER_MONTH = 365.25 / 12


MONTHS_PER = {
    "day": 1 / DAYS_PER_MONTH,
    "week": 7 / DAYS_PER_MONTH,
    "month": 1.0,
    "year": 12.0,
}


NUMBER = r"\d+(?:\.\d+)?"


UNIT = r"(?:days?|weeks?|months?|years?)"


class Unreadable(ValueError):
    """No rule reads the cell; ``allowed`` says in words what would be read."""

    def __init__(self, found: str, allowed: str) -> None:
        """Keep what was found and what is allowed."""
        self.found = found
        self.allowed = allowed
        super().__init__(f"{found!r}: allowed are {allowed}")


def tidy(cell: str) -> str:
    """Return the cell with runs of white space, also unusual ones, as single spaces."""
    return " ".join(cell.split())


def is_missing(cell: str) -> bool:
    """Return whether the cell is blank, which is not the same as *not stated*."""
    return not cell.strip()


def is_not_stated(cell: str) -> bool:
    """Return whether the cell says that the value is not stated."""
    return tidy(cell).casefold() == NOT_STATED_CELL.casefold()


def to_months(value: float | str, unit: str) -> float:
    """Return a span of time in months, rounded to two decimals.

    A month is 365.25 / 12 = 30.4375 days, a week 7 days, a year 12 months.
    """
    return round(float(value) * MONTHS_PER[unit.casefold().rstrip("s")], 2)


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
