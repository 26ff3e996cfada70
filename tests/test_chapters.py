"""Chapters say, the library computes: rules that every chapter follows, without running it."""

import ast
import re

import pytest
import yaml

from livingreview.book import Chapter, chapters
from livingreview.contribute.prose import check_prose, plain
from project import ROOT

CHAPTERS = chapters(ROOT)

LABEL = re.compile(r"^(?:\*\*[^*]+[.:?]\*\*\s*)?")
SHORT = re.compile(r"\b(?:e\.g|i\.e|et al|vs|cf|approx|Dr|No|Fig)\.")
SENTENCE_END = re.compile(r"[.!?][\"”)\]*_]*\s+(?=[A-Z“\"*\[(])")

FORBIDDEN_NODES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.For,
    ast.While,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.With,
    ast.Try,
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
)
FORBIDDEN_NAMES = {"read_csv", "read_table", "groupby", "merge", "open", "eval", "exec"}
MOST_OF_NO_STORY = 0.2

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=[c.name for c in CHAPTERS])


def head(chapter: Chapter) -> str:
    """Return the head of a chapter, with its dashes."""
    return re.match(r"---\n.*?\n---\n", chapter.text, re.DOTALL)[0]


def test_the_book_is_whole():
    """With a landing page there are at least 19 pages, and the table of contents lists them all."""
    if not (ROOT / "index.md").exists():
        assert CHAPTERS == []
        return
    assert len(CHAPTERS) >= 19
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    listed = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    assert sorted(["index.md", *(f"{name}.md" for name in listed)]) == sorted(
        chapter.name for chapter in CHAPTERS
    )


HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
PARAMETERS = """\
data_dir = None
minimum_followup_months = None
relief_threshold_percent = None"""
OPENING = """\
from livingreview import open_chapter, pages
review = open_chapter("{name}", data_dir, minimum_followup_months, relief_threshold_percent)"""


@each_chapter
def test_each_chapter_begins_with_the_same_lines(chapter):
    """The head makes it a notebook everywhere; papermill sets parameters; a call opens it."""
    assert head(chapter) == HEAD
    parameters, opening, *_ = chapter.cells
    assert (parameters.tags, parameters.code) == (("parameters", "remove-cell"), PARAMETERS)
    name = chapter.name.removesuffix(".md").rpartition("/")[2]
    assert (opening.tags, opening.code) == (("remove-cell",), OPENING.format(name=name))


def lines_of_no_story(text: str) -> int:
    """Return how many lines are no story: the head, and cells that show nothing."""
    chapter = Chapter("", text)
    hidden = [cell for cell in chapter.cells if "remove-cell" in cell.tags]
    return len(head(chapter).splitlines()) + sum(
        len(("before", "tags", *cell.code.splitlines(), "after")) for cell in hidden
    )


def test_chapters_are_their_story():
    """Less than a fifth of the lines of the chapters are not prose and not what they show."""
    of_no_story = sum(lines_of_no_story(chapter.text) for chapter in CHAPTERS)
    assert of_no_story / sum(len(c.text.splitlines()) for c in CHAPTERS) < MOST_OF_NO_STORY


def test_what_is_no_story_is_counted():
    """A head of four lines and a hidden cell with two lines of code are nine lines."""
    text = "---\na: 1\nb: 2\n---\n\n# A\n\nProse.\n\n"
    assert lines_of_no_story(text) == 4
    cell = "```{{code-cell}} ipython3\n:tags: [{tag}]\na = 1\nb = 2\n```\n\n"
    assert lines_of_no_story(text + cell.format(tag="remove-cell")) == 9
    assert lines_of_no_story(text + cell.format(tag="remove-input")) == 4


@each_chapter
def test_a_cell_shows_one_thing(chapter):
    """A cell is one call, and its code is hidden: readers see what it shows."""
    for cell in chapter.cells[2:]:
        assert "remove-input" in cell.tags, cell.code
        (shown,) = ast.parse(cell.code).body
        assert ast.unparse(shown).startswith("pages.")


@each_chapter
def test_code_only_asks_and_shows(chapter):
    """No function, loop, file or table operation stands in a cell or in a guard."""
    code = [cell.code for cell in chapter.cells[2:]] + [guard.condition for guard in chapter.guards]
    for node in (node for text in code for node in ast.walk(ast.parse(text))):
        assert not isinstance(node, FORBIDDEN_NODES), ast.unparse(node)
        name = getattr(node, "attr", getattr(node, "id", ""))
        assert name not in FORBIDDEN_NAMES, ast.unparse(node)


def test_prose_is_checked_and_right(review):
    """Facts exist in their one spelling, guards ask, and no number is typed."""
    assert [str(problem) for problem in check_prose(review, ROOT)] == []


def test_guards_are_many():
    """Wording that a new study could make false is guarded on most pages that interpret."""
    assert len([guard for chapter in CHAPTERS for guard in chapter.guards]) >= 20


@each_chapter
def test_one_sentence_a_line(chapter):
    """A line of prose holds at most one sentence, so that a change shows as one line."""
    for _, line in chapter.lines(plain):
        assert not SENTENCE_END.search(SHORT.sub("short", LABEL.sub("", line))), line


@each_chapter
def test_opens_with_question_and_answer(chapter):
    """The first prose after the title is the question, then the answer."""
    assert chapter.text.removeprefix(head(chapter)).lstrip().startswith("# ")
    _, question, answer = (line.text for line in chapter.lines(plain)[:3])
    assert question.startswith("**Question.**")
    assert answer.startswith("**Answer")


@pytest.mark.parametrize(
    ("line", "several"),
    [
        ("It works. It is safe.", True),
        ("Is it? “Yes.”", True),
        ("It is e.g. Here.", False),
        ("**Answer.** It works.", False),
        ("See {cite:p}`kim-2015`. It works.", True),
        ("- **Trust** this. And that.", True),
        ("It fell by {glue}`x`. {glue}`y` rose.", True),
    ],
)
def test_what_counts_as_two_sentences(line, several):
    """The lint finds a second sentence, and skips labels and abbreviations."""
    ((_, text),) = Chapter("none.md", line).lines(plain)
    assert bool(SENTENCE_END.search(SHORT.sub("short", LABEL.sub("", text)))) == several
