"""The declaration of ``data/studies/<key>.yml``: what one primary study itself reports.

One declaration validates the files, makes the JSON Schema that editors use, and tells the template
for a new study what to ask. A value that was looked for and not found is *not stated*; a value
that nobody has looked for is *not read*; nothing is left blank.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from livingreview.tables import NOT_STATED, Publication, Rule

NOT_READ: Literal["not read"] = "not read"
Unknown = Literal["not stated", "not read"]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Months = Annotated[float, Field(ge=0, le=600)]
Percent = Annotated[float, Field(ge=0, le=100)]
How = Literal["abstract", "registry", "full text", "other page", "not read"]
Kind = Literal[
    "responder", "relief", "mean change", "between-group difference", "duration", "other"
]
Direction = Literal[
    "favours treatment", "favours comparator", "no difference", "improved", "not improved"
]


class Part(BaseModel):
    """Part of a study file: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Arm(Part):
    """One arm: *treatment*, or a comparator of ``data/vocabulary/comparators.yml``."""

    name: Text = Field(description="treatment, or a comparator of the vocabulary")
    patients: Count | Unknown = Field(description="Patients allocated to the arm")


class ReportedOutcome(Part):
    """One result at one time, of one arm or of a contrast of two arms."""

    arm: Text = Field(description="An arm, or a contrast: treatment vs sham")
    measure: Text = Field(description="Outcome measure, in the words of the study")
    kind: Kind
    primary_endpoint: bool | None = Field(None, description="Empty: not stated")
    months: Months | None = Field(None, description="Time of the result; empty: not stated")
    threshold_percent: Percent | None = None
    threshold_points: float | None = Field(None, ge=0)
    threshold_rule: Rule | None = None
    threshold_words: str | None = Field(None, description="A threshold that is no number")
    responders: Count | None = None
    evaluated: Count | None = None
    percent: Percent | None = None
    estimate: float | None = Field(None, description="Size of the result, on the scale below")
    scale: str | None = Field(None, description="points, risk ratio, months, percent")
    sd: float | None = Field(None, ge=0)
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | str | None = Field(None, description="A number, or words such as <0.001")
    direction: Direction | None = None
    direction_words: str | None = Field(None, description="A direction that is none of the list")
    note: str | None = Field(None, description="The caution that belongs to the number")

    @model_validator(mode="after")
    def _numbers_agree(self) -> ReportedOutcome:
        if self.responders is not None and self.evaluated is not None:
            if self.responders > self.evaluated:
                raise ValueError(f"at most {self.evaluated} responders, the patients evaluated")
            if self.percent is not None and self.evaluated:
                exact = 100 * self.responders / self.evaluated
                if abs(exact - self.percent) > 1:
                    raise ValueError(
                        f"{self.responders} of {self.evaluated} is {exact:.1f}%, "
                        f"not {self.percent:g}%"
                    )
        low, high, value = self.ci_low, self.ci_high, self.estimate
        if low is not None and high is not None and low > high:
            raise ValueError(f"an interval from the lower to the upper limit, not {low} to {high}")
        if low is not None and high is not None and value is not None and not low <= value <= high:
            raise ValueError(f"an estimate inside its interval {low} to {high}, not {value}")
        return self


class ReportedEvent(Part):
    """One adverse event, or the statement that there was none (patients 0)."""

    event: Text
    arm: str | None = None
    patients: Count | None = None
    at_risk: Count | None = None
    serious: bool | None = Field(None, description="Empty: not stated")


class StudyFile(Part):
    """What one primary study reports, and how far it was read."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Key in references.bib")
    ref: int | None = Field(None, ge=1, description="Number in the source review's list")
    doi: str | None = Field(None, pattern=r"^10\.\d{4,9}/\S+$")
    pmid: str | None = Field(None, pattern=r"^\d{1,8}$")
    registration: str | None = None
    publication: Publication | Unknown
    published_on: date | None = None
    year: int | Unknown
    read_as: How = Field(description="How far the study was read")
    read_on: date | None = None
    read_from: dict[str, How] = Field(
        default_factory=dict, description="Fields that were read elsewhere than read_as says"
    )
    source_note: str | None = None
    confidence: Literal["high", "medium", "low"] | None = None
    design: Text = Field(description="Code of data/vocabulary/designs.yml, or not read")
    design_words: Text
    blinding: Text
    comparators: tuple[str, ...] | Unknown = Field(description="Names of the vocabulary")
    comparator_words: Text
    patients: Count | Unknown
    arms: tuple[Arm, ...] = ()
    condition: Text
    nerves: tuple[str, ...] | Unknown = Field(description="Names of data/vocabulary/nerves.yml")
    nerve_words: tuple[str, ...] = ()
    guidance: tuple[str, ...] | Unknown = Field(description="Names of the vocabulary")
    guidance_words: Text
    device: Text
    temperature_c: float | Unknown
    freeze_cycles: int | str
    diagnostic_block: bool | Unknown
    followup_months: Months | Unknown = Field(description="Longest follow-up")
    outcomes: tuple[ReportedOutcome, ...] = ()
    adverse_events: tuple[ReportedEvent, ...] | Unknown
    funding: Text
    intraoperative: bool | Unknown
    chronic_pain: bool | Unknown
    acute_or_postoperative: bool | Unknown
    study_note: str | None = None

    @model_validator(mode="after")
    def _arms_and_times_agree(self) -> StudyFile:
        sizes = [arm.patients for arm in self.arms if isinstance(arm.patients, int)]
        if isinstance(self.patients, int) and sum(sizes) > self.patients:
            raise ValueError(f"arms of {self.patients} patients at most, not {sum(sizes)}")
        latest = max((o.months for o in self.outcomes if o.months is not None), default=0.0)
        if isinstance(self.followup_months, float | int) and latest > self.followup_months + 0.5:
            raise ValueError(
                f"no outcome later than the follow-up of {self.followup_months:g} months, "
                f"not one at {latest:g}"
            )
        return self

    def size(self, arm: str) -> int | None:
        """Return the patients of an arm, None where the size is not stated."""
        sizes = {a.name: a.patients for a in self.arms}
        found = sizes.get(arm)
        return found if isinstance(found, int) else None


def known(value: Any) -> Any:
    """Return a value, or None where it is *not stated* or *not read*."""
    return None if value in (NOT_STATED, NOT_READ) else value
