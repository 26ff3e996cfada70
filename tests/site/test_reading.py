"""What remains when a browser runs no scripts, and what reaches paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from published import PAGES

A4 = 718  # pixels at 96 to the inch: 210 mm less a margin of 10 mm on either side

# Boxes that cut off or hide what is in them.
CLIPPED = """() => [...document.querySelectorAll(".table-wrap, .chart-picture")]
  .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map((box) => `${box.ariaLabel}: ${box.scrollWidth} of ${box.clientWidth}`)"""
CONTROLS = (
    ".bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, .prev-next-footer,"
    " .table-controls, .headerlink, #pst-back-to-top, .skip-link, article button"
)


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Iterator[Page]:
    """Return a page as wide as paper."""
    context = browser.new_context(viewport={"width": A4, "height": 1000})
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
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
    page.close()


def test_studies_read_without_javascript(plain: BrowserContext, address: str) -> None:
    """The long table is whole."""
    page = plain.new_page()
    page.goto(address + "chapters/studies.html")
    assert page.locator("#table-studies tbody tr").count() == 55
    assert page.locator("figure.chart svg").count() > 0
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_prints(paper: Page, address: str, name: str) -> None:
    """On paper there is the text without what only works on a screen, and nothing is cut off."""
    paper.goto(address + name)
    assert paper.locator("main h1:visible").count() == 1
    assert [it.inner_text() for it in paper.locator(CONTROLS).all() if it.is_visible()] == []
    assert paper.evaluate(CLIPPED) == []
    assert paper.evaluate("document.documentElement.scrollWidth") <= A4


@pytest.mark.parametrize("name", PAGES)
def test_tables_read_on_a_phone(plain: BrowserContext, address: str, name: str) -> None:
    """A table whose rows stand one under the other has a caption as wide as its box."""
    page = plain.new_page()
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(address + name)
    narrow = page.evaluate(
        """() => [...document.querySelectorAll(".table-stacked caption")]
        .filter((it) => it.checkVisibility()
          && it.clientWidth < it.closest(".table-wrap").clientWidth - 1)
        .map((it) => it.textContent)"""
    )
    assert narrow == []
    page.close()
