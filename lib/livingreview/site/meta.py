"""What search engines and shared links read, and the ways around the site."""

from __future__ import annotations

import posixpath
import re
import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Tree

from markupsafe import Markup

from livingreview.data.citation import Citation, read_citation
from livingreview.publish.pdf import BOOK as PDF
from livingreview.review import Review, open_review
from livingreview.show.html import render
from livingreview.show.marks import renderer
from livingreview.site.report import about_page, repository
from livingreview.tables import TABLES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DATA = "chapters/data"
ABOUT = "chapters/about"
LONGEST = 160  # characters that results of a search show
SCHEMA_ORG = "https://schema.org"
_ANSWER = re.compile(r"<p><strong>Answer\b[^<]*</strong>(.*?)</p>", re.DOTALL)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
PREVIEW = "preview.png"

# Facts that every review has, with the words below their values.
NUMBERS = {
    "studies(edition=living)": "studies",
    "studies_read": "studies of the source review read at their source",
    "claims": "claims of the source review checked",
}


def install(app: Sphinx) -> None:
    """Connect the descriptions of pages and the files beside them to the build."""
    app.connect("builder-inited", _connect)
    app.connect("build-finished", _write)


def _connect(app: Sphinx) -> None:
    if app.builder.format == "html":
        book = Path(app.srcdir)
        describe = partial(_describe, open_review(book / "data"), read_citation(book))
        app.connect("html-page-context", describe)


def _describe(
    review: Review,
    citation: Citation,
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: Any,
) -> None:
    context["description"] = answer(context.get("body", "")) or _otherwise(review)
    context["is_home"] = page == app.config.root_doc
    context["preview"] = absolute(app, PREVIEW)
    context["structured"] = None
    if page == app.config.root_doc:
        context["structured"] = article(review, citation, context["description"])
    elif page == DATA:
        context["structured"] = dataset(review, citation, context["pathto"])
    context["page_links"] = _page_links(review, app, page, context)


def answer(body: str) -> str:
    """Return the answer that opens a page, as plain text of a length that previews show."""
    match = _ANSWER.search(body)
    return shortened(Markup(match[1]).striptags()) if match else ""  # noqa: S704 - loses its tags


def shortened(text: str) -> str:
    """Return a text cut at the end of a word, with a sign that it was."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _otherwise(review: Review) -> str:
    return shortened(review.source.protocol.question)


def absolute(app: Sphinx, path: str) -> str | None:
    """Return the address of a file of the site; None where the site's own is not configured."""
    base = app.config.html_baseurl
    return posixpath.join(base, path) if base else None


def _common(review: Review, citation: Citation) -> dict[str, Any]:
    source = review.source.protocol.source
    first = review.source.versions.entries[0]
    authors = [
        {"@type": "Organization" if author.name else "Person", "name": author.whole}
        for author in citation.authors
    ]
    known = {
        "@context": SCHEMA_ORG,
        "name": citation.title,
        "version": citation.version,
        "datePublished": first.date.isoformat(),
        "dateModified": citation.date.isoformat(),
        "license": list(citation.licences_of_content.values()),
        "author": authors,
        "keywords": list(citation.keywords),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "isBasedOn": {
            "@type": "ScholarlyArticle",
            "@id": f"https://doi.org/{source.doi}",
            "name": source.title,
        },
    }
    more = {"identifier": citation.doi and citation.address, "url": citation.url}
    return known | {name: value for name, value in more.items() if value}


def article(review: Review, citation: Citation, abstract: str) -> dict[str, Any]:
    """Return the review as schema.org describes an article."""
    kind = {"@type": "ScholarlyArticle", "headline": citation.title, "abstract": abstract}
    return _common(review, citation) | kind


def dataset(review: Review, citation: Citation, pathto: Any) -> dict[str, Any]:
    """Return the downloads as schema.org describes a data set.

    ``pathto`` gives the address of a file of the site, seen from the page.
    """
    files = {
        f"data/{edition.name}/{name}.csv": "text/csv"
        for edition in (review.printed, review.living)
        for name in TABLES
        if len(edition.table(name))
    }
    files |= {"data/claims.csv": "text/csv", "data/facts.json": "application/json"}
    downloads = [
        {"@type": "DataDownload", "contentUrl": pathto(path, 1), "encodingFormat": media}
        for path, media in files.items()
    ]
    question = " ".join(review.source.protocol.question.split())
    about = f"Evidence tables, facts and verdicts of a living review. {question}"
    kind = {"@type": "Dataset", "description": about, "distribution": downloads}
    return _common(review, citation) | kind


