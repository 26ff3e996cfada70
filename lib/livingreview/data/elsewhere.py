"""What is told elsewhere and is no study of the review, and the facts on how studies were done.

``harms.yml``: harm in other uses of the treatment, or where nothing was found.
``other_treatment.yml``: what trials and guidelines of a comparator report; context only.
``risk_of_bias_facts/<key>.yml``: what a judgement of the risk of bias rests on, without judgement.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.data.surroundings import Key, Text
from livingreview.problems import Problem, quoted

Count = Annotated[int, Field(strict=True, ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]
ReadAs = Literal["full text", "abstract", "registry", "digest", "other page", "not found"]


class OtherHarm(Declared):
    """One report of harm that no study file holds; empty: not stated in the part read."""

    key: Key
    first_author: str | None
    year: int | None
    citation: str | None
    doi: str | None = Field(pattern=r"^10\.\d{4,9}/\S+$")
    read_as: ReadAs
    event: Text
    patients: Count | None
    at_risk: Count | None
    of: str | None = Field(description="What is counted, where it is not patients")
    percent: Percent | None
    serious: bool | None
    setting: str | None
    nerve: str | None
    applies: Literal["yes", "indirectly"] = Field(description="Whether it bears on the question")
    note: str | None

    @model_validator(mode="after")
    def _are_among_those_at_risk(self) -> OtherHarm:
        if self.patients is not None and self.at_risk is not None and self.patients > self.at_risk:
            raise ValueError(f"{self.patients} patients", f"at most {self.at_risk}, those at risk")
        return self


class HarmList(Declared):
    """The file ``data/harms.yml``."""

    harms: tuple[OtherHarm, ...]


class Share(Declared):
    """Responders of one arm at one time, in percent as printed."""

    arm: Text
    months: float = Field(ge=0, le=600)
    percent: Percent


class OtherTreatment(Declared):
    """One trial, review or guideline of a comparator; empty: not stated in the part read."""

    key: Key
    title: Text
    first_author: str | None
    year: int | None
    citation: str | None
    read_as: ReadAs
    design: Text
    nerve: Text
    patients: Count | None
    treated: Count | None
    controls: Count | None
    comparator: str | None
    threshold: str | None = Field(description="What makes a responder")
    shares: tuple[Share, ...] = ()
    finding: str | None
    limits: str | None
    ref: int | None = Field(None, description="Number in the source review's list")


class OtherTreatmentList(Declared):
    """The file ``data/other_treatment.yml``."""

    reports: tuple[OtherTreatment, ...]


class ArmFlow(Declared):
    """The patients of one arm through a trial."""

    arm: Text
    randomised: Count
    analysed: Count | None = None
    completed: Count | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _nobody_joins_later(self) -> ArmFlow:
        for name in ("analysed", "completed"):
            number = getattr(self, name)
            if number is not None and number > self.randomised:
                raise ValueError(f"{number} {name}", f"at most {self.randomised}, the randomised")
        return self


class BiasFact(Declared):
    """One fact on how a study was done."""

    about: Text
    fact: Text
    at: str | None = Field(None, description="Section, table or figure of the article")


class JudgedByOthers(Declared):
    """The risk of bias as another review judges it."""

    by: Text
    judgement: Text


class BiasFacts(Declared):
    """The file ``data/risk_of_bias_facts/<key>.yml``."""

    key: Key
    read: Text = Field(description="What was read, and what that allows")
    arms: tuple[ArmFlow, ...] = ()
    facts: tuple[BiasFact, ...] = Field(min_length=1)
    judged_by_others: tuple[JudgedByOthers, ...] = ()


def load_harms(path: Path, problems: list[Problem]) -> tuple[OtherHarm, ...]:
    """Return the harms told elsewhere; none where the review has no such file."""
    listed = read_yaml(path, HarmList, problems, wrap="harms", optional=True)
    return listed.harms if listed else ()


def load_other_treatment(path: Path, problems: list[Problem]) -> tuple[OtherTreatment, ...]:
    """Return what is reported of a comparator; none where the review has no such file."""
    listed = read_yaml(path, OtherTreatmentList, problems, wrap="reports", optional=True)
    return listed.reports if listed else ()


def load_bias_facts(
    folder: Path, studies: set[str], problems: list[Problem]
) -> dict[str, BiasFacts]:
    """Return the facts on the risk of bias by study; ``studies`` are the keys that there are."""
    found = {}
    for path in sorted(folder.glob("*.yml")) if folder.is_dir() else ():
        facts = read_yaml(path, BiasFacts, problems)
        if facts is None:
            continue
        if facts.key != path.stem or facts.key not in studies:
            allowed = "a key of references.bib, as the file is named"
            problems.append(Problem(name_of(path), "key", None, quoted(facts.key), allowed))
        found[facts.key] = facts
    return found
