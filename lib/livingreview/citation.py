"""How to cite the review: ``CITATION.cff`` as read, and the same in the usual styles."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from livingreview.bibliography import Item, bibtex_entry, ris
from livingreview.files import read_yaml
from livingreview.problems import InvalidData, Problem, quoted
from livingreview.site.links import slug
from livingreview.versions import Version

FILE = "CITATION.cff"
MOST_NAMED = 6  # authors that the Vancouver style names
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


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

    @property
    def initials(self) -> list[str]:
        """The first letters of the given names."""
        return [part[0] for part in self.given.replace("-", " ").split()]


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


def vancouver(citation: Citation) -> str:
    """Return the citation in the style of the National Library of Medicine, for a web resource."""
    names = [
        author.name or f"{author.family} {''.join(author.initials)}".strip()
        for author in citation.authors
    ]
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], "et al"]
    day = f"{citation.date.year} {MONTHS[citation.date.month - 1][:3]} {citation.date.day}"
    parts = [", ".join(names), f"{citation.title} [Internet]", f"Version {citation.version}", day]
    text = ". ".join(parts) + "."
    return f"{text} Available from: {citation.address}" if citation.address else text


def apa(citation: Citation) -> str:
    """Return the citation in the style of the American Psychological Association, for data."""
    names = [
        author.name or f"{author.family}, {' '.join(f'{i}.' for i in author.initials)}".strip(", ")
        for author in citation.authors
    ]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
    end = "" if listed.endswith(".") else "."
    text = (
        f"{listed}{end} ({citation.date.year}). {citation.title} "
        f"(Version {citation.version}) [Data set]."
    )
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
