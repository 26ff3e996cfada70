"""HTML as markup of Typst: text is never markup, links lead where something is, tables fit."""

import re

import pytest
import typst

from livingreview.publish.typst import Markup, parsed, quoted, size_of, text, widths


def markup(html: str, *anchors: str) -> str:
    """Return some HTML as markup; the ids are those that links may lead to."""
    drawings: list[str] = []
    return Markup(frozenset(anchors), drawings).of(parsed(f"<div>{html}</div>", drawings).div)


@pytest.mark.parametrize("sign", ["#", "$x$", "*b*", "_e_", "@a", "<a>", "`r`", "// c", "\\", '"'])
def test_signs_of_the_language_are_text(sign: str) -> None:
    """What is markup in Typst is a word of a study here, and the compiler takes it."""
    assert markup(f"<p>{sign.replace('<', '&lt;')}</p>") == f"\n#par[{text(sign)}];\n"
    assert typst.compile(text(sign).encode(), format="pdf")


def test_white_space_is_one_space() -> None:
    """Lines of the source are no lines of the page; what is no break stays."""
    assert text("a \n b\xa0c") == '#"a b\xa0c";'
    assert text(" \n ") == " "
    assert text("") == ""


def test_a_link_without_a_place_is_text() -> None:
    """A link to an id that nothing has would stop the compiler."""
    assert markup('<a href="#x">w</a>') == '#"w";'
    assert markup('<a href="#x">w</a>', "x") == '#link(label("x"))[#"w";];'
    assert markup('<a href="https://a.org">w</a>') == '#link("https://a.org")[#"w";];'


def test_an_id_stands_once() -> None:
    """A heading bears the id of the section that it opens, another element a mark before it."""
    opened = markup('<section id="s"><h2>T</h2><p id="p">w</p></section>', "s", "p")
    assert opened.count('label("s")') == opened.count('label("p")') == 1
    assert '#heading(level: 3)[#"T";]#label("s");' in opened
    assert '#metadata(none)#label("p");\n#par' in opened
    assert "label" not in markup('<p id="q">w</p>', "p")


def test_a_table_keeps_its_cells_in_their_columns() -> None:
    """A row that is short is filled up, the header is told apart, and short columns stay so."""
    rows = "<tr><th>A</th><th>B</th></tr>"
    html = f"<table><caption>C</caption><thead>{rows}</thead><tr><td>1</td></tr></table>"
    found = markup(html)
    assert found.startswith('\n#told(2, [#"C";], table(columns: (auto, auto,), table.header(')
    assert found.endswith('[#"1";], []));\n')


def test_values_of_a_card_are_lines() -> None:
    """Values that agree stand once; others each under its head; every id is still led to."""
    head = "<th>Field</th><th>Compared</th><th id='p'>Printed</th><th>Read</th>"
    rows = "".join(
        f"<tr id='{name}'><th>{name}</th><td class='card-stand'>{stand}</td>"
        f"<td>{printed}</td><td>{read}</td></tr>"
        for name, stand, printed, read in (
            ("one", "agrees", "7", "7"),
            ("two", "differs", "8", "9"),
        )
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    told = markup(f'<section class="study-card">{table}</section>', "p", "one", "two")
    said = "".join(re.findall(r'#"([^"]*)"|label', told))
    assert said == "one: 7 (agrees)two: Printed: 8; Read: 9 (differs)"
    assert [told.count(f'label("{name}")') for name in ("p", "one", "two")] == [1, 1, 1]
    assert "table(" not in told


def test_long_columns_share_what_short_ones_leave() -> None:
    """Numbers need no share; of two columns of words the longer has more."""
    cells = ["12", "word " * 12, "word " * 40]
    row = parsed("".join(f"<td>{cell}</td>" for cell in cells), []).find_all("td")
    number, shorter, longer = widths([row], 3)
    assert number == "auto"
    assert float(shorter.removesuffix("fr")) <= float(longer.removesuffix("fr"))


def test_drawings_keep_the_names_of_their_attributes() -> None:
    """A drawing travels as it is: in lower case its view would be lost."""
    drawings: list[str] = []
    svg = '<svg width="680" height="100" viewBox="0 0 680 100"><g/></svg>'
    picture = f'<div class="chart-picture" aria-label="says">{svg}</div>'
    figure = f'<figure class="chart">{picture}</figure>'
    made = Markup(frozenset(), drawings)
    found = made.of(parsed(figure, drawings).figure)
    assert 'alt: "says"' in found
    (drawn,) = made.pictures.values()
    assert 'viewBox="0 0 680 100"' in drawn
    assert size_of(svg) == (680.0, 100.0)


def test_quotation_marks_end_no_literal() -> None:
    """A text with quotation marks and backslashes is one literal."""
    assert quoted('a "b" \\ c') == r'"a \"b\" \\ c"'
