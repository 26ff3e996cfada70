"""Intervals of proportions, and how responders read in a sentence."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd


@cache
def wilson(count: int, n: int) -> tuple[float, float]:
    """Return the 95% Wilson score interval of ``count`` of ``n`` as percentages (Wilson 1927)."""
    from scipy.stats import binomtest  # scipy takes a while to import: only when it is needed

    interval = binomtest(count, n).proportion_ci(confidence_level=0.95, method="wilson")
    return 100 * interval.low, 100 * interval.high


def responders_text(count: Any, n: Any, percent: float) -> str:
    """Return "27 of 39, 69%, 95% CI 53 to 82", or the percentage and why there is no more."""
    if pd.isna(n):
        return f"{percent:g}% (size of the arm not printed)"
    if pd.isna(count):
        return f"{percent:g}% of {n}"
    low, high = wilson(int(count), int(n))
    return f"{count} of {n}, {percent:g}%, 95% CI {low:.0f} to {high:.0f}"
