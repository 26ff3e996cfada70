"""What a page lists of all pages: the facts that their prose names, and what changed in them.

Two directives, since no cell of a page can know the others: ``{facts}``, with a topic, and
``{changes}``. The page that holds one is read again when any page changes.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livingreview.book import chapters
from livingreview.pages.facts import facts_list
from livingreview.pages.news import changes_tables
from livingreview.review import open_review
from livingreview.show.html import Html


class Listing(SphinxDirective):
    """A place for HTML that the build makes from all pages, as it stands below a cell."""

    def run(self) -> list[nodes.Node]:
        """Return the HTML, in the boxes that the output of a cell has."""
        for chapter in chapters(self.book):
            self.env.note_dependency(str(self.book / chapter.name))
        html = f'<div class="output text_html">{self.listed().html}</div>'
        output = nodes.container("", nodes.raw("", html, format="html"), classes=["cell_output"])
        return [nodes.container("", output, classes=["cell", "tag_remove-input"])]

    @property
    def book(self) -> Path:
        """The folder of the book."""
        return Path(self.env.srcdir)

    def listed(self) -> Html:
        """Return what is shown."""
        raise NotImplementedError


class Facts(Listing):
    """The facts of a topic that the book uses; the topic is a module of ``facts``."""

    required_arguments = 1

    def listed(self) -> Html:
        """Return an entry for each fact."""
        return facts_list(open_review(self.book / "data"), self.arguments[0], str(self.book))


class Changes(Listing):
    """What changed since the preceding version, the prose of the pages included."""

    def listed(self) -> Html:
        """Return a table for each kind of change."""
        return changes_tables(open_review(self.book / "data"), str(self.book))


def install(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("facts", Facts)
    app.add_directive("changes", Changes)
