"""Claims of the source review, held against the facts that answer them; facts on the audit."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.data.protocol import Claim
from livingreview.evidence.rule import COMPARE
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, answer, fact
from livingreview.facts.values import Fact, Value
from livingreview.problems import InvalidData, Problem, quoted

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

REPRODUCED = "reproduced"
CONTRADICTED = "contradicted by the review's own tables"
NOT_COMPUTABLE = "cannot be computed"
DISPUTED = "contradicted by the primary study"
VERDICTS = (REPRODUCED, CONTRADICTED, DISPUTED, NOT_COMPUTABLE)
RELATION_WORDS = {
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
VERDICT_OF = {
    "reproduced": REPRODUCED,
    "contradicted": CONTRADICTED,
    "disputed": DISPUTED,
    "not computable": NOT_COMPUTABLE,
}


COLUMNS = [
    "id",
    "section",
    "says",
    "prints",
    "relation",
    "expects",
    "question",
    "fact",
    "computed",
    "as_read",
    "verdict",
    "why_not",
    "matters",
]


def holds(claim: Claim, value: Value) -> bool:
    """Return whether the computed value stands in the claim's relation to the printed one.

    Words count: *most*, *often*, *generally* mean more than half, *some* at least one. Numbers
    are compared after rounding the computed one to the decimals that are printed.
    """
    words: dict[str, Callable[[], bool]] = {
        "most": lambda: value.of is not None and 2 * value.value > value.of,
        "all": lambda: value.of is not None and value.value == value.of > 0,
        "none": lambda: value.value == 0,
        "some": lambda: value.value > 0,
        "range": lambda: claim.prints[0] <= value.value[0] and value.value[1] <= claim.prints[1],
        "same": lambda: as_terms(value.value) == as_terms(claim.prints),
    }
    if claim.relation in words:
        return words[claim.relation]()
    rounded = round(float(value.value), decimals(claim.prints))
    return COMPARE[claim.relation](rounded, float(claim.prints))


def misfit(claim: Claim, value: Value | None) -> str | None:
    """Return what the relation of a claim needs, if what is printed or computed does not fit it.

    Without this a claim that asks for a share of a fact that has none would look contradicted.
    """
    if value is None or value.value is None or claim.relation == "same":
        return None
    number, pair = is_number(value.value), is_pair(value.value)
    if claim.relation == "range":
        fits, need = pair and is_pair(claim.prints), "two numbers, printed and computed"
    elif claim.relation in ("most", "all"):
        fits, need = number and value.of is not None, "a fact that is a share"
    elif claim.relation in ("none", "some"):
        fits, need = number, "a fact that is a number"
    else:
        fits, need = number and is_number(claim.prints), "numbers, printed and computed"
    return None if fits else f"for the relation {claim.relation}: {need}"


def is_number(value: Any) -> bool:
    """Return whether a value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_pair(value: Any) -> bool:
    """Return whether a value is a list of two numbers."""
    return isinstance(value, list) and len(value) == 2 and all(map(is_number, value))


def as_terms(value: Any) -> set[str]:
    """Return a printed or computed list, or a single term, as a set of lower-case texts."""
    terms = value if isinstance(value, list) else [value]
    return {str(term).casefold() for term in terms}


def decimals(printed: Any) -> int:
    """Return how many decimals a printed number has."""
    return len(f"{printed:g}".partition(".")[2])


def verdict_of(claim: Claim, value: Value | None) -> str:
    """Return the verdict on a claim; None stands for a claim that no fact can answer."""
    if value is None or value.value is None:
        return NOT_COMPUTABLE
    if isinstance(value.value, float) and math.isnan(value.value):
        return NOT_COMPUTABLE
    return REPRODUCED if holds(claim, value) else CONTRADICTED


