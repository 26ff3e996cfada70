"""Chapters say, the library computes: rules that every chapter follows, without running it."""

import ast
import re

import pytest
import yaml

from chapters import Chapter, chapters
from livingreview.facts import canonical_id
from project import REPOSITORY, ROOT

CHAPTERS = chapters()
ALLOWED = yaml.safe_load((REPOSITORY / "tests" / "prose_allowed.yml").read_text("utf-8"))["entries"]

# "One" is a number before what is counted here, else a pronoun or an article ("one of them").
COUNTED = "stud|trial|cohort|series|case|report|patient|nerve|arm|row|reference|claim|fact|database"
ONE = rf"one(?= (?:\w+ )?(?:{COUNTED}|comparison|month|year|week|day|point|percent))"
UNITS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
NUMBER = re.compile(
    rf"\d[\d.,]*|\b(?:{ONE}\b|{UNITS}|hundreds?|thousands?|millions?|dozens?|hal(?:f|ves)"
    rf"|twice|thrice|double[ds]?|triple[ds]?|(?:{UNITS})-?fold"
    r"|an?[ -](?:third|quarter|fifth|tenth)|thirds|quarters|fifths|tenths)\b",
    re.IGNORECASE,
)
LABEL = re.compile(r"^\s*(?:[-*:] +|\d+\. +)?(?:\*\*[^*]+[.:]\*\*\s*)?")
SHORT = re.compile(r"\b(?:e\.g|i\.e|et al|vs|cf|approx|Dr|No|Fig)\.")
SENTENCE_END = re.compile(r"[.!?][\"”)\]*_]*\s+(?=[A-Z“\"*\[(])")

MOST_LINES, MOST_LINES_A_CELL = 40, 10
FORBIDDEN_NODES = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.With, ast.Try,
)  # fmt: skip
FORBIDDEN_NAMES = {"read_csv", "read_table", "groupby", "merge", "open", "eval", "exec"}
PARAMETERS = """\
data_dir = "{data_dir}"
minimum_followup_months = None
relief_threshold_percent = None"""

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=[c.name for c in CHAPTERS])


def typed_numbers(chapter: Chapter) -> list[str]:
    """Return each number typed into prose that is not allowed, with its line."""
    found = []
    for line in chapter.prose:
        rest = line
        for entry in ALLOWED:
            if entry["where"] in ("any", chapter.name):
                rest = rest.replace(entry["text"], "")
        found += [f"{match.group()!r} in: {line.strip()}" for match in NUMBER.finditer(rest)]
    return found


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


@each_chapter
def test_front_matter_is_full(chapter):
    """Without the whole jupytext header a chapter is not executed."""
    header = chapter.front_matter
    assert header["jupytext"]["text_representation"]["format_name"] == "myst"
    assert header["jupytext"]["text_representation"]["extension"] == ".md"
    assert header["kernelspec"]["name"] == "python3"
    assert header["kernelspec"]["display_name"]


@each_chapter
def test_parameters_come_first_and_are_the_same(chapter):
    """Each chapter takes the same parameters, in its first cell; only the folder differs."""
    first = chapter.cells[0]
    assert first.tags == ("parameters", "remove-cell")
    data_dir = "data" if chapter.name == "index.md" else "../data"
    assert "\n".join(first.lines) == PARAMETERS.format(data_dir=data_dir)


@each_chapter
def test_second_cell_opens_the_review(chapter):
    """Each chapter opens the review with its parameters, in one way."""
    second = chapter.cells[1]
    assert second.tags == ("remove-cell",)
    imported, opened = second.lines
    assert re.fullmatch(r"from livingreview import [a-z_, ]+", imported)
    assert opened == (
        "review = open_review(data_dir, minimum_followup_months, relief_threshold_percent)"
    )


@each_chapter
def test_code_is_short(chapter):
    """A chapter has at most 40 lines of code, a cell at most 10."""
    lengths = [len(cell.lines) for cell in chapter.cells]
    assert max(lengths) <= MOST_LINES_A_CELL
    assert sum(lengths) <= MOST_LINES


@each_chapter
def test_code_only_asks_and_shows(chapter):
    """No function, loop, file or table operation stands in a chapter."""
    for cell in chapter.cells:
        for node in ast.walk(cell.tree):
            assert not isinstance(node, FORBIDDEN_NODES), ast.unparse(node)
            name = getattr(node, "attr", getattr(node, "id", ""))
            assert name not in FORBIDDEN_NAMES, ast.unparse(node)
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert ast.unparse(node).startswith("from livingreview import ")


