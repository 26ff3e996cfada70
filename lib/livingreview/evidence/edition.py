"""An edition: the evidence tables that facts and pages are asked of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from livingreview.tables import TABLES

ADDED_IN = "source review"


@dataclass(frozen=True)
class Evidence:
    """The evidence tables of one edition; see ``livingreview.tables`` for their columns."""

    studies: pd.DataFrame
    targets: pd.DataFrame
    outcomes: pd.DataFrame
    adverse_events: pd.DataFrame
    reports: pd.DataFrame
    reporting: pd.DataFrame
    printed_verdicts: pd.DataFrame
    statements: pd.DataFrame
    references: pd.DataFrame

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the tables by its name."""
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def without(self, rows: tuple[str, ...]) -> Evidence:
        """Return the same evidence without the rows of these names (``outcomes:12``)."""
        return replace(self, **{n: self.table(n).drop(index=list(rows), errors="ignore")
                                for n in TABLES})  # fmt: skip
