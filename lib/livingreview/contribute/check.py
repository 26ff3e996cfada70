"""Check data and prose: ``python -m livingreview.contribute.check`` prints one line per problem."""

from __future__ import annotations

import sys
from pathlib import Path

from livingreview.audit.judgements import differing
from livingreview.contribute.prose import check_prose
from livingreview.data.citation import out_of_step, read_citation
from livingreview.data.questions import without_a_question
from livingreview.evidence.flow import flow
from livingreview.history.snapshot import changes_of_evidence
from livingreview.problems import InvalidData, Problem
from livingreview.review import Review, open_review

MOST_NAMED = 3  # changes that a message names


def check(data_dir: Path | str) -> Review:
    """Return the review after reading every file and asking every claim.

    The citation is current, the flow of studies balances, each study has its question, and what
    readers judged of the claims is what was computed.
    Raises ``InvalidData`` with all problems.
    """
    review = open_review(data_dir)
    _ = review.audit, flow(review)
    source = review.source
    placed = without_a_question(
        source.questions, review.living.studies["key"], source.file("questions.yml")
    )
    problems = [*differing(review), *placed]
    book = review.source.folder.parent
    if problems := [*problems, *out_of_step(read_citation(book), review.source.versions.present)]:
        raise InvalidData(problems)
    return review


def check_book(book: Path) -> Review:
    """Return the review of a book whose data and prose are right.

    Raises ``InvalidData`` with all problems of the data, or else of the prose.
    """
    review = check(book / "data")
    if problems := check_prose(review, book):
        raise InvalidData(problems)
    return review


def without_version(review: Review) -> list[Problem]:
    """Return a problem where the evidence is another than the newest version kept."""
    newest = review.source.versions.present.version
    if newest not in review.source.versions.snapshots:
        return []  # it is open: nothing of it was kept
    found = changes_of_evidence(review, newest)
    said = [f"{key} added" for key in found.studies_added]
    said += [f"{key} removed" for key in found.studies_removed]
    said += [f"{c.what}: {c.part}: {c.before} to {c.after}" for c in found.values]
    if not said:
        return []
    more = f" and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
    return [
        Problem(
            review.source.file("versions.yml"),
            None,
            None,
            f"evidence that {newest} did not have: {'; '.join(said[:MOST_NAMED])}{more}",
            "a new version: make version NUMBER=... DATE=..., the day of your reading",
        )
    ]


def main() -> int:
    """Check the data and the prose of the folder in which the command runs."""
    try:
        review = check_book(Path())
        if problems := without_version(review):  # a build may be looked at before it has one
            raise InvalidData(problems)
    except InvalidData as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problem(s) in data and prose", file=sys.stderr)
        return 1
    rows, claims, files = len(review.studies), len(review.audit), len(review.source.studies)
    print(f"data: {rows} printed rows, {files} study files and {claims} claims, no problem")
    return 0


if __name__ == "__main__":
    sys.exit(main())
