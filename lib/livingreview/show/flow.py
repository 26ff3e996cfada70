"""The flow of studies as a diagram of boxes that list their studies, and the screening table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.data.screening import DECISIONS
from livingreview.evidence.flow import PREVIOUS, Box, flow
from livingreview.show import links
from livingreview.show.html import Html, render
from livingreview.show.table import table

if TYPE_CHECKING:
    from livingreview.review import Review


# How the bibliography says that nobody has seen who wrote an entry.
NO_AUTHOR = "Authors not in the part read"


def study_name(review: Review, key: str) -> str:
    """Return author and year of the bibliography's entry; its title where no author is known.

    A study without an entry is named by its key.
    """
    reference = review.source.references.get(key)
    if reference is None:
        return key
    author = reference.surnames[0] if reference.surnames else NO_AUTHOR
    year = reference.year or "year not in the part read"
    if author == NO_AUTHOR:
        return f"{reference.title.strip('[]')} ({year})"
    number = f" [{reference.number}]" if reference.number is not None else ""
    return f"{author} {year}{number}"


def study_link(review: Review, key: str) -> Markup:
    """Return a study's name; a link to its card where it has one, else by its DOI."""
    name = study_name(review, key)
    if key in review.source.studies or key in set(review.living.studies["key"]):
        return links.study(key, name)
    reference = review.source.references.get(key)
    return (
        links.doi(reference.doi, name) if reference and reference.doi else Markup("{}").format(name)
    )


def flow_diagram(review: Review) -> Html:
    """Return the flow of studies: three columns of boxes, and what they come to.

    Raises ``InvalidData`` where the flow does not balance.
    """
    found = flow(review)
    columns = [
        {
            "title": name,
            "class": "flow-previous" if name == PREVIOUS else "flow-new",
            "boxes": [_as_shown(review, box) for box in boxes],
        }
        for name, boxes in found.columns.items()
    ]
    totals = [_as_shown(review, box) for box in found.totals]
    html = render("flow.html", columns=columns, totals=totals)
    lines = ["Flow of studies"]
    for name, boxes in (*found.columns.items(), ("In all", found.totals)):
        lines += [name, *(f"  {box.title}: {_number(box)}" for box in boxes)]
    return Html(html, "\n".join(lines))


def _number(box: Box) -> str:
    """Return a number with what is said of it, or the words that stand for it, as plain text."""
    if box.number is None:
        return box.words
    return f"{box.number}, {box.words}" if box.words else str(box.number)


def _as_shown(review: Review, box: Box) -> dict[str, object]:
    reasons = box.reasons or {}
    return {
        "title": box.title,
        "known": box.number is not None,
        "number": box.words if box.number is None else str(box.number),
        "more": box.words if box.number is not None else "",
        "step": box.step,
        "studies": [(study_link(review, key), reasons.get(key)) for key in box.studies],
    }


def screening_table(review: Review) -> Html:
    """Return every candidate: the decision, the reason, why it is new, and how it was found."""
    order = {name: place for place, name in enumerate(DECISIONS)}
    candidates = sorted(review.source.screening, key=lambda c: (order[c.decision], c.key))
    columns = ["Study", "Decision", "Reason", "Why new", "Found by"]
    rows = [
        [study_link(review, c.key), c.decision, c.reason, c.why_new, c.found_by] for c in candidates
    ]
    counts = ", ".join(
        f"{sum(c.decision == name for c in candidates)} {name}" for name in DECISIONS
    )
    caption = f"The {len(candidates)} candidate studies: {counts}"
    return table(pd.DataFrame(rows, columns=columns), caption)
