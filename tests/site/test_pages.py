"""The published site in a real browser: every page, wide and narrow, light and dark."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from published import HTML, PAGES
from visits import EVERY, NARROW, WIDE, Visit

See = Callable[[str, int], Visit]

RAW = re.compile(
    r"\{(?:glue|cite|eval|doc|ref)[^}]*\}`|\bNaN\b|\bnan\b|<NA>|\tNone(?=\s*$|\t)|fact:|np\.\w",
    re.MULTILINE,
)


def test_all_chapters_are_published(root: Path) -> None:
    """Each chapter has its page."""
    assert len(PAGES) == 1 + len(list((root / "chapters").glob("*.md"))) >= 19


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_page_loads_cleanly(visit: See, name: str, width: int) -> None:
    """No error in the console, no failed request, none to another host."""
    assert visit(name, width).errors == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_page_reads_well(visit: See, name: str, width: int) -> None:
    """No raw role, no programmer's word for missing, no empty table, no chart without marks."""
    shown = visit(name, width)
    assert shown.text
    assert RAW.findall(shown.text) == []
    assert 0 not in shown.rows
    assert 0 not in shown.marks


@pytest.mark.parametrize("name", PAGES)
def test_phone_does_not_scroll_sideways(visit: See, name: str) -> None:
    """In a narrow window the page fits, also with wide spacing; a table scrolls in its own box."""
    widths = visit(name, WIDE).widths | visit(name, NARROW).widths
    assert {width for width, _ in widths} == {640, 375, 320}
    for (width, how), found in widths.items():
        assert found <= width, how


@pytest.mark.parametrize("name", PAGES)
def test_links_by_meaning_lead_to_what_they_name(visit: See, address: str, name: str) -> None:
    """Each link to a number, a study, a claim or a section leads to an element that is there."""
    wanted: dict[str, set[str]] = {}
    for href in visit(name, WIDE).links:
        where, _, anchor = href.partition("#")
        if where.startswith(address):
            wanted.setdefault(where, set()).add(anchor)
    for where, anchors in wanted.items():
        ids = set(
            re.findall(r'id="([^"]+)"', (HTML / where.removeprefix(address)).read_text("utf-8"))
        )
        assert anchors - ids == set()


def test_table_of_studies_is_searched(page: Page, address: str) -> None:
    """The table holds every printed row, and a search leaves those that match."""
    page.goto(address + "chapters/studies.html", wait_until="networkidle")
    rows = page.locator("#table-studies tbody tr")
    assert rows.count() == 55
    page.get_by_role("searchbox", name="Search this table").press_sequentially("Radnovich")
    page.wait_for_function(
        "() => document.querySelectorAll('#table-studies tbody tr').length === 1"
    )
    assert "87.5% responders" in rows.first.inner_text()
    assert page.locator(".table-controls output").inner_text() == "1 of 55 rows"


def test_table_of_studies_is_sorted(page: Page, address: str) -> None:
    """A heading sorts by what its column means, and the other way round."""
    page.goto(address + "chapters/studies.html")
    table = page.locator("#table-studies")
    heading = table.locator("th").filter(has_text="Patients").first
    column = heading.evaluate("th => th.cellIndex")
    orders = f"rows => rows.map(row => row.cells[{column}].dataset.order)"
    rows = table.locator("tbody tr")
    known = sorted(float(order) for order in rows.evaluate_all(orders) if order)
    table.locator("xpath=..").focus()
    for direction, expected in (("ascending", known), ("descending", known[::-1])):
        heading.get_by_role("button").press("Enter")
        expect(heading).to_have_attribute("aria-sort", direction)
        assert [float(order) for order in rows.evaluate_all(orders) if order] == expected
