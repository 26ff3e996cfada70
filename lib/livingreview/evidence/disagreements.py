"""Where the source review and its primary studies disagree, field by field, computed.

Only what the review printed is compared, and only with what the primary study states in the part
that was read; what was not read is unverified, which is not agreement. A slip of the reference list
is no disagreement with a study, and a copy that may end early disputes no later time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.evidence.living import was_read
from livingreview.evidence.merging import CLOSE_MONTHS
from livingreview.evidence.trials import verdicts
from livingreview.frames import is_of
from livingreview.tables import TREATMENT
from livingreview.words import in_months, listed

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


FIELDS = (
    "year",
    "design",
    "comparator",
    "patients",
    "nerve",
    "guidance",
    "follow-up",
    "relief threshold",
    "responders",
    "trial outcome",
    "adverse events",
)


OPTIONAL = {"nerve": "nerves", "guidance": "guidance"}  # fields that a review need not tell of


def compared_fields(edition: Edition) -> list[str]:
    """Return the fields that are compared: those of which the review tells something."""
    tells = edition.source.tells
    return [field for field in FIELDS if field not in OPTIONAL or tells(OPTIONAL[field])]


CLOSE_YEARS = 1  # a paper can be online in one year and in print in the next


CONCLUSION, NUMBER, BOOKKEEPING = WEIGHTS = (
    "changes a conclusion",
    "changes a number or a description",
    "year only",
)
DECIDES = ("follow-up", "relief threshold", "responders")  # what the rule for the long term asks


COLUMNS = ["key", "field", "printed", "primary", "read_as", "weight"]


def disagreements(edition: Edition) -> pd.DataFrame:
    """Return one row per study and field that the review prints differently from the study.

    Columns: key, field (one of ``FIELDS``), printed, primary, read_as, weight (one of ``WEIGHTS``):
    a conclusion is changed where the outcome of a trial or the answer of the rule for the long
    term is another with the value as read, and where harm was serious or the review printed that
    there was none. The index names each row (``disagreements:7``).
    """
    printed = edition.printed
    old = distinct_studies(printed.studies).set_index("key")
    new = edition.in_edition("checked").studies.set_index("key")
    said = [_verdicts_by_key(edition, name) for name in ("printed", "checked")]
    ruled = [edition.in_edition(e).long_term.set_index("key") for e in ("printed", "checked")]
    answers = [table[["qualifies", "positive"]].agg(tuple, axis=1) for table in ruled]
    moved = {key for key in old.index if answers[0].get(key) != answers[1].get(key)}
    events = edition.in_edition("checked").adverse_events
    grave = set(events.loc[events["serious"].fillna(False).astype(bool), "key"])
    rows = []
    for key in old.index.intersection(new.index, sort=False):  # a retracted study is not compared
        file = edition.source.studies.get(key)
        if file is None or not was_read(file):
            continue
        for field, before, after in _differences(edition, key, old.loc[key], new.loc[key]):
            weight = _weight(field, key in moved, key in grave or "no adverse events" in before)
            rows.append((key, field, before, after, file.read_as, weight))
        stated, reported = (by_key.get(key) for by_key in said)
        if stated is not None and reported not in (None, "not stated", stated):
            rows.append((key, "trial outcome", stated, str(reported), file.read_as, CONCLUSION))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.index = pd.Index([f"disagreements:{n}" for n in range(1, len(frame) + 1)])
    return frame


def _weight(field: str, moved: bool, grave: bool) -> str:
    if (field == "adverse events" and grave) or (field in DECIDES and moved):
        return CONCLUSION
    return BOOKKEEPING if field == "year" else NUMBER


def _differences(edition: Edition, key: str, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    """Yield field, printed and primary value wherever they differ."""
    read = set(new["from_primary"])
    if "year" in read and abs(old["year"] - new["year"]) > CLOSE_YEARS:
        yield "year", str(old["year"]), str(new["year"])
    for field in ("design", "patients"):
        if field in read and old[field] != new[field]:
            yield field, str(old[field]), str(new[field])
    if "guidance" in read and not _terms(old["guidance"]) <= _terms(new["guidance"]):
        yield "guidance", listed(old["guidance"]), listed(new["guidance"])
    if "comparators" in read and _terms(old["comparators"]) != _terms(new["comparators"]):
        yield "comparator", _shown(old["comparators"]), _shown(new["comparators"])
    yield from _nerves(edition, key)
    yield from _followup(old, new, read)
    yield from _results(edition, key)
    yield from _events(edition, key)


def _terms(names: Any) -> set[str]:
    return set(names) if isinstance(names, tuple) else set()


def _shown(names: Any) -> str:
    return listed(names or ()) or "none"


def _nerves(edition: Edition, key: str) -> Iterator[tuple[str, str, str]]:
    found = []
    for name in ("printed", "checked"):
        targets = edition.in_edition(name).targets
        found.append(targets[targets["key"] == key])
    whole = [set(rows["part_of"].fillna(rows["nerve"])) for rows in found]
    if whole[0] != whole[1]:  # a branch is no other nerve than its nerve
        before, after = (", ".join(sorted(set(rows["nerve"]))) for rows in found)
        yield "nerve", before, after


def _followup(old: Any, new: Any, read: set[str]) -> Iterator[tuple[str, str, str]]:
    before, after = old["followup_max_months"], new["followup_max_months"]
    if "followup_max_months" not in read or pd.isna(before):
        return
    longer = before > after and new["read_as"] != "full text"  # a part read can end too early
    if abs(before - after) > CLOSE_MONTHS and not longer:
        yield "follow-up", in_months(before), in_months(after)


def _own(edition: Edition, name: str, key: str, *kinds: str) -> pd.DataFrame:
    rows = edition.in_edition(name).outcomes
    rows = rows[(rows["key"] == key) & is_of(rows, TREATMENT)]
    return rows[rows["kind"].isin(kinds)]


def _results(edition: Edition, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield differing thresholds and shares of responders."""
    old, new = (_own(edition, name, key, "responder") for name in ("printed", "checked"))
    new = new[new["read_as"] != "review table"]
    for percent in sorted(set(old["threshold_percent"].dropna())):
        mine = old[old["threshold_percent"] == percent]
        theirs = new[new["threshold_percent"] == percent]
        if theirs.empty:
            continue
        signs = [sorted(set(rows["threshold_rule"].dropna())) for rows in (mine, theirs)]
        if signs[0] != signs[1]:
            printed, primary = (f"{' and '.join(sign)} {percent:g}%" for sign in signs)
            yield "relief threshold", printed, primary
        shares = [sorted(set(rows["percent"].dropna().round())) for rows in (mine, theirs)]
        if shares[0] and shares[1] and not set(shares[0]) & set(shares[1]):
            yield "responders", _shares(mine), _shares(theirs)