@lru_cache(maxsize=8)  # its facts and the pages ask the same
def audit(edition: Edition) -> pd.DataFrame:
    """Return one row per claim: what it says, what is printed and computed, and the verdict.

    Raises ``InvalidData`` with each claim whose fact is not known or does not fit its relation, or
    that has neither a fact nor a reason why there is none.
    """
    problems: list[Problem] = []
    rows = []
    for number, claim in enumerate(edition.source.claims, start=1):
        try:
            found = _answer_to(edition, claim)
        except UnknownFact as error:
            named = quoted(claim.fact) if claim.fact else "nothing"
            problems.append(_problem(edition, number, claim, named, str(error)))
            continue
        rows.append(_row(edition, claim, found))
    if problems:
        raise InvalidData(problems)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.index = pd.Index([f"claims:{name}" for name in frame["id"]])
    return frame


def _row(edition: Edition, claim: Claim, found: Fact | None) -> dict[str, Any]:
    """Return the row of the audit for one claim and the fact that answers it."""
    value = found.value if found else None
    verdict, checked = verdict_of(claim, value), value_as_read(edition, claim)
    if verdict == REPRODUCED and verdict_of(claim, checked) == CONTRADICTED:
        verdict = DISPUTED
    return {
        "id": claim.id,
        "section": claim.section,
        "says": claim.says,
        "prints": printed_text(claim.prints),
        "relation": RELATION_WORDS[claim.relation],
        "expects": expected_text(claim),
        "question": claim.question,
        "fact": found.id if found else None,
        "computed": value.text if value else None,
        "as_read": checked.text if checked else None,
        "verdict": verdict,
        "why_not": claim.why_not,
        "matters": claim.matters,
    }


def value_as_read(edition: Edition, claim: Claim) -> Value | None:
    """Return the answer with the values of the primary studies where they were read.

    Only the review's own studies are asked, so that an added study contradicts no claim. None
    where the claim has no fact, or the answer does not fit its relation.
    """
    if claim.fact is None:
        return None
    value = answer(edition.checked, claim.fact).value
    return None if misfit(claim, value) else value


def _answer_to(edition: Edition, claim: Claim) -> Fact | None:
    """Return the fact of a claim, None where the claim says why there is none."""
    if claim.fact is None:
        if claim.why_not is None:
            raise UnknownFact("a fact, or why_not saying which data are missing")
        return None
    found = answer(edition, claim.fact)
    if need := misfit(claim, found.value):
        raise UnknownFact(need)
    return found


def _problem(edition: Edition, number: int, claim: Claim, found: str, allowed: str) -> Problem:
    file = edition.source.file("source/claims.yml")
    return Problem(file, f"{number} ({claim.id})", "fact", found, allowed)


def printed_text(prints: Any) -> str:
    """Return what a claim prints as text."""
    if isinstance(prints, list):
        return ", ".join(map(str, prints))
    return "" if prints is None else str(prints)


def expected_text(claim: Claim) -> str:
    """Return what a claim prints as a reader would say it: "more than 80", "2 to 4.2", "most"."""
    printed = printed_text(claim.prints)
    if claim.relation == "range":
        return " to ".join(map(str, claim.prints))
    if claim.relation in ("<", "<=", ">", ">="):
        return f"{RELATION_WORDS[claim.relation]} {printed}" if printed[:1].isdigit() else printed
    return "none" if claim.relation == "none" and printed == "0" else printed


@fact("Checkable claims of the source review", edition="printed", needs="claims")
def claims(edition: Edition) -> Value:
    """Count the claims of the claims file."""
    return values.count(audit(edition))


@fact("Claims whose computed verdict is: {verdict}", edition="printed")
def claims_with(edition: Edition, verdict: str) -> Value:
    """Count claims with a verdict: reproduced, contradicted, disputed, not computable."""
    if verdict not in VERDICT_OF:
        raise UnknownFact(f"verdict one of {', '.join(VERDICTS)}")
    rows = audit(edition)
    return values.share(rows[rows["verdict"] == VERDICT_OF[verdict]], rows, column=None)


@fact("Minimum follow-up of the long-term rule in force")
def rule_months(edition: Edition) -> Value:
    """Return months: the protocol's, or those that this run was given."""
    nothing = edition.studies.iloc[:0]
    return values.number(edition.rule.minimum_followup_months, nothing, "months")
