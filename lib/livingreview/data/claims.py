"""The claims that the source review makes, and what readers judged of them from it alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from livingreview.data.protocol import Declared, in_printing
from livingreview.problems import Problem, quoted

Relation = Literal["=", "<", "<=", ">", ">=", "most", "all", "none", "some", "range", "same"]
Section = Literal[
    "abstract",
    "introduction",
    "methods",
    "results",
    "table1",
    "table2",
    "discussion",
    "conclusion",
    "references",
]
Matters = Literal["clinical", "evidence", "bookkeeping"]

HOLDS, FAILS = "holds", "does not hold"
UNDECIDED, NOTHING, NOT_COMPUTABLE = "undecided", "nothing to judge", "cannot be computed"
VERDICTS = (HOLDS, FAILS, UNDECIDED, NOTHING, NOT_COMPUTABLE)
Verdict = Literal["holds", "does not hold", "undecided", "nothing to judge", "cannot be computed"]


class Claim(Declared):
    """One checkable statement of the source review, in our own words, true to its context.

    ``prints`` is what is printed; where the printings differ it is a mapping by their names, and a
    printing that is not named does not make the claim. ``at`` (first and last words of the
    sentence, or the cells) and ``cites`` (reference numbers) differ by printing in the same way.
    Claims that rest on one slip share a ``group``. ``fact`` names the fact that answers, by
    printing where not each can be asked; ``why_not`` says which data are missing without one.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    section: Section
    at: str | dict[str, str]
    says: str = Field(min_length=1)
    prints: Any
    relation: Relation
    cites: tuple[int, ...] | dict[str, tuple[int, ...]] = ()
    group: str | None = Field(None, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    matters: Matters
    question: str = Field(min_length=1)
    fact: str | dict[str, str] | None = None
    why_not: str | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _is_answered_or_says_why_not(self) -> Claim:
        if not isinstance(self.fact, str) and self.why_not is None:
            raise ValueError("no fact", "a fact, or why_not saying which data are missing")
        return self

    def made_in(self, printing: str) -> bool:
        """Return whether a printing makes this claim."""
        return not isinstance(self.prints, dict) or printing in self.prints

    def printed(self, printing: str) -> Any:
        """Return what a printing prints."""
        return in_printing(self.prints, printing)

    def asks(self, printing: str) -> str | None:
        """Return the fact that answers the claim in a printing; None where none does."""
        name: str | None = in_printing(self.fact, printing)
        return name

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that answer it in any printing."""
        named = [*self.fact.values()] if isinstance(self.fact, dict) else [self.fact]
        return tuple(name for name in named if name is not None)

    def place(self, printing: str) -> str:
        """Return the first and the last words of the sentence in a printing, or the cells."""
        return str(in_printing(self.at, printing))

    def cited(self, printing: str) -> tuple[int, ...]:
        """Return the reference numbers that the sentence cites in a printing."""
        return tuple(in_printing(self.cites, printing) or ())


class Claims(Declared):
    """The file ``data/source/claims.yml``."""

    claims: tuple[Claim, ...] = Field(min_length=1)


class Settled(Declared):
    """What stands, and why."""

    judged: Verdict
    reason: str = Field(min_length=1)


class Reading(Settled):
    """What one reader judged, why, on what was found, and what of our words is unfair."""

    found: str | None = Field(None, min_length=1)
    paraphrase: str | None = Field(None, min_length=1)


class Judgement(Declared):
    """What was judged of a claim from the source alone, before its computed verdict was seen.

    ``readings`` are those of readers who did not see each other's. Where they differ, or were set
    aside, ``settled`` says what stands, and why; ``mended`` says what of the claim or its
    definition was changed because of them. ``printing`` names the printing that was judged; without
    it, each that makes the claim.
    """

    claim: str
    printing: str | None = None
    readings: tuple[Reading, ...] = Field(min_length=1)
    settled: Settled | None = None
    mended: str | None = Field(None, min_length=1)

    @property
    def differ(self) -> bool:
        """Whether the readers judged differently."""
        return len({reading.judged for reading in self.readings}) > 1

    @property
    def stands(self) -> Settled:
        """The judgement that stands: what was settled, else what the readers agree on."""
        return self.settled or self.readings[0]

    @model_validator(mode="after")
    def _a_difference_is_settled(self) -> Judgement:
        if self.differ and self.settled is None:
            found = " and ".join(quoted(reading.judged) for reading in self.readings)
            raise ValueError(found, "settled, with what stands and why")
        return self


class Judgements(Declared):
    """The file ``data/source/judgements.yml``."""

    judgements: tuple[Judgement, ...] = ()


def misplaced(claims: tuple[Claim, ...], printings: list[str], file: str) -> Iterator[Problem]:
    """Yield what a claim says of a printing that does not exist or does not make it."""
    for number, claim in enumerate(claims, start=1):
        row = f"{number} ({claim.id})"
        makers = [*claim.prints] if isinstance(claim.prints, dict) else printings
        for field in ("prints", "at", "cites", "fact"):
            value = getattr(claim, field)
            named = [*value] if isinstance(value, dict) else makers
            for name in named:
                if name not in printings:
                    yield Problem(file, row, field, quoted(name), f"one of {', '.join(printings)}")
                elif name not in makers:
                    allowed = f"only {', '.join(makers)}, which makes the claim"
                    yield Problem(file, row, field, quoted(name), allowed)
            if field == "at" and (silent := [name for name in makers if name not in named]):
                allowed = "where the claim stands in each printing that makes it"
                yield Problem(file, row, field, f"nothing for {', '.join(silent)}", allowed)


def misjudged(
    judgements: tuple[Judgement, ...], claims: tuple[Claim, ...], printings: list[str], file: str
) -> Iterator[Problem]:
    """Yield judgements of what is no claim, of a printing that does not make it, or repeated."""
    by_id = {claim.id: claim for claim in claims}
    seen: set[tuple[str, str]] = set()
    for number, judgement in enumerate(judgements, start=1):
        row = f"{number} ({judgement.claim})"
        claim = by_id.get(judgement.claim)
        if claim is None:
            yield Problem(file, row, "claim", quoted(judgement.claim), "the id of a claim")
            continue
        makers = [name for name in printings if claim.made_in(name)]
        if judgement.printing is not None and judgement.printing not in makers:
            allowed = f"one of {', '.join(makers)}, which make the claim"
            yield Problem(file, row, "printing", quoted(judgement.printing), allowed)
        judged = makers if judgement.printing is None else [judgement.printing]
        for name in judged:
            if (judgement.claim, name) in seen:
                yield Problem(file, row, "claim", f"judged again for {name}", "each printing once")
            seen.add((judgement.claim, name))
