"""A card per study: every row of the evidence that belongs to it, at an address that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livingreview.show.html import Html, render
from livingreview.show.studies import labels
from livingreview.site.links import slug

if TYPE_CHECKING:
    from livingreview.review import Review

TABLES = ("studies", "targets", "outcomes", "adverse_events", "reports", "reporting",
          "printed_verdicts", "references", "disagreements")  # fmt: skip


def row_id(edition: str, name: str) -> str:
    """Return the id of the element that shows a row, like ``row-printed-outcomes-12``."""
    return f"row-{edition}-{slug(name)}"


def study_cards(review: Review) -> Html:
    """Return a card for each study that has a file or a row in an edition."""
    names = labels(review.printed) | labels(review.living)
    keys = dict.fromkeys([*review.living.evidence.studies["key"], *review.source.studies])
    cards = [
        {"id": slug(key), "name": names.get(key, key), "rows": _rows(review, key)} for key in keys
    ]
    lines = (str(card["name"]) for card in cards)
    return Html(render("cards.html", cards=cards), "\n".join(lines))


def _rows(review: Review, key: str) -> list[str]:
    found = []
    for edition in (review.printed, review.living):
        for table in TABLES:
            rows = edition.table(table)
            if rows is not None:
                found += [row_id(edition.edition, name) for name in rows.index[rows["key"] == key]]
        found.append(row_id(edition.edition, f"screening:{key}"))
    return found
