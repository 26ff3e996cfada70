"""Counts behind a percentage, and their intervals."""

import pandas as pd
import pytest

from livingreview.reading.results import whole_counts
from livingreview.synthesis.intervals import (
    counts_that_fit,
    p_disagrees,
    responders_text,
    wilson,
)


@pytest.mark.parametrize(
    ("percent", "evaluated", "counts"),
    [
        (50, 10, (5,)),
        (69, 39, (27,)),
        (63, 14, ()),  # 8 is 57%, 9 is 64%
        (64, 279, (178, 179)),
        (0, 5, (0,)),
        (100, 5, (5,)),
        (61.5, 13, (8,)),
        (61.4, 13, ()),  # with a decimal the rounding is finer
        (33, 3, (1,)),
        (33.3, 3, (1,)),
        (12.5, 8, (1,)),
        (12, 8, (1,)),  # 12.5% may have been rounded down
        (13, 8, (1,)),  # or up
    ],
)
def test_whole_numbers_that_round_to_a_percentage(percent, evaluated, counts):
    """All counts that give the printed percentage, none if no count does."""
    assert whole_counts(percent, evaluated) == counts


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    # Published values of the Wilson interval: Newcombe, Statistics in Medicine 1998;17:857, Table I
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_wilson_interval_against_published_values(count, n, low, high):
    """The interval agrees with the values that its best-known comparison prints."""
    assert wilson(count, n) == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01))


def test_how_responders_read():
    """A share shows its counts and interval, or says why it has none."""
    assert responders_text(27, 39, 69) == "27 of 39, 69%, 95% CI 54 to 81"
    assert responders_text(pd.NA, 14, 63) == "63% of 14"
    alone = responders_text(pd.NA, pd.NA, 87.5)
    assert alone.startswith("87.5%")
    assert "not printed" in alone


def test_numbers_of_patients_behind_a_percentage():
    """Every count and size of arm that prints as the percentage, from the least to the most."""
    assert counts_that_fit(12.5, 16) == [(1, 8), (2, 16)]
    assert counts_that_fit(87.5, 121, 61)[0] == (56, 64)
    assert counts_that_fit(61.2, 59, 30) == [(30, 49)]
    assert counts_that_fit(13.8, 24) == []
    assert counts_that_fit(13.8, 29) == [(4, 29)]


@pytest.mark.parametrize(
    ("p", "of_interval", "disagrees"),
    [
        (0.04, 0.03, False),
        (0.04, 0.021, False),
        (0.04, 0.0199, True),
        (0.04, 0.09, True),
        (0.0005, 0.2, False),
        (0.2, 0.0005, False),
    ],
)
def test_a_printed_p_that_its_interval_contradicts(p, of_interval, disagrees):
    """More than twice or less than half is a contradiction; tiny values are not compared."""
    assert p_disagrees(p, of_interval) == disagrees
