"""The randomised trials: what each says of the treatment against its comparators."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.frames import is_contrast, is_control, is_of
from livingreview.tables import NOT_STATED, TREATMENT

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

FAVOURS, NO_DIFFERENCE, AGAINST = "favours treatment", "no difference", "favours comparator"
MIXED, UNTESTED = "mixed results", "not better, no test stated"

# What decides on a trial, of a result.
OF_ONE_MEASURE = ("measure", "threshold_percent", "threshold_words")
OF_RESULTS = [
    "row",
    "arm",
    "against",
    "part",
    "kind",
    "percent",
    "direction",
    "primary_endpoint",
    "read_as",
    "months",
    *OF_ONE_MEASURE,
]


@lru_cache(maxsize=64)  # many facts ask the same
def verdicts(edition: Edition, against: tuple[str, ...] = ()) -> pd.Series[str]:
    """Return, per randomised row, whether its printed outcome favours the treatment.

    The contrasts at the primary endpoint decide where one is marked, else all of them: *no
    difference*, *favours treatment* or *favours comparator* if each says so, *mixed results* if
    they differ. Without contrasts, *favours treatment* if the share of responders is larger in
    the treated arm than in every control arm at the same time and by the same measure, else *not
    better, no test stated*; *not stated* where nothing compares the arms, or where a contrast at
    the primary endpoint has no direction. No test of significance is printed in the tables. With
    ``against`` only results against these comparators decide: a trial of three arms can differ
    from one and not from the other. What only the source review prints of a trial that was read
    as a full text decides nothing.
    """
    trials = edition.studies[edition.studies["design_group"] == "trial"]
    outcomes = edition.outcomes[OF_RESULTS]
    whole = trials.loc[trials["read_as"] == "full text", "row"]
    outcomes = outcomes[~(outcomes["row"].isin(whole) & (outcomes["read_as"] == "review table"))]
    said = {}
    for trial in trials.itertuples():
        own = _against(outcomes[outcomes["row"] == trial.row], against)
        decided = deciding(own)
        told = set(decided["direction"].dropna())
        if told:
            said[trial.Index] = told.pop() if len(told) == 1 else MIXED
        elif _primary(decided).any():
            said[trial.Index] = NOT_STATED  # what decides is there, and nobody says which way
        else:
            said[trial.Index] = _by_shares(own[own["kind"] == "responder"])
    return pd.Series(said, index=trials.index, dtype="str")


def _by_shares(responders: pd.DataFrame) -> str:
    """Return what the shares of responders say, of arms seen at one time and by one measure."""
    stated = responders[responders["percent"].notna()]
    treated, control = stated[is_of(stated, TREATMENT)], stated[is_control(stated)]
    larger = [
        bool(one["percent"] > other["percent"])
        for _, one in treated.iterrows()
        for _, other in control.iterrows()
        if _comparable(one, other)
    ]
    if not larger:
        return NOT_STATED
    return FAVOURS if all(larger) else UNTESTED


def _comparable(one: pd.Series[Any], other: pd.Series[Any]) -> bool:
    """Return whether two shares are of one time, and of one measure as far as both state it."""
    times = one["months"], other["months"]
    if times[0] != times[1] and not all(map(pd.isna, times)):
        return False
    pairs = [(one[name], other[name]) for name in OF_ONE_MEASURE]
    return all(pd.isna(a) or pd.isna(b) or a == b for a, b in pairs)


def _primary(contrasts: pd.DataFrame) -> pd.Series[bool]:
    return contrasts["primary_endpoint"].fillna(False).astype(bool)


def _against(outcomes: pd.DataFrame, against: tuple[str, ...]) -> pd.DataFrame:
    """Return the results of the treated arm and of those that hold a comparator; all for none."""
    if not against:
        return outcomes
    wanted = {*against}
    sides = zip(outcomes["arm"], outcomes["against"], strict=True)
    held = [bool(wanted & {*(other or arm)}) for arm, other in sides]
    return outcomes[is_of(outcomes, TREATMENT) | pd.Series(held, index=outcomes.index, dtype=bool)]


def deciding(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the contrasts that decide on a trial: its primary endpoint where one is marked."""
    contrasts = outcomes[(outcomes["kind"] == "between-group difference") & is_contrast(outcomes)]
    primary = contrasts[_primary(contrasts)]
    return contrasts if primary.empty else primary
