"""The living edition: every value that was read stands in its tables, the others stay printed."""

import pandas as pd
import pytest

from livingreview.data.reports import NOT_READ
from livingreview.data.study import NOT_REPORTED, known, unread
from livingreview.evidence.flow import ALL, TAKEN_BACK, flow
from livingreview.evidence.living import was_read
from livingreview.pages import cards
from livingreview.review import open_review
from livingreview.tables import NOT_STATED
from project import ROOT

# Field of an outcome in a study file, and its column where that has another name.
OUTCOME_COLUMNS = {"arm": "arm_words"}

# Fields of a study file that say how it was read or repeat others, and stand in ``reports``.
REPORTED = (
    "read_as",
    "read_on",
    "registration",
    "pmid",
    "published_on",
    "design_words",
    "blinding",
    "comparator_words",
    "condition",
    "guidance_words",
    "funding",
    "confidence",
    "source_note",
    "study_note",
)

FILES = open_review(ROOT / "data").source.studies
IN_TABLES = list(open_review(ROOT / "data").living.studies["key"])
READ = [key for key in IN_TABLES if was_read(FILES.get(key))]
ITEMS = open_review(ROOT / "data").source.vocabulary.reporting.by_name

each_read = pytest.mark.parametrize("key", READ)


@pytest.fixture(scope="module")
def living(review):
    """Return the tables of the living edition."""
    return review.living


@pytest.fixture(scope="module")
def printed(review):
    """Return the tables of the printed edition, one row per study."""
    return review


def row_of(frame, key):
    """Return the one row of a study."""
    (row,) = frame[frame["key"] == key].to_dict("records")
    return row


def own(frame, key):
    """Return the rows of a study, blanks as None."""
    records = frame[frame["key"] == key].to_dict("records")
    return [
        {n: None if not isinstance(v, tuple) and pd.isna(v) else v for n, v in record.items()}
        for record in records
    ]


def test_studies_of_the_living_edition(review, living, printed):
    """The studies are those of the review, each once, and those that screening included."""
    included = [c.key for c in review.source.screening if c.decision == "included"]
    assert included
    assert list(living.studies["key"]) == [
        *printed.studies.drop_duplicates("key", keep="last")["key"],
        *included,
    ]
    added = living.studies[living.studies["added_in"] == "living edition"]
    assert list(added["key"]) == included


def test_how_many_were_read(review, living):
    """The studies that were read are those with a file, and each added study has one."""
    checked = review.in_edition("checked").studies
    with_file = set(FILES) & set(checked["key"])
    assert set(checked.loc[checked["from_primary"].map(bool), "key"]) == with_file
    read = living.studies[living.studies["read_as"] != "review table"]
    assert set(read["key"]) == with_file | set(living.studies["key"]) - set(checked["key"])


def test_not_included_candidates_stand_in_no_table(review, living):
    """A study that was excluded or awaits its full text is no evidence."""
    out = {c.key for c in review.source.screening if c.decision != "included"}
    assert out
    for name in ("studies", "targets", "outcomes", "adverse_events", "reports", "reporting"):
        assert not out & set(living.table(name)["key"]), name


@each_read
def test_values_of_the_study_are_in_the_tables(review, living, key):
    """Each stated value on the whole study stands in its row, and is named as read in it."""
    file, row = FILES[key], row_of(living.studies, key)
    columns = ("year", "publication", "blinding", "patients", "condition", "design")
    found = {name: known(getattr(file, name)) for name in columns}
    found |= {
        "guidance": set(known(file.guidance) or ()) or None,
        "comparators": set(known(file.comparators) or ()) or None,
        "followup_min_months": file.followup_shortest_months or known(file.followup_months),
        "followup_max_months": known(file.followup_months),
        "followup_mean_months": file.followup_mean_months,
        "followup_median_months": file.followup_median_months,
    }
    if found["design"] not in review.source.vocabulary.designs.by_name:
        found["design"] = None  # a design that the vocabulary has not is kept in words
    stated = {name: value for name, value in found.items() if value is not None}
    kept = {name: row[name] for name in stated}
    for name in {"guidance", "comparators"} & set(stated):
        kept[name] = set(row[name])
    assert kept == stated
    assert set(stated) <= set(row["from_primary"])
    assert row["read_as"] == file.read_as != "review table"


@each_read
def test_nerves_of_the_study_are_in_the_tables(living, key):
    """The nerves that the study states are its targets, each with its region."""
    rows = living.targets[living.targets["key"] == key]
    if known(FILES[key].nerves):
        assert list(rows["nerve"]) == list(FILES[key].nerves)
    assert len(rows) > 0
    assert rows["region"].notna().all()


