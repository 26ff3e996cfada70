import pytest

from livingreview.site.links import Target, Use, anchors, fill_uses, rewrite, targets
from livingreview.words import slug


def relative(target: Target) -> str:
    """Return an address as a page in a folder would see it, of the last page that may explain."""
    return f"../{target.pages[-1]}.html"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("studies(design=RCT)", "studies-design-rct"),
        ("responders(nerve=a b, months=6)", "responders-nerve-a-b-months-6"),
        ("--Été 50%--", "t-50"),
        ("macrae-2023-foot", "macrae-2023-foot"),
        ("()", ""),
    ],
)
def test_slug_keeps_letters_and_digits(name: str, expected: str) -> None:
    """Every run of other characters becomes one hyphen, none at the ends."""
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="fact:a(b=c)">1</a>', '<a href="../chapters/facts.html#fact-a-b-c">1</a>'),
        ("<a href='study:x-2017'>X</a>", '<a href="../chapters/cards.html#x-2017">X</a>'),
        (
            '<a href="row:living/adverse_events:3">3</a>',
            '<a href="../chapters/methods.html#row-living-adverse-events-3">3</a>',
        ),
        ('<a href="claim:c1">c</a>', '<a href="../chapters/audit.html#claim-c1">c</a>'),
        (
            '<a href="fact:x(rule=&gt;=)">1</a>',
            '<a href="../chapters/facts.html#fact-x-rule">1</a>',
        ),
        ('<a href="https://fact:1/">1</a>', '<a href="https://fact:1/">1</a>'),
        ('<p>href="fact:</p>', '<p>href="fact:</p>'),
    ],
)
def test_rewrite_gives_relative_addresses(html: str, expected: str) -> None:
    """Links by meaning become relative links; nothing else changes."""
    assert rewrite(html, relative) == expected


def test_rewrite_replaces_the_fragment_of_a_one_page_build() -> None:
    """A one-page build addresses documents by fragment, of which a link has only one."""
    assert (
        rewrite('<a href="fact:a">', lambda target: f"#document-{target.pages[0]}")
        == '<a href="#fact-a">'
    )


def test_targets_and_anchors_are_found_in_order() -> None:
    """Both are read from the same HTML that a page shows."""
    html = '<p class="x" id="b">\n<a href="study:b">b</a><a href="fact:a &amp; b" id="claim-1">'
    assert targets(html) == [Target("study", "b"), Target("fact", "a & b")]
    assert anchors(html) == ["b", "claim-1"]


def test_fill_uses_quotes_the_sentences() -> None:
    """An element that asks for the uses of facts gets a link to each sentence, all escaped."""
    use = Use(Target("fact", "a"), "use-t-a-1", "Of ", "4 < 5", " & more.")
    assert fill_uses(
        '<div data-uses="fact:b | fact:a"></div>', {use.target: [("Safe & so", "t.html", use)]}
    ) == (
        '<div data-uses="fact:b | fact:a"><p>Used on:</p><ul><li>Safe &amp; so: '
        '<a href="t.html#use-t-a-1">Of <b>4 &lt; 5</b> &amp; more.</a></li></ul></div>'
    )


def test_fill_uses_says_that_there_are_none() -> None:
    """A fact that no page uses says so."""
    expected = '<td data-uses="fact:a"><p>Used on no page</p></td>'
    assert fill_uses('<td data-uses="fact:a"></td>', {}) == expected
