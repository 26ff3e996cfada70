"""The check of prose: facts that do not exist, guards that ask nothing, numbers that are typed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from livingreview.book import Chapter
from livingreview.contribute.check import check_book
from livingreview.contribute.prose import (
    Allowed,
    check_prose,
    typed_numbers,
    unfit_guards,
    unknown_facts,
)
from livingreview.problems import InvalidData
from livingreview.review import Review


def page(text: str) -> Chapter:
    """Return a page of one line of prose, the third."""
    return Chapter("chapters/a.md", f"# A\n\n{text}\n")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("studdies", "did you mean studies?"),
        ("studies(colour=blue)", "the arguments of studies: "),
        ("studies(design=RTC)", "design one of "),
        ("studies( design=RCT)", "allowed: studies(design=RCT)"),
    ],
)
def test_a_fact_that_is_not_known_is_told_with_its_place(
    review: Review, name: str, allowed: str
) -> None:
    """One message: file, line, what was found, and the nearest that is allowed."""
    (problem,) = unknown_facts(review, page(f"In {{glue}}`{name}` and {{glue}}`studies`."))
    assert str(problem).startswith(f'chapters/a.md: line 3: found "{name}"; ')
    assert allowed in str(problem)


@pytest.mark.parametrize(
    ("guard", "said"),
    [
        ('most are small <review.most("trials_without_difference")>', ""),
        ("most are small", "a condition in Python"),
        ('most are small <review.most("studies">', "a condition in Python"),
        ("most are small <1 < 2>", "a question such as"),
        ('most are small <review.most("studdies")>', "did you mean studies?"),
        ('most <review.most("studies")>', "words that it guards"),
    ],
)
def test_a_guard_has_words_and_asks_the_review(review: Review, guard: str, said: str) -> None:
    """Without words, a condition, or a fact that exists, a guard protects nothing."""
    found = [str(problem) for problem in unfit_guards(review, page(f"So {{guard}}`{guard}`."))]
    assert len(found) == bool(said)
    assert all(said in line and line.startswith("chapters/a.md: line 3: ") for line in found)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("In 4 of 9 studies", 2),
        ("Four trials", 1),
        ("a third of patients", 1),
        ("half", 1),
        ("one of them, one by one", 0),
        ("one trial", 1),
        ("one small study", 1),
        ("twice as many", 1),
        ("dozens of papers", 1),
        ("a twofold rise", 1),
        ("61.2%", 1),
        ("nobody, someone, often, weight, height, tend", 0),
        ("the third table", 0),
        ("see {glue}`studies(design=RCT)` and `x = 4`", 0),
        ("[page](a4.html)", 0),
        ("{cite:p}`kim-2015`", 0),
        ("https://doi.org/10.1/2", 0),
        ("{guard}`a b <x > 1>`", 0),
    ],
)
def test_what_counts_as_a_typed_number(line: str, found: int) -> None:
    """Digits and number words are found; roles, code, links and other words are not."""
    said = [str(problem) for problem in typed_numbers(page(line))]
    assert sum(text.partition(" typed in ")[0].count('"') // 2 for text in said) == found
    assert all(text.startswith("chapters/a.md: line 3: found ") for text in said)


def test_a_number_may_be_allowed_in_one_page_or_in_all() -> None:
    """What the file lists is no problem where it says so, and only in these words."""
    text = "In more than half of 9 patients."
    for where, left in (("any", 1), ("chapters/a.md", 1), ("chapters/b.md", 2)):
        listed = Allowed(text="more than half", where=where, reason="a word of the protocol")
        (problem,) = typed_numbers(page(text), (listed,))
        assert str(problem).partition(" typed in ")[0].count('"') == 2 * left


def test_an_allowance_that_is_not_used_is_told(
    review: Review, tmp_path: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """The list holds nothing that no page holds, and nothing without a number."""
    (tmp_path / "data").mkdir()
    (tmp_path / "index.md").write_text("# Exactly half\n\nA sentence.\n")
    listed = tmp_path / "data" / "typed_numbers.yml"
    entry = "- text: Exactly half\n  where: index.md\n  reason: the words of the rule\n"
    listed.write_text(f"entries:\n{entry}")
    assert check_prose(review, tmp_path) == []
    for old, new in (("half", "half of it"), ("half of it", "")):
        edit(listed, f"Exactly {old}", f"Exactly {new}".strip())
        (problem,) = (p for p in check_prose(review, tmp_path) if p.file != "index.md")
        assert str(problem).startswith("data/typed_numbers.yml: row 1: found ")


def test_the_whole_check_tells_what_is_wrong_with_prose(
    data_copy: Path, edit: Callable[[Path, str, str], None], root: Path
) -> None:
    """What stops the check stops the build: both ask for the book, not for its data alone."""
    index = data_copy / "index.md"
    index.write_text((root / "index.md").read_text("utf-8"), "utf-8")
    (data_copy / "data" / "typed_numbers.yml").unlink()
    assert len(check_book(data_copy).studies)
    edit(index, "{glue}`studies_read` of its", "7 of its")
    with pytest.raises(InvalidData, match=r'index\.md: line \d+: found "7" typed in'):
        check_book(data_copy)
