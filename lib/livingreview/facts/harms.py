"""Facts on adverse events: what is printed, and how many studies say nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import select, terms_of
from livingreview.facts.values import Value
from livingreview.tables import TREATMENT

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


MENTIONED = ("event", "none of this kind", "no adverse events")
SILENT = ("not mentioned", "not reported")  # the review's row, or a full text, says nothing
NOT_TOLD_APART = "not told apart"  # the kind of a term that holds several events
UNKNOWN = ("not in the part read", "not read")  # what the study says of harm is not known


def _of_studies(edition: Edition, question: str | None = None) -> pd.DataFrame:
    """Return the adverse events of the studies; a report of harm alone is none of them."""
    rows = edition.adverse_events
    return rows[rows["key"].isin(select(edition, question=question)["key"])]


@fact("Distinct studies of which something on adverse events is known")
def studies_on_adverse_events(edition: Edition, question: str | None = None) -> Value:
    """Count studies that tell of an event or that there was none; the unread are undecided."""
    rows = _of_studies(edition, question)
    open_rows = rows[rows["status"].isin(UNKNOWN)]
    return values.share(rows[rows["status"].isin(MENTIONED)], rows, undecided=open_rows)


@fact("Distinct studies that are silent on adverse events")
def studies_silent_on_adverse_events(edition: Edition) -> Value:
    """Count studies that say nothing of adverse events.

    In print that is the review's row. Of a study itself only a full text can be silent: one that
    was not read, or not in the part that would say, is undecided.
    """
    rows = _of_studies(edition)
    spoken = rows.loc[rows["status"].isin(MENTIONED), "key"]
    others = rows[~rows["key"].isin(spoken)]
    silent, unknown = (others[others["status"].isin(names)] for names in (SILENT, UNKNOWN))
    return values.share(silent, rows, undecided=unknown)


@fact("Distinct studies whose adverse events are not known: not read, or not in the part read")
def studies_unread_on_adverse_events(edition: Edition, question: str | None = None) -> Value:
    """Count studies of which neither the review nor a part that was read tells anything of harm."""
    rows = _of_studies(edition, question)
    return values.share(rows[rows["status"].isin(UNKNOWN)], rows)


@fact("Patients told of with a serious adverse event after the treatment, in studies that count")
def patients_with_serious_events(edition: Edition, question: str | None = None) -> Value:
    """Sum patients of serious events in arms that had the treatment, or in no named arm.

    One patient with two events would count twice; case reports of harm are no study. Where no
    study says of any event how serious it was there is nothing to judge, never 0.
    """
    rows = _of_studies(edition, question)
    graded = rows[rows["status"].isin(MENTIONED) & rows["serious"].notna()]
    if graded.empty:
        return Value(None, values.NOTHING, (), of=0)
    rows = graded[(graded["status"] == "event") & graded["serious"].astype(bool)]
    treated = [TREATMENT in arm or not arm for arm in rows["arm"]]
    rows = rows[pd.Series(treated, index=rows.index, dtype=bool)]
    return replace(values.total(rows, "patients"), base=values.names(graded))


@fact("Distinct studies that state that there were no adverse events")
def studies_without_events(edition: Edition) -> Value:
    """Count studies that say so."""
    rows = _of_studies(edition)
    return values.share(rows[rows["status"] == "no adverse events"], rows)


@fact("Distinct studies that print an adverse event")
def studies_with_events(edition: Edition, question: str | None = None) -> Value:
    """Count studies with at least one event."""
    rows = _of_studies(edition, question)
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


@fact("Adverse events that the report of {key} tells")
def events_told_by(edition: Edition, key: str) -> Value:
    """Count events, however many patients had them; not stated where its report was not read.

    What the review's own table says of a study is no report of it.
    """
    rows = _of_studies(edition)
    rows = rows[rows["row"].isin(select(edition, key=key)["row"])]
    rows = rows[rows["read_as"] != "review table"]
    if not rows["status"].isin(MENTIONED).any():
        return values.word(None, rows)
    return values.count(rows[rows["status"] == "event"], base=rows)


@fact("Kinds of adverse event printed")
def event_names(edition: Edition, question: str | None = None) -> Value:
    """List the events."""
    rows = _of_studies(edition, question)
    rows = rows[rows["status"] == "event"]
    return values.listing(rows["event"], rows)


@fact("Distinct studies that report a serious adverse event")
def studies_with_serious_events(edition: Edition) -> Value:
    """Count studies with an event that is said to be serious.

    Undecided are studies that are silent on events, or on how serious an event was.
    """
    rows = _of_studies(edition)
    serious = rows[(rows["status"] == "event") & rows["serious"].fillna(False).astype(bool)]
    open_ = rows["status"].isin(SILENT + UNKNOWN) | (
        (rows["status"] == "event") & rows["serious"].isna()
    )
    return values.share(serious, rows, undecided=rows[open_])


@fact("Distinct studies that report permanent damage, of the kind {kind}")
def studies_with_permanent_damage(edition: Edition, kind: str) -> Value:
    """Count studies with an event of a kind of the vocabulary that it marks as permanent.

    Undecided are studies that are silent on events, or whose event may last.
    """
    by_name = edition.source.vocabulary.events.by_name
    rows = _of_studies(edition)
    (wanted,) = terms_of("kind", kind, {term.kind for term in by_name.values()})
    permanent = [
        _permanent(by_name.get(str(term)), passed, wanted)
        for term, passed in zip(rows["term"], rows["passed"], strict=True)
    ]
    lasting = pd.Series(permanent, index=rows.index, dtype=object)
    events = rows["status"] == "event"
    hurt = rows[events & (lasting == "yes")]
    open_ = rows["status"].isin(SILENT + UNKNOWN) | (events & (lasting == "unknown"))
    return values.share(hurt, rows, undecided=rows[open_])


def _permanent(term: Any, passed: Any, kind: str) -> str:
    """Return whether an event is permanent damage of a kind: yes, no, or unknown.

    What is said to have passed was not permanent; what is said to have lasted may still pass.
    """
    if pd.notna(passed) and passed:
        return "no"
    if term is None or term.kind == NOT_TOLD_APART:
        return "unknown"
    if term.kind != kind or term.permanent is False:
        return "no"
    return "yes" if term.permanent else "unknown"


@fact("Distinct studies that tell of: {term}")
def studies_telling_of(edition: Edition, term: str) -> Value:
    """Count studies with such an event in any arm; the others are silent, unread, or undecided."""
    wanted = terms_of("term", term, edition.source.vocabulary.events.by_name)
    rows = _of_studies(edition)
    told = rows[(rows["status"] == "event") & rows["term"].isin(wanted)]
    return values.distinct(told)


@fact("Patients with an event that its name says passes, of the patients with an event")
def patients_with_passing_events(edition: Edition) -> Value:
    """Count patients; of an event that the vocabulary does not call passing it is undecided."""
    by_name = edition.source.vocabulary.events.by_name
    rows = _of_studies(edition)
    rows = rows[(rows["status"] == "event") & rows["patients"].notna()]
    terms = [by_name.get(str(name)) for name in rows["term"]]
    said = rows["passed"].astype(object)
    passes = pd.Series([t is not None and t.permanent is False for t in terms], rows.index, bool)
    passes |= said.eq(True).fillna(False).astype(bool)
    lasts = pd.Series([t is not None and t.permanent is True for t in terms], rows.index, bool)
    certain, most = int(rows.loc[passes, "patients"].sum()), int(rows.loc[~lasts, "patients"].sum())
    total = int(rows["patients"].sum())
    ends = f"{certain} to {most}" if most > certain else f"{certain}"
    text = f"{ends} of {total}" + (f", {most - certain} undecided" if most > certain else "")
    found = values.names(rows[passes])
    return Value(certain, text, found, total, values.names(rows), most=most)
