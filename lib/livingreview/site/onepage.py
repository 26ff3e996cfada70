"""The built pages as one document for paper: chapters in order, links inside it, references last.

It takes the pages that Jupyter Book wrote, so that paper says what the site says, and nothing is
read or executed again.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

REFERENCES = "references"
SUMMARY = "Summary"
# What a reader of paper has no use for: marked so by a class, by a cell's tag, or by its nature.
# Where a fact or a study is used, and the rows that gave a fact, are for following with a click.
SCREEN_ONLY = (
    ".noprint, .tag_noprint, .headerlink, .toctree-wrapper, .chart-narrow, .chart-tools,"
    " .table-controls, .card-jump, .card-link, .report, script, noscript,"
    " button, input, form, details.hide > summary,"
    " p:has([data-uses]), [data-uses], dl.facts details > :not(summary)"
)
# A table of so many columns gets a page on its side.
MANY_COLUMNS = 10


@dataclass(frozen=True)
class Heading:
    """A line of the contents: what it says, and the element that it leads to."""

    text: str
    anchor: str


@dataclass
class Chapter:
    """One page of the book, made ready for paper."""

    name: str
    article: Tag
    part: str = ""
    heading: Heading = Heading("", "")
    sections: list[Heading] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return the id of the whole chapter in the document."""
        return anchor_of(self.name)

    @property
    def headings(self) -> list[Heading]:
        """Return the chapter's own heading and those of its sections."""
        return [self.heading, *self.sections]


def anchor_of(page: str, fragment: str = "") -> str:
    """Return the id, in the one document, of a page or of an element of it."""
    name = re.sub(r"[^a-z0-9]+", "-", page.lower())
    return f"{name}--{fragment}" if fragment else name


def chapters(
    html: Path, parts: list[tuple[str, list[str]]], title: str, address: str = ""
) -> list[Chapter]:
    """Return the chapters of the built site in the order of its parts, and the references last.

    parts: the title of each part with the names of its pages, such as ``chapters/methods``.
    title: that of the book; a page of the same title is its summary.
    address: where the site is published, or nothing; links to what paper leaves out lead there.
    """
    found = [
        Chapter(name, _article(html / f"{name}.html"), title)
        for title, names in parts
        for name in names
    ]
    names = {chapter.name for chapter in found}
    for chapter in found:
        _leave_out(chapter.article)
        _prefix_ids(chapter.article, chapter.name)
        _lead_inside(chapter.article, chapter.name, names, address)
        _set_tables(chapter.article)
    found += _references(found)
    for chapter in found:
        chapter.article["id"] = chapter.anchor
        chapter.heading = Heading(_title(chapter.article, title), chapter.anchor)
        chapter.sections = list(_sections(chapter.article))
    _finish_links(found)
    return found


def stylesheets(html: Path, names: Iterable[str]) -> list[str]:
    """Return the addresses on this machine of the stylesheets that built pages load, each once."""
    found: dict[str, None] = {}
    for name in names:
        head = (html / f"{name}.html").read_text("utf-8").partition("</head>")[0]
        for link in BeautifulSoup(head, "html.parser").select('link[rel="stylesheet"]'):
            path = (html / name).parent / urlsplit(str(link["href"])).path
            found[path.resolve().as_uri()] = None
    return list(found)


def _article(page: Path) -> Tag:
    article = BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one("article.bd-article")
    if article is None:
        raise ValueError(f"{page.name} holds no article")
    return article


def _leave_out(article: Tag) -> None:
    for element in article.select(SCREEN_ONLY):
        element.decompose()
    for details in article.select("details"):
        details["open"] = ""
    for hidden in article.select("details.hide"):  # a table behind a switch: shown
        hidden.unwrap()
    for scrolling in article.select("[tabindex]"):
        del scrolling["tabindex"]


def _prefix_ids(article: Tag, name: str) -> None:
    """Make ids of one page those of the document; drawings refer to their own."""
    for element in article.find_all(True):
        for attribute, value in element.attrs.items():
            if attribute == "id":
                element["id"] = anchor_of(name, str(value))
            elif isinstance(value, str) and "url(#" in value:
                element[attribute] = value.replace("url(#", f"url(#{anchor_of(name)}--")
            elif attribute in {"aria-labelledby", "aria-describedby", "headers"}:
                element[attribute] = " ".join(anchor_of(name, one) for one in str(value).split())


def _lead_inside(article: Tag, name: str, names: set[str], address: str) -> None:
    """Turn links between pages into links inside the document."""
    for link in article.select("[href]"):
        url = urlsplit(str(link["href"]))
        if url.scheme or url.netloc:
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), url.path))
        page = path.removesuffix(".html") if url.path else name
        if page in names:
            link["href"] = "#" + anchor_of(page, url.fragment)
        elif address:
            there = urljoin(address.rstrip("/") + "/", path)
            link["href"] = url._replace(scheme="", netloc="", path=there).geturl()
        else:
            link.name, link.attrs = "span", {}


def _set_tables(article: Tag) -> None:
    """Give a wide table, and the section that tells of it, pages on their side.

    Captions become paragraphs: browsers print a table's own at the foot of the page before it.
    """
    for table in article.select("table"):
        if (caption := table.find("caption")) is not None:
            caption.name, caption["class"] = "p", "table-caption"
            table.insert_before(caption.extract())
        first_row = table.find("tr")
        if isinstance(first_row, Tag) and len(first_row.find_all(["th", "td"])) >= MANY_COLUMNS:
            block = table.find_parent(lambda e: e.name == "section" and e.h1 is None)
            block = block or table.find_parent(class_="cell") or table
            block["class"] = " ".join([*block.get_attribute_list("class"), "wide-page"])


def _references(found: list[Chapter]) -> list[Chapter]:
    """Take the list of references out of its page, as a chapter of its own."""
    for chapter in found:
        listed = chapter.article.select_one(".citation-list")
        section = listed and listed.find_parent("section")
        if not section or section.h2 is None:
            continue
        section.extract()
        section.h2.name = "h1"
        article = copy(chapter.article)
        article.clear()
        article.append(section)
        return [Chapter(REFERENCES, article)]
    return []


def _title(article: Tag, book: str) -> str:
    if article.h1 is None:
        return ""
    if article.h1.get_text(" ", strip=True) == book:
        article.h1.string = SUMMARY
    return article.h1.get_text(" ", strip=True)


def _sections(article: Tag) -> Iterator[Heading]:
    for heading in article.find_all("h2"):
        section = heading.find_parent("section")
        if section is not None and section.get("id"):
            yield Heading(heading.get_text(" ", strip=True), str(section["id"]))


def _finish_links(found: list[Chapter]) -> None:
    """Give links to chapters and sections a page; make plain text of links to what is left out."""
    headings = {heading.anchor for chapter in found for heading in chapter.headings}
    ids = {str(e["id"]) for chapter in found for e in chapter.article.select("[id]")} | headings
    for chapter in found:
        for link in chapter.article.select('a[href^="#"]'):
            target = str(link["href"])[1:]
            if target not in ids:
                link.name, link.attrs = "span", {}
            elif target in headings and "internal" in link.get_attribute_list("class"):
                link["data-page-of"] = target
