"""Read the chapters: front matter, code cells, and lines of prose as a reader sees them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import yaml

from project import ROOT

FENCE = re.compile(r"^(?P<ticks>`{3,}|~{3,})\s*(?P<info>.*)$")
GLUE = re.compile(r"\{glue(?::\w+)?\}`([^`]+)`")

# What is no prose: replaced by a word that no rule looks for.
ROLE = re.compile(r"\{[a-z:+-]+\}`[^`]*`")
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1")
LINK = re.compile(r"\]\([^)]*\)")
ADDRESS = re.compile(r"<?https?://\S+")
DIRECTIVE = re.compile(r"^\s*(:{3,}.*|:[\w-]+:.*|\(.*\)=|<!--.*-->)$")


@dataclass(frozen=True)
class Cell:
    """One code cell: its tags and its lines of code, blank lines left out."""

    tags: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def tree(self) -> ast.Module:
        """The parsed code."""
        return ast.parse("\n".join(self.lines))


@dataclass(frozen=True)
class Chapter:
    """One chapter, taken apart."""

    name: str
    text: str

    @property
    def front_matter(self) -> dict:
        """The YAML between the first two lines of dashes; empty without."""
        match = re.match(r"---\n(.*?)\n---\n", self.text, re.DOTALL)
        return yaml.safe_load(match[1]) if match else {}

    @property
    def body(self) -> str:
        """The chapter without its front matter."""
        return re.sub(r"\A---\n.*?\n---\n", "", self.text, flags=re.DOTALL)

    @property
    def cells(self) -> list[Cell]:
        """The code cells, in order."""
        return [cell for cell, _ in _parts(self.body) if cell]

    @property
    def prose(self) -> list[str]:
        """The lines of prose with roles, code, link targets and directives taken out."""
        lines = (line for cell, line in _parts(self.body) if cell is None)
        return [_plain(line) for line in lines if line.strip() and not DIRECTIVE.match(line)]

    @property
    def glued(self) -> set[str]:
        """The facts that the prose uses."""
        text = "\n".join(line for cell, line in _parts(self.body) if cell is None)
        return set(GLUE.findall(text))

    def calls(self, name: str) -> list[ast.Call]:
        """Return the calls of a function in the chapter's cells."""
        nodes = (node for cell in self.cells for node in ast.walk(cell.tree))
        return [n for n in nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == name]

    @property
    def published(self) -> list[str]:
        """The facts that the cells publish, in order."""
        arguments = (argument for call in self.calls("publish") for argument in call.args[1:])
        return [argument.value for argument in arguments]


def chapters() -> list[Chapter]:
    """Return the landing page and the chapters; those that exist."""
    paths = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]
    return [
        Chapter(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for path in paths
        if path.is_file()
    ]


def _parts(body: str):
    """Yield each code cell, and each line outside of fenced code, as (cell, line)."""
    fence, info, held = None, "", []
    for line in body.splitlines():
        match = FENCE.match(line.strip())
        if fence is None and match and _is_code(match["info"]):
            fence, info, held = match["ticks"], match["info"], []
        elif fence and line.strip().startswith(fence):
            if info.startswith("{code-cell}"):
                yield _cell(held), ""
            fence = None
        elif fence:
            held.append(line)
        elif not match:
            yield None, line


def _is_code(info: str) -> bool:
    """Return whether a fence holds code or data; other directives hold prose."""
    return not info.startswith("{") or info.startswith(("{code-cell}", "{bibliography}"))


def _cell(lines: list[str]) -> Cell:
    tags = next(
        (re.findall(r"[\w-]+", line[6:]) for line in lines if line.startswith(":tags:")), []
    )
    code = tuple(line for line in lines if line.strip() and not re.match(r":[\w-]+:", line))
    return Cell(tuple(tags), code)


def _plain(line: str) -> str:
    for pattern, instead in ((ROLE, "Role"), (CODE, "code"), (LINK, "]"), (ADDRESS, "address")):
        line = pattern.sub(instead, line)
    return line
