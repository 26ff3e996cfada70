"""The sentences that use a fact, cut from a page as it was read."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from livingreview.site.links import Target
from livingreview.site.uses import WIDTH, as_html, collect_uses, uses_in


def number(name: str, text: str) -> str:
    """Return a fact link as a cell prints it."""
    return f'<a class="fact" href="fact:{name}" title="a &lt; b.\nTwo.">{text}</a>'


def output(html: str) -> nodes.container:
    """Return an output with a reading in HTML and one in plain text, as the notebook gives it."""
    rich = nodes.container("", nodes.raw("", html, format="html"), mime_type="text/html")
    plain = nodes.container("", nodes.inline("", "plain reading"), mime_type="text/plain")
    return nodes.container("", rich, plain, nb_element="mime_bundle")


def page(*children: nodes.Node) -> nodes.document:
    """Return a page that holds these nodes."""
    document = new_document("page")
    document += list(children)
    return document


def test_each_link_gets_an_id_and_its_sentence() -> None:
    """A line of the source is a sentence; citations and other readings are left out."""
    paragraph = nodes.paragraph("", "", nodes.Text("Another sentence.\nOf "))
    paragraph += output(number("a(b=c)", "4"))
    paragraph += nodes.Text(" trials ")
    paragraph += nodes.inline("", "someone-2020", refdomain="cite")
    paragraph += nodes.Text(", ")
    paragraph += output(number("a(b=c)", "1 &lt; 2"))
    paragraph += nodes.Text(" are late.\nA third sentence.")
    document = page(paragraph)
    uses = collect_uses(document, "six-months")
    assert [use.target for use in uses] == [Target("fact", "a(b=c)")] * 2
    assert [use.anchor for use in uses] == ["use-six-months-a-b-c-1", "use-six-months-a-b-c-2"]
    assert [(use.before, use.number, use.after) for use in uses] == [
        ("Of ", "4", " trials, 1 < 2 are late."),
        ("Of 4 trials, ", "1 < 2", " are late."),
    ]
    assert all(f'id="{use.anchor}" href="fact:a(b=c)"' in as_html(paragraph) for use in uses)


@pytest.mark.parametrize(
    ("html", "before", "after"),
    [
        (
            "<table><caption>Claims</caption><tr><th>Verdict</th></tr>"
            "<tr><th>It is <b>so</b>.</th><td>yes</td><td>{}<br>Why</td></tr></table>",
            "It is so. ",
            "",
        ),
        (
            "<table><caption>Claims</caption><tr><th>all</th><td>{}</td></tr></table>",
            "Claims: all ",
            "",
        ),
        ("<table><caption>The {} rows</caption><tr><th>one</th></tr></table>", "The ", " rows"),
        ("<p>Other.</p><p>Here {} is.</p><p>Other.</p>", "Here ", " is."),
    ],
)
def test_a_number_outside_prose_is_told_by_its_place(html: str, before: str, after: str) -> None:
    """In a table it is the header of the row, with the caption where that is one word."""
    document = page(nodes.raw("", html.format(number("a", "4")), format="html"))
    (use,) = collect_uses(document, "index")
    assert (use.before, use.number, use.after) == (before, "4", after)


def test_a_long_sentence_is_cut_around_its_number() -> None:
    """The quotation holds the number, whole words, and no more than its width."""
    words = "word " * 100
    link = number("a", "4").replace("href", 'id="x" href')
    (use,) = uses_in(f"{words}{link} {words}")
    quoted = use.before + use.number + use.after
    assert len(quoted) <= WIDTH + 2
    assert set(quoted.split()) == {"word", "4", "\N{HORIZONTAL ELLIPSIS}"}
    assert use.before
    assert use.after
