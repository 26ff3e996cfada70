"""How this review is cited, and its references as other programs read them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from livingreview.data.files import read_yaml
from livingreview.data.references import Reference, is_institution, names_of, parts_of, plain
from livingreview.data.versions import Version
from livingreview.problems import InvalidData, Problem, quoted
from livingreview.words import slug

FILE = "CITATION.cff"
Item = dict[str, Any]  # one entry of CSL-JSON
OTHERS = "et al."  # neither RIS nor CSL-JSON has a word for the authors who are not named
ONLY_HERE = {"ref"}  # the number in a list is not part of the reference
CSL_KINDS = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "book": "book",
    "misc": "document",
}
RIS_KINDS = {
    "article-journal": "JOUR",
    "paper-conference": "CONF",
    "book": "BOOK",
    "dataset": "DATA",
}
CSL_FIELDS = {
    "journal": "container-title",
    "booktitle": "container-title",
    "howpublished": "publisher",
    "publisher": "publisher",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "doi": "DOI",
    "url": "URL",
    "note": "note",
}
RIS_FIELDS = {
    "title": "title",
    "container-title": "journal_name",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "number",
    "DOI": "doi",
    "note": "notes",
    "version": "edition",
    "id": "id",
}


class _Read(BaseModel):
    """Part of the file; the format has more fields than are used here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Author(_Read):
    """A person with a family name, or a group with a name."""

    name: str | None = None
    family: str | None = Field(None, alias="family-names")
    given: str = Field("", alias="given-names")

    @property
    def whole(self) -> str:
        """The name as a sentence has it."""
        return self.name or f"{self.given} {self.family}".strip()


