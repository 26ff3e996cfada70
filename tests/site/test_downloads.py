"""What the site offers for download."""

import json
from pathlib import Path

import pandas as pd
import pytest

from livingreview.review import Review
from livingreview.tables import TABLES

DATA = Path(__file__).parents[2] / "_build" / "html" / "data"

# The columns that DESIGN names for each table; the site may hold more.
CONTRACT = {
    "studies": "key ref first_author year doi publication design randomised blinding comparators "
    "patients patients_treated condition guidance followup_min_months followup_max_months "
    "followup_status read_as added_in",
    "targets": "key nerve region",
    "outcomes": "key arm kind measure threshold_percent threshold_rule months responders evaluated "
    "percent estimate ci_low ci_high p_value direction primary_endpoint source locator",
    "adverse_events": "key event patients at_risk serious source locator",
}


def table(name: str) -> pd.DataFrame:
    """Return a published table as printed: text, blanks kept."""
    return pd.read_csv(DATA / "printed" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", CONTRACT)
def test_tables_hold_the_agreed_columns(name: str) -> None:
    """Each agreed column is there, and the table has rows."""
    assert set(CONTRACT[name].split()) <= set(table(name).columns)
    assert len(table(name)) > 0


def test_studies_count_as_printed() -> None:
    """55 rows, 54 references; 4 trials, 16 and 4 cohorts, 31 case reports and series."""
    studies = table("studies")
    designs = studies["design"].value_counts()
    assert (len(studies), studies["ref"].nunique()) == (55, 54)
    assert (designs["RCT"], designs["OR"], designs["OP"]) == (4, 16, 4)
    assert designs["CS"] + designs["CR"] == 31


def test_facts_name_rows_that_are_published(review: Review) -> None:
    """Each row of a fact is a row of a published table, or a claim."""
    facts = json.loads((DATA / "facts.json").read_text("utf-8"))["facts"]
    known = {row for name in TABLES for row in table(name)["id"]}
    known |= {f"claims:{name}" for name in pd.read_csv(DATA / "claims.csv")["id"]}
    assert len(facts) > 80
    for fact in facts:
        assert set(fact["rows"]) | set(fact["denominator_rows"]) <= known, fact["id"]
        assert fact["text"] == review.fact(fact["id"]).value.text


def test_claims_hold_computed_verdicts(review: Review) -> None:
    """The published audit is the computed one."""
    claims = pd.read_csv(DATA / "claims.csv")
    assert claims["verdict"].tolist() == review.audit["verdict"].tolist()
