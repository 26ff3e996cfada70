"""Which facts the book uses: those of its prose, of its claims, and those that need no argument."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from livingreview.book import Chapter, facts_named
from livingreview.data.claims import Claim
from livingreview.evidence.edition import LIVING, Edition
from livingreview.facts.registry import EDITION, FACTS, answer, of_edition
from livingreview.facts.values import Fact

LIVING_ID = f"{EDITION}={LIVING}"


def all_facts(edition: Edition, pages: Iterable[Chapter]) -> list[Fact]:
    """Return each fact that a page or a claim uses or that needs no argument, sorted by id.

    Those of the printed edition only; ``in_living`` gives their counterparts. Raises
    ``UnknownFact`` for one that does not exist.
    """
    tells = edition.source.tells
    plain = (
        name
        for name, known in FACTS.items()
        if not known.required() and (known.needs is None or tells(known.needs))
    )
    claimed = (name for claim in edition.source.claims for name in asked_by(edition, claim))
    names = chain(plain, claimed, facts_named(pages))
    used = {
        of_edition(name, None) if LIVING_ID in name else answer(edition, name).id for name in names
    }
    return [answer(edition, name) for name in sorted(used)]


def asked_by(edition: Edition, claim: Claim) -> list[str]:
    """Return the facts that a claim asks, each of the first printing that asks it."""
    asked: dict[str, str] = {}
    for number, printing in enumerate(edition.source.printings):
        name = claim.asks(printing)
        if claim.made_in(printing) and name is not None:
            asked.setdefault(name, of_edition(name, printing if number else None))
    return [*asked.values()]


def in_living(edition: Edition, found: list[Fact]) -> dict[str, Fact]:
    """Return, by id, the same facts asked of the living edition; a fact of an edition has none."""
    return {
        fact.id: answer(edition, of_edition(fact.id, LIVING))
        for fact in found
        if f"{EDITION}=" not in fact.id
    }
