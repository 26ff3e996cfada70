"""The one reader of chapters: prose, facts, guards, cells, and the notebook that is executed."""

from pathlib import Path

import pytest

from livingreview.book import Chapter, Guard, chapters, facts_named, notebook, words_of
from livingreview.problems import InvalidData

HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
OPENING = """
```{code-cell} ipython3
:tags: [remove-cell]
review = open_chapter("a")
```
"""
PAGE = (
    HEAD
    + """
# A *title*

**Answer.** Of {glue}`studies` studies,
{glue:text}`nerves` on [nerves](x.md); {guard}`most are small <review.most("small") > 1>`.

```{code-cell} ipython3
:tags: [remove-input]

pages.a.chart(review)  # {glue}`no_fact`
```

::::{grid} 1 2
:gutter: 2

:::{grid-item-card} Better?
- A note with `code`, {glue}`studies` and <b>HTML</b>.
:::
::::

Time
: In {glue}`months(a=b, c=d)`.

```{bibliography}
```
"""
)


def test_facts_stand_with_their_lines() -> None:
    """Facts are found in paragraphs, cards and definitions, and not in code."""
    lines = PAGE.splitlines()
    found = Chapter("a.md", PAGE).facts
    names = ["studies", "nerves", "studies", "months(a=b, c=d)"]
    assert [fact.text for fact in found] == names
    assert all(f"`{fact.text}`" in lines[fact.number - 1] for fact in found)


def test_a_guard_has_its_words_and_its_condition() -> None:
    """What stands in angle brackets is asked, the rest is shown."""
    (guard,) = Chapter("a.md", PAGE).guards
    assert guard == Guard(9, "most are small", 'review.most("small") > 1')
    assert words_of('most are small <review.most("small")>') == "most are small"


def test_prose_is_read_line_by_line() -> None:
    """Marks of lists, headings and directives are gone; roles and code are said by the caller."""
    said = Chapter("a.md", PAGE).lines(lambda kind, text: f"[{kind}]")
    assert [line.text for line in said] == [
        "A [mark]title[mark]",
        "[mark]Answer.[mark] Of [glue] studies,",
        "[glue:text] on nerves; [guard].",
        "A note with [code], [glue] and [html]HTML[html].",
        "Time",
        "In [glue].",
    ]
    assert [line.number for line in said] == [6, 8, 9, 21, 25, 26]


def test_cells_have_tags_code_and_a_place() -> None:
    """Only code cells are cells; their options are tags."""
    (cell,) = Chapter("a.md", PAGE).cells
    assert cell.tags == ("remove-input",)
    assert cell.code.startswith("pages.a.chart(review)")
    assert PAGE.splitlines()[cell.number - 1].startswith(":tags:")


def test_the_opening_cell_lists_what_it_takes_from_the_prose() -> None:
    """Each fact once, and each guard, as comments below the call; other cells stay."""
    first, opened = (cell for cell in notebook(PAGE + OPENING).cells if cell.cell_type == "code")
    assert opened.source.splitlines() == [
        'review = open_chapter("a")',
        "# months(a=b, c=d)",
        "# nerves",
        "# studies",
        '# most are small <review.most("small") > 1>',
    ]
    assert first.source == "pages.a.chart(review)  # {glue}`no_fact`"


def executed(text: str) -> list[str]:
    """Return what decides whether the cells of a chapter are executed again."""
    return [cell.source for cell in notebook(text + OPENING).cells if cell.cell_type == "code"]


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("**Answer.** Of", "**Answer.** Once more, of", False),
        ("A note", "Another line.\n- {glue}`studies` and a note", False),
        ("A note", "{glue}`reports`: a note", True),
        ("most are small", "most are large", True),
        ("pages.a.chart", "pages.a.table", True),
    ],
)
def test_cells_run_again_when_what_they_publish_changes(old: str, new: str, again: bool) -> None:
    """Another sentence executes nothing, another fact or guard the page that holds it."""
    assert old in PAGE
    assert (executed(PAGE.replace(old, new, 1)) != executed(PAGE)) == again


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a book of three pages."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.md").write_text("# Start\n\nIn {glue}`studies` studies.\n")
    (tmp_path / "chapters/b.md").write_text("# B\n\n{glue:text}`nerves` and {glue}`studies`.\n")
    (tmp_path / "chapters/a.md").write_text("# A\n")
    return tmp_path


def test_pages_and_facts_of_a_book(book: Path) -> None:
    """The landing page comes first, then pages by name; the facts are sorted, each once."""
    assert [page.name for page in chapters(book)] == ["index.md", "chapters/a.md", "chapters/b.md"]
    assert facts_named(chapters(book)) == ["nerves", "studies"]


def test_pages_that_cannot_be_read_are_named(book: Path) -> None:
    """A head that is no YAML and bytes that are no UTF-8 are told together, each with its file."""
    (book / "index.md").write_bytes(b"\xff")
    (book / "chapters/a.md").write_text("---\na: [\n---\n# A\n")
    with pytest.raises(InvalidData) as refused:
        chapters(book)
    said = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in said] == ["index.md", "chapters/a.md"]
    assert "text in UTF-8" in said[0]
