"""Numbers, times, names and lists as words: one way of writing each."""

from __future__ import annotations

import re
from typing import Any


def in_months(value: float) -> str:
    """Return a time in months with at most one decimal: "1 month", "3.9 months"."""
    text = f"{round(float(value), 1):g}"
    return f"{text} month" if text == "1" else f"{text} months"


LISTED = "; "  # between the parts of a list, where it is one cell


def listed(parts: Any) -> str:
    """Return a list as the text of one cell: its parts with semicolons between; a text as it is."""
    return parts if isinstance(parts, str) else LISTED.join(map(str, parts))


def slug(name: str) -> str:
    """Return the part of an address: lower case, every other run of characters one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
