"""Searches: what is to be searched and how, what was searched, and what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.flow import searched
from livingreview.show.html import Html
from livingreview.show.table import table
from livingreview.words import joined

if TYPE_CHECKING:
    from livingreview.data.searches import Searches
    from livingreview.data.strategy import SearchedSource, Strategy
    from livingreview.review import Review

NOT_DONE, NOT_STATED = "not done", "not stated"
NOT_SEARCHED, NOT_WRITTEN = "not searched yet", "not written yet"
NO_STRATEGY = "This review has no strategy of searching."


def sources_table(review: Review) -> Html:
    """Return a row per source of the strategy: when it was searched last, and what that gave."""
    searches = review.source.searches
    if searches.strategy is None:
        return Html(f"<p>{NO_STRATEGY}</p>", NO_STRATEGY)
    rows = [_source_row(searches, source) for source in searches.strategy.sources]
    every = searches.strategy.every_days
    planned = f"every {every} days, planned" if every else "not set"
    frame = pd.DataFrame(rows).dropna(axis="columns", how="all")
    return table(frame, f"Sources and their last search (interval: {planned})")


def _source_row(searches: Searches, source: SearchedSource) -> dict[str, object]:
    run = searches.last_run(source)
    known = f"{run.known_found} of {run.known_asked}" if run else None
    return {
        "Source": source.name,
        "Kind": source.kind,
        "To be searched by": "a program" if source.how == "interface" else "a person, who exports",
        "A whole search needs it": source.required,
        "Last search": run.on.isoformat() if run else NOT_SEARCHED,
        "Records": f"{run.hits:,}" if run else None,
        "New": f"{run.new:,}" if run else None,
        "Known studies found": known,
    }


def strings(review: Review) -> Html:
    """Return the string of each source, folded and to be copied, with what is to be known of it."""
    strategy = review.source.searches.strategy
    sources = strategy.sources if strategy else ()
    written = [source for source in sources if source.string]
    folded = Markup("").join(
        Markup(
            '<details class="search-string"><summary>{}: {} characters</summary>{}'
            '<div class="highlight"><pre>{}</pre></div></details>'
        ).format(s.name, f"{len(s.string or ''):,}", _paragraph(s.note), s.string)
        for s in written
    )
    others = [f"{s.name}: {NOT_WRITTEN}. {s.note or ''}".strip() for s in sources if not s.string]
    listed = Markup("").join(Markup("<li>{}</li>").format(words) for words in others)
    html = folded + (Markup("<ul>{}</ul>").format(listed) if others else "")
    lines = [f"{source.name}: {source.string}" for source in written]
    return Html(str(html), "\n".join([*lines, *others]))


def _paragraph(text: str | None) -> Markup:
    return Markup("<p>{}</p>").format(text) if text else Markup("")


def reporting(review: Review) -> Html:
    """Return the items of PRISMA-S (Rethlefsen 2021) in our words, and what answers each.

    What was not done and what is not stated are said to be so.
    """
    searches = review.source.searches
    if searches.strategy is None:
        return Html(f"<p>{NO_STRATEGY}</p>", NO_STRATEGY)
    strategy, methods = searches.strategy, searches.strategy.other_methods
    answers = {
        "Databases, each with its platform": _with_platforms(strategy, "database"),
        "Several databases on one platform": _on_one_platform(strategy),
        "Registers of studies": _with_platforms(strategy, "register"),
        "Pages and other sources browsed": methods.browsing,
        "References followed, in either direction": methods.citation_searching,
        "People asked": methods.contacts,
        "Other methods": methods.other,
        "Every string, as it is sent": _of_each(strategy, "string", "given above", NOT_WRITTEN),
        "Limits": _of_each(strategy, "limits"),
        "Published filters": _of_each(strategy, "filters"),
        "Searches that it was made from": strategy.prior_work,
        "How searches are brought up to date": _updates(strategy),
        "Day of each search": _days(searches, strategy),
        "Strings checked by a second person": _of_each(strategy, "peer_reviewed", missing=NOT_DONE),
        "Records of each source": _numbers(searches, strategy),
        "How duplicates are found": None if searches.tables.records else f"{NOT_DONE}: no records",
    }
    rows = {"No.": range(1, len(answers) + 1), "Item": [*answers], "Answer": [*answers.values()]}
    caption = "Items of PRISMA-S, in our words"
    frame = pd.DataFrame(rows)
    return table(frame, caption, row_header="Item", missing=NOT_STATED)


def _with_platforms(strategy: Strategy, kind: str) -> str | None:
    """Return the sources of a kind, with the platform of each where it is known."""
    found = [source for source in strategy.sources if source.kind == kind]
    told = (f"{source.name} ({source.platform or f'platform {NOT_STATED}'})" for source in found)
    return f"Planned: {'; '.join(told)}" if found else NOT_DONE


def _on_one_platform(strategy: Strategy) -> str:
    """Return the platforms that several sources are searched on at once."""
    platforms = Counter(source.platform for source in strategy.sources if source.platform)
    shared = [name for name, number in platforms.items() if number > 1]
    return joined(shared) or "none planned; where no platform is stated, it is not known"


def _of_each(
    strategy: Strategy, field: str, instead: str | None = None, missing: str = NOT_STATED
) -> str:
    """Return what a field says of each source, sources of one answer together."""
    answers: dict[str, list[str]] = {}
    for source in strategy.sources:
        value = getattr(source, field)
        answers.setdefault(missing if value is None else instead or value, []).append(source.name)
    if len(answers) == 1:
        return next(iter(answers))
    return "; ".join(f"{answer}: {joined(names)}" for answer, names in answers.items())


def _updates(strategy: Strategy) -> str:
    whole = "each search is run whole again"
    return f"Planned: {whole}, every {strategy.every_days} days" if strategy.every_days else whole


def _days(searches: Searches, strategy: Strategy) -> str:
    last = ((source.name, searches.last_run(source)) for source in strategy.sources)
    told = [f"{name}: {run.on}" for name, run in last if run]
    return "; ".join(told) or NOT_SEARCHED


def _numbers(searches: Searches, strategy: Strategy) -> str:
    runs = ((source, searches.last_run(source)) for source in strategy.sources)
    told = [f"{source.name}: {len(searches.identified(source.id))}" for source, run in runs if run]
    return "; ".join(told) or NOT_SEARCHED


def of_the_source_review(review: Review, items: Collection[str]) -> Html:
    """Return each source that the source review names, and whether we searched it.

    ``items`` are those of the protocol under which it names its sources; where its places differ,
    a source is named by some of them.
    """
    searches = review.source.searches
    sources = searches.strategy.sources if searches.strategy else ()
    ours = {source.name: source for source in sources}
    rows = review.statements[review.statements["item"].isin(list(items))]
    named: dict[str, list[str]] = {}
    for place, sources in zip(rows["place"], rows["value"], strict=True):
        for name in sources if isinstance(sources, list | tuple) else ():
            named.setdefault(str(name), []).append(str(place))
    frame = pd.DataFrame(
        {"Source": name, "Named in its": joined(places), "By us": _ours(searches, ours.get(name))}
        for name, places in named.items()
    )
    return table(frame, "What the source review says it searched, and what we did")


def _ours(searches: Searches, source: SearchedSource | None) -> str:
    if source is None:
        return f"{NOT_SEARCHED}, and not planned"
    run = searches.last_run(source)
    return f"searched on {run.on}" if run else f"{NOT_SEARCHED}; planned"


def candidates_found(review: Review) -> Html:
    """Return how many candidates were found in which way."""
    counts = Counter(candidate.found_by for candidate in review.source.screening)
    frame = pd.DataFrame(counts.most_common(), columns=["Found by", "Candidates"])
    return table(frame, "How the candidates that we considered were found")


def flow_of_records(review: Review) -> Html:
    """Return what the flow of studies counts of records, or says where nobody counted any."""
    rows = [
        {
            "Step": box.title,
            "Number": box.words if box.number is None else f"{box.number:,}",
            "By source": box.words if box.number is not None else "",
        }
        for box in searched(review.source.searches)
    ]
    frame = pd.DataFrame(rows)
    if not frame["By source"].any():
        frame = frame.drop(columns="By source")
    return table(frame, "Records from databases and registers", numeric=())
