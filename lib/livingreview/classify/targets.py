"""The targets column: one nerve a row, also where a cell lists eight with counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from livingreview.classify.cells import Unreadable, tidy
from livingreview.vocabulary import NerveList, NerveTerm

BRACKETED = re.compile(r"(?P<outer>[^()]+?)\s*\((?:mixed\s+)?(?P<inner>[^()]*)\)?", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*,\s*|\s+and/or\s+|\s+and\s+", re.IGNORECASE)
COUNTED = re.compile(r"(?:(?P<count>\d+)\s+)?(?P<name>.+)")
NOUN = re.compile(r"\s+nerves?$", re.IGNORECASE)
ALLOWED = "nerves of data/vocabulary/nerves.yml, joined by commas or 'and', counted or not"


@dataclass(frozen=True)
class NerveCount:
    """A nerve and the number of patients treated at it, None where it is not counted."""

    term: NerveTerm
    patients: int | None


def classify_targets(cell: str, nerves: NerveList) -> tuple[NerveCount, ...]:
    """Return the nerves of a cell.

    A heading before a bracket (``Various (a, b)``) only introduces the list in it; a remark in a
    bracket is dropped; both are named in the vocabulary.
    """
    text = tidy(cell)
    if whole := find_nerve(text, nerves):
        return (NerveCount(whole, None),)
    if match := BRACKETED.fullmatch(text):
        outer, inner = match["outer"], match["inner"]
        if _among(outer, nerves.headings):
            text = inner
        elif _among(inner, nerves.remarks):
            text = outer
        else:
            raise Unreadable(cell, ALLOWED)
    parts = [part for part in SEPARATOR.split(text) if part]
    if not parts:
        raise Unreadable(cell, ALLOWED)
    return tuple(_one(part, cell, nerves) for part in parts)


def find_nerve(text: str, nerves: NerveList) -> NerveTerm | None:
    """Return the nerve of a name, with or without the noun "nerve" behind it."""
    return nerves.find(text) or nerves.find(NOUN.sub("", text))


def _among(text: str, words: tuple[str, ...]) -> bool:
    return text.casefold() in {word.casefold() for word in words}


def _one(part: str, cell: str, nerves: NerveList) -> NerveCount:
    match = COUNTED.fullmatch(part)
    term = find_nerve(match["name"], nerves) if match else None
    if match is None or term is None:
        raise Unreadable(cell, f"{ALLOWED}; {part!r} is not among them")
    return NerveCount(term, int(match["count"]) if match["count"] else None)
