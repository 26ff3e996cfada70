"""Evidence tables as DataFrames: their types, their rows by arm, their dictionary, their CSV."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pandas as pd

from livingreview.derived import DERIVED
from livingreview.results import Names, Row
from livingreview.tables import TABLES, TREATMENT
from livingreview.words import listed

# What makes a spreadsheet take a cell for a formula (the list is OWASP's, on CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def base_type(annotation: Any) -> Any:
    """Return the type of a column without its ``None``."""
    options = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) in (Literal, tuple) or not options:
        return annotation
    return options[0]


def is_stated(value: Any) -> bool:
    """Return whether a cell holds something; a blank and an empty list do not."""
    return bool(value) if isinstance(value, tuple) else not pd.isna(value)


def frame_of(table: str, rows: Sequence[Row], names: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows as a DataFrame with the declared columns and types.

    The index names each row (``outcomes:12``), so that every slice still says which rows it holds;
    ``names`` are those of rows that another table names already.
    """
    fields = (TABLES | DERIVED)[table].model_fields
    frame = pd.DataFrame([row.model_dump() for row in rows], columns=list(fields))
    kinds = {int: "Int64", float: "float64", bool: "boolean"}
    for name, field in fields.items():
        kind = base_type(field.annotation)
        stored = "object" if get_origin(kind) is tuple else kinds.get(kind, "str")
        frame[name] = frame[name].astype(stored)  # type: ignore[call-overload]
    numbered = [f"{table}:{number}" for number in range(1, len(frame) + 1)]
    frame.index = pd.Index([*names] or numbered, dtype="str")
    return frame


def dictionary() -> pd.DataFrame:
    """Return one row per column of each published table: type, allowed values, meaning."""
    rows = []
    for table, model in (TABLES | DERIVED).items():
        for name, field in model.model_fields.items():
            kind = base_type(field.annotation)
            literal = get_origin(kind) is Literal
            rows.append(
                {
                    "table": table,
                    "column": name,
                    "type": "text" if literal else TYPE_WORDS[kind],
                    "unit": unit_of(name),
                    "allowed": ", ".join(map(str, get_args(kind))) if literal else bounds(field),
                    "may be empty": not field.is_required() and field.default in (None, ()),
                    "meaning": field.description,
                }
            )
    return pd.DataFrame(rows)


TYPE_WORDS = {
    int: "whole number",
    float: "number",
    bool: "yes or no",
    str: "text",
    Names: "list, joined by semicolons",
}


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


def is_of(rows: pd.DataFrame, *arms: str) -> pd.Series[bool]:
    """Return, per row, whether it is of one of these whole arms alone, and no contrast."""
    sides = zip(rows["arm"], rows["against"], rows["part"].isna(), strict=True)
    alone = [
        len(arm) == 1 and arm[0] in arms and not other and whole for arm, other, whole in sides
    ]
    return pd.Series(alone, index=rows.index, dtype=bool)


def is_control(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return, per row, whether it is of arms without the treatment, and no contrast."""
    sides = zip(rows["arm"], rows["against"], strict=True)
    alone = [bool(arm) and TREATMENT not in arm and not other for arm, other in sides]
    return pd.Series(alone, index=rows.index, dtype=bool)


def is_contrast(rows: pd.DataFrame, against: Collection[str] = ()) -> pd.Series[bool]:
    """Return, per row, whether it compares the treatment: with anything, or with one of these.

    The treated arm may be pooled with another: such a result informs on the treatment, too.
    """
    sides = zip(rows["arm"], rows["against"], strict=True)
    compared = [
        TREATMENT in arm
        and bool(other)
        and TREATMENT not in other
        and (not against or bool({*against} & {*other}))
        for arm, other in sides
    ]
    return pd.Series(compared, index=rows.index, dtype=bool)


def inert(cell: str) -> str:
    """Return a text that no spreadsheet runs: what looks like a formula gets an apostrophe before.

    A number keeps its sign, and a sign alone is no formula.
    """
    if not cell.startswith(FORMULA_STARTS) or len(cell) == 1 or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text == text.strip()


def _in_one_cell(value: Any) -> Any:
    text = listed(value) if isinstance(value, tuple) else value
    return inert(text) if isinstance(text, str) else text


def _texts(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name, kind in frame.dtypes.items() if str(kind) in ("str", "object")]


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as UTF-8 with line feeds, blanks empty, and every text inert."""
    safe = frame.copy()
    for name in _texts(frame):
        safe[name] = frame[name].map(_in_one_cell)
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_json(content: object, path: Path) -> None:
    """Write plain values as indented JSON."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
