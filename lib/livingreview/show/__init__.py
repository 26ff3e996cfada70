"""What chapters show: tables, one interactive table, charts."""

from livingreview.show.bigtable import interactive
from livingreview.show.cards import standings_table, study_cards
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
from livingreview.show.charts_primary import contrast_charts, reporting_chart
from livingreview.show.context import ongoing_table, registered_table, reviews_table
from livingreview.show.downloads import downloads_table, files_table, how_to_cite
from livingreview.show.explorer import explorer
from livingreview.show.facts_page import facts_list
from livingreview.show.figure import figure
from livingreview.show.flow import flow_diagram, screening_table
from livingreview.show.html import Html
from livingreview.show.lists import dictionary_table
from livingreview.show.method import (
    attribution,
    eligibility_table,
    flow_table,
    rule_table,
    statements_table,
)
from livingreview.show.news import changes_tables, last_change, status_table, versions_table
from livingreview.show.primary import (
    added_studies_table,
    contrasts_reported_table,
    disagreement_counts_table,
    disagreements_table,
    disputed_studies_table,
    disputed_verdicts_table,
    living_trials_table,
    reporting_by_table,
    reporting_table,
    stated_items_table,
    unverified_table,
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
    "added_studies_table",
    "adverse_events_table",
    "agreement_chart",
    "agreement_table",
    "attribution",
    "changes_tables",
    "claims_table",
    "claims_that_matter",
    "contrast_charts",
    "contrasts_reported_table",
    "contrasts_table",
    "designs_table",
    "dictionary_table",
    "disagreement_counts_table",
    "disagreements_table",
    "disputed_studies_table",
    "disputed_verdicts_table",
    "downloads_table",
    "eligibility_table",
    "explorer",
    "facts_list",
    "figure",
    "files_table",
    "flow_diagram",
    "flow_table",
    "followup_chart",
    "guidance_chart",
    "how_to_cite",
    "interactive",
    "last_change",
    "living_trials_table",
    "long_term_table",
    "mean_changes_chart",
    "mean_changes_table",
    "misnamed_table",
    "nerves_table",
    "ongoing_table",
    "other_results_table",
    "patients_chart",
    "regions_chart",
    "registered_table",
    "reporting_by_table",
    "reporting_chart",
    "reporting_table",
    "responders_chart",
    "responders_table",
    "reviews_table",
    "rule_table",
    "safety_chart",
    "screening_table",
    "standings_table",
    "stated_items_table",
    "statements_table",
    "status_table",
    "studies_table",
    "study_cards",
    "table",
    "trials_table",
    "unverified_table",
    "verdicts_chart",
    "verdicts_table",
    "versions_table",
    "years_chart",
]
