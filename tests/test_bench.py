import shutil
from pathlib import Path

import pytest

from bench import CHANGES, Measure, table


def texts(folder: Path) -> dict[Path, str]:
    """Return the text of every file."""
    return {file: file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("change", CHANGES)
def test_a_measured_change_changes_one_file(change: str, root: Path, data_copy: Path) -> None:
    """What a build is measured after is a change, and no more than it says."""
    shutil.copytree(root / "chapters", data_copy / "chapters")
    before = texts(data_copy)
    CHANGES[change](data_copy)
    changed = [file for file, text in texts(data_copy).items() if text != before[file]]
    folder = "data" if change == "one data cell" else "chapters"
    assert [file.relative_to(data_copy).parts[0] for file in changed] == [folder]


def test_the_table_compares_with_the_first_build() -> None:
    """Each row has the times of a build as shares of those of the first."""
    measures = [Measure("stock, cold", 50, 80, 900), Measure("ours, cold", 20, 60, 800)]
    assert table(measures).splitlines()[2:] == [
        "| stock, cold | 50.0 | 1.00 | 80.0 | 1.00 | 900 |",
        "| ours, cold | 20.0 | 0.40 | 60.0 | 0.75 | 800 |",
    ]
