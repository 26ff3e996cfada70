"""What the cells do that a chapter is given when it is read: publish facts, guard words."""

from __future__ import annotations

import os

from livingreview.review import Review

REPORT_ONLY = "report"


GUARD_MODE = "LIVING_REVIEW_GUARDS"


class GuardFailed(AssertionError):
    """Words of a chapter that the evidence no longer bears."""


def publish(review: Review, *names: str) -> None:
    """Make facts available to the prose of this chapter as ``{glue}`name```.

    Raises ``UnknownFact`` for a name that no fact has.
    """
    from myst_nb import glue

    for name in names:
        glue(name, review.fact(name), display=False)


def guard(words: str, condition: object) -> None:
    """Stop the build when the evidence makes words of a page false.

    With the environment variable ``LIVING_REVIEW_GUARDS`` set to ``report``, as in runs with other
    thresholds or altered data, the words are only printed.
    """
    if condition:
        return
    message = f"The evidence no longer bears these words: {words}"
    if os.environ.get(GUARD_MODE) == REPORT_ONLY:
        print(message)
    else:
        raise GuardFailed(message)
