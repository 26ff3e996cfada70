"""What is wrong with a contributor's file, in words that say where and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of one file.

    ``row`` is the row of the table (first row below the header is 1), the number of an entry of a
    list, or words for the place (``line 4``, ``entry lee-2021``). Both ``row`` and ``column`` may
    be None when the whole file is meant.
    """

    file: str
    row: str | None
    column: str | None
    found: str
    allowed: str

    def __str__(self) -> str:
        """Return the one line that is shown to the contributor."""
        place = ", ".join(
            part
            for part in (
                row_in_words(self.row) if self.row is not None else "",
                f"column {self.column}" if self.column is not None else "",
            )
            if part
        )
        where = f"{self.file}: {place}" if place else self.file
        return " ".join(f"{where}: found {self.found}; allowed: {self.allowed}".split())


def row_in_words(row: str) -> str:
    """Return "row 4" for a number, and words for a place as they are."""
    return f"row {row}" if row[:1].isdigit() else row


class InvalidData(Exception):
    """Raised once per load, with every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order in which the files were read."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def quoted(value: object) -> str:
    """Return a found value between quotes, on one line, at most 80 characters long."""
    text = " ".join(str(value).split())
    return f'"{text[:79]}…"' if len(text) > 80 else f'"{text}"'
