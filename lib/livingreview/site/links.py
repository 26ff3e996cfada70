"""Links by meaning: to the page that explains a fact, study, row, claim or clinical question.

What a cell prints does not know on which page it stands, so it links by meaning; the build, which
knows, puts the relative address in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape

from livingreview.words import slug

CARDS = ("chapters/case-reports", "chapters/cohorts", "chapters/cards")

# The documents that explain what a link is about: the first that has its anchor. A question with
# a page of its own has its name; the others share one.
PAGES = {
    "fact": ("chapters/facts-answers", "chapters/facts-review", "chapters/facts"),
    "study": CARDS,
    "row": (*CARDS, "chapters/methods"),
    "claim": ("chapters/bookkeeping", "chapters/audit"),
    "question": ("chapters/{name}", "chapters/few-patients"),
}


_KINDS = "|".join(PAGES)


_LINK = re.compile(rf"""href=(["'])({_KINDS}):(.*?)\1""")


_ANCHOR = re.compile(r"""\sid=(["'])(.*?)\1""")


_USES = re.compile(r"""(<(\w+)[^<>]*\sdata-uses=(["'])(.*?)\3[^<>]*>)(</\2>)""")


@dataclass(frozen=True)
class Target:
    """What a link is about: its kind (a key of PAGES) and the name that the chapter gave."""

    kind: str
    name: str

    @property
    def pages(self) -> tuple[str, ...]:
        """Return the documents that may explain it, in the order in which they are asked."""
        return tuple(page.format(name=self.name) for page in PAGES[self.kind])

    @property
    def anchor(self) -> str:
        """Return the id of the element that explains it.

        That of a study is its key alone: the address of its card is made to be passed on.
        """
        return slug(self.name) if self.kind == "study" else f"{self.kind}-{slug(self.name)}"


@dataclass(frozen=True)
class Use:
    """One link to a fact: what it is about, its id on the page, and the words around its number."""

    target: Target
    anchor: str
    before: str
    number: str
    after: str


# Where something is used: title and address of the page; of a fact, the use as well.
Place = tuple[str, str, Use | None]


def targets(html: str) -> list[Target]:
    """Return what the links of some HTML are about, in their order."""
    return [Target(kind, unescape(name)) for _, kind, name in _LINK.findall(html)]


def anchors(html: str) -> list[str]:
    """Return the ids in some HTML that a link by meaning may lead to, in their order."""
    return [unescape(anchor) for _, anchor in _ANCHOR.findall(html)]


def rewrite(html: str, address: Callable[[Target], str]) -> str:
    """Return the HTML with each link by meaning as a relative address.

    ``address`` gives that of the document that explains a target, seen from the page that holds
    the HTML.
    """

    def replace(match: re.Match[str]) -> str:
        target = Target(match[2], unescape(match[3]))
        # A one-page build addresses documents by fragment; the anchor replaces that.
        page = address(target).partition("#")[0]
        return f'href="{escape(page)}#{target.anchor}"'

    return _LINK.sub(replace, html)


def fill_uses(html: str, places: Mapping[Target, Sequence[Place]]) -> str:
    """Return the HTML with each empty ``data-uses="fact:..."`` element listing where it is used.

    The attribute may name several facts, with bars between them. ``places`` gives, for a target,
    the places where it is used.
    """

    def replace(match: re.Match[str]) -> str:
        names = (name.partition(":") for name in unescape(match[4]).split(" | "))
        found = (places.get(Target(kind, name), ()) for kind, _, name in names)
        return match[1] + _list_of([place for each in found for place in each]) + match[5]

    return _USES.sub(replace, html)


def _list_of(places: Sequence[Place]) -> str:
    if not places:
        return "<p>Used on no page</p>"
    return f"<p>Used on:</p><ul>{''.join(f'<li>{_told(place)}</li>' for place in places)}</ul>"


def _told(place: Place) -> str:
    title, page, use = place
    if use is None:
        return f'<a href="{escape(page)}">{escape(title)}</a>'
    return (
        f'{escape(title)}: <a href="{escape(page)}#{use.anchor}">'
        f"{escape(use.before, quote=False)}<b>{escape(use.number, quote=False)}</b>"
        f"{escape(use.after, quote=False)}</a>"
    )
