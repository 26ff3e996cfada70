"""Pure functions: one printed cell in, one typed value out.

A cell that no rule reads raises ``Unreadable``; the caller names file, row and column.
"""

from livingreview.classify.cells import Unreadable
from livingreview.classify.columns import (
    Citation,
    Design,
    classify_citation,
    classify_design,
    classify_guidance,
    classify_patients,
    classify_verdict,
)
from livingreview.classify.finding import Finding
from livingreview.classify.followup import FollowUp, classify_followup
from livingreview.classify.results import classify_notes, classify_outcomes
from livingreview.classify.targets import NerveCount, classify_targets

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
