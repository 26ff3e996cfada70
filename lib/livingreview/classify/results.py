"""The outcomes and notes columns: sentences of a small language, read clause by clause.

A cell is a sequence of clauses. Each rule reads one kind of clause; the longest match wins, and
what no rule reads is an error. The words for measures, comparators and events come from the
vocabulary, so the rules know how results are written, not what was measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from livingreview.classify import clauses
from livingreview.classify.cells import Unreadable, is_missing, is_not_stated, tidy
from livingreview.classify.columns import find_comparators
from livingreview.classify.finding import Finding, Reading
from livingreview.vocabulary import Vocabulary

GAP = re.compile(r"[\s.,;]*")
ALLOWED = "a result as CONTRIBUTING.md lists them, several in a row"


@dataclass(frozen=True)
class Notes:
    """What a notes cell holds: results, adverse events with counts, sizes of arms.

    ``events`` is None when the cell says nothing of adverse events, empty when it says that
    there were none.
    """

    findings: tuple[Finding, ...] = ()
    events: tuple[tuple[str, int], ...] | None = None
    arms: dict[str, int] = field(default_factory=dict)


def classify_outcomes(cell: str, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return the results of an outcomes cell; a blank one is a single *missing* result."""
    if is_missing(cell):
        return (Finding("statement", status="missing"),)
    if is_not_stated(cell):
        return (Finding("statement", status="not stated"),)
    return tuple(
        finding
        for reading, build in _clauses(cell, vocabulary, clauses.RESULTS)
        for finding in build(reading)
    )


def classify_notes(cell: str, vocabulary: Vocabulary) -> Notes:
    """Return the results, adverse events and arm sizes of a notes cell."""
    findings: list[Finding] = []
    events: list[tuple[str, int]] | None = None
    arms: dict[str, int] = {}
    for reading, build in _clauses(cell, vocabulary, clauses.RESULTS + clauses.NOTES):
        if build is clauses.adverse_events:
            events = (events or []) + clauses.adverse_events(reading)
        elif build is clauses.arm_sizes:
            arms |= clauses.arm_sizes(reading)
        else:
            findings.extend(build(reading))
    return Notes(tuple(findings), None if events is None else tuple(events), arms)


def _clauses(
    cell: str, vocabulary: Vocabulary, rules: tuple[clauses.Rule, ...]
) -> Iterator[tuple[Reading, Callable[[Reading], Any]]]:
    """Yield each clause of the cell with the function that builds its results."""
    text = tidy(cell)
    patterns = _patterns(rules, *_words(vocabulary))
    position = 0
    while position < len(text):
        matches = [
            (match, rule.build)
            for pattern, rule in zip(patterns, rules, strict=True)
            if (match := pattern.match(text, position)) and _ends_a_clause(text, match.end())
        ]
        if not matches:
            raise Unreadable(cell, f"{ALLOWED}; not read: {text[position:]!r}")
        match, build = max(matches, key=lambda found: found[0].end())
        yield Reading(match.groupdict(), match.group(), vocabulary, find_comparators), build
        position = GAP.match(text, match.end()).end()  # type: ignore[union-attr]


def _ends_a_clause(text: str, end: int) -> bool:
    return end == len(text) or GAP.match(text, end).end() > end  # type: ignore[union-attr]


def _words(vocabulary: Vocabulary) -> tuple[str, str, str]:
    lists = (vocabulary.measures, vocabulary.comparators, vocabulary.events)
    return tuple("|".join(map(re.escape, terms.spellings())) for terms in lists)  # type: ignore[return-value]


@lru_cache
def _patterns(
    rules: tuple[clauses.Rule, ...], measures: str, comparators: str, events: str
) -> tuple[re.Pattern[str], ...]:
    words = {"MEASURE": measures, "COMPARATOR": comparators, "EVENT": events}
    return tuple(re.compile(rule.pattern_with(words), re.IGNORECASE) for rule in rules)
