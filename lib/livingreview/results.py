"""What a result is: the columns that printed tables, study files and the outcomes table share."""

from __future__ import annotations

import re
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MOST_PATIENTS = 10_000_000  # a larger number is a slip of the keyboard


Names = tuple[str, ...]  # a list of names in one cell


Rule = Literal[">", ">=", "=", "<", "<="]


OutcomeKind = Literal[
    "responder",
    "relief",
    "mean change",
    "mean relief",
    "between-group difference",
    "duration",
    "final level",
    "completers",
    "re-treatment",
    "statement",
    "other",
]


OutcomeStatus = Literal["reported", "not stated", "not measured", "missing"]


Direction = Literal[
    "improved", "not improved", "no difference", "favours treatment", "favours comparator"
]


Better = Literal["higher", "lower", "not stated"]  # which way on its scale is better
Statistic = Literal["mean", "median"]
Spread = Literal["quartiles", "range", "not stated"]  # what the two ends are
DifferenceOf = Literal["final values", "changes"]


# Scales on which 1 is no difference, and the ways in which they are written.
RATIOS: dict[str, str] = {
    "risk ratio": r"rr|relative risk|risk ratio",
    "odds ratio": r"or|odds ratio",
    "hazard ratio": r"hr|hazard ratio",
    "rate ratio": r"irr|incidence rate ratio|rate ratio",
}


def ratio(scale: str) -> str | None:
    """Return the name of a scale on which 1 is no difference, however written; else None."""
    plain = " ".join(re.split(r"[\W_]+", scale.casefold())).strip()
    return next((name for name, ways in RATIOS.items() if re.fullmatch(ways, plain)), None)


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


class Placed(Row):
    """What results and events share: what is counted, the cautions, and where it was read."""

    unit_of_analysis: str | None = Field(
        None, description="What is counted, where not patients: limbs, nerves, procedures"
    )
    units: int | None = Field(None, description="How many of these units", ge=0)
    cautions: Names = Field((), strict=False, description="Cautions of the vocabulary")
    note: str | None = Field(None, description="The caution that belongs to the number, in words")
    report: str | None = Field(None, description="Report of the study that it was read in")
    at: str | None = Field(None, description="Section, table or page of that report")

    @model_validator(mode="after")
    def _units_are_counted(self) -> Self:
        unit, units = self.unit_of_analysis, self.units
        if unit is not None and units is None:
            raise ValueError(f"{unit} without their number", "units, how many of them")
        if unit is None and units is not None:
            raise ValueError("units of nothing", "unit_of_analysis, like limbs")
        return self


class Result(Placed):
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
    time_words: str | None = Field(None, description="The time as it is written, like 24 weeks")
    period: int | None = Field(None, description="Period of a crossover that it is of", ge=1)
    responders: int | None = Field(None, description="Patients who responded", ge=0)
    evaluated: int | None = Field(
        None, description="Patients evaluated at that time", ge=0, le=MOST_PATIENTS
    )
    percent: float | None = Field(None, description="Responders in percent", ge=0, le=100)
    units_responding: int | None = Field(
        None, description="Units of analysis, not patients, that responded", ge=0
    )
    estimate: float | None = Field(None, description="Size of the result; a fall is negative")
    statistic: Statistic | None = Field(None, description="What the estimate is, where stated")
    difference_of: DifferenceOf | None = Field(
        None, description="Whether a difference between arms is of final values or of changes"
    )
    better: Better | None = Field(None, description="Which way on the scale is better")
    low: float | None = Field(None, description="Lower end of quartiles or range")
    high: float | None = Field(None, description="Upper end of quartiles or range")
    spread: Spread | None = Field(None, description="What low and high are")
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
    def _units_agree(self) -> Self:
        count, of, unit = self.units_responding, self.units, self.unit_of_analysis
        if count is not None and unit is None:
            raise ValueError("units of nothing", "unit_of_analysis, like limbs")
        if count is not None and of is not None and count > of:
            raise ValueError(f"{count} {unit}", f"at most {of}, the {unit} in all")
        if unit is not None and self.percent is not None:
            allowed = f"a percentage of patients; that of {unit} follows from units_responding"
            raise ValueError(f"{self.percent:g}% of {unit}", f"{allowed} and units")
        return self

    @model_validator(mode="after")
    def _range_is_in_order(self) -> Self:
        low, high = self.low, self.high
        if low is not None and high is not None and low > high:
            raise ValueError(f"{low:g} to {high:g}", "the lower end first")
        return self

    @model_validator(mode="after")
    def _a_ratio_is_one(self) -> Self:
        name = ratio(self.scale or "")
        if name is None:
            return self
        if self.scale != name:
            raise ValueError(f'the scale "{self.scale}"', name)
        for value in (self.estimate, self.ci_low, self.ci_high):
            if value is not None and value <= 0:
                raise ValueError(f"a {name} of {value:g}", "more than 0; 1 is no difference")
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
