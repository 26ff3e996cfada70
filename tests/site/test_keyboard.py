"""The keyboard alone: everything is reached, seen, used and left."""

import pytest
from playwright.sync_api import Page

# What has the focus: how it shows, and whether something lies over it.
FOCUSED = """() => {
  const it = document.activeElement;
  if (it === document.body) return null;
  const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(it);
  const boxes = [...it.getClientRects()];
  const seen = boxes.some(({left, right, top, bottom}) => {
    const middle = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const there = document.elementFromPoint((left + right) / 2, middle);
    return there && (it.contains(there) || there.contains(it));
  });
  return {
    name: it.outerHTML.slice(0, 120),
    ringed: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none",
    seen,
    place: [...document.querySelectorAll("*")].indexOf(it),
  };
}"""
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, summary")]
  .filter((it) => it.tabIndex >= 0 && !it.disabled && it.checkVisibility({visibilityProperty: true})
    && !it.closest("dialog:not([open])")).length"""


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab until the focus leaves the page; return what had it."""
    found: list[dict[str, object]] = []
    limit = 60 + 2 * page.evaluate(REACHABLE)
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or (found and focused["place"] == found[0]["place"]):
            return found
        found.append(focused)
    raise AssertionError(f"the focus does not leave: {found[-3:]}")


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", ["index.html", "chapters/outcomes.html", "chapters/methods.html"])
def test_tab_reaches_everything(page: Page, address: str, name: str, width: int) -> None:
    """Each link and control is reached once, shows that it is, and lies under nothing else."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(address + name, wait_until="networkidle")
    page.mouse.move(1, 1)
    for chart in page.locator("figure.chart").all():  # their controls come with them
        chart.scroll_into_view_if_needed()
        page.wait_for_function("chart => chart.view", arg=chart.element_handle())
    page.evaluate("scrollTo(0, 0)")
    visited = walk(page)
    assert [it["name"] for it in visited if not it["ringed"]] == []
    assert [it["name"] for it in visited if not it["seen"]] == []
    assert len({it["place"] for it in visited}) == len(visited) >= page.evaluate(REACHABLE)


def test_skip_link_leads_to_the_text(page: Page, address: str) -> None:
    """The first stop jumps over the navigation."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(address + "chapters/methods.html")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    assert page.locator(":focus").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", ["index.html", "chapters/studies.html"])
def test_what_scrolls_has_the_focus(page: Page, address: str, name: str) -> None:
    """A box that scrolls is a stop of its own, so that arrow keys move it."""
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(address + name, wait_until="networkidle")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("article *")].filter((it) =>
        it.checkVisibility() && it.scrollWidth > it.clientWidth + 1
        && ["auto", "scroll"].includes(getComputedStyle(it).overflowX) && it.tabIndex < 0)
        .map((it) => it.outerHTML.slice(0, 100))"""
    )
    assert boxes == []


def test_search_opens_and_closes(page: Page, address: str) -> None:
    """Ctrl+K and the button open the search; Escape closes it and gives the focus back."""
    page.goto(address + "chapters/methods.html", wait_until="networkidle")
    field = page.locator("#pst-search-dialog input")
    page.keyboard.press("Control+k")
    assert field.is_visible()
    page.keyboard.press("Escape")
    assert field.is_hidden()
    button = page.locator(".bd-sidebar-primary .search-button-field")
    button.focus()
    page.keyboard.press("Enter")
    assert field.evaluate("it => it === document.activeElement")
    page.keyboard.press("Escape")
    assert field.is_hidden()
    assert button.evaluate("it => it === document.activeElement")


def test_search_finds(page: Page, address: str) -> None:
    """Words typed into the search lead to the pages that hold them."""
    page.goto(address + "chapters/methods.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("pneumothorax")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() > 0


def test_colours_are_switched(page: Page, address: str) -> None:
    """The switch of light and dark works with Enter, and the next page remembers."""
    page.emulate_media(color_scheme="light")
    page.goto(address + "chapters/methods.html", wait_until="networkidle")
    page.locator(".theme-switch-button").first.focus()
    themes = set()
    for _ in range(3):
        page.keyboard.press("Enter")
        themes.add(page.evaluate("document.documentElement.dataset.theme"))
        if "dark" in themes:
            break
    assert "dark" in themes
    page.goto(address + "index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_navigation_of_a_phone_opens_and_closes(page: Page, address: str) -> None:
    """The button opens the list of pages; Escape closes it and gives the focus back."""
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(address + "chapters/methods.html", wait_until="networkidle")
    button = page.locator(".primary-toggle:visible")
    link = page.locator(".bd-sidenav a").first
    assert not page.evaluate("document.querySelector('#pst-primary-sidebar-modal').open")
    button.focus()
    page.keyboard.press("Enter")
    assert link.is_visible()
    assert page.evaluate("document.querySelector('#pst-primary-sidebar-modal').open")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.matches('.primary-toggle')")
    assert not page.evaluate("document.querySelector('#pst-primary-sidebar-modal').open")
