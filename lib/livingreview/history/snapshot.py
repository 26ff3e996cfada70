"""What a version said: kept when it is cut, and compared with the next."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import pandas as pd

from livingreview.audit.claims import audits
from livingreview.book import Chapter, words_of
from livingreview.data.versions import Snapshot
from livingreview.evidence.edition import Edition, distinct_studies
from livingreview.facts.used import all_facts
from livingreview.frames import is_stated
from livingreview.history.changes import Changes, changes
from livingreview.review import Review
from livingreview.words import listed, p_value

# Columns that say where a value stands or follow from another: no news of their own.
NO_NEWS = ("row", "ref", "design_group", "from_primary")


# What a result or an event is, what it says, and which columns of them need no name.
WHICH = (
    "kind",
    "event",
    "arm_words",
    "measure",
    "months",
    "threshold_rule",
    "threshold_percent",
    "threshold_points",
    "threshold_words",
)
SAYS = (
    "status",
    "responders",
    "evaluated",
    "percent",
    "patients",
    "at_risk",
    "serious",
    "estimate",
    "low",
    "high",
    "scale",
    "sd",
    "ci_low",
    "ci_high",
    "p_value",
    "direction",
    "direction_words",
    "primary_endpoint",
)
KEPT_AS = {"scale": "unit"}  # a version once cut keeps its words
PLAIN = ("kind", "event", "arm_words", "measure", "status", "direction")


def snapshot(review: Review, pages: Collection[Chapter]) -> dict[str, Any]:
    """Return what the review says now, as plain values.

    edition: its name; studies: per key the values of its row that are not missing, and its nerves;
    results: per key its results and adverse events, each by what it is; facts: per id the text;
    claims: per id the verdict; sentences: per page its lines of prose, numbers in place.
    """
    return {
        "edition": review.name,
        **evidence(review),
        "facts": {fact.id: fact.value.text for fact in all_facts(review, pages)},
        # The claims are of the source review: they are held against its own studies.
        "claims": {str(row.id): str(row.verdict) for row in _first(review).itertuples()},
        "sentences": {
            page.name.removesuffix(".md"): sentences(review.printed, page) for page in pages
        },
    }


def _first(review: Review) -> pd.DataFrame:
    """Return the audit of each claim in the first printing that makes it."""
    return audits(review).drop_duplicates("id")


def evidence(review: Edition) -> dict[str, Any]:
    """Return the part of a snapshot that is evidence: studies and their results."""
    return {"studies": _studies(review), "results": _results(review)}


def changes_of_evidence(review: Review, number: str) -> Changes:
    """Return how the evidence differs from what a version kept of it; raises ``KeyError``."""
    kept = review.source.versions.snapshots[number]
    return changes(kept, kept.model_copy(update=evidence(review.living)))


def present_changes(review: Review, pages: Collection[Chapter]) -> Changes | None:
    """Return what changed from the preceding version's snapshot to the present state.

    None for a first version.
    """
    versions = review.source.versions
    if versions.preceding is None:
        return None
    old = versions.snapshots[versions.preceding.version]
    return changes(old, Snapshot.model_validate(snapshot(review.living, pages)))


def as_json(content: dict[str, Any]) -> str:
    """Return a snapshot as text: sorted, one value a line, the same state the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _studies(review: Edition) -> dict[str, dict[str, Any]]:
    rows = distinct_studies(review.studies).set_index("key")
    rows = rows.drop(columns=list(NO_NEWS), errors="ignore")
    found = {}
    for key, row in rows.iterrows():
        found[str(key)] = {
            str(name): _plain_value(value) for name, value in row.items() if is_stated(value)
        }
    targets = review.targets
    for key, group in targets.groupby("key"):
        if str(key) in found:
            found[str(key)]["nerves"] = ", ".join(sorted(set(group["nerve"])))
    return found


def _results(review: Edition) -> dict[str, dict[str, str]]:
    """Return, per study, each result and event by what it is, with its values in words."""
    found: dict[str, dict[str, str]] = {}
    for table in ("outcomes", "adverse_events"):
        rows = review.table(table)
        for row in rows.to_dict("records"):
            named = [_named(column, row[column]) for column in WHICH if column in row]
            said = [_named(column, _with_sign(column, row)) for column in SAYS if column in row]
            name = ", ".join(filter(None, named)) or "adverse events"
            own = found.setdefault(str(row["key"]), {})
            again = sum(other.partition(" (again")[0] == name for other in own)
            own[f"{name} (again, {again})" if again else name] = ", ".join(filter(None, said))
    return found


def _with_sign(column: str, row: dict[Any, Any]) -> Any:
    """Return a value of a row; a P value that has a sign with it."""
    signed = column == "p_value" and is_stated(row["p_rule"])
    return p_value(row[column], row["p_rule"]) if signed else row[column]


def _named(column: str, value: Any) -> str:
    if not is_stated(value) or (column, value) == ("status", "reported"):
        return ""
    words = KEPT_AS.get(column, column).replace("_", " ")
    if column == "p_value" and isinstance(value, str):
        words = "p words"
    return str(value) if column in PLAIN else f"{words} {_plain_value(value)}"


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return listed(value)
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def sentences(review: Review, chapter: Chapter) -> list[str]:
    """Return the lines of prose of a page as a reader sees them, facts in place; no cell is run."""

    def said(kind: str, text: str) -> str:
        if kind.startswith("glue"):
            return review.fact(text).value.text
        if kind.startswith("cite"):
            return f"({text})"
        if kind == "mark":
            return "" if text == "**" else text
        return text if kind in ("code", "html") else words_of(text)

    return [" ".join(line.text.split()) for line in chapter.lines(said)]
