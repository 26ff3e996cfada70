"""Pages are what HTML allows: what a checker of conformance would find, without one."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from published import HTML, PAGES

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What may stand where a paragraph may not: in a name, in a sentence.
BLOCKS = {
    *("address", "article", "aside", "blockquote", "details", "dialog", "dd", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "menu"),
    *("nav", "ol", "p", "pre", "search", "section", "table", "ul"),
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
PHRASES = {*HEADINGS, "p", "pre", "span", "summary", "button", "label", "dt", "legend", "caption"}
PHRASES |= {"em", "strong", "code", "small", "sub", "sup", "b", "i", "abbr", "cite", "mark", "q"}
SCRIPTS = {"script", "template"}
CHILDREN = {
    "dl": {"dt", "dd", "div", *SCRIPTS},
    "ul": {"li", *SCRIPTS},
    "ol": {"li", *SCRIPTS},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr", *SCRIPTS},
    "thead": {"tr", *SCRIPTS},
    "tbody": {"tr", *SCRIPTS},
    "tr": {"td", "th", *SCRIPTS},
    "select": {"option", "optgroup", "hr", *SCRIPTS},
}
PARENTS = {"dt": {"dl", "div"}, "dd": {"dl", "div"}, "li": {"ul", "ol", "menu"}}
PARENTS |= {"summary": {"details"}, "figcaption": {"figure"}, "legend": {"fieldset"}}
INTERACTIVE = {"a", "button", "select", "textarea", "label", "details"}


class Checker(HTMLParser):
    """Reads a page as it is written, and keeps what HTML does not allow."""

    def __init__(self) -> None:
        """Begin with nothing open."""
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.named: list[tuple[str, str]] = []
        self.problems: list[str] = []

    def say(self, problem: str) -> None:
        """Keep a problem with its line."""
        self.problems.append(f"line {self.getpos()[0]}: {problem}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element by what it stands in."""
        self.judge_place(tag)
        names = [name for name, _ in attrs]
        for name in {name for name in names if names.count(name) > 1}:
            self.say(f"<{tag}> has {name} twice")
        self.judge_names(tag, dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element that closes itself, as those of drawings may."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()
            if "svg" not in self.open and tag != "svg":
                self.say(f"<{tag}/> does not close itself")

    def judge_place(self, tag: str) -> None:
        """Keep an element that its parent, or an ancestor, may not hold."""
        parent = self.open[-1] if self.open else ""
        if "svg" in self.open or "math" in self.open:
            return
        if tag not in CHILDREN.get(parent, {tag}):
            self.say(f"<{tag}> in <{parent}>")
        if parent not in PARENTS.get(tag, {parent}):
            self.say(f"<{tag}> in <{parent}>")
        if parent in PHRASES and tag in BLOCKS - ({"p"} if parent == "caption" else set()):
            self.say(f"<{tag}> in <{parent}>")
        for outer in {"a", "button"} & set(self.open):
            if tag in INTERACTIVE:
                self.say(f"<{tag}> in <{outer}>")

    def judge_names(self, tag: str, attributes: dict[str, str | None]) -> None:
        """Keep an id that is there twice or cannot be one, and an image without a text."""
        name = attributes.get("id")
        if name is not None:
            if name in self.ids or not name or any(c.isspace() for c in name):
                self.say(f'id "{name}" is there twice, empty or holds a space')
            self.ids.add(name)
        if tag == "img" and "alt" not in attributes:
            self.say("<img> without alt")
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers"):
            for named in (attributes.get(attribute) or "").split():
                self.named.append((attribute, named))

    def handle_endtag(self, tag: str) -> None:
        """Keep an element that is closed and not open, or left open."""
        if tag in VOID or tag not in self.open:
            self.say(f"</{tag}> closes nothing")
            return
        while (last := self.open.pop()) != tag:
            self.say(f"<{last}> is left open in <{tag}>")


def problems(html: str) -> Iterator[str]:
    """Yield what HTML does not allow in a page."""
    checker = Checker()
    checker.feed(html)
    checker.close()
    yield from checker.problems
    yield from (f"<{tag}> is never closed" for tag in checker.open)
    for attribute, name in checker.named:
        if name not in checker.ids:
            yield f'{attribute} names "{name}", which is not there'


@pytest.mark.parametrize("name", [*PAGES, "404.html", "search.html", "genindex.html"])
def test_pages_hold_what_html_allows(name: str) -> None:
    """Each element stands where it may, is closed, and is called by names that are there."""
    html = (HTML / name).read_text("utf-8")
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert list(problems(html)) == []


def test_every_published_page_is_a_page() -> None:
    """No part of a template is published as a page."""
    others = {"404.html", "search.html", "genindex.html"}
    assert {str(p.relative_to(HTML)) for p in HTML.rglob("*.html")} == {*PAGES, *others}


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<details><summary><p>Show</p></summary></details>", "<p> in <summary>"),
        ("<dl><p>A</p></dl>", "<p> in <dl>"),
        ("<div><dd>A</dd></div>", None),
        ("<section><dd>A</dd></section>", "<dd> in <section>"),
        ("<p>A<div>B</div></p>", "<div> in <p>"),
        ("<ul><div>A</div></ul>", "<div> in <ul>"),
        ("<a href='#'><button>A</button></a>", "<button> in <a>"),
        ("<i id='a'></i><i id='a'></i>", 'id "a" is there twice'),
        ("<label for='b'>A</label>", 'for names "b"'),
        ("<div><em>A</div>", "<em> is left open"),
        ("<div>A</div></div>", "</div> closes nothing"),
        ("<img src='a.png'>", "<img> without alt"),
        ("<i class='a' class='b'></i>", "<i> has class twice"),
        ("<div/>", "<div/> does not close itself"),
        ("<svg><path/></svg>", None),
    ],
)
def test_each_kind_of_problem_is_seen(html: str, problem: str | None) -> None:
    """A page with one problem gives that problem; a page without gives none."""
    found = list(problems(html))
    assert (len(found), found[:1]) == (0, []) if problem is None else problem in found[0]
