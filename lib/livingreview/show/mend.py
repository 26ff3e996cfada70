"""Corrections to what the theme writes on every page, and to what its scripts do."""

import re
from pathlib import Path

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
    (
        r'<p (class="(?:collapsed|expanded) admonition-title")>(.*?)</p>',
        r"<span \1>\2</span>",
    ),
    # The page's source is not published: the link leads nowhere.
    (r'<li><a href="[^"]*_sources/[^"]*".*?</li>', ""),
    # The whole index for search, on every page; the page of search results loads it by itself.
    (r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>', ""),
    # The name of the book, on top of the sidebar, stands in no landmark.
    (r'(<a class="navbar-brand logo".*?</a>)', r'<nav aria-label="Home">\1</nav>'),
)


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
