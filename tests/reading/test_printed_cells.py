"""Each printed cell is read by the reader that its column names, each example by its phrase."""

import csv
from typing import get_args

import pytest

from livingreview.data.printed import READERS as READERS_OF
from livingreview.data.printed import Reader
from livingreview.data.source import load_source
from livingreview.data.vocabulary import Builder
from livingreview.reading import READERS, Unreadable, classify_notes, classify_outcomes
from livingreview.reading.builders import BUILDERS
from project import ROOT

SOURCE = load_source(ROOT / "data")
TABLES = {
    f"{printing.name} {number}": table
    for printing in SOURCE.printings.values()
    for number, table in enumerate((printing.table1, printing.table2), start=1)
}
PHRASES = SOURCE.vocabulary.phrases
CELLS = [
    (f"{name} {number} {column.column}", column, cells[column.column])
    for name, table in TABLES.items()
    for number, cells in enumerate(table.rows, start=1)
    for column in table.columns
]
EXAMPLES = [
    (f"{phrase.build}: {phrase.example}", classify, phrase)
    for classify, phrases in ((classify_outcomes, PHRASES.results), (classify_notes, PHRASES.notes))
    for phrase in phrases
]


@pytest.mark.parametrize("name", TABLES)
def test_no_printed_cell_is_lost(name):
    """Each row has the cells of the file, under what their columns tell."""
    table = TABLES[name]
    with (ROOT / "data" / table.file).open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    found = [{table.titles[column]: cell for column, cell in row.items()} for row in table.rows]
    assert found == printed


@pytest.mark.parametrize(
    ("column", "cell"), [case[1:] for case in CELLS], ids=[case[0] for case in CELLS]
)
def test_cell_is_read(words, column, cell):
    """The cell becomes a typed value; a cell with words never becomes one without content."""
    answer = READERS[column.reader](cell, words)
    assert answer is not None
    if column.reader == "results":
        assert answer, "at least one result, also for a blank cell"
    if column.reader == "notes":
        holds = answer.findings, answer.events is not None, answer.arms, answer.comparators
        assert any(holds) == bool(cell)


@pytest.mark.parametrize(
    ("classify", "phrase"), [case[1:] for case in EXAMPLES], ids=[case[0] for case in EXAMPLES]
)
def test_phrase_reads_its_example(words, classify, phrase):
    """The example of a phrase is one clause, which its own pattern reads whole."""
    assert words.patterns[phrase.pattern].fullmatch(phrase.example)
    assert classify(phrase.example, words)


def speaking(words, **groups):
    """Return the vocabulary with other phrases in some groups."""
    changed = words.model_copy(update={"phrases": words.phrases.model_copy(update=groups)})
    vars(changed).pop("patterns", None)  # those of the other phrases
    return changed


@pytest.mark.parametrize("phrase", [case[2] for case in EXAMPLES], ids=[c[0] for c in EXAMPLES])
def test_no_phrase_is_idle(words, phrase):
    """Without its phrase, an example is refused or read otherwise: no phrase says it twice."""
    groups = {"results": PHRASES.results, "notes": PHRASES.notes}
    fewer = {name: tuple(p for p in phrases if p != phrase) for name, phrases in groups.items()}
    before = classify_notes(phrase.example, words)
    try:
        after = classify_notes(phrase.example, speaking(words, **fewer))
    except Unreadable:
        return
    assert after != before


def test_each_name_in_the_data_is_a_function():
    """The readers and builders that a file may name are those that the library has."""
    assert set(READERS) == set(get_args(Reader))
    assert {name for names in READERS_OF.values() for name in names} == set(READERS)
    assert set(BUILDERS) == set(get_args(Builder))
    assert {name: function.__name__ for name, function in BUILDERS.items()} == {
        name: name for name in BUILDERS
    }


def test_a_phrase_that_lacks_a_part_says_which(words):
    """A pattern that does not capture what its builder needs is named as the cause."""
    phrase = PHRASES.notes[0].model_copy(update={"build": "arm_sizes", "pattern": "so many"})
    with pytest.raises(Unreadable, match=r"source/phrases.yml that captures arm"):
        classify_notes("so many", speaking(words, notes=(phrase,)))
