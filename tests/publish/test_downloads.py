"""The downloads: tables of both editions, facts of both, feed and schema, the same every time."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import rispy

from livingreview.audit.claims import audits
from livingreview.data.study import json_schema
from livingreview.derived import DERIVED
from livingreview.publish import data
from livingreview.review import Review, open_review
from livingreview.tables import TABLES


@pytest.fixture(scope="module")
def site(review: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the downloads, the feed beside them."""
    folder = tmp_path_factory.mktemp("site") / "data"
    data.write(review, folder)
    return folder


def refused(descriptor: Path) -> list[tuple[str, int, str]]:
    """Return what Frictionless refuses: file, row and column of each cell."""
    limit = csv.field_size_limit()
    from frictionless import Package

    report = Package(str(descriptor)).validate()
    csv.field_size_limit(limit)  # it raises the limit for the whole process
    assert report.stats["tasks"] == len(json.loads(descriptor.read_text("utf-8"))["resources"])
    found: list[tuple[str, int, str]] = report.flatten(["path", "rowNumber", "fieldName"])
    return [tuple(error) for error in found]  # type: ignore[misc]


def facts(site: Path) -> dict[str, dict[str, object]]:
    """Return the published facts by id."""
    entries = json.loads((site / "facts.json").read_text("utf-8"))["facts"]
    assert len(entries) == len({entry["id"] for entry in entries})
    return {entry["id"]: entry for entry in entries}


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_both_editions(site: Path, review: Review, name: str) -> None:
    """Each table has a file an edition, with its rows; only a table without rows has none."""
    for edition in (review, review.living):
        frame, path = edition.table(name), site / edition.name / f"{name}.csv"
        assert path.is_file() == (len(frame) > 0)
        if path.is_file():
            published = pd.read_csv(path, dtype=str, keep_default_na=False)
            assert list(published.columns) == ["id", *TABLES[name].model_fields]
            assert list(published["id"]) == list(frame.index)


def test_only_the_printed_edition_lacks_reports(site: Path) -> None:
    """What the studies report is in the living edition alone."""
    printed, living = ({p.stem for p in (site / e).iterdir()} for e in ("printed", "living"))
    assert living == {*TABLES, *DERIVED}
    of_studies = {"reports", "reporting", "readings", "named_reports", "other_readings"}
    assert living - printed == of_studies | {"appraisals"} | set(DERIVED)


def test_facts_of_both_editions(site: Path, review: Review) -> None:
    """Each printed fact has its counterpart; both say what the review answers."""
    found = facts(site)
    assert found["studies"]["value"] == review.studies["key"].nunique()
    assert found["studies(edition=living)"]["value"] == review.living.studies["key"].nunique()
    assert found["studies"]["edition"] == "printed"
    assert found["studies(edition=living)"]["edition"] == "living"
    plain = {name for name in found if "edition=" not in name}
    living = {name for name in found if "edition=living" in name}
    assert len(living) == len(plain) > 100
    for name, entry in found.items():
        assert entry["text"] == review.fact(name).value.text, name


def test_facts_name_published_rows(site: Path, review: Review) -> None:
    """Each row of a fact is published in the table of its edition, or computed from such rows."""
    other = {*audits(review).index, *review.disagreements.index}
    other |= {f"screening:{candidate.key}" for candidate in review.source.screening}
    other |= {f"sources:{name}" for name in review.source.searches.ids}
    for name in ("changes", "slips", "figures"):
        other |= set(pd.read_csv(site / f"{name}.csv", dtype=str)["id"])
    for name, entry in facts(site).items():
        edition = review.in_edition(str(entry["edition"]))
        known = other | {row for table in TABLES for row in edition.table(table).index}
        assert {*entry["rows"], *entry["denominator_rows"]} <= known, name  # type: ignore[misc]


def test_claims_and_disagreements(site: Path, review: Review) -> None:
    """The audit and the disagreements are the computed ones."""
    claims = pd.read_csv(site / "claims.csv", dtype=str, keep_default_na=False)
    assert claims["verdict"].tolist() == audits(review)["verdict"].tolist()
    assert "as_read" in claims.columns
    rows = pd.read_csv(site / "disagreements.csv", dtype=str, keep_default_na=False)
    assert rows["key"].tolist() == review.disagreements["key"].tolist()


def test_schema_and_feed(site: Path) -> None:
    """The declaration of a study file is published, and the feed stands beside the data."""
    assert json.loads((site / "study.schema.json").read_text("utf-8")) == json_schema()
    assert (site.parent / "feed.xml").read_text("utf-8").startswith("<?xml")


def test_the_same_evidence_gives_the_same_bytes(site: Path, review: Review, tmp_path: Path) -> None:
    """Written again, every file is the same."""
    data.write(review, tmp_path / "data")
    names = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert names == sorted(
        p.relative_to(tmp_path / "data") for p in (tmp_path / "data").rglob("*") if p.is_file()
    )
    for name in names:
        assert (site / name).read_bytes() == (tmp_path / "data" / name).read_bytes(), name


