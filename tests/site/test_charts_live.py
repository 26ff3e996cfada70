"""Charts in a browser: they show marks, tell what a mark is, pick out series, can be taken away."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page

from published import HTML, PAGES
from visits import NARROW, WIDE, Visit

WITH_CHARTS = [name for name in PAGES if 'class="chart"' in (HTML / name).read_text("utf-8")]
MARKS = ".chart-live .role-mark:is(.mark-symbol, .mark-rect) path"
# What the marks of a chart say, each thing once.
SAID = """figure => {
  const said = new Set();
  const walk = (item) => {
    if (item.tooltip) said.add(JSON.stringify(item.tooltip));
    (item.items ?? []).forEach(walk);
  };
  walk(figure.view.scenegraph().root);
  return said.size;
}"""
FADED = """figure => [...figure.querySelectorAll(".chart-live .role-mark path")]
  .filter(mark => Number(getComputedStyle(mark).opacity) < 0.5).length"""


def charts(page: Page) -> Iterator[tuple[Locator, Locator]]:
    """Return each chart of the open page, when it is interactive, with what stands below it."""
    page.mouse.move(1, 1)  # charts wait for a reader's first move
    for figure in page.locator("figure.chart").all():
        figure.scroll_into_view_if_needed()
        name = figure.get_attribute("id")
        page.wait_for_function("name => document.getElementById(name).view", arg=name)
        yield figure, page.locator(f"#{name} + .chart-tools")


def rows_of(tools: Locator) -> list[list[str]]:
    """Return the rows of the file of numbers, without its header."""
    address = tools.get_by_role("link", name="CSV").get_attribute("href") or ""
    return list(csv.reader(io.StringIO(unquote(address.partition(",")[2]))))[1:]


def test_there_are_charts() -> None:
    """The pages of the evidence have charts."""
    assert len(WITH_CHARTS) >= 8


@pytest.mark.parametrize("name", WITH_CHARTS)
def test_charts_say_hold_and_give_their_numbers(
    page: Page, address: str, name: str, tmp_path: Path
) -> None:
    """Each chart of a page says what a mark is, has its numbers below it, and can be saved."""
    page.goto(address + name)
    for figure, tools in charts(page):
        assert_marks_say_what_they_are(page, figure, tools)
        assert_numbers_are_those_of_the_marks(figure, tools)
        assert_saved_as_pictures(page, figure, tools, tmp_path)


def assert_marks_say_what_they_are(page: Page, figure: Locator, tools: Locator) -> None:
    """A mark that is hovered says its record, which the table below has, too."""
    tip = page.locator("#vg-tooltip-element.visible")
    figure.locator(MARKS).last.hover()
    said = tip.inner_text()
    assert not re.search(r"\b(null|undefined|NaN|nan|None)\b|_", said), said
    rows = [{" ".join(cell.lstrip("'").split()) for cell in row} for row in rows_of(tools)]
    values = {" ".join(v.split()) for v in tip.locator(".value").all_inner_texts()}
    told = values & set().union(*rows)
    assert told
    # What no row holds is the number of rows that hold the rest.
    assert values - told <= {str(sum(told <= row for row in rows))}
    page.keyboard.press("Escape")
    assert tip.count() == 0


def assert_numbers_are_those_of_the_marks(figure: Locator, tools: Locator) -> None:
    """The table and the file have one row for each thing that the marks say."""
    tools.locator("summary").click()
    rows = tools.get_by_role("row").count() - 1
    assert rows == len(rows_of(tools)) == figure.evaluate(SAID) > 0
    headings = tools.get_by_role("columnheader").all_inner_texts()
    assert not [heading for heading in headings if "_" in heading or not heading]


def assert_saved_as_pictures(page: Page, figure: Locator, tools: Locator, folder: Path) -> None:
    """A drawing that stands alone, with its finding in it, and a picture, named as the chart."""
    stem = str(figure.get_attribute("id")).removeprefix("fig-")
    for kind in ("SVG", "PNG"):
        with page.expect_download() as download:
            tools.get_by_role("button", name=kind).click()
        assert download.value.suggested_filename == f"{stem}.{kind.lower()}"
        download.value.save_as(folder / kind)
    drawing = ElementTree.parse(folder / "SVG").getroot()  # noqa: S314 - made by our page
    words = " ".join(" ".join(drawing.itertext()).split())
    assert figure.locator(".chart-title").inner_text() in words
    assert "var(" not in (folder / "SVG").read_text("utf-8")
    assert (folder / "PNG").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_series_are_picked_out(page: Page, address: str) -> None:
    """The list below a chart, and its legend, fade the marks of all other series."""
    page.goto(address + "chapters/studies.html")
    chosen = 0
    for figure, tools in charts(page):
        if not tools.get_by_role("combobox").count():
            continue
        chosen += 1
        choice = tools.get_by_role("combobox", name="Highlight")
        assert figure.evaluate(FADED) == 0
        choice.select_option(index=1)
        page.wait_for_function(f"figure => ({FADED})(figure) > 0", arg=figure.element_handle())
        entry = figure.locator(".chart-live .role-legend-label text").nth(1)
        entry.click()
        assert choice.input_value() == entry.text_content()
        assert 0 < figure.evaluate(FADED) < figure.locator(MARKS).count()
        entry.click()
        assert choice.input_value() == ""
    assert chosen >= 3


def test_numbers_need_no_javascript(browser: Browser, address: str, tmp_path: Path) -> None:
    """Without JavaScript there are picture, table and file, and no button that does nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "chapters/safety.html")
    tools = page.locator(".chart-tools")
    assert page.locator("#fig-safety .chart-wide").is_visible()
    assert tools.get_by_role("button").count() == 0
    tools.locator("summary").click()
    assert tools.get_by_role("row").first.is_visible()
    with page.expect_download() as download:
        tools.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "file")
    rows = list(csv.reader((tmp_path / "file").open(encoding="utf-8", newline="")))
    assert rows[1:] == rows_of(tools)
    context.close()


