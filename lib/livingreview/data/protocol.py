"""The review's own rules, as their file declares them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from livingreview.problems import quoted
from livingreview.results import Rule
from livingreview.tables import Statement

EDITIONS = ("printed", "checked", "living")  # of the evidence; a printing has another name


PLACES = (
    "title",
    "abstract",
    "introduction",
    "methods",
    "results",
    "discussion",
    "conclusion",
)


class Declared(BaseModel):
    """Part of a file that contributors edit: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Imprint(Declared):
    """One printing of the source review: where it stands and how it asks to be credited.

    ``printing`` names it, and its folder in ``data/source``; a single one needs no name.
    """

    printing: str | None = Field(None, pattern=r"^[a-z]+(-[a-z]+)*$")
    key: str
    title: str
    doi: str
    posted: date
    peer_reviewed: bool
    licence: str
    attribution: str


class SourceReview(Imprint):
    """The printing that this review starts from, and the others."""

    also_printed: tuple[Imprint, ...] = ()

    @property
    def printings(self) -> tuple[Imprint, ...]:
        """All printings; the one that this review starts from comes first."""
        return (self, *self.also_printed)

    @model_validator(mode="after")
    def _several_printings_have_names(self) -> SourceReview:
        names = [imprint.printing for imprint in self.printings]
        for number, name in enumerate(names):
            if name is None and len(names) > 1:
                raise ValueError("a printing without name", "a name for each of several")
            if name in EDITIONS:
                raise ValueError(quoted(name), f"another name than {', '.join(EDITIONS)}")
            if name in names[:number]:
                raise ValueError(quoted(name), "each printing once")
        return self


class Item(Declared):
    """One item that the review states in one or several places; None where a place is silent.

    Where the printings differ, a place has a value for each of them by its name.
    """

    id: str
    what: str
    title: Any = None
    abstract: Any
    introduction: Any = None
    methods: Any
    results: Any = None
    discussion: Any = None
    conclusion: Any = None

    def statements(self, printing: str = "") -> list[Statement]:
        """Return one row per place of a printing that always or here says something."""
        return [
            Statement(item=self.id, what=self.what, place=place, value=as_names(value))
            for place in PLACES
            if (value := in_printing(getattr(self, place), printing)) is not None
            or place in ("abstract", "methods")
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


DesignGroup = Literal["trial", "cohort", "case report"]
OfSeveral = Literal["earliest", "latest"]


class LongTermRule(Declared):
    """The rule for the second table: follow-up, meaningful relief, and a positive outcome.

    Months and percentages; ``relief_rule`` and ``positive_rule`` say whether the limit counts;
    ``of_several`` which of several results late enough decides, our choice where it says nothing.
    """

    minimum_followup_months: float = Field(ge=0, le=600)
    relief_threshold_percent: float = Field(ge=0, le=100)
    relief_rule: Rule
    positive_share_percent: float = Field(ge=0, le=100)
    positive_rule: Rule
    of_several: OfSeveral = "earliest"
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


class SynthesisRule(Declared):
    """Our choices for putting results side by side; months, patients, percentage points."""

    windows_months: tuple[float, ...] = Field((0, 1, 3, 6, 12), min_length=1)
    least_studies: int = Field(3, ge=3)
    imprecise_below_patients: int = Field(400, ge=1)
    important_ratio: float = Field(1.25, gt=1)
    important_percentage_points: float = Field(20, gt=0, le=100)
    overlap_years: int = Field(3, ge=0)
    overlap_least_patients: int = Field(5, ge=1)

    @model_validator(mode="after")
    def _windows_ascend(self) -> SynthesisRule:
        limits = self.windows_months
        if limits[0] != 0 or list(limits) != sorted(set(limits)):
            raise ValueError(f"windows from {list(limits)}", "0 first, then each limit above it")
        return self


Months = Annotated[float, Field(ge=0, le=600)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Choices(Declared):
    """What could have been chosen otherwise: the levels of each choice, our own or a reader's.

    Those named as fields of ``LongTermRule`` replace its limits. ``designs`` names sets of studies
    by the groups of designs that they leave out; ``only_read`` asks for studies of which the
    primary source was read, ``least_patients`` for studies that are large enough.
    """

    minimum_followup_months: tuple[Months, ...] = Field(min_length=1)
    of_several: tuple[OfSeveral, ...] = Field(min_length=1)
    relief_threshold_percent: tuple[Percent, ...] = Field(min_length=1)
    relief_rule: tuple[Literal[">", ">="], ...] = Field(min_length=1)
    positive_share_percent: tuple[Percent, ...] = Field(min_length=1)
    positive_rule: tuple[Literal[">", ">="], ...] = Field(min_length=1)
    designs: dict[str, tuple[DesignGroup, ...]] = Field(min_length=1)
    only_read: tuple[bool, ...] = Field(min_length=1)
    least_patients: tuple[Annotated[int, Field(ge=0)], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_level_once(self) -> Choices:
        for name in type(self).model_fields:
            levels = list(getattr(self, name))
            if len(set(levels)) < len(levels):
                raise ValueError(f"{levels} as {name}", "each level once")
        return self


class Protocol(Declared):
    """The file ``data/protocol.yml``."""

    question: str
    treatment: str = Field("the treatment", min_length=1)
    source: SourceReview
    searched_through: date
    items: tuple[Item, ...] = Field(min_length=1)
    eligibility: Eligibility
    long_term_rule: LongTermRule
    small_series: SmallSeries
    synthesis: SynthesisRule = SynthesisRule.model_validate({})
    choices: Choices | None = None
    courses_of: tuple[str, ...] = Field(
        (), description="Classes of measures whose values at several times are told"
    )
    flow: Flow

    @model_validator(mode="after")
    def _choices_hold_the_rule(self) -> Protocol:
        for name in LongTermRule.model_fields if self.choices else ():
            levels = getattr(self.choices, name, None)
            own = getattr(self.long_term_rule, name)
            if levels is not None and own not in levels:
                raise ValueError(f"choices of {name} {list(levels)}", f"{own}, the rule's, as well")
        return self


def in_printing(value: Any, printing: str) -> Any:
    """Return what one printing states: the value, or that of its name where they differ."""
    return value.get(printing) if isinstance(value, dict) else value


def as_names(value: Any) -> tuple[str, ...] | None:
    """Return a stated value as a list of texts, sorted; None where nothing is stated."""
    if value is None:
        return None
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, list):
        return tuple(sorted(map(str, value), key=str.casefold))
    return (str(value),)
