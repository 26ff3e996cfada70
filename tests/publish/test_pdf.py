"""The book as one PDF, as `make book` published it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from pypdf import PageObject, PdfReader
from sphinx_external_toc.parsing import parse_toc_yaml

from livingreview.data.citation import read_citation
from livingreview.data.source import load_source
from livingreview.publish.pdf import BOOK, LOOKUP, NAMES, write_pdfs
from published import HTML

SPACE = re.compile(r"\s+")
BREAKS = re.compile("[\\s\u00ad\u2010-]+")


def plain(text: str) -> str:
    """Return a text without spaces and hyphens: lines, and words, break where they end."""
    return BREAKS.sub("", text)


@pytest.fixture(scope="module")
def book() -> PdfReader:
    """Return the published PDF."""
    return PdfReader(HTML / BOOK)


@pytest.fixture(scope="module")
def lookup() -> PdfReader:
    """Return the published PDF of cards and facts."""
    return PdfReader(HTML / LOOKUP)


@pytest.fixture(scope="module")
def texts(book: PdfReader) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in book.pages]


@pytest.fixture(scope="module")
def config(root: Path) -> dict:
    """Return the configuration of the book."""
    return yaml.safe_load((root / "_config.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def pages(root: Path, config: dict) -> list[str]:
    """Return the names of the pages that paper has."""
    paper = config["sphinx"]["config"]["paper"]
    left_out = [*paper["leave_out"], *paper["appendix"]]
    return [name for name in parse_toc_yaml(root / "_toc.yml") if name not in left_out]


@pytest.fixture(scope="module")
def outline(book: PdfReader) -> list[tuple[int, str, int]]:
    """Return depth, text and page, from one, of each bookmark."""

    def walk(entries: list, depth: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, depth + 1)
            else:
                number = book.get_destination_page_number(entry)
                assert number is not None
                yield depth, str(entry.title), number + 1

    return list(walk(book.outline, 0))


def article(name: str) -> BeautifulSoup:
    """Return the article of a published page."""
    soup = BeautifulSoup((HTML / f"{name}.html").read_text("utf-8"), "html.parser")
    return soup.select_one("article.bd-article")


def test_title_page_says_what_this_is(texts: list[str], root: Path, config: dict) -> None:
    """Title, version, dates, authors, licence, credit, and that it is no advice."""
    source = load_source(root / "data")
    version = source.versions.present
    authors = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))["authors"]
    page = plain(texts[0])
    for words in (
        config["title"],
        f"Version {version.version}, of {version.date}",
        f"searched through: {version.searched_through}",
        *(author["name"] for author in authors),
        *read_citation(root).licences_of_content,
        source.protocol.source.attribution,
        "no medical advice",
    ):
        assert plain(words) in page


def test_contents_tell_the_page_of_each_heading(
    texts: list[str], outline: list[tuple[int, str, int]]
) -> None:
    """Each chapter and section is bookmarked where the contents say, and stands there."""
    headings = [(plain(text), page) for depth, text, page in outline if depth < 3]
    contents = "\n".join(texts[1 : outline[0][2] - 1])
    listed = re.findall(r"^\s*(\S.*?)[\s.]+(\d+)\s*$", contents, re.MULTILINE)
    assert [(plain(text), int(page)) for text, page in listed if len(text) > 1] == headings
    for text, page in headings:
        assert text in plain(texts[page - 1])


def test_every_page_of_the_site_is_a_chapter(
    pages: list[str], outline: list[tuple[int, str, int]], config: dict
) -> None:
    """Chapters follow the table of contents, save for those told otherwise; references end it."""
    bookmarks = [text for depth, text, page in outline]
    for name in pages[1:]:
        heading = article(name).h1.find(string=True)
        assert SPACE.sub(" ", heading) in bookmarks
    paper = config["sphinx"]["config"]["paper"]
    for name in (*paper["leave_out"], *paper["appendix"]):
        assert article(name).h1.find(string=True) not in bookmarks
    assert bookmarks[-1] == "References"


def test_references_come_last(texts: list[str], outline: list[tuple[int, str, int]]) -> None:
    """The list of references, whole, and nothing after it."""
    end = plain("".join(texts[outline[-1][2] - 1 :]))
    entries = article("chapters/about").select(".citation > p")
    assert len(entries) > 10
    for entry in entries:
        assert plain(entry.get_text()) in end
    assert plain(entries[-1].get_text())[-20:] in end[-100:]


def test_pages_are_numbered(texts: list[str]) -> None:
    """Each page but the title page prints its number."""
    for number, text in enumerate(texts[1:], start=2):
        assert str(number) in re.findall(r"^\s*(\d+)\s*$", text, re.MULTILINE)
    assert not re.search(r"^\s*1\s*$", texts[0], re.MULTILINE)


def test_each_chart_is_there_with_its_caption_on_its_page(
    pages: list[str], texts: list[str]
) -> None:
    """Title and caption of a chart stand on one page, as the chart is not split."""
    flat = [plain(text) for text in texts]
    captions = 0
    for name in pages:
        for figure in article(name).select("figure.chart"):
            title, caption = figure.select_one(".chart-title"), figure.select_one("figcaption")
            parts = [plain(part.get_text()) for part in (title, caption) if part]
            assert any(all(part in page for part in parts) for page in flat), parts
            captions += 1
    assert captions >= 15


def test_no_code_no_switches(texts: list[str]) -> None:
    """Neither the code of cells nor what only a screen can do."""
    whole = " ".join(texts)
    for words in ("open_review(", "review.value(", "Show the whole table", "Search this table"):
        assert words not in whole


def test_cards_and_facts_have_a_document(lookup: PdfReader, config: dict) -> None:
    """Each page for looking things up is a chapter of the second document, and of it alone."""
    whole = plain(" ".join(page.extract_text() for page in lookup.pages))
    for name in config["sphinx"]["config"]["paper"]["appendix"]:
        assert plain(article(name).h1.find(string=True)) in whole
    cards = article("chapters/cards").select(".study-card > h4")
    assert len(cards) > 20
    for card in cards:
        assert plain(card.find(string=True)) in whole


def test_numbers_of_the_review_are_there(lookup: PdfReader) -> None:
    """Each value of the facts pages is printed."""
    whole = plain(" ".join(page.extract_text() for page in lookup.pages))
    pages = ("chapters/facts", "chapters/facts-answers", "chapters/facts-review")
    published = [value for name in pages for value in article(name).select(".fact-value")]
    assert len(published) > 100
    for value in published:
        assert plain(value.get_text()) in whole


def outside(page: PageObject) -> list[str]:
    """Return the texts that start outside the margins of a page."""
    found = []
    width, height = float(page.mediabox.width), float(page.mediabox.height)

    def visit(text: str, cm: list, tm: list, font: object, size: float) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if text.strip() and not (20 < x < width - 20 and 20 < y < height - 15):
            found.append(text)

    page.extract_text(visitor_text=visit)
    return found


def test_no_text_leaves_the_page(book: PdfReader) -> None:
    """Tables are as wide as the paper, at most; of the many pages, every fourth is measured."""
    for number, page in [*enumerate(book.pages, start=1)][::4]:
        assert outside(page) == [], number


def test_links_lead_inside_or_to_the_web(book: PdfReader) -> None:
    """No link leads to a file of the machine that printed it; those inside have a destination."""
    inside = 0
    pages = [page.indirect_reference for page in book.pages]
    for page in book.pages:
        for note in page.get("/Annots", []):
            link = note.get_object()
            if "/A" in link and "/URI" in link["/A"]:
                assert re.match(r"https?://|mailto:", link["/A"]["/URI"])
            else:
                target = link.get("/Dest") or link["/A"]["/D"]
                named = book.named_destinations.get(str(target))
                assert (named.page if named else target[0]) in pages
                inside += 1
    assert inside > 300


def test_it_is_tagged_and_says_what_it_is(book: PdfReader, root: Path, config: dict) -> None:
    """Readers of screens find a structure, a language, a title; the date is the version's."""
    catalog = book.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == config["sphinx"]["config"]["language"]
    version = load_source(root / "data").versions.present
    assert book.metadata.title == config["title"]
    assert book.metadata.author == ", ".join(author.whole for author in read_citation(root).authors)
    assert book.metadata.creation_date.date() == version.date


