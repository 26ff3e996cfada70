"""What a fact can say: a count, a share, a number, a span, a list, a word."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from livingreview.words import in_months


@dataclass(frozen=True, eq=False)
class Range:
    """What a number can be, from least to most: a comparison is true if it is for all of it.

    Nothing is true of a range of nothing, whose ends are no numbers.
    """

    least: float
    most: float

    def __lt__(self, other: Any) -> bool:
        """Return whether all of it is below all of another."""
        return self.most < _range(other).least

    def __le__(self, other: Any) -> bool:
        """Return whether none of it is above any of another."""
        return self.most <= _range(other).least

    def __gt__(self, other: Any) -> bool:
        """Return whether all of it is above all of another."""
        return self.least > _range(other).most

    def __ge__(self, other: Any) -> bool:
        """Return whether none of it is below any of another."""
        return self.least >= _range(other).most

    def __eq__(self, other: object) -> bool:
        """Return whether both are one and the same number."""
        with_ = _range(other)
        return self.least == self.most == with_.least == with_.most

    def __ne__(self, other: object) -> bool:
        """Return whether the two have no number in common."""
        with_ = _range(other)
        return self.most < with_.least or self.least > with_.most

    def __add__(self, other: Any) -> Range:
        """Return the sum of two numbers that are known this far."""
        return Range(self.least + _range(other).least, self.most + _range(other).most)

    __radd__ = __add__


def _range(number: Any) -> Range:
    return number if isinstance(number, Range) else Range(number, number)


@dataclass(frozen=True)
class Value:
    """An answer with the rows that gave it.

    ``value`` is a number, a text, a list of them, or None where the evidence holds no answer;
    ``of`` is the denominator of a share; ``rows`` names the rows that gave the value and ``base``
    those of its denominator (``outcomes:12``). ``text`` is how it reads in a sentence.

    Where the evidence leaves some members open, ``value`` is the least that the number can be (for
    a list: those that are certain), ``most`` the most, and ``undecided`` names the open rows.
    """

    value: Any
    text: str
    rows: tuple[str, ...]
    of: int | None = None
    base: tuple[str, ...] = ()
    most: Any = None
    undecided: tuple[str, ...] = ()

    @property
    def range(self) -> Range:
        """The least and the most that a number can be; twice the same where nothing is open."""
        if self.value is None:
            return Range(math.nan, math.nan)
        return Range(self.value, self.value if self.most is None else self.most)


@dataclass(frozen=True)
class Fact:
    """A named question with its answer; renders as a link to its entry on the facts page."""

    id: str
    definition: str
    value: Value
    studies: tuple[str, ...]
    edition: str

    def __repr__(self) -> str:
        """Return how the value reads in a sentence."""
        return self.value.text

    @property
    def about(self) -> str:
        """Return what it means, how many rows and studies gave it, and the edition asked."""
        means = self.definition.removesuffix(f" ({self.edition} edition)")
        gave = _counted(self.value.rows, "row")
        if self.studies:
            gave += f" of {_counted(self.studies, 'study', 'studies')}"
        if self.value.base:
            gave += f"; denominator: {_counted(self.value.base, 'row')}"
        if self.value.undecided:
            gave += f"; undecided: {_counted(self.value.undecided, 'row')}"
        return f"{means}.\nGiven by {gave}.\n{self.edition.capitalize()} edition."

    def _repr_html_(self) -> str:
        # A script shows the title beside the link; without scripts the browser does.
        title = escape(self.about, quote=True)
        target = escape(self.id, quote=True)
        return f'<a class="fact" href="fact:{target}" title="{title}">{escape(self.value.text)}</a>'


def _counted(things: tuple[str, ...], one: str, many: str = "") -> str:
    return f"{len(things) or 'no'} {one if len(things) == 1 else many or one + 's'}"


def names(*frames: pd.DataFrame) -> tuple[str, ...]:
    """Return the names of the rows of several slices, each once, in order."""
    return tuple(dict.fromkeys(str(name) for frame in frames for name in frame.index))


def count(rows: pd.DataFrame, base: pd.DataFrame | None = None) -> Value:
    """Return the number of rows."""
    return Value(len(rows), str(len(rows)), names(rows), base=() if base is None else names(base))


def distinct(rows: pd.DataFrame, column: str = "key") -> Value:
    """Return how many different studies (or other values of a column) the rows hold."""
    number = int(rows[column].nunique())
    return Value(number, str(number), names(rows))


NOTHING = "nothing to judge"  # a share of no study and no row


def share(
    rows: pd.DataFrame,
    of: pd.DataFrame,
    column: str | None = "key",
    undecided: pd.DataFrame | None = None,
) -> Value:
    """Return "k of n": different studies, or rows where ``column`` is None.

    With ``undecided`` rows the answer is a range, "7 to 10 of 13, 3 undecided"; of nothing it is
    *nothing to judge*, never 0.
    """

    def size(frame: pd.DataFrame) -> int:
        return len(frame) if column is None else int(frame[column].nunique())

    n, k = size(of), size(rows)
    if n == 0:
        return Value(None, NOTHING, (), of=0)
    open_rows = rows.iloc[:0] if undecided is None else undecided.drop(rows.index, errors="ignore")
    most = size(pd.concat([rows, open_rows])) if len(open_rows) else k
    if most == k:
        return Value(k, f"{k} of {n}", names(rows), of=n, base=names(of))
    text = f"{k} to {most} of {n}, {most - k} undecided"
    return Value(k, text, names(rows), n, names(of), most=most, undecided=names(open_rows))


def apart(value: Value, rows: pd.DataFrame, undecided: pd.DataFrame | None = None) -> Value:
    """Return a share with the rows that gave it named more closely, as results of the studies."""
    open_rows = () if undecided is None or value.most is None else names(undecided)
    return replace(value, rows=names(rows), undecided=open_rows)


def cited(rows: pd.DataFrame, undecided: pd.DataFrame | None = None) -> Value:
    """Return the studies of some rows by key; the text gives their reference numbers."""
    certain = sorted(set(rows["key"]))
    value = replace(listing((int(ref) for ref in rows["ref"].dropna()), rows), value=certain)
    more = set() if undecided is None else set(undecided["key"]) - set(certain)
    if undecided is None or not more:
        return value
    open_rows = undecided[undecided["key"].isin(more)]
    numbers = listing((int(ref) for ref in open_rows["ref"].dropna()), open_rows).text
    text = f"{value.text}; perhaps {numbers}"
    return replace(value, text=text, most=sorted({*certain, *more}), undecided=names(open_rows))


def total(rows: pd.DataFrame, column: str) -> Value:
    """Return the sum of a column of whole numbers."""
    number = int(rows[column].sum())
    return Value(number, f"{number:,}", names(rows))


def number(value: float | None, rows: pd.DataFrame, unit: str = "") -> Value:
    """Return one number with its unit: "months", "points", "%", or none."""
    if value is None or pd.isna(value):
        return Value(None, "not stated", names(rows))
    value = round(float(value), 2)
    if unit == "months":
        return Value(value, in_months(value), names(rows))
    text = f"{value:g}{unit}" if unit == "%" else f"{value:g} {unit}".strip()
    return Value(int(value) if value.is_integer() else value, text, names(rows))


def span(values: pd.Series[Any], rows: pd.DataFrame, unit: str = "") -> Value:
    """Return the smallest and the largest of some values, and the rows that hold them."""
    if values.empty:
        return Value(None, "none", ())
    ends = [float(values.min()), float(values.max())]
    at_ends = rows[values.isin(ends)]
    text = f"{ends[0]:g} to {ends[1]:g} {unit}".strip()
    return Value(ends, text, names(at_ends), base=names(rows))


def listing(terms: Iterable[Any], rows: pd.DataFrame) -> Value:
    """Return a sorted list of different terms: "a, b and c"."""
    values = sorted(dict.fromkeys(terms))
    words = [str(value) for value in values]
    text = ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)
    return Value(values, text or "none", names(rows))


def word(text: str | None, rows: pd.DataFrame) -> Value:
    """Return one word or name, or *not stated*."""
    return Value(text, text or "not stated", names(rows))
