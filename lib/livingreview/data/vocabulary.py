"""Closed lists: terms with every spelling that a source prints, and its authors' phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared, DesignGroup
from livingreview.problems import Problem, explained, quoted


class Term(BaseModel):
    """One term of a closed list and its printed spellings; those printed by mistake stand apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    printed: tuple[str, ...] = Field(min_length=1)
    misprinted: tuple[str, ...] = ()
    meaning: str | None = None


class DesignTerm(Term):
    """A study design: its group decides the section in which its outcomes are shown."""

    group: DesignGroup
    randomised: bool


class MeasureTerm(Term):
    """An outcome measure: a score in points, at most ``most``, or relief in percent of baseline."""

    type: Literal["score", "relief"]
    most: float | None = Field(None, gt=0)


class MeasureClass(Term):
    """What measures of contrasts measure: their class, the top and the important difference.

    ``important`` is in points of a scale from 0 to ``most``; None: not known. ``chosen_by`` is the
    source of that choice.
    """

    measure_class: str = Field(min_length=1)
    most: float | None = Field(None, gt=0)
    important: float | None = Field(None, gt=0)
    chosen_by: str | None = Field(None, min_length=1)


class EventTerm(Term):
    """An adverse event, which no source need print by this name.

    ``permanent`` and ``serious`` are None where its name does not say.
    """

    printed: tuple[str, ...] = ()
    kind: str
    permanent: bool | None = None
    serious: bool | None = None


class NerveTerm(Term):
    """A nerve or structure, its region, and the nerve of which it is a branch."""

    region: str
    part_of: str | None = None


class CautionTerm(Term):
    """A caution that belongs to a number; no source prints it."""

    printed: tuple[str, ...] = ()


T = TypeVar("T", bound=Term)


