"""Methods: what the review states, whom it includes, and the flow of studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.data.protocol import PLACES
from livingreview.data.screening import DECISIONS
from livingreview.evidence.flow import PREVIOUS, Box, flow
from livingreview.facts.printed import disagreeing
from livingreview.show import links
from livingreview.show.html import Html, render
from livingreview.show.rows import study_link
from livingreview.show.table import is_missing, shown, table
from livingreview.words import slug

if TYPE_CHECKING:
    from livingreview.review import Review

NOT_REPORTED = "not reported in the text"


def statements_table(review: Review, only_differing: bool = False) -> Html:
    """Return what each place of the review states on each item, and whether the places agree."""
    rows = review.statements
    differ = disagreeing(rows)
    if not only_differing:  # both tables may stand on one page: the whole one is linked to
        cells = [_linked_to(str(name), value) for name, value in rows["value"].items()]
        rows = rows.assign(value=pd.Series(cells, index=rows.index, dtype=object))
    wide = rows.pivot(index=["item", "what"], columns="place", values="value").reset_index()
    wide = wide.set_index("item").loc[list(dict.fromkeys(rows["item"]))]
    words = {item: "no" if differs else "yes" for item, differs in differ.items()}
    places = [place for place in PLACES if place in wide.columns]
    frame = wide[places].rename(columns=str.capitalize)
    frame.insert(0, "Item", wide["what"])
    frame["Places agree"] = [words.get(item, "one place only") for item in wide.index]
    if only_differing:
        frame = frame[frame["Places agree"] == "no"].dropna(axis="columns", how="all")
    caption = "Items that the review states differently in different places"
    if not only_differing:
        caption = "What the review states of its method, place by place"
    return table(frame, caption, missing="not stated")


def _linked_to(name: str, value: object) -> object:
    """Return a cell with the id of its row of the evidence."""
    return value if is_missing(value) else links.anchor(f"row-printed-{slug(name)}", shown(value))


def eligibility_table(review: Review) -> Html:
    """Return the review's rules of inclusion and exclusion, and where each is stated."""
    rules = review.source.protocol.eligibility
    frame = pd.DataFrame(
        {"Rule": rule.rule, "Effect": effect, "Stated in": ", ".join(rule.stated_in)}
        for effect, group in (("included", rules.include), ("excluded", rules.exclude))
        for rule in group
    )
    return table(frame, "Rules of inclusion and exclusion, in our words")


def flow_table(review: Review) -> Html:
    """Return the steps of the flow of studies: what the text does not carry is said to be so."""
    rows: list[dict[str, object]] = [
        {"Step": step.step, "Number": NOT_REPORTED if step.number is None else step.number}
        for step in review.source.protocol.flow.steps
    ]
    rows.append(
        {"Step": "Rows in the first table", "Number": review.fact("printed_rows").value.text}
    )
    rows.append({"Step": "Distinct studies in it", "Number": review.fact("studies").value.text})
    return table(pd.DataFrame(rows), "Flow of studies in the source review", numeric=())


def attribution(review: Review) -> Html:
    """Return the credit that the licence of the source review asks for, for each printing."""
    imprints = [printing.imprint for printing in review.source.printings.values()]
    lines = [
        Markup("<p>{} {}</p>").format(imprint.attribution, links.doi(imprint.doi))
        for imprint in imprints
    ]
    text = Markup("<blockquote>{}</blockquote>").format(Markup("").join(lines))
    return Html(str(text), "\n".join(imprint.attribution for imprint in imprints))


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
