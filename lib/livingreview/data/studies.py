"""Load what the primary studies report: one file each, checked whole, every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from livingreview.data import readings
from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Protocol
from livingreview.data.references import Reference
from livingreview.data.reported import ReportedEvent, ReportedOutcome
from livingreview.data.reports import NOT_READ, How, OtherReading, Place, StudyReport
from livingreview.data.screening import Screened, by_date, misplaced
from livingreview.data.study import (
    Allocation,
    Arm,
    Overlap,
    StudyFile,
    known,
)
from livingreview.data.versions import VersionList
from livingreview.data.vocabulary import Vocabulary
from livingreview.problems import Problem, explained, nearest, quoted
from livingreview.tables import TREATMENT, WHOLE, sides_of

PARTS: dict[str, type[BaseModel]] = {
    "": StudyFile,
    "screening": Screened,
    "arms": Arm,
    "outcomes": ReportedOutcome,
    "adverse_events": ReportedEvent,
    "reports": StudyReport,
    "also": OtherReading,
    "read_from": Place,
    "overlaps_with": Overlap,
    "allocation": Allocation,
}

READ = tuple(how for how in get_args(How) if how != NOT_READ)

# What is known of a study before anybody reads it.
BEFORE_READING = {
    "key",
    "ref",
    "doi",
    "pmid",
    "registration",
    "publication",
    "published_on",
    "year",
    "screening",
    "read_as",
    "study_note",
}


def load_studies(
    folder: Path,
    vocabulary: Vocabulary,
    references: dict[str, Reference],
    protocol: Protocol,
    problems: list[Problem],
    until: date | None = None,
) -> dict[str, StudyFile]:
    """Return the study files of a folder by key; what is wrong with them becomes problems.

    ``until`` is the last day that a file may name, by default the day of the newest version: no
    study is read after the version that says so.
    """
    found: dict[str, StudyFile] = {}
    until = until or _newest_version(folder.parent / "versions.yml")
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        file = name_of(path)
        if path.name.startswith((".", "#")) or path.name.endswith("~"):
            continue  # of an editor, or of the system
        if path.suffix != ".yml" or not path.is_file():
            allowed = "files <key>.yml, one a study"
            problems.append(Problem(file, None, None, quoted(path.name), allowed))
            continue
        study = read_yaml(path, StudyFile, problems, explain=_explain)
        if study is None:
            continue
        found[path.stem] = study
        checks = (
            _identity(study, path.stem, references),
            _reading(study),
            _decision(study, vocabulary, protocol),
            _names(study, vocabulary),
            _items(study, vocabulary, protocol),
            _arms(study, vocabulary),
            _events(study, vocabulary),
            _measures(study, vocabulary),
            _classes(study, vocabulary),
            _dates(study, until),
            _others(study, references),
            readings.checks(study),
        )
        problems.extend(Problem(file, *p) for check in checks for p in check)
    problems.extend(_repeated(found, folder))
    problems.extend(readings.shared(found, f"{name_of(folder)}/{{}}.yml"))
    return found


def _explain(error: ValidationError, content: Any, file: str) -> list[Problem]:
    return explained(error, content, file, PARTS)


def _newest_version(path: Path) -> date | None:
    """Return the day of the newest version; what is wrong with the file is said where it loads."""
    listed = read_yaml(path, VersionList, [], wrap="versions") if path.is_file() else None
    return max(version.date for version in listed.versions) if listed else None


Found = Iterator[tuple[str, None, str, str]]  # place, no column, found, allowed


def _identity(study: StudyFile, stem: str, references: dict[str, Reference]) -> Found:
    """Yield where the file is not the one study that its name says."""
    if study.key != stem:
        yield "key", None, quoted(study.key), f"{stem}, as the file is named"
    if wrong := misplaced(study):
        yield "screening", None, *wrong
    reference = references.get(study.key)
    if reference is None:
        yield "key", None, quoted(study.key), "a key of references.bib; add its entry there first"
        return
    if study.ref != reference.number:
        allowed = f"{reference.number or 'nothing'}, as in references.bib"
        yield "ref", None, quoted(study.ref or "nothing"), allowed
    if study.ref is None and known(study.year) != reference.year:
        allowed = f"{reference.year or 'not stated'}, the year of its entry in references.bib"
        yield "year", None, quoted(study.year), allowed
    doi = reference.doi
    if study.doi is not None and study.doi.casefold() != (doi or "").casefold():
        other = [r.key for r in references.values() if r.doi and _same(r.doi, study.doi)]
        owner = f", the DOI of {other[0]}" if other else ""
        allowed = f"{doi or 'none'}, the DOI of its entry in references.bib"
        yield "doi", None, quoted(study.doi) + owner, allowed


def _reading(study: StudyFile) -> Found:
    """Yield where a file says how it was read, and what it states does not fit to it."""
    if study.read_as != NOT_READ:
        if study.read_on is None:
            yield "read_on", None, "nothing", "the day on which it was read, like 2025-03-31"
        return
    decided = study.screening
    if decided is None or decided.decision == "included":
        why = "a study that counts has been read" if decided else "what nobody has read has no file"
        yield "read_as", None, quoted(NOT_READ), f"how far it was read ({', '.join(READ)}): {why}"
    stated = [n for n, value in study if n not in BEFORE_READING and not _says_nothing(value)]
    if stated:
        found = f"{quoted(NOT_READ)}, but values of {', '.join(stated)}"
        yield "read_as", None, found, f"how far it was read ({', '.join(READ)})"


def _says_nothing(value: Any) -> bool:
    values = value.values() if isinstance(value, dict) else [value]
    return all(part in (None, (), NOT_READ) for part in values)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _names(study: StudyFile, vocabulary: Vocabulary) -> Found:
    """Yield each name that is not of its closed list."""
    lists: dict[str, tuple[Any, Iterable[str]]] = {
        "design": ([study.design], vocabulary.designs.by_name),
        "comparators": (known(study.comparators) or (), _comparators(vocabulary)),
        "nerves": (known(study.nerves) or (), vocabulary.nerves.by_name),
        "guidance": (known(study.guidance) or (), vocabulary.guidance.by_name),
    }
    cautions = vocabulary.cautions.by_name
    for place, entry in readings.entries(study):
        for number, name in enumerate(entry.cautions, start=1):
            if name not in cautions:
                found = quoted(name)
                yield f"{place}.cautions[{number}]", None, found, nearest(name, cautions)
    for field, (names, allowed) in lists.items():
        for number, name in enumerate(names, start=1):
            if name not in allowed and not (field == "design" and known(name) is None):
                place = field if field == "design" else f"{field}[{number}]"
                yield place, None, quoted(name), nearest(name, allowed)


def _items(study: StudyFile, vocabulary: Vocabulary, protocol: Protocol) -> Found:
    """Yield each item that is not answered, and each answer to none."""
    asked: dict[str, Iterable[str]] = {
        "reporting": vocabulary.reporting.by_name,
        "eligibility": protocol.eligibility.asked,
    }
    for field, items in asked.items():
        answered = getattr(study, field)
        for item in items:
            if item not in answered:
                yield f"{field}.{item}", None, "nothing", "this field is required"
        for item in answered:
            if item not in items:
                yield f"{field}.{item}", None, "an unknown field", nearest(item, items)


def _decision(study: StudyFile, vocabulary: Vocabulary, protocol: Protocol) -> Found:
    """Yield what contradicts the decision of screening."""
    if study.screening is None:
        return
    given = study.screening.why_new
    said = by_date(study, protocol.searched_through)
    if given and said and given != said:
        allowed = (
            f"{said}: published {study.published_on or study.year}, and the source review "
            f"searched through {protocol.searched_through}"
        )
        yield "screening.why_new", None, quoted(given), allowed
    if study.screening.decision != "included":
        return
    if retraction := study.retraction:
        allowed = f"excluded: it was retracted ({retraction.date})"
        yield "screening.decision", None, quoted("included"), allowed
    if known(study.design) is None:
        allowed = f"one of {', '.join(vocabulary.designs.by_name)}: a study that counts has one"
        yield "design", None, quoted(study.design), allowed
    for item, (rule, answer) in protocol.eligibility.asked.items():
        found = study.eligibility.get(item)
        if isinstance(found, bool) and found != answer:
            kind = "inclusion" if answer else "exclusion"
            allowed = f"no such study among the included; a rule of {kind} is: {rule.rule}"
            yield f"eligibility.{item}", None, str(found).lower(), allowed


def _measures(study: StudyFile, vocabulary: Vocabulary) -> Found:
    """Yield each result in points that is beyond the scale of its measure."""
    for number, outcome in enumerate(study.outcomes, start=1):
        if outcome.scale not in (None, "points") or outcome.estimate is None:
            continue
        words = set(re.findall(r"[\w.]+", outcome.measure.casefold()))
        for term in vocabulary.measures.entries:
            most = term.most
            if most is None or not {s.casefold() for s in term.printed} & words:
                continue
            if abs(outcome.estimate) > most and not any(
                word.isdecimal() and int(word) > most for word in words
            ):
                allowed = f"at most {most:g}, the scale of {term.name}; or another scale in measure"
                found = f"{outcome.estimate:g}"
                yield f"outcomes[{number}].estimate", None, found, f"{allowed}, like 0-100"


def _classes(study: StudyFile, vocabulary: Vocabulary) -> Found:
    """Yield the measure of each contrast that is of no class, where classes are kept."""
    classes = vocabulary.measure_classes
    for number, outcome in enumerate(study.outcomes, start=1):
        contrast = outcome.kind == "between-group difference"
        if contrast and outcome.measure and classes.entries and not classes.find(outcome.measure):
            allowed = (
                "a measure printed in data/vocabulary/measure_classes.yml; add it to its class"
            )
            yield f"outcomes[{number}].measure", None, quoted(outcome.measure), allowed


def _comparators(vocabulary: Vocabulary) -> list[str]:
    return [name for name in vocabulary.comparators.by_name if name != TREATMENT]


def _arms(study: StudyFile, vocabulary: Vocabulary) -> Found:
    """Yield each arm that the study does not have."""
    compared = known(study.comparators) or ()
    for number, arm in enumerate(study.arms, start=1):
        if arm.name != TREATMENT and arm.name not in compared:
            allowed = " or ".join((TREATMENT, *compared)) + ", as comparators says"
            yield f"arms[{number}].name", None, quoted(arm.name), allowed
        if arm.name in [a.name for a in study.arms[: number - 1]]:
            yield f"arms[{number}].name", None, quoted(arm.name), "each arm once"
    own = [arm.name for arm in study.arms]
    for number, name in enumerate(compared, start=1):
        if own and name not in own:
            yield f"comparators[{number}]", None, quoted(name), f"one of the arms: {', '.join(own)}"
    names = ", ".join(own) or "none"
    allowed = f"the study's arms ({names}), joined by vs or and; or {', '.join(WHOLE)}"
    for field, entries in (
        ("outcomes", study.outcomes),
        ("adverse_events", known(study.adverse_events) or ()),
    ):
        for number, entry in enumerate(entries, start=1):
            sides = sides_of(entry.arm)
            if any(name not in own for name in (*sides.arm, *sides.against)):
                yield f"{field}[{number}].arm", None, quoted(entry.arm), allowed


def _events(study: StudyFile, vocabulary: Vocabulary) -> Found:
    """Yield each event whose term is none of the vocabulary."""
    names = vocabulary.events.by_name
    for number, event in enumerate(known(study.adverse_events) or (), start=1):
        if event.term is not None and event.term not in names:
            place = f"adverse_events[{number}].term"
            yield place, None, quoted(event.term), f"one of {', '.join(names) or 'no names'}"


def _others(study: StudyFile, references: dict[str, Reference]) -> Found:
    """Yield each study with the same patients that is none, or is the study itself."""
    for number, other in enumerate(study.overlaps_with, start=1):
        place = f"overlaps_with[{number}].key"
        if other.key == study.key:
            yield place, None, quoted(other.key), "a key of another study"
        elif other.key not in references:
            yield place, None, quoted(other.key), "a key of references.bib"


def _dates(study: StudyFile, until: date | None) -> Found:
    """Yield each date after the last day that a file may name."""
    if until is None:
        return
    for field in ("published_on", "read_on"):
        day = getattr(study, field)
        if day is not None and str(day) > until.isoformat()[: len(str(day))]:
            newest = f"{until} or earlier, the day of the newest version in data/versions.yml"
            allowed = f"{newest}; for a study read later: make version NUMBER=... DATE=..."
            yield field, None, quoted(day), allowed


def _repeated(studies: dict[str, StudyFile], folder: Path) -> Iterator[Problem]:
    """Yield a problem for each study that has two files."""
    for field in ("key", "doi", "pmid"):
        first: dict[str, str] = {}
        for stem, study in studies.items():
            value = getattr(study, field)
            if value is None:
                continue
            owner = first.setdefault(value.casefold(), stem)
            if owner != stem:
                found = f"{quoted(value)}, as in {owner}.yml"
                yield Problem(
                    name_of(folder / f"{stem}.yml"), field, None, found, "one file a study"
                )
