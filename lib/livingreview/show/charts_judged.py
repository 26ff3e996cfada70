"""Charts of judgements: the printed list beside the rule, adverse events, the audit's verdicts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from livingreview.audit.claims import CONTRADICTED, DISPUTED, NOT_COMPUTABLE, REPRODUCED, VERDICTS
from livingreview.evidence.rule import AGREEMENTS
from livingreview.show.charts_parts import (
    BLANK,
    as_printed,
    cell_bars,
    colours,
    groups,
    in_cells,
    in_lines,
    of_some,
    studies_shown,
    tally,
    tips,
)
from livingreview.show.figure import figure
from livingreview.show.theme import BLUE, GREY, ORANGE, PURPLE
from livingreview.show.verdicts import NEITHER

if TYPE_CHECKING:
    import altair as alt

    from livingreview.review import Review
    from livingreview.show.html import Html

TALL = 36  # pixels: bars whose names take two lines
AGREE, DIFFER, UNDECIDED = "agree", "differ", "cannot be decided"
EVENT, NONE_STATED, SILENT = "adverse event printed", "“no adverse events”", "nothing printed"


def agreement_chart(review: Review) -> Html:
    """Return the studies by how the printed list and the review's own rule stand to each other."""
    rows = review.long_term.drop_duplicates(["key", "agreement"])
    shown = rows[rows["agreement"] != NEITHER]
    counts = shown["agreement"].value_counts()
    kinds = [kind for kind in AGREEMENTS if kind in counts.index]
    listed = rows.loc[rows["printed"] != "not listed", "key"].nunique()
    agree = int(counts.get(AGREEMENTS[0], 0))
    left_out = int(counts.get("qualifies, but was left out", 0))
    title = (
        f"The rule confirms {agree} of {listed} printed verdicts on the long term; "
        f"{of_some(left_out, 'study that it admits was', 'studies that it admits were')} left out"
    )
    lines = in_lines(kinds, 27)
    studies = studies_shown(review)[["key", "study", "patients", "designed"]]
    cells = shown.assign(
        label=shown["agreement"].map(lines), stand=shown["agreement"].map(_stand)
    ).merge(studies, on="key")
    cells = in_cells(cells, "label", "stand", [AGREE, DIFFER, UNDECIDED])
    chart = cell_bars(
        cells,
        [lines[kind] for kind in kinds],
        colours("stand", [AGREE, DIFFER, UNDECIDED], [BLUE, ORANGE, GREY]),
        tips(("row", "list and rule"), ("printed", "printed verdict"),
             ("qualifies_reason", "qualifies?"),
             ("positive_reason", "positive?")),
        title=title,
        height=TALL,
    )  # fmt: skip
    neither = rows.loc[rows["agreement"] == NEITHER, "key"].nunique()
    return figure(
        chart,
        name="agreement",
        alt=f"{title}. {tally(counts[kinds])}.",
        caption=f"Each cell is a study of the review's second table, or one that its rule admits "
        f"or may admit; a study printed in two rows is judged by the last. "
        f"{neither} more are neither listed nor qualify. Cannot be decided: the printed "
        "follow-up, threshold or time does not say enough.",
    )


def _stand(kind: str) -> str:
    if kind == AGREEMENTS[0]:
        return AGREE
    return UNDECIDED if "cannot be decided" in kind else DIFFER


def safety_chart(review: Review) -> Html:
    """Return the distinct studies by what their rows say on adverse events."""
    events = review.adverse_events
    studies = studies_shown(review)
    said = pd.Series(SILENT, index=studies.index)
    for status, words in (("no adverse events", NONE_STATED), ("event", EVENT)):
        keys = events.loc[events["status"] == status, "key"]
        said = said.mask(studies["key"].isin(keys), words)
    notes = as_printed(review, studies["row"], "Notes")
    studies = studies.assign(said=said, words=notes)
    lines = in_lines(groups(review), 14)
    silent = studies[said == SILENT]
    title = (
        f"{len(silent)} of {len(studies)} studies print nothing on adverse events; "
        f"{(said == EVENT).sum()} print an event, {(said == NONE_STATED).sum()} that there was none"
    )
    order = [EVENT, NONE_STATED, SILENT]
    cells = in_cells(studies.assign(label=studies["group"].map(lines)), "label", "said", order)
    chart = cell_bars(cells, list(lines.values()), colours("said", order, [ORANGE, BLUE, GREY]),
                      tips(("group", "group"), ("said", "adverse events"),
                           ("words", "notes as printed")), title=title, height=TALL)  # fmt: skip
    parts = _tallies(studies["group"], groups(review), said, order)
    return figure(
        chart,
        name="safety",
        alt=f"{title}. {parts}.",
        caption=f"Each cell is one of {len(studies)} distinct studies. Silence of a row is not "
        f"absence of harm: in the {len(silent)} silent studies, with "
        f"{silent['patients'].sum():,} patients, events are not known.",
    )


def verdicts_chart(review: Review) -> Html:
    """Return the audited claims of the source review by section and computed verdict."""
    claims = review.audit.fillna({"computed": NOT_COMPUTABLE}).replace({"prints": {"": BLANK}})
    claims = claims.assign(label=claims["section"].map(_heading))
    counts = claims["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0)
    title = (
        f"Of {len(claims)} claims of the source review, {counts[REPRODUCED]} are reproduced, "
        f"{counts[CONTRADICTED]} contradicted by its own tables, "
        f"{counts[DISPUTED]} by a primary study; "
        f"{counts[NOT_COMPUTABLE]} cannot be computed"
    )
    sections = list(dict.fromkeys(claims["label"]))
    cells = in_cells(claims, "label", "verdict", VERDICTS)
    chart = cell_bars(cells, sections, colours("verdict", VERDICTS, [BLUE, ORANGE, PURPLE, GREY]),
                      _claim_tips(), title=title, unit="Claims")  # fmt: skip
    parts = _tallies(claims["label"], sections, claims["verdict"], VERDICTS)
    return figure(
        chart,
        name="verdicts",
        alt=f"{title}. {parts}.",
        caption=f"Each cell is one of {len(claims)} checkable statements, held against the fact "
        "that answers it. Cannot be computed: the review prints no data that would settle it.",
    )


def _tallies(
    rows: pd.Series[str], names: Sequence[str], kinds: pd.Series[str], order: Sequence[str]
) -> str:
    """Return the counts of each kind, row by row, in words."""
    table = pd.crosstab(rows, kinds).reindex(index=list(names), columns=list(order), fill_value=0)
    counts = table.to_dict("index")
    return ". ".join(f"In {name}, {tally(pd.Series(counts[name]))}" for name in names)


def _heading(section: str) -> str:
    return re.sub(r"(\D)(\d)", r"\1 \2", section).capitalize()


def _claim_tips() -> list[alt.Tooltip]:
    import altair as alt

    fields = {"says": "claim", "row": "section", "prints": "printed", "computed": "computed",
              "verdict": "verdict"}  # fmt: skip
    return [alt.Tooltip(f"{field}:N", title=words) for field, words in fields.items()]
