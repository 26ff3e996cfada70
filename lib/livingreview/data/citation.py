"""How to cite the review: ``CITATION.cff`` as read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from livingreview.data.files import read_yaml
from livingreview.data.versions import Version
from livingreview.problems import InvalidData, Problem, quoted

FILE = "CITATION.cff"


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
