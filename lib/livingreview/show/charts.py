"""The charts of a review; each title says the finding, computed from the evidence."""

from livingreview.show.charts_followup import followup_chart
from livingreview.show.charts_judged import agreement_chart, safety_chart, verdicts_chart
from livingreview.show.charts_results import mean_changes_chart, responders_chart
from livingreview.show.charts_studies import (
    guidance_chart,
    patients_chart,
    regions_chart,
    years_chart,
)

__all__ = [
    "agreement_chart",
    "followup_chart",
    "guidance_chart",
    "mean_changes_chart",
    "patients_chart",
    "regions_chart",
    "responders_chart",
    "safety_chart",
    "verdicts_chart",
    "years_chart",
]
