"""What all classifiers share: blanks, *not stated*, and spans of time."""

from __future__ import annotations

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
