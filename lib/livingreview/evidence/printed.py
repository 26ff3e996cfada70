"""What a printing holds: the review's tables row by row, classified, nothing corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from livingreview import reading
from livingreview.data.printed import ListedWork, PrintedTable, Printing
from livingreview.data.source import Source
from livingreview.evidence.edition import ADDED_IN, Evidence
from livingreview.frames import frame_of
from livingreview.problems import InvalidData, Problem, problems_of, quoted
from livingreview.reading.results import complete_outcomes
from livingreview.results import Row
from livingreview.tables import TABLES, TREATMENT, ListedReference


def build_printed(source: Source, printing: Printing | None = None) -> Evidence:
    """Return the evidence that a printing of the source review holds; by default the first one.

    Raises ``InvalidData`` with one problem for each cell that no rule reads, each reference that
    is not in the list, and each study of the second table that is not in the first.
    """
    printing = printing or source.printing
    builder = _Builder(source, printing)
    for number, cells in enumerate(printing.table1.rows, start=1):
        builder.add_study(number, cells)
    for number, cells in enumerate(printing.table2.rows, start=1):
        builder.add_verdict(number, cells)
    for listed in printing.references.values():
        builder.add_reference(listed)
    for item in source.protocol.items:
        builder.rows["statements"].extend(item.statements(printing.name))
    if builder.problems:
        raise InvalidData(builder.problems)
    return Evidence(**{name: frame_of(name, rows) for name, rows in builder.rows.items()})


# What a row tells where its table has no such column.
UNTOLD: dict[str, Any] = {
    "comparators": (),
    "targets": (),
    "guidance": (),
    "notes": reading.Notes(),
}


class _Builder:
    """Collects rows and problems while the printed tables are read."""

    def __init__(self, source: Source, printing: Printing) -> None:
        self.source = source
        self.printing = printing
        self.problems: list[Problem] = []
        self.rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        self.cited: set[int] = set()
        self.all_cited = True  # False once a row of the first table cites nothing that is listed

    def read(self, table: PrintedTable, row: str, cells: dict[str, str]) -> dict[str, Any]:
        """Return the value of each cell by what its column tells; None with its problem noted."""
        found = {}
        for column in table.columns:
            reader, cell = reading.READERS[column.reader], cells[column.column]
            try:
                found[column.column] = reader(cell, self.source.vocabulary)
            except reading.Unreadable as error:
                found[column.column] = None
                self.note(table, row, column.column, quoted(error.found), error.allowed)
        return found

    def note(self, table: PrintedTable, row: str, column: str, found: str, allowed: str) -> None:
        """Note a problem with the cell of a row that tells something."""
        file, title = self.source.file(table.file), table.title(column)
        self.problems.append(Problem(file, row, title, found, allowed))

    def add(self, name: str, table: PrintedTable, where: str, /, **values: Any) -> None:
        """Add one row to an evidence table, or note what its declaration refuses."""
        try:
            self.rows[name].append(TABLES[name](**values))
        except ValidationError as error:
            for problem in problems_of(error, self.source.file(table.file)):
                self.problems.append(replace(problem, row=where))

    def add_outcome(self, row: str, column: str, values: dict[str, Any]) -> None:
        """Add one result, or note the words of the cell that its declaration refuses."""
        table = self.printing.table1
        try:
            self.rows["outcomes"].append(TABLES["outcomes"](**values))
        except ValidationError as error:
            for problem in problems_of(error, self.source.file(table.file)):
                name = problem.column or ""
                if name.startswith("threshold") and name in values["derived"]:
                    continue  # copied from another result, which says so itself
                allowed = f"{name} of {problem.allowed}" if name else problem.allowed
                self.note(table, row, column, quoted(values["words"]), allowed)

    def reference(
        self, table: PrintedTable, row: str, citation: reading.Citation | None
    ) -> ListedWork | None:
        """Return the entry of the reference list that a row cites, or None with a problem."""
        if citation is None:  # noted where it was read
            return None
        found = self.printing.references.get(citation.ref)
        if found is None:
            allowed = f"a number of {self.printing.listed_in}"
            self.note(table, row, "study", quoted(f"[{citation.ref}]"), allowed)
        return found

    def add_study(self, number: int, cells: dict[str, str]) -> None:
        """Add one printed row of the first table to all evidence tables."""
        table, row = self.printing.table1, f"{number} ({cells['study']})"
        told = UNTOLD | self.read(table, row, cells)
        citation = told["study"]
        listed = self.reference(table, row, citation)
        self.cited |= {citation.ref} if listed else set()
        self.all_cited &= listed is not None
        if listed is None or None in told.values():
            return
        base = {"row": number, "key": listed.key}
        work = self.source.references[listed.key]
        design, followup, notes = told["design"], told["followup"], told["notes"]
        patients = told["patients"]
        comparators = told["comparators"] or design.comparators or notes.comparators
        treated = notes.arms.get(TREATMENT, None if comparators else patients)
        self.add(
            "studies", table, row, **base, ref=citation.ref, first_author=citation.first_author,
            year=citation.year, doi=work.doi, reference_author=listed.author,
            reference_year=listed.year, publication=work.publication, design=design.term.name,
            design_group=design.term.group, randomised=design.term.randomised,
            comparators=comparators, patients=patients, patients_treated=treated,
            guidance=told["guidance"], followup_min_months=followup.min_months,
            followup_max_months=followup.max_months, followup_status=followup.status,
            read_as="review table", added_in=ADDED_IN,
        )  # fmt: skip
        for target in told["targets"]:
            term = target.term
            self.add("targets", table, row, **base, nerve=term.name, part_of=term.part_of,
                     region=term.region, patients=target.patients)  # fmt: skip
        self._add_outcomes(row, base, told, comparators)
        self._add_events(row, base, notes, treated)

    def _add_outcomes(self, row: str, base: dict[str, Any], told: dict[str, Any],
                      comparators: tuple[str, ...]) -> None:  # fmt: skip
        found = [(finding, "outcomes") for finding in told["outcomes"]]
        found += [(finding, "notes") for finding in told["notes"].findings]
        for values, column in complete_outcomes(found, comparators, told["patients"]):
            self.add_outcome(row, column, base | values | self._where(base, column))

    def _where(self, base: dict[str, Any], column: str) -> dict[str, str]:
        """Return the cell that a result was read from."""
        table = self.printing.table1
        title = f", {table.title(column)}" if column in table else ""
        return {"source": f"data/{table.file}", "locator": f"row {base['row']}{title}"}

    def _add_events(self, row: str, base: dict[str, Any], notes: Any, treated: int | None) -> None:
        table = self.printing.table1
        values = base | self._where(base, "notes") | {"at_risk": treated}
        by_name = self.source.vocabulary.events.by_name
        for event, patients in notes.events or ():
            self.add("adverse_events", table, row, **values, status="event", event=event,
                     term=event, patients=patients, serious=by_name[event].serious)  # fmt: skip
        if not notes.events:
            status = "not mentioned" if notes.events is None else "no adverse events"
            self.add("adverse_events", table, row, **values, status=status)

    def add_verdict(self, number: int, cells: dict[str, str]) -> None:
        """Add one printed row of the second table."""
        table, row = self.printing.table2, f"{number} ({cells['study']})"
        told = UNTOLD | self.read(table, row, cells)
        citation = told["study"]
        listed = self.reference(table, row, citation)
        if listed is None or None in told.values():
            return
        if self.all_cited and citation.ref not in self.cited:
            self.note(table, row, "study", quoted(listed.key), "a study of the first table")
        self.add("printed_verdicts", table, row, row=number, key=listed.key, ref=citation.ref,
                 first_author=citation.first_author, year=citation.year,
                 patients=told["patients"], nerves=tuple(t.term.name for t in told["targets"]),
                 guidance=told["guidance"], positive=told["positive"])  # fmt: skip

    def add_reference(self, listed: ListedWork) -> None:
        """Add one entry of the reference list."""
        work = self.source.references[listed.key]
        self.rows["references"].append(
            ListedReference(ref=listed.number, key=listed.key, first_author=listed.author,
                            year=listed.year or 0, title=work.title, publication=work.publication)
        )  # fmt: skip
