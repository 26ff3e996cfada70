"""Facts: questions asked of the evidence, each with a value and the rows that gave it."""

from livingreview.facts import (
    audited,
    listed,
    long_term,
    outcomes,
    primary,
    safety,
    stated,
    studies,
    trials,
)
from livingreview.facts.registry import (
    FACTS,
    UnknownFact,
    answer,
    canonical_id,
    fact,
    of_edition,
)
from livingreview.facts.values import Fact, Value

__all__ = [
    "FACTS",
    "Fact",
    "UnknownFact",
    "Value",
    "answer",
    "audited",
    "canonical_id",
    "fact",
    "listed",
    "long_term",
    "of_edition",
    "outcomes",
    "primary",
    "safety",
    "stated",
    "studies",
    "trials",
]
