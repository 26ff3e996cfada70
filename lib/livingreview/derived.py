"""The tables that follow from the evidence, declared like it: of the living edition only."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from livingreview.results import Names, Row
from livingreview.tables import EventStatus, ReadAs


class Contrast(Row):
    """One result of the treatment against a comparator at one time, turned: positive is better."""

    key: str = Field(description="Key of the study")
    question: str | None = Field(None, description="Clinical question that the study informs")
    comparator: str = Field(description="What the treatment is compared with, several together")
    part: str | None = Field(None, description="Part of the arms that it is of; empty: whole arms")
    measure: str | None = Field(None, description="Outcome measure; empty: not stated")
    measure_class: str = Field(description="Class of the measure, from the vocabulary")
    months: float | None = Field(None, description="Time of the result; empty: not stated", ge=0)
    window: str = Field(description="Window of time of the protocol that it lies in")
    primary_endpoint: bool | None = Field(
        None, description="Primary endpoint of the study or not; empty: not stated"
    )
    computed: bool = Field(description="Computed here from the counts of both arms, not reported")
    patients: int | None = Field(
        None, description="Patients in the arms compared, as allocated; of counts, as evaluated"
    )
    estimate: float | None = Field(None, description="Difference or ratio, as printed or computed")
    ci_low: float | None = Field(None, description="Lower limit of the 95% confidence interval")
    ci_high: float | None = Field(None, description="Upper limit of the 95% confidence interval")
    scale: Literal["points", "ratio", "percentage points"] | None = Field(
        None, description="Scale of the estimate; empty: not stated"
    )
    oriented: float | None = Field(
        None, description="The estimate, positive where the treatment is better; log of a ratio"
    )
    oriented_low: float | None = Field(None, description="Lower limit, turned in the same way")
    oriented_high: float | None = Field(None, description="Upper limit, turned in the same way")
    sign: Literal["+", "-", "0", "unknown"] = Field(
        description="Sign of the turned estimate; unknown: not stated, or which way is better"
    )
    excludes_none: Literal["yes", "no", "not stated"] = Field(
        description="Whether the interval excludes no difference"
    )
    important: float | None = Field(
        None, description="Smallest important difference on that scale; log of a ratio"
    )
    interval_says: str = Field(
        description="What the turned interval excludes: no effect, an important benefit, both"
    )
    reported: str | None = Field(None, description="What the source says of it")
    p_value: float | None = Field(None, description="P value as printed", ge=0, le=1)
    p_rule: str | None = Field(None, description="Sign before the P value; empty: exactly")
    p_from_interval: float | None = Field(
        None, description="Two-sided P value that estimate and interval tell", ge=0, le=1
    )
    decides: bool = Field(description="Whether it decides on its study")
    read_as: ReadAs = Field(description="How the result was read")
    source: str = Field(description="File that the result was read from")
    locator: str = Field(description="Row and column in that file")


class Synthesis(Row):
    """One group of results that share question, comparator, class, scale and window of time."""

    question: str = Field(description="Clinical question")
    comparator: str = Field(description="What the treatment is compared with, or none")
    measure_class: str = Field(description="Class of the measure")
    scale: str = Field(description="Scale of the estimates")
    window: str = Field(description="Window of time")
    studies: Names = Field(description="Keys of the studies")
    patients: int | None = Field(None, description="Patients of these studies; empty: not known")
    with_interval: int = Field(description="Studies with a turned estimate and its interval", ge=0)
    decision: Literal["pooled", "refused"] = Field(description="Pooled, or refused")
    codes: Names = Field((), description="Reasons of the refusal, by code")
    estimate: float | None = Field(None, description="Pooled estimate; positive: treatment better")
    ci_low: float | None = Field(None, description="Lower limit of its 95% interval")
    ci_high: float | None = Field(None, description="Upper limit of its 95% interval")
    tau2: float | None = Field(None, description="Variance between studies", ge=0)
    prediction_low: float | None = Field(None, description="Lower limit for a new study")
    prediction_high: float | None = Field(None, description="Upper limit for a new study")


class Certainty(Row):
    """One question and comparator: how sure the evidence can be at most, and why."""

    question: str = Field(description="Clinical question")
    comparator: str = Field(description="What the treatment is compared with, or none")
    studies: Names = Field((), description="Keys of the studies whose contrasts decide")
    patients: int | None = Field(None, description="Patients in the arms compared; empty: unknown")
    start: str = Field(description="Level to start from: of the best design that compares")
    lowered_for: Names = Field((), description="Reasons why it is lowered, each by one level")
    ceiling: str = Field(description="Level that the certainty can have at most")
    not_assessed: Names = Field((), description="What nobody has judged, and might lower it")
    direction: str = Field(description="Which way the deciding contrasts point")
    words: str = Field(description="Direction and certainty as a clause")


class Overlap(Row):
    """One pair of studies of a question that may share patients."""

    key: str = Field(description="Key of the one study")
    other: str = Field(description="Key of the other")
    question: str = Field(description="Clinical question of both")
    reason: str = Field(description="Why they may share patients")
    judged: str = Field(
        description="Same patients, where a study file says so; different patients; not judged"
    )
    judged_because: str | None = Field(None, description="Why it is judged so")


class Course(Row):
    """One value of a series: of one arm of a study, by one measure, at several times."""

    series: str = Field(description="Series: the name of the row of its first value")
    key: str = Field(description="Key of the study")
    question: str | None = Field(None, description="Clinical question that the study informs")
    arm: str = Field(description="Arm, or part of it, in the words of the file")
    comparison: bool = Field(description="Whether it is an arm without the treatment")
    measure: str = Field(description="Outcome measure")
    statistic: Literal[
        "mean", "median", "not stated", "mean change", "relief in percent", "percent responding"
    ] = Field(description="What the value is; not stated: a level, mean or median")
    threshold: str | None = Field(None, description="What makes a responder; empty: no share")
    months: float = Field(description="Time of the value; 0: the day of the treatment", ge=0)
    time_words: str | None = Field(None, description="The time as it is written")
    baseline: bool = Field(description="Whether it is the level before the treatment")
    value: float = Field(description="The value, on its own scale")
    scale_least: float | None = Field(None, description="Lower end of the scale; empty: not known")
    scale_most: float | None = Field(None, description="Upper end of the scale; empty: not known")
    better: Literal["higher", "lower", "not stated"] = Field(
        description="Which way is better, as stated; else a lower level, a greater relief or share"
    )
    evaluated: int | None = Field(
        None, description="Patients evaluated at that time; empty: not stated", ge=0
    )
    read_as: ReadAs = Field(description="How the value was read")
    source: str = Field(description="File that it was read from")
    locator: str = Field(description="Row and column in that file")


class Harm(Row):
    """One study: what it says of harm after the treatment, and what its count excludes."""

    key: str = Field(description="Key of the study")
    question: str | None = Field(None, description="Clinical question that the study informs")
    guidance: Names = Field((), description="Guidance, or not stated, or not read, or missing")
    said: EventStatus = Field(
        description="What it says; of several answers the one that tells most. Not mentioned is of "
        "the source review's row, not reported of a full text"
    )
    treated: int | None = Field(None, description="Patients treated; empty: not known", ge=0)
    events: int | None = Field(
        None, description="Events told of arms with the treatment; empty: nothing is said", ge=0
    )
    counted_event: str | None = Field(
        None, description="The event with the most patients, or what did not happen"
    )
    counted_arm: str | None = Field(
        None, description="Arm, or arms together, that it is counted in; empty: not stated"
    )
    patients_with_event: int | None = Field(
        None, description="Patients with that event; others may have had another", ge=0
    )
    at_risk: int | None = Field(None, description="Patients whom it could happen to", ge=0)
    at_risk_from: Literal["stated", "arm", "not stated"] = Field(
        description="Stated with the event, or the treated arm as a whole"
    )
    serious: int | None = Field(
        None,
        description="Patients of events called serious, whatever the cause; one with two counts "
        "twice; empty: not said",
        ge=0,
    )
    serious_said: Literal["yes", "no", "unknown"] = Field(
        description="Whether it says of serious events that there were some or none"
    )
    upper_95: float | None = Field(
        None,
        description="Exact one-sided 95% upper bound in percent, of that one event",
        ge=0,
        le=100,
    )


DERIVED: dict[str, type[Row]] = {
    "contrasts": Contrast,
    "syntheses": Synthesis,
    "certainty": Certainty,
    "overlaps": Overlap,
    "courses": Course,
    "harms": Harm,
}
