"""What a page says of itself to search engines and previews, and the links at its end."""

from __future__ import annotations

import posixpath
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from livingreview.data.citation import Citation, read_citation
from livingreview.publish.pdf import NAME as PDF
from livingreview.review import Review, open_review
from livingreview.site.preview import NAME as PREVIEW
from livingreview.site.report import about_page, repository
from livingreview.tables import TABLES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DATA, ABOUT = "chapters/data", "chapters/about"
LONGEST = 160  # characters that results of a search show
SCHEMA_ORG = "https://schema.org"
_ANSWER = re.compile(r"<p><strong>Answer\b[^<]*</strong>(.*?)</p>", re.DOTALL)


def install(app: Sphinx) -> None:
    """Connect the descriptions of pages to the build."""
    app.connect("builder-inited", _connect)


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
