"""Every cell of Table 1 is read by the classifier of its column."""

import csv

import pytest

from livingreview import reading
from project import ROOT

TABLE1 = ROOT / "data/source/table1.csv"

READERS = {
    "Author, Year": lambda cell, words: reading.classify_citation(cell),
    "Design": lambda cell, words: reading.classify_design(cell, words.designs, words.comparators),
    "Patients": lambda cell, words: reading.classify_patients(cell),
    "Targets": lambda cell, words: reading.classify_targets(cell, words.nerves),
    "Guidance": lambda cell, words: reading.classify_guidance(cell, words.guidance),
    "Follow Up": lambda cell, words: reading.classify_followup(cell),
    "Outcomes": reading.classify_outcomes,
    "Notes": reading.classify_notes,
}

with TABLE1.open(encoding="utf-8", newline="") as file:
    CELLS = [
        (f"{number} {column}", column, cell)
        for number, row in enumerate(csv.DictReader(file), start=1)
        for column, cell in row.items()
    ]


def test_table_has_440_cells():
    """Table 1 has 55 rows of 8 columns, and each column has a classifier."""
    assert len(CELLS) == 440
    assert {column for _, column, _ in CELLS} == set(READERS)


@pytest.mark.parametrize(
    ("column", "cell"), [case[1:] for case in CELLS], ids=[c[0] for c in CELLS]
)
def test_cell_is_read(words, column, cell):
    """The cell becomes a typed value; a cell with words never becomes one without content."""
    answer = READERS[column](cell, words)
    assert answer is not None
    if column == "Outcomes":
        assert answer, "at least one result, also for a blank cell"
    if column == "Notes":
        holds = bool(answer.findings) or answer.events is not None or bool(answer.arms)
        assert holds == bool(cell)
