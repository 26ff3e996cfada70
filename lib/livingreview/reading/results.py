"""The outcomes and notes columns: sentences of a small language, read clause by clause.

A cell is a sequence of phrases. Each pattern of ``source/phrases.yml`` reads one kind of clause;
the longest match wins, and what none reads is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from livingreview.data.vocabulary import PHRASES, Phrase, Vocabulary
from livingreview.reading.builders import (
    BUILDERS,
    CONTROL,
    Finding,
    Reading,
    adverse_events,
    arm_sizes,
    compared,
)
from livingreview.reading.cells import Unreadable, is_missing, tidy
from livingreview.reading.columns import find_comparators
from livingreview.tables import TREATMENT

GAP = re.compile(r"[\s.,;]*")


ALLOWED = f"a result as the examples of data/{PHRASES}, several in a row"


@dataclass(frozen=True)
class Notes:
    """What a notes cell holds: results, adverse events with counts, arms with their sizes.

    ``comparators`` are the controls that it names, with a size or without. ``events`` is None when
    the cell says nothing of adverse events, empty when it says that there were none.
    """

    findings: tuple[Finding, ...] = ()
    events: tuple[tuple[str, int], ...] | None = None
    arms: dict[str, int] = field(default_factory=dict)
    comparators: tuple[str, ...] = ()


def classify_outcomes(cell: str, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return the results of an outcomes cell; a blank one is a single *missing* result."""
    if is_missing(cell):
        return (Finding.model_validate({"kind": "statement", "status": "missing"}),)
    if vocabulary.phrases.states_nothing(cell):
        return (Finding.model_validate({"kind": "statement", "status": "not stated"}),)
    return tuple(
        finding
        for reading, build in _clauses(cell, vocabulary, vocabulary.phrases.results)
        for finding in build(reading)
    )


def classify_notes(cell: str, vocabulary: Vocabulary) -> Notes:
    """Return the results, adverse events and arm sizes of a notes cell."""
    findings: list[Finding] = []
    events: list[tuple[str, int]] | None = None
    arms: dict[str, int] = {}
    comparators: tuple[str, ...] = ()
    known = vocabulary.phrases.results + vocabulary.phrases.notes
    for reading, build in _clauses(cell, vocabulary, known):
        if build is adverse_events:
            events = (events or []) + adverse_events(reading)
        elif build is arm_sizes:
            arms |= arm_sizes(reading)
            comparators += tuple(arm for arm in arm_sizes(reading) if arm != TREATMENT)
        elif build is compared:
            comparators += compared(reading)
        else:
            findings.extend(build(reading))
    told = None if events is None else tuple(events)
    return Notes(tuple(findings), told, arms, comparators)


def _clauses(
    cell: str, vocabulary: Vocabulary, known: tuple[Phrase, ...]
) -> Iterator[tuple[Reading, Callable[[Reading], Any]]]:
    """Yield each clause of the cell with the function that builds its results."""
    text = tidy(cell)
    position = 0
    while position < len(text):
        matches = [
            (match, phrase)
            for phrase in known
            if (match := vocabulary.patterns[phrase.pattern].match(text, position))
            and _ends_a_clause(text, match.end())
        ]
        if not matches:
            raise Unreadable(cell, f"{ALLOWED}; not read: {text[position:]!r}")
        match, phrase = max(matches, key=lambda found: found[0].end())
        parts = match.groupdict() | phrase.means
        reading = Reading(parts, match.group(), vocabulary, find_comparators)
        yield reading, BUILDERS[phrase.build]
        position = GAP.match(text, match.end()).end()  # type: ignore[union-attr]


def _ends_a_clause(text: str, end: int) -> bool:
    return end == len(text) or GAP.match(text, end).end() > end  # type: ignore[union-attr]


def whole_counts(percent: float, evaluated: int) -> tuple[int, ...]:
    """Return each count of patients that rounds to the printed percentage.

    Empty if no whole number of patients gives it, several if more than one does. Half a unit of
    the last printed decimal is allowed.
    """
    text = f"{percent:g}"
    decimals = len(text.partition(".")[2])
    tolerance = 0.5 * 10**-decimals + 1e-9
    return tuple(
        count
        for count in range(evaluated + 1)
        if abs(100 * count / evaluated - percent) <= tolerance
    )


def complete_outcomes(
    found: list[tuple[Finding, str]], comparators: tuple[str, ...], patients: int
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the columns of each result of one study, with the column that it was read from.

    In a study without comparator, responders are of all its patients unless another denominator
    is printed; a percentage then gives a count when exactly one whole number fits. Arms of a
    comparative study have no printed size, so their percentages stay without a count.
    """
    for finding, column in found:
        finding = _named_contrast(finding, comparators)
        finding, derived = _with_threshold(finding, [other for other, _ in found])
        if finding.kind == "responder" and finding.status == "reported" and not comparators:
            finding, more = _with_counts(finding, patients)
            derived += more
        values = finding.model_dump() | {"derived": tuple(derived)}
        yield values | {"arm_words": values.pop("arm")}, column


def _named_contrast(finding: Finding, comparators: tuple[str, ...]) -> Finding:
    arm = f"{TREATMENT} vs {CONTROL}"
    if finding.arm == arm and comparators:
        return finding.model_copy(update={"arm": f"{TREATMENT} vs {' and '.join(comparators)}"})
    return finding


def _with_threshold(finding: Finding, others: list[Finding]) -> tuple[Finding, list[str]]:
    """Give responders of a control arm the threshold that the treated arm's result prints."""
    same = [
        other
        for other in others
        if other.kind == "responder" and other.threshold_rule and other.arm == TREATMENT
    ]
    if finding.kind != "responder" or finding.threshold_rule or finding.arm == TREATMENT:
        return finding, []
    if len(same) != 1:
        return finding, []
    names = ("measure", "threshold_percent", "threshold_points", "threshold_rule")
    copied = {name: getattr(same[0], name) for name in names}
    return finding.model_copy(update=copied), list(names[:2])


def _with_counts(finding: Finding, patients: int) -> tuple[Finding, list[str]]:
    derived = [] if finding.evaluated is not None else ["evaluated"]
    evaluated = patients if finding.evaluated is None else finding.evaluated
    responders, percent = finding.responders, finding.percent
    told: dict[str, Any] = {"evaluated": evaluated}
    if responders is not None and not 0 < evaluated >= responders:
        return finding.model_copy(update=told), derived  # the table's declaration refuses it
    if responders is not None and percent is None:
        percent = round(100 * responders / evaluated, 1)
        derived.append("percent")
    elif percent is not None and responders is None:
        fits = whole_counts(percent, evaluated)
        if len(fits) == 1:
            responders = fits[0]
            derived.append("responders")
    told |= {"responders": responders, "percent": percent}
    return finding.model_copy(update=told), derived
