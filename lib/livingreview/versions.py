"""The versions of the review: what triggered each, how current it is, what changed since the last.

Dates are never compared with today's: a build is given its day by the environment variable
``LIVING_REVIEW_AS_OF``, so that the same files give the same site on any day.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from livingreview.files import name_of, problems_of, read_text, read_yaml
from livingreview.problems import Problem, quoted
from livingreview.protocol import Declared

AS_OF = "LIVING_REVIEW_AS_OF"


class Version(Declared):
    """One version; empty dates and plans are *not set*."""

    version: str = Field(pattern=r"^\d+\.\d+\.\d+$", description="Number, such as 1.0.0")
    date: dt.date
    triggered_by: str = Field(min_length=1, description="Why there is this version")
    searched_through: dt.date | None = Field(
        description="Day of the last search that was run whole"
    )
    search: str = Field(min_length=1, description="What was searched or read, and what was not")
    integrated_through: dt.date | None = Field(description="Day up to which what was read is in")
    next_search_due: dt.date | None
    schedule: str | None
    retirement: str | None
    summary: str = Field(min_length=1)

    @property
    def order(self) -> tuple[int, ...]:
        """The number, for comparing."""
        return tuple(map(int, self.version.split(".")))


class VersionList(Declared):
    """The file ``data/versions.yml``."""

    versions: tuple[Version, ...] = Field(min_length=1)


class Snapshot(Declared):
    """What a version said: ``data/versions/<version>.json``; see ``livingreview.snapshot``."""

    edition: str
    studies: dict[str, dict[str, Any]]
    facts: dict[str, str]
    claims: dict[str, str]
    sentences: dict[str, list[str]]


@dataclass(frozen=True)
class Versions:
    """All versions, the oldest first, with what was kept of them; the last is the present one."""

    entries: tuple[Version, ...]
    snapshots: dict[str, Snapshot]
    as_of: dt.date | None = None

    @property
    def present(self) -> Version:
        """The version that the project is at."""
        return self.entries[-1]

    @property
    def preceding(self) -> Version | None:
        """The version before the present one; None for a first version."""
        return self.entries[-2] if len(self.entries) > 1 else None

    def changes_in(self, number: str) -> Changes | None:
        """Return what a kept version changed; None where it or the one before is not kept."""
        for old, new in pairwise(self.entries):
            if new.version == number and {old.version, number} <= set(self.snapshots):
                return changes(self.snapshots[old.version], self.snapshots[number])
        return None


def load_versions(path: Path, problems: list[Problem], as_of: dt.date | None = None) -> Versions:
    """Return the versions of ``versions.yml`` and the snapshots in the folder beside it.

    ``as_of`` is the day that the build is given; by default that of ``LIVING_REVIEW_AS_OF``.
    Every version but the last needs its snapshot.
    """
    as_of = as_of or _day_given(problems)
    listed = read_yaml(path, VersionList, problems, wrap="versions")
    entries = listed.versions if listed else ()
    file = name_of(path)
    for number, version in enumerate(entries, start=1):
        _note_dates(version, file, str(number), as_of, problems)
    for number, (old, new) in enumerate(pairwise(entries), start=2):
        if new.order <= old.order:
            allowed = f"a number above {old.version}, each once, the newest last"
            problems.append(Problem(file, str(number), "version", quoted(new.version), allowed))
        if new.date < old.date:
            allowed = f"{old.date} or later, the date of {old.version}"
            problems.append(Problem(file, str(number), "date", quoted(new.date), allowed))
    return Versions(entries, _snapshots(path.with_suffix(""), entries, problems), as_of)


def _day_given(problems: list[Problem]) -> dt.date | None:
    given = os.environ.get(AS_OF, "").strip()
    try:
        return dt.date.fromisoformat(given) if given else None
    except ValueError:
        allowed = "a date, like 2025-03-31, or nothing"
        problems.append(Problem(AS_OF, None, None, quoted(given), allowed))
        return None


def _note_dates(
    version: Version, file: str, row: str, as_of: dt.date | None, problems: list[Problem]
) -> None:
    for name in ("date", "searched_through", "integrated_through"):
        day = getattr(version, name)
        if day is None:
            continue
        if as_of is not None and day > as_of:
            allowed = f"{as_of} or earlier, the day that the build was given"
            problems.append(Problem(file, row, name, quoted(day), allowed))
        elif day > version.date:
            allowed = f"{version.date} or earlier, the date of the version"
            problems.append(Problem(file, row, name, quoted(day), allowed))


def _snapshots(
    folder: Path, entries: tuple[Version, ...], problems: list[Problem]
) -> dict[str, Snapshot]:
    found = {}
    for version in entries:
        path = folder / f"{version.version}.json"
        if version is entries[-1] and not path.is_file():
            continue  # the present state stands for it
        snapshot = _read_snapshot(path, problems)
        if snapshot is not None:
            found[version.version] = snapshot
    return found


def _read_snapshot(path: Path, problems: list[Problem]) -> Snapshot | None:
    text = read_text(path, problems)
    if text is None:
        return None
    try:
        return Snapshot.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}"
        problems.append(Problem(name_of(path), line, None, error.msg, "JSON, as it was kept"))
    except ValidationError as error:
        problems.extend(problems_of(error, name_of(path)))
    return None


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


@dataclass(frozen=True)
class Change:
    """One thing that changed: a study's column, a fact, a claim, a sentence of a page.

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
    values = [
        Change(key, name, _text(old.studies[key].get(name)), _text(new.studies[key].get(name)))
        for key in sorted(set(old.studies) & set(new.studies))
        for name in sorted({*old.studies[key], *new.studies[key]})
        if old.studies[key].get(name) != new.studies[key].get(name)
    ]
    pages = sorted(set(old.sentences) & set(new.sentences))
    return Changes(
        studies_added=_only(new.studies, old.studies),
        studies_removed=_only(old.studies, new.studies),
        values=tuple(values),
        facts=_moved(old.facts, new.facts),
        claims=_moved(old.claims, new.claims),
        sentences=tuple(
            change for p in pages for change in _reworded(p, old.sentences[p], new.sentences[p])
        ),
        pages_added=_only(new.sentences, old.sentences),
        pages_removed=_only(old.sentences, new.sentences),
    )


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


def _reworded(page: str, old: list[str], new: list[str]) -> list[Change]:
    """Return the sentences of one page that differ: changed in place, added, taken out."""
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            pairs = zip_longest(old[i:j], new[k:m])
            found += [Change(page, None, before, after) for before, after in pairs]
    return found
