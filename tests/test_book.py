"""What the prose of a book uses, and the mark by which a chapter follows the prose of others."""

from pathlib import Path

import pytest

from livingreview.book import FACTS_DIGEST, PROSE_DIGEST, facts_in_prose, pages, with_prose_digest

CELL = "```{{code-cell}} ipython3\n:tags: [remove-input]\n{code}\n```\n"
READER = CELL.format(code=f"show.news(review)  # {PROSE_DIGEST}")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a book of three pages, without front matter."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.md").write_text("# Start\n\nIn {glue}`studies` studies.\n")
    (tmp_path / "chapters/a.md").write_text("# A\n\nA sentence.\n\n" + CELL.format(code="x = 1"))
    (tmp_path / "chapters/b.md").write_text("# B\n\n{glue:text}`nerves` nerves.\n\n" + READER)
    return tmp_path


def digest(book: Path) -> str:
    """Return the chapter that reads the prose of the others, as it is executed."""
    return with_prose_digest((book / "chapters/b.md").read_text("utf-8"), book)


def test_pages_and_facts_of_a_book(book: Path) -> None:
    """The landing page comes first; the facts are sorted, each once."""
    assert [page.name for page in pages(book)] == ["index.md", "a.md", "b.md"]
    assert facts_in_prose(book) == ["nerves", "studies"]


def test_the_word_becomes_a_digest(book: Path) -> None:
    """The mark is replaced, the rest of the chapter stays, and the same prose gives the same."""
    text = (book / "chapters/b.md").read_text("utf-8")
    before, after = text.split(PROSE_DIGEST)
    assert digest(book).startswith(before + "prose ")
    assert digest(book).endswith(after)
    assert PROSE_DIGEST not in digest(book)
    assert digest(book) == digest(book)


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        ("chapters/a.md", "A sentence.", "Another sentence."),
        ("chapters/a.md", "# A", "# Another"),
        ("index.md", "{glue}`studies`", "{glue}`nerves`"),
        ("chapters/b.md", "nerves.", "names of nerves."),
    ],
)
def test_a_sentence_of_any_chapter_changes_it(book: Path, edit, page, old, new) -> None:
    """A sentence of another chapter, or of its own, makes the cell run again."""
    before = digest(book)
    edit(book / page, old, new)
    assert digest(book).split("# prose ")[1] != before.split("# prose ")[1]


def test_a_chapter_more_changes_it(book: Path) -> None:
    """A new chapter is new prose."""
    before = digest(book)
    (book / "chapters/c.md").write_text("# C\n")
    assert digest(book) != before


def test_a_code_cell_does_not(book: Path, edit) -> None:
    """Code is no prose: another cell leaves the digest as it is."""
    before = digest(book)
    edit(book / "chapters/a.md", "x = 1", "x = 2")
    assert digest(book) == before


def test_other_chapters_stay_as_they_are(book: Path) -> None:
    """A chapter without the word is executed as it is written."""
    text = (book / "chapters/a.md").read_text("utf-8")
    assert with_prose_digest(text, book) is text


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("A sentence.", "Another sentence.", False),
        ("A sentence.", "{glue}`nerves`, {glue}`rows`.", True),
    ],
)
def test_a_list_of_facts_follows_the_facts_alone(book: Path, edit, old, new, again) -> None:
    """A cell that lists the facts in use runs again when another fact is used, else not."""
    text = CELL.format(code=f"show.facts(review)  # {FACTS_DIGEST}")
    before = with_prose_digest(text, book)
    assert FACTS_DIGEST not in before
    edit(book / "chapters/a.md", old, new)
    assert (with_prose_digest(text, book) != before) == again
