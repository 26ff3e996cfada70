"""Choose rows of the evidence: the filters that facts share."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from livingreview.facts.registry import UnknownFact
from livingreview.frames import is_of
from livingreview.tables import TREATMENT

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

COLUMNS = {"design": "design", "group": "design_group", "publication": "publication", "key": "key"}


def parts(value: str) -> list[str]:
    """Return the alternatives of an argument: ``cohort+case report`` is either."""
    return [part.strip() for part in value.split("+") if part.strip()]


def numbers(value: str) -> list[int]:
    """Return the reference numbers of an argument like ``11+12+13``."""
    return [int(number_of(part)) for part in parts(value)]


def number_of(value: str) -> float:
    """Return an argument that is a number; raises ``UnknownFact`` for anything else."""
    if not re.fullmatch(r"\d+(\.\d+)?", value):
        raise UnknownFact(f"a number; not {value}")
    return float(value)


def terms_of(name: str, value: str, known: Collection[str]) -> list[str]:
    """Return the alternatives of an argument; raises ``UnknownFact`` for one that is not known."""
    wanted = parts(value)
    if unknown := [term for term in wanted if term not in known]:
        raise UnknownFact(f"{name} one of {', '.join(sorted(known))}; not {', '.join(unknown)}")
    return wanted


def select(edition: Edition, **filters: str | None) -> pd.DataFrame:
    """Return the rows of the studies table that pass every filter that is given.

    Filters: design, group, publication, key, refs, guidance, comparator, nerve (its branches
    included), region, question. Raises ``UnknownFact`` for a value that no list and no row knows.
    """
    studies = edition.studies
    given = {name: value for name, value in filters.items() if value is not None}
    passes = [_passes(edition, studies, name, value) for name, value in given.items()]
    return studies[np.logical_and.reduce(passes)] if passes else studies


def _passes(edition: Edition, studies: pd.DataFrame, name: str, value: str) -> pd.Series[bool]:
    if name == "refs":
        return studies["ref"].isin(numbers(value))
    wanted = terms_of(name, value, _known(edition, name))
    if name in COLUMNS:
        return studies[COLUMNS[name]].isin(wanted)
    if name in ("guidance", "comparator"):
        column = {"guidance": "guidance", "comparator": "comparators"}[name]
        named = [bool(set(wanted) & set(terms or ())) for terms in studies[column]]
        return pd.Series(named, index=studies.index, dtype=bool)
    if name == "question":
        return studies["key"].isin(
            key for asked in edition.source.questions if asked.id in wanted for key in asked.studies
        )
    targets = edition.targets
    hit = targets["region"].isin(wanted)
    if name == "nerve":
        hit = targets["nerve"].isin(wanted) | targets["part_of"].isin(wanted)
    return studies["row"].isin(targets.loc[hit, "row"])


def _known(edition: Edition, name: str) -> set[str]:
    words = edition.source.vocabulary
    known: dict[str, set[str]] = {
        "design": set(words.designs.by_name),
        "group": {term.group for term in words.designs.entries},
        "publication": {"article", "conference abstract"},
        "key": set(edition.source.references),
        "guidance": set(words.guidance.by_name) | {"not stated", "missing"},
        "comparator": set(words.comparators.by_name),
        "nerve": set(words.nerves.by_name),
        "region": {term.region for term in words.nerves.entries},
        "question": {asked.id for asked in edition.source.questions},
    }
    return known[name]


def results(
    edition: Edition, studies: pd.DataFrame, *kinds: str, arm: str = TREATMENT
) -> pd.DataFrame:
    """Return the reported results of these studies in one arm, of these kinds (all if none)."""
    rows = edition.outcomes
    chosen = rows["row"].isin(studies["row"]) & (is_of(rows, arm) | (rows["part"] == arm))
    chosen &= rows["status"] == "reported"
    # Of a wide table one choice costs less than several, one after the other.
    return rows[chosen & rows["kind"].isin(kinds) if kinds else chosen]


def of_rows(studies: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the studies that some of the results belong to."""
    return studies[studies["row"].isin(outcomes["row"])]
