"""Facts by name: ``name`` or ``name(argument=value, argument=value)``.

The same notation names a fact in prose, in the claims file and in the downloads.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livingreview.facts.values import Fact, Value
from livingreview.problems import nearest

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

Question = Callable[..., Value]
EDITION = "edition"  # every fact can be asked of an edition
OF_PRINT = "print"  # of what is printed: of a printing, whatever edition is asked
CALL = re.compile(r"\s*(?P<name>[a-z_0-9]+)\s*(?:\((?P<arguments>[^()]*)\))?\s*")


class UnknownFact(LookupError):
    """The name or an argument of a fact is not known; the message says what is allowed."""


@dataclass(frozen=True)
class Definition:
    """A registered question; its definition may hold ``{argument}`` fields."""

    name: str
    definition: str
    question: Question
    edition: str | None = None  # the one edition whose rows it names, whoever asks
    needs: str | None = None  # what a review must tell for it to mean anything; see Source.tells

    def parameters(self) -> dict[str, Any]:
        """Return the arguments and their defaults, in order."""
        declared = list(inspect.signature(self.question).parameters.values())[1:]
        return {parameter.name: parameter.default for parameter in declared}

    def required(self) -> list[str]:
        """Return the arguments that have no default."""
        empty = inspect.Parameter.empty
        return [name for name, default in self.parameters().items() if default is empty]


FACTS: dict[str, Definition] = {}


def fact(
    definition: str, edition: str | None = None, needs: str | None = None
) -> Callable[[Question], Question]:
    """Register a function of a review as a fact with a one-line definition.

    ``edition`` is for a fact that names rows of one edition only: it is always asked of that one;
    ``OF_PRINT`` for one on what a printing holds, which no reading of a study can change.
    ``needs`` is a closed list, *table2* or *claims*: where a review has none, it is not listed.
    """

    def register(question: Question) -> Question:
        name = question.__name__
        FACTS[name] = Definition(name, definition, question, edition, needs)
        return question

    return register


def parse(text: str) -> tuple[Definition, dict[str, Any]]:
    """Return the definition and the arguments of a fact's id.

    Raises ``UnknownFact`` for a name, an argument or a notation that is not known.
    """
    match = CALL.fullmatch(text)
    if match is None:
        raise UnknownFact("a name, or name(argument=value, argument=value)")
    definition = FACTS.get(match["name"])
    if definition is None:
        raise UnknownFact(nearest(match["name"], sorted(FACTS)))
    known = definition.parameters() | {EDITION: None}
    arguments: dict[str, Any] = {}
    for part in filter(None, re.split(r"\s*,\s*", match["arguments"] or "")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in known:
            raise UnknownFact(f"the arguments of {definition.name}: {', '.join(known) or 'none'}")
        arguments[name] = value
    if missing := [name for name in definition.required() if name not in arguments]:
        raise UnknownFact(f"{definition.name} with {', '.join(missing)}")
    return definition, {name: arguments[name] for name in known if name in arguments}


def canonical_id(text: str) -> str:
    """Return a fact's id in its one spelling: arguments in declared order, one space between."""
    definition, arguments = parse(text)
    inside = ", ".join(f"{name}={value}" for name, value in arguments.items())
    return f"{definition.name}({inside})" if inside else definition.name


def of_edition(text: str, edition: str | None) -> str:
    """Return the id of the same question asked of another edition; None for the review's own."""
    definition, arguments = parse(text)
    arguments.pop(EDITION, None)
    if edition:
        arguments[EDITION] = edition
    inside = ", ".join(f"{name}={value}" for name, value in arguments.items())
    return f"{definition.name}({inside})" if inside else definition.name


def answer(edition: Edition, text: str) -> Fact:
    """Return the fact of an id, asked of an edition once and then remembered.

    Raises ``UnknownFact`` when the id, or a value of one of its arguments, is not known.
    """
    if text not in edition.answers:
        edition.answers[text] = _asked(edition, text)
    found: Fact = edition.answers[text]
    return found


def _asked(edition: Edition, text: str) -> Fact:
    definition, arguments = parse(text)
    other = arguments.pop(EDITION, None)
    if other is not None and other not in edition.editions:
        raise UnknownFact(f"edition one of {', '.join(edition.editions)}; not {other}")
    asked = _edition_for(definition, edition, other)
    value = definition.question(asked, **arguments)
    studies = asked.keys_of(value.rows)
    said = describe(definition, arguments)
    if other and not definition.edition:
        said += f" ({other} edition)"
    return Fact(canonical_id(text), said, value, studies, asked.name)


def _edition_for(definition: Definition, edition: Edition, other: str | None) -> Edition:
    """Return the edition that a fact is asked of."""
    if definition.edition == OF_PRINT:
        return edition.in_edition(other or edition.name).of_print
    return edition.in_edition(definition.edition or other or edition.name)


def describe(definition: Definition, arguments: dict[str, Any]) -> str:
    """Return the definition in words, with the arguments that narrow it."""
    shown = dict.fromkeys(definition.parameters(), "any") | arguments
    text = definition.definition.format_map(shown)
    filters = [
        f"{name.replace('_', ' ')} {value.replace('+', ' or ')}"
        for name, value in arguments.items()
        if f"{{{name}" not in definition.definition
    ]
    return f"{text} ({', '.join(filters)})" if filters else text