def test_it_is_no_longer_than_it_need_be(book: PdfReader) -> None:
    """At most 120 pages, and no page of a part ends in its upper half but the last ones."""
    starts = {
        book.get_destination_page_number(part)
        for part in book.outline
        if not isinstance(part, list)
    }
    assert len(book.pages) <= 120
    half_empty = [
        number
        for number, page in enumerate(book.pages[: len(book.pages) - 1])
        if number + 1 not in starts and lowest(page) > float(page.mediabox.height) / 2
    ]
    assert half_empty == [], [number + 1 for number in half_empty]


def lowest(page: PageObject) -> float:
    """Return the height at which the lowest text of a page stands, its number left out."""
    heights = []

    def visit(text: str, cm: list, tm: list, font: object, size: float) -> None:
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if text.strip() and y > 50:
            heights.append(y)

    page.extract_text(visitor_text=visit)
    return min(heights, default=float(page.mediabox.height))


def test_the_same_pages_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    """Set again elsewhere, the PDFs of the same pages are the same."""
    shutil.copytree(HTML, tmp_path / "html", ignore=shutil.ignore_patterns("_static", *NAMES))
    write_pdfs(root, tmp_path / "html")
    made = {path.relative_to(tmp_path / "html") for path in (tmp_path / "html").rglob("*.pdf")}
    assert {path.parts[0] for path in made} == {*NAMES}
    for name in made:
        assert (tmp_path / "html" / name).read_bytes() == (HTML / name).read_bytes()
