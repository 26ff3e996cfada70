"""What the prose of a book uses: light enough to ask before every build."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

GLUE = re.compile(r"\{glue(?::\w+)?\}`([^`]+)`")


def facts_in_prose(book: Path) -> list[str]:
    """Return the ids of the facts that the chapters of a book use, sorted, each once."""
    pages = chain([book / "index.md"], sorted((book / "chapters").glob("*.md")))
    texts = (page.read_text(encoding="utf-8", errors="replace") for page in pages if page.is_file())
    return sorted({name for text in texts for name in GLUE.findall(text)})
