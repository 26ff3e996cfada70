import hashlib
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from builds import BUILD, build
from livingreview import open_review

Edit = Callable[[Path, str, str], None]

PLAIN = [
    str(Path(sys.executable).with_name("jupyter-book")),
    *("build", ".", "-W", "-n", "--keep-going"),
]


def site(book: Path) -> dict[str, str]:
    """Return a checksum of every published file."""
    html = book / "_build" / "html"
    return {
        str(file.relative_to(html)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in html.rglob("*")
        if file.is_file()
    }


def page(book: Path, name: str) -> str:
    """Return a published page."""
    return (book / "_build" / "html" / name).read_text("utf-8")


def test_links_by_meaning_lead_to_the_page_that_explains(small_book: Path) -> None:
    """A cell's fact: link is a relative link, and the fact lists the sentences that use it."""
    use = "use-index-trials-design-allotted-1"
    link = f'id="{use}" href="chapters/facts.html#fact-trials-design-allotted"'
    assert link in page(small_book, "index.html")
    assert f'<li>Start: <a href="../index.html#{use}">' in page(small_book, "chapters/facts.html")


def test_site_holds_the_downloads(small_book: Path) -> None:
    """The evidence is published beside the pages."""
    assert "data/facts.json" in site(small_book)


def test_pages_ask_no_other_host(small_book: Path) -> None:
    """Scripts, styles and images come from the site itself."""
    for name in ("index.html", "chapters/facts.html", "search.html"):
        asked = re.findall(
            r"<(?:script|img|link|iframe)[^>]*https?://[^>]*>", page(small_book, name)
        )
        assert asked == []


def test_nothing_changed_builds_nothing(book: Path) -> None:
    """A second build sees that the published site is current."""
    assert build(book).stdout.startswith("The site is up to date")


def test_a_touched_site_is_built_again(book: Path) -> None:
    """A published file that something else changed is not taken for current."""
    before = site(book)
    (book / "_build" / "html" / "index.html").write_text("changed")
    assert build(book).returncode == 0
    assert site(book) == before


def test_a_page_has_the_facts_that_its_prose_names(book: Path, edit: Edit) -> None:
    """A number is added by naming it, in our build and in a plain one; guarded words stay."""
    words = '{guard}`some are trials <review.value("trials_favouring_treatment") > 0>`'
    edit(book / "index.md", "A sentence.", f"Of {{glue}}`studies` studies {words}.")
    edit(book / "chapters" / "facts.md", "A sentence.", '<div id="fact-studies"></div>')
    for command in (BUILD, PLAIN):
        built = build(book, command)
        assert built.returncode == 0, built.stdout + built.stderr
        text = BeautifulSoup(page(book, "index.html"), "html.parser").get_text()
        number = open_review(book / "data").value("studies")
        assert f"Of {number} studies some are trials." in " ".join(text.split())


def test_changed_data_changes_the_page(book: Path, edit: Edit) -> None:
    """The cache of executed cells notices the data, also where no chapter changed."""
    edit(book / "data" / "source" / "table1.csv", "45% easier", "43% easier")
    assert build(book).returncode == 0
    for name in ("index.html", "chapters/facts.html"):
        assert "43% easier" in page(book, name)
        assert "45% easier" not in page(book, name)


def test_plain_build_elsewhere_gives_the_same_bytes(book: Path, edit: Edit) -> None:
    """A changed sentence built on top, and Jupyter Book from nothing in another folder, agree."""
    edit(book / "index.md", "# Start", "# Another start")
    elsewhere = shutil.copytree(
        book, book.parent / "else" / "where", ignore=shutil.ignore_patterns("_build")
    )
    assert build(book).returncode == 0
    plain = build(elsewhere, PLAIN)
    assert plain.returncode == 0, plain.stderr
    assert site(book) == site(elsewhere)
    assert "Another start" in page(book, "chapters/facts.html")


def misspell_design(book: Path, edit: Edit) -> list[list[str]]:
    """Break a value of the data."""
    edit(book / "data" / "source" / "table1.csv", ",Allotted,usual care", ",Alotted,usual care")
    return [["data/source/table1.csv", "Kind", "Alotted"]]


def break_cell(book: Path, edit: Edit) -> list[list[str]]:
    """Break a cell of a chapter."""
    edit(book / "chapters" / "facts.md", "HTML('", "1 / 0; HTML('")
    return [["chapters/facts.md: cell `1 / 0;", "ZeroDivisionError: division by zero"]]


def deserve_warnings(book: Path, edit: Edit) -> list[list[str]]:
    """Link to no fact, cite nobody, and let a cell warn."""
    index = book / "index.md"
    wrong = '<a href="fact:no(such=fact)">A link</a> {cite:t}`nobody-1900`'
    edit(index, "A sentence.", wrong)
    edit(index, "HTML('", "import warnings; warnings.warn('careful'); HTML('")
    return [
        ["index.md", 'link to fact "no(such=fact)"', "fact-no-such-fact"],
        ["index.md", "nobody-1900"],
        ["index.md", "stderr"],
    ]


def write_wrong_prose(book: Path, edit: Edit) -> list[list[str]]:
    """Name a fact that does not exist, and type a number."""
    edit(book / "index.md", "A sentence.", "Of {glue}`studdies`.\nThere are 7 trials.")
    return [
        ["index.md: line 26: ", "did you mean studies?"],
        ["index.md: line 27: ", 'found "7" typed in'],
    ]


def break_guarded_words(book: Path, edit: Edit) -> list[list[str]]:
    """Guard words that the evidence does not bear."""
    words = '{guard}`there are no studies <review.value("studies") == 0>`'
    edit(book / "index.md", "A sentence.", f"So {words}.")
    return [
        [
            "index.md: cell `from livingreview import open_chapter`",
            "no longer bears these words: there are no studies",
        ]
    ]


MISTAKES = [misspell_design, break_cell, deserve_warnings, write_wrong_prose, break_guarded_words]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_failed_build_keeps_the_site_and_fails_again(
    book: Path, edit: Edit, mistake: Callable[[Path, Edit], list[list[str]]]
) -> None:
    """Each mistake is told once, without a traceback, each time; the last good site stays."""
    before = site(book)
    messages = mistake(book, edit)
    for _ in range(2):
        built = build(book)
        assert built.returncode == 1
        for words in messages:
            telling = [line for line in built.stderr.splitlines() if words[-1] in line]
            assert len(telling) == 1, built.stderr
            assert all(word in telling[0] for word in words), built.stderr
        assert "Traceback" not in built.stdout + built.stderr
        assert "_build/html is the last good site" in built.stdout
        assert site(book) == before


@pytest.mark.parametrize("mistake", [misspell_design, write_wrong_prose])
def test_plain_build_tells_what_is_wrong_without_a_traceback(
    book: Path, edit: Edit, mistake: Callable[[Path, Edit], list[list[str]]]
) -> None:
    """The Sphinx extension checks data and prose too."""
    messages = mistake(book, edit)
    built = build(book, PLAIN)
    assert built.returncode == 1
    assert all(word in built.stderr for words in messages for word in words)
    assert "Traceback" not in built.stdout + built.stderr
