"""The book as one PDF, made of the built pages: paper says what the site says.

Nothing is read or executed again, no browser and no installed font is asked: Typst, a compiler
that ships as a wheel, sets the pages with the bundled font. The same site gives the same bytes.
"""

from __future__ import annotations

import json
import posixpath
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml
from bs4 import Tag
from sphinx_external_toc.parsing import parse_toc_yaml

from livingreview.data.citation import in_one_line, read_citation
from livingreview.history.changes import searched, standing
from livingreview.publish.leaflets import COUNT, SIDES, leaflet_of, sheet
from livingreview.publish.typst import Markup, literal, parsed, quoted
from livingreview.review import open_review
from livingreview.show.marks import FOLDER

BOOK, LOOKUP, ALL_LEAFLETS, LEAFLETS = NAMES = (
    "book.pdf", "cards-and-facts.pdf", "leaflets.pdf", "leaflets",
)  # fmt: skip
LOOK = Path(__file__).with_name("book.typ")
PAPER, APPENDIX, SUMMARY = "paper", "Cards and facts", "Summary"
SOURCES, REFERENCES = "Sources", "references"

# What a reader of paper has no use for: marked so by a class, by a cell's tag, or by its nature.
# Where a fact or a study is used, and the rows that gave a fact, are for following with a click;
# what the timeline of a card shows is listed below it.
SCREEN_ONLY = (
    ".noprint, .tag_noprint, .headerlink, .toctree-wrapper, .chart-narrow, .chart-tools,"
    " .table-controls, .card-jump, .card-link, .report, .visually-hidden, .fn-bracket, script,"
    " noscript, button, input, form, nav, details.hide > summary, .study-card svg,"
    " .study-card details, details.bias,"
    " p:has([data-uses]), [data-uses], dl.facts details > :not(summary)"
)


class NoPdf(Exception):
    """The PDF cannot be made; the argument says why."""


@dataclass
class Book:
    """The pages of the book, ready for paper, by the title of their part, and their drawings."""

    pages: list[tuple[str, str, Tag]]
    drawings: list[str] = field(default_factory=list)

    def ids(self) -> set[str]:
        """Return every id that a link may lead to."""
        return {str(e["id"]) for _, _, page in self.pages for e in page.select("[id]")}

    def targets(self) -> set[str]:
        """Return every id that some link leads to."""
        links = (link for _, _, page in self.pages for link in page.select('a[href^="#"]'))
        return {str(link["href"])[1:] for link in links}


def write_pdfs(root: Path, html: Path) -> None:
    """Set the pages built into a folder beside them: to read, to look things up, and as leaflets.

    The last two are there where the book has such pages, and names sections for leaflets.
    Raises ``NoPdf`` with the compiler's words where it refuses them.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    front = front_matter(root, config)
    *read, lookup = parts(root, config)
    _set(*document(front, pages_of(html, read, front, references=True)), html / BOOK)
    sections = config["sphinx"]["config"].get(PAPER, {}).get("leaflet", [])
    if sections:
        pages = [name for _, members in read for name in members]
        _write_leaflets(front, html, pages, sections)
    if lookup[1]:
        front |= {"title": f"{front['title']}: cards and facts"}
        _set(*document(front, pages_of(html, [lookup], front)), html / LOOKUP)


def _write_leaflets(
    front: dict[str, Any], html: Path, pages: list[str], sections: list[str]
) -> None:
    """Set each page of one question as a leaflet of two sides, and all as one file."""
    drawings: list[str] = []
    texts = [(html / f"{name}.html").read_text("utf-8") for name in pages]
    found = [leaflet_of(text, sections, SCREEN_ONLY, drawings) for text in texts]
    markup = Markup(frozenset(), drawings)
    sheets: list[str] = []
    (html / LEAFLETS).mkdir(exist_ok=True)
    for leaflet in filter(None, found):
        path = html / LEAFLETS / f"{leaflet.question}.pdf"
        for choice in leaflet.choices(sections):
            one = sheet(choice, markup, front)
            titled = front | {"title": f"{leaflet.title} ({front['title']})"}
            if _set(_begun(titled, one), markup.pictures, path) <= SIDES:
                break
        else:
            raise NoPdf(f"{path.name} takes more than {SIDES} sides without all but one section")
        sheets.append(one)
    if sheets:
        whole = '#pagebreak(to: "odd", weak: true)'.join(sheets)
        _set(_begun(front, whole), markup.pictures, html / ALL_LEAFLETS)


def _set(text: str, pictures: dict[str, str], path: Path) -> int:
    """Set a text of Typst as a PDF, and return the page that its last mark names; 0 without one."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        for name, content in {"book.typ": LOOK.read_text("utf-8"), **pictures}.items():
            Path(folder, name).write_text(content, encoding="utf-8")
        main = Path(folder, "main.typ")
        main.write_text(text, encoding="utf-8")
        fonts: dict[str, Any] = {"font_paths": [FOLDER], "ignore_system_fonts": True}
        try:
            typst.compile(main, output=path, **fonts)
            counted = typst.query(main, f"<{COUNT}>", field="value", **fonts)
        except typst.TypstError as error:
            raise NoPdf(f"{path.name} could not be set: {error}") from None
    return max(json.loads(counted), default=0)


