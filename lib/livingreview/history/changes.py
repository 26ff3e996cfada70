"""What changed from one version to the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any

from livingreview.data.claims import FAILS, HOLDS, VERDICTS
from livingreview.data.versions import Snapshot, Version, Versions

if TYPE_CHECKING:
    from livingreview.data.source import Source

# What verdicts were called before there were two printings.
NOW_CALLED = {
    "reproduced": HOLDS,
    "contradicted by the review's own tables": FAILS,
    "contradicted by the primary study": FAILS,
}


def standing(version: Version, as_of: dt.date | None) -> str:
    """Return whether the next search is overdue on the day that the build was given."""
    due = version.next_search_due
    if due is None:
        return "not set"
    if as_of is None:
        return f"{due}; this build was given no day to compare it with"
    if as_of > due:
        return f"{due}; overdue on {as_of} by {(as_of - due).days} days"
    return f"{due}; not overdue on {as_of}"


def searched(source: Source) -> str:
    """Return through what day the evidence was searched.

    Where searches are planned, and none of all sources was run yet, that day is the source review's
    own, and is said so.
    """
    through = source.versions.present.searched_through
    if through is None:
        return "not set"
    if source.searches.strategy is not None and source.searches.last_whole is None:
        return f"{through}, by the source review; no search was run since"
    return str(through)


@dataclass(frozen=True)
class Change:
    """One thing that changed: a study's column or result, a fact, a claim, a sentence of a page.

    ``before`` is None for what is new, ``after`` for what is gone.
    """

    what: str
    part: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Changes:
    """What changed from one version to another; ``values`` are of studies that both hold."""

    studies_added: tuple[str, ...]
    studies_removed: tuple[str, ...]
    values: tuple[Change, ...]
    facts: tuple[Change, ...]
    claims: tuple[Change, ...]
    sentences: tuple[Change, ...]
    pages_added: tuple[str, ...]
    pages_removed: tuple[str, ...]

    @property
    def values_changed(self) -> tuple[Change, ...]:
        """Values that both versions have."""
        return tuple(c for c in self.values if None not in (c.before, c.after))

    @property
    def values_filled(self) -> tuple[Change, ...]:
        """Values that only one version has: filled in, or taken out."""
        return tuple(c for c in self.values if None in (c.before, c.after))

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {
            "studies added": len(self.studies_added),
            "studies removed": len(self.studies_removed),
            "values changed": len(self.values_changed),
            "values filled in or taken out": len(self.values_filled),
            "facts moved": len(self.facts),
            "verdicts changed": len(self.claims),
            "sentences changed": len(self.sentences),
            "pages added": len(self.pages_added),
            "pages removed": len(self.pages_removed),
        }


def changes(old: Snapshot, new: Snapshot) -> Changes:
    """Return what changed; facts, claims and sentences count where both versions have them.

    A fact that one version does not ask has not moved, and a page that one of them does not have
    is named whole.
    """
    values = _values(old.studies, new.studies)
    if old.results is not None and new.results is not None:
        values += _values(
            {key: old.results.get(key, {}) for key in old.studies},
            {key: new.results.get(key, {}) for key in new.studies},
        )
    pages = sorted(set(old.sentences) & set(new.sentences))
    return Changes(
        studies_added=_only(new.studies, old.studies),
        studies_removed=_only(old.studies, new.studies),
        values=tuple(values),
        facts=_moved(old.facts, new.facts),
        claims=_moved(_as_called_in(new.claims, old.claims), new.claims),
        sentences=tuple(
            change for p in pages for change in _reworded(p, old.sentences[p], new.sentences[p])
        ),
        pages_added=_only(new.sentences, old.sentences),
        pages_removed=_only(old.sentences, new.sentences),
    )


def _values(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[Change]:
    """Return what differs in the values of studies that both versions hold."""
    return [
        Change(key, name, _text(old[key].get(name)), _text(new[key].get(name)))
        for key in sorted(set(old) & set(new))
        for name in sorted({*old[key], *new[key]})
        if old[key].get(name) != new[key].get(name)
    ]


def _only(some: dict[str, Any], others: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(set(some) - set(others)))


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def _moved(old: dict[str, str], new: dict[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(name, None, old[name], new[name])
        for name in sorted(set(old) & set(new))
        if old[name] != new[name]
    )


def _as_called_in(new: dict[str, str], old: dict[str, str]) -> dict[str, str]:
    """Return old verdicts in the words of the new ones: another word is no other verdict."""
    if not {*new.values()} & {*VERDICTS}:
        return old
    return {name: NOW_CALLED.get(verdict, verdict) for name, verdict in old.items()}


def _reworded(page: str, old: list[str], new: list[str]) -> list[Change]:
    """Return the sentences of one page that differ: changed in place, added, taken out."""
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            pairs = zip_longest(old[i:j], new[k:m])
            found += [Change(page, None, before, after) for before, after in pairs]
    return found


def changes_in(versions: Versions, number: str) -> Changes | None:
    """Return what a kept version changed; None where it or the one before is not kept."""
    kept = versions.snapshots
    for old, new in pairwise(versions.entries):
        if new.version == number and {old.version, number} <= set(kept):
            return changes(kept[old.version], kept[number])
    return None
