"""The book's own Sphinx extension: checked data, an honest cache, links by meaning, downloads.

It works in every way of building: ``make book`` and plain ``jupyter-book build``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from livingreview.book import words_of
from livingreview.contribute.check import check_book
from livingreview.problems import InvalidData
from livingreview.review import Review
from livingreview.site import assets, downloads, meta, report, uses
from livingreview.site.cache import cache_folder
from livingreview.site.links import PAGES, Place, Target, Use, anchors, fill_uses, rewrite, targets
from livingreview.site.uses import collect_uses

READER = "livingreview.book.notebook"
LOGGER = logging.getLogger(__name__)


@dataclass
class PageLinks:
    """The links by meaning of one page, those to facts, and the anchors of such links."""

    targets: list[Target] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The anchors, to look one up."""
        return frozenset(self.anchors)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to the build."""
    app.add_config_value("paper", {}, "")  # read by livingreview.publish.pdf
    app.connect("config-inited", _open_valid_data)
    app.connect("config-inited", _use_cache_that_knows_the_data)
    app.connect("config-inited", _read_chapters)
    app.connect("builder-inited", _forget_late_style)
    app.connect("doctree-read", _collect_links)
    app.connect("env-purge-doc", _forget_links)
    app.connect("env-merge-info", _merge_links)
    app.connect("env-updated", _rewrite_pages_that_list_uses)
    app.connect("env-check-consistency", _check_links)
    app.connect("doctree-resolved", _resolve_links)
    app.add_role("guard", _words_alone)
    uses.install(app)
    report.install(app)
    meta.install(app)
    assets.install(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _open_valid_data(app: Sphinx, config: Config) -> None:
    try:
        review = check_book(Path(app.srcdir))
    except InvalidData as invalid:
        print(invalid, file=sys.stderr)
        # Not an exception that Sphinx would print a traceback for: the lines above say it all.
        raise SystemExit(1) from None
    app.connect("build-finished", partial(_write_downloads, review))


def _use_cache_that_knows_the_data(app: Sphinx, config: Config) -> None:
    # Stock caching looks at the cells alone, so it would keep a number whose data changed.
    # Sphinx reads every page again when this value changes: it is part of its environment.
    if not config.nb_execution_cache_path:
        config.nb_execution_cache_path = str(cache_folder(Path(app.srcdir)))


def _read_chapters(app: Sphinx, config: Config) -> None:
    config.nb_custom_formats = {".md": [READER, {}, False]}


def _words_alone(
    name: str, rawtext: str, text: str, lineno: int, inliner: object, *_: object
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Return what a page shows of guarded words; their condition is asked when cells run."""
    return [nodes.Text(words_of(text))], []


def _forget_late_style(app: Sphinx) -> None:
    # myst-nb copies this file after the pages are written. Where one is left from a build before,
    # pages would link to it with its checksum, and differ from those of a first build.
    for style in Path(app.outdir, "_static").glob("mystnb.*.css"):
        style.unlink()


def _links(env: BuildEnvironment) -> dict[str, PageLinks]:
    if not hasattr(env, "livingreview_links"):
        env.livingreview_links = {}  # type: ignore[attr-defined]
    found: dict[str, PageLinks] = env.livingreview_links  # type: ignore[attr-defined]
    return found


def _raw_html(doctree: nodes.document) -> Iterator[nodes.raw]:
    return (node for node in doctree.findall(nodes.raw) if "html" in node.get("format", ""))


def _collect_links(app: Sphinx, doctree: nodes.document) -> None:
    page = _links(app.env)[app.env.docname] = PageLinks()
    page.uses = collect_uses(doctree, Path(app.env.docname).name)
    for node in _raw_html(doctree):
        page.targets += targets(node.astext())
        page.anchors += anchors(node.astext())


def _forget_links(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _links(env).pop(docname, None)


def _merge_links(
    app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment
) -> None:
    _links(env).update({name: page for name, page in _links(other).items() if name in docnames})


def _rewrite_pages_that_list_uses(app: Sphinx, env: BuildEnvironment) -> list[str]:
    return [page for page in sorted({*chain(*PAGES.values())}) if page in env.all_docs]


def _explained_on(links: Mapping[str, PageLinks], target: Target) -> str | None:
    """Return the document that has the anchor of a target, None where none has."""
    found = (page for page in target.pages if page in links and target.anchor in links[page].ids)
    return next(found, None)


def _check_links(app: Sphinx, env: BuildEnvironment) -> None:
    links = _links(env)
    for docname, page in sorted(links.items()):
        for target in dict.fromkeys(page.targets):
            if _explained_on(links, target) is None:
                LOGGER.warning(
                    'link to %s "%s": %s has no element with the id "%s"',
                    target.kind,
                    target.name,
                    " or ".join(target.pages),
                    target.anchor,
                    location=docname,
                )
        for anchor in sorted({a for a in page.anchors if page.anchors.count(a) > 1}):
            LOGGER.warning('two elements have the id "%s"', anchor, location=docname)


def _resolve_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    def address(page: str) -> str:
        return app.builder.get_relative_uri(docname, page)

    def explained(target: Target) -> str:
        return address(_explained_on(_links(app.env), target) or target.pages[-1])

    places: dict[Target, list[Place]] = {}
    root = app.config.root_doc
    for name, links in sorted(_links(app.env).items(), key=lambda page: (page[0] != root, page)):
        # A one-page build addresses documents by fragment; the anchor of a use replaces that.
        title, page = app.env.titles[name].astext(), address(name).partition("#")[0]
        for use in links.uses:
            places.setdefault(use.target, []).append((title, page, use))
        for target in dict.fromkeys(links.targets):
            if target.kind == "study" and name != docname:
                places.setdefault(target, []).append((title, page, None))

    for node in _raw_html(doctree):
        text = node.astext()
        linked = rewrite(fill_uses(text, places), explained)
        if linked != text:
            node.children = [nodes.Text(linked)]


def _write_downloads(review: Review, app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir, "data")
    shutil.rmtree(folder, ignore_errors=True)
    downloads.finish(Path(app.srcdir), review, Path(app.outdir))
    # It holds a hash of absolute paths, so the same book built elsewhere would differ.
    Path(app.outdir, ".buildinfo").unlink(missing_ok=True)