class TermList(BaseModel, Generic[T]):
    """A closed list; no spelling may stand for two terms."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    entries: tuple[T, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_meaning_per_spelling(self) -> TermList[T]:
        names = [term.name for term in self.entries]
        for repeated in sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"name {repeated!r} twice", "each name once")
        owners: dict[str, str] = {}
        for term in self.entries:
            for spelling in (*term.printed, *term.misprinted):
                owner = owners.setdefault(spelling.casefold(), term.name)
                if owner != term.name:
                    found = f"spelling {spelling!r} of {owner} and {term.name}"
                    raise ValueError(found, "each spelling once")
        return self

    @cached_property
    def by_spelling(self) -> dict[str, T]:
        """Map each printed spelling, in lower case, to its term."""
        return {
            text.casefold(): term
            for term in self.entries
            for text in (*term.printed, *term.misprinted)
        }

    @cached_property
    def by_name(self) -> dict[str, T]:
        """Map each name to its term."""
        return {term.name: term for term in self.entries}

    def find(self, printed: str) -> T | None:
        """Return the term that a spelling stands for, whatever its case; None if unknown."""
        return self.by_spelling.get(" ".join(printed.split()).casefold())

    def spellings(self) -> Iterator[str]:
        """Yield every printed spelling, longest first, so that alternations match greedily."""
        yield from sorted(self.by_spelling, key=lambda text: (-len(text), text))


class NerveList(TermList[NerveTerm]):
    """The nerves, with the words of a cell that are no nerve."""

    headings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _branches_have_a_nerve(self) -> NerveList:
        names = {term.name for term in self.entries}
        for term in self.entries:
            if term.part_of is not None and term.part_of not in names:
                raise ValueError(f"{term.name!r} as part of {term.part_of!r}", "a name of the list")
        return self


class Vocabulary(BaseModel):
    """The words of a review: closed lists, one file each under ``data/vocabulary``, and phrases.

    A review that tells nothing of guidance, nerves, events or reporting has no file for them.
    """

    model_config = ConfigDict(frozen=True, ignored_types=(cached_property,))

    designs: TermList[DesignTerm]
    comparators: TermList[Term]
    measures: TermList[MeasureTerm]
    guidance: TermList[Term] = TermList[Term].model_construct(entries=())
    nerves: NerveList = NerveList.model_construct(entries=())
    events: TermList[EventTerm] = TermList[EventTerm].model_construct(entries=())
    reporting: TermList[Term] = TermList[Term].model_construct(entries=())
    measure_classes: TermList[MeasureClass] = TermList[MeasureClass].model_construct(entries=())
    cautions: TermList[CautionTerm] = TermList[CautionTerm].model_construct(entries=())
    phrases: Phrases

    @cached_property
    def misprints(self) -> tuple[str, ...]:
        """The spellings of all lists that some printing has by mistake."""
        lists = (getattr(self, name) for name in type(self).model_fields if name != "phrases")
        return tuple(text for terms in lists for term in terms.entries for text in term.misprinted)

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """The regular expression of each pattern, with the words of the lists filled in."""
        lists: dict[str, TermList[Any]] = {
            "MEASURE": self.measures,
            "COMPARATOR": self.comparators,
            "EVENT": self.events,
        }
        words = {
            name: "|".join(map(re.escape, terms.spellings())) or NOTHING
            for name, terms in lists.items()
        }
        return {
            phrase.pattern: re.compile(self.phrases.expanded(phrase.pattern, words), re.IGNORECASE)
            for phrase in (*self.phrases.results, *self.phrases.notes)
        }


PHRASES = "source/phrases.yml"

NUMBER = r"\d+(?:\.\d+)?"
UNIT = r"(?:days?|weeks?|months?|years?)"
NOTHING = r"(?!)"  # what a list without entries matches
FROM_VOCABULARY = ("MEASURE", "COMPARATOR", "EVENT")

# What a clause tells; each is a function of ``reading.builders``.
Builder = Literal[
    "responders",
    "responders_twice",
    "pain_free",
    "mean_change",
    "change_from_to",
    "mean_relief",
    "relief",
    "duration",
    "final_level",
    "in_words",
    "no_improvement",
    "no_reduction",
    "definition_not_stated",
    "not_measured",
    "completers",
    "arm_sizes",
    "compared",
    "adverse_events",
]


class Phrase(Declared):
    """One way of writing a clause, and what it tells."""

    build: Builder = Field(description="What the clause tells")
    pattern: str = Field(min_length=1, description="A regular expression, with parts in braces")
    means: dict[str, str] = Field({}, description="Parts that its words mean without printing them")
    example: str = Field(min_length=1, description="A clause that is written in this way")


class Phrases(Declared):
    """The file ``data/source/phrases.yml``."""

    not_stated: tuple[str, ...] = Field((), description="What a cell prints for: not stated")
    parts: dict[str, str] = Field({}, description="Parts of patterns; each may use those below it")
    results: tuple[Phrase, ...] = ()
    notes: tuple[Phrase, ...] = ()

    def expanded(self, pattern: str, words: dict[str, str]) -> str:
        """Return a pattern as a regular expression, with the vocabulary's words filled in."""
        pattern = pattern.replace(" ", r"\s+")
        for name, part in (self.parts | words | {"NUMBER": NUMBER, "UNIT": UNIT}).items():
            pattern = pattern.replace(f"{{{name}}}", part)
        return pattern

    def states_nothing(self, cell: str) -> bool:
        """Return whether a cell says that its value is not stated."""
        return " ".join(cell.split()).casefold() in {text.casefold() for text in self.not_stated}


def read_phrases(folder: Path, problems: list[Problem]) -> Phrases:
    """Return the phrases of the data in ``folder``; patterns that cannot be read are problems."""
    parts: dict[str, type[BaseModel]] = {"": Phrases, "results": Phrase, "notes": Phrase}
    explain: Any = partial(explained, parts=parts)
    found = read_yaml(folder / PHRASES, Phrases, problems, explain=explain)
    if found is None:
        return Phrases.model_construct()
    file = name_of(folder / PHRASES)
    problems.extend(Problem(file, place, None, *said) for place, *said in _unreadable(found))
    return found


def _unreadable(phrases: Phrases) -> Iterator[tuple[str, str, str]]:
    """Yield each pattern that is no regular expression: place, found, allowed."""
    known = ", ".join([*phrases.parts, "NUMBER", "UNIT", *FROM_VOCABULARY])
    words = dict.fromkeys(FROM_VOCABULARY, NOTHING)
    for group in ("results", "notes"):
        for number, phrase in enumerate(getattr(phrases, group), start=1):
            place = f"{group}[{number}].pattern"
            pattern = phrases.expanded(phrase.pattern, words)
            if unknown := re.search(r"\{[A-Z]+\}", pattern):
                yield place, quoted(unknown.group()), f"the parts {known}"
                continue
            try:
                re.compile(pattern)
            except re.error as error:
                yield place, quoted(phrase.pattern), f"a regular expression: {error.msg}"
