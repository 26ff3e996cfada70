"""Shares, differences and ratios: their intervals, their tests, and how responders read.

Shares and differences of shares are in percent and percentage points, ratios are ratios.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any, Literal

import pandas as pd

from livingreview.reading.results import whole_counts

# scipy takes a while to import: each function that needs it imports it, and the interval that
# every page shows needs none of it.
NORMAL = NormalDist()

Scale = Literal["points", "ratio"]


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval; ``corrected`` says that 0.5 was added to each cell."""

    estimate: float
    low: float
    high: float
    corrected: bool = False


@dataclass(frozen=True)
class SignTest:
    """How many results point either way, how many were left out, and the exact two-sided p."""

    favour: int
    against: int
    left_out: int
    p: float


@cache
def wilson(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of ``count`` of ``n`` as percentages (Wilson 1927)."""
    z2 = _quantile(level) ** 2
    middle = count + z2 / 2
    half = math.sqrt(z2 * (count * (n - count) / n + z2 / 4))
    low = middle - half if count else 0
    high = middle + half if count < n else n + z2
    return 100 * low / (n + z2), 100 * high / (n + z2)


def exact_interval(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of ``count`` of ``n`` as percentages (Clopper & Pearson 1934)."""
    from scipy.stats import binomtest

    interval = binomtest(count, n).proportion_ci(confidence_level=level, method="exact")
    return 100 * interval.low, 100 * interval.high


def upper_bound(count: int, n: int, level: float = 0.95) -> float:
    """Return the exact one-sided upper bound of ``count`` of ``n`` in percent.

    With no event it is 100 (1 - (1 - level)^(1/n)).
    """
    from scipy.stats import binomtest

    found = binomtest(count, n, alternative="less").proportion_ci(level, method="exact")
    return 100 * float(found.high)


def rule_of_three(n: int) -> float:
    """Return 300/n, near the upper bound in percent where no event happened.

    Source: Hanley & Lippman-Hand, JAMA 1983;249:1743. To be shown beside the exact bound only.
    """
    return 300 / n


def risk_difference(a: int, n1: int, c: int, n2: int, level: float = 0.95) -> Interval:
    """Return a/n1 - c/n2 in percentage points, from two score intervals.

    Source: Newcombe, Statistics in Medicine 1998;17:873, method 10.
    """
    p1, p2 = 100 * a / n1, 100 * c / n2
    (l1, u1), (l2, u2) = wilson(a, n1, level), wilson(c, n2, level)
    low = p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    return Interval(p1 - p2, low, p1 - p2 + math.hypot(u1 - p1, p2 - l2))


def risk_ratio(a: int, n1: int, c: int, n2: int, level: float = 0.95) -> Interval:
    """Return (a/n1) / (c/n2) with the interval of its log (Katz et al., Biometrics 1978;34:469).

    Where a cell of the two by two table is 0, 0.5 is added to each, and ``corrected`` says so.
    """
    more = 0.5 if 0 in (a, c, n1 - a, n2 - c) else 0.0
    x1, x2, m1, m2 = a + more, c + more, n1 + 2 * more, n2 + 2 * more
    log = math.log(x1 / m1) - math.log(x2 / m2)
    half = _quantile(level) * math.sqrt(1 / x1 - 1 / m1 + 1 / x2 - 1 / m2)
    return Interval(math.exp(log), math.exp(log - half), math.exp(log + half), bool(more))


def _quantile(level: float, df: float | None = None) -> float:
    upper = (1 + level) / 2
    if df is None:
        return NORMAL.inv_cdf(upper)
    from scipy.stats import t

    return float(t.ppf(upper, df))


def standard_error(
    low: float, high: float, scale: Scale, level: float = 0.95, df: float | None = None
) -> float:
    """Return the standard error that an interval tells, of the log for a ratio.

    ``df`` are the degrees of freedom of an interval that was made by t; None: by the normal.
    """
    if scale == "ratio":
        low, high = math.log(low), math.log(high)
    return (high - low) / (2 * _quantile(level, df))


def p_of_interval(estimate: float, low: float, high: float, scale: Scale) -> float:
    """Return the two-sided p value that an estimate and its 95% interval tell."""
    effect = math.log(estimate) if scale == "ratio" else estimate
    z = abs(effect) / standard_error(low, high, scale)
    return math.erfc(z / math.sqrt(2))  # twice the upper tail of the normal


def p_disagrees(p: float, from_interval: float) -> bool:
    """Return whether a printed p is more than twice or less than half of its interval's.

    Below 0.001 both say the same to a reader.
    """
    return min(p, from_interval) > 0.001 and abs(math.log(p / from_interval)) > math.log(2)


def sign_test(signs: Sequence[str]) -> SignTest:
    """Return the exact test that signs ``+`` and ``-`` are equally likely; others are left out."""
    from scipy.stats import binomtest

    favour, against = signs.count("+"), signs.count("-")
    decided = favour + against
    p = float(binomtest(favour, decided).pvalue) if decided else math.nan
    return SignTest(favour, against, len(signs) - decided, p)


def combined_p(p_one_sided: Sequence[float]) -> tuple[float, float]:
    """Return the p values of Fisher's and of Stouffer's combination of one-sided p values."""
    from scipy.stats import combine_pvalues

    values = [combine_pvalues(p_one_sided, method=name).pvalue for name in ("fisher", "stouffer")]
    return float(values[0]), float(values[1])


def counts_that_fit(percent: float, most: int, least: int = 1) -> list[tuple[int, int]]:
    """Return each count and number of patients, ``least`` to ``most``, that print as ``percent``.

    The percentage is taken as printed: its decimals say how finely it was rounded.
    """
    return [(x, n) for n in range(least, most + 1) for x in whole_counts(percent, n)]


def responders_text(count: Any, n: Any, percent: float) -> str:
    """Return "27 of 39, 69%, 95% CI 53 to 82", or the percentage and why there is no more."""
    if pd.isna(n):
        return f"{percent:g}% (size of the arm not printed)"
    if pd.isna(count):
        return f"{percent:g}% of {n}"
    low, high = wilson(int(count), int(n))
    return f"{count} of {n}, {percent:g}%, 95% CI {low:.0f} to {high:.0f}"
