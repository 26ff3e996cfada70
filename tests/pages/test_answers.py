"""Answers by clinical question follow the evidence: words, levels, map, drawings."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from livingreview import pages
from livingreview.review import Review


def soup(html) -> BeautifulSoup:
    """Return a piece of a page as a tree."""
    return BeautifulSoup(html._repr_html_(), "html.parser")


def row_of(html, name: str) -> dict[str, str]:
    """Return the cells of the row that begins with a name, by the headings."""
    tree = soup(html)
    heads = [head.get_text(" ", strip=True) for head in tree.select("thead th")]
    for row in tree.select("tbody tr"):
        cells = [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        if cells[0] == name:
            return dict(zip(heads, cells, strict=True))
    raise LookupError(name)


@pytest.fixture(scope="module")
def better(review: Review) -> Review:
    """Return the living edition whose trial of phantom pain found a large benefit."""
    outcomes = review.living.outcomes.copy()
    mine = (outcomes["key"] == "ilfeld-2023") & (outcomes["kind"] == "between-group difference")
    mine &= outcomes["part"].isna() & outcomes["primary_endpoint"].fillna(False).astype(bool)
    assert mine.sum() == 1
    outcomes.loc[mine, ["estimate", "ci_low", "ci_high"]] = [-3.0, -4.0, -2.0]
    outcomes.loc[mine, "direction"] = "favours treatment"
    return replace(review.living, outcomes=outcomes)


def test_the_answer_follows_a_trial(review: Review, better: Review) -> None:
    """Another result of one trial changes words and map of its question, and of no other."""
    asked = "compares(question=phantom-limb, comparator=sham)"
    said = review.fact(asked).value.text
    assert said == "probably does no better than sham by an amount that matters"
    assert better.fact(asked).value.text == "probably does better than sham"
    label = pages.answers.question_of(review, "phantom-limb").label
    column = "Against sham, trials"
    before, after = (row_of(pages.questions.evidence_map(r), label) for r in (review, better))
    assert "no difference shown" in before[column]
    assert "better with cold" in after[column]
    assert {head for head in before if before[head] != after[head]} == {column}
    for other in ("knee-pain", "lumbar-facet"):
        asked = f"compares(question={other}, comparator=sham)"
        assert better.fact(asked).value.text == review.fact(asked).value.text


def test_without_its_study_a_question_has_no_comparison(review: Review) -> None:
    """The one cohort that compares carries the answer: without it nothing compares."""
    living = review.living
    rows = tuple(living.outcomes.index[living.outcomes["key"] == "das-2023"])
    without = living.without(rows)
    asked = "certainty_at_most(question=sacroiliac, comparator=steroid injection)"
    assert living.fact(asked).value.value == "very low"
    assert without.fact(asked).value.value is None
    assert "compares cold with anything" in repr(
        pages.answers.compared_table(without, "sacroiliac")
    )
    assert "rests on one study" in repr(pages.answers.hangs_on(living, "sacroiliac"))
    assert "rests on one study" not in repr(pages.answers.hangs_on(without, "sacroiliac"))


def test_an_interval_is_drawn_where_its_numbers_are_known(review: Review) -> None:
    """A row without an interval has no drawing; with one it lies on the side that is better."""
    tree = soup(pages.answers.compared_table(review, "phantom-limb"))
    (drawn,) = tree.select("svg.forest")
    centre = float(drawn["viewbox"].split()[2]) / 2
    (dot,) = drawn.select("circle")
    assert float(dot["cx"]) > centre
    tree = soup(pages.answers.compared_table(review, "knee-pain"))
    for row in tree.select("tbody tr"):
        shown = row.select_one("svg") is not None
        assert shown <= ("95% CI" in row.get_text())


def test_no_benefit_that_matters_lies_inside_the_band(review: Review) -> None:
    """The drawing of such an interval ends where the shaded band ends, or before."""
    tree = soup(pages.answers.compared_table(review, "phantom-limb"))
    (drawn,) = tree.select("svg.forest")
    (band,) = drawn.select("rect")
    start, end = drawn.select_one("path.interval")["d"][1:].split("H")
    assert float(band["x"]) <= float(start.split()[0])
    assert float(end) <= float(band["x"]) + float(band["width"])


def test_the_map_has_every_question_and_study(review: Review) -> None:
    """One row a question; its studies stand once, under what they compare or as uncompared."""
    tree = soup(pages.questions.evidence_map(review))
    targets = [link["href"] for link in tree.select("tbody th a")]
    assert sorted(targets) == sorted(f"question:{asked.id}" for asked in review.source.questions)


def test_a_nerve_leads_to_its_questions(review: Review) -> None:
    """Who knows only the nerve finds the trials that froze a branch of it or a neighbour."""
    tree = soup(pages.questions.names_table(review))
    found = {
        row.select_one("th").get_text(): [link["href"] for link in row.select("td a")]
        for row in tree.select("tbody tr")
    }
    assert "question:knee-pain" in found["genicular nerves"]
    assert set(review.living.targets["nerve"]) <= set(found)


def test_only_claims_of_the_question_stand_under_it(review: Review) -> None:
    """A claim that rests on other studies, too, is not told as one of this question."""
    keys = {*pages.answers.question_of(review, "sacroiliac").studies}
    tree = soup(pages.answers.source_claims_table(review, "knee-pain"))
    ids = [link["href"].removeprefix("claim:") for link in tree.select("tbody th a")]
    assert len(ids) > 2
    for name in ids:
        claim = next(c for c in review.source.claims if c.id == name)
        asked = claim.asks([*review.source.printings][-1])
        assert not keys & {*review.fact(asked).studies}


def test_an_unknown_question_is_named_with_what_is_known(review: Review) -> None:
    """The message lists the questions."""
    with pytest.raises(LookupError, match="knee-pain"):
        pages.answers.head(review, "elbow")
