"""Courses: what one arm of a study tells of one measure at several times.

A reading of series, of those that were still seen at each time: nothing is pooled or compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from livingreview.derived import Course
from livingreview.frames import frame_of
from livingreview.tables import TREATMENT
from livingreview.words import known

if TYPE_CHECKING:
    from livingreview.data.vocabulary import MeasureClass
    from livingreview.evidence.edition import Edition

Said = Literal["yes", "no", "undecided"]

CHANGE, RELIEF, SHARE = "mean change", "relief in percent", "percent responding"
LEVEL = "not stated"  # a level of which nobody says whether it is a mean or a median
OF_KIND = {
    "final level": LEVEL,
    "mean change": CHANGE,
    "mean relief": RELIEF,
    "relief": RELIEF,
    "responder": SHARE,
}
THRESHOLD = ["threshold_rule", "threshold_percent", "threshold_points", "threshold_words"]
OF_ONE_SERIES = ["key", "arm_words", "period", "unit_of_analysis", "course_kind", "measure"]
COPIED = ("key", "measure", "months", "time_words", "evaluated", "read_as", "source", "locator")


@lru_cache(maxsize=16)
def courses(edition: Edition) -> pd.DataFrame:
    """Return one row per value of a series; the index names outcomes, ``derived.Course`` the rest.

    A series has two or more dated values of one arm, or part of it: levels, changes or relief by
    one measure of the protocol's classes, or shares of responders by one measure and threshold.
    Of several values at the start the first of the file is the baseline, the others are of the
    same day after the treatment. A time with two different values has none that is certain, and
    neither stands.
    """
    rows: list[Course] = []
    names: list[str] = []
    for series in _series(edition):
        first = str(series.index[0])
        for place, (name, row) in enumerate(series.iterrows()):
            start = place == 0 and row["months"] == 0 and row["course_kind"] == LEVEL
            rows.append(_row(edition, row, first, start))
            names.append(str(name))
    return frame_of("courses", rows, names)


def _series(edition: Edition) -> Iterator[pd.DataFrame]:
    """Yield the results of each series in the order of time."""
    outcomes = edition.outcomes
    rows = outcomes[
        outcomes["kind"].isin(list(OF_KIND))
        & (outcomes["status"] == "reported")
        & outcomes["months"].notna()
        & outcomes["measure"].notna()
        & (outcomes["arm"].map(len) > 0)
        & (outcomes["against"].map(len) == 0)
    ]
    rows = rows.assign(
        course_kind=rows["kind"].map(OF_KIND),
        course_value=rows["estimate"].where(rows["kind"] != "responder", rows["percent"]),
    )
    share = rows["course_kind"] == SHARE
    followed = rows["measure"].map(lambda measure: _followed(edition, measure)).astype(bool)
    percent = (rows["course_kind"] != RELIEF) | (rows["scale"] == "percent")
    rows = rows[rows["course_value"].notna() & (share | followed) & percent]
    for _, group in rows.groupby([*OF_ONE_SERIES, *THRESHOLD], dropna=False, sort=False):
        for series in _by_statistic(group):
            certain = _at_each_time(series)
            if certain["months"].nunique() > 1 or len(certain) > 1:
                yield certain


def _class_of(edition: Edition, measure: str) -> MeasureClass | None:
    return edition.source.vocabulary.measure_classes.find(measure)


def _followed(edition: Edition, measure: str) -> bool:
    """Return whether a measure is of a class whose course the protocol asks for, or plain relief.

    Relief in percent of baseline is one by the vocabulary of measures.
    """
    found = _class_of(edition, measure)
    plain = edition.source.vocabulary.measures.find(measure)
    of_class = found is not None and found.measure_class in edition.source.protocol.courses_of
    return of_class or (plain is not None and plain.type == "relief")


def _by_statistic(group: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield means and medians apart; what is stated as neither goes with the only one."""
    stated = [*dict.fromkeys(group["statistic"].dropna())]
    if len(stated) < 2:
        yield group
        return
    for statistic in stated:
        yield group[group["statistic"] == statistic]


def _at_each_time(series: pd.DataFrame) -> pd.DataFrame:
    """Return one value for each moment, in order of time; none where two differ.

    Moments at the start differ by their words: before, and directly after.
    """
    moment = series["time_words"].fillna("").where(series["months"] == 0, "")
    rows = series.assign(moment=moment, silent=series["statistic"].isna(), place=range(len(series)))
    different = rows.groupby(["months", "moment"])["course_value"].transform("nunique")
    rows = rows[different == 1].sort_values("silent", kind="stable")
    return rows.drop_duplicates(["months", "moment"]).sort_values(["months", "place"])


