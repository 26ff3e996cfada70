"""Safety: adverse events as studies report them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.pages.long_term import TALL
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.marks import (
    BLUE,
    GREY,
    ORANGE,
    cell_bars,
    colours,
    groups,
    in_cells,
    in_lines,
    studies_shown,
    tallies,
    tips,
)
from livingreview.show.table import table
from livingreview.show.words import as_printed, labels, targets_of, told

if TYPE_CHECKING:
    from livingreview.review import Review


EVENT, NONE_STATED, SILENT = "adverse event printed", "“no adverse events”", "nothing printed"


def adverse_events_table(review: Review) -> Html:
    """Return every row that says anything on adverse events."""
    rows = review.adverse_events
    rows = rows[rows["status"] != "not mentioned"]
    names = labels(review)
    nerves = targets_of(review)
    frame = pd.DataFrame(
        {
            "Study": [links.study(key, names[key]) for key in rows["key"]],
            "Nerves": rows["row"].map(nerves),
            "Event": rows["event"].fillna("none, says the row"),
            "Patients with it": rows["patients"],
            "Patients at risk": rows["at_risk"],
            "Serious": rows["serious"],
        }
    )
    caption = "Adverse events that the review's first table prints"
    return table(told(review, frame), caption, missing="not stated")


def safety_chart(review: Review) -> Html:
    """Return the distinct studies by what their rows say on adverse events."""
    events = review.adverse_events
    studies = studies_shown(review)
    said = pd.Series(SILENT, index=studies.index)
    for status, words in (("no adverse events", NONE_STATED), ("event", EVENT)):
        keys = events.loc[events["status"] == status, "key"]
        said = said.mask(studies["key"].isin(keys), words)
    notes = as_printed(review, studies["row"], "notes")
    studies = studies.assign(said=said, words=notes)
    lines = in_lines(groups(review), 14)
    silent = studies[said == SILENT]
    title = (
        f"{len(silent)} of {len(studies)} studies print nothing on adverse events; "
        f"{(said == EVENT).sum()} print an event, {(said == NONE_STATED).sum()} that there was none"
    )
    order = [EVENT, NONE_STATED, SILENT]
    cells = in_cells(studies.assign(label=studies["group"].map(lines)), "label", "said", order)
    chart = cell_bars(
        cells,
        list(lines.values()),
        colours("said", order, [ORANGE, BLUE, GREY]),
        tips(("group", "group"), ("said", "adverse events"), ("words", "notes as printed")),
        title=title,
        height=TALL,
    )
    parts = tallies(studies["group"], groups(review), said, order)
    return figure(
        chart,
        name="safety",
        alt=f"{title}. {parts}.",
        caption=f"Each cell is one of {len(studies)} distinct studies. Silence of a row is not "
        f"absence of harm: in the {len(silent)} silent studies, with "
        f"{silent['patients'].sum():,} patients, events are not known.",
    )