@pytest.mark.parametrize("edition", ["printed", "living"])
@pytest.mark.parametrize("name", TABLES)
def test_file_holds_the_values_of_the_table(
    site: Path, review: Review, edition: str, name: str
) -> None:
    """A file holds the rows, values and blanks of its table, lists with semicolons between."""
    frame = review.in_edition(edition).table(name)
    path = site / edition / f"{name}.csv"
    if frame.empty:
        assert not path.exists()
        return
    found = pd.read_csv(path, dtype=str, keep_default_na=False, index_col="id")
    assert list(found.index) == list(frame.index)
    assert list(found.columns) == list(frame.columns)
    for column in frame:
        for text, value in zip(found[column], frame[column], strict=True):
            if isinstance(value, tuple):
                assert text.removeprefix("'") == "; ".join(value), column
            elif pd.isna(value):
                assert text == "", column
            elif pd.api.types.is_number(value) and not pd.api.types.is_bool(value):
                assert float(text) == value, column
            else:
                assert text.removeprefix("'") == str(value).removeprefix("'"), column


def test_descriptor_is_valid(site: Path) -> None:
    """Every CSV file is in the descriptor, and each of its cells fits the declared column."""
    assert refused(site / "datapackage.json") == []
    resources = json.loads((site / "datapackage.json").read_text("utf-8"))["resources"]
    described = {resource["path"] for resource in resources}
    assert described == {p.relative_to(site).as_posix() for p in site.rglob("*.csv")}


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (",RCT,", ",,", "design"),
        (",True,", ",perhaps,", "randomised"),
        (",stated,", ",guessed,", "followup_status"),
        (",RCT,trial,True,,sham,180,", ",RCT,trial,True,,sham,-1,", "patients"),
    ],
)
def test_descriptor_refuses_what_is_not_declared(
    site: Path, tmp_path: Path, old: str, new: str, field: str
) -> None:
    """A missing value, a wrong type, a word outside the list and a negative count are found."""
    descriptor = json.loads((site / "datapackage.json").read_text("utf-8"))
    descriptor["resources"] = descriptor["resources"][:1]
    (tmp_path / "printed").mkdir()
    text = (site / "printed" / "studies.csv").read_text("utf-8")
    assert old in text
    (tmp_path / "printed" / "studies.csv").write_text(text.replace(old, new, 1), "utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    assert [found for _, _, found in refused(tmp_path / "datapackage.json")] == [field]


def test_descriptor_says_whose_it_is(site: Path, review: Review) -> None:
    """Version, licence and source are those of the review."""
    package = json.loads((site / "datapackage.json").read_text("utf-8"))
    assert package["version"] == review.source.versions.present.version
    assert [licence["name"] for licence in package["licenses"]] == ["CC-BY-4.0"]
    assert package["sources"][0]["path"].endswith(review.source.protocol.source.doi)


def test_references_of_the_included_studies(site: Path, review: Review) -> None:
    """BibTeX, RIS and CSL-JSON hold one entry per study of either edition, in one order."""
    keys = {*review.studies["key"], *review.living.studies["key"]}
    bib = re.findall(r"^@\w+\{([^,]+),$", (site / "references.bib").read_text("utf-8"), re.M)
    csl = json.loads((site / "references.csl.json").read_text("utf-8"))
    ris = rispy.loads((site / "references.ris").read_text("utf-8"))
    assert bib == [entry["id"] for entry in csl] == [entry["id"] for entry in ris] == sorted(keys)
    for one, other in zip(csl, ris, strict=True):
        assert one["title"] == other["title"]
        assert one.get("DOI") == other.get("doi")
        assert len(one["author"]) == len(other["authors"]) > 0


def test_what_could_run_is_inert(data_copy: Path, edit: Callable[[Path, str, str], None]) -> None:
    """A formula in a study file is text in CSV, and an element is text, too."""
    formula, element = '=HYPERLINK("http://x","y")', "<img src=x onerror=alert(1)>"
    study = data_copy / "data" / "studies" / "radnovich-2017.yml"
    text = re.sub(r"(?m)^condition: .*$", f"condition: '{formula}'", study.read_text("utf-8"))
    text = re.sub(r"(?m)^funding: .*$", f"funding: '{element}'", text)
    study.write_text(text, "utf-8")
    site = data_copy / "site" / "data"
    data.write(open_review(data_copy / "data"), site)
    rows = pd.read_csv(site / "living" / "reports.csv", keep_default_na=False).set_index("key")
    assert rows.at["radnovich-2017", "condition"] == f"'{formula}"
    assert rows.at["radnovich-2017", "funding"] == element
    assert refused(site / "datapackage.json") == []
    for path in site.rglob("*.csv"):
        cells = pd.read_csv(path, dtype=str, keep_default_na=False, header=None).to_numpy().ravel()
        for cell in cells:
            assert not re.match(r"[=+\-@\t\r](?!$|[\d.]+$)", cell), f"{path.name}: {cell}"
