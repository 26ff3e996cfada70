"""The PDF of the whole book, as `make book` published it beside the pages."""

import html
import json
import re
import sys
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from livingreview.citation import read_citation
from livingreview.review import Review
from livingreview.site.pdf import NoPdf, find_browser
from published import HTML


@pytest.fixture(scope="module")
def pdf() -> Iterator[PdfReader]:
    """Open the published PDF."""
    with PdfReader(HTML / "book.pdf") as reader:
        yield reader


@pytest.fixture(scope="module")
def pages(pdf: PdfReader) -> list[str]:
    """Return the text of each page, with single spaces within its lines."""
    return [re.sub(r"[^\S\n]+", " ", page.extract_text()) for page in pdf.pages]


@pytest.fixture(scope="module")
def headings(pdf: PdfReader) -> list[tuple[int, str, int]]:
    """Return the bookmarks: depth, title, and the number of the page they lead to."""

    def walk(entries, depth):
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, depth + 1)
            else:
                yield depth, _flat(entry.title), pdf.get_destination_page_number(entry) + 1

    return list(walk(pdf.outline, 0))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _page_of(headings: list[tuple[int, str, int]], title: str) -> int:
    return next(page for _, found, page in headings if found == title)


def test_title_page_says_what_this_is(pages, root, review: Review):
    """The first page has title, authors, version, dates, licence, citation, and no advice."""
    first, citation = _flat(pages[0]), read_citation(root)
    present = review.source.versions.present
    for said in (
        citation.title,
        citation.authors[0].whole,
        f"Version {present.version}, of {present.date}",
        str(present.searched_through),
        *citation.licences_of_content,
        "How to cite",
        "no medical advice",
    ):
        assert said in first, said


def test_contents_give_the_pages_of_the_headings(pages, headings):
    """Each chapter and section is listed with the page on which it begins."""
    start = _page_of(headings, "Contents")
    end = min(page for _, _, page in headings if page > start)
    contents = _flat(" ".join(pages[start - 1 : end - 1]))
    listed = [(title, page) for depth, title, page in headings if page >= end and depth < 2]
    assert len(listed) > 50
    missing = [(title, page) for title, page in listed if f"{title} {page}" not in contents]
    assert missing == []


def test_bookmarked_headings_stand_on_their_pages(pages, headings):
    """A bookmark of a chapter, a section or a part of it leads to the page that has its heading."""
    for _, title, page in (heading for heading in headings if heading[0] < 3):
        assert title.replace(" ", "") in "".join(pages[page - 1].split()), (title, page)


def test_every_page_but_the_first_has_its_number(pages):
    """The number that the contents give stands on the page."""
    lines = [[line.strip() for line in page.splitlines()] for page in pages]
    assert "1" not in lines[0]
    unnumbered = [n for n, page in enumerate(lines[1:], start=2) if str(n) not in page]
    assert unnumbered == []
    assert len(pages) <= 200


def test_charts_have_their_captions(pages):
    """Every chart of the pages is in the PDF, with the words under it."""
    text = "".join("".join(page.split()) for page in pages)
    found = 0
    for page in sorted(HTML.rglob("chapters/*.html")):
        for caption in re.findall(r"<figcaption>([^<]+)", page.read_text("utf-8")):
            found += 1
            assert "".join(html.unescape(caption).split())[:40] in text, (page.name, caption)
    assert found > 5


def test_no_code(pages):
    """The cells that compute a page are not printed."""
    text = " ".join(pages)
    for code in ("open_review(", "import show", "show.", "data_dir ="):
        assert code not in text, code


def test_references_come_last(pages, headings):
    """The last chapter lists the references, and names the source review."""
    chapters = [title for depth, title, _ in headings if depth == 0]
    assert chapters[-1] == "References"
    assert "Preprints.org" in " ".join(pages[_page_of(headings, "References") - 1 :])


def test_document_tells_its_title_and_language(pdf, root):
    """Readers and screen readers are told title and language, and get the structure."""
    citation, catalogue = read_citation(root), pdf.trailer["/Root"]
    assert pdf.metadata.title == citation.title
    assert catalogue["/Lang"].startswith("en")
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue


def test_facts_are_those_of_the_site(pages, headings):
    """The value of a fact that the site publishes stands in the text and in the list of facts."""
    facts = json.loads((HTML / "data" / "facts.json").read_text("utf-8"))["facts"]
    text = "".join(" ".join(pages[_page_of(headings, "Facts") - 1 :]).split())
    by_name = {fact["id"]: fact for fact in facts if fact["edition"] == "printed"}
    for name in ("studies", "patients"):
        assert f"{name}{by_name[name]['text']}printed".replace(" ", "") in text, name


def test_links_lead_within_the_document(pdf):
    """Links to pages of the book lead to places in it; no link leads to a file of the build."""
    places = {name.lstrip("/") for name in pdf.named_destinations}
    inside = 0
    for page in pdf.pages:
        for annotation in page.get("/Annots") or []:
            link = annotation.get_object()
            if "/Dest" in link:
                inside += 1
                assert str(link["/Dest"]).lstrip("/") in places
            elif "/A" in link and "/URI" in link["/A"]:
                assert re.match("https?:|mailto:", link["/A"]["/URI"]), link["/A"]["/URI"]
    assert inside > 500


def test_without_a_browser_the_reason_is_said(monkeypatch, tmp_path):
    """Where no browser is found, the message names it and the way to build without the PDF."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(NoPdf, match=r"No Chromium found: .*--without-pdf"):
        find_browser()
