"""What a visitor downloads, measured in a browser: gzipped as any host of static files does."""

import functools
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from published import HTML, PAGES
from visits import WIDE, Visit

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
def weights(visit: Callable[[str, int], Visit], address: str) -> Callable[[str], Downloads]:
    """Return a function that gives what a page asks for when it is opened and its charts seen."""

    def downloads(name: str) -> Downloads:
        asked = (url for url in visit(name, WIDE).asked if "data:" not in url)
        files = {url.removeprefix(address).partition("?")[0] for url in asked}
        return {file: on_the_wire(HTML / file) for file in sorted(files)}

    return downloads


@pytest.mark.parametrize("name", PAGES)
def test_first_visit_is_light(weights: Callable[[str], Downloads], name: str) -> None:
    """A page of text and a page with charts each stay below their limit."""
    weight = weights(name)
    has_charts = "_static/vendor/vega.js" in weight
    total = sum(weight.values())
    print(f"{name}: {total / 1000:.0f} KB, of these the page {weight[name] / 1000:.0f} KB")
    assert total <= (CHART_PAGE if has_charts else TEXT_PAGE), weight


@pytest.mark.parametrize("name", PAGES)
def test_next_page_is_lighter(weights: Callable[[str], Downloads], name: str) -> None:
    """Who comes from the landing page downloads little more than the page itself."""
    start = weights(START)
    new = {file: size for file, size in weights(name).items() if file not in start}
    assert sum(new.values()) <= NEXT_PAGE, new


def test_every_file_that_is_asked_for_counts(weights: Callable[[str], Downloads]) -> None:
    """Page, style, icons and scripts are seen; so is the library of the charts."""
    start = weights(START)
    files = set(start)
    assert {START, "_static/styles/site.css", "_static/vendor/vega.js"} <= files
    assert any(file.endswith(".woff2") for file in files)
    assert min(start.values()) > 0
