"""Facts on the searches of this review: what was searched, and what became of what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.values import Value
from livingreview.problems import nearest

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

NOT_YET = "not yet"  # in place of the day of a search that was not run


@fact("Sources of the strategy that were searched", edition="living", needs="searches")
def sources_searched(edition: Edition) -> Value:
    """Count the sources that have a run."""
    searches = edition.source.searches
    sources = searches.strategy.sources if searches.strategy else ()
    searched = [source.id for source in sources if searches.last_run(source)]
    rows, base = (tuple(f"sources:{name}" for name in ids) for ids in (searched, searches.ids))
    return Value(len(searched), f"{len(searched)} of {len(base)}", rows, of=len(base), base=base)


@fact(
    "Day up to which every source that a search needs was searched",
    edition="living",
    needs="searches",
)
def last_whole_search(edition: Edition) -> Value:
    """Return the day; *not yet* as long as a source that is needed was not searched."""
    run = edition.source.searches.last_whole
    if run is None:
        return Value(None, NOT_YET, ())
    return Value(run.on.isoformat(), run.on.isoformat(), (f"runs:{run.id}",))


@fact(
    "Records that searches found, each once for every source that gave it",
    edition="living",
    needs="searches",
)
def records_identified(edition: Edition, source: str | None = None) -> Value:
    """Count what sources gave, before duplicates are taken out; of one source or of all."""
    searches = edition.source.searches
    if source is not None and source not in searches.ids:
        raise UnknownFact(f"source {nearest(source, searches.ids)}")
    found = searches.identified(source)
    rows = tuple(f"found:{row.record}@{row.source}" for row in found)
    return Value(len(found), f"{len(found):,}", rows)


@fact("Records that nobody has screened yet", edition="living", needs="searches")
def records_waiting(edition: Edition) -> Value:
    """Count the records that wait for a decision by title and abstract."""
    waiting = edition.source.searches.records_in("waiting")
    return Value(len(waiting), f"{len(waiting):,}", tuple(f"records:{name}" for name in waiting))
