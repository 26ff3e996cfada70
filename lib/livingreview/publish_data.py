"""The downloads of a site: evidence tables, facts, claims, their dictionary, and the feed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from livingreview import feed
from livingreview.facts import Fact
from livingreview.frames import dictionary
from livingreview.review import Review
from livingreview.show.lists import all_facts, in_living
from livingreview.study_file import json_schema
from livingreview.tables import TABLES


def write(review: Review, folder: Path) -> None:
    """Write the tables of both editions, facts, claims, disagreements, dictionary and schema.

    Text is UTF-8, lines end with a line feed, blanks are empty; the same evidence gives the same
    bytes. The feed goes beside the folder.
    """
    for edition in (review.printed, review.living):
        _write_tables(edition, folder / edition.edition)
    _write_csv(review.audit, folder / "claims.csv")
    _write_csv(review.disagreements, folder / "disagreements.csv")
    _write_csv(dictionary(), folder / "dictionary.csv")
    found = all_facts(review, review.source.folder.parent)
    everything = [*found, *in_living(review, found).values()]
    _write_json({"facts": [as_json(fact) for fact in everything]}, folder / "facts.json")
    _write_json(json_schema(), folder / "study.schema.json")
    feed.write(review, folder.parent)


def as_json(fact: Fact) -> dict[str, object]:
    """Return a fact as plain values: id, edition, definition, value, denominator, rows."""
    return {
        "id": fact.id,
        "edition": fact.edition,
        "definition": fact.definition,
        "value": fact.value.value,
        "of": fact.value.of,
        "text": fact.value.text,
        "studies": list(fact.studies),
        "rows": list(fact.value.rows),
        "denominator_rows": list(fact.value.base),
    }


def _write_tables(review: Review, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        # The first column is the name by which facts refer to the row: "outcomes:12".
        frame = review.evidence.table(name).rename_axis("id").reset_index()
        if not frame.empty:  # the printed edition holds no reports
            _write_csv(frame, folder / f"{name}.csv")


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _write_json(content: object, path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
