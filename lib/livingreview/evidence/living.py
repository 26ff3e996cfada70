"""The living edition: the primary value where it was read, the printed one where not.

Same tables as the printed edition, one row per study. A study whose report was read takes its
values from ``data/studies/<key>.yml``; what the part read does not state stays as the review
prints it, and says so. Studies that the review missed or that came later are added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from livingreview.data.references import Reference
from livingreview.data.reports import NOT_READ
from livingreview.data.source import Source
from livingreview.data.study import (
    NOT_REPORTED,
    StudyFile,
    known,
    unread,
)
from livingreview.evidence.appraisal import appraisals_of
from livingreview.evidence.edition import Evidence, distinct_studies
from livingreview.evidence.merging import (
    Values,
    events_of,
    named_reports_of,
    outcomes_of,
    readings_of,
)
from livingreview.frames import frame_of
from livingreview.results import Names, Row
from livingreview.tables import (
    NOT_STATED,
    TABLES,
    Report,
    Reporting,
    Study,
    Target,
)

OF_STUDIES = (
    "studies",
    "targets",
    "outcomes",
    "other_readings",
    "adverse_events",
    "reports",
    "reporting",
    "readings",
    "named_reports",
    "appraisals",
)


def build_living(source: Source, printed: Evidence, added: Iterable[str] = ()) -> Evidence:
    """Return the living edition of a review's evidence.

    ``added`` names the studies beyond the source review, each with a study file.
    """
    words = source.vocabulary
    rows: dict[str, list[Row]] = {name: [] for name in OF_STUDIES}
    last = {row["key"]: row for row in _values("studies", distinct_studies(printed.studies))}
    of_row = {name: _by_row(name, printed) for name in ("targets", "outcomes", "adverse_events")}
    keys = [key for key in (*last, *added) if not retracted(source, key)]
    items, rules = (
        tuple(source.vocabulary.reporting.by_name),
        tuple(source.protocol.eligibility.asked),
    )
    for number, key in enumerate(keys, start=1):
        file = source.studies.get(key)
        old = last.get(key)
        own = {name: found.get(old["row"], []) if old else [] for name, found in of_row.items()}
        study = _study(source, number, key, old, file)
        rows["studies"].append(study)
        rows["appraisals"].extend(appraisals_of(source, key, study.design, study.read_as))
        rows["targets"].extend(_targets(source, number, key, file, own["targets"]))
        stand, others = outcomes_of(number, key, file, own["outcomes"], words)
        rows["outcomes"].extend(stand)
        rows["other_readings"].extend(others)
        rows["adverse_events"].extend(events_of(number, key, file, own["adverse_events"], words))
        reported = file or unread(key, source.references[key].number, items, rules)
        rows["reports"].append(report_of(reported))
        rows["reporting"].extend(reporting_of(reported))
        rows["readings"].extend(readings_of(reported))
        rows["named_reports"].extend(named_reports_of(reported))
    for key in cited_for_harm(source, keys):  # a report of harm is no study of the treatment
        rows["reports"].append(report_of(source.studies[key]))
        stand, others = outcomes_of(None, key, source.studies[key], [], words)
        rows["outcomes"].extend(stand)
        rows["other_readings"].extend(others)
        rows["adverse_events"].extend(events_of(None, key, source.studies[key], [], words))
        rows["readings"].extend(readings_of(source.studies[key]))
        rows["named_reports"].extend(named_reports_of(source.studies[key]))
    return replace(printed, **{name: frame_of(name, found) for name, found in rows.items()})


def included(source: Source) -> tuple[str, ...]:
    """Return the keys of the candidates that screening included, in their order."""
    return tuple(c.key for c in source.screening if c.decision == "included")


def cited_for_harm(source: Source, keys: list[str]) -> list[str]:
    """Return the studies that tell of harm and that the review cites, but has not in its tables."""
    return [
        key
        for key, file in source.studies.items()
        if key not in keys
        and file.ref is not None
        and file.retraction is None
        and known(file.adverse_events)
    ]


def retracted(source: Source, key: str) -> bool:
    """Return whether a study was taken back: it stays printed and is no longer evidence."""
    file = source.studies.get(key)
    return file is not None and file.retraction is not None


def was_read(file: StudyFile | None) -> bool:
    """Return whether something of the primary study was read."""
    return file is not None and file.read_as != NOT_READ


def _values(table: str, frame: pd.DataFrame) -> list[Values]:
    """Return the rows of a frame as values for its declaration."""
    columns = frame[list(TABLES[table].model_fields)].astype(object)
    rows = columns.where(columns.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _by_row(table: str, printed: Evidence) -> dict[int, list[Values]]:
    """Return the rows of a table by the row of the source review that gave them."""
    found: dict[int, list[Values]] = {}
    for values in _values(table, printed.table(table)):
        found.setdefault(values["row"], []).append(values)
    return found


def _study(
    source: Source, number: int, key: str, old: Values | None, file: StudyFile | None
) -> Study:
    values: Values = {"added_in": "living edition", "read_as": "review table"}
    if old is not None:
        values = dict(old)
    primary = _primary_values(source, file) if file is not None and was_read(file) else {}
    if old is not None and _same_terms(values["comparators"], primary.get("comparators")):
        primary["comparators"] = values["comparators"]  # another order is no other value
    reference = source.references[key]
    values |= primary | {
        "row": number,
        "key": key,
        "doi": (file.doi if file is not None else None) or reference.doi,
        "reference_author": reference.surnames[0],
        "reference_year": reference.year,
        "from_primary": tuple(sorted(set(primary) - {"read_as"})),
    }
    if old is None:
        values |= _unprinted(values, reference, source.studies[key])
    return Study(**values)


def _same_terms(one: Names | None, other: Names | None) -> bool:
    return bool(other) and sorted(one or ()) == sorted(other or ())


def _unprinted(values: dict[str, Any], reference: Reference, file: StudyFile) -> dict[str, Any]:
    """Return what a study without a printed row still needs: *not stated*, *not read* as such."""
    defaults = {
        "first_author": reference.surnames[0],
        "year": reference.year,
        "publication": reference.publication,
        "patients": None,
        "guidance": (file.guidance,),
        "followup_status": file.followup_months,
    }
    return {name: value for name, value in defaults.items() if values.get(name) is None}


def _primary_values(source: Source, file: StudyFile) -> dict[str, Any]:
    """Return the columns of the studies table that the primary study itself states."""
    design = source.vocabulary.designs.by_name.get(file.design)
    treated = file.size("treatment")
    single_arm = known(file.comparators) == ()
    values = {
        "year": known(file.year),
        "publication": known(file.publication),
        "design": design.name if design else None,
        "design_group": design.group if design else None,
        "randomised": design.randomised if design else None,
        "blinding": known(file.blinding),
        "patients": known(file.patients),
        "patients_treated": known(file.patients) if treated is None and single_arm else treated,
        "condition": known(file.condition),
        "guidance": known(file.guidance) or None,
        "read_as": file.read_as,
    }
    values |= _followup(file)
    found = {name: value for name, value in values.items() if value is not None}
    if known(file.comparators) is not None:
        found["comparators"] = file.comparators
    return found


def _followup(file: StudyFile) -> Values:
    """Return the follow-up as the study states it: shortest, mean, median and longest.

    Where only a mean or a median is stated it stands for both ends, and the status says so.
    """
    longest, shortest = known(file.followup_months), file.followup_shortest_months
    typical = {
        "mean": file.followup_mean_months,
        "median": file.followup_median_months,
    }
    values: Values = {f"followup_{name}_months": months for name, months in typical.items()}
    if longest is not None:
        low = longest if shortest is None else shortest
        status = "stated" if low == longest else "range"
        return values | _ends(low, longest, status)
    for name, months in typical.items():
        if months is not None:
            return values | _ends(months, months, name)
    return values


def _ends(low: float, high: float, status: str) -> Values:
    return {
        "followup_min_months": low,
        "followup_max_months": high,
        "followup_status": status,
    }


def _targets(
    source: Source, number: int, key: str, file: StudyFile | None, printed: list[Values]
) -> list[Target]:
    names = known(file.nerves) if file is not None and was_read(file) else None
    if names:
        terms = [source.vocabulary.nerves.by_name[name] for name in names]
        return [
            Target(
                row=number, key=key, nerve=t.name, part_of=t.part_of, region=t.region, patients=None
            )
            for t in terms
        ]
    return [Target(**values | {"row": number}) for values in printed]


def report_of(file: StudyFile) -> Report:
    """Return how a study's own report describes it; its words for what is not known are kept."""
    as_text = {True: "yes", False: "no"}
    values = file.model_dump(mode="json")
    names = [name for name in Report.model_fields if name in values]
    found = {name: values[name] for name in names}
    for name, value in found.items():
        if isinstance(value, bool):
            found[name] = as_text[value]
        elif value is not None and not isinstance(value, str | list | dict):
            found[name] = f"{value:g}"
    arms = [f"{arm.name}: {arm.patients}" for arm in file.arms]
    events = known(file.adverse_events)
    states = {True: "reported", False: "not stated"}
    found |= {
        "arms": tuple(arms),
        "nerve_words": file.nerve_words,
        "adverse_events": str(file.adverse_events) if events is None else states[bool(events)],
        "eligibility": tuple(
            f"{item}: {as_text[answer] if isinstance(answer, bool) else answer}"
            for item, answer in file.eligibility.items()
        ),
        "read_from": tuple(f"{name}: {file.place(name).in_words}" for name in file.read_from),
    }
    return Report(**found)


def reporting_of(file: StudyFile) -> list[Reporting]:
    """Return one row per item that a report should state, with what is known of it."""
    rows = []
    for item, value in file.reporting.items():
        if value in (NOT_STATED, NOT_READ, NOT_REPORTED):
            rows.append(Reporting(key=file.key, item=item, status=value, value=None))
            continue
        text = ("yes" if value else "no") if isinstance(value, bool) else f"{value}"
        rows.append(Reporting(key=file.key, item=item, status="stated", value=text))
    return rows
