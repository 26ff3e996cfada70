"""The randomised trials: what each says of the treatment against its comparators."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from livingreview.frames import is_contrast, is_control, is_of
from livingreview.tables import NOT_STATED, TREATMENT

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

FAVOURS, NO_DIFFERENCE, AGAINST = "favours treatment", "no difference", "favours comparator"
MIXED, UNTESTED = "mixed results", "not better, no test stated"

# What decides on a trial, of a result.
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
]


@lru_cache(maxsize=64)  # many facts ask the same
def verdicts(edition: Edition, against: tuple[str, ...] = ()) -> pd.Series[str]:
    """Return, per randomised row, whether its printed outcome favours the treatment.

    The contrasts at the primary endpoint decide where one is marked, else all of them: *no
    difference*, *favours treatment* or *favours comparator* if each says so, *mixed results* if
    they differ. Without contrasts, *favours treatment* if the share of responders is larger in the
    treated arm than in every control arm that is stated, else *not better, no test stated*; *not
    stated* where nothing compares the arms. No test of
    significance is printed in the tables. With ``against`` only results against these comparators
    decide: a trial of three arms can differ from one and not from the other. What only the source
    review prints of a trial that was read as a full text decides nothing.
    """
    trials = edition.studies[edition.studies["design_group"] == "trial"]
    outcomes = edition.outcomes[OF_RESULTS]
    whole = trials.loc[trials["read_as"] == "full text", "row"]
    outcomes = outcomes[~(outcomes["row"].isin(whole) & (outcomes["read_as"] == "review table"))]
    said = {}
    for trial in trials.itertuples():
        own = _against(outcomes[outcomes["row"] == trial.row], against)
        told = set(deciding(own)["direction"].dropna())
        responders = own[(own["kind"] == "responder") & own["percent"].notna()]
        treated = responders[is_of(responders, TREATMENT)]["percent"]
        control = responders[is_control(responders)]["percent"]
        if told:
            said[trial.Index] = told.pop() if len(told) == 1 else MIXED
        elif len(treated) and len(control):
            said[trial.Index] = FAVOURS if treated.min() > control.max() else UNTESTED
        else:
            said[trial.Index] = NOT_STATED
    return pd.Series(said, index=trials.index, dtype="str")


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
    primary = contrasts[contrasts["primary_endpoint"].fillna(False).astype(bool)]
    return contrasts if primary.empty else primary
