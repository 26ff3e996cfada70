"""An edition: the evidence tables that facts and pages are asked of, and what derives from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import pandas as pd

from livingreview.data.protocol import EDITIONS, LongTermRule
from livingreview.data.source import Source
from livingreview.tables import TABLES

ADDED_IN = "source review"
PRINTED, CHECKED, LIVING = EDITIONS


@dataclass(frozen=True, eq=False)
class Evidence:
    """The evidence tables of one edition; see ``livingreview.tables`` for their columns."""

    studies: pd.DataFrame
    targets: pd.DataFrame
    outcomes: pd.DataFrame
    other_readings: pd.DataFrame
    adverse_events: pd.DataFrame
    reports: pd.DataFrame
    reporting: pd.DataFrame
    readings: pd.DataFrame
    named_reports: pd.DataFrame
    appraisals: pd.DataFrame
    printed_verdicts: pd.DataFrame
    statements: pd.DataFrame
    references: pd.DataFrame

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the tables by its name."""
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def tables(self) -> dict[str, Any]:
        """Return all tables by their names."""
        return {name: self.table(name) for name in TABLES}

    def without(self, rows: tuple[str, ...]) -> Self:
        """Return the same evidence without the rows of these names (``outcomes:12``)."""
        fewer = {n: t.drop(index=list(rows), errors="ignore") for n, t in self.tables().items()}
        return replace(self, **fewer)


def distinct_studies(studies: pd.DataFrame) -> pd.DataFrame:
    """Return one row per study: of a study that is printed twice, its last row."""
    return studies.drop_duplicates("key", keep="last")


@dataclass(frozen=True, eq=False)
class Edition(Evidence):
    """One edition of a review's evidence, with what it was made from and the rule in force.

    *printed* is what the source review prints, in the printing that this review starts from; any
    other printing is an edition of its own name. *checked* has the values of its primary studies
    where they were read; *living* has in addition the studies that were added. ``base`` is the
    printed evidence that another edition was made from. Each object is asked for itself: a copy
    with other tables (``dataclasses.replace``) remembers none of the ``answers`` to facts.
    """

    source: Source
    rule: LongTermRule
    name: str = PRINTED
    base: Evidence | None = None
    answers: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    _siblings: dict[str, Self] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def long_term(self) -> pd.DataFrame:
        """The rule's answers per study; see ``rule.long_term``."""
        from livingreview.evidence.rule import long_term

        return long_term(self, self.rule)

    @cached_property
    def disagreements(self) -> pd.DataFrame:
        """Where the review and its primary studies differ; see ``disagreements.disagreements``."""
        from livingreview.evidence.disagreements import disagreements

        return disagreements(self)

    def named(self, name: str) -> pd.DataFrame | None:
        """Return a table that facts name rows of; None for rows of no table: candidates, claims."""
        return self.table(name) if name in (*TABLES, "disagreements") else None

    def keys_of(self, rows: tuple[str, ...]) -> tuple[str, ...]:
        """Return the studies that some named rows belong to, each once, in order."""
        keys: dict[str, None] = {}
        for row in rows:
            table = self.named(row.partition(":")[0])
            if table is not None and "key" in table.columns and row in table.index:
                keys[str(table.at[row, "key"])] = None
        return tuple(keys)

    def in_edition(self, name: str) -> Self:
        """Return another edition of the same review; raises ``LookupError`` for an unknown name."""
        self._siblings.setdefault(self.name, self)
        if name not in self._siblings:
            other = self._made(name)
            # Shared, so that each edition is computed once, whichever of them is asked.
            object.__setattr__(other, "_siblings", self._siblings)
            self._siblings[name] = other
        return self._siblings[name]

    def _made(self, name: str) -> Self:
        from livingreview.evidence.living import build_living, included

        printed = self.base or self
        if name == PRINTED:
            return replace(self, **printed.tables(), name=name, base=None)
        if name not in self.editions:
            raise LookupError(f"edition one of {', '.join(self.editions)}; not {name}")
        if name in self.source.printings:
            from livingreview.evidence.printed import build_printed

            other = build_printed(self.source, self.source.printings[name])
            return replace(self, **other.tables(), name=name, base=printed)
        added = included(self.source) if name == LIVING else ()
        evidence = build_living(self.source, printed, added)
        return replace(self, **evidence.tables(), name=name, base=printed)

    @property
    def editions(self) -> tuple[str, ...]:
        """The names of the editions that there are, each other printing among them."""
        return (*EDITIONS, *[*self.source.printings][1:])

    @property
    def of_print(self) -> Self:
        """This edition, if it is what some printing holds; else the printed one."""
        return self if self.name in (PRINTED, *self.source.printings) else self.printed

    @property
    def printed(self) -> Self:
        """The printed edition of this review."""
        return self.in_edition(PRINTED)

    @property
    def checked(self) -> Self:
        """The checked edition of this review."""
        return self.in_edition(CHECKED)

    @property
    def living(self) -> Self:
        """The living edition of this review."""
        return self.in_edition(LIVING)
