"""Styles and scripts: made once, from the site itself, and the theme's errors mended."""

import subprocess
import sys
from pathlib import Path

import pytest

from livingreview.site import assets
from livingreview.site.delivery import mend, mend_scripts

ASSETS = Path(assets.__file__).parent / "assets"


@pytest.mark.parametrize(
    "path", sorted(path for path in ASSETS.iterdir() if path.is_file()), ids=lambda path: path.name
)
def test_assets_name_no_other_host(path: Path) -> None:
    """A page loads nothing from elsewhere."""
    assert "//" not in path.read_text("utf-8").replace("// ", "")


def test_vega_bundle_is_made_once(tmp_path: Path) -> None:
    """The bundle takes more than a second, so a second build copies it."""
    first = assets.vega_bundle(tmp_path)
    assert "vegaEmbed" in first.read_text("utf-8")[-200:]
    first.write_text("kept", "utf-8")
    assert assets.vega_bundle(tmp_path).read_text("utf-8") == "kept"


def test_import_is_cheap() -> None:
    """Chapters without charts do not wait for the chart libraries."""
    heavy = ("altair", "vl_convert", "lightningcss", "fontTools", "sphinx")
    code = f"import sys, livingreview.show; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('a<script defer src="../x/fontawesome.js?digest=1"></script>b', "ab"),
        (
            '<div class="citation" id="id3" role="doc-biblioentry">',
            '<div class="citation" id="id3" role="listitem">',
        ),
        (
            '<button class="btn search-button-field x" title="Search" aria-label="Search" data-x>',
            '<button class="btn search-button-field x" title="Search" data-x>',
        ),
        (
            '<a class="navbar-brand logo" href="#">\n<p>Book</p></a>',
            '<nav aria-label="Home"><a class="navbar-brand logo" href="#">\n<p>Book</p></a></nav>',
        ),
        ('<summary aria-label="Toggle hidden content">', "<summary>"),
        ('a<li><a href="_sources/x"\n>.md</a></li><li>.pdf</li>', "a<li>.pdf</li>"),
        ('a<script src="../_static/searchtools.js"></script>b', "ab"),
        ('localStorage.getItem("mode") || ""', 'localStorage.getItem("mode") || "auto"'),
        ("<p>left alone</p>", "<p>left alone</p>"),
    ],
)
def test_theme_errors_are_mended(written: str, mended: str) -> None:
    """Each error of the theme that a reader or an accessibility check meets."""
    assert mend(written) == mended


def test_a_pressed_button_keeps_the_focus(tmp_path: Path) -> None:
    """The theme's script no longer takes it away; the rest of the script stays."""
    script = tmp_path / "scripts" / "sphinx-book-theme.js"
    script.parent.mkdir()
    script.write_text('t.addEventListener("click",(()=>{t.blur()}),!0)')
    mend_scripts(tmp_path)
    assert script.read_text() == 't.addEventListener("click",(()=>{}),!0)'
