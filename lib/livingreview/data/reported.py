"""What a study reports of its patients: one result, or one adverse event, in its own words.

The bad form of each is refused with what was found and what is allowed.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from livingreview.data.reports import How
from livingreview.results import MOST_PATIENTS, Placed, Result, ratio
from livingreview.tables import TREATMENT, sides_of

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(strict=True, ge=0, le=MOST_PATIENTS)]

NO_EVENT = ("no", "none", "nil", "nothing", "not stated", "not read", "n/a", "0", "-")
OF_ONE_ARM = ("responder", "relief", "mean change", "mean relief", "final level")
QUARTILES = re.compile(r"\bIQR\b|quartile", re.IGNORECASE)


class Part(BaseModel):
    """Part of a study file: an unknown field is refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True
    )


class OfArm(Part):
    """What is of one arm or of a contrast."""

    arm: Text = Field(
        description="An arm, a contrast (treatment vs sham), all patients, each arm, or not stated"
    )


class ReportedOutcome(Result, OfArm):
    """One result at one time, of one arm or of a contrast of two arms."""

    model_config = Part.model_config | ConfigDict(strict=True)

    measure: Text = Field(description="Outcome measure, in the words of the study")
    how: How | None = Field(None, description="How it was read, where not as its report was")

    @model_validator(mode="after")
    def _a_contrast_says_which_way_is_better(self) -> ReportedOutcome:
        if self.better is None and self.estimate is not None and " vs " in self.arm:
            allowed = "better: higher, lower or not stated, as the scale runs"
            raise ValueError("an estimate without better", allowed)
        return self

    @model_validator(mode="after")
    def _a_contrast_is_one(self) -> ReportedOutcome:
        arm, against, _ = sides_of(self.arm)
        if TREATMENT in against and TREATMENT not in arm:
            turned = f"{' and '.join(against)} vs {' vs '.join(arm)}"
            allowed = f"{turned}, with the signs of estimate and interval turned"
            raise ValueError(f'the arm "{self.arm}"', allowed)
        if against and self.kind in OF_ONE_ARM:
            allowed = "between-group difference, or one arm"
            raise ValueError(f'the {self.kind} of "{self.arm}"', allowed)
        return self

    @model_validator(mode="after")
    def _direction_fits_the_estimate(self) -> ReportedOutcome:
        arm, against, _ = sides_of(self.arm)
        if arm != (TREATMENT,) or not against or self.estimate is None:
            return self
        none = 1.0 if ratio(self.scale or "") else 0.0
        higher = self.estimate > none
        for_treatment = {"higher": higher, "lower": not higher}.get(self.better or "")
        if self.estimate == none or for_treatment is None:
            return self
        fits = "favours treatment" if for_treatment else "favours comparator"
        if (self.direction or "").startswith("favours") and self.direction != fits:
            found = f"{self.direction}, with the estimate {self.estimate:g}"
            raise ValueError(found, f"{fits}, as better: {self.better} says; or another better")
        return self

    @model_validator(mode="after")
    def _a_threshold_has_its_rule(self) -> ReportedOutcome:
        percent, points = self.threshold_percent, self.threshold_points
        limit = f"{percent:g}%" if percent is not None else f"{points} points"
        if self.threshold_rule is None and (percent, points) != (None, None):
            allowed = '">" for more than that, ">=" for at least; in threshold_words if not stated'
            raise ValueError(f"the threshold {limit} without threshold_rule", allowed)
        return self

    @model_validator(mode="after")
    def _quartiles_are_no_interval(self) -> ReportedOutcome:
        limits = self.ci_low is not None or self.ci_high is not None
        if limits and QUARTILES.search(self.note or ""):
            allowed = "them as low and high, with spread: quartiles; ci_low and ci_high are of 95%"
            raise ValueError("quartiles as a confidence interval", allowed)
        return self

    @model_validator(mode="after")
    def _ends_say_what_they_are(self) -> ReportedOutcome:
        ends = [end for end in (self.low, self.high) if end is not None]
        if len(ends) == 1:
            raise ValueError("a range with one end", "low and high")
        if ends and self.spread is None:
            found = f"{ends[0]:g} to {ends[1]:g}"
            raise ValueError(found, "what they are, as spread: quartiles or range")
        return self


class ReportedEvent(Placed, Part):
    """One adverse event, or the statement that there was none (patients 0)."""

    event: Text = Field(description="Event, in the words of the study")
    term: Text | None = Field(None, description="What it is, by name of data/vocabulary/events.yml")
    arm: str | None = Field(None, description="The arm it happened in; empty: not stated")
    patients: Count | None = Field(None, description="Patients with it; empty: not stated")
    at_risk: Count | None = Field(None, description="Patients it could happen to")
    units_affected: Count | None = Field(None, description="Units of analysis with it")
    occurrences: Count | None = Field(
        None, description="How often it happened, where that is counted and not patients"
    )
    serious: bool | None = Field(None, description="Serious or not; empty: not stated")
    passed: bool | None = Field(
        None, description="Whether it is said to have passed, or to have lasted; empty: not stated"
    )
    how: How | None = Field(None, description="How it was read, where not as its report was")

    @model_validator(mode="after")
    def _event_is_one(self) -> ReportedEvent:
        if self.event.casefold().strip(" .") in NO_EVENT:
            allowed = "what did not happen, with patients: 0; or adverse_events: not stated"
            raise ValueError(f'the event "{self.event}"', allowed)
        return self

    @model_validator(mode="after")
    def _counts_agree(self) -> ReportedEvent:
        if self.patients is not None and self.at_risk is not None and self.patients > self.at_risk:
            raise ValueError(f"{self.patients} patients", f"at most {self.at_risk}, those at risk")
        affected, units = self.units_affected, self.units
        if affected is not None and (units is None or affected > units):
            allowed = f"at most {units or 'the units'}, with unit_of_analysis and units"
            raise ValueError(f"{affected} units", allowed)
        return self
