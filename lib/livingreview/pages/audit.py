"""The audit: claims of the review, their verdicts, and the rows that decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.audit.claims import (
    CONTRADICTED,
    DISPUTED,
    NOT_COMPUTABLE,
    RELATION_WORDS,
    REPRODUCED,
    VERDICTS,
)
from livingreview.audit.claims import VERDICT_OF as NAMED
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.marks import (
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    cell_bars,
    colours,
    in_cells,
    tallies,
)
from livingreview.show.rows import CHECKED, PRINTED, Rows
from livingreview.show.table import table
from livingreview.show.words import BLANK
from livingreview.words import slug

if TYPE_CHECKING:
    import altair as alt

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
AGREE = "agree"
DIFFER = "differ"
UNDECIDED = "cannot be decided"
EVENT = "adverse event printed"
NONE_STATED = "“no adverse events”"
SILENT = "nothing printed"


def verdicts_table(review: Review) -> Html:
    """Return the number of claims per section and verdict, with totals."""
    counts = pd.crosstab(review.audit["section"], review.audit["verdict"])
    sections = list(dict.fromkeys(review.audit["section"]))
    counts = counts.reindex(index=sections, columns=list(VERDICTS), fill_value=0)
    counts["claims"] = counts.sum(axis=1)
    frame = counts.astype(object)
    totals = {words: f"claims_with(verdict={name})" for name, words in NAMED.items()}
    frame.loc["all"] = pd.Series(
        {
            column: links.fact(review.fact(name), str(counts[column].sum()))
            for column, name in (totals | {"claims": "claims"}).items()
        }
    )
    frame = frame.rename_axis(index="Section", columns=None).reset_index()
    frame["Section"] = frame["Section"].replace({"table1": "table 1", "table2": "table 2"})
    caption = "Claims of the source review by section and computed verdict"
    return table(frame, caption, numeric=[*VERDICTS, "claims"])


def claims_that_matter(review: Review) -> Html:
    """Return the claims that the claims file marks as mattering, with computed verdicts."""
    rows = review.audit[review.audit["matters"].notna()]
    frame = _claims(review, rows, anchored=False)
    frame["Why it matters"] = list(rows["matters"])
    return table(frame, "Claims that matter most to a clinician")


def claims_table(review: Review, section: str) -> Html:
    """Return the claims of one section: printed, computed, verdict, and the fact behind it."""
    rows = review.audit[review.audit["section"] == section]
    return table(_claims(review, rows, anchored=True), f"Claims: {section}")


def _claims(review: Review, rows: pd.DataFrame, *, anchored: bool) -> pd.DataFrame:
    def name(row: pd.Series[str]) -> Markup:
        if anchored:
            return links.anchor(f"claim-{slug(row['id'])}", row["says"])
        return links.claim(row["id"], row["says"])

    def computed(row: pd.Series[str]) -> Markup | str:
        if pd.isna(row["fact"]):
            return f"{row['why_not']}."
        question = Markup('<span class="question">{}</span>').format(row["question"])
        return Markup("{}<br>{}").format(links.fact(review.fact(row["fact"])), question)

    deciders = Deciders(review)

    def verdict(row: pd.Series[str]) -> Markup | str:
        if pd.isna(row["fact"]):
            return row["verdict"]
        return Markup("{} {}").format(row["verdict"], deciders.of(row))

    records = [row for _, row in rows.iterrows()]
    return pd.DataFrame(
        {
            "Claim, in our words": [name(row) for row in records],
            "Printed": [row["expects"] for row in records],
            "Computed": [computed(row) for row in records],
            "Verdict": [verdict(row) for row in records],
        }
    )


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


def verdicts_chart(review: Review) -> Html:
    """Return the audited claims of the source review by section and computed verdict."""
    claims = review.audit.fillna({"computed": NOT_COMPUTABLE}).replace({"prints": {"": BLANK}})
    claims = claims.assign(label=claims["section"].map(_heading))
    counts = claims["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0)
    title = (
        f"Of {len(claims)} claims of the source review, {counts[REPRODUCED]} are reproduced, "
        f"{counts[CONTRADICTED]} contradicted by its own tables, "
        f"{counts[DISPUTED]} by a primary study; "
        f"{counts[NOT_COMPUTABLE]} cannot be computed"
    )
    sections = list(dict.fromkeys(claims["label"]))
    cells = in_cells(claims, "label", "verdict", VERDICTS)
    chart = cell_bars(
        cells,
        sections,
        colours("verdict", VERDICTS, [BLUE, ORANGE, PURPLE, GREY]),
        _claim_tips(),
        title=title,
        unit="Claims",
    )
    parts = tallies(claims["label"], sections, claims["verdict"], VERDICTS)
    return figure(
        chart,
        name="verdicts",
        alt=f"{title}. {parts}.",
        caption=f"Each cell is one of {len(claims)} checkable statements, held against the fact "
        "that answers it. Cannot be computed: the review prints no data that would settle it.",
    )


def _heading(section: str) -> str:
    return re.sub(r"(\D)(\d)", r"\1 \2", section).capitalize()


def _claim_tips() -> list[alt.Tooltip]:
    import altair as alt

    fields = {
        "says": "claim",
        "row": "section",
        "prints": "printed",
        "computed": "computed",
        "verdict": "verdict",
    }
    return [alt.Tooltip(f"{field}:N", title=words) for field, words in fields.items()]
