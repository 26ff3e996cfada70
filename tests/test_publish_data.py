"""The downloads: tables of both editions, facts of both, feed and schema, the same every time."""

import json
from pathlib import Path

import pandas as pd
import pytest

from livingreview import publish_data
from livingreview.review import Review
from livingreview.study_file import json_schema
from livingreview.tables import TABLES


@pytest.fixture(scope="module")
def site(review: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the downloads, the feed beside them."""
    folder = tmp_path_factory.mktemp("site") / "data"
    publish_data.write(review, folder)
    return folder


def facts(site: Path) -> dict[str, dict[str, object]]:
    """Return the published facts by id."""
    entries = json.loads((site / "facts.json").read_text("utf-8"))["facts"]
    assert len(entries) == len({entry["id"] for entry in entries})
    return {entry["id"]: entry for entry in entries}


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_both_editions(site: Path, review: Review, name: str) -> None:
    """Each table has a file an edition, with its rows; only a table without rows has none."""
    for edition in (review, review.living):
        frame, path = edition.evidence.table(name), site / edition.edition / f"{name}.csv"
        assert path.is_file() == (len(frame) > 0)
        if path.is_file():
            published = pd.read_csv(path, dtype=str, keep_default_na=False)
            assert list(published.columns) == ["id", *TABLES[name].model_fields]
            assert list(published["id"]) == list(frame.index)


def test_only_the_printed_edition_lacks_reports(site: Path) -> None:
    """What the studies report is in the living edition alone."""
    printed, living = ({p.stem for p in (site / e).iterdir()} for e in ("printed", "living"))
    assert living == set(TABLES)
    assert living - printed == {"reports", "reporting"}


def test_facts_of_both_editions(site: Path, review: Review) -> None:
    """Each printed fact has its counterpart; both say what the review answers."""
    found = facts(site)
    assert found["studies"]["value"] == 54
    assert found["studies(edition=living)"]["value"] == 60
    assert found["studies"]["edition"] == "printed"
    assert found["studies(edition=living)"]["edition"] == "living"
    plain = {name for name in found if "edition=" not in name}
    living = {name for name in found if "edition=living" in name}
    assert len(living) == len(plain) > 100
    for name, entry in found.items():
        assert entry["text"] == review.fact(name).value.text, name


def test_facts_name_published_rows(site: Path, review: Review) -> None:
    """Each row of a fact is published in the table of its edition, or computed from such rows."""
    other = {*review.audit.index, *review.disagreements.index}
    other |= {f"screening:{candidate.key}" for candidate in review.source.screening}
    for name, entry in facts(site).items():
        edition = review.in_edition(str(entry["edition"])).evidence
        known = other | {row for table in TABLES for row in edition.table(table).index}
        assert {*entry["rows"], *entry["denominator_rows"]} <= known, name  # type: ignore[misc]


def test_claims_and_disagreements(site: Path, review: Review) -> None:
    """The audit and the disagreements are the computed ones."""
    claims = pd.read_csv(site / "claims.csv", dtype=str, keep_default_na=False)
    assert claims["verdict"].tolist() == review.audit["verdict"].tolist()
    assert "as_read" in claims.columns
    rows = pd.read_csv(site / "disagreements.csv", dtype=str, keep_default_na=False)
    assert rows["key"].tolist() == review.disagreements["key"].tolist()


def test_schema_and_feed(site: Path) -> None:
    """The declaration of a study file is published, and the feed stands beside the data."""
    assert json.loads((site / "study.schema.json").read_text("utf-8")) == json_schema()
    assert (site.parent / "feed.xml").read_text("utf-8").startswith("<?xml")


def test_the_same_evidence_gives_the_same_bytes(site: Path, review: Review, tmp_path: Path) -> None:
    """Written again, every file is the same."""
    publish_data.write(review, tmp_path / "data")
    names = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert names == sorted(
        p.relative_to(tmp_path / "data") for p in (tmp_path / "data").rglob("*") if p.is_file()
    )
    for name in names:
        assert (site / name).read_bytes() == (tmp_path / "data" / name).read_bytes(), name
