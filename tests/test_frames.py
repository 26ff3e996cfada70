"""One table in several formats: what a spreadsheet would run is made inert in CSV alone."""

from pathlib import Path

import pandas as pd
import pytest

from livingreview.frames import inert, write_csv


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("+44 20", "'+44 20"),
        ("-2+3", "'-2+3"),
        ("- 40", "'- 40"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-", "-"),
        ("=", "="),
        ("-40", "-40"),
        ("-1.5e3", "-1.5e3"),
        ("+7", "+7"),
        ("\t7", "'\t7"),
        (">= 50%", ">= 50%"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_formula_is_text(cell: str, expected: str) -> None:
    """What starts like a formula gets an apostrophe; a number, or a sign alone, does not."""
    assert inert(cell) == expected


def test_numbers_and_blanks_are_left_alone(tmp_path: Path) -> None:
    """A negative number is no formula, and a blank stays blank, in a column of any type."""
    frame = pd.DataFrame(
        {"words": ["=a", None], "size": [-1.5, None], "count": pd.array([-1, None], dtype="Int64")}
    )
    write_csv(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == b"words,size,count\n'=a,-1.5,-1\n,,\n"
