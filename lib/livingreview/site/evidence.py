"""The checked review, read once per state of its files, however many steps of a build ask."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from livingreview.check import check
from livingreview.review import Review
from livingreview.site.inputs import evidence_hash


def checked_review(root: Path) -> Review:
    """Return the review of a book; raise InvalidData with every problem of its data."""
    return _checked(root.resolve() / "data", evidence_hash(root))


@lru_cache(maxsize=1)
def _checked(data: Path, fingerprint: str) -> Review:
    return check(data)
