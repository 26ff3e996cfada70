"""What leads to the pages from outside: ``sitemap.xml``, ``robots.txt``, ``404.html``, the preview.

A sitemap holds whole addresses, so there is one only where the site's own is configured
(``html.baseurl`` in ``_config.yml``). The page for a wrong address is shown at any depth, so its
links start at the configured address, or else at the root of the host.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from livingreview.data.citation import read_citation
from livingreview.review import open_review
from livingreview.show.html import render
from livingreview.site import preview

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def install(app: Sphinx) -> None:
    """Connect the files to the build."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    folder, book, base = Path(app.outdir), Path(app.srcdir), app.config.html_baseurl
    titles = {
        app.builder.get_target_uri(page): app.env.titles[page].astext()
        for page in (app.config.root_doc, *_in_order(app))
    }
    (folder / "robots.txt").write_text(robots(base), "utf-8", newline="\n")
    (folder / "404.html").write_text(
        not_found(titles, base, app.config.html_title), "utf-8", newline="\n"
    )
    if base:
        (folder / "sitemap.xml").write_bytes(sitemap(list(titles), base))
    preview.write(open_review(book / "data"), read_citation(book), folder)


def _in_order(app: Sphinx) -> list[str]:
    """Return the documents below the root, in the order of the table of contents."""
    found: dict[str, None] = {}
    waiting = list(app.env.toctree_includes.get(app.config.root_doc, []))
    while waiting:
        page = waiting.pop(0)
        if page not in found:
            found[page] = None
            waiting = [*app.env.toctree_includes.get(page, []), *waiting]
    return list(found)


def sitemap(pages: list[str], base: str) -> bytes:
    """Return the sitemap of pages, given by their paths, at the address of the site.

    It tells no dates: that of the evidence is not that on which a page changed.
    """
    Tree.register_namespace("", SITEMAP)
    root = Tree.Element(f"{{{SITEMAP}}}urlset")
    for page in pages:
        url = Tree.SubElement(root, f"{{{SITEMAP}}}url")
        Tree.SubElement(url, f"{{{SITEMAP}}}loc").text = posixpath.join(base, page)
    Tree.indent(root)
    text: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def robots(base: str) -> str:
    """Return what robots are told: all pages may be read, and where the sitemap is, if any."""
    lines = ["User-agent: *", "Allow: /"]
    if base:
        lines.append(f"Sitemap: {posixpath.join(base, 'sitemap.xml')}")
    return "\n".join(lines) + "\n"


def not_found(titles: dict[str, str], base: str, project: str) -> str:
    """Return the page for a wrong address: what happened, a search, and every page by its title."""
    pages = {posixpath.join(base or "/", path): title for path, title in titles.items()}
    search = posixpath.join(base or "/", "search.html")
    return render("404.html", pages=pages, search=search, project=project)
