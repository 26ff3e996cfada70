"""Screening: who is a candidate, and the flow of studies that balances or stops."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from livingreview.data.protocol import Flow
from livingreview.data.references import Reference
from livingreview.data.screening import Candidate, Screened, by_date, candidates
from livingreview.data.searches import Searches
from livingreview.evidence.flow import ALL, DATABASES, NEW, OTHERS, PREVIOUS, flow, imbalances
from livingreview.pages.methods import flow_diagram, screening_table
from livingreview.problems import InvalidData
from livingreview.show.rows import NO_AUTHOR, study_link, study_name

DECIDED = Screened(
    decision="included", reason="A trial of the question.", found_by="other methods", why_new=None
)


SEARCHED = date(2025, 3, 31)


def study(key, ref=None, screening=None, year="not stated", published_on=None):
    """Return what screening asks of a study file."""
    return SimpleNamespace(
        key=key, ref=ref, screening=screening, year=year, published_on=published_on
    )


def test_candidates_are_the_studies_with_a_decision():
    """A study of the review's list is no candidate; the others stand in their order."""
    studies = {
        s.key: s
        for s in (
            study("kim-2024", screening=DECIDED),
            study("a-2019", 12),
            study("fox-2020", screening=DECIDED),
        )
    }
    found = candidates(studies, SEARCHED)
    assert [(c.key, c.decision) for c in found] == [
        ("kim-2024", "included"),
        ("fox-2020", "included"),
    ]
    assert found[0].reason == DECIDED.reason
    assert found[0].why_new == "missed or later: not known"


@pytest.mark.parametrize(
    ("year", "published_on", "said"),
    [
        ("not stated", None, None),
        (2024, None, "missed by the review"),
        (2025, None, None),
        (2025, "2025-03", None),
        (2025, "2025-02", "missed by the review"),
        (2025, date(2025, 3, 31), "missed by the review"),
        (2025, date(2025, 4, 1), "published after the review"),
        (2026, None, "published after the review"),
    ],
)
def test_date_of_publication_says_why_a_study_is_new(year, published_on, said):
    """A study is missed if it came out by the last search; a year may leave it open."""
    new = study("a-2020", screening=DECIDED, year=year, published_on=published_on)
    assert by_date(new, SEARCHED) == said
    given = DECIDED.model_copy(update={"why_new": "missed by the review"})
    open_ = study("a-2020", screening=given, year=year, published_on=published_on)
    (found,) = candidates({"a-2020": open_}, SEARCHED)
    assert found.why_new == (said or "missed by the review")


def candidate(key, decision, found_by="not recorded"):
    """Return a candidate."""
    return Candidate(
        key=key,
        decision=decision,
        reason=f"Why {key}",
        found_by=found_by,
        why_new="missed by the review",
    )


CANDIDATES = (
    candidate("lee-2026", "included", "databases and registers"),
    candidate("kim-2024", "excluded"),
    candidate("fox-2020", "awaiting full text", "other methods"),
    candidate("ray-2021", "included"),
)


FLOW = Flow.model_validate(
    {
        "stated_in": "methods",
        "steps": [
            {"step": "Records identified", "number": None, "in_diagram": True},
            {"step": "Duplicates removed", "number": 7},
            {"step": "Records read twice", "number": 40, "in_diagram": True},
        ],
    }
)


def review_of(screened=CANDIDATES, previous=("a-2019", "b-2020", "a-2019"), living=None):
    """Return what the flow asks of a review: printed and living studies, and the candidates."""
    if living is None:
        new = [c.key for c in screened if c.decision == "included"]
        living = [*dict.fromkeys(previous), *new]

    def tables(keys):
        return SimpleNamespace(studies=pd.DataFrame({"key": list(keys)}))

    source = SimpleNamespace(
        screening=screened,
        references={},
        studies={},
        protocol=SimpleNamespace(flow=FLOW),
        searches=Searches(),
        file=lambda name: f"data/{name}",
    )
    return SimpleNamespace(source=source, printed=tables(previous), living=tables(living))


def boxes(found, column):
    """Return the number of each box of a column, or its words."""
    return {b.title: b.words if b.number is None else b.number for b in found.columns[column]}


def test_flow_has_three_columns_and_adds_up():
    """Each candidate stands in one column, by how it was found; previous studies count once."""
    found = flow(review_of())
    assert list(found.columns) == [PREVIOUS, DATABASES, OTHERS]
    assert boxes(found, PREVIOUS)["Studies in the previous version"] == 2
    assert boxes(found, PREVIOUS)["Rows that it prints"] == 3
    assert boxes(found, DATABASES)["Included"] == 1
    assert boxes(found, OTHERS)["Candidates considered"] == 3
    considered = next(b for b in found.columns[OTHERS] if b.title == "Candidates considered")
    assert considered.words == "how 2 of them were found is not recorded"
    assert (found.box(NEW).number, found.box(ALL).number) == (2, 4)


