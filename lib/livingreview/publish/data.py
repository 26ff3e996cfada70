"""The data package: tables and facts as CSV, with a description of every column."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pandas as pd

from livingreview.audit.claims import audits
from livingreview.audit.judgements import judged
from livingreview.book import chapters
from livingreview.data import citation
from livingreview.data.citation import Citation, read_citation
from livingreview.data.references import Reference
from livingreview.data.study import json_schema
from livingreview.derived import DERIVED
from livingreview.evidence.printings import of_printings
from livingreview.facts import Fact
from livingreview.facts.used import all_facts, in_living
from livingreview.frames import base_type, dictionary, unit_of, write_csv, write_json
from livingreview.publish import feed
from livingreview.results import Names
from livingreview.review import LIVING, PRINTED, Review
from livingreview.synthesis import derived
from livingreview.tables import TABLES
from livingreview.words import slug

NAME = "datapackage.json"
ROW_NAME = {
    "name": "id",
    "type": "string",
    "description": "Name of the row, by which facts refer to it",
    "constraints": {"required": True, "unique": True},
}
TYPES = {int: "integer", float: "number", bool: "boolean", str: "string", Names: "string"}
YES_NO = {"trueValues": ["True"], "falseValues": ["False"]}  # as pandas writes them
LIMITS = {"ge": "minimum", "le": "maximum"}


def write(review: Review, folder: Path) -> None:
    """Write the tables of both editions, facts, claims, references, and what describes them.

    Text is UTF-8, lines end with a line feed, blanks are empty; the same evidence gives the same
    bytes. The feed goes beside the folder; the book lies around the review's data.
    """
    book = review.source.folder.parent
    for name in published_editions(review):
        _write_tables(review.in_edition(name), folder / name)
    for name, frame in derived(review.living).items():
        if not frame.empty:
            write_csv(frame.rename_axis("id").reset_index(), folder / LIVING / f"{name}.csv")
    write_csv(audits(review), folder / "claims.csv")
    write_csv(judged(review), folder / "judgements.csv")
    write_csv(review.disagreements, folder / "disagreements.csv")
    for name, frame in of_printings(review).items():
        if not frame.empty:
            write_csv(frame.rename_axis("id").reset_index(), folder / f"{name}.csv")
    write_csv(dictionary(), folder / "dictionary.csv")
    found = all_facts(review, chapters(book))
    everything = [*found, *in_living(review, found).values()]
    write_json({"facts": [as_json(fact) for fact in everything]}, folder / "facts.json")
    write_json(json_schema(), folder / "study.schema.json")
    _write_references(review, folder)
    cited = read_citation(book)
    _write_text(citation.as_bibtex(cited), folder / "citation.bib")
    _write_text(citation.as_ris(cited), folder / "citation.ris")
    write_json(descriptor(review, cited, folder), folder / NAME)
    feed.write(review, folder.parent)


def as_json(fact: Fact) -> dict[str, object]:
    """Return a fact as plain values; ``most`` is the upper end where members are undecided."""
    return {
        "id": fact.id,
        "edition": fact.edition,
        "definition": fact.definition,
        "value": fact.value.value,
        "most": fact.value.most,
        "of": fact.value.of,
        "text": fact.value.text,
        "studies": list(fact.studies),
        "rows": list(fact.value.rows),
        "undecided_rows": list(fact.value.undecided),
        "denominator_rows": list(fact.value.base),
    }


def included_references(review: Review) -> list[Reference]:
    """Return the reference of each study of either edition, once, sorted by key."""
    editions = (review.printed, review.living)
    keys = {key for edition in editions for key in edition.studies["key"]}
    return [review.source.references[key] for key in sorted(keys)]


def published_editions(review: Review) -> tuple[str, ...]:
    """Return the names of the editions whose tables can be taken along: each printing, living."""
    return (PRINTED, *[*review.source.printings][1:], LIVING)


def _write_tables(review: Review, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        # The first column is the name by which facts refer to the row: "outcomes:12".
        frame = review.table(name).rename_axis("id").reset_index()
        if not frame.empty:  # the printed edition holds no reports
            write_csv(frame, folder / f"{name}.csv")


def _write_references(review: Review, folder: Path) -> None:
    references = included_references(review)
    items = citation.csl(references)
    _write_text(citation.bibtex(references), folder / "references.bib")
    _write_text(citation.ris(items), folder / "references.ris")
    write_json(items, folder / "references.csl.json")


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def descriptor(review: Review, citation: Citation, folder: Path) -> dict[str, Any]:
    """Return the descriptor of the CSV files that are in a folder; they must have been written."""
    source = review.source.protocol.source
    resources = [
        _resource(path, folder, table_schema(path.stem))
        for edition in published_editions(review)
        for name in TABLES | DERIVED
        if (path := folder / edition / f"{name}.csv").is_file()
    ]
    resources += [
        _resource(path, folder, plain_schema(path)) for path in sorted(folder.glob("*.csv"))
    ]
    return {
        "profile": "data-package",
        "name": slug(citation.title),
        "title": citation.title,
        "description": " ".join(review.source.protocol.question.split()),
        "version": citation.version,
        "created": f"{citation.date.isoformat()}T00:00:00Z",
        "keywords": list(citation.keywords),
        "licenses": [
            {"name": name, "path": path} for name, path in citation.licences_of_content.items()
        ],
        "sources": [{"title": source.title, "path": f"https://doi.org/{source.doi}"}],
        "contributors": [{"title": author.whole, "role": "author"} for author in citation.authors],
        "resources": resources,
    }


def _resource(path: Path, folder: Path, schema: dict[str, Any]) -> dict[str, Any]:
    relative = path.relative_to(folder)
    model = (TABLES | DERIVED).get(path.stem)
    about = (model.__doc__ or "").splitlines()[0].replace("*", "") if model else ""
    edition = "" if relative.parent == Path() else f", {relative.parent} edition"
    resource = {
        "name": slug("-".join(relative.with_suffix("").parts)),
        "path": relative.as_posix(),
        "title": f"{path.stem.replace('_', ' ').capitalize()}{edition}",
        "description": f"A row is: {about}" if about else "",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": schema,
    }
    return {name: value for name, value in resource.items() if value != ""}


def table_schema(name: str) -> dict[str, Any]:
    """Return the schema of an evidence table: type, limits and meaning of each column."""
    declared = (TABLES | DERIVED)[name].model_fields
    fields = [_field(column, field) for column, field in declared.items()]
    return {"fields": [ROW_NAME, *fields], "missingValues": [""], "primaryKey": "id"}


def _field(column: str, field: Any) -> dict[str, Any]:
    kind = base_type(field.annotation)
    literal = get_origin(kind) is Literal
    constraints: dict[str, Any] = {"enum": list(get_args(kind))} if literal else {}
    if field.is_required() or field.default not in (None, ()):
        constraints["required"] = True
    for limit in field.metadata:
        constraints |= {
            word: getattr(limit, name) for name, word in LIMITS.items() if hasattr(limit, name)
        }
    found = {
        "name": column,
        "type": "string" if literal else TYPES[kind],
        "description": field.description,
    }
    if unit := unit_of(column):
        found["unit"] = unit
    if kind is bool:
        found |= YES_NO
    return found | ({"constraints": constraints} if constraints else {})


def plain_schema(path: Path) -> dict[str, Any]:
    """Return the schema of another table of the downloads, from its header: all text."""
    columns = pd.read_csv(path, nrows=0).columns
    return {"fields": [{"name": name, "type": "string"} for name in columns], "missingValues": [""]}
