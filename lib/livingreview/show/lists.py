"""The dictionary of the evidence tables: every column with its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.frames import dictionary
from livingreview.show.html import Html
from livingreview.show.table import table
from livingreview.tables import TABLES

if TYPE_CHECKING:
    from livingreview.review import Review


def dictionary_table(review: Review, name: str) -> Html:
    """Return the columns of one evidence table: type, unit, allowed values, meaning."""
    rows = dictionary()
    rows = rows[rows["table"] == name]
    kinds = rows["type"] + rows["unit"].map(lambda unit: f", {unit}" if unit else "")
    frame = pd.DataFrame(
        {
            "Column": rows["column"],
            "Meaning": rows["meaning"],
            "Type": kinds,
            "Allowed": rows["allowed"],
            "May be empty": rows["may be empty"],
        }
    )
    about = (TABLES[name].__doc__ or "").splitlines()[0].rstrip(".")
    return table(frame, f"{name}: a row is {about[0].lower()}{about[1:]}")