@each_read
def test_outcomes_of_the_study_are_in_the_tables(living, key):
    """Every value of every result is in the row that names its place, whether it stands or not."""
    tables = (living.outcomes, living.other_readings)
    rows = {row["locator"]: row for table in tables for row in own(table, key)}
    file = FILES[key]
    for place, outcome in enumerate(file.outcomes, start=1):
        row = rows.pop(f"outcomes[{place}]")
        assert row["source"] == f"data/studies/{key}.yml"
        assert row["read_as"] == file.how(f"outcomes[{place}]")
        for name, value in outcome.model_dump(exclude_none=True, exclude={"how"}).items():
            column = OUTCOME_COLUMNS.get(name, name)
            assert row[column] == value, f"{name} of outcomes[{place}]"
    assert {row["read_as"] for row in rows.values()} <= {"review table"}


@each_read
def test_adverse_events_of_the_study_are_in_the_tables(living, key):
    """Every reported event stands in the row that names its place, none as none."""
    rows = {row["locator"]: row for row in own(living.adverse_events, key)}
    for place, event in enumerate(known(FILES[key].adverse_events) or (), start=1):
        row = rows[f"adverse_events[{place}]"]
        stated = event.model_dump(exclude_none=True, exclude={"how"})
        stated = {"arm_words" if name == "arm" else name: v for name, v in stated.items()}
        assert {name: row[name] for name in stated} == stated
        assert row["status"] == ("none of this kind" if event.patients == 0 else "event")
        assert row["source"] == f"data/studies/{key}.yml"


@pytest.mark.parametrize("key", IN_TABLES)
def test_what_a_report_says_is_kept(living, key):
    """Words, arms, and what is not stated or not read stand in the tables of reports."""
    row = row_of(living.reports, key)
    file = FILES.get(key) or unread(key, None, ITEMS)
    for name in REPORTED:
        value = getattr(file, name)
        assert (str(value) if value is not None else None) == (
            None if pd.isna(row[name]) else row[name]
        ), name
    for arm in file.arms:
        assert f"{arm.name}: {arm.patients}" in row["arms"]
    items = {line["item"]: line for line in own(living.reporting, key)}
    assert set(items) == set(file.reporting)
    for item, value in file.reporting.items():
        unknown = value in (NOT_STATED, NOT_READ, NOT_REPORTED)
        assert items[item]["status"] == (value if unknown else "stated")
        assert (items[item]["value"] is None) == unknown


def test_a_case_that_the_review_only_cites_is_a_report_of_harm(living):
    """The myonecrosis case was read; its harm counts as such, and it is no study of the review."""
    cited = set(living.adverse_events["key"]) - set(living.studies["key"])
    (key,) = (key for key in cited if known(FILES[key].adverse_events))
    assert FILES[key].ref == 68
    for other in cited:
        assert was_read(FILES[other])
        assert other in set(living.reports["key"])
        rows = living.adverse_events[living.adverse_events["key"] == other]
        assert rows["row"].isna().all()


@pytest.mark.parametrize("key", [key for key in IN_TABLES if key not in READ])
def test_a_study_that_was_not_read_keeps_its_printed_values(living, printed, key):
    """Nothing but the number of its row changes, and nothing claims to have been read."""
    new = own(living.studies, key)[0]
    old = own(printed.studies.drop_duplicates("key", keep="last"), key)[0]
    same = set(old) - {"row", "doi"}
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert (new["read_as"], new["from_primary"]) == ("review table", ())
    events = own(living.adverse_events, key)
    silent = [event["status"] for event in events] == ["not read"]
    for name in ("targets", "outcomes", *(() if silent else ("adverse_events",))):
        rows = [record | {"row": None} for record in own(living.table(name), key)]
        last = [r | {"row": None} for r in own(printed.table(name), key) if r["row"] == old["row"]]
        assert rows == last, name


@pytest.mark.parametrize(
    ("key", "patients", "treated"),
    [
        ("radnovich-2017", 180, 121),
        ("truong-2024", 120, 40),
        ("ilfeld-2023", 144, 71),
        ("kvarstein-2019", 52, 31),
        ("das-2023", 83, 39),
        ("nygaard-2025", 87, 44),
        ("ferrillo-2025", 30, 15),
        ("tsiplakos-2025", 50, 25),
        ("lobianco-2025", 90, 90),
    ],
)
def test_treated_patients_are_the_treated_arm(living, key, patients, treated):
    """A comparative study treated its treated arm; a study without comparator all its patients."""
    row = row_of(living.studies, key)
    assert (row["patients"], row["patients_treated"]) == (patients, treated)


@each_read
def test_no_study_treats_more_than_its_arm(living, key):
    """Where an arm has a size, that is the number of treated patients."""
    size, treated = FILES[key].size("treatment"), row_of(living.studies, key)["patients_treated"]
    if size is not None:
        assert treated == size
    elif known(FILES[key].comparators):
        assert pd.isna(treated)


def test_what_the_part_read_does_not_state_stays_printed(living):
    """The abstract of a trial names no guidance: the printed one stays, as not read in it."""
    row = row_of(living.studies, "das-2023")
    assert FILES["das-2023"].guidance == NOT_STATED
    assert row["guidance"] == ("ultrasound",)
    assert "guidance" not in row["from_primary"]


