"""Charts of the review: each says its finding, which follows the evidence, and shows each study."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from livingreview import open_review, pages, show
from livingreview.audit.claims import STUDY, audits
from livingreview.data.claims import FAILS, NOTHING, UNDECIDED
from livingreview.evidence.rule import AGREEMENTS
from livingreview.frames import is_of
from livingreview.review import Review
from livingreview.show.marks import in_lines, studies_shown
from livingreview.show.words import as_printed, tally
from livingreview.synthesis.intervals import wilson
from livingreview.words import joined

GROUPS = ("trial", "cohort", "case report")
Chart = Callable[[Review], show.Html]

CHARTS: dict[str, Chart] = {
    "years": pages.studies.years_chart,
    "patients": pages.studies.patients_chart,
    "guidance": pages.studies.guidance_chart,
    "regions": pages.studies.regions_chart,
    "followup": pages.long_term.followup_chart,
    "agreement": pages.long_term.agreement_chart,
    "safety": pages.safety.safety_chart,
    "verdicts": pages.audit.verdicts_chart,
    "mean-changes": pages.outcomes.mean_changes_chart,
    "mean-changes-cohort": lambda review: pages.outcomes.mean_changes_chart(review, "cohort"),
    "responders-trial": lambda review: pages.outcomes.responders_chart(review, "trial"),
    "responders-cohort": lambda review: pages.outcomes.responders_chart(review, "cohort"),
    "responders-case-report": lambda review: pages.outcomes.responders_chart(review, "case report"),
}


@pytest.fixture(scope="module")
def review(root: Path) -> Review:
    """Return the review as printed."""
    return open_review(root / "data")


@pytest.fixture(scope="module")
def drawn(review: Review) -> dict[str, BeautifulSoup]:
    """Return every chart of the review, drawn once and read back."""
    return {name: page(chart(review)) for name, chart in CHARTS.items()}


def page(html: show.Html) -> BeautifulSoup:
    """Return the HTML, read back."""
    return BeautifulSoup(html._repr_html_(), "html.parser")


def title(soup: BeautifulSoup) -> str:
    """Return the finding above the picture."""
    found = soup.select_one(".chart-title")
    assert found is not None
    return found.text


def marks(soup: BeautifulSoup, kind: str) -> list[dict[str, Any]]:
    """Return the records of all layers with this mark."""
    script = soup.select_one("script.chart-spec")
    assert script is not None
    spec = json.loads(script.text)
    found = []
    for layer in spec.get("layer", [spec]):
        if layer["mark"]["type"] == kind:
            name = layer.get("data", spec.get("data"))["name"]
            found += spec["datasets"][name]
    return found


def without(review: Review, table: str, rows: pd.Series) -> Review:
    """Return the review without the rows of a table that a condition chooses."""
    return review.without(tuple(rows.index[rows]))


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_drawn_and_says_its_finding(drawn: dict[str, BeautifulSoup], name: str) -> None:
    """Every chart has its name, a title with a number, words for those who do not see it."""
    soup = drawn[name]
    picture = soup.select_one(f"figure#fig-{name} > [role=img]")
    assert picture is not None
    assert any(letter.isdigit() for letter in title(soup))
    assert str(picture["aria-label"]).startswith(title(soup))
    assert len(soup.select("svg")) == 2, "one for a wide column, one for a phone"
    assert soup.select_one("figcaption") is not None


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_missing_shows_as_a_number(drawn: dict[str, BeautifulSoup], name: str) -> None:
    """No word of a chart is what a program calls a missing value."""
    texts = [
        text
        for tag in drawn[name].select(".chart-title, figcaption, svg text")
        for text in tag.stripped_strings
    ]
    texts += [str(tag["aria-label"]) for tag in drawn[name].select("[role=img]")]
    words = {word.strip(".,;:()") for text in texts for word in text.split()}
    assert not words & {"nan", "NaN", "None", "null", "<NA>", "undefined"}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_the_same_every_time_and_calls_no_other_host(
    drawn: dict[str, BeautifulSoup], review: Review, name: str
) -> None:
    """Neither the drawing nor its specification names an address."""
    again = CHARTS[name](review)._repr_html_()
    assert "://" not in again
    assert str(BeautifulSoup(again, "html.parser")) == str(drawn[name])


@pytest.mark.parametrize("name", CHARTS)
def test_tooltips_name_what_a_mark_stands_for(drawn: dict[str, BeautifulSoup], name: str) -> None:
    """Each mark says its study with year and reference, or its claim."""
    field = "says" if name == "verdicts" else "study"
    for kind in ("bar", "point", "text"):
        for record in marks(drawn[name], kind):
            assert record[field]


CHANGES: dict[str, Callable[[Review], Review]] = {
    "years": lambda r: without(r, "studies", r.studies["reference_year"] == 2024),
    "patients": lambda r: without(
        r, "studies", r.studies["patients"] == r.studies["patients"].max()
    ),
    "guidance": lambda r: without(
        r, "studies", r.studies["guidance"].map(lambda names: "ultrasound" in names)
    ),
    "regions": lambda r: without(r, "targets", r.targets["region"] == "chest"),
    "followup": lambda r: without(r, "studies", r.studies["followup_min_months"] >= 6),
    "agreement": lambda r: without(r, "printed_verdicts", r.printed_verdicts["positive"] == "no"),
    "safety": lambda r: without(r, "adverse_events", r.adverse_events["status"] == "event"),
    "verdicts": lambda r: replace(
        r, source=replace(r.source, claims=r.source.claims[:-9], judgements=())
    ),
    "mean-changes": lambda r: without(
        r, "outcomes", r.outcomes["estimate"] == r.outcomes["estimate"].min()
    ),
    "responders-trial": lambda r: without(r, "outcomes", is_of(r.outcomes, "sham")),
    "responders-cohort": lambda r: without(r, "outcomes", r.outcomes["percent"] > 60),
    "responders-case-report": lambda r: without(r, "outcomes", r.outcomes["percent"] == 100),
}


@pytest.mark.parametrize("name", CHANGES)
def test_title_follows_the_evidence(
    drawn: dict[str, BeautifulSoup], review: Review, name: str
) -> None:
    """A finding that other evidence does not give is not printed above it."""
    altered = page(CHARTS[name](CHANGES[name](review)))
    assert title(altered) != title(drawn[name])


@pytest.mark.parametrize("name", ["years", "patients", "followup", "safety"])
def test_each_distinct_study_has_one_mark(
    drawn: dict[str, BeautifulSoup], review: Review, name: str
) -> None:
    """A study that the table repeats is drawn once."""
    kinds = {"patients": ("point",), "followup": ("point", "text")}.get(name, ("bar",))
    records = [record for kind in kinds for record in marks(drawn[name], kind)]
    ranges = (studies_shown(review)["followup_status"] == "range").sum()
    extra = ranges if name == "followup" else 0  # a range has a mark at each end
    number = review.fact("studies").value.value
    assert len({record["study"] for record in records}) == number
    assert len(records) == number + extra


def test_guidance_counts_a_study_under_each_of_its_terms(
    drawn: dict[str, BeautifulSoup], review: Review
) -> None:
    """The bars are those of the facts; not stated and missing stand last, as such."""
    rows = pd.Series([record["row"] for record in marks(drawn["guidance"], "bar")])
    for term, count in rows.value_counts().items():
        assert review.fact(f"studies(guidance={term})").value.value == count
    terms = review.studies["guidance"].explode()
    assert set(rows) == set(terms)


def test_regions_and_nerves_are_those_of_the_facts(
    drawn: dict[str, BeautifulSoup], review: Review
) -> None:
    """Each bar is as long as the fact on its region or nerve says, branches included."""
    bars = pd.Series(
        [record["row"].replace("\n", " ") for record in marks(drawn["regions"], "bar")]
    )
    targets = review.targets
    for name in targets["region"].unique():
        count = review.fact(f"studies(region={name})").value.value
        assert (bars == name.capitalize()).sum() == count
    for name in targets["nerve"].unique():
        assert (bars == name).sum() == review.fact(f"studies(nerve={name})").value.value


@pytest.mark.parametrize("group", GROUPS)
def test_responders_have_intervals_exactly_where_patients_are_counted(
    drawn: dict[str, BeautifulSoup], review: Review, group: str
) -> None:
    """A mark is filled, with a Wilson interval, or hollow, without one; gaps are words."""
    soup = drawn[f"responders-{group.replace(' ', '-')}"]
    studies, rows = review.studies, review.outcomes
    rows = rows[rows["row"].isin(studies.loc[studies["design_group"] == group, "row"])]
    rows = rows[rows["kind"] == "responder"]
    points = marks(soup, "point")
    assert len(points) == rows["percent"].notna().sum()
    assert len(marks(soup, "text")) == rows["percent"].isna().sum()
    counted = rows[rows["responders"].notna()]
    expected = {wilson(int(row.responders), int(row.evaluated)) for row in counted.itertuples()}
    assert {(p["low"], p["high"]) for p in points if p["counted"]} == expected
    assert all(p["low"] is None for p in points if not p["counted"])


def test_responders_show_the_review_s_own_limit(
    drawn: dict[str, BeautifulSoup], review: Review
) -> None:
    """The line stands where the protocol puts it, and moves with it."""
    limits = {record.get("limit") for record in marks(drawn["responders-trial"], "rule")}
    assert review.rule.positive_share_percent in limits


def test_responders_of_a_group_without_any_are_said_to_be_missing(review: Review) -> None:
    """Without results there is a figure that says so, not an error."""
    empty = without(review, "outcomes", review.outcomes["kind"] == "responder")
    assert "No share of responders" in title(page(pages.outcomes.responders_chart(empty, "trial")))


def test_mean_changes_of_a_group_without_any_are_said_to_be_missing(review: Review) -> None:
    """Without results there is a figure that says so, not an error."""
    empty = without(review, "outcomes", review.outcomes["kind"] == "mean change")
    assert title(page(pages.outcomes.mean_changes_chart(empty))) == (
        "No mean fall of a pain score is printed for any study"
    )


def test_mean_falls_point_to_the_right(drawn: dict[str, BeautifulSoup], review: Review) -> None:
    """A fall, negative in the tables, is positive here; a result without size is words."""
    rows = review.outcomes
    rows = rows[rows["kind"] == "mean change"]
    falls = sorted(record["fall"] for record in marks(drawn["mean-changes"], "point"))
    assert falls == sorted(-rows["estimate"].dropna())
    assert len(marks(drawn["mean-changes"], "text")) == rows["estimate"].isna().sum()


def test_followup_line_follows_the_rule(root: Path) -> None:
    """Another minimum moves the line and the count."""
    soup = page(
        pages.long_term.followup_chart(open_review(root / "data", minimum_followup_months=12))
    )
    assert {"limit": 12.0} in marks(soup, "rule")
    assert "12 months" in title(soup)


def test_agreement_leaves_out_only_studies_that_nobody_claims(
    drawn: dict[str, BeautifulSoup], review: Review
) -> None:
    """Bars are the facts on agreement; the last category is counted in the caption."""
    stands = pd.Series([r["row"].replace("\n", " ") for r in marks(drawn["agreement"], "bar")])
    for kind in AGREEMENTS[:-1]:
        fact = review.fact(f"agreement(kind={kind.replace(',', '')})")
        assert (stands == kind).sum() == fact.value.value


def test_safety_keeps_silence_apart_from_no_events(
    drawn: dict[str, BeautifulSoup], review: Review
) -> None:
    """The three answers are those of the facts."""
    said = pd.Series([record["said"] for record in marks(drawn["safety"], "bar")]).value_counts()
    names = ("studies_with_events", "studies_without_events", "studies_silent_on_adverse_events")
    facts = [review.fact(name).value.value for name in names]
    assert sorted(said) == sorted(facts)


def test_verdicts_are_one_cell_per_claim(drawn: dict[str, BeautifulSoup], review: Review) -> None:
    """No claim of the last printing is lost, none counted twice."""
    verdicts = pd.Series([record["verdict"] for record in marks(drawn["verdicts"], "bar")])
    rows = audits(review)
    rows = rows[rows["printing"] == "published"]
    words = (rows["verdict"] + ", by " + rows["rests_on"]).where(
        (rows["verdict"] == FAILS) & (rows["rests_on"] == STUDY), rows["verdict"]
    )
    expected = words.replace(NOTHING, UNDECIDED).value_counts()
    assert verdicts.value_counts().to_dict() == expected.to_dict()


def test_importing_show_does_not_import_what_draws() -> None:
    """Chapters without charts do not wait for the drawing library."""
    code = "import sys, livingreview.show; sys.exit('altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_words_for_blank_cells_and_unprinted_rows(review: Review) -> None:
    """A blank cell is named as blank, and so is a row that the review's table does not have."""
    rows = pd.Series([22, pd.NA], dtype="Int64")
    assert list(as_printed(review, rows, "guidance")) == ["(blank)", "(blank)"]


def test_labels_break_into_lines_of_like_length() -> None:
    """No word stands alone on a second line."""
    assert in_lines(["printed YES, the rule says no"], 27)["printed YES, the rule says no"] == (
        "printed YES, the\nrule says no"
    )
    assert in_lines(["short"]) == {"short": "short"}


def test_words_of_lists() -> None:
    """Lists and counts read as in a sentence."""
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined(["a"]) == "a"
    assert joined([]) == ""
    assert tally(pd.Series({"x": 1, "y": 2})) == "x: 1; y: 2"