def front_matter(root: Path, config: dict[str, Any]) -> dict[str, Any]:
    """Return what the cover says, from the book's configuration, citation and data."""
    citation = read_citation(root)
    source = open_review(root / "data").source
    present = source.versions.present
    return {
        "title": config["title"],
        "language": config["sphinx"]["config"]["language"],
        "version": present,
        "searched": searched(source),
        "next_search": standing(present, source.versions.as_of),
        "authors": [author.whole for author in citation.authors],
        "keywords": list(citation.keywords),
        "cite": in_one_line(citation),
        "licences": citation.licences_of_content,
        "address": citation.url or config.get("html", {}).get("baseurl") or "",
        "source": source.protocol.source.attribution,
    }


def parts(root: Path, config: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the parts of the table of contents with the pages of each that paper has."""
    toc = parse_toc_yaml(root / "_toc.yml")
    paper = config["sphinx"]["config"].get(PAPER, {})
    moved = [*paper.get("leave_out", []), *paper.get("appendix", [])]
    found = [(SUMMARY, [toc.root.docname])]
    found += [(tree.caption or "", list(map(str, tree.items))) for tree in toc.root.subtrees]
    found = [(title, [name for name in names if name not in moved]) for title, names in found]
    return [*found, (APPENDIX, [name for name in paper.get("appendix", []) if name in toc])]


def pages_of(
    html: Path, listed: list[tuple[str, list[str]]], front: dict[str, Any], references: bool = False
) -> Book:
    """Return the built pages in the order of the parts, and the references last if asked for.

    Links between them lead inside the document; those to what paper leaves out lead to where the
    site is published, or nowhere.
    """
    book = Book([])
    names = {name for _, members in listed for name in members}
    for part, members in listed:
        for name in members:
            page = parsed((html / f"{name}.html").read_text("utf-8"), book.drawings)
            article = page.select_one("article.bd-article")
            if article is None:
                raise NoPdf(f"{name}.html holds no article")
            for element in article.select(SCREEN_ONLY):
                element.decompose()
            if article.h1 is not None and article.h1.get_text(strip=True) == front["title"]:
                article.h1.string = SUMMARY
            _name_ids(article, name)
            _lead_inside(article, name, names, front["address"])
            book.pages.append((part, name, article))
    if references:
        book.pages += _references(book)
    return book


def anchor_of(page: str, fragment: str = "") -> str:
    """Return the id, in the one document, of a page or of an element of it."""
    name = re.sub(r"[^a-z0-9]+", "-", page.lower())
    return f"{name}--{fragment}" if fragment else name


def _name_ids(article: Tag, name: str) -> None:
    """Make ids of one page those of the document; the page's own is that of its heading."""
    for element in article.select("[id]"):
        element["id"] = anchor_of(name, str(element["id"]))
    if article.h1 is not None:
        article.h1["id"] = anchor_of(name)


def _lead_inside(article: Tag, name: str, names: set[str], address: str) -> None:
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
            del link["href"]


def _references(book: Book) -> Iterator[tuple[str, str, Tag]]:
    """Take the list of references out of its page, as the last one of the book."""
    for _, _, page in book.pages:
        listed = page.select_one(".citation-list")
        section = listed.find_parent("section") if listed else None
        if section is None or section.h2 is None:
            continue
        section.extract()
        heading = section.h2
        heading.name, heading.attrs = "h1", {"id": REFERENCES}
        yield SOURCES, REFERENCES, section
        return


def document(front: dict[str, Any], book: Book) -> tuple[str, dict[str, str]]:
    """Return the book as a text of Typst, and its pictures by the names of their files."""
    markup = Markup(frozenset(book.targets() & book.ids()), book.drawings)
    lines = [_cover(front), '#contents("Contents")']
    for part, members in groupby(book.pages, lambda page: page[0]):
        if part in (APPENDIX, SOURCES):  # short lines and lists, for looking things up
            lines.append("#show: in-two-columns")
        lines.append(f"#heading(level: 1)[{quoted(part).join(('#', ';'))}]")
        lines += [markup.of(page) for _, _, page in members]
    return _begun(front, "\n".join(lines)), markup.pictures


def _begun(front: dict[str, Any], text: str) -> str:
    """Return a text of Typst after what every document begins with."""
    day = front["version"].date
    return (
        '#import "book.typ": *\n'
        f"#show: book.with(title: {quoted(front['title'])}, authors: {literal(front['authors'])}, "
        f"keywords: {literal(front['keywords'])}, language: {quoted(front['language'])}, "
        f"day: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n{text}"
    )


def _cover(front: dict[str, Any]) -> str:
    version = front["version"]
    facts = [
        ("Evidence searched through", front["searched"]),
        ("Evidence integrated through", version.integrated_through or "not set"),
        ("Next search due", front["next_search"]),
    ]
    newest = f" The newest one is at {front['address']}." if front["address"] else ""
    notes = [
        f"A living review is kept up to date: a later version may say otherwise.{newest}",
        "It describes evidence and is no medical advice: it does not say what to do for a patient.",
    ]
    colophon = [
        ("How to cite", front["cite"]),
        ("Licence", ", ".join(front["licences"])),
        ("Starts from", front["source"]),
    ]
    return (
        f"#cover(title: {quoted(front['title'])}, "
        f"edition: {quoted(f'Version {version.version}, of {version.date}')}, "
        f"authors: {quoted(', '.join(front['authors']))}, facts: {literal(facts)}, "
        f"notes: {literal(notes)}, colophon: {literal(colophon)})"
    )
