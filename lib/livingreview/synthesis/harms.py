"""Harms: what each study says of adverse events after the treatment, and what its counts exclude.

Studies define and look for harm in different ways: their counts are told side by side, not summed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from livingreview.derived import Harm
from livingreview.evidence.edition import distinct_studies
from livingreview.frames import frame_of
from livingreview.synthesis.intervals import upper_bound
from livingreview.tables import NOT_STATED, TREATMENT, EventStatus
from livingreview.words import known

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

Source = Literal["stated", "arm", "not stated"]

EVENT = "event"
# What a study says, of several answers the one that tells most.
SAID: tuple[EventStatus, ...] = (
    "event",
    "no adverse events",
    "none of this kind",
    "not reported",
    "not mentioned",
    "not in the part read",
    "not read",
)
SPOKEN = SAID[:3]
UNKNOWN = SAID[5:]


@lru_cache(maxsize=16)
def harms(edition: Edition) -> pd.DataFrame:
    """Return one row per study of an edition; the index names studies, ``derived.Harm`` the rest.

    Events of arms without the treatment are left out; those of several arms together, or of no
    named arm, are kept. ``upper_95`` is of the one event that is counted, never of any event, and
    of treated patients: see ``treated_at_risk``.
    """
    studies = distinct_studies(edition.studies)
    asked = {key: asks.id for asks in edition.source.questions for key in asks.studies}
    events = edition.adverse_events
    of_key = dict([*events.groupby("key")])
    rows = []
    for _, study in studies.iterrows():
        own = of_key.get(study["key"], events.iloc[:0])
        rows.append(_row(edition, study, own, asked.get(study["key"])))
    return frame_of("harms", rows, [str(name) for name in studies.index])


def harms_of(edition: Edition, question: str) -> pd.DataFrame:
    """Return the rows of ``harms`` of the studies of one clinical question."""
    rows = harms(edition)
    return rows[rows["question"] == question]


def treated_at_risk(edition: Edition, event: Any) -> int | None:
    """Return the treated patients of whom a count at risk speaks; None where it cannot be told.

    A count of several arms, or of no named arm, speaks of the treated arm's patients where it is
    of all whom the study allocated: none of them all is none of these. A count of a comparison arm
    speaks of none, nor does one of some of several arms.
    """
    at_risk, arms = _whole(event["at_risk"]), event["arm"]
    file = edition.source.studies.get(event["key"])
    if at_risk is None or (arms and TREATMENT not in arms):
        return None
    named = [arm.name for arm in file.arms] if file else []
    if arms == (TREATMENT,) or (file is not None and len(named) < 2):
        return at_risk
    sizes = [file.size(name) for name in named] if file else []
    whole = all(sizes) and sum(size or 0 for size in sizes) == at_risk
    return file.size(TREATMENT) if file and whole else None


def _row(edition: Edition, study: Any, own: pd.DataFrame, question: str | None) -> Harm:
    statuses = {*own["status"]}
    said = next((status for status in SAID if status in statuses), SAID[-1])
    of_treated = [TREATMENT in arm or not arm for arm in own["arm"]]
    treated = own[pd.Series(of_treated, index=own.index, dtype=bool)]
    told = treated[treated["status"] == EVENT]
    counted = _counted(treated)
    count = None if counted is None else int(counted["patients"])
    at_risk, source = _at_risk(study, counted)
    bearing = at_risk
    if counted is not None and source == "stated":
        bearing = treated_at_risk(edition, counted)
    bound = None
    if count is not None and bearing and at_risk and (count == 0 or bearing == at_risk >= count):
        bound = upper_bound(count, bearing)
    return Harm(
        key=study["key"],
        question=question,
        guidance=study["guidance"],
        said=said,
        treated=_whole(study["patients_treated"]),
        events=len(told) if said in SPOKEN else None,
        counted_event=None if counted is None else known(counted["event"]),
        counted_arm=None if counted is None else known(counted["arm_words"]),
        patients_with_event=count,
        at_risk=at_risk,
        at_risk_from=source,
        **_serious(treated, said),
        upper_95=bound,
    )


def _counted(rows: pd.DataFrame) -> Any:
    """Return the event with the most patients, or a statement of none; None where none counts."""
    counts = rows[rows["patients"].notna() & rows["status"].isin(SPOKEN)]
    if (events := counts[counts["status"] == EVENT]).empty:
        if (rows["status"] == EVENT).any():
            return None  # events are told, and nobody counts the patients
        events = counts.sort_values("at_risk", ascending=False, kind="stable")
    else:
        events = events.sort_values("patients", ascending=False, kind="stable")
    return None if events.empty else events.iloc[0]


def _at_risk(study: Any, event: Any) -> tuple[int | None, Source]:
    """Return the patients at risk and whether they are stated, or are those of the treated arm."""
    if event is None:
        return None, NOT_STATED
    if (stated := _whole(event["at_risk"])) is not None:
        return stated, "stated"
    treated = _whole(study["patients_treated"])
    alone = event["arm"] == (TREATMENT,) and known(event["part"]) is None
    one_arm = not event["arm"] and study["comparators"] == ()
    if treated is None or not (alone or one_arm):
        return None, NOT_STATED
    return treated, "arm"


def _serious(rows: pd.DataFrame, said: str) -> dict[str, Any]:
    """Return the patients of serious events, and whether a study speaks of serious ones at all."""
    graded = rows[rows["serious"].fillna(False).astype(bool) & rows["status"].isin(SPOKEN)]
    if graded.empty:
        return {"serious": None, "serious_said": "unknown" if said in UNKNOWN else "no"}
    happened = graded[graded["status"] == EVENT]
    counts = happened["patients"]
    return {
        "serious": None if counts.isna().any() else int(counts.sum()),
        "serious_said": "yes",
    }


def _whole(value: Any) -> int | None:
    return None if known(value) is None else int(value)
