"""What a visitor downloads, measured in a browser: gzipped as any host of static files does."""

import functools
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from published import HTML, PAGES

TEXT_PAGE, CHART_PAGE, NEXT_PAGE = 250_000, 600_000, 60_000
COMPRESSED = {".woff2", ".png"}
START = "index.html"

Downloads = dict[str, int]  # the address of a file in the site, and its bytes on the wire


@functools.cache
def on_the_wire(file: Path) -> int:
    """Return how many bytes of a file travel."""
    content = file.read_bytes()
    return len(content if file.suffix in COMPRESSED else gzip.compress(content, 6))


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser that opens page after page."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture(scope="module")
def weights(visitor: BrowserContext, address: str) -> dict[str, Downloads]:
    """Return what each page asks for when it is opened and its charts come into sight."""
    return {name: downloads(visitor, address, name) for name in PAGES}


def downloads(visitor: BrowserContext, address: str, name: str) -> Downloads:
    """Open a page, look at its first chart, and return what it asked for."""
    page = visitor.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + name)
    charts = page.locator("figure.chart")
    if charts.count():
        page.mouse.move(1, 1)  # charts wait for a reader's first move
        charts.first.scroll_into_view_if_needed()
        page.wait_for_selector(".is-live")
    page.wait_for_load_state("networkidle")
    page.close()
    files = {url.removeprefix(address).partition("?")[0] for url in asked if "data:" not in url}
    return {file: on_the_wire(HTML / file) for file in sorted(files)}


@pytest.mark.parametrize("name", PAGES)
def test_first_visit_is_light(weights: dict[str, Downloads], name: str) -> None:
    """A page of text and a page with charts each stay below their limit."""
    has_charts = "_static/vendor/vega.js" in weights[name]
    total = sum(weights[name].values())
    print(f"{name}: {total / 1000:.0f} KB, of these the page {weights[name][name] / 1000:.0f} KB")
    assert total <= (CHART_PAGE if has_charts else TEXT_PAGE), weights[name]


@pytest.mark.parametrize("name", PAGES)
def test_next_page_is_lighter(weights: dict[str, Downloads], name: str) -> None:
    """Who comes from the landing page downloads little more than the page itself."""
    new = {file: size for file, size in weights[name].items() if file not in weights[START]}
    assert sum(new.values()) <= NEXT_PAGE, new


def test_every_file_that_is_asked_for_counts(weights: dict[str, Downloads]) -> None:
    """Page, style, icons and scripts are seen; so is the library of the charts."""
    files = set(weights[START])
    assert {START, "_static/styles/site.css", "_static/vendor/vega.js"} <= files
    assert any(file.endswith(".woff2") for file in files)
    assert min(weights[START].values()) > 0
