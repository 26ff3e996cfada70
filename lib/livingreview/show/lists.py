"""The facts page and the data page: every fact with its rows, every column with its meaning."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.facts import FACTS
from livingreview.prose import facts_in_prose
from livingreview.show import links
from livingreview.show.html import Html, render
from livingreview.show.studies import labels
from livingreview.show.table import table
from livingreview.site.links import slug
from livingreview.tables import TABLES, dictionary

if TYPE_CHECKING:
    from livingreview.facts import Fact
    from livingreview.review import Review


def all_facts(review: Review, book: Path) -> list[Fact]:
    """Return each fact that a chapter or a claim uses or that needs no argument, sorted by id."""
    plain = (name for name, known in FACTS.items() if not known.required())
    claimed = (claim.fact for claim in review.source.claims if claim.fact)
    used = {review.fact(name).id for name in chain(plain, claimed, facts_in_prose(book))}
    return [review.fact(name) for name in sorted(used)]


def facts_list(review: Review, book: str = "..") -> Html:
    """Return an entry per fact: its value, definition, studies, rows, and where it is used."""
    found = all_facts(review, Path(book))
    names = labels(review)
    claims = {name: list(rows["id"]) for name, rows in review.audit.groupby("fact")}
    entries = [
        {
            "id": fact.id,
            "anchor": f"fact-{slug(fact.id)}",
            "definition": fact.definition,
            "text": fact.value.text,
            "studies": Markup(", ").join(
                links.study(key, names[key]) for key in fact.studies if key in names
            ),
            "rows": len(fact.value.rows),
            "base": len(fact.value.base),
            "claims": Markup(", ").join(
                links.claim(name, name) for name in claims.get(fact.id, [])
            ),
        }
        for fact in found
    ]
    lines = (f"{entry['id']}: {entry['text']}" for entry in entries)
    return Html(render("facts.html", entries=entries), "\n".join(lines))


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


def downloads_table(review: Review) -> Html:
    """Return the published files with their rows and what they hold."""
    rows = [
        {
            "File": Markup('<a href="../data/printed/{0}.csv" download>{0}.csv</a>').format(name),
            "Rows": len(review.evidence.table(name)),
            "A row is": (model.__doc__ or "").splitlines()[0].rstrip("."),
        }
        for name, model in TABLES.items()
    ]
    rows += [
        {"File": Markup('<a href="../data/claims.csv" download>claims.csv</a>'),
         "Rows": len(review.audit), "A row is": "One claim with its computed verdict"},
        {"File": Markup('<a href="../data/facts.json" download>facts.json</a>'),
         "Rows": None, "A row is": "Every fact with value, definition and rows"},
        {"File": Markup('<a href="../data/dictionary.csv" download>dictionary.csv</a>'),
         "Rows": len(dictionary()), "A row is": "One column of one table"},
    ]  # fmt: skip
    return table(pd.DataFrame(rows), "Downloads: the printed edition", missing="")
