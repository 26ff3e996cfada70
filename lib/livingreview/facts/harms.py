"""Facts on adverse events: what is printed, and how many studies say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import select, terms_of
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


MENTIONED = ("event", "none of this kind", "no adverse events")


def _of_studies(edition: Edition) -> pd.DataFrame:
    """Return the adverse events of the studies; a report of harm alone is none of them."""
    rows = edition.adverse_events
    return rows[rows["key"].isin(edition.studies["key"])]


@fact("Distinct studies whose row says anything on adverse events")
def studies_on_adverse_events(edition: Edition) -> Value:
    """Count studies that print an event or that there was none."""
    rows = _of_studies(edition)
    return values.share(rows[rows["status"].isin(MENTIONED)], rows)


@fact("Distinct studies whose row is silent on adverse events")
def studies_silent_on_adverse_events(edition: Edition) -> Value:
    """Count studies none of whose rows mentions adverse events."""
    rows = _of_studies(edition)
    spoken = rows.loc[rows["status"].isin(MENTIONED), "key"]
    return values.share(rows[~rows["key"].isin(spoken)], rows)


@fact("Distinct studies that state that there were no adverse events")
def studies_without_events(edition: Edition) -> Value:
    """Count studies that say so."""
    rows = _of_studies(edition)
    return values.share(rows[rows["status"] == "no adverse events"], rows)


@fact("Distinct studies that print an adverse event")
def studies_with_events(edition: Edition) -> Value:
    """Count studies with at least one event."""
    rows = _of_studies(edition)
    return values.share(rows[rows["status"] == "event"], rows)


@fact("Patients with a printed adverse event")
def patients_with_events(edition: Edition, key: str | None = None) -> Value:
    """Sum patients over events; one patient with two events would count twice."""
    rows = _of_studies(edition)
    rows = rows[(rows["status"] == "event") & rows["row"].isin(select(edition, key=key)["row"])]
    return values.total(rows, "patients")


@fact("Patients in the studies whose row is silent on adverse events")
def patients_in_silent_studies(edition: Edition) -> Value:
    """Sum the printed patients of studies that mention no events, each study once."""
    silent = studies_silent_on_adverse_events(edition)
    keys = _of_studies(edition).loc[list(silent.rows), "key"]
    studies = distinct_studies(edition.studies)
    return values.total(studies[studies["key"].isin(keys)], "patients")


@fact("Kinds of adverse event printed")
def event_names(edition: Edition) -> Value:
    """List the events."""
    rows = _of_studies(edition)
    rows = rows[rows["status"] == "event"]
    return values.listing(rows["event"], rows)


@fact("Printed adverse events that are {kinds}")
def events_of_kind(edition: Edition, kinds: str) -> Value:
    """Count events whose kind in the vocabulary is one of these."""
    by_name = edition.source.vocabulary.events.by_name
    rows = _of_studies(edition)
    rows = rows[rows["status"] == "event"]
    wanted = terms_of("kinds", kinds, {term.kind for term in by_name.values()})
    chosen = (
        rows["event"]
        .map(lambda name: name in by_name and by_name[name].kind in wanted)
        .astype(bool)
    )
    return values.share(rows[chosen], rows, column=None)


@fact("Printed adverse events whose name says that they are permanent")
def permanent_events(edition: Edition) -> Value:
    """Count events that the vocabulary marks as permanent."""
    by_name = edition.source.vocabulary.events.by_name
    rows = _of_studies(edition)
    rows = rows[rows["status"] == "event"]
    permanent = (
        rows["event"]
        .map(lambda name: name in by_name and by_name[name].permanent is True)
        .astype(bool)
    )
    return values.share(rows[permanent], rows, column=None)
