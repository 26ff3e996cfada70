"""Facts on how results go on: relief at the last time, patients seen at a time, treated again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.facts import values
from livingreview.facts.registry import fact
from livingreview.facts.select import number_of, select, terms_of
from livingreview.facts.values import Value
from livingreview.frames import is_of
from livingreview.synthesis.courses import shrunk
from livingreview.tables import TREATMENT

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

ARMS = ("treated", "comparison")
EARLIER = ("first", "best")


@fact("Arms ({arms}) with less relief at their last time than at their {than} after treatment")
def less_relief_at_last(edition: Edition, arms: str = "treated", than: str = "first") -> Value:
    """Count arms of studies with a series of two or more values after its baseline.

    One series stands for an arm: of levels of pain, else of changes, relief or shares. Parts of an
    arm that differ, or a scale of which nobody says which way is better, leave it undecided.
    """
    (which,), (earlier,) = terms_of("arms", arms, ARMS), terms_of("than", than, EARLIER)
    found = shrunk(edition, which == "comparison", "best" if earlier == "best" else "first")
    frames: dict[str, list[pd.DataFrame]] = {"yes": [], "no": [], "undecided": []}
    for (key, arm), (said, rows) in found.items():
        frames[said].append(rows.assign(unit=f"{key}, {arm}"))
    blank = pd.DataFrame({"unit": pd.Series(dtype="str")})
    by_answer = {said: pd.concat(rows or [blank]) for said, rows in frames.items()}
    of = pd.concat([rows for rows in by_answer.values() if len(rows)] or [blank])
    return values.share(by_answer["yes"], of, "unit", by_answer["undecided"])


@fact("Treated patients of whom a result at {months} months or later is told, of those treated")
def patients_seen(edition: Edition, months: str) -> Value:
    """Sum the most patients that a study evaluates in the treated arm at that time or later.

    Where a study does not say of how many its results are, or at what time, it may be all that
    were treated; not where its longest follow-up is stated and shorter. Studies whose treated
    patients are not known are left out.
    """
    least_months = number_of(months)
    studies = distinct_studies(edition.studies)
    studies = studies[studies["patients_treated"].notna()]
    rows = edition.outcomes
    rows = rows[is_of(rows, TREATMENT) & (rows["status"] == "reported")]
    seen = rows["evaluated"].where(rows["kind"] != "completers", rows["responders"])
    counted = rows[(rows["months"] >= least_months) & seen.notna()]
    certain = seen[counted.index].astype("int64").groupby(counted["key"]).max()
    treated = studies.set_index("key")["patients_treated"].astype("int64")
    least = certain.reindex(treated.index, fill_value=0).clip(upper=treated)
    longest = studies.set_index("key")["followup_max_months"]
    short = (longest < least_months) & (studies.set_index("key")["followup_status"] == "stated")
    most = treated.where(~short, least)
    open_ = studies[(most > least).to_numpy()]
    told = counted[counted["key"].isin(treated.index)]
    low, high, of = int(least.sum()), int(most.sum()), int(treated.sum())
    if not of:
        return Value(None, values.NOTHING, (), of=0)
    text = f"{low} of {of}" if low == high else f"{low} to {high} of {of}, {high - low} undecided"
    return Value(
        low, text, values.names(told), of, values.names(studies),
        most=high, undecided=values.names(open_),
    )  # fmt: skip


@fact("Distinct studies that count the patients who were treated again")
def studies_counting_retreatment(edition: Edition) -> Value:
    """Count studies with such a result of the treated arm."""
    return values.distinct(_treated_again(edition))


@fact("Patients of {key} who were treated again, of those evaluated")
def treated_again(edition: Edition, key: str) -> Value:
    """Return the count of the study; not stated where it tells none."""
    rows = _treated_again(edition)
    rows = rows[rows["row"].isin(select(edition, key=key)["row"])]
    if len(rows) != 1:
        return values.word(None, rows)
    count, of = int(rows["responders"].iloc[0]), int(rows["evaluated"].iloc[0])
    return Value(count, f"{count} of {of}", values.names(rows), of, values.names(rows))


def _treated_again(edition: Edition) -> pd.DataFrame:
    rows = edition.outcomes
    rows = rows[(rows["kind"] == "re-treatment") & is_of(rows, TREATMENT)]
    return rows[rows["responders"].notna() & rows["evaluated"].notna()]
