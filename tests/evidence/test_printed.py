"""The evidence tables of the printed edition: what they hold, and where each row comes from."""

import csv
import re

import pandas as pd
import pytest
import yaml

from livingreview.data.source import load_source
from livingreview.frames import base_type, is_of
from livingreview.results import Names
from livingreview.review import open_review
from livingreview.tables import TABLES

# What only the reports of studies give, and those who appraised them.
ONLY_STUDIES = (
    "other_readings",
    "reports",
    "reporting",
    "readings",
    "named_reports",
    "appraisals",
)


@pytest.fixture(scope="module")
def evidence(review):
    """Return the printed edition's tables."""
    return review


def test_rows_and_studies(evidence):
    """Table 1 gives 55 rows of 54 studies: one reference number stands twice."""
    assert len(evidence.studies) == 55
    assert evidence.studies["key"].nunique() == 54
    assert evidence.studies["ref"].nunique() == 54
    repeated = evidence.studies[evidence.studies["ref"].duplicated(keep=False)]
    assert list(repeated["row"]) == [32, 55]


def test_designs_by_row(evidence):
    """Of the rows 4 are trials, 16 and 4 cohorts, 31 case reports and series."""
    counts = evidence.studies["design"].value_counts().to_dict()
    assert (counts["RCT"], counts["OR"], counts["OP"]) == (4, 16, 4)
    groups = evidence.studies["design_group"].value_counts().to_dict()
    assert groups == {"trial": 4, "cohort": 20, "case report": 31}


def test_eight_counted_nerves_are_eight_rows(evidence):
    """The row that counts its patients by nerve has eight targets that add up to its patients."""
    targets = evidence.targets[evidence.targets["key"] == "yoon-2016"]
    assert len(targets) == 8
    assert targets["patients"].sum() == 22
    assert evidence.studies.set_index("key").at["yoon-2016", "patients"] == 22


def test_only_counted_nerves_have_patients(evidence):
    """Where a cell counts no patients by nerve, the number is empty, not that of the study."""
    counted = evidence.targets[evidence.targets["patients"].notna()]
    assert set(counted["key"]) == {"yoon-2016"}


def test_every_row_has_a_target_and_an_outcome(evidence):
    """No printed row is lost on the way: each stands in every table."""
    rows = set(range(1, 56))
    for table in ("studies", "targets", "outcomes", "adverse_events"):
        assert set(evidence.table(table)["row"]) == rows, table


def test_adverse_events_and_silence(evidence):
    """Three rows state no events, three print five, and 49 rows are silent."""
    events = evidence.adverse_events
    assert events["status"].value_counts().to_dict() == {
        "not mentioned": 49,
        "event": 5,
        "no adverse events": 3,
    }
    stated = events[events["status"] == "no adverse events"]
    assert list(stated["key"]) == ["radnovich-2017", "dalili-2021", "moesker-2014"]
    printed = events[events["status"] == "event"]
    assert dict(zip(printed["event"], printed["patients"], strict=True)) == {
        "temporary numbness": 2,
        "pneumothorax": 1,
        "pseudohernia": 3,
        "postoperative neuritis": 2,
        "haematoma": 1,
    }
    assert events.loc[events["status"] != "event", ["event", "patients"]].isna().all(axis=None)


def test_locators_point_to_cells(evidence, root):
    """Each result and event names a file, a row and a column that hold what it was read from."""
    source = load_source(root / "data")
    for table in (evidence.outcomes, evidence.adverse_events):
        for line in table.itertuples():
            assert line.source == "data/source/preprint/table1.csv"
            number, column = re.fullmatch(r"row (\d+), (Outcomes|Notes)", line.locator).groups()
            cells = source.table1.rows[int(number) - 1]
            assert int(number) == line.row
            words = getattr(line, "words", None)
            if pd.notna(words) and words:
                assert words in " ".join(cells[column.lower()].split())
            citation = int(re.search(r"\[(\d+)\]", cells["study"])[1])
            assert source.printing.references[citation].key == line.key


def test_missing_outcome_has_a_row(evidence):
    """The one blank outcome is a row that says so."""
    missing = evidence.outcomes[evidence.outcomes["status"] == "missing"]
    assert list(missing["row"]) == [32]


@pytest.mark.parametrize("table", TABLES)
def test_columns_and_types_are_those_declared(evidence, table):
    """Each table has the declared columns, in order, with the declared types."""
    frame = evidence.table(table)
    fields = TABLES[table].model_fields
    assert list(frame.columns) == list(fields)
    kinds = {int: "Int64", float: "float64", bool: "boolean"}
    for name, field in fields.items():
        kind = base_type(field.annotation)
        expected = "object" if kind == Names else kinds.get(kind, "str")
        assert str(frame[name].dtype) == expected, name


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_named_after_their_table(evidence, table):
    """A row's name says its table and is its own, so that a fact can point to it."""
    frame = evidence.table(table)
    assert (len(frame) > 0) == (table not in ONLY_STUDIES), "only studies report"
    assert frame.index.is_unique
    assert frame.index.str.fullmatch(rf"{table}:\d+").all()


@pytest.mark.parametrize("table", TABLES)
def test_rows_obey_their_declaration(evidence, table):
    """Every row, read back from the table, passes the declaration of its columns."""
    for record in evidence.table(table).to_dict("records"):
        TABLES[table](**{n: v for n, v in record.items() if isinstance(v, tuple) or not pd.isna(v)})


