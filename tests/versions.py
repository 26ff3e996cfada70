"""Two versions of a small review, as their files say, to compare."""

import hashlib

from livingreview.data.versions import Snapshot
from livingreview.history.snapshot import as_json

OLD = Snapshot(
    edition="printed",
    studies={"a": {"patients": 10, "year": 2019}, "b": {"patients": 5, "randomised": True}},
    facts={"studies": "2", "only_old": "1"},
    claims={"c1": "reproduced", "c2": "reproduced"},
    sentences={"index": ["There are 2 studies.", "It is so.", "Old."], "chapters/gone": ["x"]},
)
NEW = Snapshot(
    edition="living",
    studies={"a": {"patients": 12, "year": 2019}, "c": {"patients": 7}},
    facts={"studies": "3", "only_new": "1"},
    claims={"c1": "contradicted", "c2": "reproduced"},
    sentences={"index": ["There are 3 studies.", "It is so."], "chapters/new": ["y"]},
)


def digest(kept: Snapshot) -> str:
    """Return the digest of the file that a version is kept in."""
    return hashlib.sha256(as_json(kept.model_dump()).encode()).hexdigest()


FILE = f"""\
- version: 0.1.0
  date: 2026-01-10
  triggered_by: The first.
  searched_through: 2025-12-31
  search: One database.
  integrated_through: null
  next_search_due: null
  schedule: null
  retirement: null
  summary: What the first holds.
  kept: {digest(OLD)}
- version: 0.2.0
  date: 2026-03-10
  triggered_by: A new trial.
  searched_through: 2026-02-28
  search: One database again.
  integrated_through: 2026-03-01
  next_search_due: 2026-08-31
  schedule: Every six months
  retirement: null
  summary: What the second holds.
"""
