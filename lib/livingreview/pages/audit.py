"""The audit: claims of the review, their verdicts by printing, and the rows that decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.audit.claims import STUDY, audits
from livingreview.audit.judgements import judged
from livingreview.audit.relations import WORDS
from livingreview.data.claims import (
    FAILS,
    HOLDS,
    NOT_COMPUTABLE,
    NOTHING,
    UNDECIDED,
    VERDICTS,
)
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.marks import (
    BLUE,
    GREEN,
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

MATTERS = {
    "clinical": "matter to a clinician",
    "evidence": "describe the evidence",
    "bookkeeping": "are bookkeeping: spelling, years, numbering, citations",
}
MOST = 4  # rows named beside a verdict; the entry of its fact lists more
FIELDS_OF = {
    "targets": ("nerve",),
    "outcomes": ("relief threshold", "responders", "trial outcome"),
    "adverse_events": ("adverse events",),
    "studies": ("design", "comparator", "patients", "guidance", "follow-up"),
}
OF_MANY = (WORDS["all"], WORDS["most"])
BY_STUDY = f"{FAILS}, by {STUDY}"
SHOWN = (HOLDS, FAILS, BY_STUDY, UNDECIDED, NOT_COMPUTABLE)
_LINE = Markup('<span class="decided">{}</span>')


def counts_table(review: Review) -> Html:
    """Return, per printing and weight, the number of claims with each verdict, and the slips."""
    rows = audits(review)
    counts = rows.groupby(["printing", "matters"], sort=False)["verdict"].value_counts()
    frame = counts.unstack(fill_value=0).reindex(columns=list(VERDICTS), fill_value=0)
    places = [(name, weight) for name in rows["printing"].unique() for weight in MATTERS]
    frame = frame.reindex([place for place in places if place in frame.index])
    frame["claims"] = frame.sum(axis=1)
    failed = rows[rows["verdict"] == FAILS]
    slip = failed["group"].fillna(failed["id"])
    slips = slip.groupby([failed["printing"], failed["matters"]]).nunique()
    frame["slips behind"] = slips.reindex(frame.index, fill_value=0)
    heads = frame.index.to_frame(index=False)
    heads.columns = pd.Index(["Printing", "Claims that are"])
    shown = pd.concat([heads, frame.reset_index(drop=True)], axis=1)
    caption = "Claims by printing, weight and verdict, and the slips behind those that do not hold"
    return table(shown, caption, numeric=[*VERDICTS, "claims", shown.columns[-1]])


def claims_table(review: Review, matters: str) -> Html:
    """Return the claims of one weight: printed, computed, verdict, what readers judged."""
    rows = audits(review)
    rows = rows[rows["matters"] == matters]
    if matters not in MATTERS:
        raise LookupError(f"matters one of {', '.join(MATTERS)}; not {matters}")
    deciders, read = Deciders(review), judged(review)
    found = [Entry(review, entry, deciders, read) for _, entry in rows.groupby("id", sort=False)]
    frame = pd.DataFrame(
        {
            "Claim, in our words": [entry.name() for entry in found],
            "Printed": [entry.both("expects") for entry in found],
            "Computed": [entry.computed() for entry in found],
            "Verdict": [entry.verdict() for entry in found],
            "Judged by readers": [entry.judged() for entry in found],
        }
    )
    return table(frame, f"Claims that {MATTERS[matters]}")


class Entry:
    """One claim as the tables show it: what differs by printing is said of each."""

    def __init__(
        self, review: Review, rows: pd.DataFrame, deciders: Deciders, read: pd.DataFrame
    ) -> None:
        """Take the rows of a claim, one per printing that makes it."""
        self.review, self.rows, self.deciders = review, rows, deciders
        self.read = read[read["id"] == rows["id"].iloc[0]]
        self.alone = len(rows) < len(review.source.printings)

    @property
    def first(self) -> Any:
        """The row of the first printing that makes the claim."""
        return self.rows.iloc[0]

    def name(self) -> Markup:
        """Return the claim, and where it stands."""
        where = self.both("at")
        only = f"only in the {self.first['printing']} printing, " if self.alone else ""
        return Markup('{}<br><span class="question">{}{}: {}</span>').format(
            links.anchor(f"claim-{slug(self.first['id'])}", self.first["says"]),
            only,
            _heading(str(self.first["section"])),
            where,
        )

    def both(self, column: str) -> Markup:
        """Return a column: once if the printings agree, else with the name of each."""
        said = list(self.rows[column].fillna(""))
        if len(set(said)) == 1:
            return Markup("{}").format(said[0] or BLANK)
        pairs = zip(self.rows["printing"], said, strict=True)
        return Markup("<br>").join(Markup("{}: {}").format(name, text) for name, text in pairs)

    def computed(self) -> Markup | str:
        """Return the answer of the fact with the question that it answers, or why there is none."""
        if pd.isna(self.first["fact"]):
            return f"{self.first['why_not']}."
        question = Markup('<span class="question">{}</span>').format(self.first["question"])
        fact = self.review.fact(str(self.first["fact"]))
        if len(set(self.rows["computed"])) == 1:
            return Markup("{}<br>{}").format(links.fact(fact), question)
        return Markup("{}<br>{}<br>{}").format(self.both("computed"), links.fact(fact), question)

    def verdict(self) -> Markup:
        """Return the verdict, what it rests on, and the rows that decide it."""
        said = [_verdict(row) for _, row in self.rows.iterrows()]
        if len(set(said)) == 1:
            words = Markup("{}").format(said[0])
        else:
            pairs = zip(self.rows["printing"], said, strict=True)
            words = Markup("<br>").join(Markup("{}: {}").format(*pair) for pair in pairs)
        if pd.isna(self.first["fact"]) or self.first["verdict"] == NOT_COMPUTABLE:
            return words
        return Markup("{} {}").format(words, self.deciders.of(self.first))

    def judged(self) -> Markup | str:
        """Return what readers judged from the source alone, with the reason; or that nobody did."""
        if self.read.empty:
            return "not read yet"
        said = self.read.drop_duplicates(["judged", "reason"])
        lines = [
            Markup('{}{}<br><span class="question">{}</span>').format(
                f"{row.printing}: " if len(said) > 1 else "", row.judged, row.reason
            )
            for row in said.itertuples()
        ]
        return Markup("<br>").join(lines)


def _verdict(row: Any) -> str:
    """Return a verdict with what it rests on: "does not hold, by its tables"."""
    return f"{row['verdict']}, by {row['rests_on']}" if row["verdict"] == FAILS else row["verdict"]


def readings_table(review: Review) -> Html:
    """Return the claims on which what stands had to be settled, and why it stands."""
    rows = judged(review)
    rows = rows[rows["settled"].notna()]
    says = {claim.id: claim.says for claim in review.source.claims}
    frame = pd.DataFrame(
        {
            "Claim": [links.claim(name, says[name]) for name in rows["id"]],
            "Printing": list(rows["printing"]),
            "Readings": [
                Markup("<br>").join(map(Markup.escape, said)) for said in rows["readings"]
            ],
            "Settled": [f"{row.judged}: {row.settled}" for row in rows.itertuples()],
        }
    )
    return table(frame, "Claims on which what stands had to be settled")


def slips_table(review: Review) -> Html:
    """Return the slips on which more than one claim rests, with these claims."""
    rows = audits(review)
    rows = rows[(rows["verdict"] == FAILS) & rows["group"].notna()].drop_duplicates("id")
    found = [
        (
            Markup("<br>").join(
                links.claim(str(row.id), str(row.says)) for row in own.itertuples()
            ),
            len(own),
        )
        for _, own in rows.groupby("group", sort=False)
        if len(own) > 1
    ]
    frame = pd.DataFrame(found, columns=["Claims that rest on one slip", "claims"])
    return table(frame, "Slips behind several claims", numeric=["claims"])


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
        failed = claim["verdict"] == FAILS and claim["relation"] in OF_MANY
        if failed:  # those decide that are not as the claim says
            lines = [_named("Not so in", rows, fact, _others(rows, fact))]
        elif fact.value.rows:
            lines = [_named("Decided by", rows, fact, fact.value.rows)]
        else:
            lines = [_named("Not found in", rows, fact, fact.value.base)]
        if claim["rests_on"] == STUDY:
            lines += self._as_read(fact)
        return Markup("").join(map(_LINE.format, lines))

    def _as_read(self, printed: Fact) -> list[Markup]:
        """Return the answer as read with the rows that changed it, and the disagreements on it."""
        read = self.review.in_edition(CHECKED).fact(printed.id)
        keys = self.read.review.keys_of(read.value.base)
        either = {*printed.studies, *read.studies, *keys}
        changed = set(printed.studies) ^ set(read.studies) or either
        kinds = {name.partition(":")[0] for name in (*printed.value.rows, *read.value.rows)}
        told = read.value.rows or read.value.base
        come = tuple(name for name in told if self.read.key(name) in changed)
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
    """Return the claims of the last printing by weight, one cell each, coloured by verdict."""
    claims = audits(review).fillna({"computed": NOT_COMPUTABLE}).replace({"prints": {"": BLANK}})
    several = claims["printing"].nunique() > 1
    claims = claims[claims["printing"].isin(claims["printing"].tail(1))]
    claims["verdict"] = claims["verdict"].replace(NOTHING, UNDECIDED)
    by_study = (claims["verdict"] == FAILS) & (claims["rests_on"] == STUDY)
    claims["verdict"] = claims["verdict"].mask(by_study, BY_STUDY)
    counts = claims["verdict"].value_counts().reindex(list(SHOWN), fill_value=0)
    title = (
        f"Of {len(claims)} claims{_of_last(claims, several)}, {counts[HOLDS]} hold, "
        f"{counts[FAILS]} do not by its own text, tables or list, {counts[BY_STUDY]} not by a "
        f"primary study; {counts[UNDECIDED]} are undecided, {counts[NOT_COMPUTABLE]} cannot be "
        "computed"
    )
    weights = [name for name in MATTERS if name in set(claims["matters"])]
    cells = in_cells(claims, "matters", "verdict", SHOWN)
    chart = cell_bars(
        cells,
        weights,
        colours("verdict", SHOWN, [BLUE, ORANGE, PURPLE, GREEN, GREY]),
        _claim_tips(),
        title=title,
        unit="Claims",
    )
    parts = tallies(claims["matters"], weights, claims["verdict"], SHOWN)
    return figure(
        chart,
        name="verdicts",
        alt=f"{title}. {parts}.",
        caption=f"Each cell is one of {len(claims)} claims, held against the fact that answers it. "
        "Cannot be computed: nothing that is held would settle it.",
    )


def _of_last(claims: pd.DataFrame, several: bool) -> str:
    return f" of the {claims['printing'].iloc[-1]} printing" if several else " of the source review"


def _heading(section: str) -> str:
    return re.sub(r"(\D)(\d)", r"\1 \2", section).capitalize()


def _claim_tips() -> list[alt.Tooltip]:
    import altair as alt

    fields = {
        "says": "claim",
        "row": "weight",
        "prints": "printed",
        "computed": "computed",
        "verdict": "verdict",
    }
    return [alt.Tooltip(f"{field}:N", title=words) for field, words in fields.items()]
