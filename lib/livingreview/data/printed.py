"""The printed tables of the source review, and what its file ``columns.yml`` says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field

from livingreview.data.files import name_of, read_table, read_yaml
from livingreview.data.protocol import Declared
from livingreview.problems import Problem, explained, quoted

COLUMNS = "source/columns.yml"
TABLE1, TABLE2 = "source/table1.csv", "source/table2.csv"

Reader = Literal[
    "citation",
    "design",
    "comparators",
    "count",
    "targets",
    "guidance",
    "time",
    "months",
    "results",
    "notes",
    "verdict",
]
InTable1 = Literal[
    "study",
    "design",
    "comparators",
    "patients",
    "targets",
    "guidance",
    "followup",
    "outcomes",
    "notes",
]
InTable2 = Literal["study", "patients", "targets", "guidance", "positive"]

# How the cells of a column can be written. A table without one of the others is no table of studies
# or of verdicts.
READERS: dict[str, tuple[Reader, ...]] = {
    "study": ("citation",),
    "design": ("design",),
    "comparators": ("comparators",),
    "patients": ("count",),
    "targets": ("targets",),
    "guidance": ("guidance",),
    "followup": ("time", "months"),
    "outcomes": ("results",),
    "notes": ("notes",),
    "positive": ("verdict",),
}
OPTIONAL = ("comparators", "targets", "guidance", "notes")


class PrintedColumn(Declared):
    """One column of a printed table."""

    printed: str = Field(min_length=1, description="Title as printed")
    reader: Reader = Field(description="How a cell is read")
    column: str = Field(description="What a cell tells")


class Column1(PrintedColumn):
    """One column of the table of studies."""

    column: InTable1


class Column2(PrintedColumn):
    """One column of the table of verdicts."""

    column: InTable2


class PrintedColumns(Declared):
    """The file ``data/source/columns.yml``; a review without a second table declares none."""

    table1: tuple[Column1, ...]
    table2: tuple[Column2, ...] | None = None


@dataclass(frozen=True)
class PrintedTable:
    """A printed table: per row the printed text of each cell, by what its column tells."""

    file: str
    columns: tuple[PrintedColumn, ...] = ()
    rows: tuple[dict[str, str], ...] = ()

    def __getitem__(self, column: str) -> PrintedColumn:
        """Return the printed column that tells something; raises ``KeyError`` where none does."""
        for found in self.columns:
            if found.column == column:
                return found
        raise KeyError(column)

    def __contains__(self, column: str) -> bool:
        """Return whether some printed column tells it."""
        return any(found.column == column for found in self.columns)


def read_printed(folder: Path, problems: list[Problem]) -> tuple[PrintedTable, PrintedTable]:
    """Return the two printed tables of the data in ``folder``; the second may have no columns."""
    parts: dict[str, type[BaseModel]] = {"": PrintedColumns, "table1": Column1, "table2": Column2}
    explain: Any = partial(explained, parts=parts)
    declared = read_yaml(folder / COLUMNS, PrintedColumns, problems, explain=explain)
    if declared is None:
        return PrintedTable(TABLE1), PrintedTable(TABLE2)
    file = name_of(folder / COLUMNS)
    listed = {"table1": declared.table1, "table2": declared.table2}
    wrong = [p for name, columns in listed.items() for p in _misfits(name, columns)]
    problems.extend(Problem(file, place, None, *said) for place, *said in wrong)
    if wrong:
        return PrintedTable(TABLE1), PrintedTable(TABLE2)
    return (
        _table(folder, TABLE1, declared.table1, problems),
        _table(folder, TABLE2, declared.table2 or (), problems),
    )


def _table(
    folder: Path, file: str, columns: tuple[PrintedColumn, ...], problems: list[Problem]
) -> PrintedTable:
    if not columns:
        if (folder / file).exists():
            allowed = f"a table with its columns in {name_of(folder / COLUMNS)}"
            problems.append(Problem(name_of(folder / file), None, None, "a table", allowed))
        return PrintedTable(file)
    names = {column.printed: column.column for column in columns}
    rows = read_table(folder / file, tuple(names), problems)
    by_column = ({names[title]: cell for title, cell in row.items()} for row in rows)
    return PrintedTable(file, columns, tuple(by_column))


def _misfits(
    table: str, columns: tuple[PrintedColumn, ...] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield what does not fit together: place, found, allowed."""
    if columns is None:
        return
    for number, column in enumerate(columns, start=1):
        readers = READERS[column.column]
        if column.reader not in readers:
            allowed = f"{' or '.join(readers)}, which read what column {column.column} tells"
            yield f"{table}[{number}].reader", quoted(column.reader), allowed
        for field in ("printed", "column"):
            value = getattr(column, field)
            if value in [getattr(before, field) for before in columns[: number - 1]]:
                yield f"{table}[{number}].{field}", quoted(value), "each once"
    known = get_args({"table1": InTable1, "table2": InTable2}[table])
    for name in known:
        if name not in OPTIONAL and name not in [column.column for column in columns]:
            yield table, f"no column {name}", "an entry for it: every row needs one"
