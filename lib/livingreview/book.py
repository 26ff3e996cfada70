"""The chapters of a book as text: what their prose uses, and how it reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

PROSE_DIGEST = "prose-digest"


FACTS_DIGEST = "facts-digest"


CODE_CELL = re.compile(r"^```\{code-cell\}.*?^```\s*$", re.DOTALL | re.MULTILINE)


GLUE = re.compile(r"\{glue(?::\w+)?\}`([^`]+)`")


def pages(book: Path) -> list[Path]:
    """Return the chapters of a book, the landing page first."""
    found = chain([book / "index.md"], sorted((book / "chapters").glob("*.md")))
    return [page for page in found if page.is_file()]


def facts_in_prose(book: Path) -> list[str]:
    """Return the ids of the facts that the chapters of a book use, sorted, each once."""
    texts = (page.read_text(encoding="utf-8", errors="replace") for page in pages(book))
    return sorted({name for text in texts for name in GLUE.findall(text)})


def with_prose_digest(text: str, book: Path) -> str:
    """Return a chapter with digests in place of the words ``prose-digest`` and ``facts-digest``.

    A cell that reads the prose of other chapters holds one of them in a comment: its output is then
    made again when a sentence changes, or only when the prose uses other facts.
    """
    if PROSE_DIGEST in text:
        text = text.replace(PROSE_DIGEST, f"prose {_digest(_prose(book))}")
    if FACTS_DIGEST in text:
        text = text.replace(FACTS_DIGEST, f"facts {_digest(facts_in_prose(book))}")
    return text


def _prose(book: Path) -> Iterator[str]:
    for page in pages(book):
        yield page.name
        yield CODE_CELL.sub("", page.read_text(encoding="utf-8", errors="replace"))


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part}\0".encode())
    return digest.hexdigest()[:16]
