"""The picture that previews of the site show: its title and some of its numbers."""

from __future__ import annotations

import textwrap
from pathlib import Path

from livingreview.data.citation import Citation
from livingreview.review import Review
from livingreview.show.fonts import renderer
from livingreview.show.html import render

NAME = "preview.png"

# Facts that every review has, with the words below their values.
NUMBERS = {
    "studies(edition=living)": "studies",
    "studies_read": "studies of the source review read at their source",
    "claims": "claims of the source review checked",
}


def write(review: Review, citation: Citation, folder: Path) -> None:
    """Write the picture, 1200 by 630 pixels, into the folder of the site."""
    (folder / NAME).write_bytes(renderer().svg_to_png(svg(review, citation), scale=1))


def svg(review: Review, citation: Citation) -> str:
    """Return the picture as SVG."""
    numbers = [
        (review.fact(name).value.text, textwrap.wrap(words, 24)) for name, words in NUMBERS.items()
    ]
    title = textwrap.wrap(citation.title, 30, max_lines=3, placeholder="…")
    return render("preview.svg", title=title, numbers=numbers, citation=citation)
