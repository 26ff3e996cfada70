"""Tables of the primary studies: they show what was computed, and follow the study files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from livingreview import open_review, pages, show
from livingreview.evidence.disagreements import FIELDS
from livingreview.pages import disagreements
from livingreview.pages.trials import trial_contrasts
from livingreview.review import Review

TABLES: dict[str, Callable[[Review], show.Html]] = {
    "counts": disagreements.disagreement_counts_table,
    "of one field": lambda review: disagreements.disagreements_table(review, "guidance"),
    "of two fields": lambda review: disagreements.disagreements_table(review, "author", "year"),
    "disputed studies": disagreements.disputed_studies_table,
    "disputed verdicts": disagreements.disputed_verdicts_table,
    "unverified": disagreements.unverified_table,
    "added": pages.studies.added_studies_table,
    "contrasts": pages.trials.contrasts_reported_table,
    "trials": pages.trials.living_trials_table,
    "reporting": disagreements.reporting_table,
    "stated items": disagreements.stated_items_table,
}


def cells(html: show.Html) -> list[list[str]]:
    """Return the texts of the rows of a table, its head first."""
    soup = BeautifulSoup(html._repr_html_(), "html.parser")
    return [[cell.text for cell in row.select("th, td")] for row in soup.select("tr")]


def column(html: show.Html, name: str) -> dict[str, str]:
    """Return a column of a table by the first cell of each row."""
    head, *rows = cells(html)
    return {row[0]: row[head.index(name)] for row in rows}


@pytest.mark.parametrize("name", TABLES)
def test_tables_read_well(review: Review, name: str) -> None:
    """Each table has a caption and rows, and no programmer's word for missing."""
    html = TABLES[name](review)
    assert BeautifulSoup(html._repr_html_(), "html.parser").select_one("caption")
    rows = cells(html)
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    assert not {"nan", "NaN", "None", "<NA>", "True", "False"} & {c for row in rows for c in row}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_the_same_from_either_edition(review: Review, name: str) -> None:
    """A chapter may hold the printed or the living review."""
    assert TABLES[name](review)._repr_html_() == TABLES[name](review.living)._repr_html_()


def test_counts_are_those_of_the_disagreements(review: Review) -> None:
    """Every field has its row, also one on which nobody differs."""
    shown = column(disagreements.disagreement_counts_table(review), "Studies that differ")
    counts = review.disagreements.groupby("field")["key"].nunique()
    assert shown == {field: str(counts.get(field, 0)) for field in FIELDS}


def test_a_disagreement_shows_both_values_and_where_it_was_read(review: Review) -> None:
    """What is printed stands beside what the study states."""
    rows = cells(disagreements.disagreements_table(review, "guidance"))
    assert rows[0] == ["Study", "The review prints", "The study states", "Read in", "Weight"]
    words = "changes a number or a description"
    assert ["Prologo 2017 [20]", "ultrasound", "computed tomography", "abstract", words] in rows


def test_unverified_adds_up(review: Review) -> None:
    """The groups share out what nobody read."""
    html = disagreements.unverified_table(review)
    for name, fact in (
        ("Studies", "studies"),
        ("Of these not read", "studies_unverified"),
        ("Patients in them", "patients_unverified"),
        ("Printed YES verdicts on them", "unverified_positive"),
    ):
        assert sum(map(int, column(html, name).values())) == review.value(fact), name


def test_added_studies_link_to_their_cards(review: Review) -> None:
    """Each added study has one row, whose name leads to its card."""
    soup = BeautifulSoup(pages.studies.added_studies_table(review)._repr_html_(), "html.parser")
    found = [tag["href"] for tag in soup.select("th a")]
    assert found == [f"study:{key}" for key in review.fact("added_studies").studies]


def test_contrasts_are_told_apart_by_endpoint_and_scale(review: Review) -> None:
    """Each contrast has its own scale and says whether it was the primary endpoint."""
    head, *rows = cells(pages.trials.contrasts_reported_table(review, "sham"))
    shown = [dict(zip(head, row, strict=True)) for row in rows]
    own = [row for row in shown if row["Trial"].startswith("Truong")]
    told = {(r["Estimate"], r["Endpoint"]) for r in own}
    assert told >= {
        ("2 risk ratio, 95% CI 0.75 to 5.35", "primary"),
        ("5.1 risk ratio, 95% CI 1.2 to 22.03", "secondary"),
    }
    assert all("vs sham" in row["Contrast"] for row in shown)


def test_contrasts_are_of_randomised_trials_only(review: Review) -> None:
    """A cohort with a control has no row among the trials."""
    rows = trial_contrasts(review.living)
    studies = review.living.studies.set_index("key")
    assert studies.loc[list(rows["key"]), "randomised"].all()
    assert not rows["arm"].str.startswith("radiofrequency").any()


def test_trials_are_printed_and_added(review: Review) -> None:
    """Each randomised trial has its row, with what its deciding results say."""
    shown = column(pages.trials.living_trials_table(review), "Result")
    assert len(shown) == review.value("studies(design=RCT, edition=living)") > 0
    assert shown["Radnovich 2017 [10]"] == "favours treatment"
    assert shown["Truong 2024 [11]"] == "no difference"
    assert shown["Tsiplakos 2025"] == "favours comparator"


def test_tables_follow_a_study_file(review: Review, data_copy: Path, edit) -> None:  # type: ignore[no-untyped-def]
    """A value of a study file moves the tables that show it, and leaves the others."""
    edit(data_copy / "data/studies/das-2023.yml", "device: not stated", "device: a probe")
    altered = open_review(data_copy / "data")
    moved = {n for n, made in TABLES.items() if cells(made(review)) != cells(made(altered))}
    assert moved == {"reporting", "stated items"}
    assert (
        column(disagreements.stated_items_table(altered), "device and probe")["Das 2023 [18]"]
        == "a probe"
    )
