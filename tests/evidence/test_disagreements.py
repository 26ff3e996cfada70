"""Where review and primary studies differ: checked by hand, and what is no disagreement."""

from pathlib import Path

import pytest

from livingreview.evidence.disagreements import COLUMNS, FIELDS, unverified
from livingreview.evidence.living import was_read
from livingreview.review import open_review

# By our own reading of the printed row and of the abstract.
READ = {
    ("das-2023", "comparator"): ("none", "steroid injection"),
    ("das-2023", "relief threshold"): ("> 50%", ">= 50%"),
    ("prologo-2017", "design"): ("OR", "OP"),
    ("prologo-2017", "guidance"): ("ultrasound", "computed tomography"),
    ("wolter-2011", "follow-up"): ("3 months", "52 months"),
    ("ilfeld-2023", "nerve"): ("sciatic nerve", "femoral nerve, sciatic nerve"),
    ("truong-2024", "follow-up"): ("6 months", "12 months"),
    ("stogicza-2022", "year"): ("2024", "2022"),
    ("rhame-2011", "guidance"): ("not stated", "ultrasound"),
}

# A line of a study file, what it becomes, and the disagreement that is then gone.
AGREEING = {
    "design": ("prologo-2017", "design: OP", "design: OR", "design"),
    "guidance": ("prologo-2017", "- computed tomography", "- ultrasound", "guidance"),
    "threshold": ("das-2023", "threshold_rule: '>='", "threshold_rule: '>'", "relief threshold"),
    "nerve": ("ilfeld-2023", "- femoral nerve\n", "", "nerve"),
}


@pytest.fixture(scope="module")
def found(review):
    """Return the disagreements."""
    return review.disagreements


def about(frame, key, field):
    """Return printed and primary value of the one disagreement on a field of a study."""
    rows = frame[(frame["key"] == key) & (frame["field"] == field)]
    return [(row.printed, row.primary) for row in rows.itertuples()]


@pytest.mark.parametrize(("place", "values"), READ.items(), ids=map(" ".join, READ))
def test_read_by_hand(found, place, values):
    """A disagreement that we read ourselves is found, once, with both values."""
    assert about(found, *place) == [values]


def test_adverse_events_that_the_review_does_not_have(found):
    """Events are reported where the printed row states none, or is silent."""
    ((printed, primary),) = about(found, "radnovich-2017", "adverse events")
    assert printed == "no adverse events"
    assert "death" in primary
    ((printed, primary),) = about(found, "ilfeld-2023", "adverse events")
    assert printed == "not mentioned"
    assert "quadriceps weakness" in primary


def test_rows_are_named_and_of_known_fields(found, review):
    """Each row has a name, a field of the list, a study of the review, and differing values."""
    assert list(found.columns) == COLUMNS
    assert list(found.index) == [f"disagreements:{n}" for n in range(1, len(found) + 1)]
    assert set(found["field"]) <= set(FIELDS)
    assert set(found["key"]) <= set(review.studies["key"])
    assert (found["printed"] != found["primary"]).all()
    assert not found.duplicated(["key", "field", "printed"]).any()


def test_only_what_was_read_is_compared(found, review):
    """A study that was not read disputes nothing, and each value says how it was read."""
    unread = {key for key, file in review.source.studies.items() if not was_read(file)}
    assert not unread & set(found["key"])
    assert not found["read_as"].isin(["reference list", "review table"]).any()


def test_a_slip_of_the_reference_list_is_no_disagreement(found):
    """How the list spells an author is of the list; a year later in print is the same paper."""
    assert "author" not in set(found["field"])
    years = found[found["field"] == "year"]
    assert (years["printed"].astype(int) - years["primary"].astype(int)).abs().gt(1).all()


def test_a_part_that_ends_early_disputes_no_later_time(found, review):
    """Only a full text can say that nobody was followed as long as the review prints."""
    rows = found[found["field"] == "follow-up"].set_index("key")
    shorter = [key for key, row in rows.iterrows()
               if float(row["printed"].split()[0]) > float(row["primary"].split()[0])]  # fmt: skip
    assert all(review.source.studies[key].read_as == "full text" for key in shorter)
    assert "macrae-shoulder-2023" not in rows.index


def test_what_changes_a_conclusion_comes_first(found):
    """Serious harm, a trial's outcome and a moved answer of the rule weigh most."""
    weights = found.set_index(["key", "field"])["weight"]
    assert weights["ilfeld-2023", "adverse events"] == "changes a conclusion"
    assert weights["radnovich-2017", "adverse events"] == "changes a conclusion"
    assert weights["stogicza-2022", "adverse events"] == "changes a number or a description"
    assert weights["stogicza-2022", "year"] == "year only"


def test_what_is_not_stated_is_never_compared(found):
    """No disagreement has a primary value that is none."""
    assert not found["primary"].str.fullmatch("(not (stated|read)|None|nan|<NA>|)").any()


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("truong-2024", "followup_months: 12", "followup_months: not stated"),
        ("prologo-2017", "guidance:\n- computed tomography\n", "guidance: not stated\n"),
        ("prologo-2017", "design: OP", "design: not stated"),
    ],
)
def test_a_value_that_is_not_stated_disputes_nothing(found, data_copy, edit, key, old, new):
    """What the part read does not state leaves no disagreement, and no other one moves."""
    field = {"f": "follow-up", "g": "guidance", "d": "design"}[old[0]]
    assert about(found, key, field)
    assert_gone(found, data_copy, edit, key, old, new, field)


@pytest.mark.parametrize(("key", "old", "new", "field"), AGREEING.values(), ids=list(AGREEING))
def test_a_study_that_agrees_is_not_listed(found, data_copy, edit, key, old, new, field):
    """A study file altered to agree takes its disagreement away, and no other."""
    path = data_copy / f"data/studies/{key}.yml"
    while field == "relief threshold" and path.read_text("utf-8").count(old) > 1:
        edit(path, old, new)
    assert_gone(found, data_copy, edit, key, old, new, field)


def assert_gone(found, data_copy: Path, edit, key, old, new, field):
    """Alter the file of a study; exactly its disagreement on the field must be gone."""
    edit(data_copy / f"data/studies/{key}.yml", old, new)
    altered = open_review(data_copy / "data").disagreements
    kept = found[~((found["key"] == key) & (found["field"] == field))]
    assert altered.reset_index(drop=True).equals(kept.reset_index(drop=True))


def test_a_printed_cell_that_differs_is_listed(found, data_copy, edit):
    """Another printed number of patients is a disagreement with the study that was read."""
    assert about(found, "wolter-2011", "patients") == []
    edit(
        data_copy / "data/source/preprint/table1.csv",
        '"Wolter, 2011[23]",OR,91',
        '"Wolter, 2011[23]",OR,19',
    )
    altered = open_review(data_copy / "data").disagreements
    assert about(altered, "wolter-2011", "patients") == [("19", "91")]


def test_added_studies_are_not_compared(found, review):
    """The review has no row of an added study, so that nothing of it can differ."""
    added = {candidate.key for candidate in review.source.screening}
    assert not added & set(found["key"])


def test_unverified_studies_are_those_that_nobody_read(review):
    """Read and unverified studies share out the review's studies."""
    rows = unverified(review)
    assert not rows.empty
    assert rows["patients"].sum() == review.value("patients_unverified")
    read = {key for key, file in review.source.studies.items() if was_read(file)}
    assert not read & set(rows["key"])
