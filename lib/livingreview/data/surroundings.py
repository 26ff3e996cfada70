"""What stands around the review: registered trials of its question, and other reviews."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.problems import Problem, quoted

# As exact as a registry gives it: a year, a month or a day.
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]


Text = Annotated[str, Field(min_length=1)]


Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


WORDS = {True: "yes", False: "no"}  # YAML reads a bare yes or no as true or false


Same = Annotated[
    Literal["yes", "in part", "unclear", "no"],
    BeforeValidator(lambda value: WORDS[value] if isinstance(value, bool) else value),
]


Contrast = Literal[
    "against sham",
    "against another treatment",
    "before and after",
    "one arm, no control",
    "not stated",
]


WITHDRAWN = "withdrawn"


REVIEWS = ("systematic review", "narrative review")  # of the evidence; the others decide upon it
ReviewKind = Literal[
    "systematic review",
    "narrative review",
    "consensus",
    "guideline",
    "health technology assessment",
    "payer policy",
    "regulator",
]


class RegisteredTrial(Declared):
    """One registry entry or published protocol; empty: not stated in the part read."""

    id: Text
    planned_patients: int | None = Field(ge=1)
    treatment: Text
    compared_with: tuple[str, ...]
    condition: Text
    status: str | None
    status_as_of: PartialDate | None
    sponsor: str | None
    start: PartialDate | None
    end: PartialDate | None
    same_question: Same
    published_as: Key | None = Field(description="Key of the study that reports it")
    note: str | None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> RegisteredTrial:
        if self.start and self.end:
            exact = min(len(self.start), len(self.end))
            if self.end[:exact] < self.start[:exact]:
                raise ValueError(f"start {self.start}, end {self.end}", "an end after the start")
        return self

    @property
    def awaited(self) -> bool:
        """Whether its results would change the answer: on the question, not yet published."""
        return (
            self.same_question == "yes" and self.published_as is None and self.status != WITHDRAWN
        )


class TrialList(Declared):
    """The file ``data/ongoing.yml``."""

    trials: tuple[RegisteredTrial, ...]


class Pooled(Declared):
    """One number of another review, with its scale and what it compares."""

    months: float | None = Field(ge=0, le=600)
    measure: Text
    scale: Text
    contrast: Contrast
    estimate: float
    ci_low: float | None
    ci_high: float | None
    i2_percent: float | None = Field(ge=0, le=100)
    p_value: float | str | None

    @model_validator(mode="after")
    def _estimate_lies_in_its_interval(self) -> Pooled:
        low, high = self.ci_low, self.ci_high
        if low is not None and high is not None and not low <= self.estimate <= high:
            found = f"{self.estimate:g} with the interval {low:g} to {high:g}"
            raise ValueError(found, "an estimate inside its interval")
        return self


class OtherReview(Declared):
    """Another review, or a judgement on the treatment; empty: not stated in the part read."""

    key: Key
    kind: ReviewKind = "systematic review"
    title: str | None
    first_author: str | None
    year: int | None
    journal: str | None
    doi: str | None = Field(pattern=r"^10\.\d{4,9}/\S+$")
    pmid: str | None = Field(pattern=r"^\d{1,8}$")
    read_as: Literal["abstract", "full text", "digest", "other page"]
    scope: Text
    searched_to: str | None
    studies: int | None = Field(ge=0)
    patients: int | None = Field(ge=0)
    trials: int | None = Field(ge=0)
    finding: str | None
    same_question: Same
    caution: str | None
    same_as: Key | None = Field(None, description="Key of the entry that it publishes once more")
    pooled: tuple[Pooled, ...]

    @property
    def name(self) -> str:
        """Author and year; the title, or the key, where no author is known."""
        if self.first_author is None:
            return self.title or self.key
        surname = re.sub(r" [A-Z]+$", "", self.first_author)
        return f"{surname} {self.year or 'year not stated'}"

    @property
    def counted(self) -> bool:
        """Whether it is a review of the evidence, and no second publication of another entry."""
        return self.kind in REVIEWS and self.same_as is None


class ReviewList(Declared):
    """The file ``data/reviews.yml``."""

    reviews: tuple[OtherReview, ...]


def load_ongoing(path: Path, problems: list[Problem]) -> tuple[RegisteredTrial, ...]:
    """Return the registered trials; each id once, each publication a study with a file."""
    listed = read_yaml(path, TrialList, problems, wrap="trials", optional=True)
    if listed is None:
        return ()
    _note_repeated((trial.id for trial in listed.trials), "id", path, problems)
    for number, trial in enumerate(listed.trials, start=1):
        key = trial.published_as
        if key is not None and not (path.parent / "studies" / f"{key}.yml").is_file():
            allowed = f"a study with a file data/studies/{key}.yml"
            problems.append(
                Problem(name_of(path), str(number), "published_as", quoted(key), allowed)
            )
    return listed.trials


def load_reviews(path: Path, problems: list[Problem]) -> tuple[OtherReview, ...]:
    """Return the other reviews; each key once."""
    listed = read_yaml(path, ReviewList, problems, wrap="reviews", optional=True)
    if listed is None:
        return ()
    keys = [review.key for review in listed.reviews]
    _note_repeated(keys, "key", path, problems)
    for number, review in enumerate(listed.reviews, start=1):
        if review.same_as is not None and review.same_as not in {*keys} - {review.key}:
            allowed = "the key of another entry"
            problems.append(
                Problem(name_of(path), str(number), "same_as", quoted(review.same_as), allowed)
            )
    return listed.reviews


def _note_repeated(names: Iterable[str], column: str, path: Path, problems: list[Problem]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if name in seen:
            problems.append(
                Problem(name_of(path), str(number), column, quoted(name), f"each {column} once")
            )
        seen.add(name)
