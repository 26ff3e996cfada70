"""The reference list: who wrote what, when, and whether it looks like a conference abstract."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from bibtexparser.entrypoint import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from livingreview.data.files import read_text
from livingreview.problems import Problem, quoted
from livingreview.tables import Publication

ABSTRACT_TITLE = re.compile(r"(abstract no|\(\d+\)|[A-Z]{1,2}\d+(-\d+)? )", re.IGNORECASE)


SUPPLEMENT_ISSUE = re.compile(r"suppl", re.IGNORECASE)


SUPPLEMENT_PAGE = re.compile(r"[SA]\d")


NO_YEAR = "n.d."  # the year is not in the part that was read


BETWEEN_NAMES = re.compile(r"\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """One entry of ``references.bib``; ``number`` is that of the review's list, or None.

    ``kind`` and ``fields`` are the entry as written, for those who take the reference with them.
    """

    key: str
    number: int | None
    surnames: tuple[str, ...]
    year: int | None
    title: str
    doi: str | None
    publication: Publication
    kind: str = "article"
    fields: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def read_references(path: Path, problems: list[Problem]) -> dict[str, Reference]:
    """Return the bibliography by key; unreadable or repeated entries become problems."""
    text = read_text(path, problems)
    if text is None:
        return {}
    found, noted = _entries(text, path.name)
    problems.extend(noted)
    return dict(found)


@lru_cache(maxsize=16)
def _entries(text: str, file: str) -> tuple[dict[str, Reference], tuple[Problem, ...]]:
    """Return the entries of a bibliography and what is wrong with them; a text is parsed once."""
    problems: list[Problem] = []
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # said below, once, in one line
    library = parse_string(text)
    for block in library.failed_blocks:
        line = f"line {(block.start_line or 0) + 1}"
        reason = " ".join(str(getattr(block.error, "abort_reason", block.error)).split())
        problems.append(Problem(file, line, None, reason, "BibTeX, each key once"))
    if not library.blocks or not (library.entries or library.failed_blocks):
        problems.append(Problem(file, None, None, "no entry", "at least one entry"))
    found: dict[str, Reference] = {}
    for entry in library.entries:
        fields = {name.lower(): str(field.value) for name, field in entry.fields_dict.items()}
        fields["title"] = fields.get("title", "").strip("{}")  # braces keep its capitals
        known = _reference(entry.key, fields, file, problems)
        found[entry.key] = replace(known, kind=entry.entry_type, fields=MappingProxyType(fields))
    _note_repeated_numbers(found, file, problems)
    return found, tuple(problems)


def _reference(key: str, fields: dict[str, str], file: str, problems: list[Problem]) -> Reference:
    for name in ("author", "title", "year"):
        if not fields.get(name):
            problems.append(Problem(file, f"entry {key}", name, "nothing", "every entry has one"))
    year = fields.get("year", "")
    if year and not year.isdecimal() and year != NO_YEAR:
        allowed = "a year of four digits"
        problems.append(Problem(file, f"entry {key}", "year", quoted(year), allowed))
    ref = fields.get("ref")
    if ref is not None and not re.fullmatch(r"[1-9]\d{0,5}", ref):
        allowed = "the number of the review's list: 1 or more"
        problems.append(Problem(file, f"entry {key}", "ref", quoted(ref), allowed))
    return Reference(
        key=key,
        number=int(fields["ref"]) if fields.get("ref", "").isdecimal() else None,
        surnames=surnames_of(fields.get("author", "")),
        year=int(year) if year.isdecimal() else None,
        title=fields.get("title", ""),
        doi=fields.get("doi"),
        publication=classify_publication(fields),
    )


def surnames_of(authors: str) -> tuple[str, ...]:
    """Return the surnames of the persons among the authors, accents in place of their commands.

    An institution is a name that stands in braces as a whole; it is left out where there is a
    person, and named where there is none. Braces around a part of a name only keep it together.
    """
    persons, institutions = [], []
    for name in names_of(authors):
        if is_institution(name):
            institutions.append(plain(name))
        elif name.lower() != "others":
            persons.append(parts_of(name)[0])
    return tuple(persons or institutions)


def names_of(authors: str) -> list[str]:
    """Return the names of a list of authors: what stands between *and* outside of braces."""
    depths = _depths(authors)
    names, start = [], 0
    for found in BETWEEN_NAMES.finditer(authors):
        if depths[found.start()] == 0:
            names.append(authors[start : found.start()])
            start = found.end()
    names.append(authors[start:])
    return [" ".join(name.split()) for name in names if name.strip()]


def _depths(text: str) -> list[int]:
    """Return, per sign, in how many braces it stands; a closing brace is outside of its own."""
    depth, found = 0, []
    for number, sign in enumerate(text):
        escaped = number > 0 and text[number - 1] == "\\"
        depth += {"{": 1, "}": -1}.get(sign, 0) if not escaped else 0
        found.append(depth)
    return found


def is_institution(name: str) -> bool:
    """Return whether one pair of braces holds a whole name."""
    return name.startswith("{") and 0 not in _depths(name)[:-1]


def parts_of(name: str) -> tuple[str, str]:
    """Return surname and given names, of *Surname, Given* or *Given Surname*."""
    depths = _depths(name)
    comma = next((at for at, sign in enumerate(name) if sign == "," and not depths[at]), None)
    if comma is not None:
        return plain(name[:comma]), plain(name[comma + 1 :])
    space = max((at for at, sign in enumerate(name) if sign == " " and not depths[at]), default=-1)
    return plain(name[space + 1 :]), plain(name[: max(space, 0)])


def plain(text: str) -> str:
    """Return a text of BibTeX as it is read: accents for their commands, no braces."""
    if "\\" in text:
        text = LatexNodes2Text(keep_comments=True).latex_to_text(text)
    return " ".join(text.replace("{", "").replace("}", "").split())


def classify_publication(fields: dict[str, str]) -> Publication:
    """Return whether the printed reference looks like a conference abstract.

    The rule is ours: the title starts with an abstract's number, the issue is named a supplement,
    or the first page is that of one (``S256``). It says how the reference reads, not that the
    publication has been seen.
    """
    reads_as_abstract = (
        ABSTRACT_TITLE.match(fields.get("title", ""))
        or SUPPLEMENT_ISSUE.search(fields.get("number", ""))
        or SUPPLEMENT_PAGE.match(fields.get("pages", ""))
    )
    return "conference abstract" if reads_as_abstract else "article"


def _note_repeated_numbers(
    references: dict[str, Reference], file: str, problems: list[Problem]
) -> None:
    numbers = [entry.number for entry in references.values() if entry.number is not None]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        keys = ", ".join(key for key, entry in references.items() if entry.number == number)
        where = f"entries {keys}"
        problems.append(Problem(file, where, "ref", quoted(number), "each number once"))
