"""The phrases in which the authors of the source review write results: ``source/phrases.yml``.

A pattern is a regular expression whose spaces stand for any white space and whose names in braces
stand for parts: those of the file, those below, and the vocabulary's measures, comparators, events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.problems import Problem, explained, quoted

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
