"""Links by meaning: ``fact:``, ``study:``, ``row:``, ``claim:`` lead to what explains them.

What a cell prints does not know on which page it stands, so it links by meaning; the build, which
knows, puts the relative address in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape, unescape

PAGES = {
    "fact": "chapters/facts",
    "study": "chapters/cards",
    "row": "chapters/cards",
    "claim": "chapters/audit",
}

_KINDS = "|".join(PAGES)
_LINK = re.compile(rf"""href=(["'])({_KINDS}):(.*?)\1""")
_ANCHOR = re.compile(r"""\sid=(["'])(.*?)\1""")
_USES = re.compile(rf"""(<(\w+)[^<>]*\sdata-uses=(["'])({_KINDS}):(.*?)\3[^<>]*>)(</\2>)""")


@dataclass(frozen=True)
class Target:
    """What a link is about: its kind (a key of PAGES) and the name that the chapter gave."""

    kind: str
    name: str

    @property
    def page(self) -> str:
        """Return the document that explains it."""
        return PAGES[self.kind]

    @property
    def anchor(self) -> str:
        """Return the id of the element that explains it.

        That of a study is its key alone: the address of its card is made to be passed on.
        """
        return slug(self.name) if self.kind == "study" else f"{self.kind}-{slug(self.name)}"


def slug(name: str) -> str:
    """Return the part of an address: lower case, every other run of characters one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def targets(html: str) -> list[Target]:
    """Return what the links of some HTML are about, in their order."""
    return [Target(kind, unescape(name)) for _, kind, name in _LINK.findall(html)]


def anchors(html: str) -> list[str]:
    """Return the ids in some HTML that a link by meaning may lead to, in their order."""
    return [unescape(anchor) for _, anchor in _ANCHOR.findall(html)]


def rewrite(html: str, address: Callable[[str], str]) -> str:
    """Return the HTML with each link by meaning as a relative address.

    ``address`` gives the address of a document, seen from the page that holds the HTML.
    """

    def replace(match: re.Match[str]) -> str:
        target = Target(match[2], unescape(match[3]))
        # A one-page build addresses documents by fragment; the anchor replaces that.
        page = address(target.page).partition("#")[0]
        return f'href="{escape(page)}#{target.anchor}"'

    return _LINK.sub(replace, html)


def fill_uses(html: str, uses: Callable[[Target], Iterable[tuple[str, str]]]) -> str:
    """Return the HTML with each empty ``data-uses="fact:..."`` element listing where it is used.

    ``uses`` gives the title and the address of each page that links to a target.
    """

    def replace(match: re.Match[str]) -> str:
        pages = uses(Target(match[4], unescape(match[5])))
        links = [f'<a href="{escape(where)}">{escape(title)}</a>' for title, where in pages]
        return match[1] + (", ".join(links) or "no page") + match[6]

    return _USES.sub(replace, html)
