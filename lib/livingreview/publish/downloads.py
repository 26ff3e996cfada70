"""The downloads: evidence tables, facts, claims, references, their descriptors, and the feed."""

from __future__ import annotations

from pathlib import Path

from livingreview.data import bibliography
from livingreview.data.citation import read_citation
from livingreview.data.references import Reference
from livingreview.data.study import json_schema
from livingreview.facts import Fact
from livingreview.facts.used import all_facts, in_living
from livingreview.frames import dictionary, write_csv, write_json
from livingreview.publish import datapackage, feed
from livingreview.review import Review
from livingreview.tables import TABLES


def write(review: Review, folder: Path) -> None:
    """Write the tables of both editions, facts, claims, references, and what describes them.

    Text is UTF-8, lines end with a line feed, blanks are empty; the same evidence gives the same
    bytes. The feed goes beside the folder; the book lies around the review's data.
    """
    book = review.source.folder.parent
    for edition in (review.printed, review.living):
        _write_tables(edition, folder / edition.name)
    write_csv(review.audit, folder / "claims.csv")
    write_csv(review.disagreements, folder / "disagreements.csv")
    write_csv(dictionary(), folder / "dictionary.csv")
    found = all_facts(review, book)
    everything = [*found, *in_living(review, found).values()]
    write_json({"facts": [as_json(fact) for fact in everything]}, folder / "facts.json")
    write_json(json_schema(), folder / "study.schema.json")
    _write_references(review, folder)
    cited = read_citation(book)
    _write_text(bibliography.as_bibtex(cited), folder / "citation.bib")
    _write_text(bibliography.as_ris(cited), folder / "citation.ris")
    write_json(datapackage.descriptor(review, cited, folder), folder / datapackage.NAME)
    feed.write(review, folder.parent)


def as_json(fact: Fact) -> dict[str, object]:
    """Return a fact as plain values: id, edition, definition, value, denominator, rows."""
    return {
        "id": fact.id,
        "edition": fact.edition,
        "definition": fact.definition,
        "value": fact.value.value,
        "of": fact.value.of,
        "text": fact.value.text,
        "studies": list(fact.studies),
        "rows": list(fact.value.rows),
        "denominator_rows": list(fact.value.base),
    }


def included_references(review: Review) -> list[Reference]:
    """Return the reference of each study of either edition, once, sorted by key."""
    editions = (review.printed, review.living)
    keys = {key for edition in editions for key in edition.studies["key"]}
    return [review.source.references[key] for key in sorted(keys)]


def _write_tables(review: Review, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        # The first column is the name by which facts refer to the row: "outcomes:12".
        frame = review.table(name).rename_axis("id").reset_index()
        if not frame.empty:  # the printed edition holds no reports
            write_csv(frame, folder / f"{name}.csv")


def _write_references(review: Review, folder: Path) -> None:
    references = included_references(review)
    items = bibliography.csl(references)
    _write_text(bibliography.bibtex(references), folder / "references.bib")
    _write_text(bibliography.ris(items), folder / "references.ris")
    write_json(items, folder / "references.csl.json")


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