def _row(edition: Edition, row: Any, series: str, start: bool) -> Course:
    asked = {key: asks.id for asks in edition.source.questions for key in asks.studies}
    kind, found = row["course_kind"], _class_of(edition, row["measure"])
    in_percent = kind in (SHARE, RELIEF)
    stated = known(row["statistic"]) if kind == LEVEL else None
    level_most = found.most if found and kind == LEVEL else None
    return Course(
        **{name: known(row[name]) for name in COPIED},
        series=series,
        question=asked.get(row["key"]),
        arm=row["arm_words"],
        comparison=TREATMENT not in row["arm"],
        statistic=stated or kind,
        threshold=_threshold(row) if kind == SHARE else None,
        baseline=start,
        value=float(row["course_value"]),
        scale_least=0.0 if in_percent or level_most else None,
        scale_most=100.0 if in_percent else level_most,
        better=known(row["better"]) or ("higher" if in_percent else "lower"),
    )


def _threshold(row: Any) -> str | None:
    """Return what makes a responder, in words; None where it is not stated."""
    if (words := known(row["threshold_words"])) is not None:
        return str(words)
    rule = f"{known(row['threshold_rule']) or ''} ".lstrip()
    if (percent := known(row["threshold_percent"])) is not None:
        return f"{rule}{percent:g}% relief"
    points = known(row["threshold_points"])
    return None if points is None else f"{rule}{points:g} points"


def leading(edition: Edition, comparison: bool = False) -> pd.DataFrame:
    """Return the courses of one kind for each treated or comparison arm of a study.

    Of several series the one of levels stands, then of changes, of relief, of shares; among like
    ones the one with most values, then the first of the file. Parts of an arm stand side by side.
    """
    rows = courses(edition)
    rows = rows[rows["comparison"] == comparison]
    ranks = {CHANGE: 1, RELIEF: 2, SHARE: 3}
    order = rows.assign(
        whole=[_whole(arm) for arm in rows["arm"]],
        rank=[ranks.get(kind, 0) for kind in rows["statistic"]],
        size=-rows.groupby("series")["value"].transform("size"),
        place=range(len(rows)),
    ).sort_values(["rank", "size", "place"], kind="stable")
    best = order.drop_duplicates(["key", "whole", "arm"])["series"]
    ranked = order[order["series"].isin(best)]
    least = ranked.groupby(["key", "whole"])["rank"].transform("min")
    chosen = ranked[ranked["rank"] == least].sort_values("place")
    return chosen[[*rows.columns, "whole"]]


def _whole(arm: str) -> str:
    return arm.partition(": ")[0]


def worse_at_last(series: pd.DataFrame, than: Literal["first", "best"] = "first") -> Said:
    """Return whether the last value of a series is worse than its first, or best, after treatment.

    It is undecided where it is not stated which way is better. Raises ``ValueError`` for a series
    with fewer than two values after its baseline.
    """
    values = [*after(series)["value"]]
    if len(values) < 2:
        raise ValueError("a series with two or more values after its baseline")
    better = series["better"].iloc[0]
    if better not in ("higher", "lower"):
        return "undecided"
    turned = values if better == "higher" else [-value for value in values]
    before = turned[0] if than == "first" else max(turned)
    return "yes" if turned[-1] < before else "no"


def after(series: pd.DataFrame) -> pd.DataFrame:
    """Return the values of a series after its baseline."""
    return series[~series["baseline"].astype(bool)]


def shrunk(
    edition: Edition, comparison: bool = False, than: Literal["first", "best"] = "first"
) -> dict[tuple[str, str], tuple[Said, pd.DataFrame]]:
    """Return, by study and arm, whether relief was less at the last time, with its rows.

    Only arms with a leading series that has two values after its baseline are there; parts of an
    arm that differ leave it undecided.
    """
    found = {}
    for (key, arm), rows in leading(edition, comparison).groupby(["key", "whole"], sort=False):
        parts = [part for _, part in rows.groupby("series", sort=False) if len(after(part)) > 1]
        said = {worse_at_last(part, than) for part in parts}
        if said:
            answer = said.pop() if len(said) == 1 else "undecided"
            found[str(key), str(arm)] = (answer, pd.concat(parts))
    return found
