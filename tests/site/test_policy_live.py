"""Pages keep to their own site: in a browser, with what the policy must let through and stop."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from published import HTML, PAGES
from visits import EVERY, NARROW, WATCH, WIDE, Visit


def test_every_page_has_a_policy_before_anything_loads() -> None:
    """No page of the site is without, and nothing stands before it that it should rule."""
    pages = [path for path in HTML.rglob("*.html") if "_static" not in path.parts]
    assert len(pages) >= len(PAGES)
    for path in pages:
        start, policy, _ = path.read_text("utf-8").partition('http-equiv="Content-Security-Policy"')
        assert policy, path
        assert "<script" not in start, path
        assert "<link" not in start, path


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pages_do_nothing_that_their_policy_stops(
    visit: Callable[[str, int], Visit], name: str, width: int
) -> None:
    """Every page works as before: no violation of the policy, charts included."""
    assert visit(name, width).stopped == []


def test_planted_code_does_not_run(page: Page, address: str) -> None:
    """No script and no handler that got into an article runs, nor a script of elsewhere."""
    planted = (
        "<script>window.ran = true;</script>"
        '<img src="nothing.png" onerror="window.ran = true">'
        '<a href="javascript:window.ran = true" id="planted">x</a>'
        '<script src="https://other.example/x.js"></script>'
    )

    def plant(route: Route) -> None:
        body = (HTML / "index.html").read_text("utf-8")
        assert "</article>" in body
        route.fulfill(
            body=body.replace("</article>", planted + "</article>"), content_type="text/html"
        )

    page.add_init_script(WATCH)
    page.route("**/index.html", plant)
    page.goto(address + "index.html")
    page.locator("#planted").click()
    page.wait_for_function("() => stopped.length >= 4")
    assert page.evaluate("window.ran") is None
    kinds = {stop.split()[0] for stop in page.evaluate("stopped")}
    assert kinds == {"script-src-elem", "script-src-attr"}


@pytest.mark.parametrize(
    ("code", "directive"),
    [
        ("new Image().src = 'https://other.example/x.png'", "img-src"),
        ("fetch('https://other.example/').catch(() => 0)", "connect-src"),
        (
            "document.body.append(Object.assign(document.createElement('iframe'),"
            " {src: 'https://other.example/'}))",
            "frame-src",
        ),
        (
            "document.head.append(Object.assign(document.createElement('link'),"
            " {rel: 'stylesheet', href: 'https://other.example/x.css'}))",
            "style-src-elem",
        ),
    ],
)
def test_other_hosts_are_not_asked(page: Page, address: str, code: str, directive: str) -> None:
    """The browser stops a picture, data, a frame or a style of another host."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.remove(request.url))
    page.add_init_script(WATCH)
    page.goto(address + "search.html")
    page.evaluate(f"() => {{ {code}; }}")
    page.wait_for_function("() => stopped.length > 0")
    assert page.evaluate("stopped")[0].startswith(f"{directive} ")
    assert not [url for url in asked if "other.example" in url]


def test_buttons_of_the_theme_work(page: Page, address: str) -> None:
    """Dark mode, the search dialog and printing, which the theme writes into the page."""
    page.add_init_script("window.print = () => { window.printed = true; };")
    page.goto(address + "chapters/about.html")
    mode = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.mode") != mode
    page.keyboard.press("Control+k")
    assert page.locator("#pst-search-dialog").is_visible()
    page.keyboard.press("Escape")
    page.locator("[onclick*='print']").dispatch_event("click")
    assert page.evaluate("window.printed")


def test_site_works_from_a_folder(page: Page, tmp_path: Path) -> None:
    """Copied to a disk, without a server: styles, interactive charts, search."""
    folder = shutil.copytree(HTML, tmp_path / "a folder")
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.add_init_script(WATCH)
    page.goto((folder / "chapters" / "safety.html").as_uri())
    page.mouse.move(1, 1)
    figure = page.locator("#fig-safety")
    figure.scroll_into_view_if_needed()
    page.wait_for_function("figure => figure.view", arg=figure.element_handle())
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.bd-sidebar-primary')).display")
        != "inline"
    )
    assert page.locator(".chart-narrow").is_hidden(), "the stylesheet applies"
    assert page.evaluate("stopped") == []
    assert errors == []
    # A browser reads no other page from disk, so the results have no excerpts.
    page.goto((folder / "search.html").as_uri() + "?q=safety")
    assert page.locator("#search-results a", has_text="Safety").count() > 0
