"""Pairs of studies of one question that may share patients, until a person says whether they do."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.derived import Overlap
from livingreview.evidence.edition import distinct_studies
from livingreview.frames import frame_of
from livingreview.words import known

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition

SAME, DIFFERENT, OPEN = "same patients", "different patients", "not judged"
NO_NAME = "others"
SAME_AUTHOR = "the same first author"
SHARED_AUTHORS = "two or more authors of both"
ALIKE = "the same nerves and guidance, within {years} years, with {least} patients or more each"


@lru_cache(maxsize=16)
def overlaps(edition: Edition) -> pd.DataFrame:
    """Return one row per pair of studies that may share patients; see ``derived.Overlap``.

    A pair shares its first author, or two named authors, or nerves and guidance within some years
    and with some patients each (``overlap_years``, ``overlap_least_patients`` of the protocol); or
    one of their files says ``overlaps_with``.
    """
    studies = distinct_studies(edition.studies).set_index("key", drop=False)
    rows = []
    for question in edition.source.questions:
        keys = [key for key in question.studies if key in studies.index]
        apart = {frozenset(pair.studies): pair.because for pair in question.different_patients}
        for one, other in combinations(keys, 2):
            stated = _stated(edition, one, other)
            reason = stated or _reason(edition, studies.loc[one], studies.loc[other])
            if reason is None:
                continue
            pair = frozenset((one, other))
            rows.append(
                Overlap(
                    key=one,
                    other=other,
                    question=question.id,
                    reason=reason,
                    judged=SAME if stated else DIFFERENT if pair in apart else OPEN,
                    judged_because=stated or apart.get(pair),
                )
            )
    return frame_of("overlaps", rows)


def _stated(edition: Edition, one: str, other: str) -> str | None:
    """Return why a study's file takes patients for the same as another's."""
    for key, wanted in ((one, other), (other, one)):
        file = edition.source.studies.get(key)
        for overlap in file.overlaps_with if file else ():
            if overlap.key == wanted:
                return str(overlap.reason)
    return None


def _reason(edition: Edition, one: Any, other: Any) -> str | None:
    """Return why two studies may share patients, or None."""
    authors = [_authors(edition, row["key"]) for row in (one, other)]
    if authors[0] and authors[1] and authors[0][0] == authors[1][0]:
        return SAME_AUTHOR
    if len(set(authors[0]) & set(authors[1])) > 1:
        return SHARED_AUTHORS
    rule = edition.source.protocol.synthesis
    years = known(one["year"]), known(other["year"])
    near = None not in years and abs(years[0] - years[1]) <= rule.overlap_years
    sizes = known(one["patients"]), known(other["patients"])
    large = all(size is not None and size >= rule.overlap_least_patients for size in sizes)
    guided = one["guidance"] == other["guidance"]
    if near and large and guided and _nerves(edition, one) == _nerves(edition, other):
        return ALIKE.format(years=rule.overlap_years, least=rule.overlap_least_patients)
    return None


def _authors(edition: Edition, key: str) -> list[str]:
    names = edition.source.references[key].surnames
    return [name.casefold() for name in names if name.casefold() != NO_NAME]


def _nerves(edition: Edition, study: Any) -> set[str]:
    targets = edition.targets
    return set(targets.loc[targets["row"] == study["row"], "nerve"])
