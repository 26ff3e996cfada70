"""The evidence tables: each column declared once, with type, allowed values and meaning.

Frames, dictionary, schemas and downloads are readings of this declaration; see ``frames``.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MOST_PATIENTS = 10_000_000  # a larger number is a slip of the keyboard


MISSING: Literal["missing"] = "missing"


NOT_STATED: Literal["not stated"] = "not stated"


TREATMENT = "treatment"  # the arm that had the treatment under review
WHOLE = ("all patients", "each arm", NOT_STATED)  # what a result can be of, when it is no arm


Names = tuple[str, ...]  # a list of names in one cell


Rule = Literal[">", ">=", "=", "<", "<="]


FollowupStatus = Literal["stated", "range", "mean", "variable", "not stated", "missing", "not read"]


Publication = Literal["article", "conference abstract"]


ReadAs = Literal["review table", "abstract", "full text", "registry", "other page"]


OutcomeKind = Literal[
    "responder",
    "relief",
    "mean change",
    "mean relief",
    "between-group difference",
    "duration",
    "final level",
    "completers",
    "statement",
    "other",
]


OutcomeStatus = Literal["reported", "not stated", "not measured", "missing"]


Direction = Literal[
    "improved", "not improved", "no difference", "favours treatment", "favours comparator"
]


EventStatus = Literal["event", "none of this kind", "no adverse events", "not mentioned"]


SIGNS: dict[str, Rule] = {
    ">": ">",
    "<": "<",
    "=": "=",
    ">=": ">=",
    "<=": "<=",
    "≥": ">=",
    "≤": "<=",
}
P_WORDS = re.compile(r"(?P<sign>[<>]=|[<>=≤≥])\s?(?P<value>0?\.\d+|0|1)")
P_SCHEMA: Any = [
    {"type": "number", "minimum": 0, "maximum": 1},
    {"type": "string", "pattern": r"^([<>]=|[<>=≤≥])\s?(0?\.\d+|0|1)$"},
    {"type": "null"},
]


class Row(BaseModel):
    """One row of an evidence table; unknown columns and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Study(Row):
    """One study; in the printed edition one printed row of the review's first table."""

    row: int | None = Field(None, description="Printed row of the review's first table", ge=1)
    key: str = Field(description="Key of the study in the bibliography")
    ref: int | None = Field(None, description="Number in the review's reference list")
    first_author: str = Field(description="First author as the row prints it")
    year: int | None = Field(description="Year as the row prints it; empty: not known")
    doi: str | None = Field(None, description="DOI in the reference list")
    reference_author: str = Field(description="First personal author in the reference list")
    reference_year: int | None = Field(description="Year in the reference list; empty: not known")
    publication: Publication = Field(
        description="Conference abstract if the reference prints a supplement or abstract number"
    )
    design: str = Field(description="Code of the design, from the vocabulary")
    design_group: str = Field(description="Group of designs: trial, cohort, case report")
    randomised: bool = Field(description="Whether the design is randomised")
    blinding: str | None = Field(None, description="Blinding; the review's tables have no column")
    comparators: Names | None = Field(
        None,
        description="What the treatment was compared with; an empty list: nothing; empty: unknown",
    )
    patients: int | None = Field(description="Patients in the study; empty: not known", ge=1)
    patients_treated: int | None = Field(
        None, description="Patients in the treated arm; empty where only a total is printed", ge=0
    )
    condition: str | None = Field(None, description="Condition; the review's tables do not say")
    guidance: Names = Field(description="Guidance, or not stated, or not read, or missing")
    followup_min_months: float | None = Field(
        None, description="Shortest follow-up; equals the longest where one is stated", ge=0
    )
    followup_max_months: float | None = Field(None, description="Longest follow-up", ge=0)
    followup_status: FollowupStatus = Field(description="How the follow-up is printed")
    read_as: ReadAs = Field(description="How far the study was read")
    from_primary: Names = Field(
        (), description="Columns read in the primary study; the others are the review's table"
    )
    added_in: str = Field(description="Version of this review that brought the study in")


class Target(Row):
    """One study and one nerve."""

    row: int | None = Field(None, description="Printed row of the review's first table")
    key: str = Field(description="Key of the study")
    nerve: str = Field(description="Nerve or structure, from the vocabulary")
    part_of: str | None = Field(None, description="Nerve of which it is a branch")
    region: str = Field(description="Region of the body, from the vocabulary")
    patients: int | None = Field(
        None, description="Patients treated at it, where counted", ge=0, le=MOST_PATIENTS
    )


class Sides(NamedTuple):
    """What a result is of: arms pooled on one side, those they are held against, a part of them."""

    arm: Names
    against: Names
    part: str | None


