"""The explorer: what each filter counts, what a row shows, and charts that take a selection."""

import json

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from livingreview import open_review, pages
from livingreview.pages.explorer import explorer_table
from livingreview.review import Review
from livingreview.show.filters import filters, followup_class, records, rule_class


@pytest.fixture(scope="module")
def soup(review: Review) -> BeautifulSoup:
    """Return the explorer as the page has it."""
    return BeautifulSoup(pages.explorer.explorer(review).html, "html.parser")


def options(soup: BeautifulSoup, name: str) -> dict[str, int]:
    """Return the terms of a filter with the studies that the page says each has."""
    found = soup.select(f"select[name={name}] option[data-words]")
    return {tag["value"]: int(tag.text.rpartition("(")[2].rstrip(")")) for tag in found}


def test_both_editions_are_there(soup: BeautifulSoup, review: Review) -> None:
    """The records hold each study once; the choice of edition counts those of each."""
    studies = records(review)
    living = review.living
    assert len({study["key"] for study in studies}) == len(studies) == living.value("studies")
    assert sum(study["printed"] is not None for study in studies) == review.value("studies")
    assert sum(study["patients"] or 0 for study in studies) == living.value("patients")
    texts = [tag.text for tag in soup.select("select[name=edition] option")]
    numbers = [f"{len(edition.studies['key'].unique())})" for edition in (living, review.printed)]
    assert [text.rpartition("(")[2] for text in texts] == [*numbers, numbers[0]]


def test_regions_and_designs_count_as_the_evidence_does(
    soup: BeautifulSoup, review: Review
) -> None:
    """An option counts the studies that either edition gives the term, each once."""
    for name, table, column in (("region", "targets", "region"), ("design", "studies", "design")):
        editions = []
        for edition in (review.printed, review.living):
            rows = edition.table(table)
            last = edition.studies.drop_duplicates("key", keep="last")["row"]
            editions.append(rows.loc[rows["row"].isin(last), ["key", column]])
        counts = pd.concat(editions).drop_duplicates()[column].value_counts()
        assert options(soup, name) == dict(counts), name


def test_a_nerve_counts_its_branches(review: Review) -> None:
    """A study of a branch is found by the branch and by its nerve."""
    targets = review.living.targets
    branch = targets[targets["part_of"].notna()].iloc[0]
    (study,) = (s for s in records(review) if s["key"] == branch["key"])
    assert {branch["nerve"], branch["part_of"]} <= set(study["living"]["nerve"])


def test_every_term_of_a_study_is_an_option(review: Review) -> None:
    """No study has a term that the form does not offer."""
    studies = records(review)
    offered = {
        choice.name: {term for listed in choice.options.values() for term, *_ in listed}
        for choice in filters(review, studies)
    }
    for study in studies:
        for edition in filter(None, (study["printed"], study["living"])):
            for name, terms in edition.items():
                assert set(terms) <= offered[name], (study["key"], name)


@pytest.mark.parametrize(
    ("months", "status", "expected"),
    [
        (2.9, "stated", "under 3 months"),
        (3.0, "stated", "3 to under 6 months"),
        (6.0, "range", "6 to under 12 months"),
        (12.0, "mean", "12 to under 24 months"),
        (60.0, "stated", "24 months or more"),
        (None, "variable", "variable"),
        (None, "not stated", "not stated"),
        (None, "missing", "missing"),
    ],
)
def test_follow_up_is_classed_by_its_longest_time(months, status, expected) -> None:
    """A limit belongs to the longer class; three kinds of no time stay three."""
    assert followup_class({"followup_max_months": months, "followup_status": status}) == expected


@pytest.mark.parametrize(
    ("verdict", "qualifies", "expected"),
    [
        ("yes", "yes", "positive"),
        ("unclear", "yes", "unclear"),
        ("does not qualify", "no", "does not qualify"),
        ("no", "yes", "not positive"),
    ],
)
def test_a_study_that_does_not_qualify_is_no_negative_one(verdict, qualifies, expected) -> None:
    """Not in the rule's scope is one answer, in it and not positive another."""
    assert rule_class({"verdict": verdict, "qualifies": qualifies}) == expected


def test_a_row_shows_both_values_where_they_differ(review: Review) -> None:
    """A design that was read otherwise than it is printed stands beside the printed one."""
    table = BeautifulSoup(explorer_table(review).html, "html.parser")
    heads = [tag.text for tag in table.select("thead th")]
    cells = {
        row.th.a["href"]: dict(zip(heads, row.find_all(["th", "td"]), strict=True))
        for row in table.select("tbody tr")
    }
    assert len(cells) == review.living.value("studies")
    rows = review.disagreements
    for key in rows.loc[rows["field"] == "design", "key"]:
        text = cells[f"study:{key}"]["Design"].text
        assert text.endswith(", printed")
        assert ", as read;" in text


def test_other_data_are_other_rows(data_copy, edit, review: Review) -> None:
    """A design that is printed otherwise moves a study to another option."""
    edit(data_copy / "data/source/preprint/table1.csv", ",RCT vs Sham,", ",OP vs Sham,")
    after = {s["key"]: s["printed"] for s in records(open_review(data_copy / "data"))}
    before = {s["key"]: s["printed"] for s in records(review)}
    moved = [key for key in before if before[key] != after[key]]
    assert len(moved) == 1
    assert (before[moved[0]]["design"], after[moved[0]]["design"]) == (["RCT"], ["OP"])


def test_each_chart_takes_the_studies_to_show(soup: BeautifulSoup, review: Review) -> None:
    """Each chart has the parameter, which starts as all studies, and marks that it filters."""
    keys = [study["key"] for study in records(review)]
    specs = [json.loads(tag.text) for tag in soup.select("script.chart-spec")]
    assert len(specs) == 3
    for spec in specs:
        (parameter,) = (p for p in spec["params"] if p["name"] == "shown")
        assert sorted(parameter["value"]) == sorted(keys)
        assert "indexof(shown, datum.key) >= 0" in json.dumps(spec["layer"])


def test_without_javascript_the_form_is_hidden(soup: BeautifulSoup) -> None:
    """The form does nothing by itself, so it is not shown until the script shows it."""
    assert soup.select_one("form").has_attr("hidden")
