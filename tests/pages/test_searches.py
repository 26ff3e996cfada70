"""The page on searches: what it says before a search, and after it."""

from dataclasses import replace

from bs4 import BeautifulSoup

from alterations import searched
from livingreview.data.records import RecordTables
from livingreview.pages import searches


def cells(shown):
    """Return the cells of a table as text, row by row."""
    page = BeautifulSoup(shown.html, "html.parser")
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
        for row in page.select("tbody tr")
    ]


def unsearched(review):
    """Return the review as it is before any search."""
    before = replace(review.source.searches, runs=(), tables=RecordTables())
    return replace(review, source=replace(review.source, searches=before))


def with_sources(review, **changes):
    """Return the review with fields of the first source of its strategy changed."""
    strategy = review.source.searches.strategy
    first = strategy.sources[0].model_copy(update=changes)
    strategy = strategy.model_copy(update={"sources": (first, *strategy.sources[1:])})
    changed = replace(review.source.searches, strategy=strategy)
    return replace(review, source=replace(review.source, searches=changed))


def test_sources_say_when_they_were_searched(review):
    """Each source has a row: not searched yet, and after a search its day."""
    names = [source.name for source in review.source.searches.strategy.sources]
    before = cells(searches.sources_table(unsearched(review)))
    assert [row[0] for row in before] == names
    assert all(row[-1] == "not searched yet" for row in before)
    after = cells(searches.sources_table(searched(review)))
    assert [row[4] for row in after] == [f"2026-12-{day:02}" for day, _ in enumerate(names, 1)]
    assert {tuple(row[5:]) for row in after} == {("1", "1", "1 of 2"), ("1", "0", "1 of 2")}


def test_strings_stand_as_they_are_sent(review):
    """Each string stands whole; a source without one is said to have none yet."""
    page = BeautifulSoup(searches.strings(review).html, "html.parser")
    sources = review.source.searches.strategy.sources
    written = [source.string for source in sources if source.string]
    assert [pre.text for pre in page.select("details pre")] == written
    missing = [source.name for source in sources if not source.string]
    assert [item.text.partition(":")[0] for item in page.select("li")] == missing


def test_a_string_is_text(review):
    """What looks like markup in a string or a note is shown, not run."""
    altered = with_sources(review, string="<script>alert(1)</script>", note="<b>x</b>")
    assert "<script>" not in searches.strings(altered).html
    assert "<b>" not in searches.strings(altered).html


def test_sixteen_items_are_answered_or_said_to_be_open(review):
    """PRISMA-S has sixteen items; what nobody did or stated is said in these words."""
    rows = cells(searches.reporting(unsearched(review)))
    assert [row[0] for row in rows] == [str(number) for number in range(1, 17)]
    answers = {row[1]: row[2] for row in rows}
    assert all(answers.values())
    strategy = review.source.searches.strategy
    if strategy.other_methods.contacts is None:
        assert answers["People asked"] == "not stated"
    assert answers["Day of each search"] == answers["Records of each source"] == "not searched yet"
    assert answers["How duplicates are found"].startswith("not done")


def test_who_checked_a_string_is_told_by_source(review):
    """Sources that differ in an answer are named with theirs; those that agree stand together."""
    altered = with_sources(review, peer_reviewed="a librarian")
    answers = {row[1]: row[2] for row in cells(searches.reporting(altered))}
    names = [source.name for source in altered.source.searches.strategy.sources]
    told = answers["Strings checked by a second person"]
    assert told.startswith(f"a librarian: {names[0]}; not done: {names[1]}")


def test_platforms_that_are_shared_are_named(review):
    """Sources that are searched on one platform at once are said to be so."""
    other = review.source.searches.strategy.sources[1].platform
    altered = with_sources(review, platform=other)
    answers = {row[1]: row[2] for row in cells(searches.reporting(altered))}
    assert answers["Several databases on one platform"] == other


def test_what_the_source_review_searched(review):
    """A source that it names is planned, searched, or neither, by its name."""
    shown = cells(searches.of_the_source_review(unsearched(review), ["databases", "registries"]))
    named = {name for name, *_ in shown}
    stated = review.statements.query("item in ['databases', 'registries']")["value"]
    assert named == {name for sources in stated.dropna() for name in sources}
    ours = {source.name for source in review.source.searches.strategy.sources}
    assert {name for name, _, by_us in shown if by_us.endswith("; planned")} == named & ours
    after = cells(searches.of_the_source_review(searched(review), ["databases", "registries"]))
    assert {name for name, _, by_us in after if by_us.startswith("searched on")} == named & ours


def test_candidates_by_how_they_were_found(review):
    """The table counts every candidate once."""
    shown = cells(searches.candidates_found(review))
    assert sum(int(number) for _, number in shown) == len(review.source.screening)


def test_flow_of_records(review):
    """Before a search the boxes hold words, after it numbers."""
    assert all(
        "not recorded" in row[1] for row in cells(searches.flow_of_records(unsearched(review)))
    )
    after = cells(searches.flow_of_records(searched(review)))
    assert after[0][1] == str(len(review.source.searches.ids))


def test_without_a_strategy(review):
    """A review without a strategy says so, and lists nothing of its own."""
    nothing = replace(review.source.searches, strategy=None)
    altered = replace(review, source=replace(review.source, searches=nothing))
    for shown in (searches.sources_table(altered), searches.reporting(altered)):
        assert shown.text == searches.NO_STRATEGY
    assert searches.strings(altered).html == ""
