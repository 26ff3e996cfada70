"""The entries of the facts page, and the rows that decide a verdict of the audit."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from livingreview import pages
from livingreview.audit.claims import STUDY
from livingreview.book import chapters
from livingreview.data.claims import FAILS, NOT_COMPUTABLE
from livingreview.facts.used import all_facts, in_living
from livingreview.pages.facts import MOST_ROWS, facts_list
from livingreview.review import Review
from livingreview.words import slug


@pytest.fixture(scope="module")
def facts(review: Review, root: Path) -> BeautifulSoup:
    """Return the list of all facts."""
    return BeautifulSoup(facts_list(review, chapters(root)).html, "html.parser")


@pytest.fixture(scope="module")
def audit(review: Review) -> dict[str, Tag]:
    """Return the cell of each verdict by the id of its claim."""
    cells = {}
    for matters in pages.audit.MATTERS:
        soup = BeautifulSoup(pages.audit.claims_table(review, matters).html, "html.parser")
        for row in soup.select("tbody tr"):
            cells[str(row.select_one("[id^=claim-]")["id"])] = row.select("td")[-2]
    return cells


def entry(facts: BeautifulSoup, name: str) -> Tag:
    """Return the answer of a fact."""
    found = facts.find(id=f"fact-{slug(name)}")
    return found if found.name == "dd" else found.find_parent("dd")


def test_every_fact_of_both_editions_has_one_anchor(
    facts: BeautifulSoup, review: Review, root: Path
) -> None:
    """A link to a fact leads to its entry, in either edition."""
    found = all_facts(review, chapters(root))
    names = [fact.id for fact in [*found, *in_living(review, found).values()]]
    anchors = [tag["id"] for tag in facts.select("[id^=fact-]")]
    assert sorted(anchors) == sorted(f"fact-{slug(name)}" for name in names)


def test_an_answer_lists_its_rows_and_studies(facts: BeautifulSoup, review: Review) -> None:
    """Each row is a link to where it is shown; of a long list each study is a link to its card."""
    for name in ("studies", "studies(design=RCT)", "trials_favouring_treatment(edition=living)"):
        fact, answer = review.fact(name), entry(facts, name)
        assert answer.select_one(".fact-value").text == fact.value.text
        rows = [tag["href"] for tag in answer.select("li a[href^='row:']")]
        shown = fact.value.rows[:MOST_ROWS]
        assert rows == [f"row:{fact.edition}/{row}" for row in shown]
        studies = {tag["href"] for tag in answer.select("a[href^='study:']")}
        named = fact.studies if len(fact.value.rows) > MOST_ROWS else ()
        assert studies == {f"study:{key}" for key in named}
        assert f"studies: {len(fact.studies)}" in answer.select_one("summary").text


def test_many_rows_are_counted(facts: BeautifulSoup, review: Review) -> None:
    """Of a long list the first rows are shown, and how many more there are."""
    answer = entry(facts, "printed_rows")
    number = review.value("printed_rows")
    assert number > MOST_ROWS == len(answer.select("li a[href^='row:']"))
    assert f"and {number - MOST_ROWS} more" in answer.text


def test_an_answer_of_both_editions_is_said_once(facts: BeautifulSoup) -> None:
    """A fact that ignores the edition has one answer and its rows once."""
    answer = entry(facts, "claims(edition=living)")
    assert answer["id"] == "fact-claims"
    assert "both editions" in answer.select_one("summary").text
    assert answer.text.count("Rows") == 1
    assert entry(facts, "studies") is not entry(facts, "studies(edition=living)")


def test_topics_hold_every_fact_once(review: Review, root: Path) -> None:
    """The sections of the facts pages show what the whole list shows."""
    files = sorted((root / "chapters").glob("facts*.md"))
    text = "".join(file.read_text("utf-8") for file in files)
    topics = re.findall(r"^```\{facts\} (\w+)$", text, re.MULTILINE)
    shown = [
        line
        for topic in topics
        for line in repr(facts_list(review, chapters(root), topic)).splitlines()
    ]
    assert sorted(shown) == sorted(repr(facts_list(review, chapters(root))).splitlines())


def test_a_topic_without_facts_is_refused(review: Review, root: Path) -> None:
    """A misspelt topic stops the build."""
    with pytest.raises(LookupError, match="studdies"):
        facts_list(review, chapters(root), "studdies")


def test_every_verdict_names_rows_that_decide_it(review: Review, audit: dict[str, Tag]) -> None:
    """A verdict with a fact links to a row, unless the tables hold none that could answer."""
    for _, claim in review.audit.iterrows():
        cell = audit[f"claim-{slug(claim['id'])}"]
        links = cell.select("a[href^='row:'], a[href^='claim:']")
        if claim["verdict"] == NOT_COMPUTABLE:
            assert links == []
            continue
        value = review.fact(claim["fact"]).value
        if not (value.rows or value.base):
            assert "No row answers it" in cell.text
        elif not (value.rows or value.base)[0].startswith("references:"):
            assert links, claim["id"]  # a reference that is no study has no card


def test_a_claim_on_all_that_fails_names_those_that_fail_it(
    review: Review, audit: dict[str, Tag]
) -> None:
    """The rows that are not as claimed decide, and not those that are."""
    claims = review.audit
    failed = claims[(claims["relation"] == "all") & (claims["verdict"] == FAILS)]
    failed = failed[failed["rests_on"] != STUDY]
    assert not failed.empty
    for _, claim in failed.iterrows():
        value = review.fact(claim["fact"]).value
        cell = audit[f"claim-{slug(claim['id'])}"]
        named = {tag["href"].partition("/")[2] for tag in cell.select("a[href^='row:']")}
        assert "Not so in" in cell.text
        assert named <= set(value.base) - set(value.rows)


def test_a_disputed_claim_names_rows_as_read(review: Review, audit: dict[str, Tag]) -> None:
    """Where a primary study contradicts a claim, its row as read stands beside the printed one."""
    disputed = review.audit[review.audit["rests_on"] == STUDY]
    disputed = disputed[disputed["verdict"] == FAILS]
    assert not disputed.empty
    for _, claim in disputed.iterrows():
        cell = audit[f"claim-{slug(claim['id'])}"]
        assert f"As read: {claim['as_read']}" in cell.text
        if claim["computed"] != "not stated":
            assert cell.select("a[href^='row:printed/']"), claim["id"]
        assert cell.select("a[href^='row:living/']"), claim["id"]
    assert any("row:printed/disagreements:" in str(cell) for cell in audit.values())
