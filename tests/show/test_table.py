"""Tables: what a reader sees in a cell, and what a page may never show."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from livingreview import show
from livingreview.show import links
from livingreview.show.table import shown


def page(html: show.Html) -> BeautifulSoup:
    """Return the HTML, read back."""
    return BeautifulSoup(html._repr_html_(), "html.parser")


FRAME = pd.DataFrame(
    {
        "Design": ["Trial", "<script>alert(1)</script>", Markup('<a href="study:a">A</a>')],
        "Studies": [4, 16, 31],
        "Change": [-2.5, float("nan"), 1.0],
        "Note": [None, "p < 0.05 & more", ""],
    }
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2017, "2017"),
        (12.0, "12"),
        (-2.54, "\N{MINUS SIGN}2.5"),
        (True, "yes"),
        (False, "no"),
        (["a", "b < c", Markup("<i>d</i>")], "a, b &lt; c, <i>d</i>"),
        (None, None),
        (float("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        ("  ", None),
        ([], None),
    ],
)
def test_value_as_a_reader_expects_it(value: object, text: str | None) -> None:
    """Whole numbers have no decimals, minus is a minus, and nothing is nothing."""
    assert shown(value) == text


def test_digits_are_the_callers_choice() -> None:
    """Decimals follow the measure."""
    assert shown(0.123, digits=2) == "0.12"


def test_table_is_captioned_and_its_headings_have_scopes() -> None:
    """A screen reader can name the table, its region, each column and each row."""
    soup = page(show.table(FRAME, "Studies by design"))
    region = soup.select_one("div.table-wrap[role=region][tabindex='0']")
    assert region is not None
    assert region["aria-label"] == "Studies by design"
    assert soup.caption is not None
    assert soup.caption.text == "Studies by design"
    assert [th.text for th in soup.select("thead th[scope=col]")] == list(FRAME.columns)
    assert len(soup.select("tbody tr > th[scope=row]:first-child")) == len(FRAME)


def test_markup_in_a_cell_is_text() -> None:
    """A script in the data is shown, not run; only Markup is HTML."""
    soup = page(show.table(FRAME, "<b>Caption</b>"))
    assert soup.script is None
    assert soup.b is None
    assert "<script>alert(1)</script>" in soup.text
    assert "p < 0.05 & more" in soup.text
    assert soup.select_one('th a[href="study:a"]') is not None


def test_missing_value_is_said() -> None:
    """A dash is read aloud as "none"; a word takes its place; "nan" never appears."""
    dashes = page(show.table(FRAME, "C"))
    assert len(dashes.select("td .visually-hidden")) == 3
    words = page(show.table(FRAME, "C", missing="not stated"))
    assert [span.text for span in words.select("td .missing")] == ["not stated"] * 3
    for html in (dashes, words):
        assert "nan" not in html.text.lower()
        assert "None" not in html.text


def test_numbers_stand_to_the_right() -> None:
    """Columns of numbers are found by type, or named by the caller."""
    assert len(page(show.table(FRAME, "C")).select("td.number")) == 6
    assert len(page(show.table(FRAME, "C", numeric=["Note"])).select("td.number")) == 3


def test_row_header_can_be_another_column() -> None:
    """The column that names the rows need not be the first."""
    soup = page(show.table(FRAME, "C", row_header="Studies"))
    assert [th.text for th in soup.select("tbody th")] == ["4", "16", "31"]


def test_plain_text_has_no_tags() -> None:
    """An executed notebook shows a table that reads well in a terminal."""
    text = repr(show.table(FRAME, "Studies by design", missing="not stated"))
    assert text.startswith("Studies by design\n")
    assert "study:a" not in text
    assert "not stated" in text


@pytest.mark.parametrize("arguments", [{"numeric": ["Nope"]}, {"row_header": "Nope"}])
def test_unknown_column_is_an_error(arguments: dict[str, object]) -> None:
    """A misspelt column is named."""
    with pytest.raises(ValueError, match="Nope"):
        show.table(FRAME, "C", **arguments)  # type: ignore[arg-type]


def test_caption_is_required() -> None:
    """No table without a name."""
    with pytest.raises(ValueError, match="caption"):
        show.table(FRAME, " ")


def test_empty_frame_keeps_its_headings() -> None:
    """A table without rows still says what it would hold."""
    assert len(page(show.table(FRAME.head(0), "C")).select("thead th")) == 4


LONG = FRAME.assign(order=[3, 1, None])


def test_interactive_table_is_whole_without_javascript() -> None:
    """Every row is in the page; the order of a column may come from another, which is hidden."""
    soup = page(show.interactive(LONG, "All", name="studies", sort_by={"Design": "order"}))
    assert soup.select_one("table#table-studies.table-interactive caption") is not None
    rows = soup.select("tbody tr")
    assert len(rows) == len(LONG)
    assert [row.th["data-order"] for row in rows if row.th] == ["3.0", "1.0", ""]
    assert "order" not in [th.text for th in soup.select("thead th")]


@pytest.mark.parametrize("name", ["", "Studies", "a b", 'x"y'])
def test_interactive_table_needs_a_name_for_links(name: str) -> None:
    """The name is part of an address."""
    with pytest.raises(ValueError, match="name"):
        show.interactive(FRAME, "C", name=name)


def test_output_is_the_same_every_time_and_calls_no_other_host() -> None:
    """A build that changes nothing gives the same bytes."""
    first, again = (
        [show.table(FRAME, "C").html, show.interactive(FRAME, "C", name="n").html] for _ in range(2)
    )
    assert first == again
    assert not any("://" in html for html in first)


@pytest.mark.parametrize("value", [None, "", float("nan"), pd.NA])
def test_study_without_doi_has_no_link(value):
    """A blank cell is no DOI, however it is stored."""
    assert links.doi(value) == ""
    assert links.doi("10.1000/1") == '<a href="https://doi.org/10.1000/1">doi:10.1000/1</a>'
