"""The printed edition: the review's tables row by row, classified, nothing corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from livingreview import reading
from livingreview.data.references import Reference
from livingreview.data.source import TABLE1, TABLE2, Source
from livingreview.evidence.edition import ADDED_IN, Evidence
from livingreview.frames import frame_of
from livingreview.problems import InvalidData, Problem, problems_of, quoted
from livingreview.reading.results import complete_outcomes
from livingreview.tables import TABLES, ListedReference, Row


def build_printed(source: Source) -> Evidence:
    """Return the evidence that the source review prints.

    Raises ``InvalidData`` with one problem for each cell that no rule reads, each reference that
    is not in the list, and each study of the second table that is not in the first.
    """
    builder = _Builder(source)
    for number, cells in enumerate(source.table1, start=1):
        builder.add_study(number, cells)
    for number, cells in enumerate(source.table2, start=1):
        builder.add_verdict(number, cells)
    for reference in source.by_number().values():
        builder.add_reference(reference)
    for item in source.protocol.items:
        builder.rows["statements"].extend(item.statements())
    if builder.problems:
        raise InvalidData(builder.problems)
    return Evidence(**{name: frame_of(name, rows) for name, rows in builder.rows.items()})


class _Builder:
    """Collects rows and problems while the printed tables are read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.numbers = source.by_number()
        self.problems: list[Problem] = []
        self.rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        self.cited: set[int] = set()
        self.all_cited = True  # False once a row of the first table cites nothing that is listed

    def read(self, file: str, row: str, column: str, function: Callable[..., Any], *more: Any,
             cells: dict[str, str]) -> Any:  # fmt: skip
        """Return the classified cell, or None with its problem noted."""
        try:
            return function(cells[column], *more)
        except reading.Unreadable as error:
            place = self.source.file(file)
            self.problems.append(Problem(place, row, column, quoted(error.found), error.allowed))
            return None

    def add(self, table: str, file: str, where: str, /, **values: Any) -> None:
        """Add one row to a table, or note what its declaration refuses."""
        try:
            self.rows[table].append(TABLES[table](**values))
        except ValidationError as error:
            for problem in problems_of(error, self.source.file(file)):
                self.problems.append(replace(problem, row=where))

    def add_outcome(self, row: str, column: str, values: dict[str, Any]) -> None:
        """Add one result, or note the words of the cell that its declaration refuses."""
        try:
            self.rows["outcomes"].append(TABLES["outcomes"](**values))
        except ValidationError as error:
            for problem in problems_of(error, self.source.file(TABLE1)):
                name = problem.column or ""
                if name.startswith("threshold") and name in values["derived"]:
                    continue  # copied from another result, which says so itself
                allowed = f"{name} of {problem.allowed}" if name else problem.allowed
                words = quoted(values["words"])
                self.problems.append(Problem(problem.file, row, column, words, allowed))

    def reference(self, file: str, row: str, citation: reading.Citation) -> Reference | None:
        """Return the entry of the reference list that a row cites, or None with a problem."""
        found = self.numbers.get(citation.ref)
        if found is None:
            place, allowed = self.source.file(file), "a number of references.bib"
            self.problems.append(
                Problem(place, row, "Author, Year", quoted(f"[{citation.ref}]"), allowed)
            )
        return found

    def add_study(self, number: int, cells: dict[str, str]) -> None:
        """Add one printed row of the first table to all evidence tables."""
        words, row = self.source.vocabulary, f"{number} ({cells['Author, Year']})"
        read = self._reader(TABLE1, row, cells)
        citation = read("Author, Year", reading.classify_citation)
        design = read("Design", reading.classify_design, words.designs, words.comparators)
        patients = read("Patients", reading.classify_patients)
        targets = read("Targets", reading.classify_targets, words.nerves)
        guidance = read("Guidance", reading.classify_guidance, words.guidance)
        followup = read("Follow Up", reading.classify_followup)
        outcomes = read("Outcomes", reading.classify_outcomes, words)
        notes = read("Notes", reading.classify_notes, words)
        listed = self.reference(TABLE1, row, citation) if citation else None
        self.cited |= {citation.ref} if listed else set()
        self.all_cited &= listed is not None
        parts = (design, patients, targets, guidance, followup, outcomes, notes, listed)
        if listed is None or any(part is None for part in parts):
            return
        base = {"row": number, "key": listed.key}
        comparators = design.comparators or tuple(a for a in notes.arms if a != "treatment")
        treated = notes.arms.get("treatment", None if comparators else patients)
        self.add(
            "studies", TABLE1, row, **base, ref=citation.ref, first_author=citation.first_author,
            year=citation.year, doi=listed.doi, reference_author=listed.surnames[0],
            reference_year=listed.year, publication=listed.publication, design=design.term.name,
            design_group=design.term.group, randomised=design.term.randomised,
            comparators=comparators, patients=patients,
            patients_treated=treated, guidance=guidance, followup_min_months=followup.min_months,
            followup_max_months=followup.max_months, followup_status=followup.status,
            read_as="review table", added_in=ADDED_IN,
        )  # fmt: skip
        for target in targets:
            term = target.term
            self.add("targets", TABLE1, row, **base, nerve=term.name, part_of=term.part_of,
                     region=term.region, patients=target.patients)  # fmt: skip
        self._add_outcomes(row, base, outcomes, notes, comparators, patients)
        self._add_events(row, base, notes, treated)

    def _add_outcomes(self, row: str, base: dict[str, Any], outcomes: Any, notes: Any,
                      comparators: tuple[str, ...], patients: int) -> None:  # fmt: skip
        found = [(finding, "Outcomes") for finding in outcomes]
        found += [(finding, "Notes") for finding in notes.findings]
        for values, column in complete_outcomes(found, comparators, patients):
            locator = f"row {base['row']}, {column}"
            where = {"source": f"data/{TABLE1}", "locator": locator}
            self.add_outcome(row, column, base | values | where)

    def _add_events(self, row: str, base: dict[str, Any], notes: Any, treated: int | None) -> None:
        where = {"source": f"data/{TABLE1}", "locator": f"row {base['row']}, Notes"}
        by_name = self.source.vocabulary.events.by_name
        for event, patients in notes.events or ():
            self.add("adverse_events", TABLE1, row, **base, **where, status="event", event=event,
                     patients=patients, at_risk=treated,
                     serious=by_name[event].serious)  # fmt: skip
        if not notes.events:
            status = "not mentioned" if notes.events is None else "no adverse events"
            self.add("adverse_events", TABLE1, row, **base, **where, status=status,
                     at_risk=treated)  # fmt: skip

    def add_verdict(self, number: int, cells: dict[str, str]) -> None:
        """Add one printed row of the second table."""
        words, row = self.source.vocabulary, f"{number} ({cells['Author, Year']})"
        read = self._reader(TABLE2, row, cells)
        citation = read("Author, Year", reading.classify_citation)
        patients = read("Patients", reading.classify_patients)
        targets = read("Targets", reading.classify_targets, words.nerves)
        guidance = read("Guidance", reading.classify_guidance, words.guidance)
        verdict = read("Positive outcome at 6 months", reading.classify_verdict)
        listed = self.reference(TABLE2, row, citation) if citation else None
        if listed is None or None in (patients, targets, guidance, verdict):
            return
        if self.all_cited and citation.ref not in self.cited:
            allowed = "a study of the first table"
            self.problems.append(
                Problem(self.source.file(TABLE2), row, "Author, Year", quoted(listed.key), allowed)
            )
        self.add("printed_verdicts", TABLE2, row, row=number, key=listed.key, ref=citation.ref,
                 first_author=citation.first_author, year=citation.year, patients=patients,
                 nerves=tuple(t.term.name for t in targets), guidance=guidance,
                 positive=verdict)  # fmt: skip

    def add_reference(self, reference: Reference) -> None:
        """Add one entry of the reference list."""
        self.rows["references"].append(
            ListedReference(ref=reference.number or 0, key=reference.key,
                            first_author=reference.surnames[0], year=reference.year or 0,
                            title=reference.title, publication=reference.publication)
        )  # fmt: skip

    def _reader(self, file: str, row: str, cells: dict[str, str]) -> Callable[..., Any]:
        def read(column: str, function: Callable[..., Any], *more: Any) -> Any:
            return self.read(file, row, column, function, *more, cells=cells)

        return read
