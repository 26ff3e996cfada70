"""Facts on the audit itself, and on the rule in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livingreview.audit.claims import CONTRADICTED, DISPUTED, NOT_COMPUTABLE, REPRODUCED
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.review import Review


VERDICTS = {
    "reproduced": REPRODUCED,
    "contradicted": CONTRADICTED,
    "disputed": DISPUTED,
    "not computable": NOT_COMPUTABLE,
}


@fact("Checkable claims of the source review", edition="printed")
def claims(review: Review) -> Value:
    """Count the claims of the claims file."""
    return values.count(review.audit)


@fact("Claims whose computed verdict is: {verdict}", edition="printed")
def claims_with(review: Review, verdict: str) -> Value:
    """Count claims with a verdict: reproduced, contradicted, disputed, not computable."""
    if verdict not in VERDICTS:
        raise UnknownFact(f"verdict one of {', '.join(VERDICTS)}")
    rows = review.audit
    return values.share(rows[rows["verdict"] == VERDICTS[verdict]], rows, column=None)


@fact("Minimum follow-up of the long-term rule in force")
def rule_months(review: Review) -> Value:
    """Return months: the protocol's, or those that this run was given."""
    nothing = review.evidence.studies.iloc[:0]
    return values.number(review.rule.minimum_followup_months, nothing, "months")
