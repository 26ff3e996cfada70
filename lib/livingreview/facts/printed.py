"""Facts on the source review: what it states of its method, and its tables against its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.data.protocol import PLACES
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.select import numbers, terms_of
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


@fact("What the {place} states: {item}")
def stated(edition: Edition, item: str, place: str) -> Value:
    """Return a number, a word, or a list, as the protocol file records it."""
    terms_of("place", place, PLACES)
    rows = edition.statements
    rows = rows[rows["item"] == item]
    if rows.empty:
        raise UnknownFact(f"an item of data/protocol.yml; not {item}")
    rows = rows[rows["place"] == place]
    stated = rows["value"].iloc[0] if len(rows) else None
    if not stated:
        return values.word(None, rows)
    if len(stated) > 1:
        return values.listing(stated, rows)
    (text,) = stated
    if text.isdecimal():
        return Value(int(text), text, values.names(rows))
    return values.word(text, rows)


def disagreeing(statements: pd.DataFrame) -> pd.Series[bool]:
    """Return, per item stated in two or more places, whether the places differ."""
    said = statements[statements["value"].notna()].groupby("item")["value"]
    return said.nunique()[said.size() > 1] > 1


@fact("Items that two places of the review state differently, of those that two or more state")
def disagreeing_items(edition: Edition) -> Value:
    """Count items of the protocol file."""
    rows = edition.statements
    rows = rows[rows["value"].notna()]
    differ = disagreeing(rows)
    both = rows[rows["item"].isin(differ.index)]
    return values.share(both[both["item"].isin(differ.index[differ])], both, column="item")


def _rows(edition: Edition, table: str) -> pd.DataFrame:
    if table not in ("1", "2"):
        raise UnknownFact("table one of 1, 2")
    printed = edition.of_print
    rows = printed.studies if table == "1" else printed.printed_verdicts
    listed = printed.references.set_index("ref")
    return rows.assign(
        listed_author=rows["ref"].map(listed["first_author"]),
        listed_year=rows["ref"].map(listed["year"]),
    )


@fact("Rows of table {table} whose author is the first personal author of the reference")
def authors_as_listed(edition: Edition, table: str) -> Value:
    """Count rows whose printed author is spelt as in the reference list."""
    rows = _rows(edition, table)
    return values.share(rows[rows["first_author"] == rows["listed_author"]], rows, column=None)


@fact("Rows of table {table} whose year is the year of the reference")
def years_as_listed(edition: Edition, table: str) -> Value:
    """Count rows whose printed year is that of the reference list."""
    rows = _rows(edition, table)
    return values.share(rows[rows["year"] == rows["listed_year"]], rows, column=None)


@fact("Rows of table {table} whose author and year are those of the reference")
def citations_as_listed(edition: Edition, table: str) -> Value:
    """Count rows with both as in the reference list."""
    rows = _rows(edition, table)
    same = (rows["first_author"] == rows["listed_author"]) & (rows["year"] == rows["listed_year"])
    return values.share(rows[same], rows, column=None)


@fact("Included studies whose reference reads as a conference abstract")
def conference_abstracts(edition: Edition) -> Value:
    """Count studies whose reference prints an abstract's number or a supplement."""
    rows = edition.studies
    return values.share(rows[rows["publication"] == "conference abstract"], rows)


@fact("Of references {refs}, the numbers of those whose title names {term}")
def references_naming(edition: Edition, term: str, refs: str) -> Value:
    """List reference numbers."""
    rows = edition.references
    rows = rows[rows["ref"].isin(numbers(refs))]
    found = rows[rows["title"].str.contains(term, case=False, regex=False)]
    value = values.listing((int(ref) for ref in found["ref"].dropna()), found)
    return Value(value.value, value.text, value.rows, base=values.names(rows))


@fact("Entries of the review's reference list")
def references(edition: Edition) -> Value:
    """Count entries."""
    return values.count(edition.references)
