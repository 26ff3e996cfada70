"""Which reading of a result or an event stands, where several tell of it: merged one by one.

A reading that does not state a result leaves the one of lower rank, which says how it was read: a
study's silence deletes nothing. What another reading outranks is kept beside it, never lost. How
far a study was read decides what its silence on harm means. Where each field of a study stands,
its other readings and its reports are rows, too.
"""

from __future__ import annotations

import re
from typing import Any

from livingreview.data.readings import fields
from livingreview.data.reported import ReportedEvent, ReportedOutcome
from livingreview.data.reports import NOT_READ, rank
from livingreview.data.study import (
    NOT_REPORTED,
    StudyFile,
    known,
)
from livingreview.data.vocabulary import Vocabulary
from livingreview.tables import (
    TREATMENT,
    AdverseEvent,
    EventStatus,
    NamedReport,
    OtherReading,
    Outcome,
    ReadAs,
    Reading,
)
from livingreview.words import listed

Values = dict[str, Any]  # of one row, by column; blanks are None
CLOSE_MONTHS = 0.75  # a printed time is rounded: weeks as months, an average as a whole number
PRINTED_ONLY = "review table"
COUNTS = ("responder", "relief")  # relief of each patient is a count of all of them
SILENT = ("missing", "not stated")
OF_PAIN = (*COUNTS, "mean change", "mean relief", "final level")
TELLS = (*OF_PAIN, "statement", "duration")
INSTRUMENT = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b")
WORD = re.compile(r"[^\W\d_]+")


def standing(
    found: list[Outcome], vocabulary: Vocabulary
) -> tuple[list[Outcome], list[OtherReading]]:
    """Return the results of one study that stand, and the readings of them that others outrank.

    Both keep the order in which they were found.
    """
    stand, others = [], []
    highest_first = sorted(found, key=lambda outcome: rank(outcome.read_as))
    for outcome in found:
        above = [other for other in highest_first if rank(other.read_as) < rank(outcome.read_as)]
        better = next((o for o in above if tells_the_same(o, outcome, vocabulary)), None)
        if better is None:
            stand.append(outcome)
        else:
            values = outcome.model_dump() | {"stands": better.locator}
            if outcome.read_as == PRINTED_ONLY:
                values["note"] = None  # it was found, with the value that stands
            others.append(OtherReading.model_validate(values))
    return stand, others


def tells_the_same(higher: Outcome, lower: Outcome, vocabulary: Vocabulary) -> bool:
    """Return whether a reading of higher rank states the result that one of lower rank states.

    The same arms, kind, measure, threshold and time; what the lower one leaves open is no
    difference. A blank cell says no more than any result of the arm, and relief in words alone no
    more than one of pain.
    """
    in_words = lower.kind == "statement" and lower.status == "reported"
    if lower.status in SILENT or in_words:
        tells = not in_words or higher.kind in TELLS or higher.direction is not None
        return tells and not higher.against and (TREATMENT in higher.arm or higher.arm == lower.arm)
    return (
        (set(higher.arm), set(higher.against)) == (set(lower.arm), set(lower.against))
        and higher.part == lower.part
        and (higher.kind == lower.kind or {higher.kind, lower.kind} <= {*COUNTS})
        and _same(higher.threshold_percent, lower.threshold_percent)
        and _same(higher.threshold_points, lower.threshold_points)
        and _close(higher.months, lower.months)
        and _same_measure(higher, lower, vocabulary)
    )


def _same(one: float | None, other: float | None) -> bool:
    return one == other


def _close(higher: float | None, lower: float | None) -> bool:
    """Return whether two times are one; a result whose time is not printed is at any."""
    if lower is None:
        return True
    return higher is not None and abs(higher - lower) <= CLOSE_MONTHS


def _same_measure(higher: Outcome, lower: Outcome, vocabulary: Vocabulary) -> bool:
    """Return whether the words for two measures can mean one.

    A score that is named differs from another, and a part of an instrument from its other parts;
    of pain itself, words that name no instrument can be any score of it.
    """
    if higher.measure is None or lower.measure is None:
        return True
    scores = [term for term in vocabulary.measures.entries if term.type == "score"]
    known = {text: term.name for term in scores for text in (term.name, *term.printed)}
    said, printed = (
        {known.get(name, name) for name in INSTRUMENT.findall(words)}
        for words in (higher.measure, lower.measure)
    )
    of_pain = {*known.values()}
    if said and printed and said | printed <= of_pain:
        return bool(said & printed)
    if higher.kind in OF_PAIN and not (said and printed) and said | printed <= of_pain:
        return True
    words = [set(WORD.findall(o.measure.casefold())) for o in (higher, lower) if o.measure]
    return words[0] <= words[1] or words[1] <= words[0]


def outcomes_of(
    number: int | None,
    key: str,
    file: StudyFile | None,
    printed: list[Values],
    vocabulary: Vocabulary,
) -> tuple[list[Outcome], list[OtherReading]]:
    """Return the results of one study that stand and the readings that they outrank.

    ``printed`` are the columns of the results that the source review's own table has of it.
    """
    if file is None or file.read_as == NOT_READ:
        return [Outcome(**values | {"row": number}) for values in printed], []
    where = (
        "the full text" if file.read_as == "full text" else "the part of the study that was read"
    )
    only = {"row": number, "note": f"as the source review prints it; not found in {where}"}
    found = [*_read(number, key, file), *(Outcome(**values | only) for values in printed)]
    return standing(found, vocabulary)


