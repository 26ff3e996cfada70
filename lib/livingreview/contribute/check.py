"""Check data and prose: ``python -m livingreview.contribute.check`` prints one line per problem."""

from __future__ import annotations

import sys
from pathlib import Path

from livingreview.contribute.prose import check_prose
from livingreview.data.citation import out_of_step, read_citation
from livingreview.problems import InvalidData
from livingreview.review import Review, open_review


def check(data_dir: Path | str) -> Review:
    """Return the review after reading every file and asking every claim; the citation is current.

    Raises ``InvalidData`` with all problems.
    """
    review = open_review(data_dir)
    _ = review.audit
    book = review.source.folder.parent
    if problems := out_of_step(read_citation(book), review.source.versions.present):
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


def main() -> int:
    """Check the data and the prose of the folder in which the command runs."""
    try:
        review = check_book(Path())
    except InvalidData as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problem(s) in data and prose", file=sys.stderr)
        return 1
    rows, claims = len(review.studies), len(review.audit)
    print(f"data: {rows} printed rows and {claims} claims, no problem")
    return 0


if __name__ == "__main__":
    sys.exit(main())