def sides_of(text: str | None) -> Sides:
    """Return the arms that a source names.

    ``treatment vs sham`` is a contrast, ``treatment and sham`` several arms together,
    ``treatment: first year`` a part of an arm. *All patients*, *each arm* and *not stated* are no
    arm and never taken for a control.
    """
    if text is None or text in WHOLE:
        return Sides((), (), text)
    arms, _, part = text.partition(": ")
    first, *others = [tuple(side.split(" and ")) for side in arms.split(" vs ")]
    return Sides(first, tuple(name for side in others for name in side), part or None)


class OfArms(Row):
    """A row of a study that is of an arm, of a contrast of arms, or of all patients."""

    arm_words: str | None = Field(
        None, description="Arm, or contrast of arms, in the words of the file; empty: not stated"
    )
    arm: Names = Field((), description="The arms that it is of, several when they are pooled")
    against: Names = Field((), description="The arms that these are compared with")
    part: str | None = Field(
        None, description="Part of the arm, or what it is of that is no arm: all patients, each arm"
    )
    row: int | None = Field(None, description="Printed row of the review's first table")
    key: str = Field(description="Key of the study")

    @model_validator(mode="before")
    @classmethod
    def _parse_the_arms(cls, values: Any) -> Any:
        """Read the words once; what was read before stays."""
        return {**sides_of(values.get("arm_words"))._asdict(), **values}


class Result(Row):
    """One result at one time: what the printed tables, study files and the outcomes table share."""

    kind: OutcomeKind = Field(description="Kind of result; responder: patients above a threshold")
    status: OutcomeStatus = Field("reported", description="Whether the result is there")
    measure: str | None = Field(None, description="Outcome measure; empty: not stated")
    threshold_percent: float | None = Field(
        None, description="Relief from baseline that makes a responder", ge=0, le=100
    )
    threshold_points: float | None = Field(
        None, description="Fall in points that makes a responder", ge=0
    )
    threshold_rule: Rule | None = Field(None, description="How the threshold is compared")
    threshold_words: str | None = Field(None, description="A threshold that is no number")
    months: float | None = Field(
        None, description="Time of the result; empty: not stated", ge=0, le=600
    )
    responders: int | None = Field(None, description="Patients who responded", ge=0)
    evaluated: int | None = Field(
        None, description="Patients evaluated at that time", ge=0, le=MOST_PATIENTS
    )
    percent: float | None = Field(None, description="Responders in percent", ge=0, le=100)
    estimate: float | None = Field(None, description="Size of the result; a fall is negative")
    low: float | None = Field(None, description="Lower end of a printed range")
    high: float | None = Field(None, description="Upper end of a printed range")
    scale: str | None = Field(
        None, description="Scale of estimate, low and high: points, risk ratio, months, percent"
    )
    sd: float | None = Field(None, description="Standard deviation", ge=0)
    ci_low: float | None = Field(None, description="Lower limit of the 95% confidence interval")
    ci_high: float | None = Field(None, description="Upper limit of the 95% confidence interval")
    p_value: float | None = Field(
        None,
        description="P value, like 0.04 or <0.001",
        ge=0,
        le=1,
        json_schema_extra={"anyOf": P_SCHEMA},
    )
    p_rule: Rule | None = Field(None, description="Sign before the P value; empty: exactly")
    direction: Direction | None = Field(
        None,
        description="What the source says of it; improved: within the arm, no comparison",
    )
    direction_words: str | None = Field(None, description="A direction that is none of the list")
    primary_endpoint: bool | None = Field(
        None, description="Primary endpoint of the study or not; empty: not stated"
    )
    words: str | None = Field(None, description="The words of the source that it was read from")
    note: str | None = Field(None, description="The caution that belongs to the number")

    @model_validator(mode="before")
    @classmethod
    def _part_the_sign_from_the_p_value(cls, values: Any) -> Any:
        """Read ``<0.001`` as a number and its sign."""
        said = values.get("p_value") if isinstance(values, dict) else None
        found = P_WORDS.fullmatch(said.strip()) if isinstance(said, str) else None
        if found is None:
            return values
        return {**values, "p_value": float(found["value"]), "p_rule": SIGNS[found["sign"]]}

    @field_validator("p_value", mode="before")
    @classmethod
    def _p_value_is_one(cls, value: Any) -> Any:
        number = isinstance(value, float | int) and not isinstance(value, bool)
        if value is None or (number and not value < 0 and not value > 1):
            return value
        raise ValueError(f'"{value}"', "a number from 0 to 1, or one with a sign, like <0.001")

    @model_validator(mode="after")
    def _counts_agree(self) -> Self:
        count, of, percent = self.responders, self.evaluated, self.percent
        if self.kind == "responder" and of == 0:
            raise ValueError(f"{count or 0} of 0", "no more responders than patients evaluated")
        if count is None or of is None:
            return self
        if count > of:
            raise ValueError(f"{count} responders", f"at most {of}, the patients evaluated")
        if percent is not None and of and abs(100 * count / of - percent) > 1:
            exact = f"{100 * count / of:.1f}%, which {count} of {of} patients are"
            raise ValueError(f"{percent:g}%", exact)
        return self

    @model_validator(mode="after")
    def _interval_holds_the_estimate(self) -> Self:
        low, high, value = self.ci_low, self.ci_high, self.estimate
        if low is None or high is None:
            return self
        if low > high:
            raise ValueError(f"an interval from {low:g} to {high:g}", "the lower limit first")
        if value is not None and not low <= value <= high:
            inside = f"an estimate inside its interval, {low:g} to {high:g}"
            raise ValueError(f"the estimate {value:g}", inside)
        return self


