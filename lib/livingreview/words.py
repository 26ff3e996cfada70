"""Numbers, times, names and lists as words: one way of writing each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd


def known(value: Any) -> Any:
    """Return a cell's value, or None where it is blank."""
    return None if value is None or pd.isna(value) else value


def number(value: float) -> str:
    """Return a number as short as it can be told, with a minus that is no hyphen."""
    return with_minus(f"{value:g}")


def with_minus(text: str) -> str:
    """Return a number in words with the sign for minus in place of a hyphen."""
    return text.replace("-", "\N{MINUS SIGN}")


def span(low: Any, high: Any) -> str:
    """Return "2 to 6", or nothing where an end is not known."""
    ends = known(low), known(high)
    return "" if None in ends else " to ".join(map(number, ends))


def p_value(value: Any, sign: Any = None) -> str:
    """Return a P value with the sign that it is printed with; nothing where there is none."""
    return "" if known(value) is None else f"{known(sign) or ''}{value:g}"


def when(months: Any) -> str:
    """Return a time in months, or nothing where it is not known."""
    return "" if known(months) is None else in_months(months)


def in_months(value: float) -> str:
    """Return a time in months with at most one decimal: "1 month", "3.9 months"."""
    text = f"{round(float(value), 1):g}"
    return f"{text} month" if text == "1" else f"{text} months"


LISTED = "; "  # between the parts of a list, where it is one cell


def listed(parts: Any) -> str:
    """Return a list as the text of one cell: its parts with semicolons between; a text as it is."""
    return parts if isinstance(parts, str) else LISTED.join(map(str, parts))


def joined(words: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def slug(name: str) -> str:
    """Return the part of an address: lower case, every other run of characters one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
