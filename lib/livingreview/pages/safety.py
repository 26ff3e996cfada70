"""Safety: adverse events as studies report them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.edition import distinct_studies
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
from livingreview.show.rows import study_link
from livingreview.show.table import table
from livingreview.show.words import as_printed, labels, of_some, targets_of, told
from livingreview.synthesis.harms import treated_at_risk
from livingreview.synthesis.intervals import upper_bound
from livingreview.words import known

if TYPE_CHECKING:
    from livingreview.data.questions import Question
    from livingreview.review import Review


SERIOUS = {True: "serious", False: "not serious"}
ORDER = ("serious", "seriousness not stated", "not serious")
REPORTS = "case report"
NOT_RULED_OUT = "cannot be ruled out"


def _events(review: Review) -> pd.DataFrame:
    """Return the adverse events that were read anywhere, the serious ones first."""
    living = review.living
    rows = living.adverse_events
    rows = rows[rows["status"].isin(["event", "none of this kind", "no adverse events"])]
    weight = [SERIOUS.get(known(serious), ORDER[1]) for serious in rows["serious"]]
    groups = living.studies.set_index("key")["design_group"]
    rows = rows.assign(weight=weight, group=rows["key"].map(groups).fillna(REPORTS))
    return rows.sort_values(
        "weight", key=lambda said: said.map(ORDER.index), kind="stable", ignore_index=False
    )


def harms_read_table(review: Review) -> Html:
    """Return each event that a study of several patients tells, with n of how many at risk."""
    rows = _events(review)
    rows = rows[(rows["group"] != REPORTS) & (rows["status"] == "event")]
    return _harms(review, rows, "What studies tell of harm, the serious events first")


def none_stated_table(review: Review) -> Html:
    """Return each statement of a study that something, or anything, did not happen."""
    rows = _events(review)
    rows = rows[(rows["group"] != REPORTS) & (rows["status"] != "event")]
    return _harms(review, rows, "What studies say did not happen")


def harm_cases_table(review: Review) -> Html:
    """Return the events of case reports and series; they have no denominator that means a rate."""
    rows = _events(review)
    rows = rows[(rows["group"] == REPORTS) & (rows["status"] == "event")]
    return _harms(review, rows, "Events in case reports and series: not how often")


def harms_of(review: Review, asked: Question) -> Html:
    """Return what the studies of a question say of harm: serious events first, none last.

    The caption counts the studies of which it is not known, and their treated patients.
    """
    rows = _events(review)
    rows = rows[rows["key"].isin(asked.studies)]
    rows = rows.assign(none=rows["status"] != "event").sort_values("none", kind="stable")
    studies = distinct_studies(review.living.studies)
    studies = studies[studies["key"].isin(asked.studies)]
    unknown = studies[~studies["key"].isin(rows["key"])]
    tail = "" if unknown.empty else f"; of {_size(unknown)} it is not known"
    if rows.empty:
        text = f"What the studies say of harm is not known: {_size(unknown)}."
        return Html(str(Markup("<p>{}</p>").format(text)), text)
    return _harms(review, rows, f"Harm: {asked.label}{tail}", nerves=False)


def _size(studies: pd.DataFrame) -> str:
    """Return "2 studies (42 treated patients)"; *at least* where a study does not state them."""
    treated = studies["patients_treated"]
    least = "at least " if treated.isna().any() else ""
    patients = of_some(int(treated.sum()), "treated patient")
    counted = "number of treated patients not stated" if treated.isna().all() else least + patients
    return f"{of_some(len(studies), 'study', 'studies')} ({counted})"


def _harms(review: Review, rows: pd.DataFrame, caption: str, nerves: bool = True) -> Html:
    named = targets_of(review.living)
    patients = [_counted(review, row) for _, row in rows.iterrows()]
    if any(count.endswith(NOT_RULED_OUT) for count in patients):
        caption += "; what none of some leaves open is the exact one-sided 95% upper bound"
    frame = pd.DataFrame(
        {
            "Study": [study_link(review, key) for key in rows["key"]],
            "Nerves": rows["row"].map(named),
            "Kind": rows["term"]
            .fillna("not told")
            .where(rows["status"] == "event", "none of this"),
            "Event": rows["event"].fillna("any adverse event"),
            "Patients": patients,
            "Arm": rows["arm_words"].fillna("all arms, or not stated"),
            "Serious": rows["weight"],
            "Read in": [_place(row) for row in rows.itertuples()],
        }
    )
    frame = frame if nerves else frame.drop(columns="Nerves")
    return table(told(review, frame), caption, missing="not stated")


def _counted(review: Review, row: Any) -> str:
    """Return "1 of 71": patients with the event, of those at risk where both are known.

    Of none it says what that leaves open after the treatment: the exact one-sided 95% upper bound
    over the treated patients that the count speaks of; nothing where these cannot be told.
    """
    patients = 0 if row["status"] == "no adverse events" else known(row["patients"])
    at_risk, times = known(row["at_risk"]), known(row["occurrences"])
    if patients is None:
        return "number not stated" if times is None else f"{times} times, patients not stated"
    if at_risk is None:
        return str(patients)
    count, treated = f"{patients} of {at_risk}", treated_at_risk(review.living, row)
    if patients or not treated:
        return count
    treatment = review.source.protocol.treatment
    of_these = "" if treated == at_risk else f", {treated} of them with {treatment}"
    return f"{count}{of_these}: as many as {upper_bound(0, treated):.1f}% {NOT_RULED_OUT}"


def _place(row: Any) -> str:
    return f"{row.read_as}, {row.at}" if known(row.at) else str(row.read_as)


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
