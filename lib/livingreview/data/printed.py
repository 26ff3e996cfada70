"""What each printing of the source review prints: its tables and its list of references.

The file ``columns.yml`` says of all printings what the columns of the tables tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field

from livingreview.data.figures import Figures, read_figures
from livingreview.data.files import name_of, read_table, read_yaml
from livingreview.data.protocol import Declared, Imprint, in_printing
from livingreview.data.references import Reference
from livingreview.data.vocabulary import NerveList
from livingreview.problems import Problem, explained, quoted

COLUMNS = "source/columns.yml"
DIFFERENCES = "source/differences.yml"
BIBLIOGRAPHY = "references.bib"
KEYS = f"a key of {BIBLIOGRAPHY}"
LIST = ("number", "key", "author", "year", "text")

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


Title = Annotated[str, Field(min_length=1)]


class PrintedColumn(Declared):
    """One column of a printed table."""

    printed: Title | dict[str, Title] = Field(
        description="Title as printed; by printing where they differ"
    )
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


class Difference(Declared):
    """What the texts of the printings say differently on one matter, in our words."""

    what: str = Field(min_length=1)
    prints: dict[str, Title]
    matters: str = Field(min_length=1)


class Differences(Declared):
    """The file ``data/source/differences.yml``."""

    differences: tuple[Difference, ...] = Field(min_length=1)


@dataclass(frozen=True)
class PrintedTable:
    """A printed table: per row the printed text of each cell, by what its column tells.

    ``titles`` gives the title of each column, as this printing has it.
    """

    file: str
    columns: tuple[PrintedColumn, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[dict[str, str], ...] = ()

    def title(self, column: str) -> str:
        """Return the printed title of what tells something; raises ``KeyError`` where none does."""
        return self.titles[column]

    def __contains__(self, column: str) -> bool:
        """Return whether some printed column tells it."""
        return column in self.titles


@dataclass(frozen=True)
class ListedWork:
    """A numbered entry of a list of references: the work, and author and year as printed there.

    ``text`` is the entry as printed; empty where only ``references.bib`` has it.
    """

    number: int
    key: str
    author: str
    year: int | None
    text: str = ""


@dataclass(frozen=True)
class Printing:
    """One printing of the source review: its tables, and its list of references by number.

    ``name`` is empty where there is no other; ``listed_in`` is the file that holds the list;
    ``figures`` is None where nobody has read them.
    """

    name: str
    imprint: Imprint
    table1: PrintedTable
    table2: PrintedTable
    references: Mapping[int, ListedWork]
    listed_in: str
    figures: Figures | None = None


def read_printings(
    folder: Path,
    imprints: tuple[Imprint, ...],
    references: dict[str, Reference],
    nerves: NerveList,
    problems: list[Problem],
) -> dict[str, Printing]:
    """Return the printings of the data in ``folder`` by name, that with the first imprint first.

    The numbers of its list stand in ``references.bib``; each other printing has a list of its own.
    """
    if not imprints:
        return {}
    names = [imprint.printing or "" for imprint in imprints]
    sound = not any(problem.file == BIBLIOGRAPHY for problem in problems)
    declared = _read_columns(folder, names, problems)
    found: dict[str, Printing] = {}
    for name, imprint in zip(names, imprints, strict=True):
        place = f"source/{name}".rstrip("/")
        tables = [
            _table(folder, f"{place}/{table}.csv", declared.get(table), name, problems)
            for table in ("table1", "table2")
        ]
        listed, file = _first_list(references), BIBLIOGRAPHY
        if found:
            path = folder / place / "references.csv"
            listed, file = _read_list(path, references if sound else None, problems), name_of(path)
        figures = read_figures(folder / place / "figures.yml", nerves, problems)
        found[name] = Printing(name, imprint, tables[0], tables[1], listed, file, figures)
    return found


def read_differences(
    folder: Path, names: Iterable[str], problems: list[Problem]
) -> tuple[Difference, ...]:
    """Return what the texts of the printings say differently; nothing where there is no file."""
    path = folder / DIFFERENCES
    found = read_yaml(path, Differences, problems, wrap="differences", optional=True)
    listed = found.differences if found else ()
    for number, entry in enumerate(listed, start=1):
        if sorted(entry.prints) != sorted(names):
            said = f"what {', '.join(entry.prints)} prints"
            allowed = f"one entry for each of {', '.join(names)}"
            problems.append(Problem(name_of(path), str(number), "prints", said, allowed))
    return listed


def _read_columns(
    folder: Path, names: list[str], problems: list[Problem]
) -> dict[str, tuple[PrintedColumn, ...]]:
    """Return the columns of each table, none where they cannot be read."""
    parts: dict[str, type[BaseModel]] = {"": PrintedColumns, "table1": Column1, "table2": Column2}
    explain: Any = partial(explained, parts=parts)
    declared = read_yaml(folder / COLUMNS, PrintedColumns, problems, explain=explain)
    if declared is None:
        return {}
    listed = {"table1": declared.table1, "table2": declared.table2}
    wrong = [p for table, columns in listed.items() for p in _misfits(table, columns, names)]
    problems.extend(
        Problem(name_of(folder / COLUMNS), place, None, *said) for place, *said in wrong
    )
    return {} if wrong else {table: columns or () for table, columns in listed.items()}


def _table(
    folder: Path,
    file: str,
    columns: tuple[PrintedColumn, ...] | None,
    printing: str,
    problems: list[Problem],
) -> PrintedTable:
    """Return a table; without rows where its columns could not be read, or none is declared."""
    if not columns:
        if columns is not None and (folder / file).exists():
            allowed = f"a table with its columns in {name_of(folder / COLUMNS)}"
            problems.append(Problem(name_of(folder / file), None, None, "a table", allowed))
        return PrintedTable(file)
    titles = {column.column: str(in_printing(column.printed, printing)) for column in columns}
    rows = read_table(folder / file, tuple(titles.values()), problems)
    by_column = ({name: row[title] for name, title in titles.items()} for row in rows)
    return PrintedTable(file, columns, titles, tuple(by_column))


def _misfits(
    table: str, columns: tuple[PrintedColumn, ...] | None, names: list[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield what does not fit together: place, found, allowed."""
    if columns is None:
        return
    for number, column in enumerate(columns, start=1):
        readers, before = READERS[column.column], columns[: number - 1]
        if column.reader not in readers:
            allowed = f"{' or '.join(readers)}, which read what column {column.column} tells"
            yield f"{table}[{number}].reader", quoted(column.reader), allowed
        if isinstance(column.printed, dict) and sorted(column.printed) != sorted(names):
            found = f"titles for {', '.join(column.printed)}"
            yield f"{table}[{number}].printed", found, f"one for each of {', '.join(names)}"
        titles = [in_printing(column.printed, name) for name in names]
        for title, name in zip(titles, names, strict=True):
            if title in [in_printing(other.printed, name) for other in before]:
                yield f"{table}[{number}].printed", quoted(title), "each once"
                break
        if column.column in [other.column for other in before]:
            yield f"{table}[{number}].column", quoted(column.column), "each once"
    known = get_args({"table1": InTable1, "table2": InTable2}[table])
    for name in known:
        if name not in OPTIONAL and name not in [column.column for column in columns]:
            yield table, f"no column {name}", "an entry for it: every row needs one"