def _shares(rows: pd.DataFrame) -> str:
    rows = rows[rows["percent"].notna()]
    times = ["" if pd.isna(m) else f" at {in_months(m)}" for m in rows["months"]]
    return ", ".join(f"{p:g}%{t}" for p, t in zip(rows["percent"], times, strict=True))


def _verdicts_by_key(edition: Edition, name: str) -> dict[str, str]:
    """Return the outcome of each randomised trial of an edition by key."""
    asked = edition.in_edition(name)
    said = verdicts(asked)
    return dict(zip(asked.studies.loc[said.index, "key"], said, strict=True))


def _events(edition: Edition, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield a row that is silent, or states none, where the primary study reports events."""
    old = edition.printed.adverse_events
    new = edition.in_edition("checked").adverse_events
    old, new = old[old["key"] == key], new[new["key"] == key]
    new = new[(new["read_as"] != "review table") & (new["status"] == "event")]
    happened = new[new["patients"].fillna(1) > 0]
    spoken = set(old["status"])
    if not happened.empty and "event" not in spoken:
        events = listed(happened["event"])
        yield "adverse events", ", ".join(sorted(spoken)), events


def unverified(edition: Edition) -> pd.DataFrame:
    """Return the printed studies (one row each) of which nothing was read."""
    rows = distinct_studies(edition.printed.studies)
    files = edition.source.studies
    return rows[[not was_read(files.get(key)) for key in rows["key"]]]
