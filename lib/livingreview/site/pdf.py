"""The whole book as one PDF, printed from the built pages by the browser of this machine."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup
from sphinx_external_toc.parsing import parse_toc_yaml

from livingreview.data.citation import read_citation
from livingreview.history.changes import standing
from livingreview.publish.cite import vancouver
from livingreview.review import open_review
from livingreview.show.html import render
from livingreview.site.meta import PDF
from livingreview.site.onepage import REFERENCES, Chapter, chapters, stylesheets

logging.getLogger("pikepdf").setLevel(logging.WARNING)  # it greets when it is imported
import pikepdf  # noqa: E402

STYLE = Path(__file__).with_name("paper.css")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 300
# The first print has no page numbers, the second has them; the third is for a moved line.
PRINTS = 4
PAPER, APPENDIX = "paper", "Appendix"


class NoPdf(Exception):
    """The PDF cannot be made; the argument says why."""


def find_browser() -> str:
    """Return the command of a Chromium on this machine, or raise NoPdf."""
    if found := next(filter(None, map(shutil.which, BROWSERS)), None):
        return found
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pass
    else:
        with sync_playwright() as playwright:
            if os.path.exists(path := playwright.chromium.executable_path):
                return path
    raise NoPdf(
        "No Chromium found: the PDF of the book is printed by Chromium or Chrome."
        " Install one, or run scripts/ensure-chromium;"
        " `make serve` and `--without-pdf` build without the PDF."
    )


def write_pdf(root: Path, html: Path, browser: str) -> Path:
    """Print the pages built into a folder as ``book.pdf`` beside them, and return its path.

    Raises NoPdf where the browser prints nothing.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    front = front_matter(root, config)
    found = chapters(html, _parts(root, config), front["title"], front["address"])
    names = [chapter.name for chapter in found if chapter.name != REFERENCES]
    front["stylesheets"] = stylesheets(html, names)
    anchors = {heading.anchor for chapter in found for heading in chapter.headings}
    published = root / "_build" / "html" / PDF
    pages = page_numbers(published, anchors) if published.exists() else {}
    with tempfile.TemporaryDirectory(dir=root / "_build") as scratch:
        printed = Path(scratch, "printed.pdf")
        for _ in range(PRINTS):
            Path(scratch, "book.html").write_text(_document(front, found, pages), "utf-8")
            _print(browser, Path(scratch, "book.html"), printed)
            before, pages = pages, page_numbers(printed, anchors)
            if pages == before:
                break
        else:
            raise NoPdf(f"The page numbers of the contents did not settle in {PRINTS} prints")
        _describe(printed, html / PDF, front)
    return html / PDF


def front_matter(root: Path, config: dict[str, Any]) -> dict[str, Any]:
    """Return what the title page says, from the book's configuration, citation and data."""
    citation = read_citation(root)
    source = open_review(root / "data").source
    present = source.versions.present
    return {
        "title": config["title"],
        "language": config["sphinx"]["config"]["language"],
        "version": present,
        "next_search": standing(present, source.versions.as_of),
        "authors": [author.whole for author in citation.authors],
        "cite": vancouver(citation),
        "licences": citation.licences_of_content,
        "address": citation.url or config.get("html", {}).get("baseurl") or "",
        "source": source.protocol.source.attribution,
    }


def _parts(root: Path, config: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the parts of the table of contents with the pages of each that paper has."""
    toc = parse_toc_yaml(root / "_toc.yml")
    paper = config["sphinx"]["config"].get(PAPER, {})
    moved = [*paper.get("leave_out", []), *paper.get("appendix", [])]
    parts = [("", [toc.root.docname])]
    parts += [(tree.caption or "", list(map(str, tree.items))) for tree in toc.root.subtrees]
    parts = [(title, [name for name in names if name not in moved]) for title, names in parts]
    return [*parts, (APPENDIX, [name for name in paper.get("appendix", []) if name in toc])]


def page_numbers(path: Path, anchors: set[str]) -> dict[str, int]:
    """Return the page, counted from one, on which each of the ids stands."""
    with pikepdf.open(path) as pdf:
        numbers: dict[Any, int] = {page.objgen: n for n, page in enumerate(pdf.pages, start=1)}
        found: Any = pdf.Root.get("/Dests", {})
        return {a: numbers[found[f"/{a}"][0].objgen] for a in sorted(anchors) if f"/{a}" in found}


def _document(front: dict[str, Any], found: list[Chapter], pages: dict[str, int]) -> str:
    for chapter in found:
        for link in chapter.article.select("a[data-page-of]"):
            # As wide as most numbers, so that the first print breaks lines as the last.
            link["data-page"] = str(pages.get(str(link["data-page-of"]), "00"))
    return render(
        "book.html",
        **front,
        chapters=found,
        parts=[(part, list(members)) for part, members in groupby(found, lambda c: c.part)],
        pages=pages,
        style=Markup(STYLE.read_text("utf-8") + _page_rules(front["title"], found)),  # noqa: S704
    )


def _page_rules(title: str, found: list[Chapter]) -> str:
    """Return the style of each chapter's pages: browsers cannot yet copy a heading to a margin."""
    rules = []
    for number, chapter in enumerate(found, start=1):
        heads = f"@top-left {{ content: {_quoted(title)} }}"
        heads += f" @top-right {{ content: {_quoted(chapter.heading.text)} }}"
        rules += [
            f"@page chapter-{number} {{ {heads} }}",
            f"@page chapter-{number}-wide {{ size: A4 landscape; {heads} }}",
            f"#{chapter.anchor} {{ page: chapter-{number} }}",
            f"#{chapter.anchor} .wide-page {{ page: chapter-{number}-wide }}",
        ]
    return "\n".join(rules)


def _quoted(text: str) -> str:
    """Return a text as a string of CSS that may stand in HTML."""
    return '"' + re.sub(r'["\\<&]', lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


def _print(browser: str, document: Path, pdf: Path) -> None:
    options = [
        "--headless",
        "--no-sandbox",  # what it prints is our own, and holds no script
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
        f"--user-data-dir={document.parent / 'profile'}",
        f"--print-to-pdf={pdf}",
    ]
    pdf.unlink(missing_ok=True)
    try:
        done = subprocess.run(  # noqa: S603 - a browser that was looked for
            [browser, *options, document.as_uri()], capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise NoPdf(f"{browser} printed no PDF within {SECONDS} s") from None
    if not pdf.exists():
        raise NoPdf(f"{browser} printed no PDF:\n{done.stderr.strip()}")


def _describe(printed: Path, out: Path, front: dict[str, Any]) -> None:
    """Write a PDF with its metadata; the version's date, as builds ask no clock."""
    day = f"D:{front['version'].date:%Y%m%d}000000Z"
    with pikepdf.open(printed) as pdf:
        pdf.docinfo = pdf.make_indirect(
            pikepdf.Dictionary(
                Title=front["title"],
                Author=", ".join(front["authors"]),
                Subject=f"Version {front['version'].version}",
                CreationDate=day,
                ModDate=day,
            )
        )
        pdf.Root.Lang = pikepdf.String(front["language"])
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
