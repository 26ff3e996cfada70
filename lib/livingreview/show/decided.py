"""What decides a verdict of the audit: links to the rows, as printed and as read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from livingreview.audit.claims import CONTRADICTED, DISPUTED, RELATION_WORDS
from livingreview.show import links
from livingreview.show.rows import CHECKED, PRINTED, Rows

if TYPE_CHECKING:
    from livingreview.facts import Fact
    from livingreview.review import Review

MOST = 6  # rows named beside a verdict; the entry of its fact lists more
FIELDS_OF = {
    "targets": ("nerve",),
    "outcomes": ("relief threshold", "responders", "trial outcome"),
    "adverse_events": ("adverse events",),
    "studies": ("design", "comparator", "patients", "treated patients", "guidance", "follow-up"),
}
OF_MANY = (RELATION_WORDS["all"], RELATION_WORDS["most"])
_LINE = Markup('<span class="decided">{}</span>')


class Deciders:
    """Says, for claim after claim of one review, which rows decide the verdict."""

    def __init__(self, review: Review) -> None:
        """Open the rows as printed and as read."""
        self.review = review
        self.printed = Rows(review, PRINTED)
        self.read = Rows(review, CHECKED)

    def of(self, claim: Any) -> Markup:
        """Return links to the rows that decide the verdict on a claim: a row of the audit."""
        fact = self.review.fact(claim["fact"])
        rows = Rows(self.review, fact.edition) if fact.edition != PRINTED else self.printed
        failed = claim["verdict"] == CONTRADICTED and claim["relation"] in OF_MANY
        if failed:  # those decide that are not as the claim says
            lines = [_named("Not so in", rows, fact, _others(rows, fact))]
        elif fact.value.rows:
            lines = [_named("Decided by", rows, fact, fact.value.rows)]
        else:
            lines = [_named("Not found in", rows, fact, fact.value.base)]
        if claim["verdict"] == DISPUTED:
            lines += self._as_read(fact)
        return Markup("").join(map(_LINE.format, lines))

    def _as_read(self, printed: Fact) -> list[Markup]:
        """Return the answer as read with the rows that changed it, and the disagreements on it."""
        read = self.review.in_edition(CHECKED).fact(printed.id)
        changed = set(printed.studies) ^ set(read.studies) or {*printed.studies, *read.studies}
        kinds = {name.partition(":")[0] for name in (*printed.value.rows, *read.value.rows)}
        come = tuple(name for name in read.value.rows if self.read.key(name) in changed)
        gone = self._rows_as_read(kinds, set(printed.studies) - set(read.studies))
        said = Markup("As read: {}").format(read.value.text)
        for words, names in (("with", come), ("without", gone)):
            if names:
                said += Markup(", ") + _named(words, self.read, read, names)
        fields = [field for kind in kinds for field in FIELDS_OF.get(kind, ())]
        found = self.review.disagreements
        found = found[found["key"].isin(changed) & found["field"].isin(fields)]
        known = self.printed.names
        differ = Markup(", ").join(
            links.row(PRINTED, str(row.Index), f"{known[str(row.key)]}, {row.field}")
            for row in found.itertuples()
        )
        return [said, Markup("They differ: {}").format(differ)] if differ else [said]

    def _rows_as_read(self, kinds: set[str], keys: set[str]) -> tuple[str, ...]:
        """Return the rows of some studies as read, in some tables."""
        tables = [self.read.review.named(kind) for kind in sorted(kinds)]
        return tuple(
            str(name)
            for table in tables
            if table is not None and "key" in table.columns
            for name in table.index[table["key"].isin(keys)]
        )


def _others(rows: Rows, fact: Fact) -> tuple[str, ...]:
    """Return the rows of the denominator that are not among those that gave the value."""
    names = set(fact.value.rows)
    if {name.partition(":")[0] for name in names} & {n.partition(":")[0] for n in fact.value.base}:
        return tuple(name for name in fact.value.base if name not in names)
    keys = {rows.key(name) for name in names}  # the value comes from another table
    return tuple(name for name in fact.value.base if rows.key(name) not in keys)


def _named(words: str, rows: Rows, fact: Fact, names: tuple[str, ...]) -> Markup:
    """Return the first rows, each a link, and how many more there are."""
    if not names:
        return Markup("No row answers it")
    order = list(dict.fromkeys(map(rows.key, names)))
    first = sorted(names, key=lambda name: order.index(rows.key(name)))[:MOST]
    keys = list(map(rows.key, first))
    listed = [
        rows.link(
            name, _told_apart(rows, name, keys.index(key) < place) if keys.count(key) > 1 else ""
        )
        for place, (name, key) in enumerate(zip(first, keys, strict=True))
    ]
    if more := len(names) - len(first):
        listed.append(Markup('<a href="fact:{}">{} more</a>').format(fact.id, more))
    return Markup("{} {}").format(words, Markup(", ").join(listed))


def _told_apart(rows: Rows, name: str, again: bool) -> str:
    """Return the label of one of several rows of a study: "Lee 2027 (outcomes 3)", "outcomes 4"."""
    row = name.replace("_", " ").replace(":", " ")
    study = rows.names.get(str(rows.key(name)))
    return row if again else f"{study} ({row})" if study else ""
