"""Intervals of proportions, and how responders read in a sentence."""

from __future__ import annotations

from functools import cache
from math import sqrt
from statistics import NormalDist
from typing import Any

import pandas as pd


@cache
def wilson(count: int, n: int) -> tuple[float, float]:
    """Return the 95% Wilson score interval of ``count`` of ``n`` as percentages.

    Wilson 1927, without continuity correction. By hand, as importing scipy takes longer than a
    page; the tests hold it against scipy.
    """
    z = NormalDist().inv_cdf(0.975)
    share = count / n
    middle = share + z**2 / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    # None and all of n have a limit at the end of the scale, which rounding may miss.
    return 100 * low if count else 0.0, 100 * high if count < n else 100.0


def responders_text(count: Any, n: Any, percent: float) -> str:
    """Return "27 of 39, 69%, 95% CI 53 to 82", or the percentage and why there is no more."""
    if pd.isna(n):
        return f"{percent:g}% (size of the arm not printed)"
    if pd.isna(count):
        return f"{percent:g}% of {n}"
    low, high = wilson(int(count), int(n))
    return f"{count} of {n}, {percent:g}%, 95% CI {low:.0f} to {high:.0f}"
