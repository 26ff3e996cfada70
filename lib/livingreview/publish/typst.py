"""HTML of the built pages as markup of Typst: what a reader of paper needs of it, in its order.

Text travels as string literals, so that no sign of it is markup. Elements that have no rule give
their contents; what paper has no use for was taken out before (see ``pdf``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
DRAWING = "data-drawing"
PIXEL = 0.75  # points
WIDTH, HEIGHT = 475.0, 640.0  # points of a page that a picture may take
TALL = 700  # pixels
HEADINGS = {"h1": 2, "h2": 3, "h3": 4, "h4": 5, "h5": 6, "h6": 6}  # level 1 is a part of the book

# Characters of a column: a short one is as wide as its words, a long one gets a share by length.
SHORT, LONG = 14, 60
NARROW_TABLE = 80  # characters in a row that need no shares


@dataclass
class Markup:
    """Turns articles into markup; collects the pictures that they show by the name of their file.

    ``anchors`` are the ids that something links to: the others leave no trace. ``drawings`` are
    those that ``parsed`` took out.
    """

    anchors: frozenset[str]
    drawings: list[str]
    pictures: dict[str, str] = field(default_factory=dict)

    def of(self, element: Tag) -> str:
        """Return an element as markup, with what a link to it needs before it."""
        rule = self._rule(element)
        anchor = str(element.get("id", ""))
        return (
            rule(element)
            if anchor in self._claimed(element)
            else self._mark(anchor) + rule(element)
        )

    def _mark(self, anchor: str) -> str:
        """Return what a link to an id needs where it leads; nothing where none does."""
        return f"#metadata(none)#label({quoted(anchor)});" if anchor in self.anchors else ""

    def _claimed(self, element: Tag) -> set[str]:
        """Return the id that the heading of an element, or the element as one, bears itself."""
        first = element if element.name in HEADINGS else element.find(list(HEADINGS))
        if element.name not in (*HEADINGS, "section") or not isinstance(first, Tag):
            return set()
        return {self._label(first)}

    def _label(self, heading: Tag) -> str:
        """Return the id that a heading bears: its own, or that of the section that it opens."""
        section = heading.find_parent("section")
        opens = section is not None and section.find(list(HEADINGS)) is heading
        ids = [heading.get("id"), section.get("id") if section is not None and opens else None]
        return next((str(anchor) for anchor in ids if anchor in self.anchors), "")

    def _rule(self, element: Tag) -> Callable[[Tag], str]:
        classes = set(element.get_attribute_list("class"))
        for name, rule in _BY_CLASS.items():
            if name in classes:
                return lambda tag: rule(self, tag)
        named = _BY_NAME.get(element.name, Markup.inside)
        return lambda tag: named(self, tag)

    def inside(self, element: Tag) -> str:
        """Return what an element holds; paragraphs of text between blocks stay apart."""
        parts = []
        for child in element.children:
            if isinstance(child, Tag):
                parts.append(self.of(child))
            elif type(child) is NavigableString:  # no comment
                parts.append(text(str(child)))
        return "".join(parts)

    def heading(self, element: Tag) -> str:
        """Return a heading; its id, or that of its section, is where links lead."""
        found = self._label(element)
        label = f"#label({quoted(found)})" if found else ""
        return f"\n#heading(level: {HEADINGS[element.name]})[{self.inside(element)}]{label};\n"

    def paragraph(self, element: Tag) -> str:
        """Return a paragraph, or nothing where it is empty."""
        inside = self.inside(element)
        return f"\n#par[{inside}];\n" if element.get_text(strip=True) else ""

    def link(self, element: Tag) -> str:
        """Return a link into the document or to an address; text where it leads nowhere."""
        href, inside = str(element.get("href", "")), self.inside(element)
        if href.startswith("#"):
            known = href[1:] in self.anchors
            return f"#link(label({quoted(href[1:])}))[{inside}];" if known else inside
        return f"#link({quoted(href)})[{inside}];" if href else inside

    def items(self, element: Tag) -> str:
        """Return a list, numbered or not."""
        if element.name == "ul" and element.find_parent(class_="flow-box"):
            return self.inline_items(element)
        kind = "enum" if element.name == "ol" else "list"
        items = [f"[{self.of(item)}]" for item in element.find_all("li", recursive=False)]
        return f"\n#{kind}({', '.join(items)});\n" if items else ""

    def inline_items(self, element: Tag) -> str:
        """Return the items of a list as one line."""
        items = [self.of(item).strip() for item in element.find_all("li", recursive=False)]
        return f"\n#par[{text(' · ').join(items)}];\n"

    def quote(self, element: Tag) -> str:
        """Return a block quotation."""
        return f"\n#quote(block: true)[{self.inside(element)}];\n"

    def term(self, element: Tag) -> str:
        """Return a term that stays with what is said of it."""
        return f"\n#block(sticky: true, above: 0.9em)[#strong[{self.inside(element)}]];\n"

    def definition(self, element: Tag) -> str:
        """Return what is said of a term."""
        return f"\n#pad(left: 1em)[{self.inside(element)}];\n"

    def card(self, element: Tag) -> str:
        """Return a card of a grid as a framed block."""
        return f"\n#card[{self.inside(element)}];\n"

    def fact(self, element: Tag) -> str:
        """Return an entry of the list of facts: its question, and each answer on a line."""
        question = element.find("dt")
        answers = [f"[{self.of(answer)}]" for answer in element.select("summary, dd > p")]
        asked = self.inside(question) if isinstance(question, Tag) else ""
        anchors = "".join(
            self._mark(str(answer["id"])) for answer in element.select("dd[id], dd > span[id]")
        )
        return f"\n#fact([{anchors}{asked}], {', '.join(answers)});\n"

    def table(self, element: Tag) -> str:
        """Return a table: its caption before it, its header on every page that it takes."""
        if element.find_parent(class_="study-card"):
            return self.stacked(element)
        rows = [list(row.find_all(["th", "td"], recursive=False)) for row in element.find_all("tr")]
        rows = [row for row in rows if row]
        if not rows:
            return ""
        columns = max(len(row) for row in rows)
        head = element.find("thead")
        heads = len(head.find_all("tr")) if isinstance(head, Tag) else 0
        cells = [self._row(row, columns, number < heads) for number, row in enumerate(rows)]
        header = f"table.header({', '.join(cells[:heads])}), " if heads else ""
        # A header is set again on each page, and an id stands once.
        ids = [str(cell["id"]) for row in rows[:heads] for cell in row if cell.get("id")]
        before = "".join(map(self._mark, ids))
        caption = element.find("caption")
        told = self.inside(caption) if isinstance(caption, Tag) else ""
        return (
            f"\n#told({columns}, [{before}{told}], "
            f"table(columns: ({', '.join(widths(rows, columns))},), "
            f"{header}{', '.join(cells[heads:])}));\n"
        )

    def stacked(self, element: Tag) -> str:
        """Return a table of values side by side as a line a row; values that agree stand once."""
        heads = [text(head.get_text()) for head in element.select("thead th")][1:]
        ids = [str(inside["id"]) for inside in element.select("caption[id], thead [id]")]
        lines = ["".join(map(self._mark, ids))]
        for row in element.select("tbody tr"):
            field, *cells = row.find_all(["th", "td"], recursive=False)
            said: list[tuple[str, Tag]] = []
            stands: list[tuple[str, Tag]] = []
            for head, cell in zip(heads, cells, strict=True):
                stand = "card-stand" in cell.get_attribute_list("class")
                (stands if stand else said).append((head, cell))
            if len({cell.get_text() for _, cell in said}) == 1:
                told = self.of(said[0][1])
            else:
                told = text("; ").join(f"{head}{text(': ')}{self.of(cell)}" for head, cell in said)
            told += "".join(f"{text(' (')}{self.of(cell)}{text(')')}" for _, cell in stands)
            anchor = self._mark(str(row.get("id", "")))
            lines.append(f"#par[{anchor}#strong[{self.of(field)}]{text(': ')}{told}];")
        return f"\n#lines[{''.join(lines)}];\n"

    def _row(self, row: list[Tag], columns: int, head: bool) -> str:
        cells = []
        for cell in row:
            inside = self.inside(cell) if head else self.of(cell)
            line = cell.find_parent("tr")
            if cell is row[0] and not head and line is not None:
                inside = self._mark(str(line.get("id", ""))) + inside
            cells.append(f"[#strong[{inside}]]" if cell.name == "th" else f"[{inside}]")
        return ", ".join([*cells, *["[]"] * (columns - len(row))])

    def chart(self, element: Tag) -> str:
        """Return a chart with its title and caption, kept on one page."""
        told = [self.of(part) for part in element.select(".chart-title, .chart-subtitle")]
        picture, caption = element.select_one(".chart-picture"), element.find("figcaption")
        if picture is None:
            return ""
        says = str(picture.get("aria-label", ""))
        drawn = [self._picture(svg, says) for svg in picture.select("svg")]
        under = self.inside(caption) if isinstance(caption, Tag) else ""
        # A high one moves to the top of a page, and the text goes on where it stood.
        high = any(
            size_of(self.drawings[int(str(s[DRAWING]))])[1] > TALL for s in picture.select("svg")
        )
        moves = "true" if high else "false"
        return f"\n#chart({moves})[{''.join(told)}][{''.join(drawn)}][{under}];\n"

    def panels(self, element: Tag) -> str:
        """Return small drawings with their names, three side by side."""
        cells = [f"[{self.inside(panel)}]" for panel in element.find_all(class_="course")]
        return f"\n#grid(columns: 3, gutter: 8pt, {', '.join(cells)});\n"

    def drawing(self, element: Tag) -> str:
        """Return a drawing that stands alone."""
        return f"\n#block[{self._picture(element, str(element.get('aria-label', '')))}];\n"

    def _picture(self, svg: Tag, says: str) -> str:
        drawn = self.drawings[int(str(svg[DRAWING]))]
        name = f"picture-{svg[DRAWING]}.svg"
        self.pictures[name] = (
            drawn if NAMESPACE in drawn else drawn.replace("<svg", f"<svg {NAMESPACE}", 1)
        )
        wide, high = size_of(drawn)
        scale = min(PIXEL, WIDTH / wide, HEIGHT / high)
        return f"#image({quoted(name)}, width: {wide * scale:.1f}pt, alt: {quoted(says or ' ')});"


def _wrapped(function: str) -> Callable[[Markup, Tag], str]:
    return lambda markup, tag: f"#{function}[{markup.inside(tag)}];"


def _block(style: str) -> Callable[[Markup, Tag], str]:
    return lambda markup, tag: f"\n#{style}[{markup.inside(tag)}];\n"


_BY_NAME: dict[str, Callable[[Markup, Tag], str]] = {
    **dict.fromkeys(HEADINGS, Markup.heading),
    "p": Markup.paragraph,
    "a": Markup.link,
    "ul": Markup.items,
    "ol": Markup.items,
    "dt": Markup.term,
    "dd": Markup.definition,
    "blockquote": Markup.quote,
    "table": Markup.table,
    "svg": Markup.drawing,
    "summary": Markup.term,
    "strong": _wrapped("strong"),
    "b": _wrapped("strong"),
    "em": _wrapped("emph"),
    "cite": _wrapped("emph"),
    "sup": _wrapped("super"),
    "sub": _wrapped("sub"),
    "code": lambda _, tag: f"#raw({quoted(tag.get_text())});",
    "br": lambda _, tag: "#linebreak();",
}
_BY_CLASS: dict[str, Callable[[Markup, Tag], str]] = {
    "chart": Markup.chart,
    "courses-grid": Markup.panels,
    "fact-entry": Markup.fact,
    "card-badges": Markup.inline_items,
    "sd-card": Markup.card,
    "flow-box": _block("entry"),
    "chart-title": _block("lead"),
    "chart-subtitle": _block("par"),
    "sd-card-title": _block("lead"),
    "admonition-title": _block("lead"),
    "flow-heading": _block("lead"),
    "card-side": _block("lead"),
    "admonition": _block("entry"),
    "study-card": _block("study"),
    "citation": _block("reference"),
}


def text(words: str) -> str:
    """Return text of HTML as a literal: runs of white space are one space."""
    words = re.sub(r"[ \t\r\n\f]+", " ", words)
    if not words.strip():
        return " " if words else ""
    return f"#{quoted(words)};"


def quoted(words: str) -> str:
    """Return a text as a string literal of Typst."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def widths(rows: list[list[Tag]], columns: int) -> Iterator[str]:
    """Yield the width of each column: of its words where they are short, else a share of the rest.

    A table in which all words fit side by side has no shares, and is as wide as it needs.
    """
    lengths = [[0] * len(rows) for _ in range(columns)]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            lengths[column][number] = len(cell.get_text(" ", strip=True))
    longest = [max(column) for column in lengths]
    for counts in lengths:
        if sum(longest) <= NARROW_TABLE or max(counts) <= SHORT:
            yield "auto"
        else:
            share = min(float(LONG), 2 * sum(counts) / len(counts), float(max(counts)))
            yield f"{max(float(SHORT), share):.0f}fr"


def size_of(svg: str) -> tuple[float, float]:
    """Return width and height of a drawing in pixels, as it says itself."""
    head = svg.partition(">")[0]
    box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', head)
    sides = [re.search(rf'\s{side}="([\d.]+)"', head) for side in ("width", "height")]
    wide, high = (
        float(side[1]) if side else float(box[number]) if box else 100.0
        for number, side in enumerate(sides, start=1)
    )
    return max(wide, 1.0), max(high, 1.0)


def parsed(html: str, drawings: list[str]) -> BeautifulSoup:
    """Return a page as a tree; its drawings, whose names are in mixed case, go into the list."""

    def kept(svg: re.Match[str]) -> str:
        drawings.append(svg[0])
        says = re.search(r'\saria-label="[^"]*"', svg[0].partition(">")[0])
        return f'<svg {DRAWING}="{len(drawings) - 1}"{says[0] if says else ""}></svg>'

    return BeautifulSoup(re.sub(r"<svg\b.*?</svg>", kept, html, flags=re.DOTALL), "html.parser")


def literal(value: Any) -> str:
    """Return a text, or a list of them, as a literal."""
    if isinstance(value, (list, tuple)):
        return f"({''.join(f'{literal(part)}, ' for part in value)})"
    return quoted(str(value))
