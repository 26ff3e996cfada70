"""Facts: questions asked of the evidence, each with a value and the rows that gave it."""

from livingreview.facts import (
    choices,
    courses,
    harms,
    long_term,
    outcomes,
    printed,
    printings,
    read,
    searches,
    studies,
    synthesis,
    trials,
)
from livingreview.facts.registry import FACTS, UnknownFact, answer, canonical_id, fact, of_edition
from livingreview.facts.values import Fact, Value

__all__ = [
    "FACTS",
    "Fact",
    "UnknownFact",
    "Value",
    "answer",
    "canonical_id",
    "choices",
    "courses",
    "fact",
    "harms",
    "long_term",
    "of_edition",
    "outcomes",
    "printed",
    "printings",
    "read",
    "searches",
    "studies",
    "synthesis",
    "trials",
]
