"""Every page for everyone: the rules that a machine can check, in each way of looking at it."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from visits import ALIKE, EVERY, NARROW, RULES, VIOLATIONS, WIDE, WRONG, Visit


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Page]:
    """Return one page of a browser that all tests use, without movement."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", [*EVERY, WRONG])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing(visit: Callable[[str, int], Visit], name: str, width: int) -> None:
    """Wide and narrow, light and dark, with details open, with charts alive."""
    seen = visit(name, width)
    assert {"color-contrast", "target-size", "region", "empty-table-header"} <= {*seen.rules}
    assert seen.violations == {"whole page": [], "light": [], "dark": []}


def test_axe_can_find_something(visitor: Page, address: str) -> None:
    """The control: text without contrast and a table without headings are told."""
    visitor.goto(address + "index.html")
    visitor.evaluate(AXE_SCRIPT)
    visitor.evaluate(
        "document.querySelector('article').insertAdjacentHTML('afterbegin',"
        "'<p style=\"color: #ccc; background: #fff\">pale</p><img src=x><a href=#>1</a>')"
    )
    found = visitor.evaluate(VIOLATIONS, visitor.evaluate(RULES, []))
    assert {line.partition(":")[0] for line in found} >= {"color-contrast", "image-alt"}


def test_contrast_of_every_row_is_told(visitor: Page, address: str) -> None:
    """The control: of rows that look alike some are left out, one that looks otherwise is not."""
    visitor.goto(address + "chapters/studies.html")
    visitor.evaluate(AXE_SCRIPT)
    rows = visitor.locator("#table-studies tbody tr")
    before = rows.count()
    pale = "<b style='color: #ccc; background: #fff'>pale</b>"
    rows.nth(40).evaluate("(row, pale) => { row.lastElementChild.innerHTML = pale; }", pale)
    visitor.evaluate(ALIKE)
    assert rows.count() < before / 2
    assert ["pale" in line for line in visitor.evaluate(VIOLATIONS, ["color-contrast"])] == [True]


def test_nothing_moves_for_who_asked(visitor: Page, address: str) -> None:
    """With reduced motion no element has an animation, a transition or smooth scrolling."""
    visitor.goto(address + "index.html", wait_until="networkidle")
    moving = visitor.evaluate(
        """() => [...document.querySelectorAll("*")].map((it) => [it, getComputedStyle(it)])
        .filter(([it, style]) => style.animationName !== "none" || style.scrollBehavior !== "auto"
          || parseFloat(style.transitionDuration) > 0.01)
        .map(([it]) => it.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_forced_colours_keep_charts_readable(visitor: Page, address: str) -> None:
    """Where the system sets the colours, the words of a chart have the colour of text."""
    visitor.emulate_media(forced_colors="active", color_scheme="dark")
    visitor.goto(address + "index.html", wait_until="networkidle")
    colours = visitor.evaluate(
        """() => [document.body, document.querySelector(".chart-picture svg text")]
        .map((it) => getComputedStyle(it)).map(({color, fill}) => [color, fill])"""
    )
    visitor.emulate_media(forced_colors="none")
    assert colours[1][1] == colours[0][0]
