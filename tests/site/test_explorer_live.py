"""The explorer and the cards in a real browser: filters, address, charts, keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from livingreview.pages.explorer import timed_shares
from livingreview.review import Review
from livingreview.show.filters import records
from livingreview.words import slug

EXPLORER = "chapters/explorer.html"
SHOWN = "[...document.querySelectorAll('#table-explorer tbody tr')].filter(row => !row.hidden)"
KEYS = f"{SHOWN}.map(row => row.querySelector('th a').hash.slice(1))"
# Chooses one option after the other, alone, and tells what the page then says and shows.
EACH_OPTION = f"""() => [...document.querySelectorAll('.explorer-form select')].flatMap((select) =>
  [...select.options].map(({{value}}) => value).filter(Boolean).map((value) => {{
    const says = [...select.options].find((option) => option.value === value).textContent;
    select.value = value;
    select.dispatchEvent(new Event('input', {{bubbles: true}}));
    const found = [select.name, value, says, document.querySelector('output').value, {KEYS}];
    select.value = '';
    select.dispatchEvent(new Event('input', {{bubbles: true}}));
    return found;
  }}))"""

Open = Callable[[str], Page]


@pytest.fixture
def explorer(page: Page, address: str) -> Open:
    """Return a function that opens the explorer with a query."""

    def opened(query: str = "") -> Page:
        page.goto(f"{address}{EXPLORER}{query}")
        page.wait_for_selector(".explorer-form:not([hidden])")
        page.mouse.move(1, 1)  # charts wait for a reader's first move
        return page

    return opened


def chosen(studies: list[dict[str, Any]], **wanted: str) -> list[dict[str, Any]]:
    """Return the studies that filters leave, by the terms of either or of one edition."""
    edition = wanted.pop("edition", "")
    held = [edition] if edition else ["printed", "living"]
    return [
        study
        for study in studies
        if any(study[name] for name in held)
        and all(
            any(term in study[name][field] for name in held if study[name])
            for field, term in wanted.items()
        )
    ]


def said(left: list[dict[str, Any]], studies: list[dict[str, Any]]) -> str:
    """Return the line that counts some studies."""
    patients = sum(study["patients"] or 0 for study in left)
    unit = "patient" if patients == 1 else "patients"
    return f"{len(left)} of {len(studies)} studies, {patients:,} {unit}"


def test_each_option_shows_the_studies_that_the_data_give(explorer: Open, review: Review) -> None:
    """Of every option, the option's own count, the line, and the rows are those of the data."""
    studies = records(review)
    found = explorer("").evaluate(EACH_OPTION)
    assert len(found) > 60
    for name, value, says, line, keys in found:
        left = chosen(studies, **{name: value})
        assert says.endswith(f"({len(left)})"), (name, value)
        assert line == said(left, studies), (name, value)
        assert sorted(keys) == sorted(study["key"] for study in left), (name, value)


def test_filters_together_survive_reload_and_are_shared(explorer: Open, review: Review) -> None:
    """Filters narrow each other; the address holds them, for a reload and for another reader."""
    page = explorer("")
    studies = records(review)
    wanted = {"region": "knee", "design": "RCT", "edition": "living"}
    for name, value in wanted.items():
        page.select_option(f"select[name={name}]", value)
    left = chosen(studies, **wanted)
    assert 0 < len(left) < len(chosen(studies, region="knee"))
    assert page.locator(".explorer output").inner_text() == said(left, studies)
    assert "region=knee&design=RCT" in page.url
    for again in (page.reload, lambda: (page.goto("about:blank"), page.go_back())):
        again()
        page.wait_for_selector(".explorer-form:not([hidden])")
        assert sorted(page.evaluate(KEYS)) == sorted(study["key"] for study in left)
        assert page.locator("select[name=region]").input_value() == "knee"


def test_search_and_clear(explorer: Open, review: Review) -> None:
    """Words leave the rows that hold each of them; clearing shows all, and empties the address."""
    page = explorer("")
    page.get_by_role("searchbox", name="Search", exact=True).fill("radnovich trial")
    assert page.evaluate(KEYS) == ["radnovich-2017"]
    assert "q=radnovich" in page.url
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_function(f"() => {SHOWN}.length > 1")
    assert len(page.evaluate(KEYS)) == len(records(review))
    assert page.url.endswith(EXPLORER)


def test_an_unknown_value_is_named_and_left_out(explorer: Open) -> None:
    """The rest of such an address still works."""
    page = explorer("?region=mars&design=rct&other=1")
    assert "region “mars”" in page.locator(".explorer-note").inner_text()
    assert page.locator("select[name=design]").input_value() == "RCT"
    assert page.locator("select[name=region]").input_value() == ""


def test_filters_work_from_the_keyboard(explorer: Open) -> None:
    """A list is reached by its label and answers to the keys."""
    page = explorer("")
    page.locator(".explorer-form").get_by_label("Region").focus()
    page.keyboard.type("knee")
    page.wait_for_function("() => location.search === '?region=knee'")
    page.keyboard.press("Tab")
    focused = "document.activeElement.name"
    assert page.evaluate(focused) == "nerve"


