"""What the prose of a book uses: light enough to ask before every build."""

from __future__ import annotations

import hashlib
import re
from itertools import chain
from pathlib import Path

PROSE_DIGEST = "prose-digest"
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
    """Return a chapter with a digest of all prose in place of the word ``prose-digest``.

    A cell that reads the prose of other chapters holds that word in a comment: its output is then
    made again when a sentence changes, and no other chapter's is.
    """
    if PROSE_DIGEST not in text:
        return text
    digest = hashlib.sha256()
    for page in pages(book):
        prose = CODE_CELL.sub("", page.read_text(encoding="utf-8", errors="replace"))
        digest.update(f"{page.name}\0{prose}\0".encode())
    return text.replace(PROSE_DIGEST, f"prose {digest.hexdigest()[:16]}")
