"""The reference list: who wrote what, when, and whether it looks like a conference abstract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pylatexenc.latex2text import LatexNodes2Text

from livingreview.data import bibtex
from livingreview.data.files import read_text
from livingreview.data.reports import DOI
from livingreview.problems import Problem, quoted
from livingreview.tables import Publication

ABSTRACT_TITLE = re.compile(r"(abstract no|\(\d+\)|[A-Z]{1,2}\d+(-\d+)? )", re.IGNORECASE)


SUPPLEMENT_ISSUE = re.compile(r"suppl", re.IGNORECASE)


SUPPLEMENT_PAGE = re.compile(r"[SA]\d")


NO_YEAR = "n.d."  # the year is not in the part that was read


BETWEEN_NAMES = re.compile(r"\s+and(?:\s+|$)", re.IGNORECASE)


SUFFIX = r"(?:Jr|Sr|II|III|IV)\.?"  # behind a name, and no part of it


INITIALS_FIRST = re.compile(r"\S+ [A-Z]{1,3}, \S+ [A-Z]{1,3}")  # Lee A, Kim B


PERSON = re.compile(r"[^,{}]+, (?:[A-Z]\.?[ -]?)+")  # Lee, A. B.


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
    found: dict[str, Reference] = {}
    for kind, key, fields in bibtex.entries(text, file, problems):
        fields["title"] = _unbraced(fields.get("title", ""))
        known = _reference(key, fields, file, problems)
        found[key] = replace(known, kind=kind, fields=MappingProxyType(fields))
    _note_repeated_numbers(found, file, problems)
    return found, tuple(problems)


def _reference(key: str, fields: dict[str, str], file: str, problems: list[Problem]) -> Reference:
    def note(name: str, found: str, allowed: str) -> None:
        problems.append(Problem(file, f"entry {key}", name, found, allowed))

    for name in ("author", "title", "year"):
        if not fields.get(name):
            note(name, "nothing", "every entry has one")
    year = fields.get("year", "")
    if year and not year.isdecimal() and year != NO_YEAR:
        note("year", quoted(year), "a year of four digits")
    ref = fields.get("ref")
    if ref is not None and not re.fullmatch(r"[1-9]\d{0,5}", ref):
        note("ref", quoted(ref), "the number of the review's list: 1 or more")
    doi = fields.get("doi")
    if doi is not None and (meant := bare_doi(doi)) != doi:
        note("doi", quoted(doi), meant or "a DOI, like 10.1000/182")
    if wrong := misjoined(fields.get("author", "")):
        note("author", *wrong)
    return Reference(
        key=key,
        number=int(fields["ref"]) if fields.get("ref", "").isdecimal() else None,
        surnames=surnames_of(fields.get("author", "")),
        year=int(year) if year.isdecimal() else None,
        title=plain(fields.get("title", "")),
        doi=doi,
        publication=classify_publication(fields),
    )


def _unbraced(title: str) -> str:
    """Return a title without the braces around it as a whole, which keep its capitals."""
    while title and is_institution(title):
        title = title[1:-1]
    return title


def bare_doi(written: str) -> str | None:
    """Return a DOI without address, word or backslashes; None where it is none."""
    said = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", written.strip(), flags=re.IGNORECASE)
    said = re.sub(r"\\([_%&#])", r"\1", said)
    return said if re.fullmatch(DOI, said) else None


def misjoined(authors: str) -> tuple[str, str] | None:
    """Return what is no list of names joined by *and*, with what is allowed; None where it is one.

    Semicolons, commas between names, *et al.*, and a person or a list in one pair of braces would
    each make several authors one, or a person an institution.
    """
    for name in names_of(authors):
        level = bibtex.depths(name)
        outside = "".join(sign for sign, depth in zip(name, level, strict=True) if not depth)
        commas = outside.count(",") - len(re.findall(rf",\s*({SUFFIX})(?=,|$)", outside))
        if ";" in outside or commas > 1 or INITIALS_FIRST.fullmatch(outside):
            return quoted(name), "names joined by and, like Lee, A. and Kim, B."
        if re.search(r"\bet al\b", outside):
            return quoted(name), "and others, after the last name"
        inside = name[1:-1].split(" and ")
        if is_institution(name) and all(PERSON.fullmatch(part) for part in inside):
            return quoted(name), f"{' and '.join(inside)}, without braces around it"
    return None


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
    level = bibtex.depths(authors)
    names, start = [], 0
    for found in BETWEEN_NAMES.finditer(authors):
        if level[found.start()] == 0:
            names.append(authors[start : found.start()])
            start = found.end()
    names.append(authors[start:])
    return [" ".join(name.split()) for name in names if name.strip()]


def is_institution(name: str) -> bool:
    """Return whether one pair of braces holds a whole name."""
    return name.startswith("{") and 0 not in bibtex.depths(name)[:-1]


def parts_of(name: str) -> tuple[str, str]:
    """Return surname and given names, of *Surname, Given* or *Given von Surname*.

    As in BibTeX a surname begins with the first word in small letters that has a word before it;
    without one it is the last word. A suffix like Jr. or III belongs to no surname.
    """
    level = bibtex.depths(name)
    comma = next((at for at, sign in enumerate(name) if sign == "," and not level[at]), None)
    if comma is not None:
        return plain(name[:comma]), plain(name[comma + 1 :])
    breaks = [at for at, sign in enumerate(name) if sign in " ~" and not level[at]]
    starts = [0, *(at + 1 for at in breaks)]
    words = [name[a:b] for a, b in zip(starts, [*breaks, len(name)], strict=True)]
    while len(words) > 1 and re.fullmatch(SUFFIX, words[-1]):
        words.pop()
    last = len(words) - 1
    at = next((n for n in range(1, last) if plain(words[n])[:1].islower()), last)
    return plain(" ".join(words[at:])), plain(" ".join(words[:at]))


def plain(text: str) -> str:
    """Return a text of BibTeX as it is read: accents for their commands, no braces."""
    if "\\" in text or "$" in text:
        text = LatexNodes2Text(keep_comments=True).latex_to_text(text)
    return " ".join(text.replace("{", "").replace("}", "").replace("~", " ").split())


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
