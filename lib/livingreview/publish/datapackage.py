"""The descriptor of the downloads, as a Frictionless data package: each file, each column.

The columns of the evidence tables are those that ``tables`` declares, once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pandas as pd

from livingreview.data.citation import Citation
from livingreview.frames import base_type, unit_of
from livingreview.review import Review
from livingreview.tables import TABLES, Names
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


def descriptor(review: Review, citation: Citation, folder: Path) -> dict[str, Any]:
    """Return the descriptor of the CSV files that are in a folder; they must have been written."""
    source = review.source.protocol.source
    resources = [
        _resource(path, folder, table_schema(path.stem))
        for edition in (review.printed.name, review.living.name)
        for name in TABLES
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
    model = TABLES.get(path.stem)
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
    fields = [_field(column, field) for column, field in TABLES[name].model_fields.items()]
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
    return {
        "fields": [{"name": name, "type": "string"} for name in columns],
        "missingValues": [""],
    }
