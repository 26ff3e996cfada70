"""The bundled font: what is built knows no other, and it has every character that is used."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from livingreview.show import marks
from livingreview.site import assets

ASSETS = Path(assets.__file__).parent / "assets"
FACES = sorted([*marks.FOLDER.glob("*.ttf"), *(ASSETS / "fonts").glob("*.woff2")])
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">{}</svg>'
TEXT = '<text x="9" y="25" font-family="{}" font-size="18">Relief ≥ 50% (n = 27)</text>'


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.name)
def test_each_face_has_the_name_that_is_asked_for(path: Path) -> None:
    """A family of our own name: one that is installed under another is never taken."""
    assert TTFont(path)["name"].getDebugName(1) == marks.FAMILY


def test_faces_of_pages_and_of_pictures_are_the_same() -> None:
    """What lays out a chart is what shows it: the same styles, with the same widths."""
    styles = {path.stem for path in FACES if path.suffix == ".ttf"}
    assert styles == {path.stem for path in FACES if path.suffix == ".woff2"}
    for style in styles:
        picture = TTFont(marks.FOLDER / f"{style}.ttf")
        page = TTFont(ASSETS / "fonts" / f"{style}.woff2")
        assert picture["head"].unitsPerEm == page["head"].unitsPerEm
        for code, glyph in page.getBestCmap().items():
            width = picture["hmtx"][picture.getBestCmap()[code]][0]
            assert page["hmtx"][glyph][0] == width, chr(code)


def test_the_font_has_every_character_of_the_book(root: Path) -> None:
    """No character of chapters, data and bibliography is drawn in a font of the machine."""
    files = [*root.glob("chapters/*.md"), *root.glob("data/**/*.yml"), *root.glob("data/**/*.csv")]
    text = "".join(path.read_text("utf-8") for path in [*files, root / "references.bib"])
    for path in FACES:
        missing = {c for c in set(text) if ord(c) not in TTFont(path).getBestCmap()}
        assert {c for c in missing if not c.isspace()} == set(), path.name


def test_pictures_are_drawn_in_it() -> None:
    """Its name gives another picture than a name that nothing has."""
    draw = marks.renderer().svg_to_png
    ours, others = (draw(SQUARE.format(TEXT.format(n))) for n in (marks.FAMILY, "No Such Family"))
    assert ours != others
    assert len(ours) > len(draw(SQUARE.format("")))


def test_pages_charts_and_pictures_ask_for_it() -> None:
    """Stylesheet, script, charts and previews name the same family first."""
    sheet = (ASSETS / "book.css").read_text("utf-8")
    faces = set(re.findall(r'url\("fonts/([\w-]+)\.woff2"\)', sheet))
    assert faces == {path.stem for path in FACES}
    assert re.search(rf'--pst-font-family-base: "{marks.FAMILY}"', sheet)
    assert f'FAMILY = "{marks.FAMILY}"' in (ASSETS / "chart.js").read_text("utf-8")
    assert str(marks.config()["font"]).startswith(marks.FAMILY)