def test_without_drops_only_the_named_rows(evidence):
    """Evidence without some rows is new evidence; the old tables stay as they were."""
    fewer = evidence.without(("outcomes:1", "studies:2"))
    assert len(fewer.outcomes) == len(evidence.outcomes) - 1
    assert "studies:2" not in fewer.studies.index
    assert "studies:2" in evidence.studies.index
    assert fewer.targets.equals(evidence.targets)


def test_reference_list_is_complete(evidence):
    """The numbers of the reference list run from 1 to 69 without a gap."""
    assert sorted(evidence.references["ref"]) == list(range(1, 70))


@pytest.mark.parametrize(
    ("key", "evaluated", "responders", "percent"),
    [
        ("tinnirello-2020", 10, 5, 50),  # the count follows from 50% of 10
        ("nemecek-2023", 24, 2, 8.3),  # the percentage from 2 of 24
        ("das-2023", 83, 57, 69),  # 57/83 is 68.7%, 58/83 is 69.9%
        ("mclean-2020", 23, 23, 100),  # "all patients"
        ("prologo-2018", 14, None, 63),  # no whole number of 14 patients is 63%
        ("calixte-2019", 279, None, 64),  # several whole numbers round to 64%
        ("radnovich-2017", None, None, 87.5),  # the size of an arm is not printed
        ("kvarstein-2019", None, None, 35),
        ("stogicza-2022", 4, 3, 75),
        ("sidebottom-2011", 17, 3, 17.6),
    ],
)
def test_counts_and_percentages(evidence, key, evaluated, responders, percent):
    """A count is derived from a percentage only where one whole number of patients gives it."""
    own = evidence.outcomes[evidence.outcomes["key"] == key]
    first = own[own["kind"] == "responder"].iloc[0]
    found = [None if pd.isna(first[c]) else first[c] for c in ("evaluated", "responders")]
    assert found == [evaluated, responders]
    assert first["percent"] == percent


def test_derived_columns_are_named(evidence):
    """A result says which of its columns were computed, and prints the others."""
    outcomes = evidence.outcomes.set_index("key")
    assert outcomes.at["nemecek-2023", "derived"] == ("percent",)
    assert outcomes.at["tinnirello-2020", "derived"] == ("evaluated", "responders")
    sham = outcomes[is_of(outcomes, "sham")].loc["radnovich-2017"]
    assert (sham["threshold_percent"], sham["derived"]) == (50, ("measure", "threshold_percent"))


def test_control_of_a_trial_takes_its_name_from_the_design(evidence):
    """A printed "no difference" without comparator is against that of the trial's design."""
    arms = evidence.outcomes[evidence.outcomes["kind"] == "between-group difference"]
    assert arms.groupby("key")["arm_words"].agg(list).to_dict() == {
        "truong-2024": ["treatment vs radiofrequency", "treatment vs sham"],
        "ilfeld-2023": ["treatment vs sham"],
        "kvarstein-2019": ["treatment vs steroid injection"],
        "kocan-2022": ["treatment vs radiofrequency"],
    }


def test_author_and_year_as_printed_and_as_listed(evidence):
    """The printed and the listed author and year stand side by side, neither corrected."""
    study = evidence.studies.set_index("ref").loc[35]
    assert (study["first_author"], study["year"]) == ("Stogizka", 2024)
    assert (study["reference_author"], study["reference_year"]) == ("Stogicza", 2022)


def test_treated_patients_only_where_they_are_printed(evidence):
    """In a comparative study the treated patients are known only where a note counts them."""
    studies = evidence.studies.set_index("key")
    assert pd.isna(studies.at["radnovich-2017", "patients_treated"])
    assert studies.at["kocan-2022", "patients"] == 2
    assert studies.at["kocan-2022", "patients_treated"] == 2
    assert studies.at["das-2023", "patients_treated"] == 83


def test_patients_at_risk_are_those_treated(evidence):
    """The patients at risk of an event are the treated ones, empty where they are not printed."""
    at_risk = evidence.adverse_events.groupby("key")["at_risk"].first()
    assert at_risk["yasin-2020"] == 13
    assert pd.isna(at_risk["radnovich-2017"])
    treated = evidence.studies.groupby("key")["patients_treated"].first()
    assert at_risk.equals(treated.rename("at_risk"))


def test_titles_are_the_data_alone(review, data_copy):
    """With other titles in the tables and in columns.yml the evidence is the same."""
    source = data_copy / "data/source"
    columns = yaml.safe_load((source / "columns.yml").read_text("utf-8"))
    for table, declared in columns.items():
        for folder in ("preprint", "published"):
            path = source / folder / f"{table}.csv"
            header, rest = path.read_text("utf-8").split("\n", 1)
            titles = next(csv.reader([header]))
            path.write_text(",".join(f"{t[:1]}?{n}" for n, t in enumerate(titles)) + f"\n{rest}")
        for number, column in enumerate(declared):  # declared in the order of the print
            column["printed"] = f"{titles[number][:1]}?{number}"
    (source / "columns.yml").write_text(yaml.safe_dump(columns), "utf-8")
    other = open_review(data_copy / "data")
    for name, frame in review.tables().items():
        found = other.table(name)
        assert found.drop(columns="locator", errors="ignore").equals(
            frame.drop(columns="locator", errors="ignore")
        ), name
    assert list(other.outcomes["locator"])[:1] == ["row 1, O?6"]
