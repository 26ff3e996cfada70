"""What is made from the declaration of a study file: the JSON Schema and the issue form.

``python -m livingreview.contribute.forms`` writes both; a test sees that they are current.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import yaml

from livingreview.contribute.new_study import BLOCKS, ENTRIES, UNDECIDED, fields_of, kinds
from livingreview.data.screening import Screened
from livingreview.data.study import StudyFile, json_schema

SCHEMA = Path("data", "study.schema.json")


FORM = Path(".github", "ISSUE_TEMPLATE", "new-study.yml")


YES_OR_NO = {"yes": True, "no": False}


INTRODUCTION = (
    "One study a form. Leave empty what you have not read; write *not stated* for what you looked "
    "for and did not find. A script turns the form into the file of the study."
)


def label(name: str) -> str:
    """Return the label of a field, by which a filled form is read again."""
    return name.upper() if name in ("doi", "pmid") else name.replace("_", " ").capitalize()


def schema_text() -> str:
    """Return the text of ``data/study.schema.json``."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def options(annotation: Any) -> list[str]:
    """Return the choices of a field that has a closed set of them; nothing for others."""
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else [annotation]
    found: list[str] = []
    for part in parts:
        if get_origin(part) is Literal:
            found += get_args(part)
        elif part is bool:
            found += YES_OR_NO
        elif part is not type(None):
            return []
    return found


def choices_of_a_decision() -> str:
    """Return what each field of a decision may hold, in one line."""
    fields = Screened.model_fields.items()
    return "; ".join(f"{name}: {', '.join(kinds(field.annotation))}" for name, field in fields)


def question(name: str) -> dict[str, Any]:
    """Return the element of the form that asks for a field."""
    field = StudyFile.model_fields[name]
    asked: dict[str, Any] = {"label": label(name), "description": field.description}
    if name in ENTRIES:
        entry = ", ".join(fields_of(ENTRIES[name]))
        asked |= {"description": f"{field.description}. Fields of an entry: {entry}"}
        needed = [part for part, f in fields_of(ENTRIES[name]).items() if f.is_required()]
        lines = [f"{'-' if part == needed[0] else ' '} {part}:" for part in needed]
        asked |= {"placeholder": "\n".join(lines), "render": "yaml"}
        return {"type": "textarea", "id": name, "attributes": asked}
    if name == "screening":
        given = yaml.safe_dump(UNDECIDED.model_dump(exclude_none=True), sort_keys=False)
        asked |= {"description": f"{field.description}. {choices_of_a_decision()}"}
        asked |= {"value": given.strip(), "render": "yaml"}
        return {"type": "textarea", "id": name, "attributes": asked}
    if name in BLOCKS:
        asked |= {"description": f"{field.description} ({'; '.join(kinds(field.annotation))})"}
        return {"type": "textarea", "id": name, "attributes": asked | {"render": "yaml"}}
    if choices := options(field.annotation):
        asked["options"] = choices
        return {"type": "dropdown", "id": name, "attributes": asked}
    if any(word.startswith(("a list", "field: how")) for word in kinds(field.annotation)):
        asked["description"] = f"{field.description}; one a line"
        return {"type": "textarea", "id": name, "attributes": asked}
    return {"type": "input", "id": name, "attributes": asked}


def form_text() -> str:
    """Return the text of the issue form for a new study."""
    body = [{"type": "markdown", "attributes": {"value": INTRODUCTION}}]
    for name in StudyFile.model_fields:
        element = question(name)
        if name in ("key", "read_as"):
            element["validations"] = {"required": True}
        body.append(element)
    form = {
        "name": "New study",
        "description": "Report what one primary study says, field by field",
        "title": "New study: ",
        "labels": ["new study"],
        "body": body,
    }
    head = "# Made from the declaration of a study file: python -m livingreview.contribute.forms\n"
    return head + yaml.safe_dump(form, sort_keys=False, allow_unicode=True, width=96)


def main() -> None:
    """Write the schema and the form of the project in the present folder."""
    FORM.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    FORM.write_text(form_text(), encoding="utf-8")
    print(f"Wrote {SCHEMA} and {FORM}")


if __name__ == "__main__":
    main()
