"""The downloads of a site: evidence tables, facts, claims and their dictionary."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from livingreview.facts import Fact
from livingreview.review import Review
from livingreview.show.lists import all_facts
from livingreview.tables import TABLES, dictionary

EDITION = "printed"


def write(review: Review, folder: Path) -> None:
    """Write ``<edition>/<table>.csv``, ``facts.json``, ``claims.csv`` and ``dictionary.csv``.

    Text is UTF-8, lines end with a line feed, blanks are empty; the same evidence gives the same
    bytes.
    """
    (folder / EDITION).mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        # The first column is the name by which facts refer to the row: "outcomes:12".
        frame = review.evidence.table(name).rename_axis("id").reset_index()
        _write_csv(frame, folder / EDITION / f"{name}.csv")
    _write_csv(review.audit, folder / "claims.csv")
    _write_csv(dictionary(), folder / "dictionary.csv")
    found = [as_json(fact) for fact in all_facts(review, review.source.folder.parent)]
    text = json.dumps({"edition": EDITION, "facts": found}, ensure_ascii=False, indent=1)
    (folder / "facts.json").write_text(text + "\n", encoding="utf-8")


def as_json(fact: Fact) -> dict[str, object]:
    """Return a fact as plain values: id, definition, value, denominator, text, studies, rows."""
    return {
        "id": fact.id,
        "definition": fact.definition,
        "value": fact.value.value,
        "of": fact.value.of,
        "text": fact.value.text,
        "studies": list(fact.studies),
        "rows": list(fact.value.rows),
        "denominator_rows": list(fact.value.base),
    }


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
