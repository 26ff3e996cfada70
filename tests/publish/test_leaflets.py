"""Each answer on one sheet of paper, as `make book` published it."""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader

from livingreview.data.source import load_source
from livingreview.publish.leaflets import SIDES, SIZES, leaflet_of
from livingreview.publish.pdf import ALL_LEAFLETS, LEAFLETS, SCREEN_ONLY, NoPdf, write_pdfs
from published import HTML

ANSWERS = sorted(path.stem for path in (HTML / LEAFLETS).glob("*.pdf"))
PAGE = """<article class="bd-article"><section id="top"><h1>Knee<a class="headerlink">#</a></h1>
<p id="question-knee" class="asked">2 studies. <a href="x.html">More</a></p>
<section id="effect"><h2>Effect</h2><div class="cell tag_noprint"><p>drawn</p></div>
<div class="cell tag_noprint tag_hide-output"><p>folded</p></div></section>
<section id="harm"><h2>Harm</h2><p>none told</p></section>
<section id="claims"><h2>Claims</h2><p>said</p></section></section></article>"""
SECTIONS = ["effect", "harm"]


def plain(text: str) -> str:
    """Return a text without spaces and hyphens, as lines and words break where they end."""
    return "".join(text.split()).replace("-", "").replace("\u00ad", "").replace("\u2010", "")


def words(name: str) -> str:
    """Return what a leaflet says, without spaces."""
    return plain(" ".join(page.extract_text() for page in PdfReader(HTML / LEAFLETS / name).pages))


def test_every_page_of_one_question_has_a_leaflet() -> None:
    """Its page leads to it, and no leaflet is without a page."""
    linked = {}
    for path in (HTML / "chapters").glob("*.html"):
        for link in BeautifulSoup(path.read_text("utf-8"), "html.parser").select(".asked a"):
            linked[(path.parent / str(link["href"])).resolve()] = path.stem
    whole = (HTML / ALL_LEAFLETS).resolve()
    assert {*linked} - {whole} == {(HTML / LEAFLETS / f"{name}.pdf").resolve() for name in ANSWERS}
    assert len(ANSWERS) > 10


@pytest.mark.parametrize("name", ANSWERS)
def test_leaflet_says_what_its_page_says(root: Path, name: str) -> None:
    """On two sides at most: the question, each line of the answer, harm, version, and a caution."""
    reader, said = PdfReader(HTML / LEAFLETS / f"{name}.pdf"), words(f"{name}.pdf")
    page = BeautifulSoup((HTML / "chapters" / f"{name}.html").read_text("utf-8"), "html.parser")
    assert len(reader.pages) <= SIDES
    assert page.h1 is not None
    title = str(page.h1.find(string=True))
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith(title)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    lines = page.select("article.bd-article > section > ul > li > p")
    assert len(lines) >= 3
    version = load_source(root / "data").versions.present
    for line in (title, *(line.get_text() for line in lines), f"version {version.version} of"):
        assert plain(line) in said
    for line in ("That a study says nothing, or was not read", "is no medical advice"):
        assert plain(line) in said
    assert "OnonesheetofpaperPDF" not in said


def test_all_leaflets_are_one_file() -> None:
    """Each begins on the front of a sheet, in the order of the book."""
    pages = [plain(page.extract_text()) for page in PdfReader(HTML / ALL_LEAFLETS).pages]
    fronts = [page for page in pages[::2] if page]
    titles = [words(f"{name}.pdf")[:40] for name in ANSWERS]
    assert sorted(page[:40] for page in fronts) == sorted(titles)


def test_sections_are_those_that_are_named() -> None:
    """What is folded stays away, what the book shows elsewhere does not; links lead nowhere."""
    leaflet = leaflet_of(PAGE, SECTIONS, SCREEN_ONLY, [])
    assert leaflet is not None
    assert (leaflet.question, leaflet.title) == ("knee", "Knee")
    text = leaflet.article.get_text()
    assert [word in text for word in ("drawn", "folded", "none told", "said")] == [1, 0, 1, 0]
    assert leaflet.article.select("a") == []


def test_pages_of_no_question_or_several_have_none() -> None:
    """Only the page of one question becomes a leaflet."""
    assert leaflet_of(PAGE.replace("asked", "other"), SECTIONS, SCREEN_ONLY, []) is None
    assert leaflet_of(PAGE + PAGE, SECTIONS, SCREEN_ONLY, []) is None


def test_smaller_before_shorter() -> None:
    """First the text shrinks, then the sections named last go; the first one stays."""
    leaflet = leaflet_of(PAGE, SECTIONS, SCREEN_ONLY, [])
    assert leaflet is not None
    tried = [(c.size, "none told" in c.article.get_text()) for c in leaflet.choices(SECTIONS)]
    assert tried == [*((size, True) for size in SIZES), (SIZES[-1], False)]
    assert all("drawn" in choice.article.get_text() for choice in leaflet.choices(SECTIONS))


def test_what_fits_no_sheet_is_told(root: Path, tmp_path: Path) -> None:
    """An answer that is too long at every size stops the build, by the name of its leaflet."""
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    config["sphinx"]["config"]["paper"]["leaflet"] = SECTIONS
    for name in ("data", "CITATION.cff", "references.bib"):
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf-8")
    (tmp_path / "html").mkdir()
    page = PAGE.replace("drawn", "drawn " * 9000)
    (tmp_path / "html" / "index.html").write_text(page, "utf-8")
    with pytest.raises(NoPdf, match=r"^knee\.pdf takes more than 2 sides"):
        write_pdfs(tmp_path, tmp_path / "html")