def test_results_read_elsewhere_say_so(living):
    """A result from the manufacturer's page is not presented as read in the abstract."""
    rows = living.outcomes[living.outcomes["key"] == "radnovich-2017"]
    rows = rows.set_index("locator")
    assert set(rows.loc[[f"outcomes[{n}]" for n in range(1, 5)], "read_as"]) == {"abstract"}
    assert set(rows["read_as"]) == {"abstract", "digest", "registry", "review table"}
    others = living.other_readings
    others = others[others["key"] == "radnovich-2017"]
    assert list(others["read_as"])[:2] == ["other page"] * 2
    events = living.adverse_events[living.adverse_events["key"] == "radnovich-2017"]
    assert list(events["read_as"]) == ["abstract"] * 2 + ["registry"] * 2 + ["digest"] * 2


def test_editions_come_from_one_another(review, root):
    """Each edition leads to the others, and opening one is the same as asking for it."""
    opened = open_review(root / "data", edition="living")
    assert opened.name == "living"
    assert opened.printed.studies.equals(review.studies)
    assert opened.outcomes.equals(review.living.outcomes)
    assert opened.living is opened


def test_a_retracted_study_is_printed_and_no_longer_counts(data_copy, edit, review):
    """It stays in the printed edition, leaves the living one, and its card says so first."""
    notice = (
        "reports:\n- {name: notice, kind: retraction, doi: 10.1000/184, date: 2026-01, "
        "changes: The data could not be found.}\ndesign: "
    )
    edit(data_copy / "data/studies/wolter-2011.yml", "\ndesign: ", f"\n{notice}")
    after = open_review(data_copy / "data")
    key = "wolter-2011"
    assert key in set(after.studies["key"])
    for name in ("studies", "outcomes", "adverse_events", "reports", "readings"):
        assert key not in set(after.living.table(name)["key"]), name
    assert flow(after).box(ALL).number == flow(review).box(ALL).number - 1
    assert flow(after).box(TAKEN_BACK).studies == (key,)
    assert cards.standing(after, key) == cards.RETRACTED
    card = cards.study_cards(after, counted=False).html.partition(f'id="{key}"')[2]
    assert card.index("Retraction, 2026-01.") < card.index("card-title")


def test_each_value_of_a_full_text_has_its_place(living):
    """What is read as full text says where: results, events and fields."""
    for name in ("outcomes", "adverse_events", "readings"):
        rows = living.table(name)
        rows = rows[rows["read_as"] == "full text"]
        assert not rows.empty
        if name == "adverse_events":  # a silence has no place
            rows = rows[rows["status"] != "not reported"]
        assert rows["at"].notna().all(), name


def test_counts_of_limbs_are_no_counts_of_patients(living):
    """Where limbs or nerves are counted, the columns of patients do not hold their number."""
    rows = living.outcomes
    units = rows[rows["unit_of_analysis"].notna()]
    assert units["responders"].isna().all()
    assert units["percent"].isna().all()


def test_harm_is_told_as_what_it_is(review, living):
    """Free words of a study have a kind, and what is said to have passed was not permanent."""
    rows = living.adverse_events
    weak = rows[rows["term"] == "weakness of a muscle"]
    happened = weak[weak["status"] == "event"]
    assert set(happened["key"]) == {"matelich-2022", "ilfeld-2023"}
    assert happened["passed"].all()
    events = rows[(rows["key"] == "sidebottom-2011") & (rows["status"] == "event")]
    assert list(events["term"]) == ["temporary numbness"]  # not counted in both readings
    checked = review.in_edition("checked")
    damage = checked.fact("studies_with_permanent_damage(kind=nerve)").value
    open_ = set(checked.adverse_events.loc[list(damage.undecided), "key"])
    assert "truong-2024" in open_  # altered sensation, not said to have passed
    assert "stogicza-2022" not in open_


def test_the_silence_of_a_study_says_how_it_was_read(living):
    """A full text that tells of no harm, and an abstract, are no reading of the review's table."""
    rows = living.adverse_events.set_index("key")
    silent = rows[rows["status"] == "not reported"]["read_as"]
    assert dict(silent) == {"bellini-2015": "full text", "kocan-2022": "full text"}
    assert "review table" not in set(rows[rows["status"] == "not in the part read"]["read_as"])


def test_words_of_print_outlive_an_entry_that_says_nothing_of_pain(review):
    """Excellent relief is not taken back by an abstract that tells of successful management."""
    rows = review.in_edition("checked").outcomes
    assert "statement" in set(rows.loc[rows["key"] == "rhame-2011", "kind"])


def test_patients_of_two_studies_that_overlap_are_a_range(data_copy):
    """What two files say to be the same patients is not summed twice for certain."""
    before = open_review(data_copy / "data").living.fact("patients").value
    file = data_copy / "data" / "studies" / "sahoo-2021.yml"
    overlap = "overlaps_with:\n- key: moesker-2014\n  patients: 2\n  reason: same centre\ndesign:"
    file.write_text(file.read_text("utf-8").replace("\ndesign:", f"\n{overlap}", 1), "utf-8")
    after = open_review(data_copy / "data").living.fact("patients").value
    assert (after.value, after.most) == (before.value - 2, before.value)
