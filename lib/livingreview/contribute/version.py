"""Cut a version: ``make version NUMBER=0.3.0 DATE=2026-12-01``.

A version is its entry in ``data/versions.yml``, the file of what it said, the citation, and a
head in the changelog. What an earlier version said is never written again.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from livingreview.book import chapters
from livingreview.data.versions import Version, digest_of, load_versions
from livingreview.history.changes import Changes
from livingreview.history.snapshot import as_json, changes_of_evidence, snapshot
from livingreview.problems import InvalidData, Problem, quoted
from livingreview.review import open_review
from livingreview.words import joined

EXAMPLE = "make version NUMBER=0.3.0 DATE=2026-12-01"
NO_SEARCH = "No new search was run."


def refusal(number: str, day: str, newest: Version, kept: bool) -> str | None:
    """Return why no such version can be cut after the newest one; None where it can.

    ``kept``: whether it is already written what the newest version said.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", number):
        return f"NUMBER: found {quoted(number)}; allowed: three numbers, as in {EXAMPLE}"
    try:
        given = dt.date.fromisoformat(day)
    except ValueError:
        return f"DATE: found {quoted(day)}; allowed: a day, as in {EXAMPLE}"
    order = tuple(map(int, number.split(".")))
    if number == newest.version and kept:
        return (
            f"{number} is cut: what it said is in data/versions/{number}.json and is not written "
            "again. As long as it is not published, remove that file and cut it anew"
        )
    if number == newest.version and given != newest.date:
        return f"DATE: found {day}; allowed: {newest.date}, as data/versions.yml says of {number}"
    if order < newest.order:
        return f"NUMBER: found {number}; allowed: a number above {newest.version}, the newest"
    if number != newest.version and not kept:
        first = f"make version NUMBER={newest.version} DATE={newest.date}"
        return f"{newest.version} is not cut yet: {first}"
    if given < newest.date:
        return f"DATE: found {day}; allowed: {newest.date} or later, the date of {newest.version}"
    return None


def summary(found: Changes) -> str:
    """Return in a sentence what changed in the evidence."""
    parts = []
    for keys, done in ((found.studies_added, "added"), (found.studies_removed, "taken out")):
        if keys:
            count = "1 study is" if len(keys) == 1 else f"{len(keys)} studies are"
            parts.append(f"{count} {done} ({joined(keys)})")
    if found.values:
        studies = sorted({change.what for change in found.values})
        count = "1 value" if len(found.values) == 1 else f"{len(found.values)} values"
        parts.append(f"{count} of {joined(studies)} changed")
    return f"{'; '.join(parts) or 'The evidence is as before'}."


def entry(newest: Version, number: str, day: str, **values: Any) -> str:
    """Return the lines of a version for ``data/versions.yml``; plans stay those of the newest."""
    made = newest.model_dump(exclude={"kept"}) | {"search": NO_SEARCH}
    made |= {"version": number, "date": dt.date.fromisoformat(day)} | values
    return yaml.safe_dump([made], sort_keys=False, allow_unicode=True, width=96)


def with_citation(text: str, number: str, day: str) -> str:
    """Return ``CITATION.cff`` with the version and its date."""
    text = re.sub(r"(?m)^version: .*$", f"version: {number}", text)
    return re.sub(r"(?m)^date-released: .*$", f"date-released: {day}", text)


def with_head(text: str, number: str, changed: str) -> str:
    """Return the changelog with a head for the version, which takes what was unreleased."""
    title, _, rest = text.partition("\n\n")
    new = f"{title}\n\n## {number}\n\n- {changed}\n\n"
    unreleased = "## Unreleased\n\n"
    return new + (rest.removeprefix(unreleased) if rest.startswith(unreleased) else rest)


def cut(book: Path, number: str, day: str, why: str = "") -> str:
    """Write a version of the review in a folder; return what it changed, in a sentence.

    Raises ``InvalidData`` for bad data and ``ValueError`` for a version that cannot be cut;
    every file is then as it was.
    """
    listed = book / "data" / "versions.yml"
    changelog, citation = book / "CHANGELOG.md", book / "CITATION.cff"
    before = {p: p.read_text("utf-8") for p in (listed, citation, changelog) if p.is_file()}
    problems: list[Problem] = []
    versions = load_versions(listed, problems)
    if problems:
        raise InvalidData(problems)
    newest = versions.present
    if said := refusal(number, day, newest, newest.version in versions.snapshots):
        raise ValueError(said)
    try:
        text, changed = before[listed], newest.summary
        if number != newest.version:
            # What was read after the newest version is bad data until the new one is there.
            listed.write_text(f"{text.rstrip()}\n\n{entry(newest, number, day)}", "utf-8")
            review = open_review(book / "data")
            changed = summary(changes_of_evidence(review, newest.version))
            read = [file.read_on for file in review.source.studies.values() if file.read_on]
            new: dict[str, Any] = {"triggered_by": why or changed, "summary": changed}
            new["integrated_through"] = max(read, default=newest.integrated_through)
            text = f"{text.rstrip()}\n\n{entry(newest, number, day, **new)}"
            listed.write_text(text, "utf-8")
            citation.write_text(with_citation(before[citation], number, day), "utf-8")
            if changelog in before:
                changelog.write_text(with_head(before[changelog], number, changed), "utf-8")
        said = as_json(snapshot(open_review(book / "data").living, chapters(book)))
    except BaseException:
        for path, content in before.items():
            path.write_text(content, "utf-8")
        raise
    path = book / "data" / "versions" / f"{number}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(said, "utf-8")
    text = re.sub(r"\n  kept: .*\s*\Z", "", text)
    listed.write_text(f"{text.rstrip()}\n  kept: {digest_of(path)}\n", "utf-8")
    return changed


def main(arguments: list[str]) -> int:
    """Cut a version of the project in the present folder."""
    number, day, why = ([*arguments, "", "", ""])[:3]
    try:
        changed = cut(Path(), number, day, why)
    except (InvalidData, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"Cut {number}: {changed}\n"
        "Read its entry at the end of data/versions.yml: what it says of a search, and why it is.\n"
        f"Its head stands in CHANGELOG.md; data/versions/{number}.json holds what it says.\n"
        "Next: make check, make book."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
