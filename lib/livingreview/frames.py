"""Evidence tables as DataFrames, and the dictionary of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

import pandas as pd

from livingreview.tables import TABLES, Row


def base_type(annotation: Any) -> Any:
    """Return the type of a column without its ``None``."""
    options = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) is Literal or not options:
        return annotation
    return options[0]


def frame_of(table: str, rows: Sequence[Row]) -> pd.DataFrame:
    """Return the rows as a DataFrame with the declared columns and types.

    The index names each row (``outcomes:12``), so that every slice still says which rows it holds.
    """
    fields = TABLES[table].model_fields
    frame = pd.DataFrame([row.model_dump() for row in rows], columns=list(fields))
    kinds = {int: "Int64", float: "float64", bool: "boolean"}
    for name, field in fields.items():
        kind = kinds.get(base_type(field.annotation), "str")
        frame[name] = frame[name].astype(kind)  # type: ignore[call-overload]
    frame.index = pd.Index([f"{table}:{number}" for number in range(1, len(frame) + 1)])
    return frame


def dictionary() -> pd.DataFrame:
    """Return one row per column of each evidence table: type, allowed values, meaning."""
    rows = []
    for table, model in TABLES.items():
        for name, field in model.model_fields.items():
            kind = base_type(field.annotation)
            literal = get_origin(kind) is Literal
            rows.append(
                {
                    "table": table,
                    "column": name,
                    "type": "text" if literal or kind is str else TYPE_WORDS[kind],
                    "unit": unit_of(name),
                    "allowed": ", ".join(map(str, get_args(kind))) if literal else bounds(field),
                    "may be empty": not field.is_required() and field.default is None,
                    "meaning": field.description,
                }
            )
    return pd.DataFrame(rows)


TYPE_WORDS = {int: "whole number", float: "number", bool: "yes or no"}


def unit_of(column: str) -> str:
    """Return the unit that a column's name carries."""
    if "months" in column:
        return "months"
    if "percent" in column:
        return "percent"
    if column in {"patients", "patients_treated", "responders", "evaluated", "at_risk"}:
        return "patients"
    return "points" if column == "threshold_points" else ""


def bounds(field: Any) -> str:
    """Return the declared limits of a number in words."""
    words = {"ge": "at least", "le": "at most"}
    limits = [
        f"{word} {getattr(limit, name)}"
        for limit in field.metadata
        for name, word in words.items()
        if hasattr(limit, name)
    ]
    return ", ".join(limits)
