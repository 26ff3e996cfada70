"""The words that belong to one review alone, read from its data."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any, get_args

import yaml

from livingreview.tables import EventStatus

# Words of trials in general, and the one name that every review gives its treatment.
OF_TRIALS = {"treatment", "sham", "Sham", "Placebo"}
REGULAR = re.compile(r"\(\?P<\w+>|\{\w+\}|\\[a-z]|[()|?*+\[\]^$]")


def _entries(data: Path, name: str) -> list[dict[str, Any]]:
    path = data / f"vocabulary/{name}.yml"
    found: list[dict[str, Any]] = []
    if path.exists():
        found = yaml.safe_load(path.read_text("utf-8"))["entries"]
    return found


def _names(data: Path, *lists: str) -> set[str]:
    return {
        name
        for entries in lists
        for term in _entries(data, entries)
        for name in (term["name"], *term.get("printed", ()))
    }


def column_titles(data: Path) -> set[str]:
    """Return the printed titles of the columns of the source review's tables."""
    titles: set[str] = set()
    for table in sorted((data / "source").rglob("table*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            titles.update(next(csv.reader(file)))
    return titles


def author_phrases(data: Path) -> set[str]:
    """Return each run of three words or more that a pattern of the authors' phrases spells out.

    Left out is what the evidence tables call a status in the same words.
    """
    phrases = yaml.safe_load((data / "source/phrases.yml").read_text("utf-8"))
    patterns = [*phrases["parts"].values()]
    patterns += [entry["pattern"] for group in ("results", "notes") for entry in phrases[group]]
    runs = {" ".join(run.split()) for p in patterns for run in REGULAR.split(p)}
    spelt = {run for run in runs if re.fullmatch(r"[A-Za-z]{2,}( [A-Za-z]{2,}){2,}", run)}
    return spelt - {*get_args(EventStatus)}


def nerves(data: Path) -> set[str]:
    """Return the nerves in all spellings."""
    return _names(data, "nerves")


def subject(data: Path) -> set[str]:
    """Return the nerves, regions, comparators and names of the treatment, in all spellings."""
    regions = {term["region"] for term in _entries(data, "nerves")}
    return (_names(data, "nerves", "comparators") | regions) - OF_TRIALS


def own_words(data: Path) -> set[str]:
    """Return every word or run of words that a page of another review should not show."""
    lists = _names(data, "nerves", "comparators", "guidance", "events", "measures", "designs")
    return (lists | subject(data) | author_phrases(data)) - {"treatment"}


def naming(words: set[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of some words as whole words, short ones as spelt."""
    short = "|".join(re.escape(word) for word in sorted(words) if len(word) <= 3)
    long = "|".join(re.escape(word) for word in sorted(words) if len(word) > 3)
    return re.compile(rf"\b(?:{short or '(?!)'}|(?i:{long}))\b")