def _read(number: int | None, key: str, file: StudyFile) -> list[Outcome]:
    return [
        Outcome(
            **_values(outcome),
            row=number,
            key=key,
            read_as=file.how(f"outcomes[{place}]"),
            source=f"data/studies/{key}.yml",
            locator=f"outcomes[{place}]",
        )
        for place, outcome in enumerate(file.outcomes, start=1)
    ]


def _values(outcome: ReportedOutcome) -> Values:
    values = outcome.model_dump(exclude={"how"})
    values["arm_words"] = values.pop("arm")
    percent, count, n = values["percent"], values["responders"], values["evaluated"]
    if percent is None and count is not None and n:
        values |= {"percent": round(100 * count / n, 1), "derived": ("percent",)}
    return values


def events_of(
    number: int | None,
    key: str,
    file: StudyFile | None,
    printed: list[Values],
    vocabulary: Vocabulary,
) -> list[AdverseEvent]:
    """Return the adverse events of one study: those read, and those that only the review prints.

    Where nobody says anything the one row tells which silence it is: *not read*, *not in the part
    read*, or *not reported* in a full text.
    """
    where: Values = {"row": number, "key": key, "source": f"data/studies/{key}.yml"}
    said = file.adverse_events if file is not None and file.read_as != NOT_READ else NOT_READ
    read = [
        AdverseEvent(
            **event.model_dump(exclude={"how", "arm", "term"}),
            **where,
            term=_term(event, vocabulary),
            status="none of this kind" if none_had_it(event) else "event",
            arm_words=event.arm,
            read_as=file.how(f"adverse_events[{place}]"),
            locator=f"adverse_events[{place}]",
        )
        for place, event in enumerate(known(said) or (), start=1)
        if file is not None
    ]
    told = {row.term for row in read if row.status == "event"}
    kept = [AdverseEvent(**values | {"row": number}) for values in printed if _tells(values, told)]
    if read or kept:
        return read + kept
    silence: EventStatus = "not in the part read"
    if said in (NOT_READ, NOT_REPORTED):
        silence = "not read" if said == NOT_READ else "not reported"
    how = file.read_as if file is not None else NOT_READ
    by: ReadAs = "review table" if how == "not read" else how
    return [AdverseEvent(**where, status=silence, read_as=by, locator="adverse_events")]


def _tells(printed: Values, told: set[str | None]) -> bool:
    """Return whether a printed row adds to the events that were read.

    That there were none is no news of a study whose events are known; silence never is.
    """
    if printed["status"] == "event":
        return printed["term"] not in told
    return printed["status"] == "no adverse events" and not told


def _term(event: ReportedEvent, vocabulary: Vocabulary) -> str | None:
    """Return what an event is, as its file says or as its words are a spelling of; else None."""
    found = vocabulary.events.find(event.event)
    return event.term or (found.name if found else None)


def none_had_it(event: ReportedEvent) -> bool:
    """Return whether an entry states that something did not happen."""
    return 0 in (event.patients, event.units_affected, event.occurrences)


# A field whose own words say more than its code.
WORDS = {
    "design": "design_words",
    "comparators": "comparator_words",
    "guidance": "guidance_words",
}


def readings_of(file: StudyFile) -> list[Reading]:
    """Return one row for each field that is stated and for each other reading of one."""
    if file.read_as == NOT_READ:
        return []
    rows = []
    for name, value in _stated(file):
        rows.append(_row(file, name, value, file.read_from.get(name), stands=True))
        rows += [
            _row(file, name, reading.value, reading, stands=False)
            for reading in file.also.get(name, ())
        ]
    for name in file.also.keys() - {row.field for row in rows}:
        rows += [_row(file, name, r.value, r, stands=False) for r in file.also[name]]
    return rows


def _stated(file: StudyFile) -> list[tuple[str, Any]]:
    """Return the fields that are read at a place and say something."""
    found = [
        (name, getattr(file, WORDS.get(name, name)) if known(value) is not None else None)
        for name, value in fields(file)
        if not name.startswith("reporting.")
    ]
    found.append(("arms", tuple(f"{arm.name}: {arm.patients}" for arm in file.arms) or None))
    found += [
        (name, getattr(file, name))
        for name in ("followup_shortest_months", "followup_mean_months", "followup_median_months")
    ]
    found += [(f"reporting.{item}", value) for item, value in file.reporting.items()]
    return [(name, value) for name, value in found if known(value) is not None]


def _row(file: StudyFile, name: str, value: Any, place: Any, *, stands: bool) -> Reading:
    read = file.resolved(place)
    how: Any = read.how
    return Reading(
        key=file.key,
        field=name,
        value=_text(value),
        stands=stands,
        read_as=how,
        report=read.report,
        at=read.at,
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return listed(value) if isinstance(value, list | tuple) else str(value)


def named_reports_of(file: StudyFile) -> list[NamedReport]:
    """Return one row for each report that the file names."""
    return [
        NamedReport(
            key=file.key,
            **report.model_dump(exclude={"date", "read_as", "read_on"}),
            date=None if report.date is None else str(report.date),
            read_as=report.how or file.read_as,
            read_on=None if report.read_on is None else str(report.read_on),
        )
        for report in file.reports
    ]
