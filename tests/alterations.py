"""Alter the evidence of a review: drop rows, drop studies, add a study like another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd

from livingreview import reading
from livingreview.audit.claims import audit
from livingreview.audit.relations import is_number
from livingreview.book import chapters, facts_named
from livingreview.data.printed import PrintedTable, Printing
from livingreview.data.protocol import EDITIONS
from livingreview.data.records import Found, Record, RecordTables
from livingreview.data.source import Source, load_source
from livingreview.data.strategy import Run
from livingreview.evidence.edition import CHECKED
from livingreview.facts import FACTS, canonical_id, of_edition
from livingreview.facts.registry import EDITION, OF_PRINT, parse
from livingreview.facts.select import parts
from livingreview.facts.used import asked_by
from livingreview.review import PRINTED, Review, open_review
from livingreview.tables import TABLES
from project import ROOT

# Tables that are computed from several printings of the source review.
OF_PRINTINGS = {"changes", "slips", "figures"}

# Facts on what only reports of studies tell: no table of a printing does, so none gives them a row.
ONLY_READ = {
    "events_told_by",
    "patients_with_serious_events",
    "reported_values",
    "reporting_none_of",
    "reports_within",
    "studies_counting_retreatment",
}


@cache
def used_facts() -> tuple[str, ...]:
    """Return the id of every fact that prose or a claim uses, or that needs no argument.

    What only reports of studies tell is asked of the edition with what was read.
    """
    source = load_source(ROOT / "data")
    ids = {canonical_id(name) for name in facts_named(chapters(ROOT))}
    ids |= {name for claim in source.claims for name in asked_by(opened(), claim)}
    ids |= {name for name, definition in FACTS.items() if not definition.required()}
    return tuple(sorted({in_read(name) for name in ids}))


def in_read(name: str) -> str:
    """Return the id of a fact, of the checked edition where print cannot answer it."""
    definition, arguments = parse(name)
    asked_of = arguments.get(EDITION)
    if definition.name not in ONLY_READ or asked_of in EDITIONS[1:]:
        return name
    return of_edition(name, CHECKED)


@cache
def opened() -> Review:
    """Return the printed edition of the project's data."""
    return open_review(ROOT / "data")


def asked(review: Review, name: str) -> Review:
    """Return the edition whose rows a fact names: its own, or that of its id, or the printed."""
    definition, arguments = parse(name)
    only = None if definition.edition == OF_PRINT else definition.edition
    return review.in_edition(only or arguments.get(EDITION) or PRINTED)


def said(review: Review, name: str) -> tuple[object, str]:
    """Return what a fact says: its value and how it reads."""
    value = review.fact(name).value
    return value.value, value.text


@cache  # many facts have the same rows
def without_rows(review: Review, rows: tuple[str, ...]) -> Review:
    """Return the review without the named rows of its evidence, claims and candidates.

    A disagreement is computed: without it means without its study. So is what changed between
    printings: without that means without any printing but the first. What figures come to goes
    with the figures of every printing, a claim with its judgements and the claims asked about it.
    """
    named: dict[str, set[str]] = {
        kind: set() for kind in ("claims", "screening", "disagreements", "sources")
    }
    for row in rows:
        table, _, name = row.partition(":")
        named.setdefault(table, set()).add(name)
    source = without_claims(review.source, named["claims"])
    screening = tuple(c for c in source.screening if c.key not in named["screening"])
    source = replace(source, screening=screening)
    if named["sources"]:
        source = replace(source, searches=replace(source.searches, strategy=None))
    if "figures" in named:
        unread = {n: replace(p, figures=None) for n, p in source.printings.items()}
        source = replace(source, printings=unread)
    if not {"changes", "slips"}.isdisjoint(named):
        source = replace(source, printings={source.printing.name: source.printing})
    fewer = replace(review.without(rows), source=source)
    if not named["disagreements"]:
        return fewer
    studies = set(fewer.studies["key"]) - set(review.keys_of(rows))
    return with_studies(fewer, studies)


def searched(review: Review) -> Review:
    """Return the review after a search of each source, which gave a record that nobody screened."""
    searches = review.source.searches
    runs = tuple(
        Run(
            source=name,
            on=date(2026, 12, day),
            string="S",
            hits=1,
            fetched=1,
            new=int(day == 1),
            known_asked=2,
            known_found=1,
            known_missed=("lee-2021",),
            dropped_terms=(),
            interface=None,
        )
        for day, name in enumerate(searches.ids, start=1)
    )
    found = tuple(
        Found(record="pmid-1", source=run.source, source_id="1", run=run.id) for run in runs
    )
    one = Record.model_construct(record="pmid-1", same_as=None, study=None)
    tables = RecordTables({"pmid-1": one}, found)
    after = replace(searches, runs=runs, tables=tables)
    return replace(review, source=replace(review.source, searches=after))


