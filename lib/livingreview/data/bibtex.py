"""A text of BibTeX into entries: values joined by # and named by @string are put together.

What the format lets pass and nobody means, like a name that no @string gives, is refused in words.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bibtexparser.entrypoint import parse_string

from livingreview.problems import Problem, quoted

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BUILT_IN = {month: month for month in MONTHS}  # named by each style of BibTeX itself


class Misread(Exception):
    """A value that is not BibTeX: what was found, what is allowed."""


def depths(text: str) -> list[int]:
    """Return, per sign, in how many braces it stands; a closing brace is outside of its own."""
    depth, found = 0, []
    for number, sign in enumerate(text):
        escaped = number > 0 and text[number - 1] == "\\"
        depth += {"{": 1, "}": -1}.get(sign, 0) if not escaped else 0
        found.append(depth)
    return found


def entries(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[str, str, Any]]:
    """Yield kind, key and fields (by name, values as text) of each entry that can be read."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # said below, once, in one line
    library = parse_string(text, parse_stack=[])
    for block in library.failed_blocks:
        line = f"line {(block.start_line or 0) + 1}"
        problems.append(Problem(file, line, None, *_in_words(block)))
    if not library.blocks or not (library.entries or library.failed_blocks):
        problems.append(Problem(file, None, None, "no entry", "at least one entry"))
    named: dict[str, str] = dict(BUILT_IN)
    for string in library.strings:
        try:
            named[string.key.lower()] = value_of(string.value, named)
        except Misread as error:
            problems.append(Problem(file, f"@string {string.key}", None, *error.args))
    for entry in library.entries:
        fields = {}
        for field in entry.fields:
            try:
                fields[field.key.lower()] = value_of(field.value, named)
            except Misread as error:
                problems.append(Problem(file, f"entry {entry.key}", field.key, *error.args))
        yield entry.entry_type, entry.key, fields


def value_of(written: str, named: Mapping[str, str]) -> str:
    """Return a value as it is meant: parts in braces, quotation marks or by name, joined by #.

    Raises ``Misread`` for what is none.
    """
    said = []
    for part in _parts(written):
        if len(part) > 1 and (part[0], part[-1]) in (("{", "}"), ('"', '"')):
            if 0 in depths(part)[:-1] and part[0] == "{":
                raise Misread(quoted(part), "one value, and a comma after it")
            said.append(part[1:-1])
        elif part.isdecimal():
            said.append(part)
        elif part.lower() in named:
            said.append(named[part.lower()])
        else:
            one_name = re.fullmatch(r"[^\s{}\"]+", part)
            allowed = "a value in braces" if one_name else "one value, and a comma after it"
            raise Misread(quoted(part), allowed)
    return "".join(said)


def _parts(written: str) -> list[str]:
    """Return what stands between the # outside of braces and quotation marks."""
    inside, in_quotes = depths(written), False
    parts, start = [], 0
    for at, sign in enumerate(written):
        if sign == '"' and not inside[at]:
            in_quotes = not in_quotes
        elif sign == "#" and not inside[at] and not in_quotes:
            parts.append(written[start:at])
            start = at + 1
    return [part.strip() for part in (*parts, written[start:])]


def _in_words(block: Any) -> tuple[str, str]:
    """Return found and allowed of a block that cannot be read."""
    said = " ".join(str(getattr(block.error, "abort_reason", block.error)).split())
    name = re.search(r"'([^']*)'", said)
    if said.startswith("Duplicate field keys"):
        return f"the field {quoted(name[1]) if name else 'of an entry'} twice", "each field once"
    if said.startswith("Duplicate entry key"):
        return f"the key {quoted(name[1]) if name else 'of an entry'} twice", "each key once"
    allowed = "a closing brace } for each {, and a comma after each key and value"
    return "an entry that is not closed, or a value without its comma", allowed
