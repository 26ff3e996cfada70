"""A study file to fill in: ``make study KEY=lee-2027 DOI=10.1000/182``; the DOI may be left out.

The template asks for every field of the declaration, says what it means and what is allowed. What
nobody has read yet is *not read*: a candidate that awaits its full text may stay so.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from textwrap import fill
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from livingreview.data.protocol import Protocol
from livingreview.data.references import read_references
from livingreview.data.reported import ReportedEvent, ReportedOutcome
from livingreview.data.reports import DOI, NOT_READ, OtherReading, StudyReport
from livingreview.data.screening import Screened
from livingreview.data.study import KEY, Arm, Overlap, StudyFile
from livingreview.problems import quoted
from livingreview.results import Placed
from livingreview.tables import TREATMENT

EDITOR = "# yaml-language-server: $schema=../study.schema.json\n"


ENTRIES: dict[str, type[BaseModel]] = {
    "reports": StudyReport,
    "overlaps_with": Overlap,
    "arms": Arm,
    "outcomes": ReportedOutcome,
    "adverse_events": ReportedEvent,
}


EXAMPLE = "(make study KEY=lee-2027 DOI=10.1000/182)"


UNDECIDED = Screened(
    decision="awaiting full text", reason="Not decided yet.", found_by="not recorded", why_new=None
)


CLOSED_LISTS = ("design", "comparators", "nerves", "guidance", "reporting")


BLOCKS = ("also", "allocation")  # written as YAML, like entries and the decision


ITEMS = ("reporting", "eligibility")  # fields that answer one item a line


KINDS = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "true or false",
    date: "a date",
    dict: "field: how, one a line",
}


def kinds(annotation: Any) -> list[str]:
    """Return in words what a field may hold; nothing for None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return kinds(get_args(annotation)[0])
    if origin is Literal:
        return [str(option) for option in get_args(annotation)]
    if origin in (Union, UnionType):
        return [word for part in get_args(annotation) for word in kinds(part)]
    if origin is tuple:
        part = get_args(annotation)[0]
        entries = isinstance(part, type) and issubclass(part, BaseModel)
        return ["entries" if entries else "a list in brackets, [one, another]"]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ["fields: " + ", ".join(annotation.model_fields)]
    if origin is dict and get_origin(get_args(annotation)[1]) is tuple:
        return ["field: entries of " + ", ".join(OtherReading.model_fields)]
    word = KINDS.get(origin or annotation)
    return [word] if word else []


def meaning(name: str, field: FieldInfo, names: Mapping[str, Iterable[str]]) -> str:
    """Return one line on a field: what it means, and what is allowed."""
    allowed = "; ".join(dict.fromkeys(kinds(field.annotation)))
    if name in names:
        allowed = f"{allowed}; names: {', '.join(names[name])}"
    return f"{field.description} ({allowed})"


def comment(text: str) -> str:
    """Return a text as comment lines of a file."""
    return fill(text, 96, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False)


def template(
    key: str,
    doi: str | None = None,
    names: Mapping[str, Iterable[str]] | None = None,
    ref: int | None = None,
) -> str:
    """Return the text of a new study file.

    ``names`` lists the terms of closed lists by field. ``ref`` is the number in the source
    review's list of a study that it has: that one needs no decision.
    """
    lines = [
        EDITOR.strip(),
        f"# {StudyFile.__doc__}",
        "# not stated: looked for in the part that"
        " was read, and not there. not read: nobody has looked yet.",
        "# A line that starts with # is not used; take the # away to fill it in.",
    ]
    given = {name: value for name, value in (("key", key), ("ref", ref), ("doi", doi)) if value}
    for name, field in StudyFile.model_fields.items():
        if name == ("screening" if ref else "ref"):
            continue  # a study is the source review's, or it was screened
        lines += ["", comment(meaning(name, field, names or {}))]
        if name in given:
            lines.append(f"{name}: {given[name]}")
        elif name == "screening":
            lines += [f"{name}:", *_undecided()]
        elif name in ITEMS:
            items = [f"  {item}: {NOT_READ}" for item in (names or {}).get(name, ())]
            lines += [f"{name}:", *items] if items else [f"{name}: {{}}"]
        elif field.is_required():
            lines.append(f"{name}: {NOT_READ}")
        else:
            lines.append(f"# {name}:")
        if name in ENTRIES:
            lines += _example(name, field.is_required())
    return "\n".join(lines) + "\n"


