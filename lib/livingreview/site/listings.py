"""What a page lists of all pages: the facts that their prose names, and what changed in them.

Two directives, since no cell of a page can know the others: ``{facts}``, with a topic, and
``{changes}``. The page that holds one is read again when any page changes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livingreview.book import Chapter, chapters
from livingreview.history.snapshot import present_changes
from livingreview.pages.facts import facts_list
from livingreview.pages.news import changes_tables
from livingreview.review import Review, open_review
from livingreview.show.html import Html


class Listing(SphinxDirective, ABC):
    """A place for HTML that the build makes from all pages, as it stands below a cell."""

    def run(self) -> list[nodes.Node]:
        """Return the HTML, in the boxes that the output of a cell has."""
        book = Path(self.env.srcdir)
        pages = chapters(book)
        for page in pages:
            self.env.note_dependency(str(book / page.name))
        shown = self.listed(open_review(book / "data"), pages)
        html = f'<div class="output text_html">{shown.html}</div>'
        output = nodes.container("", nodes.raw("", html, format="html"), classes=["cell_output"])
        return [nodes.container("", output, classes=["cell", "tag_remove-input"])]

    @abstractmethod
    def listed(self, review: Review, pages: list[Chapter]) -> Html:
        """Return what is shown."""


class Facts(Listing):
    """The facts of a topic that the book uses; the topic is a module of ``facts``."""

    required_arguments = 1

    def listed(self, review: Review, pages: list[Chapter]) -> Html:
        """Return an entry for each fact."""
        try:
            return facts_list(review, pages, self.arguments[0])
        except LookupError as unknown:
            raise self.error(str(unknown)) from None


class WhatChanged(Listing):
    """What changed since the preceding version, the prose of the pages included."""

    def listed(self, review: Review, pages: list[Chapter]) -> Html:
        """Return a table for each kind of change."""
        return changes_tables(review, present_changes(review, pages))


def install(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("facts", Facts)
    app.add_directive("changes", WhatChanged)
