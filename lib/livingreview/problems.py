"""What is wrong with a contributor's file: where, what was found, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from unicodedata import category

from pydantic import BaseModel, ValidationError


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of one file.

    ``row`` is the row of the table (first row below the header is 1), the number of an entry of a
    list, or words for the place (``line 4``, ``entry lee-2021``). Both ``row`` and ``column`` may
    be None when the whole file is meant.
    """

    file: str
    row: str | None
    column: str | None
    found: str
    allowed: str

    def __str__(self) -> str:
        """Return the one line that is shown to the contributor."""
        place = ", ".join(
            part
            for part in (
                row_in_words(self.row) if self.row is not None else "",
                f"column {self.column}" if self.column is not None else "",
            )
            if part
        )
        where = f"{self.file}: {place}" if place else self.file
        return " ".join(f"{where}: found {self.found}; allowed: {self.allowed}".split())


def row_in_words(row: str) -> str:
    """Return "row 4" for a number, and words for a place as they are."""
    return f"row {row}" if row[:1].isdigit() else row


class InvalidData(Exception):
    """Raised once per load, with every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order in which the files were read."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def quoted(value: object) -> str:
    """Return a found value between quotes, on one line, at most 80 characters long.

    What looks like a space or like nothing is named by its code.
    """
    text = "".join(
        f"<U+{ord(sign):04X}>" if sign not in " \n\t" and category(sign)[0] in "ZC" else sign
        for sign in str(value)[:1000]
    )
    text = " ".join(text.split())
    return f'"{text[:79]}…"' if len(text) > 80 else f'"{text}"'


def problems_of(error: ValidationError, file: str, wrap: str = "") -> list[Problem]:
    """Return one problem for each error of a pydantic model, naming the field's place."""
    found = []
    for item in error.errors():
        place = [part for part in item["loc"] if part != wrap]
        row = next((str(part + 1) for part in place if isinstance(part, int)), None)
        field = ".".join(str(part) for part in place if not isinstance(part, int)) or None
        value = "nothing" if item["type"] == "missing" else quoted(item["input"])
        allowed = allowed_words(item)
        if item["type"] == "value_error":  # raised by our own validators: found, allowed
            value, allowed = item["ctx"]["error"].args
        found.append(Problem(file, row, field, value, allowed))
    return found


KINDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a date, like 2025-03-31",
    "tuple": "a list",
    "model": "fields with values",
    "dict": "fields with values",
    "finite": "a number",
    "too": "at least one entry",
}


def allowed_words(item: Any) -> str:
    """Return in words what pydantic would have accepted."""
    context = item.get("ctx", {})
    plain: dict[str, str] = {
        "missing": "this field is required",
        "extra_forbidden": "only the fields of this file's description",
        "literal_error": str(context.get("expected", "")),
        "greater_than_equal": f"{context.get('ge', 0):g} or more",
        "less_than_equal": f"{context.get('le', 0):.15g} or less",
    }
    kind = item["type"].partition("_")[0]
    return plain.get(item["type"], KINDS.get(kind, str(item["msg"])))


def explained(
    error: ValidationError, content: Any, file: str, parts: dict[str, type[BaseModel]]
) -> list[Problem]:
    """Return one problem per place of a file that its model refuses.

    ``parts`` names the model of each list of entries, and under ``""`` that of the file.
    """
    by_place: dict[str, list[Any]] = {}
    for item in error.errors():
        by_place.setdefault(place_of(item["loc"], content, item["type"]), []).append(item)
    return [
        _problem(file, place, items, parts)
        for place, items in by_place.items()
        if not any(other.startswith((f"{place}[", f"{place}.")) for other in by_place if place)
    ]


def place_of(loc: Iterable[Any], content: Any, kind: str = "") -> str:
    """Return the words for a place: fields joined by dots, entries counted from 1.

    pydantic adds the name of the type that it tried; what is not in the file is left out, but for
    a field that is missing.
    """
    place, here = "", content
    for part in loc:
        if isinstance(here, list | tuple) and isinstance(part, int) and part < len(here):
            place, here = f"{place}[{part + 1}]", here[part]
        elif isinstance(here, dict) and (part in here or kind == "missing"):
            place, here = f"{place}.{part}" if place else str(part), here.get(part)
    return place


FEW = 30


def nearest(name: str, known: Iterable[str]) -> str:
    """Return what is allowed instead of an unknown name: the nearest one, and a list of all.

    A long list is left out where one is near.
    """
    names = list(known)
    close = get_close_matches(name, names, n=1)
    listed = f"one of {', '.join(names)}"
    if not close:
        return listed
    return f"did you mean {close[0]}?{f' O{listed[1:]}' if len(names) <= FEW else ''}"


def _problem(file: str, place: str, items: list[Any], parts: dict[str, type[BaseModel]]) -> Problem:
    first = items[0]
    value = "nothing" if first["input"] in (None, "") else quoted(first["input"])
    if first["type"] == "value_error":  # raised by our own validators: found, allowed
        value, allowed = first["ctx"]["error"].args
    elif first["type"] == "missing":
        value, allowed = "nothing", "this field is required"
    elif first["type"] == "extra_forbidden":
        head, _, name = place.rpartition(".")
        fields = parts[head.partition("[")[0]].model_fields
        value, allowed = "an unknown field", nearest(name, fields)
    elif not isinstance(first["input"], dict) and first["type"] == "model_type":
        allowed = "fields with values, one a line"
    else:
        allowed = " or ".join(dict.fromkeys(_words(item, place, parts) for item in items))
    return Problem(file, place or None, None, value, allowed)


def _words(item: Any, place: str, parts: dict[str, type[BaseModel]]) -> str:
    if item["type"] == "string_pattern_mismatch":
        head, _, name = place.rpartition(".")
        return str(parts[head.partition("[")[0]].model_fields[name].description)
    if item["type"].startswith("string"):
        return "text"
    return allowed_words(item).replace("'", "")
