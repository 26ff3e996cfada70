"""One table in the formats of the downloads, the same bytes every time."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

# What makes a spreadsheet take a cell for a formula (the list is OWASP's, on CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


FORMATS = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


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


def _texts(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name, kind in frame.dtypes.items() if str(kind) in ("str", "object")]


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as UTF-8 with line feeds, blanks empty, and every text inert."""
    safe = frame.copy()
    for name in _texts(frame):
        safe[name] = frame[name].map(lambda v: inert(v) if isinstance(v, str) else v)
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_records(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as a JSON list of its rows; a blank is null, a text is kept as it is."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    write_json(rows, path)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, with the types of its columns; a blank is null."""
    import fastparquet

    # A blank number would be written as "not a number", which other readers do not take for blank.
    kinds = {"float64": "Float64", "str": "object"}
    typed = frame.astype({name: kinds.get(str(k), k) for name, k in frame.dtypes.items()})
    texts = _texts(frame)
    typed[texts] = typed[texts].where(typed[texts].notna(), None)
    fastparquet.write(
        str(path),
        typed,
        object_encoding=dict.fromkeys(texts, "utf8"),
        write_index=False,
        stats=False,
    )


def write_json(content: object, path: Path) -> None:
    """Write plain values as indented JSON."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
