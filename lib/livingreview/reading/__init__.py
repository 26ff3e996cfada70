"""Pure functions: one printed cell in, one typed value out.

A cell that no rule reads raises ``Unreadable``; the caller names file, row and column.
"""

from livingreview.reading.cells import FollowUp, Unreadable, classify_followup
from livingreview.reading.columns import (
    Citation,
    Design,
    NerveCount,
    classify_citation,
    classify_design,
    classify_guidance,
    classify_patients,
    classify_targets,
    classify_verdict,
)
from livingreview.reading.phrases import Finding
from livingreview.reading.results import classify_notes, classify_outcomes

__all__ = [
    "Citation",
    "Design",
    "Finding",
    "FollowUp",
    "NerveCount",
    "Unreadable",
    "classify_citation",
    "classify_design",
    "classify_followup",
    "classify_guidance",
    "classify_notes",
    "classify_outcomes",
    "classify_patients",
    "classify_targets",
    "classify_verdict",
]
