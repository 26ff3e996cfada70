"""The chapters of a book: one reader for the build, for papermill, for checks and for history.

A chapter is a page of MyST: prose, and cells that show something. Its first two cells are the
same everywhere: the parameters that papermill sets, and the call that opens the chapter, which
publishes the facts that the prose names and asks the guards of its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from livingreview.problems import InvalidData, Problem

OPENS = "open_chapter("

# Of the extensions of MyST those that the chapters use.
EXTENSIONS = {"colon_fence", "deflist", "substitution"}
# Directives that hold no prose.
NO_PROSE = {"bibliography", "code-cell", "raw-cell", "contents"}

Said = Callable[[str, str], str]


class Line(NamedTuple):
    """A line of prose, with its number in the file."""

    number: int
    text: str


class Role(NamedTuple):
    """A name or words that prose marks, with the number of the line."""

    number: int
    name: str
    text: str


@dataclass(frozen=True)
class Guard:
    """Words of a page, and the Python condition that must hold as long as they stand."""

    number: int
    words: str
    condition: str


@dataclass(frozen=True)
class Cell:
    """A code cell: the number of its first line, its tags and its code."""

    number: int
    tags: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Chapter:
    """A page of a book; ``name`` is its path in the book's folder."""

    name: str
    text: str

    @cached_property
    def cells(self) -> list[Cell]:
        """The code cells that the chapter holds, in order."""
        read = _read(self.text)
        numbered = zip(read.metadata["source_map"], read.cells, strict=True)
        return [
            Cell(number + 1, tuple(cell.metadata.get("tags", ())), cell.source)
            for number, cell in numbered
            if cell.cell_type == "code"
        ]

    @cached_property
    def facts(self) -> list[Role]:
        """The facts that the prose names, in order, with each repetition."""
        return [role for role in self._roles if role.name.split(":")[0] == "glue"]

    @cached_property
    def guards(self) -> list[Guard]:
        """The words that the prose guards, in order."""
        return [
            Guard(role.number, *_halves(role.text)) for role in self._roles if role.name == "guard"
        ]

    def lines(self, said: Said) -> list[Line]:
        """Return the lines of prose that hold words, without the marks of lists and headings.

        ``said`` gives the words for what is no plain text, from its kind and content: the name of
        a role, ``code``, ``html`` or ``mark`` (of emphasis).
        """
        found = chain.from_iterable(
            _lines(token, first, said) for token, first in _prose(self.text)
        )
        return [line for line in found if line.text.strip()]

    @property
    def _roles(self) -> Iterator[Role]:
        for token, number in _prose(self.text):
            for child in token.children:
                if child.type == "myst_role":
                    yield Role(number, child.meta["name"], child.content)
                number += child.type in ("softbreak", "hardbreak")


def chapters(book: Path) -> list[Chapter]:
    """Return the pages of a book, the landing page first, then those of ``chapters/`` by name.

    Raises ``InvalidData`` for pages that cannot be read.
    """
    paths = chain([book / "index.md"], sorted((book / "chapters").glob("*.md")))
    read: list[Chapter] = []
    problems: list[Problem] = []
    for path in filter(Path.is_file, paths):
        name = path.relative_to(book).as_posix()
        try:
            read.append(Chapter(name, path.read_text(encoding="utf-8")))
            _read(read[-1].text)
        except UnicodeDecodeError as error:
            problems.append(Problem(name, None, None, error.reason, "text in UTF-8"))
        except ValueError as error:
            problems.append(Problem(name, None, None, str(error), "a page of MyST"))
    if problems:
        raise InvalidData(problems)
    return read


def facts_named(pages: Iterable[Chapter]) -> list[str]:
    """Return the ids of the facts that the prose of some pages names, sorted, each once."""
    return sorted({fact.text for page in pages for fact in page.facts})


def notebook(text: str) -> Any:
    """Return a chapter as a notebook, whose opening cell lists what it takes from the prose.

    This is the reader that myst-nb is told to use: an executed chapter is kept by its cells, and
    so executed again when its prose names another fact or another guard.
    """
    read, chapter = _read(text), Chapter("", text)
    taken = [f"# {name}" for name in facts_named([chapter])]
    taken += [f"# {guard.words} <{guard.condition}>" for guard in chapter.guards]
    for cell in read.cells:
        if cell.cell_type == "code" and OPENS in cell.source:
            cell.source = "\n".join([cell.source, *taken])
    return read


def _halves(text: str) -> tuple[str, str]:
    """Return the words and the condition of a guard: ``words <condition>``."""
    words, _, condition = text.partition(" <")
    return words.strip(), condition.removesuffix(">").strip()


def words_of(text: str) -> str:
    """Return what is shown of the text of a role: ``words <target>`` shows the words."""
    return _halves(text)[0]


def _read(text: str) -> Any:
    """Return the notebook that a text is; raises ``ValueError`` for a head that is no YAML."""
    from myst_nb.core.read import MystMetadataParsingError, read_myst_markdown_notebook

    try:
        return read_myst_markdown_notebook(text, config=_config(), add_source_map=True)
    except MystMetadataParsingError as error:
        raise ValueError(str(error)) from None


def _config() -> Any:
    from myst_parser.config.main import MdParserConfig

    return MdParserConfig(enable_extensions=set(EXTENSIONS))


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it.renderer import RendererHTML
    from myst_parser.parsers.mdit import create_md_parser

    return create_md_parser(_config(), RendererHTML)


@lru_cache(maxsize=256)
def _prose(text: str) -> tuple[tuple[Any, int], ...]:
    """Return the inline tokens of a text, each with the number of its first line."""
    return tuple(_inline(_parser().parse(text), 1))


def _inline(tokens: Iterable[Any], first: int) -> Iterator[tuple[Any, int]]:
    for token in tokens:
        number = first + (token.map[0] if token.map else 0)
        if token.type == "inline":
            yield token, number
        elif token.type in ("fence", "colon_fence") and _holds_prose(token.info.strip()):
            body, offset = _body(token.content)
            yield from _inline(_parser().parse(body), number + 1 + offset)


def _holds_prose(info: str) -> bool:
    """Return whether a fence is a directive that holds prose, from the words behind its marks."""
    return info.startswith("{") and info[1:].partition("}")[0] not in NO_PROSE


class _AnyDirective:
    required_arguments, optional_arguments, has_content = 0, 1, True
    option_spec: ClassVar = {"any": True}


def _body(content: str) -> tuple[str, int]:
    """Return what a directive holds below its options, and the number of lines above it."""
    from myst_parser.parsers.directives import parse_directive_text

    read = parse_directive_text(_AnyDirective, "", content, validate_options=False)
    return "\n".join(read.body), read.body_offset


def _lines(token: Any, number: int, said: Said) -> Iterator[Line]:
    held = ""
    for child in token.children:
        if child.type in ("softbreak", "hardbreak"):
            yield Line(number, held)
            number, held = number + 1, ""
        elif child.type == "myst_role":
            held += said(child.meta["name"], child.content)
        elif child.type in ("code_inline", "html_inline"):
            held += said(child.type.partition("_")[0], child.content)
        elif child.type in ("em_open", "em_close", "strong_open", "strong_close"):
            held += said("mark", child.markup)
        else:
            held += child.content
    yield Line(number, held)
