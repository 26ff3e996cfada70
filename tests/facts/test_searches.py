"""Facts on searches: what they count before a search and after it."""

from dataclasses import replace

import pytest

from alterations import searched
from livingreview.data.searches import Searches
from livingreview.facts import UnknownFact


def test_before_a_search(review):
    """Without a run nothing was searched, found or left to screen, and no day is told."""
    planned = Searches(review.source.searches.strategy)
    before = replace(review, source=replace(review.source, searches=planned))
    assert before.fact("sources_searched").value.text == f"0 of {len(planned.ids)}"
    assert before.fact("last_whole_search").value.text == "not yet"
    assert before.fact("records_identified").value.value == 0
    assert before.fact("records_waiting").value.value == 0


def test_after_a_search(review):
    """A record that each source gave is identified by each, waits once, and the day is told."""
    after = searched(review)
    sources = after.source.searches.ids
    needed = [s.id for s in after.source.searches.strategy.sources if s.required]
    first = min(sources.index(name) for name in needed) + 1
    assert after.fact("sources_searched").value.text == f"{len(sources)} of {len(sources)}"
    assert after.fact("last_whole_search").value.text == f"2026-12-{first:02}"
    assert after.fact("records_identified").value.value == len(sources)
    assert after.fact(f"records_identified(source={sources[0]})").value.value == 1
    assert after.fact("records_waiting").value.rows == ("records:pmid-1",)


def test_unknown_source(review):
    """A source that the strategy does not name is refused, with those that it names."""
    known = review.source.searches.ids[0]
    with pytest.raises(UnknownFact, match=known):
        review.fact(f"records_identified(source={known}x)")