def without_claims(source: Source, ids: set[str]) -> Source:
    """Return the source without some claims, those that ask about them, and their judgements."""
    gone, more = set[str](), set(ids)
    while more:
        gone |= more
        more = {c.id for c in source.claims if any(gone & claims_of(f) for f in c.facts)} - gone
    return replace(
        source,
        claims=tuple(claim for claim in source.claims if claim.id not in gone),
        judgements=tuple(j for j in source.judgements if j.claim not in gone),
    )


def claims_of(fact: str) -> set[str]:
    """Return the claims that a fact asks for by name."""
    _, arguments = parse(fact)
    return {*parts(arguments.get("claims", "")), *parts(arguments.get("claim", ""))}


def printing_more(review: Review, name: str) -> Review:
    """Return the review with a claim that prints one more, in each printing that makes it."""

    def more(prints: object) -> object:
        if isinstance(prints, dict):
            return {printing: more(value) for printing, value in prints.items()}
        return prints + 1 if is_number(prints) else [*prints, "one more"]

    claims = [
        claim.model_copy(update={"prints": more(claim.prints)}) if claim.id == name else claim
        for claim in review.source.claims
    ]
    return replace(review, source=replace(review.source, claims=tuple(claims)))


def with_studies(review: Review, keys: set[str]) -> Review:
    """Return the review with these studies only, in every table."""
    return _with_studies(review, frozenset(keys))


@cache  # many facts rest on the same studies
def _with_studies(review: Review, keys: frozenset[str]) -> Review:
    kept = {
        name: frame[frame["key"].isin(keys)]
        for name in TABLES
        if "key" in (frame := review.table(name))
    }
    return replace(review, **kept)


@cache
def without_study(review: Review, key: str) -> Review:
    """Return the printed edition of a review that never heard of a study.

    Its rows, in other printings too, its file and its candidate are gone; a reference nobody asks
    for stays.
    """
    source = review.source
    source = replace(
        source,
        printings={n: without_printed(source, p, key) for n, p in source.printings.items()},
        studies={name: file for name, file in review.source.studies.items() if name != key},
        screening=tuple(c for c in review.source.screening if c.key != key),
    )
    left = with_studies(review.printed, set(review.printed.studies["key"]) - {key})
    return replace(left, source=source)


def without_printed(source: Source, printing: Printing, key: str) -> Printing:
    """Return a printing whose tables never printed a study."""

    def others(table: PrintedTable) -> PrintedTable:
        readers = {column.column: reading.READERS[column.reader] for column in table.columns}
        kept = [
            row
            for row in table.rows
            if printing.references[readers["study"](row["study"], source.vocabulary).ref].key != key
        ]
        return replace(table, rows=tuple(kept))

    return replace(printing, table1=others(printing.table1), table2=others(printing.table2))


@cache  # many facts count the same study first
def twice(review: Review, key: str) -> Review:
    """Return the review with one more study, like that of ``key`` in all."""
    return with_another(review, key)


def with_another(review: Review, key: str, **changes: object) -> Review:
    """Return the review with one more study, like that of ``key`` but for its names.

    Its rows stand in every table that holds the study, under a key, a reference number and row
    numbers of their own; ``changes`` replace the values of columns that have these names. It has
    a reference and a study file as that study has, and informs the same clinical question, or that
    of ``changes``.
    """
    source, again = review.source, f"{key}-again"
    references = source.references | {again: replace(source.references[key], key=again)}
    files = source.studies
    if key in files:
        files = files | {again: files[key].model_copy(update={"key": again})}
    number = int(review.references["ref"].max()) + 1
    tables = {}
    for name in TABLES:
        frame = review.table(name)
        if "key" not in frame:
            continue
        own = frame[frame["key"] == key].copy()
        own["key"] = again
        if "ref" in own:
            own["ref"] = number
        if "row" in own:
            own["row"] += 1000
        for column, value in changes.items():
            if column in own:
                own[column] = value
        own.index = pd.Index(
            [f"{name}:{i}" for i in range(len(frame) + 1, len(frame) + 1 + len(own))]
        )
        tables[name] = pd.concat([frame, own])
    asked = tuple(
        question.model_copy(update={"studies": {**question.studies, again: "as the other"}})
        if changes.get("question", question.id) == question.id
        and ("question" in changes or key in question.studies)
        else question
        for question in source.questions
    )
    source = replace(source, references=references, studies=files, questions=asked)
    return replace(review, source=source, **tables)


def verdicts(review: Review) -> dict[str, str]:
    """Return the verdict on each claim."""
    table = audit(review)
    return dict(zip(table["id"], table["verdict"], strict=True))
