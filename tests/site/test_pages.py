"""The published site in a real browser: every page, wide and narrow, light and dark."""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from published import HTML, PAGES

RAW = re.compile(
    r"\{(?:glue|cite|eval|doc|ref)[^}]*\}`|\bNaN\b|\bnan\b|<NA>|\tNone(?=\s*$|\t)|fact:|np\.\w",
    re.MULTILINE,
)

# The spacing that a reader may set; nothing may be lost (WCAG 1.4.12).
SPACED = """* {
  letter-spacing: 0.12em !important;
  line-height: 1.5 !important;
  word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important; }"""


def test_all_chapters_are_published(root: Path) -> None:
    """Each chapter has its page."""
    assert len(PAGES) == 1 + len(list((root / "chapters").glob("*.md"))) >= 19


@dataclass
class Visit:
    """What a page showed in one visit of a browser."""

    errors: list[str]
    text: str
    rows: list[int]  # of each table
    marks: list[int]  # of each chart
    widths: dict[tuple[int, str], int]  # of the page, in windows of a width and a colour scheme
    links: list[str]


@pytest.fixture(scope="module")
def visit(browser: Browser, address: str) -> Iterator[Callable[[str], Visit]]:
    """Return a function that visits a page once, and remembers what was seen."""
    context = browser.new_context()
    yield functools.cache(lambda name: seen(context, address, name))
    context.close()


def seen(context: BrowserContext, address: str, name: str) -> Visit:
    """Open a page, read it, and make its window narrower."""
    page, errors = context.new_page(), list[str]()
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.on(
        "request", lambda r: None if r.url.startswith((address, "data:")) else errors.append(r.url)
    )
    page.goto(address + name, wait_until="networkidle")
    article = page.locator("article.bd-article")
    shown = Visit(
        errors,
        text=article.inner_text(),
        rows=article.locator("table").evaluate_all(
            "tables => tables.map(table => table.querySelectorAll('tbody tr').length)"
        ),
        marks=article.locator("figure.chart").evaluate_all(
            "charts => charts.map(chart =>"
            " chart.querySelectorAll('svg [role=\"graphics-symbol\"]').length)"
        ),
        links=page.eval_on_selector_all(
            "article a[href*='#']", "links => [...new Set(links.map(link => link.href))]"
        ),
        widths=widths(page),
    )
    page.close()
    return shown


def widths(page: Page) -> dict[tuple[int, str], int]:
    """Return how wide a page is on a small phone, a phone, and a small window zoomed twice."""
    found = {}
    for width, scheme in ((640, "light"), (375, "light"), (375, "dark"), (320, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found[width, scheme] = page.evaluate("document.documentElement.scrollWidth")
    page.add_style_tag(content=SPACED)
    found[320, "spaced"] = page.evaluate("document.documentElement.scrollWidth")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_page_loads_cleanly(visit: Callable[[str], Visit], name: str) -> None:
    """No error in the console, no failed request, none to another host."""
    assert visit(name).errors == []


@pytest.mark.parametrize("name", PAGES)
def test_page_reads_well(visit: Callable[[str], Visit], name: str) -> None:
    """No raw role, no programmer's word for missing, no empty table, no chart without marks."""
    shown = visit(name)
    assert RAW.findall(shown.text) == []
    assert 0 not in shown.rows
    assert 0 not in shown.marks


@pytest.mark.parametrize("name", PAGES)
def test_phone_does_not_scroll_sideways(visit: Callable[[str], Visit], name: str) -> None:
    """In a narrow window the page fits, also with wide spacing; a table scrolls in its own box."""
    for (width, how), found in visit(name).widths.items():
        assert found <= width, how


@pytest.mark.parametrize("name", PAGES)
def test_links_by_meaning_lead_to_what_they_name(
    visit: Callable[[str], Visit], address: str, name: str
) -> None:
    """Each link to a number, a study, a claim or a section leads to an element that is there."""
    wanted: dict[str, set[str]] = {}
    for href in visit(name).links:
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
