"""What a page makes a visitor download: one stylesheet, its icons, scripts where they work."""

import shutil
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from livingreview.site import delivery

LINK = '<link href="{}_static/{}?v=1" rel="stylesheet" />\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of two pages that share two sheets; one of them has a third."""
    static = tmp_path / "_static"
    fonts = static / "vendor" / "fontawesome" / "webfonts"
    fonts.mkdir(parents=True)
    theme = files("pydata_sphinx_theme") / "theme" / "pydata_sphinx_theme" / "static"
    shutil.copy(str(theme / delivery.ICONS), fonts)
    (static / "styles").mkdir()
    (static / "basic.css").write_text(".used:not(.unused) { color: red }")
    (static / "styles" / "theme.css").write_text(
        '@import "../basic.css"; .unused, #off { color: blue } .added { top: 0 }'
        '.icon::before { content: "\\f0c9" } .none::before { content: "\\f002" }'
        ".image { background: url(../a.png) }"
    )
    (static / "book.css").write_text(".used { left: 1px } .image { cursor: url(b.png) }")
    (static / "own.css").write_text(".used { top: 1px }")
    (static / "table.js").write_text("element.className = 'added'")
    for name, up, more in (("a.html", "", ""), ("b/c.html", "../", LINK.format("../", "own.css"))):
        page = tmp_path / name
        page.parent.mkdir(exist_ok=True)
        links = LINK.format(up, "styles/theme.css") + LINK.format(up, "book.css") + more
        page.write_text(f'<head>\n{links}</head><p class="used image icon">')
    return tmp_path


def test_sheets_become_one_of_the_rules_in_use(site: Path) -> None:
    """What no page and no script names is gone; addresses of files stay right."""
    delivery.join_sheets(site)
    css = (site / "_static" / delivery.SHEET).read_text("utf-8")
    for kept in (".used:not(.unused)", ".added", "left:1px", "url(../a.png)", "url(../b.png)"):
        assert kept in css
    for gone in ("#off", "color:#00f", "\uf002", "top:1px"):
        assert gone not in css


def test_each_page_links_to_the_one_sheet(site: Path) -> None:
    """A sheet of one page stays a sheet of that page, behind the shared one."""
    delivery.join_sheets(site)
    first, second = (site / "a.html").read_text(), (site / "b/c.html").read_text()
    assert first.count("stylesheet") == 1
    assert second.count("stylesheet") == 2
    assert second.index("../_static/styles/site.css?v=") < second.index("../_static/own.css")


def test_a_page_written_again_gets_the_sheet_of_all(site: Path) -> None:
    """The address of the sheet changes with its rules, on pages that were not written, too."""
    delivery.join_sheets(site)
    before = (site / "b/c.html").read_text()
    links = LINK.format("", "styles/theme.css") + LINK.format("", "book.css")
    (site / "a.html").write_text(f'<head>\n{links}</head><p class="used image icon none">')
    delivery.join_sheets(site)
    after = (site / "b/c.html").read_text()
    assert before != after
    assert "\uf002" in (site / "_static" / delivery.SHEET).read_text("utf-8")
    sheet = after[after.index("styles/site.css") :].partition('"')[0]
    assert sheet in (site / "a.html").read_text()


def test_icons_in_use_are_kept(site: Path) -> None:
    """The font draws the icon that a rule names, and no longer the others."""
    from fontTools.ttLib import TTFont

    font = site / "_static" / delivery.ICONS
    whole = font.stat().st_size
    delivery.join_sheets(site)
    drawn = TTFont(font).getBestCmap()
    assert 0xF0C9 in drawn
    assert 0xF002 not in drawn
    assert font.stat().st_size < whole / 20


def scripts_of(body: str, *names: str) -> list[Any]:
    """Return the scripts that a page with this body loads."""
    scripts = [SimpleNamespace(filename=name, attributes={}) for name in names]
    scripts.append(SimpleNamespace(filename=None, attributes={"body": "let toggleHintShow"}))
    context = {"body": body, "script_files": scripts}
    delivery._spare_scripts(None, "", "", context, None)  # type: ignore[arg-type]
    return context["script_files"]  # type: ignore[return-value]


def test_scripts_without_work_are_left_out() -> None:
    """A page without code has nothing to copy, one without switches nothing to switch."""
    assert scripts_of("<p>", "_static/copybutton.js", "_static/togglebutton.js") == []
    assert len(scripts_of('<pre class="toggle">', "_static/copybutton.js")) == 2


def test_scripts_wait_for_the_page() -> None:
    """The page is shown first; only what scripts in the page itself use is there at once."""
    options, own = scripts_of("", "_static/documentation_options.js", "_static/own.js")
    assert own.attributes == {"defer": "defer"}
    assert options.attributes == {}
