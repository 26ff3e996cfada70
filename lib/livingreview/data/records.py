"""Records that searches found, and what screeners decided: the tables of ``data/search``.

Each record stands once, without its abstract. What was found where, which records may be the same,
and what each screener decided are tables of their own; all of them are optional.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError, field_validator

from livingreview.data.files import name_of, read_table
from livingreview.data.protocol import Declared
from livingreview.data.reports import DOI
from livingreview.data.strategy import ID
from livingreview.problems import Problem, problems_of, quoted

RECORDS, FOUND, PAIRS = "records.csv", "found.csv", "pairs.csv"
DECISIONS, AGREED = "decisions", "decisions/agreed.csv"
RECORD = r"^(pmid-\d{1,8}|doi-[0-9a-f]{10}|x-[0-9a-f]{10}|[a-z]+[a-z0-9-]*\d)$"

Choice = Literal["keep", "exclude"]


class Row(Declared):
    """A row of a table; an empty cell is None."""

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the columns of the table, in order."""
        return tuple(cls.model_fields)


class Record(Row):
    """A record that some search found, as its source gives it; empty: not said."""

    record: str = Field(pattern=RECORD)
    title: str | None
    authors: str | None
    year: int | None = Field(ge=1800, le=2200)
    journal: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    doi: str | None = Field(pattern=DOI)
    pmid: str | None = Field(pattern=r"^\d{1,8}$")
    registration: str | None
    kind: str | None
    language: str | None
    first_seen: str
    same_as: str | None
    study: str | None


class Found(Row):
    """Which source gave a record, under which id, and in which run first."""

    record: str
    source: str
    source_id: str
    run: str


class Pair(Row):
    """Two records that may be the same, and what a person said."""

    one: str
    other: str
    similarity: float | None = Field(ge=0, le=100)
    why: str | None
    answer: Literal["same", "different"] | None
    by: str | None = Field(pattern=ID)
    on: dt.date | None


class Settled(Row):
    """What screeners agreed on after they had differed; empty: not yet."""

    record: str
    decision: Choice | None
    reason: str | None
    on: dt.date | None

    @field_validator("reason")
    @classmethod
    def _reason_of_an_exclusion(cls, reason: str | None, info: object) -> str | None:
        if reason is None and getattr(info, "data", {}).get("decision") == "exclude":
            raise ValueError("nothing", "why, for an exclusion")
        return reason


class Screening(Settled):
    """What one screener decided on a record, by title and abstract."""

    decision: Choice


@dataclass(frozen=True)
class RecordTables:
    """The tables of ``data/search``: records and decisions by record, the rest as rows."""

    records: dict[str, Record] = field(default_factory=dict)
    found: tuple[Found, ...] = ()
    pairs: tuple[Pair, ...] = ()
    decisions: dict[str, dict[str, Screening]] = field(default_factory=dict)
    agreed: dict[str, Settled] = field(default_factory=dict)

    def chosen(self, record: str) -> set[Choice]:
        """Return the different decisions of the screeners on a record."""
        return {by[record].decision for by in self.decisions.values() if record in by}


ALLOWED = {
    "record": "a name like pmid-39883054, doi-0a1b2c3d4e, x-0a1b2c3d4e or nct01234567",
    "doi": "a DOI without address, like 10.1000/182",
    "pmid": "a PubMed id, up to eight digits",
    "year": "a year, like 2025",
    "answer": "same, different, or nothing",
    "decision": "keep or exclude",
    "by": "a handle in small letters",
}

R = TypeVar("R", bound=Row)


def load_records(folder: Path, problems: list[Problem]) -> RecordTables:
    """Return the tables of ``data/search``, each held against the others; none is no problem."""
    before = len(problems)
    records = _by_record(folder / RECORDS, Record, problems, "each record once")
    found = _rows(folder / FOUND, Found, problems)
    pairs = _rows(folder / PAIRS, Pair, problems)
    decisions = {
        path.stem: _by_record(path, Screening, problems, "one decision a record")
        for path in sorted((folder / DECISIONS).glob("*.csv"))
        if path != folder / AGREED
    }
    agreed = _by_record(folder / AGREED, Settled, problems, "one decision a record")
    read = RecordTables(records, found, pairs, decisions, agreed)
    if len(problems) == before:  # rows that could not be read are missed once, not everywhere
        checks = (_joins(read), _findings(read), _answers(read), _choices(read))
        for file, row, column, said, allowed in (part for check in checks for part in check):
            problems.append(Problem(name_of(folder / file), row, column, said, allowed))
    return read