class Citation(_Read):
    """What ``CITATION.cff`` says of this review."""

    title: str = Field(min_length=1)
    version: str
    date: dt.date = Field(alias="date-released")
    authors: tuple[Author, ...] = Field(min_length=1)
    licences: tuple[str, ...] = Field((), alias="license")
    keywords: tuple[str, ...] = ()
    doi: str | None = None
    url: str | None = None

    @field_validator("licences", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @property
    def licences_of_content(self) -> dict[str, str]:
        """The licences of texts and data, by their SPDX name, with their address."""
        names = [name for name in self.licences if name.startswith("CC")]
        return {name: f"https://spdx.org/licenses/{name}.html" for name in names}

    @property
    def address(self) -> str | None:
        """The address to cite: that of the DOI, or else that of the site; None without either."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


def read_citation(book: Path) -> Citation:
    """Return the citation of the book in a folder; raises ``InvalidData`` for a bad file."""
    problems: list[Problem] = []
    citation = read_yaml(book / FILE, Citation, problems)
    if citation is None:
        raise InvalidData(problems)
    return citation


def out_of_step(citation: Citation, present: Version) -> list[Problem]:
    """Return a problem for the version and for the date, where they are not the present ones."""
    pairs = {
        "version": (citation.version, present.version),
        "date-released": (citation.date, present.date),
    }
    newest = "that of the newest version in data/versions.yml"
    return [
        Problem(FILE, None, name, quoted(found), f"{allowed}, {newest}")
        for name, (found, allowed) in pairs.items()
        if found != allowed
    ]


def bibtex(references: Iterable[Reference]) -> str:
    """Return the references as BibTeX, with the words of ``references.bib``."""
    return "\n".join(
        bibtex_entry(reference.kind, reference.key, dict(reference.fields))
        for reference in references
    )


def bibtex_entry(kind: str, key: str, fields: dict[str, str]) -> str:
    """Return one entry of BibTeX; braces around the title keep its capitals."""
    fields = fields | {"title": f"{{{fields['title']}}}"}
    lines = [f"  {name} = {{{text}}},\n" for name, text in fields.items() if name not in ONLY_HERE]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def csl(references: Iterable[Reference]) -> list[Item]:
    """Return the references as entries of CSL-JSON."""
    return [csl_item(reference) for reference in references]


def csl_item(reference: Reference) -> Item:
    """Return one reference as an entry of CSL-JSON; an unknown year leaves the date out."""
    item: Item = {"id": reference.key, "type": CSL_KINDS.get(reference.kind, "document")}
    item["title"] = reference.title
    item["author"] = csl_names(reference.fields.get("author", ""))
    if reference.year is not None:
        item["issued"] = {"date-parts": [[reference.year]]}
    for name, text in reference.fields.items():
        if name in CSL_FIELDS:
            item.setdefault(CSL_FIELDS[name], text)
    return item


def csl_names(authors: str) -> list[dict[str, str]]:
    """Return the authors of an entry of BibTeX: persons by their names, institutions whole."""
    names = []
    for author in names_of(authors):
        family, given = parts_of(author)
        if author.lower() == "others":
            names.append({"literal": OTHERS})
        elif is_institution(author) or not given:
            names.append({"literal": plain(author)})
        else:
            names.append({"family": family, "given": given})
    return names


def ris(items: Iterable[Item]) -> str:
    """Return entries of CSL-JSON as RIS."""
    import rispy

    # The writer numbers the entries, which not every reader of RIS expects.
    numbered = rispy.dumps([_ris_entry(item) for item in items])
    return re.sub(r"(?m)^\d+\.\n", "", numbered)


def _ris_entry(item: Item) -> dict[str, Any]:
    entry: dict[str, Any] = {"type_of_reference": RIS_KINDS.get(item["type"], "GEN")}
    entry["authors"] = [
        name.get("literal") or f"{name['family']}, {name['given']}" for name in item["author"]
    ]
    entry |= {ours: str(item[name]) for name, ours in RIS_FIELDS.items() if name in item}
    if "issued" in item:
        parts = item["issued"]["date-parts"][0]
        entry["year"] = str(parts[0])
        if len(parts) == 3:
            entry["date"] = "/".join(f"{part:02d}" for part in parts)
    if "URL" in item:
        entry["urls"] = [item["URL"]]
    if "page" in item:
        first, *rest = re.split(r"[-\N{EN DASH}]+", item["page"], maxsplit=1)
        entry |= dict(zip(("start_page", "end_page"), (first, *rest), strict=False))
    return entry


def in_one_line(citation: Citation) -> str:
    """Return the citation as a sentence: authors, title, version, date, and address if any.

    Those who need another style have the files for reference managers, which make each.
    """
    names = ", ".join(author.whole for author in citation.authors)
    day = citation.date.isoformat()
    text = f"{names}. {citation.title}. Version {citation.version}, {day}."
    return f"{text} {citation.address}" if citation.address else text


def key(citation: Citation) -> str:
    """Return the key of the citation in a bibliography: first author and year."""
    first = citation.authors[0]
    return f"{slug(first.family or first.whole)}-{citation.date.year}"


def as_csl(citation: Citation) -> Item:
    """Return the citation as an entry of CSL-JSON."""
    date = citation.date
    item: Item = {
        "id": key(citation),
        "type": "dataset",
        "title": citation.title,
        "author": [
            {"literal": author.name}
            if author.name
            else {"family": author.family, "given": author.given}
            for author in citation.authors
        ],
        "issued": {"date-parts": [[date.year, date.month, date.day]]},
        "version": citation.version,
    }
    more = {"DOI": citation.doi, "URL": citation.address}
    return item | {name: value for name, value in more.items() if value}


def as_bibtex(citation: Citation) -> str:
    """Return the citation as an entry of BibTeX."""
    authors = " and ".join(
        f"{{{author.name}}}" if author.name else f"{author.family}, {author.given}"
        for author in citation.authors
    )
    fields = {
        "author": authors,
        "title": citation.title,
        "year": str(citation.date.year),
        "month": f"{citation.date.month:02d}",
        "note": f"Version {citation.version}, {citation.date.isoformat()}",
        "doi": citation.doi,
        "url": citation.address,
    }
    given = {name: text for name, text in fields.items() if text}
    return bibtex_entry("misc", key(citation), given)


def as_ris(citation: Citation) -> str:
    """Return the citation as RIS."""
    return ris([as_csl(citation)])
