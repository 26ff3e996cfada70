"""Checks of how the values of a study were read: in which report, where, and with what rank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from livingreview.data.reports import BY_OTHERS, NOT_READ, rank
from livingreview.data.study import NOT_REPORTED, StudyFile, known
from livingreview.problems import Problem, nearest, quoted

Found = Iterator[tuple[str, None, str, str]]  # place, no column, found, allowed

# The fields that a full text states in a place of its own; the words of a field stand with it.
PLACED = (
    "design",
    "blinding",
    "comparators",
    "patients",
    "condition",
    "nerves",
    "guidance",
    "followup_months",
    "funding",
)
IN_FULL = "full text"
WHERE = "its section, table or page, as at"


def entries(study: StudyFile) -> Iterator[tuple[str, Any]]:
    """Yield each result and event with its place in the file."""
    for field in ("outcomes", "adverse_events"):
        for number, entry in enumerate(known(getattr(study, field)) or (), start=1):
            yield f"{field}[{number}]", entry


def fields(study: StudyFile) -> Iterator[tuple[str, Any]]:
    """Yield each field that is read at a place, with its value."""
    for name in PLACED:
        yield name, getattr(study, name)
    for item, value in study.reporting.items():
        yield f"reporting.{item}", value


def checks(study: StudyFile) -> Found:
    """Yield each value whose reading is not said, or is not what its rank allows."""
    yield from _reports(study)
    yield from _places(study)
    yield from _silence(study)
    yield from _other_readings(study)


def _reports(study: StudyFile) -> Found:
    """Yield each name of a report that there is not, or that there is twice."""
    names = [report.name for report in study.reports]
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            yield f"reports[{number}].name", None, quoted(name), "each name once"
    used: list[tuple[str, Any]] = [*entries(study)]
    used += [(f"read_from.{name}", place) for name, place in study.read_from.items()]
    used += [
        (f"also.{name}[{number}]", reading)
        for name, readings in study.also.items()
        for number, reading in enumerate(readings, start=1)
    ]
    for place, reading in used:
        report = getattr(reading, "report", None)
        if report is not None and report not in names:
            allowed = nearest(report, names) if names else "a report, listed under reports first"
            yield f"{place}.report", None, quoted(report), allowed


def _places(study: StudyFile) -> Found:
    """Yield each value of the full text that does not say where it stands."""
    for place, _ in entries(study):
        if (read := study.place(place)).how == IN_FULL and not read.at:
            yield f"{place}.at", None, "nothing", f"{WHERE}: it is read as full text"
    for place, value in fields(study):
        if value in (NOT_REPORTED, None) or known(value) is None:
            continue
        if (read := study.place(place)).how == IN_FULL and not read.at:
            allowed = f"{{how: full text, at: {WHERE.removesuffix(', as at')}}}"
            yield f"read_from.{place}", None, "nothing", allowed


def _silence(study: StudyFile) -> Found:
    """Yield each *not reported* of what was not read whole."""
    for place, value in (*fields(study), ("adverse_events", study.adverse_events)):
        if value == NOT_REPORTED and (how := study.place(place).how) != IN_FULL:
            allowed = f"not stated: only a full text shows that nothing is reported, this is {how}"
            yield place, None, quoted(NOT_REPORTED), allowed


def _other_readings(study: StudyFile) -> Found:
    """Yield each other reading that should be the one that stands, or that is no such value."""
    for name, readings in study.also.items():
        item = name.removeprefix("reporting.")
        if name not in type(study).model_fields and item not in study.reporting:
            yield f"also.{name}", None, "an unknown field", "a field of a study file"
            continue
        stands = study.place(name)
        for number, reading in enumerate(readings, start=1):
            place = f"also.{name}[{number}]"
            how = study.resolved(reading).how or NOT_READ
            if not _fits(study, name, reading.value):
                yield f"{place}.value", None, quoted(reading.value), f"a value as {name} has it"
            if rank(how) < rank(stands.how or NOT_READ):
                allowed = (
                    f"it under {name}, with the {stands.how} under also: the higher rank stands"
                )
                yield place, None, f"a reading of the {how}", allowed
            if how == IN_FULL and not reading.at:
                yield f"{place}.at", None, "nothing", f"{WHERE}: it is read as full text"


def _fits(study: StudyFile, name: str, value: Any) -> bool:
    """Return whether a value is one that the field could have; words say it, too."""
    field = type(study).model_fields.get(name)
    if field is None or isinstance(value, str):
        return True
    try:
        TypeAdapter[Any](field.annotation).validate_python(  # type: ignore[arg-type]
            tuple(value) if isinstance(value, list) else value
        )
    except ValidationError:
        return False
    return True


def shared(studies: dict[str, StudyFile], file: str) -> Iterator[Problem]:
    """Yield a problem for each report that two studies claim, unless they say that they overlap.

    What others tell may be of several studies. ``file`` is the name of a study's file, with
    ``{}`` for its key.
    """
    owners: dict[str, str] = {}
    for key, study in studies.items():
        for place, found in _own(study):
            owner = owners.setdefault(found.casefold(), key)
            if owner == key or _overlap(studies[owner], study):
                continue
            said = f"{quoted(found)}, of {owner} too"
            allowed = "a report of one study; two papers on the same patients say overlaps_with"
            yield Problem(file.format(key), place, None, said, allowed)


def _own(study: StudyFile) -> Iterator[tuple[str, str]]:
    """Yield what names a report of the study's own: DOI and registration, with its place."""
    if study.registration:
        yield "registration", _number(study.registration)
    for number, report in enumerate(study.reports, start=1):
        if report.kind in BY_OTHERS:
            continue
        if report.doi and report.doi != study.doi:
            yield f"reports[{number}].doi", report.doi
        if report.registration and not study.registration:
            yield f"reports[{number}].registration", _number(report.registration)
    if study.doi:
        yield "doi", study.doi


def _number(registration: str) -> str:
    """Return the number of a registration without what stands around it."""
    found = re.search(r"[A-Z]+\d{5,}", registration)
    return found[0] if found else registration


def _overlap(one: StudyFile, other: StudyFile) -> bool:
    named = {part.key for part in one.overlaps_with} | {part.key for part in other.overlaps_with}
    return one.key in named or other.key in named
