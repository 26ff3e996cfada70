"""The numbers of a chart: what its tooltips say, as a table and as a file."""

import csv
import io

import altair as alt
import pandas as pd
import pytest

from livingreview.show.figure import as_csv, in_table, numbers_of
from livingreview.show.marks import spec_of

DATA = pd.DataFrame({"study": ["B", "A", "C"], "percent": [61.2345, 40.0, None], "left": [1, 2, 3]})


def marks(data: pd.DataFrame = DATA) -> alt.Chart:
    """Return a chart whose tooltips say two things, and whose axis has rows in an order."""
    rows = alt.Y("study:N", scale=alt.Scale(domain=["A", "B", "C"]))
    said = [alt.Tooltip("study:N", title="the study"), alt.Tooltip("percent:Q", title="responders")]
    return alt.Chart(data).mark_point().encode(x="left:Q", y=rows, tooltip=said)


def read(chart: alt.TopLevelMixin) -> pd.DataFrame:
    """Return the numbers of a chart."""
    return numbers_of(spec_of(chart))


def test_columns_are_what_the_tooltips_say() -> None:
    """Each column has the title of a tooltip; what only places a mark is left out."""
    numbers = read(marks())
    assert list(numbers.columns) == ["The study", "Responders"]
    assert list(numbers["The study"]) == ["A", "B", "C"], "as on the axis"


def test_detail_adds_a_column() -> None:
    """A number that the tooltip says in words has a column of its own."""
    chart = marks().encode(detail=alt.Detail("left:Q", title="place"))
    assert list(read(chart)["Place"]) == [2, 1, 3]


def test_layers_without_tooltips_add_no_rows_and_a_mark_in_two_layers_adds_one() -> None:
    """Lines that guide the eye are no data; a point over its interval is one result."""
    line = alt.Chart(pd.DataFrame({"limit": [50]})).mark_rule().encode(x="limit:Q")
    layered = alt.layer(line, marks(), marks(DATA.iloc[:1]))
    assert len(read(layered)) == 3
    assert len(read(alt.hconcat(layered, line))) == 3


def test_chart_without_tooltips_shows_its_axes() -> None:
    """Without tooltips the table holds what the axes and legends show."""
    chart = alt.Chart(DATA).mark_bar().encode(x=alt.X("percent:Q", title="share"), y="study:N")
    assert list(read(chart).columns) == ["Share", "Study"]
    assert len(read(chart)) == 3


def test_table_is_rounded_and_file_is_exact() -> None:
    """Readers get two decimals and a true minus sign; the file keeps the number."""
    cells = {"n": [-61.23456, 40.0, None], "word": ["a\nb", "-5", "c"]}
    numbers = pd.DataFrame(cells, dtype="object")
    assert list(in_table(numbers)["n"].fillna("")) == ["\N{MINUS SIGN}61.23", "40", ""]
    assert list(in_table(numbers)["word"]) == ["a b", "-5", "c"]
    rows = list(csv.reader(io.StringIO(as_csv(numbers))))
    assert rows == [["n", "word"], ["-61.2346", "a b"], ["40", "-5"], ["", "c"]]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@sum", "\t=1"])
def test_no_text_of_the_file_is_a_formula(text: str) -> None:
    """A spreadsheet shows such a cell, and does not run it."""
    cell = list(csv.reader(io.StringIO(as_csv(pd.DataFrame({"a": [text]})))))[1][0]
    assert cell == f"'{text.strip()}"


def test_chart_without_data_has_an_empty_table() -> None:
    """Nothing to show is no error."""
    assert len(read(marks(DATA.iloc[:0]))) == 0


def test_a_chart_that_counts_has_its_counts() -> None:
    """A bar of two records has a row that says two, and no row twice."""
    frame = pd.DataFrame({"design": ["trial", "cohort", "trial"], "key": ["a", "b", "c"]})
    tips = [alt.Tooltip("design:N"), alt.Tooltip("count():Q", title="studies")]
    chart = alt.Chart(frame).mark_bar().encode(y="design:N", x="count():Q", tooltip=tips)
    numbers = numbers_of(chart.to_dict())
    assert numbers.to_dict("records") == [
        {"Design": "trial", "Studies": 2},
        {"Design": "cohort", "Studies": 1},
    ]


def test_a_chart_that_computes_otherwise_is_refused() -> None:
    """A mean that only the browser computes would be in no table."""
    frame = pd.DataFrame({"design": ["trial"], "size": [1]})
    chart = alt.Chart(frame).mark_bar().encode(y="design:N", tooltip=["mean(size):Q"])
    with pytest.raises(ValueError, match="mean"):
        numbers_of(chart.to_dict())
