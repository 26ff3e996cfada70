"""Facts on what the review states of its own method, place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.select import terms_of
from livingreview.facts.values import Value
from livingreview.protocol import PLACES

if TYPE_CHECKING:
    from livingreview.review import Review


@fact("What the {place} states: {item}")
def stated(review: Review, item: str, place: str) -> Value:
    """Return a number, a word, or a list, as the protocol file records it."""
    terms_of("place", place, PLACES)
    rows = review.evidence.statements
    rows = rows[rows["item"] == item]
    if rows.empty:
        raise UnknownFact(f"an item of data/protocol.yml; not {item}")
    rows = rows[rows["place"] == place]
    text = rows["value"].iloc[0] if len(rows) else None
    if text is None or pd.isna(text):
        return values.word(None, rows)
    if "; " in text:
        return values.listing(text.split("; "), rows)
    if text.isdecimal():
        return Value(int(text), text, values.names(rows))
    return values.word(text, rows)


def disagreeing(statements: pd.DataFrame) -> pd.Series[bool]:
    """Return, per item stated in two or more places, whether the places differ."""
    said = statements[statements["value"].notna()].groupby("item")["value"]
    return said.nunique()[said.size() > 1] > 1


@fact("Items that two places of the review state differently, of those that two or more state")
def disagreeing_items(review: Review) -> Value:
    """Count items of the protocol file."""
    rows = review.evidence.statements
    rows = rows[rows["value"].notna()]
    differ = disagreeing(rows)
    both = rows[rows["item"].isin(differ.index)]
    return values.share(both[both["item"].isin(differ.index[differ])], both, column="item")