def _first_list(references: dict[str, Reference]) -> dict[int, ListedWork]:
    """Return the list of the printing whose numbers and wording the bibliography has."""
    return {
        entry.number: ListedWork(entry.number, key, next(iter(entry.surnames), ""), entry.year)
        for key, entry in references.items()
        if entry.number is not None
    }


def _read_list(
    path: Path, references: dict[str, Reference] | None, problems: list[Problem]
) -> dict[int, ListedWork]:
    """Return the list of another printing; None for a bibliography that cannot be read whole."""
    listed: dict[int, ListedWork] = {}
    for row, cells in enumerate(read_table(path, LIST, problems), start=1):
        entry = {name: cell.strip() for name, cell in cells.items()}
        keys = {work.key for work in listed.values()}
        author, year, text = (entry[name] for name in ("author", "year", "text"))
        wrong = {
            "number": (entry["number"] != str(row), f"{row}: the list is counted from 1"),
            "key": (references is not None and entry["key"] not in references, KEYS),
            "author": (not author or not text.startswith(author), "as the entry begins"),
            "year": (not re.fullmatch(r"\d{4}", year) or year not in text, "a year of the entry"),
        }
        wrong |= {"key": (True, "each key once")} if entry["key"] in keys else {}
        noted = [
            Problem(name_of(path), str(row), name, quoted(entry[name] or "nothing"), allowed)
            for name, (is_wrong, allowed) in wrong.items()
            if is_wrong
        ]
        problems.extend(noted)
        if not noted:
            listed[row] = ListedWork(row, entry["key"], author, int(year), text)
    return listed
