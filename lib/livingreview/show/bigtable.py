"""The long table of a book: sorted and searched in the browser, complete without JavaScript."""

import re
from collections.abc import Collection, Mapping

import pandas as pd

from livingreview.show.html import Html, render
from livingreview.show.table import columns_of, plain_text


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
