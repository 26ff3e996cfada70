"""How long it lasts: the course of pain, a panel for each study with values at several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.show.html import Html, render
from livingreview.show.rows import study_link
from livingreview.show.table import table
from livingreview.show.words import labels
from livingreview.synthesis.courses import leading
from livingreview.words import in_months, joined, number

if TYPE_CHECKING:
    from livingreview.review import Review

WIDTH, HEIGHT, EDGE = 200, 96, 6  # of the plot of a panel, in units of its picture
NONE = "No study of this question gives values of the treated arm at several times."


def course_figure(review: Review, question: str | None = None) -> Html:
    """Return a panel for each study of the living edition, of one question or of all by question.

    A panel has the leading series of the treated arm and those like it of comparison arms, on
    their own scale from 0. Without any series it is a sentence that says so.
    """
    living = review.living
    drawn = _series_drawn(review, question)
    if drawn.empty:
        return Html(f"<p>{NONE}</p>", NONE)
    names = labels(living)
    panels = [_panel(names[str(key)], rows) for key, rows in drawn.groupby("key", sort=False)]
    title = (
        f"Treated arms with less relief at the last time than at the first after treatment: "
        f"{review.fact('less_relief_at_last(edition=living)').value.text}"
        if question is None
        else f"Values at several times: {joined(panel['name'] for panel in panels)}"
    )
    name = "courses" if question is None else f"courses-{question}"
    html = render(
        "courses.html", name=name, title=title, panels=panels, numbers=_numbers(review, drawn)
    )
    said = "\n".join(f"{panel['name']}, {panel['measure']}: {panel['alt']}" for panel in panels)
    return Html(html, f"{title}\n{said}")


def _series_drawn(review: Review, question: str | None) -> pd.DataFrame:
    """Return the values to draw, in the order of questions, of studies, of series."""
    treated, others = leading(review.living), leading(review.living, comparison=True)
    like = ["key", "measure", "statistic", "threshold"]
    wanted = {*treated[like].fillna("").itertuples(index=False, name=None)}
    beside = [row in wanted for row in others[like].fillna("").itertuples(index=False, name=None)]
    rows = pd.concat([treated, others[pd.Series(beside, index=others.index, dtype=bool)]])
    if question is not None:
        rows = rows[rows["question"] == question]
    order = {asked.id: place for place, asked in enumerate(review.source.questions)}
    places = {key: place for place, key in enumerate(dict.fromkeys(rows["key"]))}
    return rows.assign(
        first=rows["question"].map(order).fillna(len(order)), second=rows["key"].map(places)
    ).sort_values(["first", "second"], kind="stable")


def _panel(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    """Return what the template draws of one study: lines, dots, axis, words."""
    values = [*rows["value"]]
    known = rows["scale_most"].dropna()
    bottom = min(0.0, *values)
    top = float(known.iloc[0]) if len(known) else max(0.0, *values)
    last = max(float(rows["months"].max()), 0.1)
    lines = []
    for _, series in rows.groupby("series", sort=False):
        points = [
            (
                round(EDGE + (WIDTH - 2 * EDGE) * at / last, 1),
                round(EDGE + (HEIGHT - 2 * EDGE) * (top - value) / (top - bottom or 1), 1),
            )
            for at, value in zip(series["months"], series["value"], strict=True)
        ]
        lines.append({"comparison": bool(series["comparison"].iloc[0]), "points": points})
    first = rows.iloc[0]
    threshold = f", {first['threshold']}" if isinstance(first["threshold"], str) else ""
    way = {"higher": "higher is better", "lower": "lower is better"}.get(first["better"], "")
    return {
        "name": name,
        "measure": f"{first['measure']}, {first['statistic']}{threshold}"
        if first["statistic"] != "not stated"
        else f"{first['measure']}, mean or median not stated",
        "way": way or "which way is better is not stated",
        "lines": sorted(lines, key=lambda line: not line["comparison"]),
        "bottom": number(bottom),
        "top": number(top),
        "last": in_months(last),
        "alt": _in_words(rows),
    }


def _in_words(rows: pd.DataFrame) -> str:
    """Return each arm with its values and times."""
    said = []
    for _, series in rows.groupby("series", sort=False):
        told = zip(series["value"], _times(series), strict=True)
        values = ", ".join(f"{number(value)} {time}" for value, time in told)
        said.append(f"{series['arm'].iloc[0]}: {values}")
    return "; ".join(said)


def _times(rows: pd.DataFrame) -> list[str]:
    """Return when each value is of, in words."""
    return [
        "before" if start else "on the day" if months == 0 else f"at {in_months(months)}"
        for months, start in zip(rows["months"], rows["baseline"], strict=True)
    ]


def _numbers(review: Review, rows: pd.DataFrame) -> Html:
    frame = pd.DataFrame(
        {
            "Study": [study_link(review.living, key) for key in rows["key"]],
            "Arm": rows["arm"],
            "Measure": rows["measure"],
            "Value is": rows["statistic"],
            "Threshold": rows["threshold"],
            "Time": _times(rows),
            "As written": rows["time_words"],
            "Value": [Markup("{}").format(number(value)) for value in rows["value"]],
            "Evaluated": rows["evaluated"],
            "Read in": rows["read_as"],
        }
    )
    return table(frame, "The values of the panels", missing="not stated")
