"""What a page lists of all pages: facts, where each is used and in which sentence, and changes.

Two directives, since no cell of a page can know the others: ``{facts}``, with a topic, and
``{changes}``. The page that holds one is read again when any page changes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
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
from livingreview.site.links import Target, Use
from livingreview.words import slug

WIDTH = 140  # characters of a sentence that are quoted
_FACT = re.compile(r"""<a class="fact"( href=(["'])fact:(.*?)\2)""")
_USE = re.compile(
    r"""<a class="fact" id="([^"]*)" href=(["'])fact:(.*?)\2[^<>]*>(.*?)</a>""", re.DOTALL
)
_TAG = re.compile(r"<[^<>]*>")

# A row of a table is told by its header, a figure by its caption, other HTML by its own text.
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_HEADER = re.compile(r"<th\b[^<>]*>(.*?)</th>", re.DOTALL)
_CAPTION = re.compile(r"<caption\b[^<>]*>(.*?)</caption>", re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|li|d[dlt]|div|ul|ol|table|t[rdh]|caption|figcaption|h\d)\b[^<>]*>")


def collect_uses(doctree: nodes.document, page: str) -> list[Use]:
    """Give every fact link of a page an id of its own, and return its uses in their order.

    The id names page, fact and place among the links to this fact, so that it stays when other
    sentences change, and is the only one in a build of one page too.
    """
    seen: Counter[str] = Counter()
    blocks: dict[nodes.Node, None] = {}  # in their order

    def named(match: re.Match[str]) -> str:
        name = slug(unescape(match[3]))
        seen[name] += 1
        return f'<a class="fact" id="use-{slug(page)}-{name}-{seen[name]}"{match[1]}'

    for node in doctree.findall(nodes.raw):
        if "html" in node.get("format", "") and _FACT.search(node.astext()):
            node.children = [nodes.Text(_FACT.sub(named, node.astext()))]
            blocks[_block(node)] = None
    return [use for block in blocks for use in uses_in(as_html(block))]


def _block(node: nodes.Node) -> nodes.Node:
    """Return the paragraph, title or other text that holds a node; itself, where none does."""
    block = node
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.TextElement):
            block = node
    return block


def as_html(node: nodes.Node) -> str:
    """Return the words of a node with the HTML of its cells; citations are left out."""
    if isinstance(node, nodes.raw):
        return str(node.astext())
    if isinstance(node, nodes.Text):
        return escape(node.astext())
    # Beside its HTML an output holds other readings; a citation is not yet one in words.
    if node.get("mime_type", "text/html") != "text/html" or node.get("refdomain") == "cite":
        return ""
    return "".join(map(as_html, node.children))


def uses_in(html: str) -> Iterator[Use]:
    """Yield the uses in a piece of HTML whose fact links have ids."""
    for match in _USE.finditer(html):
        before, after = _around(html, match)
        number = _plain(match[4])
        room = WIDTH - len(number)
        after = _cut(after, max(room - len(before), room // 2))
        before = _cut(before[::-1], room - len(after))[::-1]
        yield Use(Target("fact", unescape(match[3])), match[1], before, number, after)


def _around(html: str, match: re.Match[str]) -> tuple[str, str]:
    """Return the words before and after a link: of its sentence, or the header of its row."""
    for row in _ROW.finditer(html):
        if row.start() < match.start() < row.end() and (header := _HEADER.search(row[0])):
            told = _plain(header[1])
            caption = _CAPTION.search(html)
            if caption and " " not in told:  # a word alone, like "all", says too little
                told = f"{_plain(caption[1])}: {told}"
            return f"{told} ", ""
    # A line of the source is one sentence.
    before = _TAG.sub("", _BLOCK.split(html[: match.start()])[-1]).rpartition("\n")[2]
    after = _TAG.sub("", _BLOCK.split(html[match.end() :])[0]).partition("\n")[0]
    return _plain(before, "left"), _plain(after, "right")


def _plain(html: str, open_side: str = "") -> str:
    """Return HTML as words with single spaces; a blank next to the number stays."""
    text = re.sub(r"\s+", " ", unescape(_TAG.sub("", html)))
    text = re.sub(r" ([,.;:])(?= |$)", r"\1", text)
    return {"left": text.lstrip(), "right": text.rstrip()}.get(open_side, text.strip())


def _cut(text: str, width: int) -> str:
    """Return the beginning of a text, at most so many characters, whole words."""
    if len(text) <= width:
        return text
    return text[: width - 1].rpartition(" ")[0] + " \N{HORIZONTAL ELLIPSIS}"


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
