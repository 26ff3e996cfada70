"""Tables as every page shows them, whole or with a search."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from livingreview.frames import is_stated
from livingreview.show.html import Html, plain, render
from livingreview.words import with_minus

ON_A_PHONE = 3  # columns that its width holds
SENTENCE = 40  # characters from which a cell is read as a sentence
_NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class Cell:
    """One cell as shown: `shown` is None where the value is missing; `order` is its sort value."""

    shown: str | None
    order: str | None = None


@dataclass(frozen=True)
class Column:
    """One column as shown: its heading, whether it is of numbers, whether it names the rows."""

    heading: str
    numeric: bool
    row_header: bool
    cells: list[Cell]

    @property
    def classes(self) -> str:
        """Return how the column is laid out: numbers to the right, sentences not too narrow."""
        if self.numeric:
            return "number"
        sentences = any(len(plain(cell.shown or "")) > SENTENCE for cell in self.cells)
        return "sentences" if sentences and not self.row_header else ""


def is_missing(value: object) -> bool:
    """Tell whether a cell holds nothing: None, NaN, NA, NaT or an empty string."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, (list, tuple)):
        return not value
    return not is_stated(value)


def shown(value: object, digits: int = 1) -> str | None:
    """Return a value as a reader expects it, Markup kept as it is; None where it is missing.

    Whole numbers lose their decimals, other numbers keep `digits` of them, True is "yes",
    and a list becomes its members with commas between them.
    """
    if is_missing(value):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        members = [member for each in value if (member := shown(each, digits)) is not None]
        return Markup(", ").join(members)  # escapes each member that is not Markup
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_number(value):
        return _number(float(value), digits)  # type: ignore[arg-type]
    return str(value)


def _number(value: float, digits: int) -> str:
    if not math.isfinite(value):
        return with_minus(str(value).replace("inf", "\N{INFINITY}"))
    text = str(int(value)) if value.is_integer() else f"{value:.{digits}f}"
    return with_minus(text)


def columns_of(
    frame: pd.DataFrame,
    *,
    numeric: Collection[str] | None,
    row_header: str | None,
    digits: int,
    sort_by: dict[str, str] | None = None,
) -> list[Column]:
    """Return the columns to show; those that only give the order of another are left out."""
    sort_by = sort_by or {}
    names = {row_header, *(numeric or ()), *sort_by, *sort_by.values()} - {None}
    if unknown := names.difference(frame.columns):
        raise ValueError(f"no such column: {', '.join(sorted(map(str, unknown)))}")
    visible = [name for name in frame.columns if name not in sort_by.values()]
    return [
        Column(
            heading=name,
            numeric=name in numeric if numeric is not None else _is_numeric(frame[name]),
            row_header=name == (row_header or visible[0]),
            cells=_cells(frame[name], frame[sort_by.get(name, name)], digits),
        )
        for name in visible
    ]


def _is_numeric(values: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _cells(values: "pd.Series[Any]", orders: "pd.Series[Any]", digits: int) -> list[Cell]:
    return [
        Cell(shown(value, digits), None if is_missing(order) else _order(order))
        for value, order in zip(values, orders, strict=True)
    ]


def _order(value: object) -> str:
    return plain(value) if isinstance(value, str) else str(value)


def plain_text(columns: list[Column], caption: str, missing: str) -> str:
    """Return the table as text: the caption, then aligned columns without any markup."""
    frame = pd.DataFrame(
        {
            number: [
                (missing or _NOTHING) if cell.shown is None else plain(cell.shown)
                for cell in column.cells
            ]
            for number, column in enumerate(columns)
        }
    )
    frame.columns = pd.Index([plain(column.heading) for column in columns])
    return f"{plain(caption)}\n{frame.to_string(index=False)}"


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    numeric: Collection[str] | None = None,
    row_header: str | None = None,
    missing: str = "",
    digits: int = 1,
    stacked: bool | None = None,
) -> Html:
    """Return a frame as a captioned table; what is not Markup is shown as text.

    frame: one row per row shown; its column names are the headings, its index is not shown.
    caption: what the table holds; also the name of its scrollable region.
    numeric: columns aligned to the right; by default those whose type is a number.
    row_header: the column that names the rows; by default the first.
    missing: the word for a missing value; by default a dash, read aloud as "none".
    stacked: on a narrow page each row is a block of its own, so that nothing scrolls sideways; by
        default where a phone's width holds too few of the columns.
    """
    if not caption.strip():
        raise ValueError("a table needs a caption")
    columns = columns_of(frame, numeric=numeric, row_header=row_header, digits=digits)
    if stacked is None:
        stacked = len(columns) > ON_A_PHONE
    html = render(
        "table.html",
        columns=columns,
        caption=caption,
        missing=missing,
        rows=len(frame),
        stacked=stacked,
    )
    return Html(html, plain_text(columns, caption, missing))


def interactive(
    frame: pd.DataFrame,
    caption: str,
    *,
    name: str,
    numeric: Collection[str] | None = None,
    row_header: str | None = None,
    sort_by: Mapping[str, str] | None = None,
    missing: str = "",
    digits: int = 1,
) -> Html:
    """Return a frame as a table whose rows the reader can sort and search.

    The page holds the whole table; `assets/table.js` adds the controls when it loads.

    name: what links point to, as `#table-<name>`: lower case letters, digits and hyphens.
    sort_by: shown column to the column of `frame` that gives its order ("18 weeks" sorts by
        months); the columns that give an order are not shown.
    The other arguments are those of `table`.
    """
    if not caption.strip():
        raise ValueError("a table needs a caption")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"table name {name!r}: use lower case letters, digits and hyphens")
    columns = columns_of(
        frame, numeric=numeric, row_header=row_header, digits=digits, sort_by=dict(sort_by or {})
    )
    html = render(
        "bigtable.html",
        columns=columns,
        caption=caption,
        missing=missing,
        rows=len(frame),
        id=f"table-{name}",
        stacked=False,
    )
    return Html(html, plain_text(columns, caption, missing))
