"""The review's own rules and the claims that it makes, as their files declare them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from livingreview.tables import Rule, Statement

Relation = Literal["=", "<", "<=", ">", ">=", "most", "all", "none", "some", "range", "same"]


Section = Literal[
    "abstract", "introduction", "methods", "results", "table1", "table2", "discussion", "conclusion"
]


PLACES = ("title", "abstract", "introduction", "methods", "results", "discussion")


class Declared(BaseModel):
    """Part of a file that contributors edit: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceReview(Declared):
    """The source review: where it stands and how it asks to be credited."""

    key: str
    title: str
    doi: str
    posted: date
    peer_reviewed: bool
    licence: str
    attribution: str


class Item(Declared):
    """One item that the review states in one or several places; None where a place is silent."""

    id: str
    what: str
    title: Any = None
    abstract: Any
    introduction: Any = None
    methods: Any
    results: Any = None
    discussion: Any = None

    def statements(self) -> list[Statement]:
        """Return one row per place that always or here says something."""
        return [
            Statement(item=self.id, what=self.what, place=place, value=as_names(value))
            for place in PLACES
            if (value := getattr(self, place)) is not None or place in ("abstract", "methods")
        ]


class Criterion(Declared):
    """A rule of inclusion or exclusion, and where it is stated.

    ``asks`` is the question that a study file answers, under ``item``, for us to judge by.
    """

    rule: str
    stated_in: tuple[str, ...]
    item: str | None = Field(None, pattern=r"^[a-z]+(_[a-z]+)*$")
    asks: str | None = Field(None, min_length=1)


class Eligibility(Declared):
    """The rules of inclusion and exclusion."""

    include: tuple[Criterion, ...]
    exclude: tuple[Criterion, ...]

    @property
    def asked(self) -> dict[str, tuple[Criterion, bool]]:
        """The rules that a study file answers, by item, with the answer of an eligible study."""
        rules = [*((rule, True) for rule in self.include), *((r, False) for r in self.exclude)]
        return {rule.item: (rule, answer) for rule, answer in rules if rule.item is not None}


class LongTermRule(Declared):
    """The rule for the second table: follow-up, meaningful relief, and a positive outcome.

    Months and percentages; ``relief_rule`` and ``positive_rule`` say whether the limit counts.
    """

    minimum_followup_months: float = Field(ge=0, le=600)
    relief_threshold_percent: float = Field(ge=0, le=100)
    relief_rule: Rule
    positive_share_percent: float = Field(ge=0, le=100)
    positive_rule: Rule
    stated_in: str


class SmallSeries(Declared):
    """What the review calls a small case series."""

    fewer_than: int = Field(ge=1)
    stated_in: str


class FlowStep(Declared):
    """One step of the source review's flow of studies; the number is None where no text says it."""

    step: str = Field(min_length=1)
    number: int | None = Field(ge=0)
    in_diagram: bool = False


class Flow(Declared):
    """The source review's flow of studies."""

    stated_in: str
    steps: tuple[FlowStep, ...]


class Protocol(Declared):
    """The file ``data/protocol.yml``."""

    question: str
    source: SourceReview
    searched_through: date
    items: tuple[Item, ...] = Field(min_length=1)
    eligibility: Eligibility
    long_term_rule: LongTermRule
    small_series: SmallSeries
    flow: Flow


class Claim(Declared):
    """One checkable statement of the source review, in our own words.

    ``fact`` names the fact that answers it; ``why_not`` says which data are missing where the
    tables cannot answer it.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    section: Section
    says: str = Field(min_length=1)
    prints: Any
    relation: Relation
    question: str = Field(min_length=1)
    fact: str | None
    why_not: str | None
    matters: str | None = None


class Claims(Declared):
    """The file ``data/source/claims.yml``."""

    claims: tuple[Claim, ...] = Field(min_length=1)


def as_names(value: Any) -> tuple[str, ...] | None:
    """Return a stated value as a list of texts, sorted; None where nothing is stated."""
    if value is None:
        return None
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, list):
        return tuple(sorted(map(str, value), key=str.casefold))
    return (str(value),)
