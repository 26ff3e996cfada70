"""Facts on the source review: what it states of its method, and its tables against its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.data.protocol import PLACES
from livingreview.evidence import figures
from livingreview.facts import values
from livingreview.facts.registry import OF_PRINT, UnknownFact, fact
from livingreview.facts.select import parts, select, terms_of
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


STEPS = {
    "identified": "identified",
    "screened": "screened",
    "sought": "sought for retrieval",
    "assessed": "assessed for eligibility",
    "included": "included",
}


@fact("What the {place} states: {item}", edition=OF_PRINT)
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


@fact(
    "Items that two places of the review state differently, of those that two or more state",
    edition=OF_PRINT,
)
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


@fact(
    "Rows of table {table} whose author is the first personal author of the reference",
    edition=OF_PRINT,
)
def authors_as_listed(edition: Edition, table: str) -> Value:
    """Count rows whose printed author is spelt as in the reference list."""
    rows = _rows(edition, table)
    return values.share(rows[rows["first_author"] == rows["listed_author"]], rows, column=None)


@fact("Rows of table {table} whose year is the year of the reference", edition=OF_PRINT)
def years_as_listed(edition: Edition, table: str) -> Value:
    """Count rows whose printed year is that of the reference list."""
    rows = _rows(edition, table)
    return values.share(rows[rows["year"] == rows["listed_year"]], rows, column=None)


@fact("Rows of table {table} whose author and year are those of the reference", edition=OF_PRINT)
def citations_as_listed(edition: Edition, table: str) -> Value:
    """Count rows with both as in the reference list."""
    rows = _rows(edition, table)
    same = (rows["first_author"] == rows["listed_author"]) & (rows["year"] == rows["listed_year"])
    return values.share(rows[same], rows, column=None)


@fact("Included studies whose reference reads as a conference abstract", edition=OF_PRINT)
def conference_abstracts(edition: Edition) -> Value:
    """Count studies whose reference prints an abstract's number or a supplement."""
    rows = edition.studies
    return values.share(rows[rows["publication"] == "conference abstract"], rows)


@fact("Of the works {works}, those whose title names {terms}", edition=OF_PRINT)
def works_naming(edition: Edition, terms: str, works: str) -> Value:
    """Count works of the reference list whose title holds one of some words, in any case."""
    rows = edition.references
    rows = rows[rows["key"].isin(terms_of("works", works, edition.source.references))]
    return values.share(rows[titled(rows["title"], terms)], rows)


@fact("Distinct studies whose title names {terms}", edition=OF_PRINT)
def studies_titled(
    edition: Edition, terms: str, nerve: str | None = None, perhaps: str = ""
) -> Value:
    """Count studies whose title in the reference list holds one of some words, in any case.

    Those are undecided whose title holds a word of ``perhaps`` alone.
    """
    studies = select(edition, nerve=nerve)
    titles = studies["key"].map(edition.references.set_index("key")["title"])
    may = studies[titled(titles, perhaps)]
    return values.share(studies[titled(titles, terms)], studies, undecided=may)


@fact("Of the words {terms}, those that the title of some study names", edition=OF_PRINT)
def words_in_titles(edition: Edition, terms: str) -> Value:
    """Count words that stand in the title of an included study, in any case."""
    studies = edition.studies
    titles = studies["key"].map(edition.references.set_index("key")["title"])
    found = [term for term in parts(terms) if titled(titles, term).any()]
    rows = studies[titled(titles, terms)]
    text = f"{len(found)} of {len(parts(terms))}"
    return Value(len(found), text, values.names(rows), len(parts(terms)), values.names(studies))


def titled(titles: pd.Series[str], terms: str) -> pd.Series[bool]:
    """Return, per title, whether it holds one of some words, in any case."""
    lower = titles.fillna("").str.casefold()
    found = [any(term.casefold() in title for term in parts(terms)) for title in lower]
    return pd.Series(found, index=titles.index, dtype=bool)


@fact("Entries of the review's reference list", edition=OF_PRINT)
def references(edition: Edition) -> Value:
    """Count entries."""
    return values.count(edition.references)


@fact("Records that the steps drawn before leave for: {step}", edition=OF_PRINT, needs="figures")
def figure_leaves_for(edition: Edition, step: str) -> Value:
    """Return how many records come to a step by the flow's own numbers."""
    found = figures.figures_of(edition)
    rows = figures.checks(edition)
    if found is None:
        return values.word(None, rows)
    drawn = figures.stages(found[0].flow)
    names = [name for name, _ in drawn]
    before = drawn[names.index(terms_of("step", step, names[1:])[0]) - 1][1]  # type: ignore[arg-type]
    left = sum(box.records for box in before) - figures.left(before)
    return values.number(left, rows)


@fact("Step that a figure draws after: {step}", edition=OF_PRINT, needs="figures")
def figure_step_after(edition: Edition, step: str) -> Value:
    """Return the words of PRISMA for the step that the flow of studies draws next."""
    found = figures.figures_of(edition)
    rows = figures.checks(edition)
    if found is None:
        return values.word(None, rows)
    drawn = [name for name, _ in figures.stages(found[0].flow)]
    place = drawn.index(terms_of("step", step, drawn[:-1])[0])  # type: ignore[arg-type]
    return values.word(STEPS[drawn[place + 1]], rows)
