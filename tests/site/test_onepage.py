"""Two small built pages, made ready for paper."""

from pathlib import Path

import pytest
from bs4 import Tag

from livingreview.site.onepage import Chapter, chapters, stylesheets

INDEX = """
<link rel="stylesheet" href="_static/a.css?v=1"><article class="bd-article"><section id="book">
<h1>Book<a class="headerlink" href="#book">#</a></h1>
<p><a id="1" class="reference internal" href="chapters/one.html">One</a>
<a id="2" href="chapters/one.html#x">x</a> <a id="3" href="chapters/gone.html?q=a#b">gone</a>
<a id="4" href="https://example.org/">web</a> <a id="5" href="#none">nothing</a></p>
<p class="noprint">a switch</p><div class="cell tag_noprint">an animation</div>
<details><summary>More</summary>inside</details><script>run()</script>
<svg><clipPath id="clip"></clipPath><g clip-path="url(#clip)"></g></svg>
</section></article>"""

ONE = """
<link rel="stylesheet" href="../_static/a.css?v=1"><link rel="stylesheet" href="../_static/b.css">
<article class="bd-article"><section id="one"><h1>One</h1><p id="x">x</p>
<section id="wide"><h2>Wide</h2><table><caption>Many</caption><tr>{cells}</tr></table></section>
<section id="refs"><h2>References</h2><div class="citation-list"><p id="r">Lee</p></div></section>
<section id="last"><h2>Last</h2><a href="#r">Lee</a></section>
</section></article>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the folder of a built site of two pages."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.html").write_text(INDEX, "utf-8")
    (tmp_path / "chapters/one.html").write_text(ONE.format(cells="<td>1</td>" * 10), "utf-8")
    return tmp_path


def made(site: Path, address: str = "") -> list[Chapter]:
    """Return the chapters of the small site."""
    return chapters(site, [("", ["index"]), ("Part", ["chapters/one"])], "Book", address)


def link(chapter: Chapter, number: int) -> Tag | None:
    """Return a link of the first page, while it is one."""
    return chapter.article.select_one(f'a[id="index--{number}"]')


def test_references_are_the_last_chapter(site: Path) -> None:
    """The list of references leaves its page, with its heading; links follow it."""
    found = made(site)
    assert [c.heading.text for c in found] == ["Summary", "One", "References"]
    assert [s.text for s in found[1].sections] == ["Wide", "Last"]
    assert found[2].article.select_one("#chapters-one--r").get_text() == "Lee"
    assert found[1].article.select_one("a")["href"] == "#chapters-one--r"


def test_links_lead_inside_the_document(site: Path) -> None:
    """A link to a chapter tells its page; one to what paper has not is plain text."""
    index = made(site)[0]
    assert link(index, 1)["href"] == "#chapters-one"
    assert link(index, 1)["data-page-of"] == "chapters-one"
    assert link(index, 2)["href"] == "#chapters-one--x"
    assert link(index, 3) is None
    assert link(index, 4)["href"] == "https://example.org/"
    assert link(index, 5) is None
    assert "gone" in index.article.get_text()


def test_what_paper_lacks_is_linked_where_the_site_is_published(site: Path) -> None:
    """With an address, links to other pages lead there, with their query."""
    index = made(site, "https://example.org/book")[0]
    assert link(index, 3)["href"] == "https://example.org/book/chapters/gone.html?q=a#b"


def test_screen_only_parts_are_left_out(site: Path) -> None:
    """What a class or a cell's tag marks, and scripts, go; what is folded is open."""
    index = made(site)[0]
    text = index.article.get_text()
    assert not [word for word in ("switch", "animation", "run()", "#") if word in text]
    assert index.article.details.has_attr("open")


def test_a_drawing_keeps_to_its_own_parts(site: Path) -> None:
    """An id of a drawing and its use are renamed together."""
    index = made(site)[0]
    assert index.article.svg.find(id="index--clip") is not None
    assert index.article.g["clip-path"] == "url(#index--clip)"


def test_a_wide_table_turns_its_page(site: Path) -> None:
    """The section of a table of many columns stands on its side; its caption goes before it."""
    one = made(site)[1].article
    assert one.select_one("#chapters-one--wide")["class"] == "wide-page"
    assert one.table.find_previous_sibling("p").get_text() == "Many"
    (site / "chapters/one.html").write_text(ONE.format(cells="<td>1</td>" * 9), "utf-8")
    assert made(site)[1].article.select(".wide-page") == []


def test_each_stylesheet_is_loaded_once(site: Path) -> None:
    """Pages name the same sheet from different folders."""
    names = [Path(sheet).name for sheet in stylesheets(site, ["index", "chapters/one"])]
    assert names == ["a.css", "b.css"]
