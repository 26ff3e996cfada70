"""What remains when a browser runs no scripts, and what reaches paper."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from published import PAGES
from visits import A4, WIDE, Visit

NARROW_CAPTIONS = """() => [...document.querySelectorAll(".table-stacked caption")]
  .filter((it) => it.checkVisibility()
    && it.clientWidth < it.closest(".table-wrap").clientWidth - 1)
  .map((it) => it.textContent)"""


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_reads_without_javascript(plain: BrowserContext, address: str, name: str) -> None:
    """Text, tables and charts are in the page itself; no control is shown that does nothing."""
    page = plain.new_page()
    page.goto(address + name)
    assert page.locator("article h1").is_visible()
    for table in page.locator("article table").all():
        closed = table.locator("xpath=ancestor::details[not(@open)]").count()
        assert table.is_visible() or closed
        assert table.locator("tbody tr").count() > 0
    for chart in page.locator("figure.chart").all():
        marks = chart.locator("svg:visible [role='graphics-symbol']")
        closed = chart.locator("xpath=ancestor::details[not(@open)]").count()
        assert marks.count() > 0 or closed
    assert page.locator("article button:visible, .pst-js-only:visible").count() == 0
    page.set_viewport_size({"width": 375, "height": 800})
    # A table whose rows stand one under the other has a caption as wide as its box.
    assert page.evaluate(NARROW_CAPTIONS) == []
    page.close()


def test_studies_read_without_javascript(plain: BrowserContext, address: str) -> None:
    """The long table is whole."""
    page = plain.new_page()
    page.goto(address + "chapters/studies.html")
    assert page.locator("#table-studies tbody tr").count() == 55
    assert page.locator("figure.chart svg").count() > 0
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_prints(visit: Callable[[str, int], Visit], name: str) -> None:
    """On paper there is the text without what only works on a screen, and nothing is cut off."""
    printed = visit(name, WIDE).printed
    assert printed is not None
    assert printed.headings == 1
    assert printed.controls == []
    assert printed.clipped == []
    assert printed.width <= A4


@pytest.mark.parametrize("name", PAGES)
def test_wide_tables_show_all_columns(visit: Callable[[str, int], Visit], name: str) -> None:
    """At 1280 pixels no table hides a column, but for those that can be filtered."""
    assert visit(name, WIDE).hiding == []
