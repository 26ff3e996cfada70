"""Facts on the audit itself, and on the rule in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livingreview.audit.claims import CONTRADICTED, DISPUTED, NOT_COMPUTABLE, REPRODUCED, audit
from livingreview.facts import values
from livingreview.facts.registry import UnknownFact, fact
from livingreview.facts.values import Value

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


VERDICTS = {
    "reproduced": REPRODUCED,
    "contradicted": CONTRADICTED,
    "disputed": DISPUTED,
    "not computable": NOT_COMPUTABLE,
}


@fact("Checkable claims of the source review", edition="printed")
def claims(edition: Edition) -> Value:
    """Count the claims of the claims file."""
    return values.count(audit(edition))


@fact("Claims whose computed verdict is: {verdict}", edition="printed")
def claims_with(edition: Edition, verdict: str) -> Value:
    """Count claims with a verdict: reproduced, contradicted, disputed, not computable."""
    if verdict not in VERDICTS:
        raise UnknownFact(f"verdict one of {', '.join(VERDICTS)}")
    rows = audit(edition)
    return values.share(rows[rows["verdict"] == VERDICTS[verdict]], rows, column=None)


@fact("Minimum follow-up of the long-term rule in force")
def rule_months(edition: Edition) -> Value:
    """Return months: the protocol's, or those that this run was given."""
    nothing = edition.studies.iloc[:0]
    return values.number(edition.rule.minimum_followup_months, nothing, "months")