class Outcome(Result, OfArms):
    """One result of one study, with where it was read."""

    derived: Names = Field(
        (), description="Columns that were computed from the others of the row or its study"
    )
    read_as: ReadAs = Field("review table", description="How the result was read")
    source: str = Field(description="File that the result was read from")
    locator: str = Field(description="Row and column in that file")


class AdverseEvent(OfArms):
    """One study and one event, or its statement that there was none, or its silence."""

    status: EventStatus = Field(
        description="Event; none of this kind; no adverse events; not mentioned"
    )
    event: str | None = Field(None, description="Event: from the vocabulary, or as reported")
    patients: int | None = Field(
        None, description="Patients with the event", ge=0, le=MOST_PATIENTS
    )
    at_risk: int | None = Field(None, description="Patients at risk: those treated, if printed")
    serious: bool | None = Field(None, description="Serious or not; empty: not stated")
    read_as: ReadAs = Field("review table", description="How the event was read")
    source: str = Field(description="File that it was read from")
    locator: str = Field(description="Row and column in that file")


class Report(Row):
    """One study as its own report describes it; *not stated* and *not read* are kept as words."""

    key: str = Field(description="Key of the study")
    read_as: str = Field(description="How far the study was read, or not read")
    read_on: str | None = Field(None, description="Day on which it was read")
    doi: str | None = Field(None, description="DOI that the report gives")
    registration: str | None = Field(None, description="Registration of the study")
    pmid: str | None = Field(None, description="PubMed id")
    published_on: str | None = Field(None, description="Day of publication")
    design_words: str = Field(description="Design in words")
    blinding: str = Field(description="Blinding in words")
    comparator_words: str = Field(description="What the treatment was compared with, in words")
    arms: Names = Field((), description="Arms with their sizes")
    condition: str = Field(description="Condition treated")
    nerve_words: Names = Field((), description="Nerves in words")
    guidance_words: str = Field(description="Guidance in words")
    followup_months: str = Field(description="Longest follow-up in months")
    adverse_events: str = Field(description="Whether adverse events are reported")
    funding: str = Field(description="Funding and interests")
    eligibility: Names = Field((), description="What the rules of the review ask, and the answers")
    confidence: str | None = Field(None, description="Confidence in the reading")
    source_note: str | None = Field(None, description="What was read")
    study_note: str | None = Field(None, description="Remark on the study")
    read_from: Names = Field((), description="Fields that were read elsewhere")


class Reporting(Row):
    """One study and one item that its report should state."""

    key: str = Field(description="Key of the study")
    item: str = Field(description="Item of data/vocabulary/reporting.yml")
    status: Literal["stated", "not stated", "not read"] = Field(
        description="Stated, not stated in the part that was read, or not read"
    )
    value: str | None = Field(None, description="What is stated")


class PrintedVerdict(Row):
    """One row of the review's second table: its verdict on the long term."""

    row: int = Field(description="Printed row of the review's second table", ge=1)
    key: str = Field(description="Key of the study")
    ref: int = Field(description="Number in the review's reference list")
    first_author: str = Field(description="First author as the row prints it")
    year: int = Field(description="Year as the row prints it")
    patients: int = Field(description="Patients in the study", ge=1)
    nerves: Names = Field(description="Nerves, from the vocabulary")
    guidance: Names = Field(description="Guidance, or not stated, or missing")
    positive: Literal["yes", "no"] = Field(description="Printed verdict")


class Statement(Row):
    """What one place of the review states on one item of its method or result."""

    item: str = Field(description="Item of data/protocol.yml")
    what: str = Field(description="The item in words")
    place: str = Field(description="Title, abstract, introduction, methods, results, discussion")
    value: Names | None = Field(None, description="What is stated there; empty: nothing")


class ListedReference(Row):
    """One entry of the review's reference list."""

    ref: int = Field(description="Number in the review's reference list", ge=1)
    key: str = Field(description="Key in the bibliography")
    first_author: str = Field(description="First personal author")
    year: int = Field(description="Year")
    title: str = Field(description="Title")
    publication: Publication = Field(description="How the reference reads")


TABLES: dict[str, type[Row]] = {
    "studies": Study,
    "targets": Target,
    "outcomes": Outcome,
    "adverse_events": AdverseEvent,
    "reports": Report,
    "reporting": Reporting,
    "printed_verdicts": PrintedVerdict,
    "statements": Statement,
    "references": ListedReference,
}
