"""What the site lists: every fact, and every column with its meaning."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from livingreview.book import facts_in_prose
from livingreview.facts import FACTS, UnknownFact, of_edition
from livingreview.facts.registry import EDITION
from livingreview.frames import dictionary
from livingreview.show.html import Html
from livingreview.show.table import table
from livingreview.tables import TABLES

LIVING = "living"

if TYPE_CHECKING:
    from livingreview.facts import Fact
    from livingreview.review import Review


LIVING_ID = f"{EDITION}={LIVING}"


def all_facts(review: Review, book: Path) -> list[Fact]:
    """Return each fact that a chapter or a claim uses or that needs no argument, sorted by id.

    Those of the printed edition only; ``in_living`` gives their counterparts.
    """
    plain = (name for name, known in FACTS.items() if not known.required())
    claimed = (claim.fact for claim in review.source.claims if claim.fact)
    prose = (name for name in facts_in_prose(book) if _is_known(review, name))
    names = chain(plain, claimed, prose)
    used = {of_edition(name, None) if LIVING_ID in name else review.fact(name).id for name in names}
    return [review.fact(name) for name in sorted(used)]


def _is_known(review: Review, name: str) -> bool:
    """Return whether prose names a fact; one that does not exist is told as a missing value."""
    try:
        review.fact(name)
    except UnknownFact:
        return False
    return True


def in_living(review: Review, found: list[Fact]) -> dict[str, Fact]:
    """Return, by id, the same facts asked of the living edition; a fact of an edition has none."""
    return {
        fact.id: review.fact(of_edition(fact.id, LIVING))
        for fact in found
        if f"{EDITION}=" not in fact.id
    }


def dictionary_table(review: Review, name: str) -> Html:
    """Return the columns of one evidence table: type, unit, allowed values, meaning."""
    rows = dictionary()
    rows = rows[rows["table"] == name]
    kinds = rows["type"] + rows["unit"].map(lambda unit: f", {unit}" if unit else "")
    frame = pd.DataFrame(
        {
            "Column": rows["column"],
            "Meaning": rows["meaning"],
            "Type": kinds,
            "Allowed": rows["allowed"],
            "May be empty": rows["may be empty"],
        }
    )
    about = (TABLES[name].__doc__ or "").splitlines()[0].rstrip(".")
    return table(frame, f"{name}: a row is {about[0].lower()}{about[1:]}")
