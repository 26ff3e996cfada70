"""The published site in a real browser: every page, wide and narrow, light and dark."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from published import HTML, PAGES

RAW = re.compile(
    r"\{(?:glue|cite|eval|doc|ref)[^}]*\}`|\bNaN\b|\bnan\b|<NA>|\tNone(?=\s*$|\t)|fact:|np\.\w",
    re.MULTILINE,
)


def test_all_chapters_are_published(root: Path) -> None:
    """Each chapter has its page."""
    assert len(PAGES) == 1 + len(list((root / "chapters").glob("*.md"))) >= 19


@pytest.mark.parametrize("name", PAGES)
def test_page_loads_cleanly(page: Page, address: str, name: str) -> None:
    """No error in the console, no failed request, none to another host."""
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.on(
        "request", lambda r: None if r.url.startswith((address, "data:")) else errors.append(r.url)
    )
    page.goto(address + name, wait_until="networkidle")
    assert errors == []


@pytest.mark.parametrize("name", PAGES)
def test_page_reads_well(page: Page, address: str, name: str) -> None:
    """No raw role, no programmer's word for missing, no empty table, no chart without marks."""
    page.goto(address + name, wait_until="networkidle")
    article = page.locator("article.bd-article")
    assert RAW.findall(article.inner_text()) == []
    for table in article.locator("table").all():
        assert table.locator("tbody tr").count() > 0
    for chart in article.locator("figure.chart").all():
        assert chart.locator("svg [role='graphics-symbol']").count() > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_phone_does_not_scroll_sideways(page: Page, address: str, name: str, scheme: str) -> None:
    """At 375 pixels the page fits; a wide table scrolls in its own box."""
    page.set_viewport_size({"width": 375, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address + name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("name", PAGES)
def test_links_by_meaning_lead_to_what_they_name(page: Page, address: str, name: str) -> None:
    """Each link of a number, a study or a claim leads to an element that is there."""
    page.goto(address + name)
    hrefs = page.eval_on_selector_all(
        "article a[href*='#fact-'], article a[href*='cards.html#'], article a[href*='#claim-']",
        "links => [...new Set(links.map(link => link.href))]",
    )
    wanted: dict[str, set[str]] = {}
    for href in hrefs:
        where, _, anchor = href.partition("#")
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
    page.get_by_role("searchbox", name="Search this table").fill("Radnovich")
    page.wait_for_function("document.querySelectorAll('#table-studies tbody tr').length === 1")
    assert "87.5% responders" in rows.first.inner_text()


def test_pages_read_without_javascript(browser: object, address: str) -> None:
    """Numbers, tables and charts are in the page itself."""
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(address + "chapters/studies.html")
    assert page.locator("#table-studies tbody tr").count() == 55
    assert page.locator("figure.chart svg").count() > 0
    context.close()
