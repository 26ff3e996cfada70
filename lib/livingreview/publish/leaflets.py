"""Each answer as a leaflet: one sheet of A4, of two sides, to hand on; and all of them as one file.

A leaflet says what the built page of a clinical question says: its question, its answer, and the
sections that the book's configuration names, in the order of the page. Where two sides do not hold
them at the smallest size, those named last are left out; the page has them all.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import Any

from bs4 import Tag

from livingreview.publish.typst import Markup, parsed, quoted

ASKED = ".asked[id^=question-]"  # stands on the page of one question
FOLDED, SCREEN = "tag_hide-output", "tag_noprint"
SIZES = (9.0, 8.5, 8.0, 7.5)  # points, the largest that fits
SIDES = 2
COUNT = "sides"  # what the text of a leaflet tells of itself


@dataclass(frozen=True)
class Leaflet:
    """One answer ready to be set: the id of its question, its article, the size of its text."""

    question: str
    article: Tag
    size: float = SIZES[0]

    @property
    def title(self) -> str:
        """Return the heading of the page."""
        return self.article.h1.get_text(" ", strip=True) if self.article.h1 is not None else ""

    def choices(self, sections: list[str]) -> list[Leaflet]:
        """Return the leaflet whole at each size, then at the smallest without the last sections."""
        smallest = replace(self, size=SIZES[-1])
        fewer = [smallest._without(sections[number:]) for number in range(len(sections) - 1, 0, -1)]
        return [*(replace(self, size=size) for size in SIZES), *fewer]

    def _without(self, sections: list[str]) -> Leaflet:
        article = copy.copy(self.article)
        for section in article.find_all("section", id=sections):
            section.decompose()
        return replace(self, article=article)


def leaflet_of(
    html: str, sections: list[str], unwanted: str, drawings: list[str]
) -> Leaflet | None:
    """Return the leaflet of a built page; None where the page is not that of one question.

    ``unwanted`` selects what paper has no use for. What a page shows on the screen only, since the
    book has it elsewhere, is kept, unless it is folded. The drawings of the page go into a list.
    """
    if html.count('class="asked"') != 1:
        return None
    article = parsed(html, drawings).select_one("article.bd-article")
    asked = article.select_one(ASKED) if article is not None else None
    if article is None or asked is None:
        return None
    for cell in article.select(f".{SCREEN}:not(.{FOLDED})"):
        cell["class"] = " ".join(n for n in cell.get_attribute_list("class") if n != SCREEN)
    for element in article.select(unwanted):
        element.decompose()
    for section in article.select("section section"):
        if section.get("id") not in sections:
            section.decompose()
    for link in article.select("a[href]"):  # paper in the hand leads nowhere
        link.unwrap()
    return Leaflet(str(asked["id"]).removeprefix("question-"), article)


def sheet(leaflet: Leaflet, markup: Markup, front: dict[str, Any]) -> str:
    """Return a leaflet as a text of Typst, whose last mark is the page on which it ends."""
    version = front["version"]
    foot = [
        f"{front['title']}, version {version.version} of {version.date}.",
        f"Evidence searched through: {front['searched']}; studies may be missing.",
        "It describes evidence and is no medical advice.",
        *([f"What came since: {front['address']}"] if front["address"] else []),
    ]
    return (
        f"#sheet(size: {leaflet.size}pt, foot: {quoted(' '.join(foot))})"
        f"[{markup.of(leaflet.article)}#context [#metadata(here().page())<{COUNT}>]];"
    )
