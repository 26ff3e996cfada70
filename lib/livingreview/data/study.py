"""The declaration of ``data/studies/<key>.yml``: what one primary study itself reports.

One declaration validates the files, makes the JSON Schema that editors use, and tells the template
for a new study what to ask. A value that was looked for and not found is *not stated*; a value
that nobody has looked for is *not read*; nothing is left blank. A study of the source review that
nobody has read has no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from livingreview.data.reported import Count, Part, ReportedEvent, ReportedOutcome, Text
from livingreview.data.reports import (
    DOI,
    NOT_READ,
    RETRACTION,
    How,
    OtherReading,
    Place,
    StudyReport,
)
from livingreview.data.screening import Screened
from livingreview.tables import NOT_STATED, Publication

NOT_REPORTED: Literal["not reported"] = "not reported"  # said of what was read whole


Unknown = Literal["not stated", "not read", "not reported"]


Number = Annotated[float, Field(strict=True)]  # true, yes and "12" are no numbers


Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]


Months = Annotated[float, Field(strict=True, ge=0, le=600)]


YearAndMonth = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


PubMedId = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
    Field(pattern=r"^\d{1,8}$"),
]


KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"


ROUNDING_OF_MONTHS = 0.5  # days and weeks are given as months of one decimal


ENTRY = re.compile(r"(outcomes|adverse_events)\[(\d+)\]")


class Arm(Part):
    """One arm: *treatment*, or a comparator of ``data/vocabulary/comparators.yml``."""

    name: Text = Field(description="treatment, or a comparator of the vocabulary")
    patients: Count | Unknown = Field(description="Patients allocated to the arm")


class Overlap(Part):
    """Another study that has some of the same patients."""

    key: str = Field(pattern=KEY, description="Key of the other study")
    patients: Count | None = Field(None, description="Patients in both; empty: not known")
    reason: Text = Field(description="Why the patients are taken for the same")


class Allocation(Part):
    """How patients came into their arms, where each was not allocated alone to one of them."""

    design: Literal["crossover", "cluster", "within patients"] = Field(
        description="crossover: each patient in every arm, one after the other; within patients: "
        "each patient in every arm at once, by limb or side"
    )
    unit: Text | None = Field(None, description="What was allocated, like clinics or limbs")
    units: Count | None = Field(None, description="How many of them")
    periods: Count | None = Field(None, ge=2, description="Periods of a crossover")

    @model_validator(mode="after")
    def _says_what_was_allocated(self) -> Allocation:
        if self.design == "crossover" and self.periods is None:
            raise ValueError("a crossover without periods", "periods, 2 or more")
        if self.design != "crossover" and (self.unit is None or self.units is None):
            raise ValueError(f"{self.design} without units", "unit and units, like limbs and 120")
        return self

    @property
    def in_each_arm(self) -> bool:
        """Whether each patient is in every arm."""
        return self.design != "cluster"


class StudyFile(Part):
    """What one primary study reports, and how far it was read."""

    key: str = Field(pattern=KEY, description="Key in references.bib, like lee-2027")
    ref: int | None = Field(None, ge=1, description="Number in the source review's list")
    doi: str | None = Field(None, pattern=DOI, description="DOI, like 10.1000/182, no address")
    pmid: PubMedId | None = Field(None, description="PubMed id, up to eight digits")
    registration: str | None = Field(None, description="Number in a registry of trials")
    publication: Publication | Unknown = Field(description="Article or conference abstract")
    published_on: date | YearAndMonth | None = Field(
        None, description="Day or month of publication, like 2025-03-31 or 2025-03"
    )
    year: Year | Unknown = Field(description="Year of publication")
    screening: Screened | None = Field(
        None, description="Decision on a study that the source review does not have"
    )
    read_as: How = Field(description="How far the study was read")
    read_on: date | None = Field(None, description="Day on which you read it")
    read_from: dict[str, How | Place] = Field(
        default_factory=dict,
        description="Fields read elsewhere than read_as says, or with their place: how; or "
        "{how, report, at}",
    )
    also: dict[str, tuple[OtherReading, ...]] = Field(
        default_factory=dict, description="Fields that another reading has otherwise, each with it"
    )
    reports: tuple[StudyReport, ...] = Field(
        (),
        description="Reports of the study, where there is more than one; their names stand in at",
    )
    overlaps_with: tuple[Overlap, ...] = Field(
        (), description="Studies that have some of the same patients"
    )
    source_note: str | None = Field(None, description="What was read, and what could not be")
    confidence: Literal["high", "medium", "low"] | None = Field(
        None, description="How sure you are of your reading"
    )
    design: Text = Field(description="Code of the design, not stated or not read")
    design_words: Text = Field(description="Design, in the words of the study")
    blinding: Text = Field(description="Who was blinded, in the words of the study")
    comparators: tuple[str, ...] | Unknown = Field(
        description="What the treatment was compared with; [] where there was one arm only"
    )
    comparator_words: Text = Field(description="Comparator, in the words of the study")
    patients: Count | Unknown = Field(description="Patients in the study, all arms")
    arms: tuple[Arm, ...] = Field((), description="Every arm with its size")
    allocation: Allocation | None = Field(
        None, description="How patients were allocated, where not one by one to parallel arms"
    )
    condition: Text = Field(description="Condition treated")
    nerves: tuple[str, ...] | Unknown = Field(description="Nerves treated")
    nerve_words: tuple[str, ...] = Field((), description="Nerves, in the words of the study")
    guidance: tuple[str, ...] | Unknown = Field(description="How the nerve was found")
    guidance_words: Text = Field(description="Guidance, in the words of the study")
    reporting: dict[str, bool | int | float | Text] = Field(
        description="What a report should state, by item of data/vocabulary/reporting.yml"
    )
    followup_months: Months | Unknown = Field(description="Longest follow-up in months")
    followup_shortest_months: Months | None = Field(None, description="Shortest follow-up")
    followup_mean_months: Months | None = Field(None, description="Mean follow-up")
    followup_median_months: Months | None = Field(None, description="Median follow-up")
    outcomes: tuple[ReportedOutcome, ...] = Field(
        (), description="Results: one entry for one arm or contrast at one time"
    )
    adverse_events: tuple[ReportedEvent, ...] | Unknown = Field(
        description="Adverse events; a stated absence is an entry with patients 0"
    )
    funding: Text = Field(description="Funding and interests")
    eligibility: dict[str, bool | Unknown] = Field(
        description="What the rules of the review ask, by item of eligibility in data/protocol.yml"
    )
    study_note: str | None = Field(None, description="Remark on the study")

    @model_validator(mode="after")
    def _arms_fit_the_total(self) -> StudyFile:
        sizes = [arm.patients for arm in self.arms if isinstance(arm.patients, int)]
        if self.allocation is not None and self.allocation.in_each_arm:
            sizes = [max(sizes, default=0)]  # each patient is in every arm
        if isinstance(self.patients, int) and sum(sizes) > self.patients:
            together = f"arms of {' + '.join(map(str, sizes))} = {sum(sizes)} patients"
            raise ValueError(together, f"at most {self.patients}, the patients of the study")
        return self

    @model_validator(mode="after")
    def _patients_are_among_those_of_the_study(self) -> StudyFile:
        sizes = {arm.name: arm.patients for arm in self.arms} | {"": self.patients}
        counted = [
            (f"outcomes[{n}]", o.arm, "evaluated", o.evaluated)
            for n, o in enumerate(self.outcomes, start=1)
        ]
        counted += [
            (f"adverse_events[{n}]", e.arm, "at_risk", e.at_risk)
            for n, e in enumerate(known(self.adverse_events) or (), start=1)
        ]
        for place, arm, field, number in counted:
            most = min(
                (n for name in (arm, "") if isinstance(n := sizes.get(name or ""), int)),
                default=None,
            )
            if number is not None and most is not None and number > most:
                allowed = f"at most {most}, the patients of the {'arm or the ' if arm else ''}study"
                raise ValueError(f"{field} {number} in {place}", allowed)
        return self

    @model_validator(mode="after")
    def _outcomes_fall_in_the_followup(self) -> StudyFile:
        latest = max((o.months for o in self.outcomes if o.months is not None), default=0.0)
        followup = self.followup_months
        if isinstance(followup, float | int) and latest > followup + ROUNDING_OF_MONTHS:
            found = f"followup_months {followup:g}, but an outcome at {latest:g} months"
            raise ValueError(found, f"a longest follow-up of {latest:g} months or more")
        return self

    @model_validator(mode="after")
    def _dates_follow_each_other(self) -> StudyFile:
        published, read = self.published_on, self.read_on
        if read and published and str(published) > read.isoformat()[: len(str(published))]:
            allowed = f"{read} or earlier, the day of reading"
            raise ValueError(f"published_on {published}", allowed)
        if not isinstance(self.year, int):
            return self
        if read is not None and self.year > read.year + 1:
            raise ValueError(f"year {self.year}", f"{read.year + 1} or earlier: it was read {read}")
        if published and not 0 <= self.year - int(str(published)[:4]) <= 1:
            allowed = f"the year of published_on, {published}, or the next"
            raise ValueError(f"year {self.year}", allowed)
        return self

    @model_validator(mode="after")
    def _followup_is_in_order(self) -> StudyFile:
        named = {"shortest": self.followup_shortest_months, "longest": self.followup_months}
        for name in ("mean", "median"):
            typical = getattr(self, f"followup_{name}_months")
            times = [named["shortest"], typical, named["longest"]]
            stated = [time for time in times if isinstance(time, int | float)]
            if stated != sorted(stated):
                found = f"a follow-up of {' to '.join(f'{time:g}' for time in stated)} months"
                raise ValueError(found, f"the shortest, then the {name}, then the longest")
        return self

    @model_validator(mode="after")
    def _what_was_read_elsewhere_is_there(self) -> StudyFile:
        places = {*type(self).model_fields, *(f"reporting.{item}" for item in self.reporting)}
        places |= {f"eligibility.{item}" for item in self.eligibility}
        for place in self.read_from:
            if place not in places:
                allowed = "a field; an entry of a list says its own how, report and at"
                raise ValueError(f'read_from "{place}"', allowed)
        return self

    def place(self, name: str) -> Place:
        """Return how a field, or an entry like ``outcomes[1]`` (the first), was read, and where."""
        if listed := ENTRY.fullmatch(name):
            return self.resolved(getattr(self, listed[1])[int(listed[2]) - 1])
        return self.resolved(self.read_from.get(name))

    def resolved(self, place: Any) -> Place:
        """Return a place with what its report, or the file as a whole, says of how it was read."""
        given = Place.model_validate({"how": place} if isinstance(place, str) else _of(place))
        report = next((r for r in self.reports if r.name == given.report), None)
        how = given.how or (report.how if report else None) or self.read_as
        return given.model_copy(update={"how": how})

    def how(self, name: str) -> Any:
        """Return how a field, or an entry like ``outcomes[1]``, was read."""
        return self.place(name).how or self.read_as

    @property
    def retraction(self) -> StudyReport | None:
        """The notice that took the study back; None where there is none."""
        return next((r for r in self.reports if r.kind == RETRACTION), None)

    def size(self, arm: str) -> int | None:
        """Return the patients of an arm, None where the size is not stated."""
        sizes = {a.name: a.patients for a in self.arms}
        found = sizes.get(arm)
        return found if isinstance(found, int) else None


def _of(place: Any) -> dict[str, Any]:
    """Return what an entry, or a place, says of how it was read."""
    return {name: getattr(place, name, None) for name in Place.model_fields}


def known(value: Any) -> Any:
    """Return a value, or None where it is *not stated*, *not reported* or *not read*."""
    return None if value in (NOT_STATED, NOT_READ, NOT_REPORTED) else value


def unread(key: str, ref: int | None, items: Iterable[str], rules: Iterable[str] = ()) -> StudyFile:
    """Return the study that nobody has read and that has no file: nothing of it is known.

    ``items`` name what a report should state, ``rules`` what the rules of inclusion ask.
    """
    needed = [name for name, field in StudyFile.model_fields.items() if field.is_required()]
    asked: dict[str, Any] = dict.fromkeys(needed, NOT_READ)
    asked |= {"key": key, "ref": ref, "reporting": dict.fromkeys(items, NOT_READ)}
    asked |= {"eligibility": dict.fromkeys(rules, NOT_READ)}
    return StudyFile.model_validate(asked)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a study file, by which editors check and complete it."""
    schema = StudyFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
