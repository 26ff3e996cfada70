"""What a version said: kept when it is cut, and compared with the next."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from livingreview.book import GLUE
from livingreview.data.versions import Snapshot
from livingreview.evidence.edition import distinct_studies
from livingreview.facts import UnknownFact
from livingreview.facts.used import all_facts
from livingreview.frames import is_stated
from livingreview.history.changes import Changes, changes
from livingreview.problems import InvalidData
from livingreview.review import PRINTED, Review, open_review
from livingreview.words import listed

FENCE = re.compile(r"^\s*(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")


FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


NOT_PROSE = re.compile(r"^\s*(:{3,}.*|:[\w-]+:.*|\(.*\)=|<!--.*-->|-{3,})\s*$")


# Directives that hold code or a list that the build makes; the others hold prose.
CODE = re.compile(r"\s*($|[^{\s]|\{(code-cell|bibliography)\})")


MARKS = (
    (re.compile(r"\{cite:?\w*\}`([^`]+)`"), r"(\1)"),
    (re.compile(r"\{[\w:+-]+\}`([^`<]+?)\s*(?:<[^`]*>)?`"), r"\1"),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\*\*|`"), ""),
    (re.compile(r"^\s*(#+|[-*:]|\d+\.)\s+"), ""),
)


# Columns that say where a value stands or follow from another: no news of their own.
NO_NEWS = ("row", "ref", "design_group", "from_primary")


def snapshot(review: Review, book: Path | str) -> dict[str, Any]:
    """Return what the review says now, as plain values.

    edition: its name; studies: per key the values of its row that are not missing, and its nerves;
    facts: per id the text; claims: per id the verdict; sentences: per page its lines of prose,
    numbers in place. ``book`` is the folder that holds the pages.
    """
    book = Path(book)
    return {
        "edition": review.name,
        "studies": _studies(review),
        "facts": {fact.id: fact.value.text for fact in all_facts(review, book)},
        # The claims are of the source review: they are held against its own studies.
        "claims": {str(row.id): str(row.verdict) for row in review.printed.audit.itertuples()},
        "sentences": {
            page.relative_to(book).with_suffix("").as_posix(): sentences(review, page)
            for page in (book / "index.md", *sorted((book / "chapters").glob("*.md")))
            if page.is_file()
        },
    }


def present_changes(review: Review, book: Path | str) -> Changes | None:
    """Return what changed from the preceding version's snapshot to the present state.

    None for a first version.
    """
    versions = review.source.versions
    if versions.preceding is None:
        return None
    old = versions.snapshots[versions.preceding.version]
    return changes(old, Snapshot.model_validate(snapshot(review.living, book)))


def as_json(content: dict[str, Any]) -> str:
    """Return a snapshot as text: sorted, one value a line, the same state the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _studies(review: Review) -> dict[str, dict[str, Any]]:
    rows = distinct_studies(review.studies).set_index("key")
    rows = rows.drop(columns=list(NO_NEWS), errors="ignore")
    found = {}
    for key, row in rows.iterrows():
        found[str(key)] = {
            str(name): _plain_value(value) for name, value in row.items() if is_stated(value)
        }
    targets = review.targets
    for key, group in targets.groupby("key"):
        if str(key) in found:
            found[str(key)]["nerves"] = ", ".join(sorted(set(group["nerve"])))
    return found


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return listed(value)
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def sentences(review: Review, page: Path) -> list[str]:
    """Return the lines of prose of a page as a reader sees them, facts in place; no cell is run."""
    text = FRONT_MATTER.sub("", page.read_text(encoding="utf-8"))
    cells, prose = _parts(text)
    asked = _reviews_asked(review, cells)

    def said(match: re.Match[str]) -> str:
        try:
            return asked.get(match[1], review).fact(match[1]).value.text
        except UnknownFact:  # the build tells a value that no cell gives
            return match[0]

    lines = (_without_marks(GLUE.sub(said, line)) for line in prose)
    return [line for line in lines if line]


def _without_marks(line: str) -> str:
    for pattern, instead in MARKS:
        line = pattern.sub(instead, line)
    return " ".join(line.split())


def _parts(text: str) -> tuple[list[str], list[str]]:
    """Return the code of the cells, each as one text, and the lines of prose."""
    cells, prose = [], []
    fence, held, is_cell = "", list[str](), False
    for line in text.splitlines():
        match = FENCE.match(line)
        if fence and match and match["ticks"].startswith(fence) and not match["info"].strip():
            if is_cell:
                cells.append("\n".join(held))
            fence = ""
        elif fence:
            held.append(line)
        elif match and CODE.match(match["info"]) and match["info"].strip():
            fence, held = match["ticks"], []
            is_cell = match["info"].strip().startswith("{code-cell}")
        elif not match and not NOT_PROSE.match(line):
            prose.append(line)
    return cells, prose


def _reviews_asked(review: Review, cells: list[str]) -> dict[str, Review]:
    """Return, per published fact, the edition that the page asks.

    A page opens one with ``open_review(..., edition="living")``, the printed one where it names
    none, and may ask another: ``publish(review.living, "studies")``.
    """
    opened = review.in_edition(PRINTED)
    asked: dict[str, Review] = {}
    for call in _calls(cells):
        name = getattr(call.func, "id", "")
        if name == "open_review":
            opened = review.in_edition(_edition(call))
        elif name == "publish" and call.args:
            base, *named = call.args
            chosen = review.in_edition(base.attr) if isinstance(base, ast.Attribute) else opened
            for argument in named:
                if isinstance(argument, ast.Constant):
                    asked[str(argument.value)] = chosen
    return asked


def _calls(cells: list[str]) -> Iterator[ast.Call]:
    for cell in cells:
        code = "\n".join(line for line in cell.splitlines() if not re.match(r":[\w-]+:", line))
        yield from (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))


def _edition(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "edition" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return PRINTED


def main(arguments: list[str]) -> int:
    """Keep the present state under the given version; exit 1 with what is wrong with the data."""
    if len(arguments) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", arguments[0]):
        print("Say which version: python -m livingreview.history.snapshot 0.1.0", file=sys.stderr)
        return 2
    try:
        text = as_json(snapshot(open_review("data").living, Path()))
    except InvalidData as error:
        print(error, file=sys.stderr)
        return 1
    path = Path("data", "versions", f"{arguments[0]}.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"kept: {path.as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
