"""What the tests of the classifiers share: the vocabulary and the printed cells."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from livingreview.data.source import load_source
from livingreview.data.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def words(root: Path) -> Vocabulary:
    """Return the closed lists of the project."""
    return load_source(root / "data").vocabulary


@pytest.fixture(scope="session")
def printed_cells(root: Path) -> Callable[[str], set[str]]:
    """Return a function that gives the different cells of a column of Table 1."""
    with (root / "data/source/preprint/table1.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return lambda column: {row[column] for row in rows}
