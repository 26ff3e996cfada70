"""What pages say of themselves to searches and previews, and the links at their end."""

import json
import re
import shutil
import struct
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree as Tree

import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from builds import build
from livingreview.data.citation import read_citation
from livingreview.review import Review, open_review
from livingreview.site.meta import (
    SITEMAP,
    answer,
    article,
    dataset,
    not_found,
    robots,
    shortened,
    sitemap,
)
from published import HTML, PAGES

BASE = "https://example.org/book/"
TITLE = "Pain </script><script>document.title=1</script><!-- & more"
REPOSITORY = "https://github.com/someone/book"


@pytest.fixture(scope="module")
def configured(small_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of the small book, built with both addresses and places for reports."""
    book = shutil.copytree(small_book, tmp_path_factory.mktemp("configured") / "book")
    config = yaml.safe_load((book / "_config.yml").read_text("utf-8"))
    config["repository"] = {"url": REPOSITORY, "branch": "next", "path_to_book": "docs"}
    config["html"]["baseurl"] = BASE
    (book / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    citation = book / "CITATION.cff"
    text = re.sub(r"(?m)^title: .*$", f"title: '{TITLE}'", citation.read_text("utf-8"), count=1)
    citation.write_text(text, "utf-8")
    facts = book / "chapters" / "facts.md"
    places = "".join(
        f'<span data-report="{target}"></span>'
        for target in ("fact:studies(design=allotted)", "study:alder-2011")
    )
    answer = '**Answer.** x < y & \\<em>so\\</em> "on".\n\n'
    text = facts.read_text("utf-8").replace("' + first_row", f"{places}' + first_row")
    assert places in text
    facts.write_text(text.replace("A sentence.", f"{answer}A sentence."), "utf-8")
    built = build(book)
    assert built.returncode == 0, built.stdout + built.stderr
    return book / "_build" / "html"


@pytest.fixture
def browser_page(page: Page) -> Page:
    """Return a page of a browser, by a name that the functions here leave free."""
    return page


def parsed(folder: Path, name: str) -> BeautifulSoup:
    """Return a page, parsed."""
    return BeautifulSoup((folder / name).read_text("utf-8"), "html.parser")


def meta(soup: BeautifulSoup) -> dict[str, str]:
    """Return what a page says in its meta elements."""
    tags = soup.find_all("meta", content=True)
    return {str(tag.get("name") or tag.get("property")): str(tag["content"]) for tag in tags}


def links(soup: BeautifulSoup) -> dict[str, str]:
    """Return the links at the end of a page, by their label."""
    return {a.get_text(): str(a["href"]) for a in soup.select("nav.page-links a")}


def structured(soup: BeautifulSoup) -> Any:
    """Return the structured data of a page; None where it has none."""
    found = soup.find("script", type="application/ld+json")
    return json.loads(found.get_text()) if found else None


def test_answer_is_plain() -> None:
    """Tags go, entities become characters, a long answer ends at a word; without one, nothing."""
    body = "<p>Q</p><p><strong>Answer, today.</strong> <a href='x'>1 of 4</a> &lt;\n b.</p><p>C</p>"
    assert answer(body) == "1 of 4 < b."
    assert answer("<p>None</p>") == ""
    long = shortened("word " * 50)
    assert len(long) <= 160
    assert long.endswith("word…")


@pytest.mark.parametrize("name", PAGES)
def test_pages_describe_themselves(name: str) -> None:
    """Each page has a description of fitting length, which is that of its preview."""
    said = meta(parsed(HTML, name))
    assert 20 < len(said["description"]) <= 160
    assert said["og:description"] == said["description"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_end_with_links(name: str) -> None:
    """PDF, citation and data are one click away, at relative addresses that exist."""
    found = links(parsed(HTML, name))
    assert list(found)[:3] == ["PDF of the book", "How to cite", "Data"]
    assert urljoin(BASE + name, found["PDF of the book"]) == BASE + "book.pdf"
    where, _, anchor = urljoin(BASE + name, found["How to cite"]).partition("#")
    about = parsed(HTML, where.removeprefix(BASE))
    assert "For a reference manager" in about.find(id=anchor).get_text()  # type: ignore[union-attr]
    assert urljoin(BASE + name, found["Data"]).partition("#")[0] == BASE + "chapters/data.html"


def test_addresses_of_the_project_are_those_configured(root: Path) -> None:
    """Links to a repository, canonical links and a sitemap are there if configured, or else not."""
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    index = parsed(HTML, "index.html")
    assert ("Report a problem" in links(index)) == bool(config["repository"]["url"])
    based = bool(config["html"]["baseurl"])
    assert (index.find("link", rel="canonical") is not None) == based
    assert ("og:image" in meta(index)) == (HTML / "sitemap.xml").exists() == based


def test_landing_page_is_an_article(root: Path, review: Review) -> None:
    """Structured data name version, day, licence, author and the review it is based on."""
    said = structured(parsed(HTML, "index.html"))
    present = review.source.versions.present
    assert said["@type"] == "ScholarlyArticle"
    assert (said["version"], said["dateModified"]) == (present.version, present.date.isoformat())
    assert said["isBasedOn"]["@id"].endswith(review.source.protocol.source.doi)
    assert said["author"][0]["name"] == read_citation(root).authors[0].whole
    assert said["license"]


def test_data_page_lists_files_that_exist() -> None:
    """The data set names the downloads at addresses that lead to a file."""
    said = structured(parsed(HTML, "chapters/data.html"))
    assert said["@type"] == "Dataset"
    assert 50 <= len(said["description"]) <= 5000
    files = [HTML / "chapters" / item["contentUrl"] for item in said["distribution"]]
    assert {path.suffix for path in files} == {".csv", ".json"}
    assert len(files) > 10
    assert [path for path in files if not path.is_file()] == []


def test_structured_data_cannot_end_their_script(configured: Path) -> None:
    """What stands in the data never closes the script that holds them."""
    assert structured(parsed(configured, "index.html"))["name"] == TITLE


def test_description_is_escaped(configured: Path) -> None:
    """Whatever characters an answer holds, the page says them and makes no element of them."""
    said = meta(parsed(configured, "chapters/facts.html"))
    assert (
        said["description"]
        == "x < y & <em>so</em> \N{LEFT DOUBLE QUOTATION MARK}on\N{RIGHT DOUBLE QUOTATION MARK}."
    )


def test_configured_site_gives_whole_addresses(configured: Path) -> None:
    """Canonical link, preview and sitemap start with the configured address."""
    for name in ("index.html", "chapters/facts.html"):
        soup = parsed(configured, name)
        said = meta(soup)
        canonical = soup.find("link", rel="canonical")
        assert canonical["href"] == said["og:url"] == BASE + name  # type: ignore[index]
        assert said["og:image"] == BASE + "preview.png"
        assert said["twitter:card"] == "summary_large_image"
    urls = Tree.parse(configured / "sitemap.xml").getroot()  # noqa: S314 - our own
    found = [loc.text for loc in urls.iter(f"{{{SITEMAP}}}loc")]
    assert found == [BASE + "index.html", BASE + "chapters/facts.html"]
    assert f"Sitemap: {BASE}sitemap.xml" in (configured / "robots.txt").read_text("utf-8")


def test_preview_is_a_picture(configured: Path) -> None:
    """It has the size that the pages say, in both books."""
    for folder in (configured, HTML):
        picture = (folder / "preview.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert struct.unpack(">II", picture[16:24]) == (1200, 630)


def test_configured_repository_gives_links(configured: Path) -> None:
    """Each page leads to its source and to a form that knows the page and the version."""
    found = links(parsed(configured, "chapters/facts.html"))
    assert found["Suggest an edit"] == f"{REPOSITORY}/edit/next/docs/chapters/facts.md"
    report = urlsplit(found["Report a problem"])
    asked = parse_qs(report.query)
    assert asked["template"] == ["report-a-problem.yml"]
    assert asked["where"] == ["chapters/facts"]
    assert "Suggest an edit" not in links(parsed(configured, "search.html"))


def test_number_and_study_can_be_reported(configured: Path) -> None:
    """A place for a report holds a link with the fact's value, or the key of an unread study."""
    fact, study = parsed(configured, "chapters/facts.html").select("a.report")
    asked = parse_qs(urlsplit(str(fact["href"])).query)
    known = open_review(configured.parents[1] / "data").fact("studies(design=allotted)")
    assert asked["where"] == [known.id]
    assert asked["shown"] == [f"{known.definition}: {known.value.text}"]
    assert fact.get_text() == f"Report a problem with this number: {known.id}"
    unread = parse_qs(urlsplit(str(study["href"])).query)
    assert (unread["template"], unread["key"]) == (["new-study.yml"], ["alder-2011"])


@pytest.mark.parametrize("base", [BASE, ""])
def test_wrong_address_leads_on(base: str) -> None:
    """The page for it has a search and all pages, at addresses that hold at any depth."""
    soup = BeautifulSoup(not_found({"a/b.html": "B < C"}, base, "Book"), "html.parser")
    (link,) = soup.select("nav a")
    assert (link["href"], link.get_text()) == (f"{base or '/'}a/b.html", "B < C")
    assert soup.form["action"] == f"{base or '/'}search.html"  # type: ignore[index]
    assert soup.find_all(["script", "link", "img", "base"]) == []
    assert [tag for tag in soup.find_all(True) if tag.get("style") or tag.get("onclick")] == []


def test_wrong_address_lists_every_page(root: Path) -> None:
    """Each page of the book is on the page for a wrong address, in the order of the contents."""
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    files = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    found = [str(a["href"]) for a in parsed(HTML, "404.html").select("nav a")]
    base = yaml.safe_load((root / "_config.yml").read_text("utf-8"))["html"]["baseurl"] or "/"
    assert found == [urljoin(base, f"{name}.html") for name in ("index", *files)]


def test_robots_and_sitemap_are_plain() -> None:
    """Robots may read all; only a site with an address names its sitemap, with escaped parts."""
    assert robots("") == "User-agent: *\nAllow: /\n"
    assert robots(BASE).splitlines()[-1] == f"Sitemap: {BASE}sitemap.xml"
    assert b"<loc>https://x/a&amp;b.html</loc>" in sitemap(["a&b.html"], "https://x")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_links_fit_a_phone(browser_page: Page, address: str, scheme: str) -> None:
    """At 375 pixels the links at the end are in view, tall enough for a finger, not in print."""
    browser_page.set_viewport_size({"width": 375, "height": 800})
    browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    browser_page.goto(address + "chapters/trials.html")
    for link in browser_page.locator("nav.page-links a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
        assert box["height"] >= 24
    browser_page.emulate_media(media="print")
    assert not browser_page.locator("nav.page-links").is_visible()


def test_article_and_data_set_say_the_same(root: Path, review: Review) -> None:
    """Both descriptions share name, version and source."""
    citation = read_citation(root)
    one, other = article(review, citation, "x"), dataset(review, citation, lambda path, _: path)
    for name in ("name", "version", "dateModified", "license", "isBasedOn", "author"):
        assert one[name] == other[name]
