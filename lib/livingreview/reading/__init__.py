"""Pure functions: one printed cell in, one typed value out.

A cell that no rule reads raises ``Unreadable``; the caller names file, row and column.
"""

from collections.abc import Callable
from typing import Any

from livingreview.data.printed import Reader
from livingreview.data.vocabulary import Vocabulary
from livingreview.reading.builders import Finding
from livingreview.reading.cells import FollowUp, Unreadable, classify_followup, classify_months
from livingreview.reading.columns import (
    Citation,
    Design,
    NerveCount,
    classify_citation,
    classify_comparators,
    classify_design,
    classify_guidance,
    classify_patients,
    classify_targets,
    classify_verdict,
)
from livingreview.reading.results import Notes, classify_notes, classify_outcomes

READERS: dict[Reader, Callable[[str, Vocabulary], Any]] = {
    "citation": classify_citation,
    "design": classify_design,
    "comparators": classify_comparators,
    "count": classify_patients,
    "targets": classify_targets,
    "guidance": classify_guidance,
    "time": classify_followup,
    "months": classify_months,
    "results": classify_outcomes,
    "notes": classify_notes,
    "verdict": classify_verdict,
}

__all__ = [
    "READERS",
    "Citation",
    "Design",
    "Finding",
    "FollowUp",
    "NerveCount",
    "Notes",
    "Unreadable",
    "classify_citation",
    "classify_comparators",
    "classify_design",
    "classify_followup",
    "classify_guidance",
    "classify_months",
    "classify_notes",
    "classify_outcomes",
    "classify_patients",
    "classify_targets",
    "classify_verdict",
]
