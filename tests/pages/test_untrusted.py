"""What contributors write is shown as text: an element in a cell is neither made nor run."""

import inspect
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

from livingreview import pages
from livingreview.publish import feed
from livingreview.review import Review, open_review
from project import ROOT

# A word without digits and commas, so that it can stand in a printed author's name as well.
ELEMENT = "<svg/onload=window.hit=true>"
ATTACK = (
    f"{ELEMENT} <img src=x onerror=window.hit=true> </script><script>window.hit=true</script> '"
)

# Fields of free text, wherever in a file they stand; the others are closed lists and numbers.
FREE = {
    "condition",
    "design_words",
    "blinding",
    "comparator_words",
    "guidance_words",
    "funding",
    "source_note",
    "study_note",
    "note",
    "words",
    "direction_words",
    "temperature_c",
    "device",
    "reason",
    "says",
    "question",
    "label",
    "asks",
    "because",
    "at",
    "why_not",
    "what",
    "title",
    "journal",
    "scope",
    "finding",
    "caution",
    "summary",
    "search",
    "triggered_by",
    "schedule",
    "retirement",
    "sponsor",
    "status",
    "first_author",
    "attribution",
    "rule",
}
ARGUMENTS = {
    "dictionary_table": {"name": "outcomes"},
    "claims_table": {"matters": "evidence"},
    "reporting_by_table": {"column": "design_group"},
    "responders_chart": {"group": "trial"},
}
LISTS = {"event", "status", "rule"}  # closed in some files: left alone there


def attacked(value: Any, file: str) -> Any:
    """Return the content of a file with the attack at the end of each free text."""
    closed = LISTS if "studies/" in file or "protocol" in file else set()
    if isinstance(value, list):
        return [attacked(each, file) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: f"{each} {ATTACK}"
        if name in FREE - closed
        and isinstance(each, str)
        and each not in ("not stated", "not read", "not reported")
        else (each if name == "read_from" else attacked(each, file))
        for name, each in value.items()
    }


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the project's data, hostile text in every free field."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(ROOT / "data", folder / "data")
    for path in folder.glob("data/**/*.yml"):
        if "vocabulary" not in path.parts:
            content = yaml.safe_load(path.read_text("utf-8"))
            hostile = attacked(content, path.as_posix())
            path.write_text(
                yaml.safe_dump(hostile, allow_unicode=True, width=10_000, sort_keys=False), "utf-8"
            )
    printed = folder / "data/source/preprint/table1.csv"
    text = printed.read_text("utf-8")
    assert '"Radnovich, ' in text
    printed.write_text(text.replace('"Radnovich, ', f'"Radnovich {ELEMENT}, ', 1), "utf-8")
    for name in ("CITATION.cff", "index.md"):
        shutil.copy(ROOT / name, folder)
    text = (ROOT / "references.bib").read_text("utf-8")
    hostile_title = ATTACK.replace("'", "")
    bib = re.sub(r"(?m)^(  title = \{\{.*)\}\},$", rf"\1 {hostile_title}}}}},", text)
    bib = bib.replace("{Radnovich, ", f"{{Radnovich {ELEMENT}, ", 1)
    (folder / "references.bib").write_text(bib, "utf-8")
    return folder


@pytest.fixture(scope="module")
def hostile(book: Path) -> Review:
    """Return the review of that folder."""
    return open_review(book / "data")


@pytest.fixture(scope="module")
def shown(hostile: Review, book: Path) -> dict[str, str]:
    """Return the HTML of everything that a chapter can show of a review."""
    found = {}
    for name, function in shows():
        known = inspect.signature(function).parameters
        given = ARGUMENTS.get(name, {}) | ({"book": str(book)} if "book" in known else {})
        if "question" in known:
            given = given | {"question": hostile.source.questions[0].id}
        needed = {
            n for n, p in known.items() if p.default is p.empty and p.kind is not p.VAR_POSITIONAL
        }
        if needed - set(given) == {"review"}:
            found[name] = pieces(function(hostile, **given))
    return found


def shows() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the functions of the pages that show something of a review."""
    for module in (getattr(pages, name) for name in pages.__all__):
        for name, function in vars(module).items():
            ours = getattr(function, "__module__", "") == module.__name__
            shows = ours and "Html" in str(getattr(function, "__annotations__", {}).get("return"))
            if shows and not name.startswith("_"):
                yield name, function


def pieces(made: Any) -> str:
    """Return the HTML of what a function shows: one piece or several."""
    return made._repr_html_() if hasattr(made, "_repr_html_") else "".join(map(pieces, made))


def test_the_attack_is_on_the_pages(shown: dict[str, str]) -> None:
    """The hostile text reaches many of the pieces, or the tests below would show nothing."""
    reached = {name for name, html in shown.items() if "window.hit" in html}
    assert len(shown) > 40
    assert {"studies_table", "claims_table", "screening_table", "living_trials_table"} <= reached
    assert len(reached) >= 15, reached


def test_no_element_is_made(shown: dict[str, str]) -> None:
    """No piece holds the element or the end of a script as markup."""
    for name, html in shown.items():
        assert ELEMENT not in html, name
        assert "</script><script>window" not in html, name


def test_nothing_runs_in_a_browser(shown: dict[str, str], page: Page) -> None:
    """A page of all pieces runs nothing and shows the words."""
    page.set_content(ELEMENT)
    page.wait_for_function("() => window.hit")  # unescaped, it runs
    page.goto("about:blank")
    page.set_content(f"<main>{''.join(shown.values())}</main>")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.hit") is None
    assert page.locator("img, [onload], [onerror]").count() == 0
    assert ELEMENT in page.locator("main").inner_text()


def test_feed_holds_text(hostile: Review) -> None:
    """A reader of the feed finds the words, not an element."""
    written = feed.feed(hostile).decode()
    assert "&lt;svg/onload" in written
    assert "<img" not in written
    assert "<svg" not in written


def test_facts_are_text(hostile: Review) -> None:
    """A fact whose value holds hostile words is escaped in prose."""
    facts = [hostile.fact(name) for name in ("stated(item=databases, place=methods)",)]
    for fact in facts:
        assert "<svg" not in fact._repr_html_()
    assert json.loads(json.dumps([fact.value.text for fact in facts]))
