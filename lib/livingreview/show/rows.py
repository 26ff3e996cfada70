"""What a row of the evidence says, briefly, with a link to the card that shows it whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup, escape

from livingreview.audit.claims import audits
from livingreview.evidence.printings import of_printings
from livingreview.frames import unit_of
from livingreview.show import links
from livingreview.show.table import is_missing, shown
from livingreview.show.words import label, labels, letters
from livingreview.words import slug

if TYPE_CHECKING:
    from livingreview.review import Review

PRINTED = "printed"
CHECKED = "checked"
LIVING = "living"

# Tables of which every edition has the same rows.
OF_PRINT = ("printed_verdicts", "references", "disagreements", "statements")

# What tells one row of a table from the others; of the groups of an outcome the first that is
# there, since the words of a printed cell say all.
COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "studies": (("design", "patients", "comparators", "followup_max_months"),),
    "targets": (("nerve",),),
    "outcomes": (
        ("words",),
        ("arm_words", "kind", "measure", "percent", "estimate", "direction", "months"),
    ),
    "adverse_events": (("event", "patients"), ("status",)),
    "printed_verdicts": (("positive",),),
    "reporting": (("item", "status"),),
    "readings": (("field", "value", "read_as"),),
    "named_reports": (("name", "kind", "read_as"),),
    "statements": (("what", "value"),),
    "references": (("ref",),),
    "disagreements": (("field", "printed", "primary"),),
    "changes": (("field", "kind"),),
    "slips": (("slip", "state"),),
    "figures": (("printed",),),
}

# Tables on the printings, whose rows stand on no card: the column that tells which row it is.
OF_PRINTINGS = {"changes": "place", "slips": "place", "figures": "what"}

# How the bibliography says that nobody has seen who wrote an entry.
NO_AUTHOR = "Authors not in the part read"


class Rows:
    """The rows of one edition that a page lists, each by its name (``outcomes:12``)."""

    def __init__(self, review: Review, edition: str) -> None:
        """Open an edition of a review."""
        self.review = review.in_edition(edition)
        self.living = review.living
        self.audit = audits(review).drop_duplicates("id")
        self.edition = edition
        studies = labels(review.printed) | labels(review.living)
        listed = review.printed.references
        self.names = {str(row.key): label(row) for row in listed.itertuples()} | studies
        self.cards = {*studies, *review.source.studies}

    def key(self, name: str) -> str | None:
        """Return the study that a row belongs to; None where it belongs to none."""
        table = self.review.named(name.partition(":")[0])
        if table is None or "key" not in table.columns or name not in table.index:
            return None
        return str(table.at[name, "key"])

    def link(self, name: str, label: str = "") -> Markup:
        """Return the study of a row, or a label, linked to the row; text where no page shows it."""
        kind, _, rest = name.partition(":")
        if kind == "claims":
            return links.claim(rest, label or rest)
        if kind in OF_PRINTINGS:
            told = self._table(kind).at[name, OF_PRINTINGS[kind]]
            return Markup("{}").format(label or told)
        if kind == "statements":
            told = label or self._place(name)
            of_print = self.edition not in self.review.source.printings
            return links.row(PRINTED, name, told) if of_print else Markup("{}").format(told)
        key = self.key(name)
        edition = self._shown_in(name)
        if key not in self.cards or not edition:
            return Markup("{}").format(label or str(name))
        return links.row(edition, name, label or self.names.get(str(key), str(key)))

    def _table(self, kind: str) -> Any:
        if kind in OF_PRINTINGS:
            return of_printings(self.review)[kind]
        return self.audit if kind == "claims" else self.review.named(kind)

    def _place(self, name: str) -> str:
        """Return the part of the review that a row of its statements was read in."""
        place = str(self.review.statements.at[name, "place"])
        return f"The review's {place}"

    def _shown_in(self, name: str) -> str:
        """Return the edition whose card shows a row; cards show neither checked nor other print."""
        if self.edition in self.review.source.printings:
            return ""
        if name.partition(":")[0] in OF_PRINT:
            return PRINTED
        if self.edition != CHECKED:
            return self.edition
        # Where no study was added before it, a row has the same name in both.
        table, kind = self.living.named(name.partition(":")[0]), self.key(name)
        same = table is not None and name in table.index and str(table.at[name, "key"]) == kind
        return LIVING if same else ""

    def says(self, name: str) -> str:
        """Return what a row says in a few words: nothing for a row of no table."""
        kind = name.partition(":")[0]
        table = self._table(kind)
        if table is None or name not in table.index:
            return ""
        row = table.loc[name]
        if kind == "claims":
            return str(row["verdict"])
        for columns in COLUMNS.get(kind, ()):
            if words := [word for column in columns if (word := _word(column, row[column]))]:
                return ", ".join(words)
        return ""


def _word(column: str, value: Any) -> str:
    """Return a cell with its unit."""
    if is_missing(value):
        return ""
    text = str(shown(value))
    if not pd.api.types.is_number(value) or not (unit := unit_of(column)):
        return text
    if unit == "percent":
        return f"{text}%"
    return f"{text} {unit.removesuffix('s') if value == 1 else unit}"


def row_id(edition: str, name: str) -> str:
    """Return the id of the element that shows a row, like ``row-printed-outcomes-12``."""
    return f"row-{edition}-{slug(name)}"


def with_ids(ids: Iterable[str], text: object) -> Markup:
    """Return a text that each of some links can point to."""
    first, *rest = [*ids] or [""]
    if not first:
        return escape(text)
    inner = Markup("").join(Markup('<i id="{}"></i>').format(name) for name in rest)
    return Markup('<span id="{}">{}{}</span>').format(first, inner, text)


def study_name(review: Review, key: str) -> str:
    """Return author and year of the bibliography's entry; its title where no author is known.

    A study without an entry is named by its key.
    """
    reference = review.source.references.get(key)
    if reference is None:
        return key
    author = reference.surnames[0] if reference.surnames else NO_AUTHOR
    year = reference.year or "year not in the part read"
    if author == NO_AUTHOR:
        return f"{reference.title.strip('[]')} ({year})"
    number = f" [{reference.number}]" if reference.number is not None else ""
    return f"{author} {year}{letters(review).get(key, '')}{number}"


def study_link(review: Review, key: str) -> Markup:
    """Return a study's name; a link to its card where it has one, else by its DOI."""
    name = study_name(review, key)
    if key in review.source.studies or key in set(review.living.studies["key"]):
        return links.study(key, name)
    reference = review.source.references.get(key)
    return (
        links.doi(reference.doi, name) if reference and reference.doi else Markup("{}").format(name)
    )
