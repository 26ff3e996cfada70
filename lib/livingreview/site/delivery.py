"""Pages as delivered: the theme mended, one sheet of the rules in use, a policy for scripts."""

import base64
import hashlib
import html
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SHEET = "styles/site.css"
ICONS = "vendor/fontawesome/webfonts/fa-solid-900.woff2"

# What the scripts of other extensions work on; without it they are left out.
_WORKS_ON = {"clipboard": "<pre", "copybutton": "<pre", "toggle": "toggle", "design-tabs": "sd-tab"}
_AT_ONCE = {"documentation_options.js", "doctools.js"}

# A sheet of the site: the way to the folder of static files, and the sheet's name in there.
_LINK = re.compile(r'[ \t]*<link\b[^>]*\bhref="([^"]*)_static/([^"?]+\.css)[^>]*>\n?')

# A class or id in a selector.
_SYMBOL = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")

# Written for these, as hospitals keep browsers for years.
_BROWSERS = ["chrome 105", "edge 105", "firefox 110", "safari 16"]

# (what, where the theme errs; replacement)
_CORRECTIONS: tuple[tuple[str, str], ...] = (
    # 1.5 MB of script that draws icons; the stylesheet has the same icons as a font.
    (r'<script defer src="[^"]*/fontawesome\.js[^"]*"></script>', ""),
    # Without a mode of its own the theme reports an error; as "auto" in its configuration it would
    # give readers without JavaScript no colours at all.
    (r'localStorage\.getItem\("mode"\) \|\| ""', 'localStorage.getItem("mode") || "auto"'),
    # A list may hold list items only; the theme gives its items a role that is no longer in use.
    (r'(<div class="citation" id="[^"]*") role="doc-biblioentry"', r'\1 role="listitem"'),
    # The button's name must hold its visible text, "Search Ctrl+K".
    (r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"', r"\1"),
    # The name of a switch must hold its visible text, "Show the whole table".
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # The name of a switch may hold no paragraph.
    (r'<p (class="(?:collapsed|expanded) admonition-title")>(.*?)</p>', r"<span \1>\2</span>"),
    # The page's source is not published: the link leads nowhere.
    (r'<li><a href="[^"]*_sources/[^"]*".*?</li>', ""),
    # The whole index for search, on every page; the page of search results loads it by itself.
    (r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>', ""),
    # The name of the book, on top of the sidebar, stands in no landmark.
    (r'(<a class="navbar-brand logo".*?</a>)', r'<nav aria-label="Home">\1</nav>'),
)

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


def install(app: "Sphinx") -> None:
    """Connect to a Sphinx application; call it after all other extensions of a page's assets."""
    app.connect("html-page-context", _spare_scripts, priority=950)  # after all who add
    app.connect("build-finished", _finish, priority=950)


def _spare_scripts(
    app: "Sphinx", page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    body = context.get("body", "")

    def is_needed(script: Any) -> bool:
        told = f"{script.filename or ''} {script.attributes.get('body', '')}"
        return all(mark in body for name, mark in _WORKS_ON.items() if name in told)

    context["script_files"] = [script for script in context["script_files"] if is_needed(script)]
    for script in context["script_files"]:
        # Scripts written into the page use these at once; all others wait for the page.
        if script.filename and Path(script.filename).name not in _AT_ONCE:
            script.attributes.setdefault("defer", "defer")


def _finish(app: "Sphinx", error: Exception | None) -> None:
    if not error and app.builder.format == "html":
        mend_scripts(Path(app.outdir, "_static"))
        join_sheets(Path(app.outdir))


def join_sheets(site: Path) -> None:
    """Replace the sheets that all pages of a built site share by one with only the rules in use.

    A page that has the one sheet already, of a build before, gets the new one.
    """
    # The theme leaves parts of its templates among the static files.
    files = [path for path in sorted(site.rglob("*.html")) if site / "_static" not in path.parents]
    pages = {path: path.read_text("utf-8") for path in files}
    lists = [[name for _, name in _LINK.findall(html)] for html in pages.values()]
    unjoined = [names for names in lists if names and SHEET not in names]
    if not unjoined:
        return
    shared = [name for name in unjoined[0] if all(name in names for names in unjoined)]
    css = joined(site / "_static", shared, used_words(site, pages.values()))
    (site / "_static" / SHEET).write_text(css, "utf-8")
    keep_used_icons(site / "_static" / ICONS, css)
    version = hashlib.sha256(css.encode()).hexdigest()[:16]
    for path, text in pages.items():
        if (linked := _linked(text, {*shared, SHEET}, version)) != text:
            path.write_text(linked, "utf-8")


def _linked(html: str, joined: set[str], version: str) -> str:
    replaced: list[str] = []

    def replace(link: re.Match[str]) -> str:
        if link[2] not in joined:
            return link[0]
        replaced.append(link[2])
        href = f"{link[1]}_static/{SHEET}?v={version}"
        return f'<link rel="stylesheet" href="{href}">\n' if len(replaced) == 1 else ""

    return _LINK.sub(replace, html)


def used_words(site: Path, pages: Any) -> set[str]:
    """Return every word of the pages and of the scripts that may add classes to them."""
    # Not the folders in there: those of the theme name every icon that there is.
    vendor = site / "_static" / "vendor"
    scripts = [
        path
        for path in site.glob("_static/**/*.js")
        if path.parent == vendor or vendor not in path.parents
    ]
    texts = [*pages, *(path.read_text("utf-8") for path in scripts)]
    return {word for text in texts for word in re.findall(r"[\w-]+", text)}


def joined(static: Path, names: list[str], words: set[str]) -> str:
    """Return sheets as one, small, without the rules for classes and ids that are not in words."""
    import lightningcss

    whole = static / "styles" / "joined.css"  # beside the theme's, whose addresses stay right
    whole.write_text("".join(f'@import "../{name}";\n' for name in names), "utf-8")
    sheet = "\n".join(path.read_text("utf-8") for path in static.glob("**/*.css"))
    css: str = lightningcss.bundle_css(
        str(whole),
        error_recovery=True,  # the theme writes what only some browsers read
        unused_symbols=set(_SYMBOL.findall(sheet)) - words,
        browsers_list=_BROWSERS,
    )
    whole.unlink()
    return re.sub(r"url\((?![\"']?(?:data:|\.\./|#))", "url(../", css)


def keep_used_icons(font: Path, css: str) -> None:
    """Cut an icon font down to the characters that a stylesheet writes."""
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each step
    options = subset.Options(flavor="woff2", layout_features=[], notdef_outline=True)
    with subset.load_font(str(font), options) as icons:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=css)
        subsetter.subset(icons)
        subset.save_font(icons, str(font), options)


def mend(html: str) -> str:
    """Return a part of a page with the theme's errors corrected."""
    for pattern, replacement in _CORRECTIONS:
        html = re.sub(pattern, replacement, html, flags=re.DOTALL)
    return html


def mend_scripts(static: Path) -> None:
    """Correct the theme's script in a folder of static files, and drop parts of its templates.

    The script takes the focus off a button that was pressed, so the keyboard starts at the top
    again, and a panel that is closed does not give the focus back to its button.
    """
    for part in static.glob("*webpack-macros.html"):
        part.unlink()
    script = static / "scripts" / "sphinx-book-theme.js"
    script.write_text(re.sub(r"\b\w+\.blur\(\)", "", script.read_text("utf-8")), "utf-8")


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
