"""What a clause of the outcomes or notes column says, before it is tied to a study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from livingreview.classify.cells import to_months
from livingreview.tables import Direction, OutcomeKind, OutcomeStatus, Rule
from livingreview.vocabulary import Term, TermList, Vocabulary

TREATMENT = "treatment"
CONTROL = "control"
RULES: dict[str, Rule] = {
    ">": ">", "<": "<", ">=": ">=", "<=": "<=", "=": "=", "≥": ">=", "≤": "<=",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One result; its fields are those of the outcomes table, None where nothing is printed.

    ``arm`` is *treatment*, a comparator, *not stated*, or ``treatment vs <comparator>``, where
    *control* stands for the comparator of the study's own design.
    """

    kind: OutcomeKind
    arm: str = TREATMENT
    status: OutcomeStatus = "reported"
    measure: str | None = None
    threshold_percent: float | None = None
    threshold_points: float | None = None
    threshold_rule: Rule | None = None
    months: float | None = None
    responders: int | None = None
    evaluated: int | None = None
    percent: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    direction: Direction | None = None
    words: str | None = None


@dataclass(frozen=True)
class Reading:
    """The named parts of one clause, turned into values on request."""

    parts: dict[str, str | None]
    words: str
    vocabulary: Vocabulary
    find_comparators: Callable[[str, TermList[Term]], tuple[str, ...]]

    def text(self, name: str) -> str:
        """Return a part that the pattern always captures."""
        value = self.parts.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def has(self, name: str) -> bool:
        """Return whether the clause holds this part."""
        return self.parts.get(name) is not None

    def number(self, name: str) -> float | None:
        """Return a part as a number, or None if it is not there."""
        value = self.parts.get(name)
        return None if value is None else float(value)

    def count(self, *names: str) -> int | None:
        """Return the first of several parts that is there, as a whole number."""
        return next((int(self.text(name)) for name in names if self.has(name)), None)

    def months(self, value: str = "t", unit: str = "u") -> float | None:
        """Return a time in months, or None if the clause states none."""
        return to_months(self.text(value), self.text(unit)) if self.has(value) else None

    def measure(self, name: str = "measure") -> str | None:
        """Return the name of the measure in the vocabulary."""
        term = self.vocabulary.measures.find(self.text(name))
        return term.name if term else None

    def relief_measure(self) -> str:
        """Return the measure that stands for relief in percent of baseline."""
        return next(t.name for t in self.vocabulary.measures.entries if t.type == "relief")

    def rule(self, default: Rule = "=") -> Rule:
        """Return the printed comparison; ``default`` where only a number is printed."""
        return RULES[self.text("rule")] if self.has("rule") else default

    def comparators(self, name: str) -> tuple[str, ...]:
        """Return the comparators that a part names."""
        return self.find_comparators(self.text(name), self.vocabulary.comparators)
