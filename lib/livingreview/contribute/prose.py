"""Check the prose of the chapters: facts that exist, guards that can be asked, no typed number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from livingreview.book import Chapter, Line, chapters
from livingreview.data.files import read_yaml
from livingreview.facts import UnknownFact, canonical_id
from livingreview.problems import Problem, quoted
from livingreview.review import Review

ALLOWED_NUMBERS = "data/typed_numbers.yml"
ANYWHERE = "any"

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
ADDRESS = re.compile(r"<?https?://\S+")
FEWEST_WORDS = 2  # of guarded words: a word alone says nothing that could be false


class Allowed(BaseModel):
    """A text with a number that a chapter may hold, and why it is no finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=1)]
    where: Annotated[str, Field(min_length=1, description="The page, or any")]
    reason: Annotated[str, Field(min_length=10)]


class AllowedNumbers(BaseModel):
    """The file of the numbers that may be typed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entries: tuple[Allowed, ...]


def check_prose(review: Review, book: Path) -> list[Problem]:
    """Return what is wrong with the prose of a book, in the order of its pages.

    Raises ``InvalidData`` for a page that cannot be read.
    """
    problems: list[Problem] = []
    pages = chapters(book)
    allowed: tuple[Allowed, ...] = ()
    if (book / ALLOWED_NUMBERS).exists():
        listed = read_yaml(book / ALLOWED_NUMBERS, AllowedNumbers, problems)
        allowed = listed.entries if listed else ()
    problems += _idle(allowed, pages)
    for page in pages:
        problems += unknown_facts(review, page)
        problems += unfit_guards(review, page)
        problems += typed_numbers(page, allowed)
    return problems


def plain(kind: str, text: str) -> str:
    """Return the words for what is no plain text: those that no rule looks for."""
    return {"code": "code", "html": "", "mark": text}.get(kind, "Role")


def unknown_facts(review: Review, page: Chapter) -> list[Problem]:
    """Return one problem for each fact in prose that has no answer or another spelling."""
    return [
        Problem(page.name, f"line {fact.number}", None, quoted(fact.text), allowed)
        for fact in page.facts
        if (allowed := _allowed_instead(review, fact.text))
    ]


def unfit_guards(review: Review, page: Chapter) -> Iterator[Problem]:
    """Yield one problem for each guard that protects no words or asks nothing of the review."""
    for guard in page.guards:
        line = f"line {guard.number}"
        if len(guard.words.split()) < FEWEST_WORDS:
            yield Problem(page.name, line, None, quoted(guard.words), "words that it guards")
        try:
            tree = ast.parse(guard.condition, mode="eval")
        except SyntaxError:
            found = quoted(guard.condition or "no condition")
            yield Problem(page.name, line, None, found, "words <a condition in Python>")
            continue
        names = [arg for node in ast.walk(tree) if isinstance(node, ast.Call) for arg in node.args]
        if not names:
            found = quoted(guard.condition)
            yield Problem(page.name, line, None, found, 'a question such as review.most("studies")')
        for name in names:
            fact = str(getattr(name, "value", ""))
            if allowed := _allowed_instead(review, fact):
                yield Problem(page.name, line, None, quoted(fact), allowed)


def typed_numbers(page: Chapter, allowed: tuple[Allowed, ...] = ()) -> list[Problem]:
    """Return one problem for each line of prose with a number that is typed and not allowed."""
    problems = []
    for number, text in page.lines(plain):
        rest = ADDRESS.sub("address", text)
        for entry in allowed:
            if entry.where in (ANYWHERE, page.name):
                rest = rest.replace(entry.text, "")
        if typed := [match.group() for match in NUMBER.finditer(rest)]:
            found = f"{', '.join(map(quoted, typed))} typed in {quoted(text)}"
            instead = f"a fact, as {{glue}}`name`, or an entry of {ALLOWED_NUMBERS} that says why"
            problems.append(Problem(page.name, f"line {number}", None, found, instead))
    return problems


def _allowed_instead(review: Review, name: str) -> str:
    """Return what is allowed instead of a fact's id; nothing for one that is right."""
    try:
        review.fact(name)
        spelling = canonical_id(name)
    except UnknownFact as unknown:
        return str(unknown)
    return "" if spelling == name else spelling


def _idle(allowed: tuple[Allowed, ...], pages: list[Chapter]) -> Iterator[Problem]:
    """Yield one problem for each allowed text that holds no number or stands nowhere."""
    lines: dict[str, list[Line]] = {page.name: page.lines(plain) for page in pages}
    for row, entry in enumerate(allowed, start=1):
        places = lines.values() if entry.where == ANYWHERE else [lines.get(entry.where, [])]
        used = any(entry.text in line.text for place in places for line in place)
        if not used or not NUMBER.search(entry.text):
            yield Problem(
                ALLOWED_NUMBERS,
                str(row),
                None,
                quoted(entry.text),
                f"a text with a number that stands in {entry.where}",
            )