def _rows(path: Path, model: type[R], problems: list[Problem]) -> tuple[R, ...]:
    """Return the rows of a table that can be read; a table that is not there has none."""
    if not path.exists():
        return ()
    rows = []
    for number, cells in enumerate(read_table(path, model.columns(), problems), start=1):
        try:
            rows.append(model.model_validate({name: cell or None for name, cell in cells.items()}))
        except ValidationError as error:
            for problem in problems_of(error, name_of(path)):
                found = "nothing" if problem.found == quoted(None) else problem.found
                allowed = ALLOWED.get(problem.column or "", problem.allowed)
                problems.append(Problem(problem.file, str(number), problem.column, found, allowed))
    return tuple(rows)


def _by_record(path: Path, model: type[R], problems: list[Problem], once: str) -> dict[str, R]:
    """Return the rows of a table by their record; a record that stands twice is a problem."""
    named: dict[str, R] = {}
    for number, row in enumerate(_rows(path, model, problems), start=1):
        name: str = row.record  # type: ignore[attr-defined]
        if name in named:
            found = f"{quoted(name)} twice"
            problems.append(Problem(name_of(path), str(number), "record", found, once))
        named[name] = row
    return named


Wrong = Iterator[tuple[str, str | None, str | None, str, str]]


def _joins(read: RecordTables) -> Wrong:
    """Yield what is wrong with a record's own id, and with the record that it is said to be."""
    for number, (name, record) in enumerate(read.records.items(), start=1):
        row = str(number)
        if record.pmid is not None and name.startswith("pmid-") and name != f"pmid-{record.pmid}":
            yield RECORDS, row, "pmid", quoted(record.pmid), f"that of the record {name}"
        other = read.records.get(record.same_as or "")
        if record.same_as is None:
            continue
        if other is None or record.same_as == name:
            yield RECORDS, row, "same_as", quoted(record.same_as), "another record of this table"
        elif other.same_as is not None:
            said = f"{quoted(record.same_as)}, itself a duplicate"
            yield RECORDS, row, "same_as", said, "a record that is no duplicate"
        elif record.study not in (None, other.study):
            allowed = f"nothing, or the study of {record.same_as}, of which it is a duplicate"
            yield RECORDS, row, "study", quoted(record.study), allowed


def _findings(read: RecordTables) -> Wrong:
    """Yield what is wrong with where records were found."""
    seen: set[tuple[str, str]] = set()
    for number, found in enumerate(read.found, start=1):
        if found.record not in read.records:
            yield FOUND, str(number), "record", quoted(found.record), f"a record of {RECORDS}"
        if (found.record, found.source) in seen:
            said = f"{quoted(found.source)} twice for {found.record}"
            yield FOUND, str(number), "source", said, "each source once a record"
        seen.add((found.record, found.source))
    somewhere = {record for record, _ in seen}
    for name in read.records:
        if name not in somewhere:
            said = f"no row of the record {quoted(name)}"
            yield FOUND, None, None, said, "every record was found somewhere"


def _answers(read: RecordTables) -> Wrong:
    """Yield what is wrong with pairs, and answers that the records do not follow."""
    asked: set[frozenset[str]] = set()
    for number, pair in enumerate(read.pairs, start=1):
        row, both = str(number), frozenset((pair.one, pair.other))
        unknown = [name for name in (pair.one, pair.other) if name not in read.records]
        if unknown:
            yield PAIRS, row, None, quoted(unknown[0]), f"a record of {RECORDS}"
            continue
        if len(both) == 1 or both in asked:
            said = f"the pair {pair.one} and {pair.other} again" if len(both) > 1 else "one record"
            yield PAIRS, row, None, said, "two records, each pair once"
        asked.add(both)
        first, second = (read.records[name].same_as or name for name in (pair.one, pair.other))
        if pair.answer == "different" and first == second:
            said = f'"different", but {RECORDS} joins the two'
            yield PAIRS, row, None, said, "one of both"
        if pair.answer == "same" and first != second:
            said = f'"same", but {RECORDS} does not join the two'
            yield PAIRS, row, None, said, f"both, or neither: same_as in {RECORDS}"


def _choices(read: RecordTables) -> Wrong:
    """Yield what is wrong with decisions: on what, and where screeners are said to differ."""
    tables = {f"{DECISIONS}/{name}.csv": [*rows] for name, rows in read.decisions.items()}
    for file, names in (tables | {AGREED: [*read.agreed]}).items():
        for number, name in enumerate(names, start=1):
            record = read.records.get(name)
            if record is None:
                yield file, str(number), "record", quoted(name), f"a record of {RECORDS}"
            elif record.same_as is not None:
                said = f"{quoted(name)}, a duplicate of {record.same_as}"
                yield file, str(number), "record", said, f"decide on {record.same_as}"
    for number, name in enumerate(read.agreed, start=1):
        if len(read.chosen(name)) < 2:
            said = f"a decision on {name}, on which the screeners do not differ"
            yield AGREED, str(number), None, said, "conflicts only"
