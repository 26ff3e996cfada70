"""From a sentence to the rows and back, in a browser and in the published files."""

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from published import HTML, PAGES

FACTS = "chapters/facts.html"
ALL_FACTS = (FACTS, "chapters/facts-answers.html", "chapters/facts-review.html")


def soup(name: str) -> BeautifulSoup:
    """Return a published page."""
    return BeautifulSoup((HTML / name).read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def facts() -> BeautifulSoup:
    """Return the facts pages as one."""
    return BeautifulSoup("".join(str(soup(name).article) for name in ALL_FACTS), "html.parser")


def test_hover_says_what_a_number_means(page: Page, address: str) -> None:
    """The box shows definition, counts and edition, stays under the pointer, and goes after it."""
    page.goto(address + "index.html", wait_until="load")
    link, box = page.locator("a.fact").first, page.locator("#fact-about")
    expect(link).not_to_have_attribute("title", re.compile("."))
    link.hover()
    expect(box).to_be_visible()
    assert re.search(r"\.\nGiven by \d+ rows?.*\n\w+ edition\.$", box.inner_text(), re.DOTALL)
    box.hover()
    page.wait_for_timeout(400)
    expect(box).to_be_visible()
    page.mouse.move(2, 2)
    expect(box).to_be_hidden()


def test_escape_hides_without_moving(page: Page, address: str) -> None:
    """The box can be dismissed while the pointer stays where it is."""
    page.goto(address + "index.html", wait_until="load")
    page.locator("a.fact").first.hover()
    expect(page.locator("#fact-about")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#fact-about")).to_be_hidden()


@pytest.mark.parametrize("width", [375, 1280])
def test_keyboard_reads_and_follows_a_number(page: Page, address: str, width: int) -> None:
    """Focus shows the box beside the link and describes it once; Enter leads to the entry."""
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(address + "index.html", wait_until="load")
    link, box = page.locator("a.fact").nth(2), page.locator("#fact-about")
    page.locator("a.fact").nth(1).focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(box).to_be_visible()
    expect(link).to_have_attribute("aria-describedby", "fact-about")
    over, under = link.bounding_box(), box.bounding_box()
    assert over["y"] + over["height"] <= under["y"] or under["y"] + under["height"] <= over["y"]
    assert under["x"] >= 0
    assert under["x"] + under["width"] <= width
    text = link.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/facts*.html#fact-*")
    answer = page.locator(".fact-answer:is(:target, :has(:target))")
    expect(answer.locator("summary")).to_contain_text(text)
    expect(answer.locator("li a").first).to_be_visible()
    page.evaluate("document.activeElement.blur()")


def test_the_entry_leads_back_to_the_sentence(page: Page, address: str) -> None:
    """A link of the list of uses leads to the number in its sentence."""
    page.goto(address + "index.html", wait_until="load")
    page.locator("a.fact").first.click()
    used = page.locator(".fact-answer:is(:target, :has(:target)) [data-uses] a").first
    number = used.locator("b").inner_text()
    used.click()
    page.wait_for_url("**#use-*")
    assert page.locator("a.fact:target").inner_text() == number


def test_facts_are_searched(page: Page, address: str) -> None:
    """The search leaves the facts that hold every word."""
    page.goto(address + FACTS, wait_until="load")
    page.get_by_role("searchbox", name="Search the facts").fill("randomised favours comparator")
    entries = page.locator(".fact-entry:visible")
    assert 0 < entries.count() < page.locator(".fact-entry").count()
    for text in entries.all_inner_texts():
        assert "andomised" in text


def test_every_use_is_listed_with_its_number(facts: BeautifulSoup) -> None:
    """Each fact link on each page is in the list of its fact, and each listed use is there."""
    listed = Counter(
        (tag["href"].removeprefix("../").removeprefix("chapters/"), tag.b.text)
        for tag in facts.select("[data-uses] a")
    )
    found: Counter[tuple[str, str]] = Counter()
    for name in PAGES:
        for link in soup(name).select("a.fact"):
            where = f"{name.removeprefix('chapters/')}#{link['id']}"
            found[where, re.sub(r"\s+", " ", link.text).strip()] += 1
            entry = facts.find(id=link["href"].partition("#")[2]).find_parent(class_="fact-entry")
            assert entry.find("a", href=re.compile(rf"#{re.escape(link['id'])}$")), where
    assert found == listed
    assert len(found) > 100
    assert set(found.values()) == {1}


def test_every_row_that_is_named_is_there() -> None:
    """Links to rows, of verdicts and of facts, lead to elements of the page that shows them."""
    shown = {name: {tag["id"] for tag in soup(name).select("[id]")} for name in PAGES}
    for name in ("chapters/audit.html", "chapters/bookkeeping.html", *ALL_FACTS):
        rows = {tag["href"] for tag in soup(name).select("a[href*='#row-']")}
        assert len(rows) > 20
        for where, _, anchor in (href.partition("#") for href in rows):
            assert anchor in shown[f"chapters/{where}"], anchor


def test_without_scripts_a_number_keeps_its_title(browser: object, address: str) -> None:
    """What a number means and what is behind its fact can be read without JavaScript."""
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(address + "index.html")
    link = page.locator("a.fact").first
    assert "Given by" in link.get_attribute("title")
    link.click()
    answer = page.locator(".fact-answer:is(:target, :has(:target))")
    answer.locator("summary").click()
    assert answer.locator("[data-uses] a").first.is_visible()
    context.close()
