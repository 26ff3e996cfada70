from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from livingreview.site.notebooks import (
    GUARD,
    THRESHOLDS,
    Run,
    altered,
    execute,
    failed_guards,
    lower_first_percentage,
    outputs,
    read,
    report,
    text_of,
)


def text(root: Path, run: Run) -> str:
    """Execute the first page of a book, and return what a reader sees."""
    (result,) = execute(root, run, [root / "index.md"])
    assert result.error is None
    return text_of(read(result.notebook))


def test_parameters_change_the_text_and_only_there(book: Path) -> None:
    """Another threshold moves the number that depends on it; nothing else changes."""
    protocol, thresholds = text(book, Run("protocol")), text(book, THRESHOLDS)
    assert "Threshold: 50" in protocol
    assert protocol.replace("Threshold: 50", "Threshold: 30") == thresholds


def test_altered_data_changes_the_text(book: Path) -> None:
    """The chapter reads the altered copy; the book's own data stay as they are."""
    before = (book / "data" / "source" / "table1.csv").read_bytes()
    assert "44% easier by half at 6 months; in usual care 20%" in text(
        book, altered(book, lower_first_percentage)
    )
    assert (book / "data" / "source" / "table1.csv").read_bytes() == before


def test_failed_chapter_is_told_with_its_cell(
    book: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A failure names the chapter, the first line of the cell, and the error, in one line."""
    edit(book / "index.md", "HTML('", "1 / 0\nHTML('")
    (line,) = report(execute(book, Run("broken"), [book / "index.md"]))
    assert line == "index.md: cell `1 / 0`: ZeroDivisionError: division by zero"
    assert (book / "_build" / "notebooks" / "broken" / "report.txt").read_text() == line + "\n"


@pytest.fixture
def executed() -> nbformat.NotebookNode:
    """Return a notebook that glued a value, displayed HTML and reported a guard."""
    v4 = nbformat.v4
    prefix = "application/papermill.record/"
    glued = v4.new_output(
        "display_data",
        data={prefix + "text/plain": "7 of 12", prefix + "text/html": "<a>7 of 12</a>"},
        metadata={"scrapbook": {"name": "share(of=a, by=b)", "mime_prefix": prefix}},
    )
    shown = v4.new_output("display_data", data={"text/html": "<p>a&amp;b</p><style>p{}</style>"})
    printed = v4.new_output("stream", name="stdout", text=f"{GUARD}no trial\nother\n")
    return v4.new_notebook(
        cells=[
            v4.new_code_cell("publish()", outputs=[glued]),
            v4.new_markdown_cell("In {glue}`share(of=a, by=b)`, not {glue:text}`unknown`."),
            v4.new_code_cell("show()", outputs=[shown, printed]),
        ]
    )


def test_outputs_are_the_glued_values(executed: nbformat.NotebookNode) -> None:
    """Each glued key has its text."""
    assert outputs(executed) == {"share(of=a, by=b)": "7 of 12"}


def test_text_has_numbers_in_place(executed: nbformat.NotebookNode) -> None:
    """Prose shows its values, HTML its text; an unknown key is shown by its name."""
    prose = "In 7 of 12, not unknown."
    assert text_of(executed) == f"{prose}\n\na&b\n\n{GUARD}no trial\nother\n"


def test_failed_guards_are_found(executed: nbformat.NotebookNode) -> None:
    """A guard that only reports prints a line, which the report repeats."""
    assert failed_guards(executed) == [f"{GUARD}no trial"]
