"""What each page shows: one module for each, whose functions return `Html`."""

from livingreview.pages import (
    audit,
    cards,
    context,
    courses,
    data,
    disagreements,
    explorer,
    facts,
    long_term,
    methods,
    news,
    outcomes,
    peer_review,
    safety,
    studies,
    trials,
)

__all__ = [
    "audit",
    "cards",
    "context",
    "courses",
    "data",
    "disagreements",
    "explorer",
    "facts",
    "long_term",
    "methods",
    "news",
    "outcomes",
    "peer_review",
    "safety",
    "studies",
    "trials",
]
