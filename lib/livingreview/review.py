"""A review opened for asking: its editions, and their facts by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from livingreview import facts
from livingreview.audit.claims import audit
from livingreview.data.protocol import EDITIONS, LongTermRule
from livingreview.data.source import fingerprint, load_source
from livingreview.evidence.edition import LIVING, PRINTED, Edition
from livingreview.evidence.printed import build_printed
from livingreview.problems import InvalidData, problems_of

__all__ = ["EDITIONS", "LIVING", "PRINTED", "Review", "open_review", "rule_with"]


@dataclass(frozen=True, eq=False)
class Review(Edition):
    """One edition of a review that answers facts by their names."""

    @cached_property
    def audit(self) -> pd.DataFrame:
        """The verdict on each claim of the printing; see ``audit.claims.audit``."""
        return audit(self.of_print)

    def fact(self, name: str) -> facts.Fact:
        """Return a fact by its id; asked once, then remembered."""
        return facts.answer(self, name)

    def value(self, name: str) -> Any:
        """Return the plain value of a fact, for the condition of a guard.

        A number that is not settled is a ``Range``: the condition must hold for all of it.
        """
        found = self.fact(name).value
        return found.range if found.most is not None or found.of == 0 else found.value

    def most(self, name: str) -> bool:
        """Return whether a share is more than half of its denominator, whatever is undecided."""
        found = self.fact(name).value
        return bool(found.of and 2 * found.value > found.of)


def open_review(
    data_dir: Path | str | None = None,
    minimum_followup_months: float | None = None,
    relief_threshold_percent: float | None = None,
    edition: str = PRINTED,
) -> Review:
    """Return an edition of the review whose data lie in ``data_dir``.

    None is for a page of a book: the data beside the page, or beside the folder of the page.
    ``minimum_followup_months`` (months) and ``relief_threshold_percent`` replace the limits of the
    protocol's long-term rule; None keeps them. Raises ``InvalidData`` for bad data or limits.
    """
    if data_dir is None:
        data_dir = next(filter(Path.is_dir, (Path("data"), Path("..", "data"))), "data")
    folder = Path(data_dir).resolve()
    changed = {
        "minimum_followup_months": minimum_followup_months,
        "relief_threshold_percent": relief_threshold_percent,
    }
    given = tuple((name, value) for name, value in changed.items() if value is not None)
    return _opened(folder, fingerprint(folder), given).in_edition(edition)


@lru_cache(maxsize=2)
def _opened(folder: Path, fingerprint: str, given: tuple[tuple[str, float], ...]) -> Review:
    """Return the review of some files; opened again, it has what it answered before."""
    source = load_source(folder)
    rule = rule_with(source.protocol.long_term_rule, dict(given))
    return Review(**build_printed(source).tables(), source=source, rule=rule)


def rule_with(rule: LongTermRule, given: dict[str, float]) -> LongTermRule:
    """Return the rule with some limits replaced; out of bounds they raise ``InvalidData``."""
    from pydantic import ValidationError

    try:
        return LongTermRule.model_validate(rule.model_dump() | given)
    except ValidationError as error:
        raise InvalidData(problems_of(error, "parameters")) from None
