"""What peer review changed: the printings of the source review, and its figures, held together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.evidence import figures
from livingreview.evidence.printings import KINDS, PARTS, SAME, STATES, WORDING, changes, slips
from livingreview.facts.printings import figure_span
from livingreview.show import links
from livingreview.show.html import Html
from livingreview.show.rows import study_link
from livingreview.show.table import shown, table
from livingreview.words import joined

if TYPE_CHECKING:
    from livingreview.review import Review

NOTHING = "nothing"
FIRST = ("clinical",)  # to whom a claim matters that stands before the others


def printings_table(review: Review) -> Html:
    """Return where and when each printing came out, and whether it was reviewed by peers."""
    frame = pd.DataFrame(
        {
            "Printing": printing.name or "the only one",
            "Title": printing.imprint.title,
            "Published": printing.imprint.posted.isoformat(),
            "Peer-reviewed": "yes" if printing.imprint.peer_reviewed else "no",
            "Address": links.doi(printing.imprint.doi),
        }
        for printing in review.source.printings.values()
    )
    return table(frame, "The printings of the source review")


def differences_table(review: Review) -> Html:
    """Return what the texts say differently, the weightiest first, and what follows."""
    names = [*review.source.printings]
    rows = [
        [entry.what, *(entry.prints.get(name, "") for name in names), entry.matters]
        for entry in review.source.differences
    ]
    columns = ["Matter", *(_heading(name) for name in names), "What follows"]
    caption = "What the texts say differently, in our words"
    return table(pd.DataFrame(rows, columns=columns), caption, missing=NOTHING)


def _heading(printing: str) -> str:
    return printing.capitalize() or "Printed"


def claims_by_printing(review: Review) -> Html:
    """Return the claims that not all printings make alike; what matters to a clinician first.

    Numbers of a list of references that only moved are alike.
    """
    names = [*review.source.printings]
    differing = [
        claim
        for claim in review.source.claims
        if isinstance(claim.prints, dict) and len(_said_of(review, claim.prints)) > 1
    ]
    differing.sort(key=lambda claim: str(claim.matters) not in FIRST)
    rows = [
        [links.claim(claim.id, claim.says), *_stated(claim.prints, names)] for claim in differing
    ]
    if not rows:
        text = "No claim is recorded that only one printing makes, or with another value."
        return Html(f"<p>{text}</p>", text)
    columns = ["Claim, in our words", *map(_heading, names)]
    caption = (
        f"The {len(rows)} claims that not all printings make alike, of {len(review.source.claims)}"
    )
    return table(pd.DataFrame(rows, columns=columns), caption, missing="not in its text")


def _said_of(review: Review, prints: dict[str, Any]) -> list[object]:
    """Return the different values that the printings print, numbers of references as works."""
    found: list[object] = []
    for name, printing in review.source.printings.items():
        value = prints.get(name)
        if isinstance(value, list | tuple) and set(value) <= set(printing.references):
            value = sorted(printing.references[number].key for number in value)
        if value not in found:
            found.append(value)
    return found


def _stated(prints: dict[str, Any], names: list[str]) -> list[str]:
    """Return what each printing prints; of a claim that one alone makes, that it is stated."""
    if len(prints) == 1:
        return ["stated" if name in prints else "" for name in names]
    return [_printed(prints.get(name)) for name in names]


def _printed(value: object) -> str:
    if isinstance(value, list | tuple):
        return joined(map(str, value))
    return "" if value is None else str(value)


def statements_changed_table(review: Review) -> Html:
    """Return what either printing states of its method that the other does not state so."""
    names = [*review.source.printings]
    editions = [review.printed, *(review.in_edition(name) for name in names[1:])][:2]
    before, after = (
        edition.statements.set_index(["what", "place"])["value"]
        for edition in (editions[0], editions[-1])
    )
    earlier, later = _headings(review)
    rows = [
        {
            "Item": what,
            "Stated in": place,
            earlier: shown(before.get((what, place))),
            later: shown(after.get((what, place))),
        }
        for what, place in dict.fromkeys([*before.index, *after.index])
        if shown(before.get((what, place))) != shown(after.get((what, place)))
    ]
    frame = pd.DataFrame(rows, columns=["Item", "Stated in", earlier, later])
    return table(
        frame, "What the printings state differently of their method", missing="not stated"
    )


def counts_table(review: Review) -> Html:
    """Return, per part of the print, how much is the same, said otherwise, new or gone."""
    rows = changes(review.printed)
    counts = pd.crosstab(rows["part"], rows["kind"]).reindex(
        index=list(PARTS), columns=list(KINDS), fill_value=0
    )
    counts["compared"] = counts.sum(axis=1)
    titles = {
        "same": "The same",
        "wording": "Other words, same content",
        "value": "Other content",
        "added": "Added",
        "dropped": "Dropped",
        "compared": "Compared",
    }
    frame = counts.rename(columns=titles).rename_axis(index="Part", columns=None).reset_index()
    frame["Part"] = ["Cells of table 1", "Cells of table 2", "Entries of the reference list"]
    return table(frame, "What was compared between the printings, and how it changed")


def changed_cells_table(review: Review) -> Html:
    """Return the cells that tell something else in the later printing."""
    rows = changes(review.printed)
    rows = rows[(rows["part"] != PARTS[-1]) & ~rows["kind"].isin([SAME, WORDING])]
    return _changes(review, rows, "Cells that tell something else")


def changed_references_table(review: Review) -> Html:
    """Return the entries of the reference lists that were added, dropped or changed."""
    rows = changes(review.printed)
    rows = rows[(rows["part"] == PARTS[-1]) & (rows["kind"] != SAME)]
    return _changes(review, rows, "Entries of the reference lists that differ")


def _changes(review: Review, rows: pd.DataFrame, caption: str) -> Html:
    earlier, later = _headings(review)
    frame = pd.DataFrame(
        {
            "Study": [study_link(review, key) for key in rows["key"]],
            "Where": _places(rows["place"]),
            "What": rows["field"],
            earlier: rows["before"].str.strip(),
            later: rows["after"].str.strip(),
        }
    )
    return table(frame, caption, missing=NOTHING)


def _headings(review: Review) -> tuple[str, str]:
    """Return the headings of what the first two printings print; of one, the second is empty."""
    earlier, later, *_ = (*map(_heading, review.source.printings), "Later", "")
    return earlier, later


def _places(places: pd.Series[str]) -> list[str]:
    return [place[:1].upper() + place[1:] for place in places]


def slips_table(review: Review) -> Html:
    """Return the slips of the tables: mended, new and kept, each once."""
    rows = slips(review.printed)
    rows = rows[~rows.duplicated(["key", "slip"])]
    order = {state: number for number, state in enumerate(STATES)}
    rows = rows.sort_values("state", key=lambda states: states.map(order), kind="stable")
    earlier, later = _headings(review)
    frame = pd.DataFrame(
        {
            "Study": [study_link(review, key) for key in rows["key"]],
            "Slip": rows["slip"],
            "Became": rows["state"],
            "Where": _places(rows["place"]),
            earlier: rows["before"].str.strip(),
            later: rows["after"].str.strip(),
        }
    )
    return table(frame, "Slips of the tables, and what became of them", missing="blank")


def drawn_flow_table(review: Review) -> Html:
    """Return the flow of studies as drawn, what leaves each box, and what then remains."""
    found = figures.figures_of(review)
    checked = figures.checks(review.printed)
    follows = dict(zip(checked["what"], checked["low"], strict=True))
    rows = [
        {
            "Box, as drawn": box.words,
            "Printed": str(box.records),
            "Follows from those above": str(follows.get(box.words, "")),
            "Leaves here": "; ".join(f"{part.records}: {part.reason}" for part in box.leaving),
        }
        for box in (found[0].flow.boxes if found else ())
    ]
    columns = ["Box, as drawn", "Printed", "Follows from those above", "Leaves here"]
    where = found[0].flow.locator if found else "no figure is read"
    frame = pd.DataFrame(rows, columns=columns)
    return table(frame, f"The flow of studies ({where}), from top to bottom")


def drawn_order(review: Review) -> Html:
    """Return in a sentence whether the boxes stand in the order of PRISMA 2020, or which do not."""
    found = figures.figures_of(review)
    if found is None:
        return Html("<p>No figure is read.</p>", "No figure is read.")
    drawn = [(step, boxes[0].words) for step, boxes in figures.stages(found[0].flow)]
    right = sorted(drawn, key=lambda stage: figures.PRISMA.index(stage[0]))
    text = "The boxes stand in the order of PRISMA 2020."
    if drawn != right:
        moved = [words for stage, (_, words) in zip(drawn, right, strict=True) if stage[1] != words]
        named = ", then ".join(f"“{words}”" for words in moved)
        text = f"The boxes do not stand in the order of PRISMA 2020, which is {named}."
    return Html(str(Markup("<p>{}</p>").format(text)), text)


def drawn_targets_table(review: Review) -> Html:
    """Return the count of targets as drawn, and the rows of the table that it can stand for."""
    checked = figures.checks(review.printed)
    rows = checked[(checked["part"] == figures.TARGETS) | (checked["what"] == figures.SUM)]
    found = figures.figures_of(review)
    spans = zip(rows["low"], rows["high"], strict=True)
    counted = [Markup(", ").join(study_link(review, key) for key in keys) for keys in rows["keys"]]
    frame = pd.DataFrame(
        {
            "Target, as drawn": rows["what"],
            "Printed": rows["printed"].astype(str),
            "Rows of the first table": [figure_span(*ends) for ends in spans],
            "Agree": ["yes" if follows else "no" for follows in rows["follows"]],
            "Studies": counted,
        }
    )
    where = found[0].targets.locator if found else "no figure is read"
    return table(frame, f"Studies by target ({where}), held against the first table")


def drawn_exclusions_table(review: Review) -> Html:
    """Return the reasons for exclusion that included studies may be held against."""
    rows = figures.exclusions(review.printed)
    frame = pd.DataFrame(
        {
            "Reason for exclusion, as drawn": rows["reason"],
            "Excluded": rows["records"].astype(str),
            "Included": [
                Markup(", ").join(study_link(review, k) for k in ks) for ks in rows["keys"]
            ],
            "Namely those": rows["how"],
        }
    )
    return table(frame, "Reasons for exclusion beside studies that were included", missing="none")
