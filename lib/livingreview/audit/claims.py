"""Claims of the source review, held against the facts that answer them; facts on the audit.

Each claim is held against what its own printing prints: the text, the tables, the reference list.
What that does not settle, or bears out, is asked again of the primary studies as far as they were
read; added studies are left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.audit.relations import (
    WORDS,
    expected_text,
    is_number,
    misfit,
    printed_text,
    verdict_of,
)
from livingreview.data.claims import FAILS, HOLDS, NOT_COMPUTABLE, VERDICTS, Claim
from livingreview.facts import values
from livingreview.facts.registry import (
    OF_PRINT,
    UnknownFact,
    answer,
    fact,
    of_edition,
    parse,
)
from livingreview.facts.select import parts, terms_of
from livingreview.facts.used import asked_by
from livingreview.facts.values import Fact, Value
from livingreview.problems import InvalidData, Problem, quoted

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

TEXT, TABLES, LIST = "its own text", "its tables", "its reference list"
FIGURES, STUDY = "its figures", "a primary study"
AGAINST = {
    "statements": TEXT,
    "claims": TEXT,
    "references": LIST,
    "figures": FIGURES,
}  # what else is of the tables
COLUMNS = [
    "id",
    "printing",
    "section",
    "matters",
    "group",
    "at",
    "says",
    "prints",
    "relation",
    "expects",
    "question",
    "fact",
    "computed",
    "in_print",
    "as_read",
    "verdict",
    "rests_on",
    "why_not",
]


@lru_cache(maxsize=8)  # its facts and the pages ask the same
def audit(edition: Edition) -> pd.DataFrame:
    """Return one row per claim that a printing makes: what is printed and computed, the verdict.

    ``edition`` is what a printing holds. ``in_print`` is the verdict by that printing alone,
    ``verdict`` that with the primary studies as read; ``rests_on`` says what decided it. Raises
    ``InvalidData`` with each claim whose fact is not known or does not fit its relation.
    """
    problems: list[Problem] = []
    rows = []
    printing = printing_of(edition)
    for number, claim in enumerate(edition.source.claims, start=1):
        if not claim.made_in(printing):
            continue
        try:
            found = _answer_to(edition, claim, printing)
        except UnknownFact as error:
            file = edition.source.file("source/claims.yml")
            row, named = f"{number} ({claim.id})", quoted(str(claim.asks(printing)))
            problems.append(Problem(file, row, "fact", named, str(error)))
            continue
        rows.append(_row(edition, claim, printing, found))
    if problems:
        raise InvalidData(problems)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.index = pd.Index([f"claims:{name}" for name in frame["id"]])
    return frame


def audits(edition: Edition) -> pd.DataFrame:
    """Return the audits of all printings, one after the other."""
    return pd.concat([audit(edition.in_edition(name)) for name in editions_of_print(edition)])


def editions_of_print(edition: Edition) -> tuple[str, ...]:
    """Return the names of the editions that are what a printing holds, the first printing first."""
    return ("printed", *[*edition.source.printings][1:])


def printing_of(edition: Edition) -> str:
    """Return the name of the printing that an edition holds; that of the first for any other."""
    names = edition.source.printings
    return edition.name if edition.name in names else next(iter(names))


def _answer_to(edition: Edition, claim: Claim, printing: str) -> Fact | None:
    """Return the fact of a claim in a printing; None where no fact answers it."""
    name = claim.asks(printing)
    if name is None:
        return None
    found = answer(edition, name)
    if need := misfit(claim.relation, claim.printed(printing), found.value):
        raise UnknownFact(need)
    return found


def _row(edition: Edition, claim: Claim, printing: str, found: Fact | None) -> dict[str, Any]:
    """Return the row of the audit for one claim and the fact that answers it."""
    printed = claim.printed(printing)
    linked = {of_edition(name, None): name for name in asked_by(edition, claim)}
    value = found.value if found else None
    checked = as_read(edition, claim, printing)
    held = _studies_of(edition, printed, value) if claim.relation == "same" else printed
    in_print = verdict_of(claim.relation, held, value)
    read = verdict_of(claim.relation, held, checked)
    by_study = _decides(in_print, read) and not _printed_alike(edition, claim, held, read)
    verdict, rests_on = (read, STUDY) if by_study else (in_print, _against(value))
    if verdict == NOT_COMPUTABLE:
        rests_on = None
    return {
        "id": claim.id,
        "printing": printing,
        "section": claim.section,
        "matters": claim.matters,
        "group": claim.group,
        "at": claim.place(printing),
        "says": claim.says,
        "prints": printed_text(printed),
        "relation": WORDS[claim.relation],
        "expects": expected_text(claim.relation, printed),
        "question": claim.question,
        "fact": linked.get(found.id) if found else None,
        "computed": value.text if value else None,
        "in_print": in_print,
        "as_read": checked.text if checked else None,
        "verdict": verdict,
        "rests_on": rests_on,
        "why_not": claim.why_not if verdict == NOT_COMPUTABLE else None,
    }


def _decides(in_print: str, read: str) -> bool:
    """Return whether the primary studies decide on what a printing bears out or leaves open."""
    if in_print == NOT_COMPUTABLE:
        return read != NOT_COMPUTABLE
    return read == FAILS if in_print == HOLDS else in_print != FAILS and read in (HOLDS, FAILS)


def _printed_alike(edition: Edition, claim: Claim, held: Any, read: str) -> bool:
    """Return whether the first printing, which studies are read beside, already gives a verdict.

    A later printing may tell more; what it adds no study has taken back.
    """
    name = claim.asks(edition.name)
    if edition.name == edition.printed.name or name is None:
        return False
    first = answer(edition.printed, name).value
    if misfit(claim.relation, held, first):
        return False
    return verdict_of(claim.relation, held, first) == read


def _studies_of(edition: Edition, printed: Any, value: Value | None) -> Any:
    """Return printed reference numbers as the studies they stand for, where these were computed."""
    numbers = isinstance(printed, list) and all(map(is_number, printed))
    if value is None or not numbers or not isinstance(value.value, list):
        return printed
    if any(map(is_number, value.value)):
        return printed
    keys = edition.references.set_index("ref")["key"]
    return [keys.get(number, number) for number in printed]


def as_read(edition: Edition, claim: Claim, printing: str) -> Value | None:
    """Return the answer with the values of the primary studies where they were read.

    Only the review's own studies are asked, so that an added study contradicts no claim. None
    where no fact answers, where it is on what is printed, or the answer does not fit its relation.
    """
    name = claim.asks(printing)
    if name is None or parse(name)[0].edition is not None:
        return None
    value = answer(edition.checked, name).value
    return None if misfit(claim.relation, claim.printed(printing), value) else value


def _against(value: Value | None) -> str | None:
    """Return what of a printing a value was found in."""
    if value is None:
        return None
    kinds = {name.partition(":")[0] for name in (*value.rows, *value.base)}
    (against,) = {AGAINST.get(kind, TABLES) for kind in kinds} if len(kinds) == 1 else (TABLES,)
    return against


@fact("Checkable claims of the source review", edition=OF_PRINT, needs="claims")
def claims(edition: Edition, matters: str | None = None) -> Value:
    """Count the claims of a printing, those that matter to someone or all."""
    return values.count(_claims(edition, matters=matters))


@fact("Claims whose computed verdict is: {verdict}", edition=OF_PRINT)
def claims_with(
    edition: Edition, verdict: str, matters: str | None = None, rests_on: str | None = None
) -> Value:
    """Count the claims of a printing with a verdict."""
    terms_of("verdict", verdict, VERDICTS)
    rows = _claims(edition, matters=matters)
    chosen = rows[rows["verdict"].isin(parts(verdict))]
    if rests_on is not None:
        wanted = terms_of("rests_on", rests_on, (TEXT, TABLES, LIST, FIGURES, STUDY))
        chosen = chosen[chosen["rests_on"].isin(wanted)]
    return values.share(chosen, rows, column=None)


@fact(
    "Slips behind the claims that do not hold: claims that rest on one slip count once",
    edition=OF_PRINT,
    needs="claims",
)
def slips_behind(edition: Edition, matters: str | None = None) -> Value:
    """Count groups of claims that do not hold, and claims of no group."""
    rows = _claims(edition, matters=matters)
    rows = rows[rows["verdict"] == FAILS]
    return values.distinct(rows.assign(slip=rows["group"].fillna(rows["id"])), "slip")


@fact("Verdict on the claim {claim}", edition=OF_PRINT)
def verdict_on(edition: Edition, claim: str) -> Value:
    """Return one of the verdicts."""
    rows = audit(edition)
    (name,) = terms_of("claim", claim, set(rows["id"]))
    rows = rows[rows["id"] == name]
    return values.word(str(rows["verdict"].iloc[0]), rows)


def _claims(edition: Edition, matters: str | None) -> pd.DataFrame:
    rows = audit(edition)
    if matters is None:
        return rows
    return rows[rows["matters"].isin(terms_of("matters", matters, set(rows["matters"])))]


@fact(
    "Sum of what the text prints in the claims {claims}; a list counts its members",
    edition=OF_PRINT,
)
def printed_sum(edition: Edition, claims: str) -> Value:
    """Add what a printing prints in several claims."""
    printing = printing_of(edition)
    by_id = {claim.id: claim for claim in edition.source.claims}
    names = terms_of("claims", claims, set(by_id))
    rows = tuple(f"claims:{name}" for name in names)
    printed = [by_id[name].printed(printing) for name in names]
    if any(value is None for value in printed):
        return Value(None, "not stated", rows)
    sizes = [value if is_number(value) else len(value) for value in printed]
    added = f"{' + '.join(map(str, sizes))} = " if len(sizes) > 1 else ""
    return Value(sum(sizes), f"{added}{sum(sizes)}", rows)


@fact(
    "Entries of the reference list that no sentence and no table cites",
    edition=OF_PRINT,
    needs="claims",
)
def uncited_references(edition: Edition) -> Value:
    """Count entries of a printing's list that neither its tables nor its claims cite."""
    printing = printing_of(edition)
    cited = {*edition.studies["ref"].dropna(), *edition.printed_verdicts["ref"]}
    for claim in edition.source.claims:
        if claim.made_in(printing):
            cited |= {*claim.cited(printing)}
    rows = edition.references[edition.references["ref"] > 0]
    return values.share(rows[~rows["ref"].isin(cited)], rows, column=None)


@fact("Minimum follow-up of the long-term rule in force")
def rule_months(edition: Edition) -> Value:
    """Return months: the protocol's, or those that this run was given."""
    nothing = edition.studies.iloc[:0]
    return values.number(edition.rule.minimum_followup_months, nothing, "months")