def drawn(page: Page, name: str) -> int:
    """Return how many studies a chart shows: the sum of its totals, or its marks in colour."""
    live = f"#fig-explorer-{name} .chart-live"
    if name == "responders":
        return page.locator(f"{live} .mark-symbol.layer_1_marks path").count()
    return sum(map(int, page.locator(f"{live} .mark-text.layer_2_marks text").all_text_contents()))


def test_charts_follow_and_lead(explorer: Open, review: Review) -> None:
    """The marks are those of the studies that are shown; a click on a bar is a choice."""
    page = explorer("?region=knee")
    for name in ("region", "followup", "responders"):
        page.locator(f"#fig-explorer-{name}").scroll_into_view_if_needed()
        page.wait_for_selector(f"#fig-explorer-{name} .is-live")
    left = chosen(records(review), region="knee")
    keys = {study["key"] for study in left}
    targets = review.living.targets
    targets = targets[targets["key"].map(slug).isin(keys)]
    names = {slug(key): key for key in review.living.studies["key"] if slug(key) in keys}
    expected = {
        "region": len(targets.drop_duplicates(["key", "region"])),
        "followup": len(left),
        "responders": len(timed_shares(review, names)),
    }
    page.wait_for_timeout(300)
    assert {name: drawn(page, name) for name in expected} == expected
    bar = page.locator("#fig-explorer-followup .chart-live .mark-rect.layer_1_marks path").first
    bar.click()
    page.wait_for_function("() => location.search.includes('followup=')")
    chosen_term = page.locator("select[name=followup]").input_value()
    both = chosen(records(review), region="knee", followup=chosen_term)
    assert len(page.evaluate(KEYS)) == len(both) > 0


def test_charts_of_a_shared_view_follow_at_once(page: Page, address: str, review: Review) -> None:
    """A view from an address does not wait for a move: the pictures are of all studies."""
    page.set_viewport_size({"width": 1280, "height": 1000})
    # The while after which charts come by themselves never ends.
    page.add_init_script(
        "const later = setTimeout; setTimeout = (does, after, ...rest) =>"
        " after >= 5000 ? 0 : later(does, after, ...rest)"
    )
    page.goto(f"{address}{EXPLORER}?region=knee")
    page.wait_for_function(
        "() => document.querySelector('.explorer figure.chart').view?.signal('shown').length"
        f" === {SHOWN}.length"
    )
    assert 0 < page.evaluate(f"{SHOWN}.length") < len(records(review))


def test_the_whole_table_is_there_without_javascript(
    browser: Any, address: str, review: Review
) -> None:
    """Every study is in the page; the filters, which would do nothing, are not shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + EXPLORER)
    assert page.locator("#table-explorer tbody tr:visible").count() == len(records(review))
    assert not page.locator(".explorer-form").is_visible()
    assert page.locator(".explorer figure svg:visible").count() == 3
    context.close()


def test_columns_sort_once_a_reader_turns_to_the_table(explorer: Open) -> None:
    """Patients, sorted twice, start with the largest study, and the filter stays."""
    page = explorer("?region=knee")
    page.locator(".table-wrap:has(#table-explorer)").hover()
    heading = page.locator("#table-explorer th.dt-orderable-asc", has_text="Patients")
    for order in ("ascending", "descending"):
        heading.click()
        page.wait_for_selector(f"#table-explorer th[aria-sort={order}]")
    cells = f"{SHOWN}.map(row => +row.cells[3].textContent)"
    patients = page.evaluate(cells)
    assert patients == sorted(patients, reverse=True)
    assert len(patients) > 1


def test_a_card_and_a_row_are_where_their_addresses_lead(page: Page, address: str) -> None:
    """The address of a card, and of a row of the evidence, bring it below the bar that jumps."""
    for anchor in ("radnovich-2017", "row-printed-outcomes-1"):
        page.goto(f"{address}chapters/cards.html#{anchor}")
        box = page.locator(f"[id='{anchor}']").bounding_box()
        bar = page.locator(".card-jump").first.bounding_box()
        assert box is not None
        assert bar is not None
        assert bar["y"] + bar["height"] <= box["y"] < 400
        page.goto("about:blank")


def test_the_list_of_cards_closes_behind_the_reader(page: Page, address: str) -> None:
    """A choice in the list leads to the card, which the list then does not cover."""
    page.goto(f"{address}chapters/cards.html")
    jump = page.locator(".card-jump").first
    jump.locator("summary").click()
    jump.get_by_role("link", name=re.compile("Radnovich")).click()
    page.wait_for_function("() => !document.querySelector('.card-jump').open")
    assert page.url.endswith("#radnovich-2017")
    assert "Used on:" in page.locator("section.study-card:target").inner_text()
