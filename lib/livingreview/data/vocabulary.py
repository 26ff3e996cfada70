"""Closed lists of terms, each with every spelling that a source prints for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from livingreview.data.phrases import NOTHING, Phrases


class Term(BaseModel):
    """One term of a closed list and its printed spellings; those printed by mistake stand apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    printed: tuple[str, ...] = Field(min_length=1)
    misprinted: tuple[str, ...] = ()
    meaning: str | None = None


class DesignTerm(Term):
    """A study design: its group decides the section in which its outcomes are shown."""

    group: Literal["trial", "cohort", "case report"]
    randomised: bool


class MeasureTerm(Term):
    """An outcome measure: a score in points, at most ``most``, or relief in percent of baseline."""

    type: Literal["score", "relief"]
    most: float | None = Field(None, gt=0)


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
