"""What the relation of a claim means: whether what was computed stands in it to what is printed.

A computed value may be a range, where some of what it counts is undecided. A claim *holds* if each
value in the range satisfies it, and *does not hold* if none does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from livingreview.data.claims import FAILS, HOLDS, NOT_COMPUTABLE, NOTHING, UNDECIDED, Relation
from livingreview.evidence.rule import COMPARE
from livingreview.facts.values import Value

WORDS: dict[Relation, str] = {
    "=": "equal",
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "most": "more than half",
    "all": "all",
    "none": "none",
    "some": "at least one",
    "range": "within the printed range",
    "same": "the same terms",
}
# Of a number out of a base: what it has to be. Each is true of all numbers above or below a limit.
OF_A_BASE: dict[str, Callable[[float, float | None], bool]] = {
    "most": lambda number, of: of is not None and 2 * number > of,
    "all": lambda number, of: number == of,
    "none": lambda number, of: number == 0,
    "some": lambda number, of: number > 0,
}


def verdict_of(relation: Relation, printed: Any, value: Value | None) -> str:
    """Return the verdict on what is printed; None stands for a claim that no fact can answer."""
    if value is not None and value.of == 0 and relation in OF_A_BASE:
        return NOTHING
    if value is None or value.value is None:
        return NOT_COMPUTABLE
    if isinstance(value.value, float) and math.isnan(value.value):
        return NOT_COMPUTABLE
    if relation == "same":
        most = value.value if value.most is None else value.most
        return _of_terms(as_terms(printed), as_terms(value.value), as_terms(most))
    if relation == "range":
        low, high = value.value
        return HOLDS if printed[0] <= low and high <= printed[1] else FAILS
    return _of_numbers(relation, printed, value)


def _of_numbers(relation: Relation, printed: Any, value: Value) -> str:
    """Return the verdict for every whole number, or either end, that the value may be."""
    low, high = value.range.least, value.range.most
    if relation in OF_A_BASE:
        answers = {OF_A_BASE[relation](number, value.of) for number in (low, high)}
    else:
        digits = decimals(printed)
        low, high = round(float(low), digits), round(float(high), digits)
        if relation == "=" and low < printed < high:
            return UNDECIDED
        answers = {COMPARE[relation](number, float(printed)) for number in (low, high)}
    return UNDECIDED if len(answers) > 1 else HOLDS if answers == {True} else FAILS


def _of_terms(printed: set[str], certain: set[str], most: set[str]) -> str:
    """Return the verdict on a set of names, of which some are certain and others may belong."""
    if not certain <= printed <= most:
        return FAILS
    return HOLDS if certain == most else UNDECIDED


def misfit(relation: Relation, printed: Any, value: Value | None) -> str | None:
    """Return what a relation needs, if what is printed or computed does not fit it.

    Without this a claim that asks for a share of a fact that has none would look refuted.
    """
    if value is None or value.value is None or relation == "same":
        return None
    number, pair = is_number(value.value), is_pair(value.value)
    if relation == "range":
        fits, need = pair and is_pair(printed), "two numbers, printed and computed"
    elif relation in ("most", "all"):
        fits, need = number and value.of is not None, "a fact that is a share"
    elif relation in ("none", "some"):
        fits, need = number, "a fact that is a number"
    else:
        fits, need = number and is_number(printed), "numbers, printed and computed"
    return None if fits else f"for the relation {relation}: {need}"


def is_number(value: Any) -> bool:
    """Return whether a value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_pair(value: Any) -> bool:
    """Return whether a value is a list of two numbers."""
    return isinstance(value, list) and len(value) == 2 and all(map(is_number, value))


def as_terms(value: Any) -> set[str]:
    """Return a printed or computed list, or a single term, as a set of lower-case texts."""
    terms = value if isinstance(value, list | tuple) else [value]
    return {str(term).casefold() for term in terms}


def decimals(printed: Any) -> int:
    """Return how many decimals a printed number has."""
    return len(f"{printed:g}".partition(".")[2])


def printed_text(printed: Any) -> str:
    """Return what is printed as text."""
    if isinstance(printed, list | tuple):
        return ", ".join(map(str, printed))
    return "" if printed is None else str(printed)


def expected_text(relation: Relation, printed: Any) -> str:
    """Return what is printed as a reader would say it: "more than 80", "2 to 4.2", "most"."""
    if relation == "range":
        return " to ".join(map(str, printed))
    text = printed_text(printed)
    if relation in ("<", "<=", ">", ">="):
        return f"{WORDS[relation]} {text}" if text.lstrip("-")[:1].isdigit() else text
    return "none" if relation == "none" and text == "0" else text
