"""What changed between two printings of the source review, and which slips were mended.

Nothing here is typed: cells are compared as texts and as what their readers tell, entries of the
reference lists by the works that they name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from livingreview import reading
from livingreview.data.printed import ListedWork, PrintedTable, Printing
from livingreview.data.references import Reference
from livingreview.data.source import Source
from livingreview.data.vocabulary import Vocabulary

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

SAME, WORDING, VALUE, ADDED, DROPPED = KINDS = (
    "same",  # the same words
    "wording",  # other words or signs that tell the same
    "value",  # the cell or the entry tells something else
    "added",
    "dropped",
)
MENDED, KEPT, NEW = STATES = ("mended", "kept", "new")
PARTS = ("table 1", "table 2", "references")

CHANGES = ["part", "place", "key", "field", "before", "after", "kind"]
SLIPS = ["part", "place", "key", "slip", "before", "after", "state"]

# Slips that the tables show by themselves; which is right is not judged here.
UNLIKE_AUTHOR = "author not as in its own reference list"
UNLIKE_YEAR = "year not as in its own reference list"
TWICE = "study in a second row"
MISSPELT = "misspelt word"
OPEN = "bracket left open"
BLANK = "cell left blank"
UNLIKE_FIRST = "not as in the first table"
NEVER_BLANK = ("guidance", "followup", "outcomes", "positive", "patients", "design")


class Row(NamedTuple):
    """A printed row, by the study that it cites and how often that was cited before."""

    key: str
    again: int
    number: int
    cells: dict[str, str]
    values: dict[str, Any]
    listed: ListedWork


@dataclass(frozen=True)
class Read:
    """One printed table of a printing, its rows read."""

    printing: Printing
    table: PrintedTable
    rows: dict[tuple[str, int], Row]


def _read(printing: Printing, table: PrintedTable, words: Vocabulary) -> Read:
    rows: dict[tuple[str, int], Row] = {}
    for number, cells in enumerate(table.rows, start=1):
        values = {
            column.column: reading.READERS[column.reader](cells[column.column], words)
            for column in table.columns
        }
        listed = printing.references[values["study"].ref]
        again = Counter(key for key, _ in rows)[listed.key]
        rows[listed.key, again] = Row(listed.key, again, number, cells, values, listed)
    return Read(printing, table, rows)


def _tables(source: Source, printing: Printing) -> dict[str, Read]:
    tables = zip(PARTS, (printing.table1, printing.table2), strict=False)
    return {part: _read(printing, table, source.vocabulary) for part, table in tables}


@lru_cache(maxsize=4)
def changes(edition: Edition) -> pd.DataFrame:
    """Return one row per cell of the tables and per entry of the lists of the first two printings.

    Columns: part (one of ``PARTS``), place, key, field (the title of the column, or what differs of
    a reference), before and after as printed, kind (one of ``KINDS``). The index names each row
    (``changes:12``). Without a second printing there is none.
    """
    rows: list[tuple[str, ...]] = []
    source = edition.source
    if len(source.printings) > 1:
        old, new = [*source.printings.values()][:2]
        before, after = (_tables(source, printing) for printing in (old, new))
        for part in before:
            rows.extend(_cells(part, before[part], after[part]))
        rows.extend(_entries(source.references, old, new))
    frame = pd.DataFrame(rows, columns=CHANGES)
    frame.index = pd.Index([f"changes:{number}" for number in range(1, len(frame) + 1)])
    return frame


def _cells(part: str, old: Read, new: Read) -> Iterator[tuple[str, ...]]:
    for name in dict.fromkeys([*old.rows, *new.rows]):
        before, after = old.rows.get(name), new.rows.get(name)
        place = f"{part}, row {(before or new.rows[name]).number}"
        if before is None or after is None:
            kind = ADDED if before is None else DROPPED
            yield (part, place, name[0], "row", *_rows_text(before, after), kind)
            continue
        for column in old.table.columns:
            texts = [row.cells[column.column] for row in (before, after)]
            told = [_told(row, column.column) for row in (before, after)]
            kind = VALUE if told[0] != told[1] else WORDING
            texts = [_without_number(text) if column.column == "study" else text for text in texts]
            if " ".join(texts[0].split()) == " ".join(texts[1].split()):
                kind = SAME
            yield (part, place, name[0], old.table.title(column.column), *texts, kind)


def _rows_text(*rows: Row | None) -> tuple[str, ...]:
    return tuple("" if row is None else "; ".join(row.cells.values()) for row in rows)


def _without_number(text: str) -> str:
    """Return a citation without its number and with one way of spacing: numbers only shift."""
    return re.sub(r"\s*,\s*", ", ", re.sub(r"\s*\[\d+\]", "", text)).strip()


def _told(row: Row, column: str) -> Any:
    """Return what a cell tells, without the words in which it does."""
    value = row.values[column]
    if column == "study":
        return value.first_author, value.year, row.key
    return _wordless(value)


def _wordless(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_wordless, value))
    if isinstance(value, reading.Finding):
        return value.model_copy(update={"words": None})
    if isinstance(value, reading.Notes):
        return replace(value, findings=_wordless(value.findings))
    return value


def _entries(
    works: dict[str, Reference], old: Printing, new: Printing
) -> Iterator[tuple[str, ...]]:
    """Yield one row per work of either list, and one per part of it that differs."""
    before, after = ({w.key: w for w in p.references.values()} for p in (old, new))
    for key in dict.fromkeys([*before, *after]):
        first, second = before.get(key), after.get(key)
        place = f"references, number {(first or after[key]).number}"
        row = ("references", place, key)
        if first is None or second is None:
            kind = ADDED if first is None else DROPPED
            yield (*row, "entry", "" if first is None else works[key].title,
                   "" if second is None else second.text, kind)  # fmt: skip
            continue
        differing = [*_differing(works[key], first, second)]
        for field, *texts in differing:
            yield (*row, field, *texts, VALUE)
        if not differing:
            yield (*row, "entry", works[key].title, second.text, SAME)


def _differing(
    work: Reference, first: ListedWork, second: ListedWork
) -> Iterator[tuple[str, str, str]]:
    """Yield what of a work the lists print otherwise: field, and what either has."""
    if first.author != second.author:
        yield "first author", first.author, second.author
    if first.year != second.year:
        yield "year", str(first.year), str(second.year)
    if second.text and _letters(work.title) not in _letters(second.text):
        yield "title", work.title, second.text
    pages = work.fields.get("pages", "")
    page = re.split(r"[-.\N{EN DASH}]", pages)[0]
    tail = second.text.rpartition(f" {second.year},")[2].strip(" .")
    if second.text and page and page not in re.findall(r"\w+", tail):
        yield "pages", pages, tail
    if tail and not page:
        yield "pages", work.fields.get("note", ""), tail


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@lru_cache(maxsize=4)
def slips(edition: Edition) -> pd.DataFrame:
    """Return one row per slip that either of the first two printings has in its tables.

    Columns: part, place, key, slip (in words), before and after (the cell in either printing),
    state (one of ``STATES``). The index names each row (``slips:3``).
    """
    rows: list[tuple[str, ...]] = []
    source = edition.source
    if len(source.printings) > 1:
        both = [_tables(source, printing) for printing in [*source.printings.values()][:2]]
        found = [_slips(tables, source.vocabulary) for tables in both]
        for name in dict.fromkeys([*found[0], *found[1]]):
            rows.append(_slip(name, both, tuple(name in slips for slips in found)))
    frame = pd.DataFrame(rows, columns=SLIPS)
    frame.index = pd.Index([f"slips:{number}" for number in range(1, len(frame) + 1)])
    return frame


def of_printings(edition: Edition) -> dict[str, pd.DataFrame]:
    """Return what is computed of the printings and their figures, by the names of its rows."""
    from livingreview.evidence.figures import checks

    printed = edition.printed
    return {"changes": changes(printed), "slips": slips(printed), "figures": checks(printed)}


Named = tuple[str, tuple[str, int], str, str]  # part, row, column, slip


def _slip(name: Named, both: list[dict[str, Read]], has: tuple[bool, ...]) -> tuple[str, ...]:
    part, row, column, slip = name
    cells = [
        tables[part].rows[row].cells[column] if row in tables[part].rows else "" for tables in both
    ]
    shown = next(tables[part].rows[row] for tables in both if row in tables[part].rows)
    state = {(True, False): MENDED, (True, True): KEPT, (False, True): NEW}[has[0], has[1]]
    return (part, f"{part}, row {shown.number}", shown.key, slip, cells[0], cells[1], state)


def _slips(tables: dict[str, Read], words: Vocabulary) -> dict[Named, None]:
    """Return the slips of one printing, each by its place and kind, in order."""
    first = tables["table 1"].rows
    listed = {row.key: row for row in first.values()}
    found: dict[Named, None] = {}
    for part, read in tables.items():
        for name, row in read.rows.items():
            other = listed.get(row.key) if part != "table 1" else None
            for column, slip in (*_of_citation(row), *_of_cells(row, words), *_unlike(row, other)):
                found[part, name, column, slip] = None
    return found


def _of_citation(row: Row) -> Iterator[tuple[str, str]]:
    cited = row.values["study"]
    if cited.first_author != row.listed.author:
        yield "study", UNLIKE_AUTHOR
    if cited.year != row.listed.year:
        yield "study", UNLIKE_YEAR
    if row.again:
        yield "study", TWICE


def _of_cells(row: Row, words: Vocabulary) -> Iterator[tuple[str, str]]:
    for column, cell in row.cells.items():
        if any(re.search(rf"\b{re.escape(word)}\b", cell, re.I) for word in words.misprints):
            yield column, MISSPELT
        if cell.count("(") != cell.count(")"):
            yield column, OPEN
        if column in NEVER_BLANK and not cell.strip():
            yield column, BLANK


def _unlike(row: Row, first: Row | None) -> Iterator[tuple[str, str]]:
    """Yield the columns of a row of the second table that tell otherwise than the first one."""
    if first is None:
        return
    ways: dict[str, Callable[[Any], Any]] = {
        "patients": lambda value: value,
        "guidance": set,
        "targets": lambda value: {target.term.name for target in value},
    }
    for column in [name for name in ways if name in row.values and name in first.values]:
        if ways[column](row.values[column]) != ways[column](first.values[column]):
            yield column, UNLIKE_FIRST