def test_library_waits_for_a_chart_in_sight(page: Page, address: str) -> None:
    """A reader who has not come to a chart does not load what draws it."""
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(address + "chapters/studies.html", wait_until="networkidle")
    assert not [url for url in loaded if "vega" in url]
    next(charts(page))
    assert len([url for url in loaded if "vega" in url]) == 1


@pytest.mark.parametrize("width", [1280, 375])
def test_page_does_not_jump_when_a_chart_becomes_interactive(
    page: Page, address: str, width: int
) -> None:
    """The live chart is as high as the static picture."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + "chapters/outcomes.html")
    height = "figures => figures.map(f => f.querySelector('.chart-picture').clientHeight)"
    before = page.locator("figure.chart").evaluate_all(height)
    assert len(list(charts(page))) == len(before)
    assert page.locator("figure.chart").evaluate_all(height) == before


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", WITH_CHARTS)
def test_no_label_lies_outside_its_picture(
    visit: Callable[[str, int], Visit], name: str, width: int
) -> None:
    """Every word of every chart stands whole in its picture, still or alive, and large enough."""
    seen = visit(name, width)
    assert seen.labels > 0
    assert seen.outside == {"still": [], "alive": []}


def test_a_saved_picture_holds_all_of_its_labels(page: Page, address: str, tmp_path: Path) -> None:
    """A chart taken away is as wide and high as its words, and has its font along."""
    outside = """() => {
      const box = document.documentElement.getBoundingClientRect();
      return [...document.querySelectorAll("text")].filter((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return left < box.left || right > box.right || top < box.top || bottom > box.bottom;
      }).map(text => text.textContent);
    }"""
    page.goto(address + "chapters/outcomes.html")
    shown = list(charts(page))
    assert shown
    for number, (_, tools) in enumerate(shown):
        with page.expect_download() as download:
            tools.get_by_role("button", name="SVG").click()
        download.value.save_as(tmp_path / f"{number}.svg")
        assert "@font-face" in (tmp_path / f"{number}.svg").read_text("utf-8")
    for number in range(len(shown)):
        page.goto((tmp_path / f"{number}.svg").as_uri())
        assert page.evaluate("() => document.fonts.ready.then(() => document.fonts.size)") == 2
        assert page.evaluate(outside) == []