@each_chapter
def test_cells_that_compute_are_hidden(chapter):
    """Every cell has a tag that hides its code: readers see what it shows."""
    for cell in chapter.cells:
        assert {"remove-cell", "remove-input", "hide-input"} & set(cell.tags), cell.lines[0]


@each_chapter
def test_numbers_are_computed(chapter):
    """No number is typed into prose, in digits or in words, unless the short list allows it."""
    assert typed_numbers(chapter) == []


@each_chapter
def test_one_sentence_a_line(chapter):
    """A line of prose holds at most one sentence, so that a change shows as one line."""
    for line in chapter.prose:
        sentence = SHORT.sub("short", LABEL.sub("", line))
        assert not SENTENCE_END.search(sentence), line


@each_chapter
def test_published_facts_are_used(chapter):
    """Each fact is published once and used, and each fact in prose is published there."""
    published = chapter.published
    assert sorted(published) == sorted(set(published)), "published twice"
    assert set(published) - chapter.glued == set(), "published, not used"
    assert chapter.glued - set(published) == set(), "used, not published"


@each_chapter
def test_facts_are_known_by_their_one_name(chapter, review):
    """Facts in prose exist, have an answer, and are spelt as the facts page spells them."""
    for name in sorted(chapter.glued):
        assert canonical_id(name) == name
        assert review.fact(name).value.text


@each_chapter
def test_guards_hold_and_say_what_they_protect(chapter):
    """A guard has a sentence of its own and a condition that is computed."""
    for call in chapter.calls("guard"):
        sentence, condition = call.args
        assert len(sentence.value.split()) >= 4
        assert any(isinstance(node, ast.Call) for node in ast.walk(condition)), sentence.value


@each_chapter
def test_opens_with_question_and_answer(chapter):
    """The first prose after the title is the question, then the answer."""
    title, question, answer = chapter.prose[:3]
    assert title.startswith("# ")
    assert question.startswith("**Question.**")
    assert answer.startswith("**Answer")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("In 4 of 9 studies", 2), ("Four trials", 1), ("a third of patients", 1), ("half", 1),
        ("one of them, one by one", 0), ("one trial", 1), ("one small study", 1),
        ("twice as many", 1), ("dozens of papers", 1), ("a twofold rise", 1), ("61.2%", 1),
        ("nobody, someone, often, weight, height, tend", 0), ("the third table", 0),
        ("see {glue}`studies(design=RCT)` and `x = 4`", 0), ("[page](a4.html)", 0),
        ("{cite:p}`kim-2015`", 0), ("https://doi.org/10.1/2", 0),
    ],
)  # fmt: skip
def test_what_counts_as_a_typed_number(line, found):
    """The lint finds digits and number words, and skips roles, code, links and other words."""
    assert len(typed_numbers(Chapter("none.md", line))) == found


@pytest.mark.parametrize(
    ("line", "several"),
    [
        ("It works. It is safe.", True), ("Is it? “Yes.”", True), ("It is e.g. Here.", False),
        ("**Answer.** It works.", False), ("See {cite:p}`kim-2015`. It works.", True),
        ("- **Trust** this. And that.", True), ("It fell by {glue}`x`. {glue}`y` rose.", True),
    ],
)  # fmt: skip
def test_what_counts_as_two_sentences(line, several):
    """The lint finds a second sentence, and skips labels and abbreviations."""
    (plain,) = Chapter("none.md", line).prose
    assert bool(SENTENCE_END.search(SHORT.sub("short", LABEL.sub("", plain)))) == several


@pytest.mark.skipif(not CHAPTERS, reason="no chapters yet")
def test_the_list_of_allowed_numbers_is_short_and_needed():
    """Each allowed text has a reason, stands in its chapter, and holds a number."""
    texts = {chapter.name: "\n".join(chapter.prose) for chapter in CHAPTERS}
    assert len(ALLOWED) <= 25
    for entry in ALLOWED:
        assert set(entry) == {"text", "where", "reason"}
        assert len(entry["reason"].split()) >= 3, entry
        assert NUMBER.search(entry["text"]), f"{entry['text']!r} holds no number"
        places = texts.values() if entry["where"] == "any" else [texts[entry["where"]]]
        assert any(entry["text"] in text for text in places), f"{entry['text']!r} is not used"
