"""What is new: versions, what changed between two, and how current this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.history.changes import Change, Changes, searched, standing
from livingreview.show import links
from livingreview.show.html import Html, plain
from livingreview.show.rows import study_link
from livingreview.show.table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livingreview.review import Review

FIRST = "This is the first version: there is nothing to compare it with."
NOT_SET = "not set"


def changes_tables(review: Review, found: Changes | None) -> Html:
    """Return what is new since the preceding version: counts, then a table per kind of change.

    None is for a first version.
    """
    preceding = review.source.versions.preceding
    if found is None or preceding is None:
        return Html(f"<p>{FIRST}</p>", FIRST)
    old, new = preceding.version, review.source.versions.present.version
    parts = [_counts_table(found, old, new)]
    parts += _pages(found.pages_added, "added") + _pages(found.pages_removed, "removed")
    if found.studies_added or found.studies_removed:
        parts.append(_studies_table(review, found))
    for values, caption in (
        (found.values_changed, "Values changed"),
        (found.values_filled, "Values filled in or taken out"),
    ):
        if values:
            values = tuple(sorted(values, key=lambda change: (change.part or "", change.what)))
            who = [study_link(review, change.what) for change in values]
            parts.append(_moves_table(values, who, "Study", caption, "no value"))
    if found.facts:
        what = [_fact_link(review, change.what) for change in found.facts]
        parts.append(_moves_table(found.facts, what, "Fact", "Facts that moved", NOT_SET))
    if found.claims:
        asked = [links.claim(change.what, change.what) for change in found.claims]
        parts.append(_moves_table(found.claims, asked, "Claim", "Verdicts changed", NOT_SET))
    if found.sentences:
        pages = [change.what.removeprefix("chapters/") for change in found.sentences]
        parts.append(_moves_table(found.sentences, pages, "Page", "Sentences changed", "nothing"))
    return Html("".join(p.html for p in parts), "\n\n".join(p.text for p in parts))


def _pages(names: tuple[str, ...], change: str) -> list[Html]:
    """Return one line that names the pages that came or went, if any did."""
    if not names:
        return []
    text = f"Pages {change}: {', '.join(name.removeprefix('chapters/') for name in names)}."
    return [Html(str(Markup("<p>{}</p>").format(text)), text)]


def _fact_link(review: Review, name: str) -> Markup:
    said = review.living.fact(name).definition
    return Markup('<a href="fact:{0}">{1}</a>').format(name, said)


def _counts_table(found: Changes, old: str, new: str) -> Html:
    rows = [{"Change": name.capitalize(), "Number": n} for name, n in found.counts.items()]
    return table(pd.DataFrame(rows), f"Changes from version {old} to version {new}")


def _studies_table(review: Review, found: Changes) -> Html:
    reasons = {c.key: (c.why_new, c.reason) for c in review.source.screening}
    rows = [
        [study_link(review, key), change, *reasons.get(key, (None, None))]
        for change, keys in (("added", found.studies_added), ("removed", found.studies_removed))
        for key in keys
    ]
    frame = pd.DataFrame(rows, columns=["Study", "Change", "Why new", "Reason"])
    return table(frame, "Studies added and removed", missing="not stated")


def _moves_table(
    moves: Sequence[Change], names: Sequence[str], heading: str, caption: str, nothing: str
) -> Html:
    """Return one row per change, with what stood before and what stands now."""
    frame = pd.DataFrame(
        {
            heading: list(names),
            "Column": [change.part and change.part.replace("_", " ") for change in moves],
            "From": [change.before for change in moves],
            "To": [change.after for change in moves],
        }
    )
    if frame["Column"].isna().all():
        frame = frame.drop(columns="Column")
    found = table(frame, f"{caption}: {len(frame)}", missing=nothing, numeric=())
    # Paper has the counts; each change stands on the site and in the version that was kept.
    return Html(f'<div class="noprint">{found.html}</div>', found.text)


def versions_table(review: Review) -> Html:
    """Return one row per version, the newest first."""
    rows = [
        {
            "Version": version.version,
            "Date": str(version.date),
            "Why": version.triggered_by,
            "What it is": version.summary,
            "Searched through": _said(version.searched_through),
            "What was searched": version.search,
            "Integrated through": _said(version.integrated_through),
        }
        for version in reversed(review.source.versions.entries)
    ]
    return table(pd.DataFrame(rows), "Versions of this review", missing=NOT_SET)


def last_change(review: Review) -> Html:
    """Return what changed last, and when the next search is due, in two lines."""
    versions = review.source.versions
    present = versions.present
    due = _marked(standing(present, versions.as_of)) or ""
    lines = {
        "Last change": f"version {present.version} of {present.date}. {present.summary}",
        "Next search due": due,
    }
    return Html(
        "".join(Markup("<p><strong>{}:</strong> {}</p>").format(*line) for line in lines.items()),
        "\n".join(f"{name}: {plain(text)}" for name, text in lines.items()),
    )


def status_table(review: Review) -> Html:
    """Return the three dates of the review, each by itself, its plans, and what is overdue."""
    versions = review.source.versions
    present = versions.present
    rows = {
        "Version": f"{present.version}, of {present.date}",
        "Evidence searched through": searched(review.source),
        "What was searched": present.search,
        "Evidence integrated through": _said(present.integrated_through),
        "Next search due": standing(present, versions.as_of),
        "Schedule of searches": present.schedule,
        "Plan for retirement": present.retirement,
    }
    frame = pd.DataFrame(
        [{"Date or plan": name, "State": _marked(value)} for name, value in rows.items()]
    )
    return table(frame, "Status of this review", missing=NOT_SET)


def _marked(value: str | None) -> str | None:
    if value is not None and "; overdue" in value:
        return Markup("<strong>{}</strong>").format(value)
    return value


def _said(value: object) -> str | None:
    return None if value is None else str(value)
