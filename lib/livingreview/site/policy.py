"""A content security policy in every page."""

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Charts need no 'unsafe-eval': `assets/chart.js` has Vega interpret its expressions.
# Styles stand in the page too, as attributes: those of the static pictures, and of the theme.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
_META = '<meta http-equiv="Content-Security-Policy" content="{}" />'
_OLD_META = re.compile(re.escape(_META).replace(r"\{\}", '[^"]*'))

# A page's encoding must stand in its first 1024 bytes, so before the policy.
_START = re.compile(r'<head>(\s*<meta charset="[^"]*" ?/?>)?')
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
_TYPE = re.compile(r'\btype="([^"]*)"')
_RUNNING = {"", "text/javascript", "module", "importmap"}
_HANDLER = re.compile(r'<[a-z][^>]*?\son[a-z]+="([^"]*)"')


def add_policies(app: "Sphinx", error: Exception | None) -> None:
    """Write a policy into every page of a finished build in HTML."""
    if error or app.builder.format != "html":
        return
    paths = sorted(Path(app.outdir).rglob("*.html"))
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    # The search page reads the others to quote from them, under its own policy.
    handlers = {code for page in pages.values() for code in handlers_of(page)}
    for path, page in pages.items():
        if (guarded := with_policy(page, handlers)) != page:
            path.write_text(guarded, encoding="utf-8")


def with_policy(page: str, handlers: Iterable[str] = ()) -> str:
    """Return a page with its content security policy, which replaces one it has.

    It allows what the theme writes around the article: these scripts by their hashes, as they
    are when the page is built. In the article no script runs, whoever wrote it.

    handlers: of events, which the theme writes as attributes, here or on another page.
    """
    page = _OLD_META.sub("", page)
    scripts = [
        code
        for attributes, code in _SCRIPT.findall(_around_article(page))
        if "".join(_TYPE.findall(attributes)) in _RUNNING
    ]
    sources = {**_SOURCES, "script-src": " ".join(["'self'", *_hashes(scripts)])}
    if handlers := sorted({*handlers, *handlers_of(page)}):
        sources["script-src-attr"] = " ".join(["'unsafe-hashes'", *_hashes(handlers)])
    policy = "; ".join(f"{directive} {allowed}" for directive, allowed in sources.items())
    return _START.sub(lambda start: start.group() + _META.format(policy), page, count=1)


def handlers_of(page: str) -> list[str]:
    """Return the code of the event handlers that stand around the article of a page."""
    return [html.unescape(code) for code in _HANDLER.findall(_around_article(page))]


def _around_article(page: str) -> str:
    before, article, rest = page.partition("<article")
    return before + (rest.rpartition("</article>")[2] if article else "")


def _hashes(codes: Iterable[str]) -> list[str]:
    digests = (hashlib.sha256(code.encode()).digest() for code in dict.fromkeys(codes))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
