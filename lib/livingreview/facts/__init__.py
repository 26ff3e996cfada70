"""Facts: questions asked of the evidence, each with a value and the rows that gave it."""

from livingreview.facts import audited, listed, long_term, outcomes, safety, stated, studies, trials
from livingreview.facts.registry import FACTS, answer, canonical_id, fact
from livingreview.facts.values import Fact, Value

__all__ = [
    "FACTS",
    "Fact",
    "Value",
    "answer",
    "audited",
    "canonical_id",
    "fact",
    "listed",
    "long_term",
    "outcomes",
    "safety",
    "stated",
    "studies",
    "trials",
]
