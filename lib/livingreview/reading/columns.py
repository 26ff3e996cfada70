"""The columns that hold one value each: citation, design, patients, nerves, guidance, verdict."""

from __future__ import annotations

import re
from dataclasses import dataclass

from livingreview.data.vocabulary import (
    DesignTerm,
    NerveList,
    NerveTerm,
    Term,
    TermList,
    Vocabulary,
)
from livingreview.reading.cells import Unreadable, is_missing, or_blank, tidy
from livingreview.tables import MISSING, NOT_STATED

CITATION = re.compile(r"(?P<author>[^\d,]+?)\s*,\s*(?P<year>\d{4})\s*\[(?P<ref>\d+)\]")


DESIGN = re.compile(r"(?P<design>\w+)(?:\s+vs\.?\s+(?P<comparators>.+))?", re.IGNORECASE)


BRACKETED = re.compile(r"(?P<first>[^()]+?)\s*\((?P<second>[^()]+)\)")


@dataclass(frozen=True)
class Citation:
    """First author, year and reference number, as the row prints them."""

    first_author: str
    year: int
    ref: int


@dataclass(frozen=True)
class Design:
    """A design and what the treatment was compared with; no comparator for a single arm."""

    term: DesignTerm
    comparators: tuple[str, ...]


def classify_citation(cell: str, words: Vocabulary) -> Citation:
    """Return the citation of a cell like ``Author, 2020 [31]``."""
    match = CITATION.fullmatch(tidy(cell))
    if match is None:
        raise Unreadable(cell, "author, year and number, like: Author, 2020[31]")
    return Citation(match["author"], int(match["year"]), int(match["ref"]))


def classify_design(cell: str, words: Vocabulary) -> Design:
    """Return the design and comparators of a cell like ``RCT vs Drug and Exercise``."""
    match = DESIGN.fullmatch(tidy(cell))
    term = words.designs.find(match["design"]) if match else None
    if match is None or term is None:
        more = "each optionally followed by 'vs' and comparators"
        raise Unreadable(cell, one_of(words.designs, more))
    return Design(term, find_comparators(match["comparators"] or "", words.comparators))


def classify_comparators(cell: str, words: Vocabulary) -> tuple[str, ...]:
    """Return what the treatment was compared with; a blank cell is nothing."""
    return find_comparators(tidy(cell), words.comparators)


def find_comparators(text: str, comparators: TermList[Term]) -> tuple[str, ...]:
    """Return the names of the comparators in a text like ``Drug and Exercise``."""
    if not text:
        return ()
    found = []
    for part in re.split(r"\s+(?:and|or)\s+|\s*,\s*", tidy(text)):
        term = comparators.find(part)
        if term is None:
            raise Unreadable(part, one_of(comparators, "joined by 'and' or 'or'"))
        found.append(term.name)
    return tuple(found)


def classify_patients(cell: str, words: Vocabulary) -> int:
    """Return the number of patients: a whole number above zero, of up to seven digits."""
    text = tidy(cell)
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) == 0:
        raise Unreadable(cell, "a whole number of patients above zero")
    return int(text)


def classify_guidance(cell: str, words: Vocabulary) -> tuple[str, ...]:
    """Return the guidance: one or several names, *not stated*, or *missing*.

    Modalities are joined by "and" or by a bracket: ``Blind (surgical)`` is both.
    """
    if is_missing(cell):
        return (MISSING,)
    if words.phrases.states_nothing(cell):
        return (NOT_STATED,)
    bracketed = BRACKETED.fullmatch(tidy(cell))
    parts = bracketed.groups() if bracketed else re.split(r"\s+and\s+", tidy(cell))
    terms = [words.guidance.find(part) for part in parts]
    if any(term is None for term in terms):
        more = f"{or_blank(words)}; several joined by 'and'"
        raise Unreadable(cell, one_of(words.guidance, more))
    return tuple(term.name for term in terms if term is not None)


def classify_verdict(cell: str, words: Vocabulary) -> str:
    """Return ``yes`` or ``no`` for the printed verdict of the review's second table."""
    verdict = tidy(cell).casefold()
    if verdict not in {"yes", "no"}:
        raise Unreadable(cell, "YES, NO")
    return verdict


def one_of(terms: TermList[Term] | TermList[DesignTerm], more: str) -> str:
    """Return the allowed spellings of a closed list, in the order of the list."""
    return ", ".join(text for term in terms.entries for text in term.printed) + f"; {more}"


HEADED = re.compile(r"(?P<outer>[^()]+?)\s*\((?:mixed\s+)?(?P<inner>[^()]*)\)?", re.IGNORECASE)


SEPARATOR = re.compile(r"\s*,\s*(?:and(?:/or)?\s+)?|\s+and/or\s+|\s+and\s+", re.IGNORECASE)


COUNTED = re.compile(r"(?:(?P<count>\d+)\s+)?(?P<name>.+)")


NOUN = re.compile(r"\s+nerves?$", re.IGNORECASE)


ALLOWED = "nerves of data/vocabulary/nerves.yml, joined by commas or 'and', counted or not"


@dataclass(frozen=True)
class NerveCount:
    """A nerve and the number of patients treated at it, None where it is not counted."""

    term: NerveTerm
    patients: int | None


def classify_targets(cell: str, words: Vocabulary) -> tuple[NerveCount, ...]:
    """Return the nerves of a cell.

    A heading before a bracket (``Various (a, b)``) only introduces the list in it; a remark in a
    bracket is dropped; both are named in the vocabulary.
    """
    text, nerves = tidy(cell), words.nerves
    if whole := find_nerve(text, nerves):
        return (NerveCount(whole, None),)
    if match := HEADED.fullmatch(text):
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
