"""What the review prints and what was read of a study, side by side, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.data.reports import NOT_READ
from livingreview.data.study import StudyFile, known
from livingreview.evidence.disagreements import OPTIONAL
from livingreview.evidence.living import was_read
from livingreview.show.rows import row_id, with_ids
from livingreview.show.words import design_words
from livingreview.tables import NOT_STATED, TREATMENT
from livingreview.words import in_months, listed

if TYPE_CHECKING:
    from livingreview.review import Review

DIFFERS = "differs"
AGREES = "agrees"
NOT_COMPARED = "not compared"
NONE = "none"
Rows = dict[str, pd.DataFrame]  # the rows of one study, by table


@dataclass(frozen=True)
class Line:
    """One field: as printed, as read, how they stand to each other, and the ids of its rows."""

    field: str
    printed: str
    read: str
    stand: str
    ids: tuple[str, ...] = ()


def followup_words(row: Any) -> str:
    """Return the follow-up of a row of studies: a time, a range, a mean, or why there is none."""
    low, high = row["followup_min_months"], row["followup_max_months"]
    if pd.isna(high):
        return str(row["followup_status"])
    if row["followup_status"] in ("mean", "median"):
        return f"{row['followup_status']} {in_months(high)}"
    typical = [
        f"{name} {in_months(row[f'followup_{name}_months'])}"
        for name in ("mean", "median")
        if pd.notna(row[f"followup_{name}_months"])
    ]
    span = in_months(high) if low == high else f"{low:g} to {in_months(high)}"
    return ", ".join([span, *typical])


def lines(review: Review, key: str, printed: Rows, living: Rows) -> list[Line]:
    """Return the fields of a study, printed and read; a side that is not there is empty.

    Where both sides stand, they differ if ``Review.disagreements`` says so: it knows which
    differences are none, like a branch named for its nerve.
    """
    file = review.source.studies.get(key)
    shown = _printed(review, printed, living) if not printed["studies"].empty else {}
    read = _read(review, file, living) if file is not None and was_read(file) else {}
    disputed = {row["field"]: (str(name), row) for name, row in printed["disagreements"].iterrows()}
    made = []
    untold = [field for field, of in OPTIONAL.items() if not review.source.tells(of)]
    for field in dict.fromkeys([*shown, *read]):
        if field in untold:
            continue
        left, right = shown.get(field, ""), read.get(field, "")
        name, _ = disputed.pop(field, ("", None))
        ids = tuple(row_id(edition, name) for edition in ("printed", "living") if name)
        made.append(Line(field, left, right, _stand(left, right, bool(name)), ids))
    for field, (name, row) in disputed.items():
        ids = tuple(row_id(edition, name) for edition in ("printed", "living"))
        left, right = row["printed"], row["primary"]
        if row["read_as"] == "reference list":
            left, right = f"{left}; the reference list: {right}", "as in the reference list"
        made.append(Line(field, left, right if read else "", DIFFERS, ids))
    return made + list(_verdicts(review, key, printed, living, bool(read)))


def _stand(printed: str, read: str, disputed: bool) -> str:
    if disputed:
        return DIFFERS
    unknown = {NOT_STATED, NOT_READ, "", "no column for it"}
    return NOT_COMPARED if {str(printed), str(read)} & unknown else AGREES


def _printed(review: Review, rows: Rows, living: Rows) -> dict[str, str]:
    """Return the printed value of each field; of a study printed twice, that of its last row."""
    row = rows["studies"].iloc[-1]
    copied = {} if states_nerves(review, row["key"]) else _copies(living["targets"])
    nerves = Markup("; ").join(
        with_ids([row_id("printed", str(name)), *copied.pop(target["nerve"], [])], _target(target))
        for name, target in rows["targets"].iterrows()
    )
    return {
        "design": design_words(review.source.vocabulary, row["design"]),
        "comparator": listed(row["comparators"] or ()) or NONE,
        "patients": str(row["patients"]),
        "treated patients": "no column for it",
        "condition": "no column for it",
        "nerve": nerves,
        "guidance": listed(row["guidance"]),
        "follow-up": followup_words(row),
    }


def states_nerves(review: Review, key: str) -> bool:
    """Return whether the nerves of a study are those that its own report states."""
    file = review.source.studies.get(key)
    return file is not None and was_read(file) and bool(known(file.nerves))


def _target(target: Any) -> str:
    count = target["patients"]
    return target["nerve"] if pd.isna(count) else f"{target['nerve']} ({count} patients)"


def _copies(living: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of living targets, by nerve, of a study whose nerves are as printed."""
    found: dict[str, list[str]] = {}
    for name, nerve in living["nerve"].items():
        found.setdefault(nerve, []).append(row_id("living", str(name)))
    return found


def _read(review: Review, file: StudyFile, living: Rows) -> dict[str, str]:
    """Return what the study itself states of each field, *not stated* and *not read* included."""
    months, comparators = known(file.followup_months), known(file.comparators)
    treated: Any = file.size(TREATMENT)
    if treated is None:
        treated = file.patients if comparators == () else NOT_STATED
    nerves: str = _joined(file.nerves)
    if known(file.nerves) and not living["targets"].empty:
        nerves = Markup("; ").join(
            with_ids([row_id("living", str(name))], target["nerve"])
            for name, target in living["targets"].iterrows()
        )
    return {
        "design": design_words(review.source.vocabulary, file.design),
        "comparator": _joined(file.comparators) or NONE,
        "patients": str(file.patients),
        "treated patients": str(treated),
        "condition": file.condition,
        "nerve": nerves,
        "guidance": _joined(file.guidance),
        "follow-up": str(file.followup_months) if months is None else in_months(months),
    }


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _verdicts(review: Review, key: str, printed: Rows, living: Rows, read: bool) -> Iterator[Line]:
    """Yield the printed verdict on the long term, and the one that its rule gives."""
    listed = printed["printed_verdicts"]
    for name, row in listed.iterrows():
        ids = tuple(row_id(edition, str(name)) for edition in ("printed", "living"))
        yield Line("verdict of the second table", row["positive"].upper(), "", NOT_COMPARED, ids)
    said = [_rule(edition, key) for edition in (review.printed, review.living)]
    if said[0] and listed.empty and review.source.tells("table2"):
        yield Line("verdict of the second table", "not listed", "", NOT_COMPARED)
    if said[0] or said[1]:
        words = {text.partition(":")[0] for text in said if text}
        stand = NOT_COMPARED if not (read and all(said)) else AGREES if len(words) == 1 else DIFFERS
        yield Line("positive by the review's rule", said[0], said[1] if read else "", stand)


def _rule(review: Review, key: str) -> str:
    """Return the answer of the review's rule with its reason; empty for a study not held."""
    answers = review.long_term
    found = answers[answers["key"] == key]
    return "" if found.empty else ": ".join(found.iloc[0][["verdict", "verdict_reason"]])
