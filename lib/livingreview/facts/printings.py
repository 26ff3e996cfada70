"""Facts on the printings of the source review: what changed, slips, sums of its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.evidence import figures
from livingreview.evidence import printings as between
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.select import terms_of
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


@fact(
    "Cells of the printed tables, and entries of the lists, that two printings print otherwise",
    edition="printed",
    needs="printings",
)
def printed_otherwise(edition: Edition, part: str | None = None, kind: str | None = None) -> Value:
    """Count what differs of what was compared; of a reference each part counts with its entry."""
    rows = between.changes(edition)
    if part is not None:
        rows = rows[rows["part"].isin(terms_of("part", part, between.PARTS))]
    wanted = terms_of("kind", kind, between.KINDS) if kind else between.KINDS[1:]
    found = rows[rows["kind"].isin(wanted)]
    column = "key" if set(rows["part"]) == {"references"} else None
    return values.share(found, rows, column=column)


@fact(
    "Columns of the printed tables in which a cell tells something else in another printing",
    edition="printed",
    needs="printings",
)
def columns_changed(edition: Edition) -> Value:
    """List the titles of columns."""
    rows = between.changes(edition)
    rows = rows[rows["part"].isin(between.PARTS[:2]) & (rows["kind"] != between.SAME)]
    rows = rows[rows["kind"] != between.WORDING]
    return values.listing(rows["field"], rows)


@fact(
    "Slips of the printed tables by what became of them, each once: {state}",
    edition="printed",
    needs="printings",
)
def slips(edition: Edition, state: str) -> Value:
    """Count the slips of one study and kind once, however many rows repeat them."""
    rows = between.slips(edition)
    rows = rows[rows["state"].isin(terms_of("state", state, between.STATES))]
    return values.count(rows[~rows.duplicated(["key", "slip"])])


@fact(
    "Numbers of the figures that follow from the others or from the first table",
    edition="printed",
    needs="figures",
)
def figure_numbers(edition: Edition, part: str | None = None) -> Value:
    """Count the numbers that follow, of those that others determine."""
    rows = figures.checks(edition)
    if part is not None:
        rows = rows[rows["part"].isin(terms_of("part", part, figures.PARTS))]
    return values.share(rows[rows["follows"].astype(bool)], rows, column=None)


@fact("Number that a figure prints for: {what}", edition="printed", needs="figures")
def figure_prints(edition: Edition, what: str) -> Value:
    """Return a printed number of a figure."""
    rows = _named(edition, what)
    return values.number(rows["printed"].iloc[0] if len(rows) else None, rows)


@fact(
    "Number that follows for what a figure prints for: {what}", edition="printed", needs="figures"
)
def figure_follows(edition: Edition, what: str) -> Value:
    """Return what the table, or the other numbers, give: a number, or from at least to at most."""
    rows = _named(edition, what)
    if rows.empty:
        return values.word(None, rows)
    low, high = int(rows["low"].iloc[0]), int(rows["high"].iloc[0])
    return Value([low, high] if low < high else low, figure_span(low, high), values.names(rows))


def figure_span(low: int, high: int) -> str:
    """Return "22 to 24", or one number where both ends are the same."""
    return f"{low} to {high}" if low < high else str(low)


def _named(edition: Edition, what: str) -> pd.DataFrame:
    rows = figures.checks(edition)
    found = rows[rows["what"] == what]
    if len(rows) and found.empty:
        raise UnknownFact(f"a number of the figures: {'; '.join(rows['what'])}; not {what}")
    return found
