"""The versions of the review: what triggered each, how current it is, and what was kept of it.

Dates are never compared with today's: a build is given its day by the environment variable
``LIVING_REVIEW_AS_OF``, so that the same files give the same site on any day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from livingreview.data.files import name_of, read_text, read_yaml
from livingreview.data.protocol import Declared
from livingreview.problems import Problem, problems_of, quoted

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
    kept: str | None = Field(
        None, pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file of what it said"
    )

    @property
    def order(self) -> tuple[int, ...]:
        """The number, for comparing."""
        return tuple(map(int, self.version.split(".")))


class VersionList(Declared):
    """The file ``data/versions.yml``."""

    versions: tuple[Version, ...] = Field(min_length=1)


class Snapshot(Declared):
    """What a version said: ``data/versions/<version>.json``; see ``history.snapshot``."""

    edition: str
    studies: dict[str, dict[str, Any]]
    results: dict[str, dict[str, str]] | None = None  # 0.1.0 kept none
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


def load_versions(path: Path, problems: list[Problem], as_of: dt.date | None = None) -> Versions:
    """Return the versions of ``versions.yml`` and the snapshots in the folder beside it.

    ``as_of`` is the day that the build is given; by default that of ``LIVING_REVIEW_AS_OF``.
    Every version but the last needs its snapshot; a snapshot is as it was when it was kept.
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
            digest = digest_of(path)
            if digest != version.kept:
                why = "what a version said is not written again" if version.kept else "its digest"
                place = f"{version.kept or digest}, as kept in data/versions.yml: {why}"
                problems.append(Problem(name_of(path), None, None, digest, place))
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        if path.stem not in {version.version for version in entries}:
            allowed = "files of versions that data/versions.yml has"
            problems.append(Problem(name_of(path), None, None, quoted(path.name), allowed))
    return found


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, by which it is seen that it was not written again."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
