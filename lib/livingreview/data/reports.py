"""The reports of one study, and how each of its values was read.

A study has one article or many reports: abstracts, a protocol, a registry entry, corrections.
Others tell of it, too: a later review (a *digest*) or a maker's page. Readings have ranks, and the
one of the highest rank stands.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, field_validator, model_validator

from livingreview.data.protocol import Declared
from livingreview.data.surroundings import PartialDate

How = Literal["full text", "abstract", "registry", "digest", "other page", "not read"]

# The highest first. What nobody read in the study itself stands in the source review's table.
RANKS = ("full text", "abstract", "registry", "digest", "other page", "review table", "not read")

Text = Annotated[str, Field(min_length=1)]
DOI = r"^10\.\d{4,9}/\S+$"

Kind = Literal[
    "article",
    "conference abstract",
    "protocol",
    "registry entry",
    "erratum",
    "expression of concern",
    "retraction",
    "digest",
    "other page",
]

# What a report of this kind is read as, whatever was read of it.
READ_AS: dict[str, How] = {
    "registry entry": "registry",
    "digest": "digest",
    "other page": "other page",
}
RETRACTION = "retraction"
CORRECTIONS = ("erratum", "expression of concern", RETRACTION)
BY_OTHERS = ("digest", "other page")  # may tell of several studies


def rank(how: str) -> int:
    """Return the rank of a reading; the highest is 0."""
    return RANKS.index(how)


class StudyReport(Declared):
    """One report of a study, by which its file says where a value stands."""

    name: Text = Field(description="Short name by which the file calls it")
    kind: Kind = Field(description="What it is; digest: another author tells of the study")
    doi: str | None = Field(None, pattern=DOI, description="DOI, like 10.1000/182, no address")
    registration: Text | None = Field(None, description="Number in a registry of trials")
    citation: Text | None = Field(None, description="The report in words, where it has no DOI")
    date: dt.date | PartialDate | None = Field(
        None, description="Day, month or year of publication"
    )
    read_as: How | None = Field(
        None, description="How far it was read; of registry, digest and page their kind says it"
    )
    read_on: dt.date | None = Field(None, description="Day on which you read it")
    changes: Text | None = Field(None, description="What a correction changes")

    @field_validator("date", mode="before")
    @classmethod
    def _a_year_is_a_date(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    @model_validator(mode="after")
    def _is_found_again(self) -> StudyReport:
        if not (self.doi or self.registration or self.citation):
            raise ValueError(f'no place of "{self.name}"', "a doi, a registration or a citation")
        return self

    @model_validator(mode="after")
    def _corrections_say_when_and_what(self) -> StudyReport:
        if self.kind in CORRECTIONS and self.date is None:
            raise ValueError(f"no date of the {self.kind}", "the day, month or year of it")
        if self.kind in CORRECTIONS and self.changes is None:
            raise ValueError(f"nothing that the {self.kind} changes", "changes, in one sentence")
        if self.changes is not None and self.kind not in CORRECTIONS:
            raise ValueError(f"changes of the {self.kind}", f"changes of {', '.join(CORRECTIONS)}")
        return self

    @model_validator(mode="after")
    def _read_as_its_kind(self) -> StudyReport:
        own = READ_AS.get(self.kind)
        if own and self.read_as not in (own, None):
            raise ValueError(f'a {self.kind} read as "{self.read_as}"', f"{own}, or nothing")
        return self

    @property
    def how(self) -> How | None:
        """How its values are read; None where the file as a whole says it."""
        return self.read_as or READ_AS.get(self.kind)


class Place(Declared):
    """How one value was read: rank, report, and the place in it."""

    how: How | None = Field(None, description="How it was read, where not as the report was")
    report: Text | None = Field(None, description="Name of the report, of those under reports")
    at: Text | None = Field(None, description="Section, table or page of the report")

    @property
    def in_words(self) -> str:
        """How it was read, in which report and where, as far as they are said."""
        return ", ".join(part for part in (self.how, self.report, self.at) if part)


class OtherReading(Place):
    """A value of a field that is read otherwise than the one that stands."""

    value: Any = Field(description="The value as this reading has it")


NOT_READ: Literal["not read"] = "not read"
READ = tuple(how for how in get_args(How) if how != NOT_READ)
