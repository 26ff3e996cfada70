"""What all readers share: blanks, and spans of time, the follow-up among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from livingreview.data.vocabulary import NUMBER, UNIT, Vocabulary
from livingreview.tables import MISSING, NOT_STATED, FollowupStatus

DAYS_PER_MONTH = 365.25 / 12


MONTHS_PER = {"day": 1 / DAYS_PER_MONTH, "week": 7 / DAYS_PER_MONTH, "month": 1.0, "year": 12.0}


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


def or_blank(words: Vocabulary) -> str:
    """Return what a cell without a value can hold, as the end of a list."""
    return ", ".join((*words.phrases.not_stated, "or blank"))


def to_months(value: float | str, unit: str) -> float:
    """Return a span of time in months, rounded to two decimals.

    A month is 365.25 / 12 = 30.4375 days, a week 7 days, a year 12 months.
    """
    return round(float(value) * MONTHS_PER[unit.casefold().rstrip("s")], 2)


DASH = "\N{EN DASH}"  # of a printed range, where it is no hyphen


STATED = re.compile(rf"(?P<value>{NUMBER})\s*(?P<unit>{UNIT})", re.IGNORECASE)


RANGE = re.compile(
    rf"(?:various,\s*)?(?P<low>{NUMBER})\s*(?:[-{DASH}]|to)\s*(?P<high>{NUMBER})\s*(?P<unit>{UNIT})",
    re.IGNORECASE,
)


MEAN_SD = re.compile(rf"(?P<value>{NUMBER})\s*±\s*{NUMBER}\s*(?P<unit>{UNIT})", re.IGNORECASE)


VARIABLE_MEAN = re.compile(
    rf"(?:variable|various)\s*\(mean\s+(?P<value>{NUMBER})\s*(?P<unit>{UNIT})\)", re.IGNORECASE
)


VARIABLE = re.compile(r"variable|various", re.IGNORECASE)


ALLOWED = "a time (6 months), a range (2-18 months), a mean (194 ± 99 days), Variable"


@dataclass(frozen=True)
class FollowUp:
    """Shortest and longest follow-up in months; equal where one time or a mean is printed."""

    min_months: float | None
    max_months: float | None
    status: FollowupStatus


def classify_followup(cell: str, words: Vocabulary) -> FollowUp:
    """Return the follow-up of a cell; *variable*, *not stated* and *missing* stay apart."""
    text = tidy(cell)
    if is_missing(cell):
        return FollowUp(None, None, MISSING)
    if words.phrases.states_nothing(cell):
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
    raise Unreadable(cell, f"{ALLOWED}, {or_blank(words)}")


def classify_months(cell: str, words: Vocabulary) -> FollowUp:
    """Return the follow-up of a cell that holds months alone, or a range of them."""
    if is_missing(cell) or words.phrases.states_nothing(cell):
        return classify_followup(cell, words)
    if not re.fullmatch(rf"{NUMBER}(?:\s*[-{DASH}]\s*{NUMBER})?", tidy(cell)):
        raise Unreadable(cell, f"a number of months (6), a range (2-18), {or_blank(words)}")
    return classify_followup(f"{cell} months", words)
