"""What the site offers for download."""

import json

import pandas as pd
import pytest

from livingreview.audit.claims import audits
from livingreview.review import Review
from published import HTML

DATA = HTML / "data"

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


def table(name: str, edition: str = "printed") -> pd.DataFrame:
    """Return a published table as it is written: text, blanks kept."""
    return pd.read_csv(DATA / edition / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("edition", ["printed", "living"])
@pytest.mark.parametrize("name", CONTRACT)
def test_tables_hold_the_agreed_columns(name: str, edition: str) -> None:
    """Each agreed column is there in both editions, and the table has rows."""
    assert set(CONTRACT[name].split()) <= set(table(name, edition).columns)
    assert len(table(name, edition)) > 0


def test_studies_count_as_printed() -> None:
    """55 rows, 54 references; 4 trials, 16 and 4 cohorts, 31 case reports and series."""
    studies = table("studies")
    designs = studies["design"].value_counts()
    assert (len(studies), studies["ref"].nunique()) == (55, 54)
    assert (designs["RCT"], designs["OR"], designs["OP"]) == (4, 16, 4)
    assert designs["CS"] + designs["CR"] == 31


def test_facts_name_rows_that_are_published(review: Review) -> None:
    """Each row of a fact is a row of its edition's tables, a claim, candidate or disagreement."""
    facts = json.loads((DATA / "facts.json").read_text("utf-8"))["facts"]
    other = {f"claims:{name}" for name in pd.read_csv(DATA / "claims.csv")["id"]}
    other |= {f"disagreements:{n + 1}" for n in pd.read_csv(DATA / "disagreements.csv").index}
    other |= {f"screening:{candidate.key}" for candidate in review.source.screening}
    other |= {f"sources:{name}" for name in review.source.searches.ids}
    for name in ("changes", "slips", "figures"):
        other |= set(pd.read_csv(DATA / f"{name}.csv", dtype=str)["id"])
    rows = {
        edition: {path.stem: set(table(path.stem, edition)["id"]) for path in folder.glob("*.csv")}
        for edition, folder in ((e, DATA / e) for e in ("printed", "published", "living"))
    }
    rows["checked"] = rows["living"]  # the same rows, without those of added studies
    assert len(facts) > 200
    assert {fact["edition"] for fact in facts} == set(rows)
    for fact in facts:
        known = other.union(*rows[fact["edition"]].values())
        assert set(fact["rows"]) | set(fact["denominator_rows"]) <= known, fact["id"]
        assert fact["text"] == review.fact(fact["id"]).value.text


def test_facts_are_of_both_editions() -> None:
    """Each printed fact has its counterpart in the living edition."""
    facts = json.loads((DATA / "facts.json").read_text("utf-8"))["facts"]
    found = {fact["id"]: fact for fact in facts}
    for edition, name in (("printed", "studies"), ("living", "studies(edition=living)")):
        assert found[name]["value"] == table("studies", edition)["key"].nunique()
    plain = [name for name in found if "edition=" not in name]
    assert len(plain) == sum("edition=living" in name for name in found)


def test_feed_and_schema_are_offered() -> None:
    """The feed of versions and the declaration of a study file stand beside the tables."""
    assert (DATA.parent / "feed.xml").is_file()
    schema = json.loads((DATA / "study.schema.json").read_text("utf-8"))
    assert {"key", "outcomes", "adverse_events"} <= set(schema["properties"])


def test_claims_hold_computed_verdicts(review: Review) -> None:
    """The published audit is the computed one."""
    claims = pd.read_csv(DATA / "claims.csv")
    assert claims["verdict"].tolist() == audits(review)["verdict"].tolist()
