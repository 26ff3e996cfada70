"""Addresses of the repository: edit a page, report a problem, with what is known filled in.

An empty element ``<span data-report="fact:..."></span>`` becomes a link to a form about that fact,
study or claim; without a repository in ``_config.yml`` it goes away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from docutils import nodes

from livingreview.facts import UnknownFact
from livingreview.review import Review, open_review
from livingreview.site.links import PAGES, Target

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_REPORT = re.compile(
    rf"""<(\w+)[^<>]*\sdata-report=(["'])({"|".join(PAGES)}):(.*?)\2[^<>]*></\1>"""
)

# What Jupyter Book takes for the repository of a book that names none.
_NOT_OURS = "https://github.com/executablebooks/jupyter-book"
LONGEST = 400  # characters of a filled-in answer: servers refuse long addresses


@dataclass(frozen=True)
class Form:
    """A form of the repository with what is known; ``asks`` is the label of the link to it."""

    name: str  # file in .github/ISSUE_TEMPLATE, without its ending
    title: str
    fields: Mapping[str, str]
    asks: str


@dataclass(frozen=True)
class Repository:
    """Where the sources lie: address, branch, and the folder of the book in it."""

    url: str
    branch: str
    folder: str

    def edit(self, file: str) -> str:
        """Return the address at which a file of the book is edited."""
        path = "/".join(filter(None, (self.folder.strip("/"), file)))
        return f"{self.url}/edit/{quote(self.branch)}/{quote(path)}"

    def report(self, form: Form) -> str:
        """Return the address of a form, with its title and fields filled in."""
        filled = {name: _shortened(text) for name, text in form.fields.items()}
        asked = {"template": f"{form.name}.yml", "title": form.title, **filled}
        return f"{self.url}/issues/new?{urlencode(asked, quote_via=quote, safe='')}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def repository(options: Mapping[str, Any]) -> Repository | None:
    """Return the repository that the theme's options name; None where they name none."""
    url = str(options.get("repository_url") or "").rstrip("/")
    if url in ("", _NOT_OURS):
        return None
    branch = str(options.get("repository_branch") or "main")
    return Repository(url, branch, str(options.get("path_to_docs") or ""))


def about(review: Review, target: Target) -> Form:
    """Return the form about a fact, a study or a claim; raises LookupError for an unknown one."""
    version = _version(review)
    if target.kind == "fact":
        fact = review.fact(target.name)
        fields = {"where": fact.id, "shown": f"{fact.definition}: {fact.value.text}"}
        title = f"Problem: {fact.id}"
        return Form(
            "report-a-problem", title, fields | version, "Report a problem with this number"
        )
    if target.kind == "study":
        reference = review.source.references[target.name]
        if target.name not in review.source.studies:
            given = {"key": reference.key, "ref": reference.number, "doi": reference.doi}
            fields = {name: str(value) for name, value in given.items() if value is not None}
            title = f"New study: {target.name}"
            return Form("new-study", title, fields, "Tell what this study reports")
        file = review.source.file(f"studies/{target.name}.yml")
        title = f"Correction: {target.name}"
        return Form("correct-a-value", title, {"file": file}, "Correct a value of this study")
    claims = {claim.id: claim for claim in review.source.claims}
    fields = {"claim": target.name, "printed": claims[target.name].says}
    return Form("dispute-a-claim", f"Claim: {target.name}", fields, "Dispute this claim")


def about_page(review: Review, page: str, title: str) -> Form:
    """Return the form about a page."""
    fields = {"where": page, "shown": title} | _version(review)
    return Form("report-a-problem", f"Problem: {title}", fields, "Report a problem")


def _version(review: Review) -> dict[str, str]:
    present = review.source.versions.present
    return {"version": f"{present.version}, {present.date.isoformat()}"}


def fill_reports(html: str, link: Callable[[Target], tuple[str, str] | None]) -> str:
    """Return the HTML with each empty ``data-report`` element as a link, or without it.

    ``link`` gives the address and the label of a target; None takes the element away.
    """

    def replace(match: re.Match[str]) -> str:
        target = Target(match[3], unescape(match[4]))
        found = link(target)
        if found is None:
            return ""
        # Many such links stand on one page: a list of links must tell them apart.
        named = f'<span class="visually-hidden">: {escape(target.name)}</span>'
        return f'<a class="report" href="{escape(found[0])}">{escape(found[1])}{named}</a>'

    return _REPORT.sub(replace, html)


def install(app: Sphinx) -> None:
    """Connect the filling-in of reports to the build."""
    app.connect("doctree-resolved", _fill)


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    known = repository(app.config.html_theme_options)
    review = open_review(Path(app.srcdir) / "data")
    link = partial(_link, review, known, docname)
    for node in doctree.findall(nodes.raw):
        text = node.astext()
        if "data-report=" in text:
            node.children = [nodes.Text(fill_reports(text, link))]


def _link(
    review: Review, known: Repository | None, docname: str, target: Target
) -> tuple[str, str] | None:
    from sphinx.util import logging

    if known is None:
        return None
    try:
        form = about(review, target)
    except (UnknownFact, KeyError):
        message = 'there is no %s "%s" to report a problem with'
        logging.getLogger(__name__).warning(message, target.kind, target.name, location=docname)
        return None
    return known.report(form), form.asks
