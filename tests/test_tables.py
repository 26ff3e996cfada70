"""The declarations of the evidence tables and the dictionary made from them."""

import pytest
from pydantic import ValidationError

from livingreview.derived import DERIVED
from livingreview.frames import TYPE_WORDS, dictionary, frame_of
from livingreview.results import Names
from livingreview.tables import TABLES


def test_dictionary_has_every_column():
    """Each declared column has one line with a type and a meaning."""
    rows = dictionary()
    declared = [
        (table, name) for table, model in (TABLES | DERIVED).items() for name in model.model_fields
    ]
    assert list(zip(rows["table"], rows["column"], strict=True)) == declared
    assert rows["meaning"].str.len().gt(0).all()
    assert set(rows["type"]) <= {"text", "whole number", "number", "yes or no", TYPE_WORDS[Names]}


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("studies", "patients", ("whole number", "patients", "at least 1", False)),
        ("studies", "followup_min_months", ("number", "months", "at least 0", True)),
        ("outcomes", "percent", ("number", "percent", "at least 0, at most 100", True)),
        ("printed_verdicts", "positive", ("text", "", "yes, no", False)),
        ("studies", "randomised", ("yes or no", "", "", False)),
        ("outcomes", "threshold_points", ("number", "points", "at least 0", True)),
    ],
)
def test_dictionary_says_what_the_check_refuses(table, column, said):
    """Type, unit, limits and whether a cell may be empty are those that rows are checked by."""
    rows = dictionary().set_index(["table", "column"])
    line = rows.loc[(table, column)]
    assert (line["type"], line["unit"], line["allowed"], line["may be empty"]) == said


@pytest.mark.parametrize(
    "change",
    [
        {"percent": 100.5},
        {"kind": "rumour"},
        {"threshold_percent": -1},
        {"colour": "blue"},
        {"responders": 4},
        {"responders": 2.5},
        {"key": None},
        {"p_value": 2},
    ],
)
def test_rows_that_break_the_declaration_are_refused(change):
    """A value out of bounds, of another type, or under another name is refused."""
    right = {
        "key": "k",
        "arm_words": "treatment",
        "kind": "responder",
        "evaluated": 3,
        "responders": 3,
        "source": "f",
        "locator": "row 1",
    }
    TABLES["outcomes"](**right)
    with pytest.raises(ValidationError):
        TABLES["outcomes"](**right | change)


def test_table_without_rows_has_its_columns():
    """An empty table has the declared columns, so that questions can be asked of it."""
    assert list(frame_of("targets", []).columns) == list(TABLES["targets"].model_fields)
