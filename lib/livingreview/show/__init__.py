"""What chapters show: tables, one interactive table, charts."""

from livingreview.show.bigtable import interactive
from livingreview.show.charts import (
    agreement_chart,
    followup_chart,
    guidance_chart,
    mean_changes_chart,
    patients_chart,
    regions_chart,
    responders_chart,
    safety_chart,
    verdicts_chart,
    years_chart,
)
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.lists import dictionary_table, downloads_table, facts_list
from livingreview.show.method import (
    attribution,
    eligibility_table,
    flow_table,
    rule_table,
    statements_table,
    status_table,
)
from livingreview.show.results import (
    adverse_events_table,
    contrasts_table,
    mean_changes_table,
    other_results_table,
    responders_table,
    trials_table,
)
from livingreview.show.studies import designs_table, misnamed_table, nerves_table, studies_table
from livingreview.show.table import table
from livingreview.show.verdicts import (
    agreement_table,
    claims_table,
    claims_that_matter,
    long_term_table,
    verdicts_table,
)

__all__ = [
    "Html",
    "adverse_events_table",
    "agreement_chart",
    "agreement_table",
    "attribution",
    "claims_table",
    "claims_that_matter",
    "contrasts_table",
    "designs_table",
    "dictionary_table",
    "downloads_table",
    "eligibility_table",
    "facts_list",
    "figure",
    "flow_table",
    "followup_chart",
    "guidance_chart",
    "interactive",
    "long_term_table",
    "mean_changes_chart",
    "mean_changes_table",
    "misnamed_table",
    "nerves_table",
    "other_results_table",
    "patients_chart",
    "regions_chart",
    "responders_chart",
    "responders_table",
    "rule_table",
    "safety_chart",
    "statements_table",
    "status_table",
    "studies_table",
    "table",
    "trials_table",
    "verdicts_chart",
    "verdicts_table",
    "years_chart",
]
