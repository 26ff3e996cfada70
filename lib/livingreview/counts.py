"""Complete printed results: denominators, counts from percentages, thresholds of a second arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from livingreview.classify.finding import CONTROL, TREATMENT, Finding


def whole_counts(percent: float, evaluated: int) -> tuple[int, ...]:
    """Return each count of patients that rounds to the printed percentage.

    Empty if no whole number of patients gives it, several if more than one does. Half a unit of
    the last printed decimal is allowed.
    """
    text = f"{percent:g}"
    decimals = len(text.partition(".")[2])
    tolerance = 0.5 * 10**-decimals + 1e-9
    return tuple(
        count
        for count in range(evaluated + 1)
        if abs(100 * count / evaluated - percent) <= tolerance
    )


def complete_outcomes(
    found: list[tuple[Finding, str]], comparators: tuple[str, ...], patients: int
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the columns of each result of one study, with the column that it was read from.

    In a study without comparator, responders are of all its patients unless another denominator
    is printed; a percentage then gives a count when exactly one whole number fits. Arms of a
    comparative study have no printed size, so their percentages stay without a count.
    """
    for finding, column in found:
        finding = _named_contrast(finding, comparators)
        finding, derived = _with_threshold(finding, [other for other, _ in found])
        if finding.kind == "responder" and finding.status == "reported" and not comparators:
            finding, more = _with_counts(finding, patients)
            derived += more
        yield asdict(finding) | {"derived": "; ".join(derived) or None}, column


def _named_contrast(finding: Finding, comparators: tuple[str, ...]) -> Finding:
    arm = f"{TREATMENT} vs {CONTROL}"
    if finding.arm == arm and comparators:
        return replace(finding, arm=f"{TREATMENT} vs {' and '.join(comparators)}")
    return finding


def _with_threshold(finding: Finding, others: list[Finding]) -> tuple[Finding, list[str]]:
    """Give responders of a control arm the threshold that the treated arm's result prints."""
    same = [
        other
        for other in others
        if other.kind == "responder" and other.threshold_rule and other.arm == TREATMENT
    ]
    if finding.kind != "responder" or finding.threshold_rule or finding.arm == TREATMENT:
        return finding, []
    if len(same) != 1:
        return finding, []
    names = ("measure", "threshold_percent", "threshold_points", "threshold_rule")
    return replace(finding, **{name: getattr(same[0], name) for name in names}), list(names[:2])


def _with_counts(finding: Finding, patients: int) -> tuple[Finding, list[str]]:
    derived = [] if finding.evaluated is not None else ["evaluated"]
    evaluated = patients if finding.evaluated is None else finding.evaluated
    responders, percent = finding.responders, finding.percent
    if responders is not None and not 0 < evaluated >= responders:
        return replace(finding, evaluated=evaluated), derived  # the table's declaration refuses it
    if responders is not None and percent is None:
        percent = round(100 * responders / evaluated, 1)
        derived.append("percent")
    elif percent is not None and responders is None:
        fits = whole_counts(percent, evaluated)
        if len(fits) == 1:
            responders = fits[0]
            derived.append("responders")
    return replace(finding, evaluated=evaluated, responders=responders, percent=percent), derived
