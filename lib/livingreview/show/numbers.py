"""The numbers of a chart, read from its own specification: for a table and a file beside it."""

import csv
import io
from typing import Any

import pandas as pd

from livingreview.frames import inert

DIGITS = 2
_POSITIONS = ("x", "x2", "y", "y2", "color", "shape", "size", "text")
_SAID = ("tooltip", "detail")


def numbers_of(spec: dict[str, Any]) -> pd.DataFrame:
    """Return one row per mark that says something, from the top of the chart to its bottom.

    Its columns are what the tooltips say, under their titles, and the fields of the `detail`
    channel; those of a chart without tooltips are the fields of its axes and legends.
    """
    views = list(_views(spec))
    if any("tooltip" in view["encoding"] for view in views):
        views = [view for view in views if "tooltip" in view["encoding"]]
    headings = {k: v for view in views for k, v in _headings(view["encoding"]).items()}
    places = [place for view in views for place in _places(spec, view)]
    records = [record for _, record in sorted(places, key=lambda place: place[0])]
    rows = pd.DataFrame([[record.get(field) for field in headings] for record in records],
                        columns=list(headings.values()), dtype="object")  # fmt: skip
    counts = {title for view in views for title in _counts(view["encoding"])}
    if counts:  # the chart counts its records: one row per mark, with its number
        (title,) = counts
        return (
            rows.groupby(list(rows.columns), sort=False, dropna=False)
            .size()
            .reset_index(name=title)
        )
    return rows[~rows.astype("str").duplicated()].reset_index(drop=True)


def _views(spec: dict[str, Any], outer: dict[str, Any] | None = None) -> Any:
    """Yield each view with marks, with what it takes from the views that hold it."""
    outer = outer or {}
    inherited = {
        "data": spec.get("data", outer.get("data")),
        "encoding": {**outer.get("encoding", {}), **spec.get("encoding", {})},
    }
    for key in ("layer", "hconcat", "vconcat", "concat"):
        for view in spec.get(key, []):
            yield from _views(view, inherited)
    if isinstance(spec.get("spec"), dict):
        yield from _views(spec["spec"], inherited)
    if "mark" in spec:
        yield inherited


def _headings(encoding: dict[str, Any]) -> dict[str, str]:
    """Return the fields to show with their headings."""
    return {
        part["field"]: _title(part)
        for part in _said(encoding)
        if "field" in part and "aggregate" not in part
    }


def _counts(encoding: dict[str, Any]) -> list[str]:
    """Return the headings of numbers of records; raises ``ValueError`` for another aggregate."""
    found = [part for part in _said(encoding) if "aggregate" in part]
    if others := [part["aggregate"] for part in found if part["aggregate"] != "count"]:
        raise ValueError(f"aggregates {others}: give the chart the numbers that it shows")
    return [_title(part) for part in found]


def _said(encoding: dict[str, Any]) -> list[dict[str, Any]]:
    parts = []
    for channel in _SAID if "tooltip" in encoding else _POSITIONS:
        found = encoding.get(channel, [])
        parts += found if isinstance(found, list) else [found]
    return parts


def _title(part: dict[str, Any]) -> str:
    title = str(part.get("title") or part["field"])
    return title[0].upper() + title[1:]


def _places(spec: dict[str, Any], view: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the records of a view, each with the place of its row on the vertical axis."""
    data = view["data"] or {}
    records = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
    y = view["encoding"].get("y", {})
    rows = (y.get("scale") or {}).get("domain", [])
    order = {row: place for place, row in enumerate(rows) if isinstance(row, str)}
    return [(order.get(record.get(y.get("field")), 0), record) for record in records]


def in_table(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers as a table shows them: rounded, text on one line."""
    return numbers.map(_shown)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, float):
        return (
            None if pd.isna(value) else f"{round(value, DIGITS):g}".replace("-", "\N{MINUS SIGN}")
        )
    return value


def as_csv(numbers: pd.DataFrame) -> str:
    """Return the numbers as a CSV file, in which no text is a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(map(_cell, numbers.columns))
    for row in numbers.itertuples(index=False):
        writer.writerow(map(_cell, row))
    return file.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return inert(" ".join(value.split()))
    if value is None or pd.isna(value):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value
