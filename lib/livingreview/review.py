"""A review opened for asking: its source, one edition of its evidence, its rule, its facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from livingreview import facts
from livingreview.audit.claims import audit
from livingreview.data.protocol import LongTermRule
from livingreview.data.source import Source, fingerprint, load_source
from livingreview.evidence.edition import Evidence
from livingreview.evidence.living import build_living, included
from livingreview.evidence.printed import build_printed
from livingreview.evidence.rule import long_term
from livingreview.problems import InvalidData, problems_of
from livingreview.reading.results import whole_counts
from livingreview.tables import TABLES

PRINTED, CHECKED, LIVING = EDITIONS = ("printed", "checked", "living")


@dataclass(frozen=True, eq=False)  # one review is the same as another if it is that one
class Review:
    """One edition of a review; everything that it answers is computed from ``evidence``."""

    source: Source
    evidence: Evidence
    rule: LongTermRule
    edition: str = PRINTED
    base: Evidence | None = None

    @cached_property
    def long_term(self) -> pd.DataFrame:
        """The rule's answers per study; see ``criteria.long_term``."""
        return long_term(self.evidence, self.rule)

    @cached_property
    def audit(self) -> pd.DataFrame:
        """The verdict on each claim; see ``claims.audit``."""
        return audit(self)

    @cached_property
    def disagreements(self) -> pd.DataFrame:
        """Where review and primary studies differ; see ``disagreements.disagreements``."""
        from livingreview.evidence.disagreements import disagreements

        return disagreements(self)

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table that facts name rows of; None for rows that belong to no study."""
        if name == "disagreements":
            return self.disagreements
        return self.evidence.table(name) if name in TABLES else None

    @cached_property
    def _answers(self) -> dict[str, facts.Fact]:
        return {}

    def fact(self, name: str) -> facts.Fact:
        """Return a fact by its id; asked once, then remembered."""
        if name not in self._answers:
            self._answers[name] = facts.answer(self, name)
        return self._answers[name]

    def value(self, name: str) -> Any:
        """Return the plain value of a fact, for the condition of a guard."""
        return self.fact(name).value.value

    def most(self, name: str) -> bool:
        """Return whether a share is more than half of its denominator."""
        found = self.fact(name).value
        return found.of is not None and bool(2 * found.value > found.of)

    def keys_of(self, rows: tuple[str, ...]) -> tuple[str, ...]:
        """Return the studies that some named rows belong to, each once, in order."""
        keys: dict[str, None] = {}
        for name in rows:
            table = self.table(name.partition(":")[0])
            if table is not None and "key" in table.columns and name in table.index:
                keys[str(table.at[name, "key"])] = None
        return tuple(keys)

    def unfitting(self, outcomes: pd.DataFrame) -> pd.Series[bool]:
        """Return, per result with percentage and denominator, whether no count gives it."""
        fits = [
            not whole_counts(percent, int(evaluated))
            for percent, evaluated in zip(outcomes["percent"], outcomes["evaluated"], strict=True)
        ]
        return pd.Series(fits, index=outcomes.index, dtype=bool)

    def with_evidence(self, evidence: Evidence) -> Review:
        """Return the same review over other evidence, with nothing remembered."""
        return replace(self, evidence=evidence)

    @cached_property
    def _editions(self) -> dict[str, Review]:
        return {self.edition: self}

    def in_edition(self, name: str) -> Review:
        """Return another edition of the same review; raises ``UnknownFact`` for an unknown name.

        *printed* is what the source review prints; *checked* has the values of its primary
        studies where they were read; *living* has in addition the studies that were added.
        """
        if name not in self._editions:
            other = self._editions[name] = self._other(name)
            # Shared, so that each edition is computed once, whichever of them is asked.
            vars(other)["_editions"] = self._editions
        return self._editions[name]

    def _other(self, name: str) -> Review:
        printed = self.base or self.evidence
        if name == PRINTED:
            return replace(self, evidence=printed, edition=name, base=None)
        if name not in EDITIONS:
            raise facts.UnknownFact(f"edition one of {', '.join(EDITIONS)}; not {name}")
        added = included(self.source) if name == LIVING else ()
        evidence = build_living(self.source, printed, added)
        return replace(self, evidence=evidence, edition=name, base=printed)

    @property
    def printed(self) -> Review:
        """The printed edition of this review."""
        return self.in_edition(PRINTED)

    @property
    def living(self) -> Review:
        """The living edition of this review."""
        return self.in_edition(LIVING)


def open_review(
    data_dir: Path | str,
    minimum_followup_months: float | None = None,
    relief_threshold_percent: float | None = None,
    edition: str = PRINTED,
) -> Review:
    """Return an edition of the review whose data lie in ``data_dir``.

    ``minimum_followup_months`` (months) and ``relief_threshold_percent`` replace the limits of the
    protocol's long-term rule; None keeps them. Raises ``InvalidData`` for bad data or limits.
    """
    folder = Path(data_dir).resolve()
    changed = {
        "minimum_followup_months": minimum_followup_months,
        "relief_threshold_percent": relief_threshold_percent,
    }
    given = tuple((name, value) for name, value in changed.items() if value is not None)
    return _opened(folder, fingerprint(folder), given).in_edition(edition)


@lru_cache(maxsize=2)
def _opened(folder: Path, fingerprint: str, given: tuple[tuple[str, float], ...]) -> Review:
    """Return the review of some files; opened again, it has what it answered before."""
    source = load_source(folder)
    rule = rule_with(source.protocol.long_term_rule, dict(given))
    return Review(source, build_printed(source), rule)


def rule_with(rule: LongTermRule, given: dict[str, float]) -> LongTermRule:
    """Return the rule with some limits replaced; out of bounds they raise ``InvalidData``."""
    from pydantic import ValidationError

    try:
        return LongTermRule.model_validate(rule.model_dump() | given)
    except ValidationError as error:
        raise InvalidData(problems_of(error, "parameters")) from None