def _page_links(
    review: Review, app: Sphinx, page: str, context: dict[str, Any]
) -> list[tuple[str, str]]:
    """Return the labels and addresses of the links at the end of a page."""
    pathto, documents = context["pathto"], app.env.all_docs
    links = [("PDF of the book", pathto(PDF, 1))]
    if ABOUT in documents:
        links.append(("How to cite", f"{pathto(ABOUT).partition('#')[0]}#how-to-cite"))
    if DATA in documents:
        links.append(("Data", pathto(DATA)))
    known = repository(app.config.html_theme_options)
    if known:
        if page in documents:
            file = str(app.env.doc2path(page, base=False))
            links.append(("Suggest an edit", known.edit(file)))
        title = Markup(context.get("title", page)).striptags()  # noqa: S704 - loses its tags
        form = about_page(review, page, title)
        links.append((form.asks, known.report(form)))
    return links


def _write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    folder, book, base = Path(app.outdir), Path(app.srcdir), app.config.html_baseurl
    titles = {
        app.builder.get_target_uri(page): app.env.titles[page].astext()
        for page in (app.config.root_doc, *_in_order(app))
    }
    (folder / "robots.txt").write_text(robots(base), "utf-8", newline="\n")
    (folder / "404.html").write_text(
        not_found(titles, base, app.config.html_title), "utf-8", newline="\n"
    )
    if base:
        (folder / "sitemap.xml").write_bytes(sitemap(list(titles), base))
    write_preview(open_review(book / "data"), read_citation(book), folder)


def _in_order(app: Sphinx) -> list[str]:
    """Return the documents below the root, in the order of the table of contents."""
    found: dict[str, None] = {}
    waiting = list(app.env.toctree_includes.get(app.config.root_doc, []))
    while waiting:
        page = waiting.pop(0)
        if page not in found:
            found[page] = None
            waiting = [*app.env.toctree_includes.get(page, []), *waiting]
    return list(found)


def sitemap(pages: list[str], base: str) -> bytes:
    """Return the sitemap of pages, given by their paths, at the address of the site.

    It tells no dates: that of the evidence is not that on which a page changed.
    """
    Tree.register_namespace("", SITEMAP)
    root = Tree.Element(f"{{{SITEMAP}}}urlset")
    for page in pages:
        url = Tree.SubElement(root, f"{{{SITEMAP}}}url")
        Tree.SubElement(url, f"{{{SITEMAP}}}loc").text = posixpath.join(base, page)
    Tree.indent(root)
    text: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def robots(base: str) -> str:
    """Return what robots are told: all pages may be read, and where the sitemap is, if any."""
    lines = ["User-agent: *", "Allow: /"]
    if base:
        lines.append(f"Sitemap: {posixpath.join(base, 'sitemap.xml')}")
    return "\n".join(lines) + "\n"


def not_found(titles: dict[str, str], base: str, project: str) -> str:
    """Return the page for a wrong address: what happened, a search, and every page by its title."""
    pages = {posixpath.join(base or "/", path): title for path, title in titles.items()}
    search = posixpath.join(base or "/", "search.html")
    return render("404.html", pages=pages, search=search, project=project)


def write_preview(review: Review, citation: Citation, folder: Path) -> None:
    """Write the picture, 1200 by 630 pixels, into the folder of the site."""
    (folder / PREVIEW).write_bytes(renderer().svg_to_png(svg(review, citation), scale=1))


def svg(review: Review, citation: Citation) -> str:
    """Return the picture as SVG."""
    numbers = [
        (review.fact(name).value.text, textwrap.wrap(words, 24)) for name, words in NUMBERS.items()
    ]
    title = textwrap.wrap(citation.title, 30, max_lines=3, placeholder="…")
    return render("preview.svg", title=title, numbers=numbers, citation=citation)