def _undecided() -> list[str]:
    """Return the lines of a decision that is still to be taken, each with its meaning."""
    lines = []
    for part, field in Screened.model_fields.items():
        mark = comment(meaning(part, field, {})).replace("\n", "\n  ")
        given = getattr(UNDECIDED, part)
        lines += [f"  {mark}", f"  {part}: {given}" if given else f"  # {part}:"]
    return lines


def fields_of(entry: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of an entry in the order of reading: what it says, then where it stands."""
    late = (*Placed.model_fields, "how")
    names = sorted(entry.model_fields, key=lambda name: name in late)
    return {name: entry.model_fields[name] for name in names}


def _example(name: str, replaces: bool) -> list[str]:
    """Return the fields of one entry, as comments to copy."""
    lines = [f"# An entry of {name}" + (f", instead of {NOT_READ}:" if replaces else ":")]
    for number, (part, field) in enumerate(fields_of(ENTRIES[name]).items()):
        dash = "-" if number == 0 else " "
        need = "" if field.is_required() else ", may be left out"
        lines.append(f"# {dash} {part}:    # {meaning(part, field, {})}{need}")
    return lines


def study_text(study: StudyFile) -> str:
    """Return a study as the text of its file, the fields in their order."""
    values = study.model_dump(exclude_unset=True)
    ordered = {name: values[name] for name in StudyFile.model_fields if name in values}
    for name in ENTRIES.keys() & ordered.keys():
        if isinstance(ordered[name], tuple):
            order = fields_of(ENTRIES[name])
            ordered[name] = [{f: e[f] for f in order if f in e} for e in ordered[name]]
    return EDITOR + yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True, width=96)


def next_steps(path: Path, key: str, doi: str | None, listed: bool = False) -> str:
    """Return what remains to be done for a new study, in words; ``listed``: in references.bib."""
    steps = ["Fill it in; a line that you cannot answer stays as it is."]
    if not listed:
        line = f"  doi = {{{doi}}},\n" if doi else ""
        steps[0] += "\n   Decide under screening: only a study that is included counts as evidence."
        steps.append(
            f"Add its entry to references.bib:\n@article{{{key},\n"
            f"  author = {{Surname, A. B. and others}},\n  title = {{{{}}}},\n"
            f"  journal = {{}},\n  year = {{}},\n{line}}}"
        )
    steps += [
        "If it is included, put its key under a question of data/questions.yml, with the reason.",
        "Cut a version: make version NUMBER=... DATE=..., the day on which you read it.",
        "Run: make check",
        "Run: make book, and look at the pages.",
    ]
    told = (f"{number}. {step}" for number, step in enumerate(steps, start=1))
    return "\n".join([f"Wrote {path}. What remains:", *told])


def refusal(key: str, doi: str | None, folder: Path) -> str | None:
    """Return why no file can be written for this study; None where one can."""
    if not re.fullmatch(KEY, key):
        return (
            f"key: found {quoted(key)}; allowed: small letters, digits and single hyphens, "
            f"like lee-2027 {EXAMPLE}"
        )
    if doi is not None and not re.fullmatch(DOI, doi):
        return (
            f"doi: found {quoted(doi)}; allowed: a DOI without address, like 10.1000/182, "
            f"or none {EXAMPLE}"
        )
    if (folder / f"{key}.yml").exists():
        return f"data/studies/{key}.yml is there already; edit it, or choose another key"
    return None


def closed_lists(data: Path) -> dict[str, list[str]]:
    """Return the allowed names of each field that has a closed list."""
    from livingreview.data.files import read_yaml
    from livingreview.data.source import VOCABULARY

    found = {}
    for field in CLOSED_LISTS:
        name = "designs" if field == "design" else field
        listed: Any = read_yaml(data / f"vocabulary/{name}.yml", VOCABULARY[name], [])
        terms = [term.name for term in listed.entries] if listed else []
        found[field] = [term for term in terms if term != TREATMENT]
    protocol = read_yaml(data / "protocol.yml", Protocol, [])
    found["eligibility"] = [*protocol.eligibility.asked] if protocol else []
    return found


def main(arguments: list[str]) -> int:
    """Write the template of a new study into ``data/studies`` of the present folder."""
    key, asked = ([*arguments, "", ""])[:2]
    folder = Path("data", "studies")
    known = read_references(Path("references.bib"), []).get(key)
    doi = asked or (known.doi if known else None)
    if said := refusal(key, doi, folder):
        print(said, file=sys.stderr)
        return 1
    path = folder / f"{key}.yml"
    text = template(key, doi, closed_lists(Path("data")), known.number if known else None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        return 1
    print(next_steps(path, key, doi, listed=known is not None))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
