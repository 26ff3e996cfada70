"""What readers judged from the source alone, beside the verdicts that were computed from it.

A reader who judges a sentence and a definition that computes it can both be wrong; where they
differ nothing is published until one of them is mended.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from livingreview.audit.claims import audits
from livingreview.data.claims import Judgement
from livingreview.data.source import JUDGEMENTS
from livingreview.facts import values
from livingreview.facts.registry import OF_PRINT, fact
from livingreview.facts.values import Value
from livingreview.problems import Problem, quoted

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

COLUMNS = ["id", "printing", "judged", "reason", "differ", "readings", "settled", "mended"]


def judged(edition: Edition) -> pd.DataFrame:
    """Return one row per claim and printing that was read.

    Columns: id, printing; judged and reason (what stands); differ (whether the readers did),
    readings (what each judged, and why), settled (why that stands; empty where they agree), mended
    (what was changed because of them).
    """
    rows = [
        (
            judgement.claim,
            printing,
            judgement.stands.judged,
            judgement.stands.reason,
            judgement.differ,
            tuple(f"{reading.judged}: {reading.reason}" for reading in judgement.readings),
            judgement.settled.reason if judgement.settled else None,
            judgement.mended,
        )
        for judgement in edition.source.judgements
        for printing in _printings(edition, judgement)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _printings(edition: Edition, judgement: Judgement) -> list[str]:
    """Return the printings that a judgement is of."""
    if judgement.printing is not None:
        return [judgement.printing]
    claims = {claim.id: claim for claim in edition.source.claims}
    return [name for name in edition.source.printings if claims[judgement.claim].made_in(name)]


def differing(edition: Edition) -> list[Problem]:
    """Return a problem for each claim of which what was read is not what was computed.

    Readers have seen the source alone, so it is the verdict in print that must agree.
    """
    file = edition.source.file(JUDGEMENTS)
    computed = {(row["id"], row["printing"]): row for _, row in audits(edition).iterrows()}
    problems = []
    for row in judged(edition).itertuples():
        found = computed[str(row.id), str(row.printing)]
        if found["in_print"] != row.judged:
            said = quoted(str(row.judged)) + f", as read ({row.reason})"
            value = found["computed"] if pd.notna(found["computed"]) else "no value"
            allowed = (
                f"{quoted(str(found['in_print']))}, as computed ({found['fact']}: {value}); "
                "mend the definition or the judgement, with the reason"
            )
            place = f"{row.id}, {row.printing}".removesuffix(", ")
            problems.append(Problem(file, place, "judged", said, allowed))
    return problems


@fact("Claims judged by readers from the source alone", edition=OF_PRINT, needs="claims")
def claims_judged(edition: Edition) -> Value:
    """Count the claims of all printings that were read, each printing once, of all."""
    return _counted(edition, judged(edition))


@fact("Claims that the readers judged differently at first", edition=OF_PRINT, needs="claims")
def readings_differing(edition: Edition) -> Value:
    """Count claims, each printing once, of those that were read."""
    rows = judged(edition)
    found = rows[rows["differ"].astype(bool)]
    text = f"{len(found)} of {len(rows)}"
    return Value(len(found), text, _names(found["id"]), len(rows), _names(rows["id"]))


@fact("Claims mended because of what readers judged", edition=OF_PRINT, needs="claims")
def claims_mended(edition: Edition) -> Value:
    """Count claims, whatever the number of printings, of those that were read."""
    rows = judged(edition)
    found, of = rows.loc[rows["mended"].notna(), "id"].unique(), rows["id"].nunique()
    text = f"{len(found)} of {of}"
    return Value(len(found), text, _names(found), of, _names(rows["id"]))


def _counted(edition: Edition, rows: pd.DataFrame) -> Value:
    everything = audits(edition)
    return Value(
        len(rows),
        f"{len(rows)} of {len(everything)}",
        _names(rows["id"]),
        of=len(everything),
        base=values.names(everything),
    )


def _names(claims: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the rows of some claims, each once, in order."""
    return tuple(dict.fromkeys(f"claims:{claim}" for claim in claims))
