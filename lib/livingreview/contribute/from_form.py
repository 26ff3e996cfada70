"""A filled form into a study file: ``python -m livingreview.contribute.from_form < issue.md``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from livingreview.contribute.forms import YES_OR_NO, label, options
from livingreview.contribute.new_study import (
    BLOCKS,
    ENTRIES,
    ITEMS,
    UNDECIDED,
    closed_lists,
    kinds,
    next_steps,
    refusal,
    study_text,
)
from livingreview.data.files import Unfit, load
from livingreview.data.reports import NOT_READ
from livingreview.data.studies import PARTS
from livingreview.data.study import StudyFile
from livingreview.problems import InvalidData, Problem, explained, quoted
from livingreview.tables import NOT_STATED

FORM = "form"


BLANK = ("", "_No response_", "None")


FENCED = re.compile(r"```\w*\n(.*?)\n?```", re.DOTALL)


def answers(text: str) -> dict[str, str]:
    """Return the answers of a filled form by field, blanks left out."""
    fields = {label(name): name for name in StudyFile.model_fields}
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("### ") and line[4:].strip() in fields:
            name = fields[line[4:].strip()]
            found[name] = []
        elif name:
            found[name].append(line)
    said = {name: "\n".join(lines).strip() for name, lines in found.items()}
    return {name: value for name, value in said.items() if value not in BLANK}


def value_of(name: str, said: str) -> Any:
    """Return an answer as the value of its field; raises ``Unfit`` for a bad entry."""
    words = kinds(StudyFile.model_fields[name].annotation)
    if said in (NOT_STATED, NOT_READ):
        return said
    if name in (*ENTRIES, *BLOCKS, "screening"):
        fenced = FENCED.fullmatch(said)
        return load(fenced[1] if fenced else said) or ()
    if YES_OR_NO.keys() <= set(options(StudyFile.model_fields[name].annotation)):
        return YES_OR_NO.get(said, said)
    if any(word.startswith("field: how") for word in words):
        return {field.strip(): plain(rest.strip()) for field, _, rest in pairs(said)}
    if any(word.startswith("a list") for word in words):
        lines = [line.strip("-* \t") for line in said.splitlines() if line.strip()]
        return () if lines == ["[]"] else tuple(lines)
    numeric = "a whole number" in words or "a number" in words
    return plain(said) if numeric else said


def pairs(said: str) -> list[tuple[str, str, str]]:
    """Return the lines ``field: answer`` of an answer, in three parts."""
    return [line.partition(":") for line in said.splitlines() if ":" in line]


def plain(said: str) -> Any:
    """Return yes and no as such, a number and a place as what they are, the rest as text."""
    if re.fullmatch(r"-?\d+(\.\d+)?|\{.*\}", said):
        return load(said)
    return YES_OR_NO.get(said, said)


def study_of(text: str, names: Mapping[str, Iterable[str]] | None = None) -> StudyFile:
    """Return the study that a filled form describes; raises ``InvalidData`` with every problem.

    ``names`` gives the items of fields that answer several, such as ``reporting``; what the form
    leaves out of them is *not read*.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, said in answers(text).items():
        try:
            values[name] = value_of(name, said)
        except Unfit as error:
            problems.append(Problem(FORM, label(name), None, error.found, error.allowed))
    if "key" not in values:
        problems.append(Problem(FORM, label("key"), None, "nothing", "a key, like lee-2027"))
    if problems:
        raise InvalidData(problems)
    for several in ITEMS:
        given = dict.fromkeys((names or {}).get(several, ()), NOT_READ)
        values[several] = given | values.get(several, {})
    for name, field in StudyFile.model_fields.items():
        if field.is_required():
            values.setdefault(name, NOT_READ)
    try:
        return StudyFile.model_validate(values)
    except ValidationError as error:
        raise InvalidData(explained(error, values, FORM, PARTS)) from None


def main(text: str) -> int:
    """Write the file of the study that a form describes into ``data/studies``."""
    folder = Path("data", "studies")
    try:
        study = study_of(text, closed_lists(Path("data")))
    except InvalidData as error:
        print(error, file=sys.stderr)
        return 1
    if said := refusal(study.key, study.doi, folder):
        print(f"{quoted(study.key)}: {said}", file=sys.stderr)
        return 1
    if study.screening is None and study.ref is None:
        study = study.model_copy(update={"screening": UNDECIDED})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{study.key}.yml"
    path.write_text(study_text(study), encoding="utf-8")
    print(next_steps(path, study.key, study.doi))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdin.read()))
