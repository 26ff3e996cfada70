"""The evidence tables: each column declared once, with type, allowed values and meaning.

Frames, dictionary, schemas and downloads are readings of this declaration; see ``frames``.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import Field, model_validator

from livingreview.results import MOST_PATIENTS, Names, Placed, Result, Row

MISSING: Literal["missing"] = "missing"


NOT_STATED: Literal["not stated"] = "not stated"


TREATMENT = "treatment"  # the arm that had the treatment under review
WHOLE = ("all patients", "each arm", NOT_STATED)  # what a result can be of, when it is no arm


FollowupStatus = Literal[
    "stated",
    "range",
    "mean",
    "median",
    "variable",
    "not stated",
    "not reported",
    "missing",
    "not read",
]


Publication = Literal["article", "conference abstract"]


ReadAs = Literal["review table", "abstract", "full text", "registry", "digest", "other page"]


EventStatus = Literal[
    "event",
    "none of this kind",
    "no adverse events",
    "not mentioned",
    "not reported",
    "not in the part read",
    "not read",
]


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
    followup_mean_months: float | None = Field(None, description="Mean follow-up", ge=0)
    followup_median_months: float | None = Field(None, description="Median follow-up", ge=0)
    followup_status: FollowupStatus = Field(description="How the follow-up is stated")
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


class Outcome(Result, OfArms):
    """One result of one study, with where it was read."""

    derived: Names = Field(
        (), description="Columns that were computed from the others of the row or its study"
    )
    read_as: ReadAs = Field("review table", description="How the result was read")
    source: str = Field(description="File that the result was read from")
    locator: str = Field(description="Row and column in that file")


class OtherReading(Outcome):
    """One reading of a result that another of higher rank outranks; kept, and counted nowhere."""

    stands: str = Field(description="Locator of the reading that stands instead")


class AdverseEvent(Placed, OfArms):
    """One study and one event, or its statement that there was none, or its silence."""

    status: EventStatus = Field(
        description="Event, or none; not mentioned is of the review's table, the rest of the study"
    )
    event: str | None = Field(None, description="Event: from the vocabulary, or as reported")
    term: str | None = Field(None, description="What it is, by name of the vocabulary of events")
    patients: int | None = Field(
        None, description="Patients with the event", ge=0, le=MOST_PATIENTS
    )
    at_risk: int | None = Field(None, description="Patients at risk: those treated, if printed")
    units_affected: int | None = Field(None, description="Units of analysis with it", ge=0)
    occurrences: int | None = Field(
        None, description="How often it happened, where that is counted and not patients", ge=0
    )
    serious: bool | None = Field(None, description="Serious or not; empty: not stated")
    passed: bool | None = Field(
        None, description="Said to have passed, or to have lasted; empty: not stated"
    )
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
    status: Literal["stated", "not stated", "not reported", "not read"] = Field(
        description="Stated, not stated in the part read, not reported in the full text, not read"
    )
    value: str | None = Field(None, description="What is stated")


class Reading(Row):
    """One field of a study as one reading has it, with its rank and place."""

    key: str = Field(description="Key of the study")
    field: str = Field(description="Field of the study file")
    value: str = Field(description="The value as this reading has it")
    stands: bool = Field(description="Whether it is the value that is used")
    read_as: ReadAs = Field(description="How it was read")
    report: str | None = Field(None, description="Report of the study that it was read in")
    at: str | None = Field(None, description="Section, table or page of that report")


class NamedReport(Row):
    """One report of a study, or what another author tells of it."""

    key: str = Field(description="Key of the study")
    name: str = Field(description="Name by which the study's file calls it")
    kind: str = Field(description="Article, registry entry, erratum, digest and so on")
    doi: str | None = Field(None, description="DOI")
    registration: str | None = Field(None, description="Number in a registry of trials")
    citation: str | None = Field(None, description="The report in words, where it has no DOI")
    date: str | None = Field(None, description="Date of publication, as exact as it is known")
    read_as: str = Field(description="How far it was read")
    read_on: str | None = Field(None, description="Day on which it was read")
    changes: str | None = Field(None, description="What a correction changes")


class Appraised(Row):
    """One domain of the appraisal of a study's result, all of them, or that there is none."""

    key: str = Field(description="Key of the study")
    arm_words: str | None = Field(None, description="Arm or contrast of the appraised result")
    measure: str | None = Field(None, description="Measure of that result")
    months: float | None = Field(None, description="Time of that result", ge=0)
    tool: str | None = Field(
        None, description="Tool, or the one that would fit; empty: none at hand"
    )
    domain: str = Field(description="Domain by its name in the tool, or overall")
    about: str | None = Field(None, description="What the domain is on")
    judgement: str = Field(
        description="Judgement of the tool, or incomplete, not assessed, no judgement"
    )
    reasons: str = Field(description="Answers with their reasons, or why it is not assessed")
    differed: Names = Field((), description="Questions that the two sets answered differently")
    status: str | None = Field(None, description="How far the judgement can be relied on")
    read_as: str = Field(description="How far the study was read")
    source: str = Field(description="File that it was read from")
    locator: str = Field(description="Place in that file")


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
    place: str = Field(description="Part of the review: title, abstract, methods, conclusion")
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
    "other_readings": OtherReading,
    "adverse_events": AdverseEvent,
    "reports": Report,
    "reporting": Reporting,
    "readings": Reading,
    "named_reports": NamedReport,
    "appraisals": Appraised,
    "printed_verdicts": PrintedVerdict,
    "statements": Statement,
    "references": ListedReference,
}
