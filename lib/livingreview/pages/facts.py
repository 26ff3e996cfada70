"""Facts: each with its value, definition and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from livingreview.audit.claims import audits
from livingreview.evidence.edition import LIVING
from livingreview.facts import FACTS
from livingreview.facts.used import all_facts, in_living
from livingreview.show import links
from livingreview.show.html import Html, render
from livingreview.show.rows import Rows
from livingreview.words import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livingreview.book import Chapter
    from livingreview.facts import Fact
    from livingreview.review import Review

MOST_ROWS = 8  # listed of one fact; the download of all facts names every row
BOTH = "both editions"


def facts_list(review: Review, pages: Iterable[Chapter], topic: str | None = None) -> Html:
    """Return an entry per fact: its values, definition, studies, rows, and where it is used.

    The facts are those that the prose of ``pages`` names, that a claim asks, or that need no
    argument. ``topic`` is a module of ``livingreview.facts``; None for all.
    """
    found = [fact for fact in all_facts(review, pages) if topic in (None, topic_of(fact))]
    if not found:
        raise LookupError(f"no fact on the topic {topic}")
    living = in_living(review, found)
    claims = audits(review).drop_duplicates("id")
    asked = {name: list(rows["id"]) for name, rows in claims.groupby("fact")}
    rows = {edition: Rows(review, edition) for edition in review.editions}
    entries = [
        {
            "id": fact.id,
            "definition": fact.definition,
            "answers": _answers(fact, living.get(fact.id), rows),
            "claims": Markup(", ").join(links.claim(name, name) for name in asked.get(fact.id, [])),
        }
        for fact in found
    ]
    lines = (f"{fact.id}: {fact.value.text}" for fact in found)
    return Html(render("facts.html", entries=entries), "\n".join(lines))


def topic_of(fact: Fact) -> str:
    """Return the name of the module that defines the fact."""
    name = fact.id.partition("(")[0]
    return FACTS[name].question.__module__.rpartition(".")[2]


def _answers(fact: Fact, living: Fact | None, rows: dict[str, Rows]) -> list[dict[str, object]]:
    """Return what the editions answer: once where both give one answer for the same studies."""
    if living is None:
        return [_answer(rows, fact.edition, fact)]
    if (fact.value.text, set(fact.studies)) == (living.value.text, set(living.studies)):
        return [_answer(rows, BOTH, fact, living)]
    return [_answer(rows, fact.edition, fact), _answer(rows, LIVING, living)]


def _answer(rows: dict[str, Rows], edition: str, *facts: Fact) -> dict[str, object]:
    """Return one answer as shown, given by one fact or by the same fact in two editions."""
    first = facts[0]
    shown = rows[first.edition]
    # Each listed row names its study; where rows are left out all studies are named.
    named = len(first.value.rows) > MOST_ROWS or not first.value.rows
    listed = [links.study(key, shown.names[key]) for key in first.studies if key in shown.cards]
    # A fact that ignores the edition has the same rows in both.
    by_rows = {(fact.edition, fact.value.rows): fact for fact in facts}
    return {
        "edition": edition,
        "anchors": [f"fact-{slug(fact.id)}" for fact in facts],
        "uses": " | ".join(f"fact:{fact.id}" for fact in facts),
        "text": first.value.text,
        "number": len(listed),
        "studies": listed if named else [],
        "rows": [_listed_rows(rows[fact.edition], fact) for fact in by_rows.values()],
    }


def _listed_rows(rows: Rows, fact: Fact) -> dict[str, object]:
    names = fact.value.rows
    return {
        "edition": rows.edition,
        "number": len(names),
        "base": len(fact.value.base),
        "listed": [(rows.link(name), rows.says(name)) for name in names[:MOST_ROWS]],
        "more": max(len(names) - MOST_ROWS, 0),
    }
