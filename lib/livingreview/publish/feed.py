"""The feed of versions: ``feed.xml`` in Atom, one entry a version, the newest first.

Its identifiers are ``tag:`` addresses (RFC 4151) and its dates those of ``data/versions.yml``:
the same versions give the same bytes, wherever and whenever the site is built.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from livingreview.book import chapters
from livingreview.data.versions import Version
from livingreview.history.changes import Changes, changes_in
from livingreview.history.snapshot import present_changes

if TYPE_CHECKING:
    from livingreview.review import Review


ATOM = "http://www.w3.org/2005/Atom"


NAME = "feed.xml"


PAGE = "chapters/whats-new.html"


def write(review: Review, folder: Path) -> None:
    """Write the feed into the folder of the site; the book lies around the review's data."""
    present = present_changes(review, chapters(review.source.folder.parent))
    (folder / NAME).write_bytes(feed(review, present))


def feed(review: Review, present: Changes | None = None) -> bytes:
    """Return the feed as UTF-8.

    ``present`` is what the present version changed; entries of kept versions compute theirs.
    """
    Tree.register_namespace("", ATOM)
    versions = review.source.versions
    tag = f"tag:living-review,{versions.entries[0].date.year}:{review.source.protocol.source.key}"
    root = Tree.Element(f"{{{ATOM}}}feed")
    _add(root, "id", tag)
    _add(root, "title", "Versions of this living review")
    _add(root, "subtitle", " ".join(review.source.protocol.question.split()))
    _add(root, "updated", _moment(versions.present.date))
    _add(_add(root, "author"), "name", "The living review contributors")
    _add(root, "link", rel="self", href=NAME)
    for version in reversed(versions.entries):
        changed = changes_in(versions, version.version)
        if version is versions.present and present is not None:
            changed = present
        _add_entry(root, version, f"{tag}/{version.version}", changed)
    Tree.indent(root)
    text: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add_entry(root: Tree.Element, version: Version, tag: str, changed: Changes | None) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", tag)
    _add(entry, "title", f"Version {version.version}")
    _add(entry, "updated", _moment(version.date))
    _add(entry, "link", rel="alternate", href=PAGE)
    _add(entry, "summary", " ".join(version.summary.split()))
    _add(entry, "content", "\n".join(_lines(version, changed)), type="text")


def _lines(version: Version, changed: Changes | None) -> list[str]:
    lines = [
        f"Triggered by: {' '.join(version.triggered_by.split())}",
        f"Searched through: {version.searched_through or 'not set'}",
        f"Integrated through: {version.integrated_through or 'not set'}",
        f"Next search due: {version.next_search_due or 'not set'}",
    ]
    if changed is not None:
        lines += [f"{name.capitalize()}: {number}" for name, number in changed.counts.items()]
    return lines


def _add(parent: Tree.Element, name: str, text: str | None = None, **named: str) -> Tree.Element:
    element = Tree.SubElement(parent, f"{{{ATOM}}}{name}", named)
    element.text = text
    return element


def _moment(day: date) -> str:
    """Return a day as the moment that Atom asks for."""
    return f"{day.isoformat()}T00:00:00Z"
