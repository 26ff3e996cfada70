"""Contrasts: turned once, so that positive is better."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from livingreview.synthesis.contrasts import contrasts, oriented, window_of


def result(**values):
    """Return a result with an interval, changed as a test asks."""
    row = {"scale": "points", "better": "lower", "estimate": -1.5, "ci_low": -2.5, "ci_high": -0.5}
    return pd.Series(row | values)


@pytest.mark.parametrize(
    ("change", "numbers", "sign", "excludes"),
    [
        ({}, (0.5, 1.5, 2.5), "+", "yes"),
        ({"better": "higher"}, (-2.5, -1.5, -0.5), "-", "yes"),
        ({"better": "not stated"}, (None, None, None), "unknown", "yes"),
        ({"better": None}, (None, None, None), "unknown", "yes"),
        ({"estimate": 0.0, "ci_high": 2.5}, (-2.5, 0.0, 2.5), "0", "no"),
        ({"estimate": None}, (0.5, None, 2.5), "unknown", "yes"),
        ({"ci_low": None, "ci_high": None}, (None, 1.5, None), "+", "not stated"),
        ({"scale": None}, (None, None, None), "unknown", "not stated"),
        ({"ci_low": -2.5, "ci_high": 0.0}, (0.0, 1.5, 2.5), "+", "no"),
    ],
)
def test_orientation(change, numbers, sign, excludes):
    """Positive favours the treatment; what is not stated stays blank and is no sign."""
    found = oriented(result(**change))
    named = tuple(found[name] for name in ("oriented_low", "oriented", "oriented_high"))
    assert named == numbers
    assert (found["sign"], found["excludes_none"]) == (sign, excludes)


def test_ratios_are_logs():
    """No effect is a ratio of 1, which is 0 as a log; the p is the one of the interval."""
    found = oriented(
        result(scale="risk ratio", better="higher", estimate=2.0, ci_low=0.5, ci_high=8.0)
    )
    assert found["oriented"] == pytest.approx(math.log(2))
    assert found["oriented_low"] == pytest.approx(-found["oriented_high"] + 2 * math.log(2))
    assert found["excludes_none"] == "no"
    assert found["p_from_interval"] == pytest.approx(0.327, abs=0.001)


def test_every_contrast_of_the_review_has_a_row(review):
    """The results that compare the treatment are there, whole ones decide, each has a question."""
    living = review.living
    found = contrasts(living)
    assert set(found.index) <= set(living.outcomes.index)
    assert set(found["sign"]) <= {"+", "-", "0", "unknown"}
    assert found["question"].notna().all()
    stated = living.outcomes.loc[found.index[~found["computed"]]]
    found = found[~found["computed"]]
    blank = stated[["estimate", "scale"]].isna().any(axis=1)
    blank |= ~stated["better"].isin(["higher", "lower"])
    assert (found["sign"][blank] == "unknown").all()
    assert (found["sign"][~blank] != "unknown").all()
    assert found[found["decides"]]["part"].isna().all()
    read = living.studies.set_index("key")["read_as"]
    unfound = (found["read_as"] == "review table") & (found["key"].map(read) == "full text")
    assert not found[unfound]["decides"].any()
    whole = found[found["part"].isna() & ~unfound]
    assert set(whole["key"]) == set(found[found["decides"]]["key"])


def test_the_primary_endpoint_decides(review):
    """Where a primary endpoint is marked it alone decides; unmarked, all of the study do."""
    living = review.living
    before = contrasts(living)
    marked = before[before["primary_endpoint"].fillna(False).astype(bool) & before["decides"]]
    key = marked["key"].iloc[0]
    assert set(before[before["decides"] & (before["key"] == key)].index) <= set(marked.index)
    outcomes = living.outcomes.copy()
    outcomes.loc[outcomes["key"] == key, "primary_endpoint"] = pd.NA
    after = contrasts(replace(living, outcomes=outcomes))
    own = after[(after["key"] == key) & after["part"].isna()]
    assert own["decides"].all()
    assert len(own) > (before["decides"] & (before["key"] == key)).sum()


def test_counted_arms_are_compared_where_nothing_is_reported(review):
    """27 of 39 against 12 of 44 are 42.0 points, 20.6 to 58.3, by Newcombe's interval."""
    found = contrasts(review.living)
    own = found[found["computed"] & (found["key"] == "das-2023")].set_index("months")
    numbers = {
        1.0: (22.4, 7.6, 37.0),
        3.0: (52.3, 35.4, 66.2),
        6.0: (42.0, 20.6, 58.3),
    }
    for months, expected in numbers.items():
        row = own.loc[months]
        assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx(expected, abs=0.06)
        assert (row["scale"], row["reported"]) == ("percentage points", "favours treatment")


def test_arms_are_compared_pair_by_pair(review):
    """Beside a contrast with one comparator another is compared by counts: 10 of 40 and 8 of 40."""
    # What the source review alone prints of a study that was read whole is no contrast of its own.
    found = contrasts(review.living)
    own = found[found["computed"] & (found["key"] == "truong-2024")]
    assert set(own["comparator"]) == {"radiofrequency"}
    assert dict(zip(own["months"], own["estimate"], strict=True)) == pytest.approx(
        {
            0.9: 5.0,
            3: 100 * (12 / 39 - 9 / 37),
            6: 100 * (10 / 38 - 7 / 38),
            12: 700 / 37 - 900 / 38,
        }
    )
    assert own["decides"].all()
    assert set(own["reported"]) == {"no difference"}
    cautions = review.living.outcomes.loc[own.index, "cautions"]
    assert all("derived here" in named for named in cautions)


def test_windows_hold_their_lower_limit(review):
    """A result at the limit lies in the window that begins there."""
    said = [window_of(review.living, months) for months in (0, 0.9, 1, 5.9, 6, 12, 60, None)]
    assert said == [
        "under 1 month",
        "under 1 month",
        "1 to under 3 months",
        "3 to under 6 months",
        "6 to under 12 months",
        "12 months or later",
        "12 months or later",
        "time not stated",
    ]
