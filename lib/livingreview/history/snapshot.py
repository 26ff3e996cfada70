"""What a version said: kept when it is cut, and compared with the next."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from livingreview.book import Chapter, chapters, words_of
from livingreview.data.versions import Snapshot
from livingreview.evidence.edition import distinct_studies
from livingreview.facts import UnknownFact
from livingreview.facts.used import all_facts
from livingreview.frames import is_stated
from livingreview.history.changes import Changes, changes
from livingreview.problems import InvalidData
from livingreview.review import Review, open_review
from livingreview.words import listed

# Columns that say where a value stands or follow from another: no news of their own.
NO_NEWS = ("row", "ref", "design_group", "from_primary")


def snapshot(review: Review, book: Path | str) -> dict[str, Any]:
    """Return what the review says now, as plain values.

    edition: its name; studies: per key the values of its row that are not missing, and its nerves;
    facts: per id the text; claims: per id the verdict; sentences: per page its lines of prose,
    numbers in place. ``book`` is the folder that holds the pages.
    """
    book = Path(book)
    return {
        "edition": review.name,
        "studies": _studies(review),
        "facts": {fact.id: fact.value.text for fact in all_facts(review, book)},
        # The claims are of the source review: they are held against its own studies.
        "claims": {str(row.id): str(row.verdict) for row in review.printed.audit.itertuples()},
        "sentences": {
            chapter.name.removesuffix(".md"): sentences(review.printed, chapter)
            for chapter in chapters(book)
        },
    }


def present_changes(review: Review, book: Path | str) -> Changes | None:
    """Return what changed from the preceding version's snapshot to the present state.

    None for a first version.
    """
    versions = review.source.versions
    if versions.preceding is None:
        return None
    old = versions.snapshots[versions.preceding.version]
    return changes(old, Snapshot.model_validate(snapshot(review.living, book)))


def as_json(content: dict[str, Any]) -> str:
    """Return a snapshot as text: sorted, one value a line, the same state the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _studies(review: Review) -> dict[str, dict[str, Any]]:
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


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return listed(value)
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def sentences(review: Review, chapter: Chapter) -> list[str]:
    """Return the lines of prose of a page as a reader sees them, facts in place; no cell is run."""

    def said(kind: str, text: str) -> str:
        if kind.startswith("glue"):
            return answered(review, text)
        if kind.startswith("cite"):
            return f"({text})"
        if kind == "mark":
            return "" if text == "**" else text
        return text if kind in ("code", "html") else words_of(text)

    return [" ".join(line.text.split()) for line in chapter.lines(said)]


def answered(review: Review, name: str) -> str:
    """Return the text of a fact; its name where there is none, which the check tells."""
    try:
        return review.fact(name).value.text
    except UnknownFact:
        return name


def main(arguments: list[str]) -> int:
    """Keep the present state under the given version; exit 1 with what is wrong with the data."""
    if len(arguments) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", arguments[0]):
        print("Say which version: python -m livingreview.history.snapshot 0.1.0", file=sys.stderr)
        return 2
    try:
        text = as_json(snapshot(open_review("data").living, Path()))
    except InvalidData as error:
        print(error, file=sys.stderr)
        return 1
    path = Path("data", "versions", f"{arguments[0]}.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"kept: {path.as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
