"""What is wrong with a nested file, by its place: ``outcomes[2].measure`` of the second outcome.

A union of types gives pydantic several errors for one value; a contributor gets one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from livingreview.files import allowed_words
from livingreview.problems import Problem, quoted


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


def nearest(name: str, known: Iterable[str]) -> str:
    """Return what is allowed instead of an unknown name: the nearest one, or all."""
    names = list(known)
    close = get_close_matches(name, names, n=1)
    listed = ", ".join(names)
    return f"did you mean {close[0]}? One of {listed}" if close else f"one of {listed}"


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