def test_the_steps_of_the_source_review_are_those_declared():
    """The diagram has the marked steps in the order of the file, with their numbers."""
    found = flow(review_of())
    steps = {title: n for title, n in boxes(found, PREVIOUS).items() if "source review" in title}
    assert steps == {
        "Records identified by the source review": "not reported in the text",
        "Records read twice by the source review": 40,
    }


def test_numbers_that_nobody_recorded_are_said_to_be_so():
    """Records identified and screened are never filled in."""
    found = flow(review_of())
    assert boxes(found, PREVIOUS)["Records identified by the source review"] == (
        "not reported in the text"
    )
    for column in (DATABASES, OTHERS):
        for title in ("Records identified", "Records screened"):
            assert boxes(found, column)[title].startswith("not recorded")


@pytest.mark.parametrize(
    ("review", "line"),
    [
        (
            review_of(living=["a-2019", "b-2020", "lee-2026"]),
            'data/studies: found no row of the study "ray-2021"; '
            "allowed: every study of the flow has one",
        ),
        (
            review_of(living=["a-2019", "b-2020", "lee-2026", "ray-2021", "new-2022"]),
            'data/studies: found the study "new-2022" in the tables; '
            "allowed: studies of the flow only",
        ),
        (
            review_of(previous=("kim-2024",)),
            'data/studies: found the previous study "kim-2024" as a candidate; '
            "allowed: new studies only",
        ),
    ],
)
def test_flow_that_does_not_balance_stops(review, line):
    """An imbalance names the study that makes it."""
    with pytest.raises(InvalidData) as error:
        flow(review)
    assert line in str(error.value).splitlines()


def test_candidate_in_no_column_is_an_imbalance():
    """Candidates are as many as the columns decide on."""
    found = flow(review_of())
    short = replace(found, columns=found.columns | {OTHERS: ()})
    wrong = imbalances(short, CANDIDATES, ("a-2019", "b-2020"), found.box(ALL).studies)
    assert wrong[0][0] == "4 candidates, 1 in the columns, 1 decided"


def test_diagram_lists_the_studies_of_each_box():
    """The diagram is text: lists of boxes, each with its number and its studies to unfold."""
    page = BeautifulSoup(flow_diagram(review_of()).html, "html.parser")
    assert len(page.select(".flow-column")) == 3
    assert page.select("img, svg") == []
    titles = {box: box.select_one(".flow-title").text for box in page.select(".flow-box")}
    excluded = [box for box, title in titles.items() if title == "Excluded"]
    assert [box.select_one(".flow-number").text for box in excluded] == ["0", "1"]
    assert excluded[1].select_one("details li").text == "kim-2024: Why kim-2024"
    assert len(page.select(".flow-unknown")) == 1 + 4


def test_screening_table_lists_every_candidate():
    """The table holds each candidate with its reason, and its caption the counts."""
    shown = screening_table(review_of())
    caption = "The 4 candidate studies: 2 included, 1 excluded, 1 awaiting full text"
    assert shown.text.startswith(caption)
    for each in CANDIDATES:
        assert each.reason in shown.html


def test_study_without_known_author_is_named_by_its_title():
    """Author and year name a study; where nobody has seen the author, the title does."""
    known = Reference("lee-2026", None, ("Lee",), 2026, "A trial", "10.1/x", "article")
    unknown = Reference("kim-2024", None, (NO_AUTHOR,), None, "[A series]", None, "article")
    review = review_of()
    review.source.references = {r.key: r for r in (known, unknown)}
    assert study_name(review, "lee-2026") == "Lee 2026"
    assert study_name(review, "kim-2024") == "A series (year not in the part read)"
    assert study_link(review, "lee-2026") == '<a href="study:lee-2026">Lee 2026</a>'
    review.living.studies = review.living.studies.iloc[:0]
    assert study_link(review, "lee-2026") == '<a href="https://doi.org/10.1/x">Lee 2026</a>'
    review.source.studies = {"lee-2026": SimpleNamespace(ref=None)}
    assert study_link(review, "lee-2026") == '<a href="study:lee-2026">Lee 2026</a>'


def test_markup_in_a_reason_is_text():
    """What a contributor writes is shown, not obeyed."""
    bad = CANDIDATES[1].model_copy(update={"reason": "<script>alert(1)</script>"})
    review = review_of((CANDIDATES[0], bad))
    assert "<script>" not in flow_diagram(review).html + screening_table(review).html


def test_projects_own_flow_balances(review):
    """The project's own candidates are each decided once, and none is a previous study."""
    found = flow(review)
    screened = review.source.screening
    assert len({c.key for c in screened}) == len(screened)
    included = [c.key for c in screened if c.decision == "included"]
    assert found.box(ALL).number == review.printed.value("studies") + len(included)
