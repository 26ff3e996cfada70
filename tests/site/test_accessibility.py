"""Every page for everyone: the rules that a machine can check, in each way of looking at it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from published import PAGES

# All rules of all levels, also those that axe leaves off, but for the contrast of level AAA.
RULES = """(tags) => axe.getRules(tags).map(({ruleId}) => ruleId)
  .filter((id) => id !== "color-contrast-enhanced")"""
VIOLATIONS = """async (rules) => {
  const options = {runOnly: {type: "rule", values: rules}, resultTypes: ["violations"]};
  const {violations} = await axe.run(document, options);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
}"""
# A page may hold hundreds of the same kind.
OPEN = "[...document.querySelectorAll('details')].slice(0, 40).forEach((it) => (it.open = true))"
# After the first look at the whole page: parts of which a long page holds hundreds alike.
FEWER = """() => {
  for (const list of document.querySelectorAll("tbody, dl.facts, .cell_output .text_html"))
    [...list.querySelectorAll(":scope > tr, :scope > .fact-entry, :scope > .study-card")]
      .slice(12).forEach((it) => it.remove());
}"""
# The page of wrong addresses has no switch: it follows the system by itself.
SWITCHED = "it => (document.documentElement.dataset.theme ?? it) === it"
COLOURS = ["cat.color"]
# Each rule is asked in both colour schemes and at both widths.
LOOKS = [(1280, "light", []), (1280, "dark", COLOURS), (375, "dark", []), (375, "light", COLOURS)]


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Page]:
    """Return one page of a browser that all tests use, without movement."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", [*PAGES, "search.html?q=pain", "genindex.html", "404.html"])
def test_axe_finds_nothing(visitor: Page, address: str, name: str) -> None:
    """Wide and narrow, light and dark, with details open."""
    visitor.goto(address + name, wait_until="networkidle")
    visitor.evaluate(OPEN)
    visitor.evaluate(AXE_SCRIPT)
    for width, scheme, tags in LOOKS:
        # High enough for the whole sidebar: axe tells no contrast where a box cuts words off.
        visitor.set_viewport_size({"width": width, "height": 2000})
        visitor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        visitor.wait_for_function(SWITCHED, arg=scheme)
        rules = visitor.evaluate(RULES, tags)
        assert "color-contrast" in rules
        assert {"target-size", "region", "empty-table-header"} <= set(rules) or tags
        assert visitor.evaluate(VIOLATIONS, rules) == [], f"{width} pixels, {scheme}"
        visitor.evaluate(FEWER)


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
