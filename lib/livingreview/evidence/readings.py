"""Where each field of a study stands, which other readings there are, and its reports."""

from __future__ import annotations

from typing import Any

from livingreview.data.readings import fields
from livingreview.data.reports import NOT_READ
from livingreview.data.study import StudyFile, known
from livingreview.tables import NamedReport, Reading
from livingreview.words import listed

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
