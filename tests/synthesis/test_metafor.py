"""Intervals and pooling against numbers that R's metafor gave, version and settings in the file."""

import json
import lzma
import math
from collections import Counter
from pathlib import Path

import pytest

from livingreview.synthesis.intervals import (
    combined_p,
    exact_interval,
    p_of_interval,
    risk_difference,
    risk_ratio,
    rule_of_three,
    sign_test,
    standard_error,
    upper_bound,
    wilson,
)
from livingreview.synthesis.pooling import egger, leave_one_out, random_effects

REFERENCE = json.loads(
    lzma.decompress((Path(__file__).parent / "metafor_reference.json.xz").read_bytes())
)
CASES = REFERENCE["cases"]
RELATIVE, ABSOLUTE = 1e-6, 1e-9
INTERVALS = {"z": "wald", "knha": "hartung-knapp", "adhoc": "hartung-knapp-safe"}
FIELDS = {
    "k": "studies",
    "estimate": "estimate",
    "se": "se",
    "p": "p",
    "ci_lb": "low",
    "ci_ub": "high",
    "tau2": "tau2",
    "Q": "q",
    "Qp": "q_p",
    "I2": "i2",
    "H2": "h2",
}
LEFT_OUT = {
    "proportion_glmm": "no generalised linear mixed model: unstable on sparse data",
    "mantel_haenszel": "one effect for all studies is not assumed",
    "peto": "one effect for all studies is not assumed",
    "moderator": "no meta-regression: too few studies",
    "subgroup": "no meta-regression: too few studies",
    "influence": "leaving each study out says it",
    "zero_cells": "no pooling of counts of two arms",
}
POOLED = (
    "proportion",
    "two_arm_binary",
    "two_arm_continuous",
    "single_arm_mean_change",
    "generic",
    "edge",
    "edge_two_maxima",
    "small_study",
)
NOT_POOLED = ("leave_one_out", "cumulative", "single_interval", "single_contrast")
OTHERS = ("conversion", "direction")


def of_group(*groups):
    """Return the cases of some groups, each with its id."""
    return [pytest.param(case, id=case["id"]) for case in CASES if case["group"] in groups]


def the_same(ours, theirs):
    """Whether two numbers agree to six digits, or are both next to nothing; counts what it saw."""
    COMPARED["numbers"] += 1
    difference = abs(ours - theirs)
    if abs(theirs) > ABSOLUTE:
        COMPARED["largest"] = max(COMPARED["largest"], difference / abs(theirs))
    return math.isclose(ours, theirs, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


COMPARED = {"numbers": 0, "largest": 0.0}


def usable(case):
    """Return the estimates and variances that metafor pooled; it drops what has no variance."""
    pairs = zip(case["data"]["yi"], case["data"]["vi"], strict=True)
    return list(zip(*[(y, v) for y, v in pairs if y is not None and v], strict=True))


@pytest.fixture(scope="module", autouse=True)
def report():
    """Print how many numbers were compared, and the largest difference."""
    yield
    print(f"metafor: {COMPARED['numbers']} numbers, largest {COMPARED['largest']:.1e}")


def test_every_group_of_the_reference_is_compared_or_left_out_with_a_reason():
    """No group of cases is passed over in silence."""
    groups = {case["group"] for case in CASES}
    assert groups == {*POOLED, *NOT_POOLED, *OTHERS, *LEFT_OUT}


def pooled_cases():
    """Return each case that has the result of a method, once for each method."""
    return [
        pytest.param(case, label, id=f"{case['id']}-{label}")
        for case in CASES
        if case["group"] in POOLED and isinstance(case["data"].get("yi"), list)
        for label, found in case["results"].items()
        if isinstance(found, dict) and label.partition("_")[2] in INTERVALS
    ]


@pytest.mark.parametrize(("case", "label"), pooled_cases())
def test_pooled_numbers(case, label):
    """Estimate, interval, heterogeneity and prediction are metafor's, by each method."""
    method, _, by = label.partition("_")
    method = "PM" if method == "EB" else method  # empirical Bayes: another way to the same root
    y, v = usable(case)
    expected = case["results"][label]
    predictions = {"pi_riley": "k-2", "pi_t": "k-1"}
    predictions["pi_default"] = "normal" if by == "z" else "k-1"
    for name, df in predictions.items():
        pooled = random_effects(y, v, method, INTERVALS[by], df)
        if expected.get(name) and pooled.prediction_low is not None:
            low, high = expected[name]
            assert the_same(pooled.prediction_low, low), name
            assert the_same(pooled.prediction_high, high), name
    for name, ours in FIELDS.items():
        assert the_same(getattr(pooled, ours), expected[name]), name
    if "qprofile" in expected:
        low, high = expected["qprofile"]["tau2"]
        assert the_same(pooled.tau2_low, low)
        if math.isclose(high, max(100, 10 * expected["tau2"]), rel_tol=RELATIVE):
            assert pooled.tau2_high > high  # there metafor's search ends, ours goes on
        else:
            assert the_same(pooled.tau2_high, high)


@pytest.mark.parametrize("case", of_group("leave_one_out"))
def test_each_study_left_out(case):
    """What is pooled without each study is metafor's."""
    names = case["id"].split("_")
    how = {"method": "DL" if "DL" in names else "REML"}
    how["interval"] = "hartung-knapp" if "knha" in names else "wald"
    found = leave_one_out(*usable(case), **how)
    for name, values in case["results"].items():
        assert len(found) == len(values)
        for pooled, value in zip(found, values, strict=True):
            assert the_same(getattr(pooled, FIELDS[name]), value), name


@pytest.mark.parametrize("case", of_group("cumulative"))
def test_studies_added_by_year(case):
    """What is pooled as studies come is metafor's; one study is not pooled."""
    y, v = usable(case)
    order = [number - 1 for number in case["data"]["order"]]
    for k in range(2, len(y) + 1):
        chosen = order[:k]
        pooled = random_effects([y[i] for i in chosen], [v[i] for i in chosen], interval="wald")
        for name, values in case["results"].items():
            assert the_same(getattr(pooled, FIELDS[name]), values[k - 1]), (name, k)


def test_the_higher_of_two_maxima():
    """Where the restricted likelihood has two maxima the higher one is found."""
    (case,) = [case for case in CASES if case["group"] == "edge_two_maxima"]
    pooled = random_effects(*usable(case), interval="wald")
    expected = case["results"]["start_at_1"]
    assert case["results"]["default_start"]["loglik"] < expected["loglik"]
    for name, ours in FIELDS.items():
        assert the_same(getattr(pooled, ours), expected[name]), name


def test_hartung_knapp_is_not_narrower_with_its_safeguard():
    """Where studies differ less than chance would have it, only the safe interval stays wide."""
    (case,) = [case for case in CASES if case["id"] == "tiny_homogeneous"]
    wald, plain, safe = [random_effects(*usable(case), interval=by) for by in INTERVALS.values()]
    assert plain.se < wald.se == safe.se


def test_small_study_effects():
    """Egger's test has metafor's p; trim and fill is left out, it needs many studies."""
    cases = [case for case in CASES if "lm_sei" in case["results"]]
    assert len(cases) == 3
    for case in cases:
        assert the_same(egger(*usable(case))[1], case["results"]["lm_sei"]["p"]), case["id"]


@pytest.mark.parametrize("k", [2, 9])
def test_small_study_effects_are_not_asked_of_a_few(k):
    """Below ten studies Egger's test is refused."""
    with pytest.raises(ValueError, match="10 or more"):
        egger(range(k), [1.0] * k)


@pytest.mark.parametrize(
    ("y", "v"), [([1.0], [1.0]), ([1.0, 2.0], [1.0, 0.0]), ([1.0, math.nan], [1.0, 1.0]), ([], [])]
)
def test_what_cannot_be_pooled_is_refused(y, v):
    """One study, a variance of nothing and a number that is none are errors."""
    with pytest.raises(ValueError, match="variance"):
        random_effects(y, v)


@pytest.mark.parametrize("case", of_group("single_interval"))
def test_intervals_of_shares(case):
    """Score and exact intervals and one-sided bounds are R's."""
    for expected in case["results"]:
        x, n = expected["x"], expected["n"]
        pairs = [
            (wilson(x, n), expected["wilson"]),
            (wilson(x, n, 0.9), expected["wilson_90"]),
            (exact_interval(x, n), expected["clopper_pearson"]),
            ((upper_bound(x, n),), [expected["clopper_pearson_upper_one_sided"]]),
        ]
        if x == 0:
            pairs.append(((rule_of_three(n),), [expected["rule_of_three"]]))
        for ours, theirs in pairs:
            assert all(the_same(a, 100 * b) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("case", of_group("single_contrast"))
def test_differences_and_ratios(case):
    """Newcombe's difference, and the ratio with 0.5 added where a cell is 0, are R's."""
    for name, expected in case["results"].items():
        counts = expected["counts"]
        difference = risk_difference(*counts)
        assert the_same(difference.estimate, 100 * expected["newcombe"]["rd"]), name
        low, high = expected["newcombe"]["ci"]
        assert the_same(difference.low, 100 * low), name
        assert the_same(difference.high, 100 * high), name
        ratio, theirs = risk_ratio(*counts), expected["escalc"]["RR"]
        a, n1, c, n2 = counts
        assert ratio.corrected == (0 in (a, c, n1 - a, n2 - c))
        assert the_same(math.log(ratio.estimate), theirs["yi"]), name
        assert the_same(ratio.low, theirs["ci_exp"][0]), name
        assert the_same(ratio.high, theirs["ci_exp"][1]), name
        assert the_same(standard_error(ratio.low, ratio.high, "ratio"), theirs["sei"]), name


@pytest.mark.parametrize("case", of_group("conversion"))
def test_what_an_interval_tells(case):
    """The standard error and the p of an interval are R's, by the normal and by t."""
    for name, printed in case["data"].items():
        estimate, low, high = map(float, printed[:3])
        scale = "points" if len(printed) > 3 else "ratio"
        expected = case["results"][name]
        se = expected.get("se", expected.get("se_z"))
        assert the_same(standard_error(low, high, scale), se), name
        p = expected.get("p", expected.get("p_z"))
        assert the_same(p_of_interval(estimate, low, high, scale), p), name
        if "se_t" in expected:
            by_t = standard_error(low, high, scale, df=float(printed[3]))
            assert the_same(by_t, expected["se_t"]), name


def test_sign_tests():
    """The exact sign test is R's; zeros and unknown signs are left out and counted."""
    (case,) = [case for case in CASES if case["id"] == "sign_tests"]
    for expected in case["results"]:
        x, n = expected["x"], expected["n"]
        found = sign_test(["+"] * x + ["-"] * (n - x) + ["0", "unknown"])
        assert (found.favour, found.against, found.left_out) == (x, n - x, 2)
        assert the_same(found.p, expected["p"])


def test_combined_p_values():
    """Fisher's and Stouffer's combinations of one-sided p values are R's."""
    (case,) = [case for case in CASES if case["id"] == "fisher_p"]
    fisher, stouffer = combined_p(case["results"]["one_sided"])
    assert the_same(fisher, case["results"]["p"])
    assert the_same(stouffer, case["results"]["stouffer_p"])


def test_enough_was_compared():
    """The cases hold the groups in the numbers that the file says."""
    assert len(CASES) == REFERENCE["n_cases"]
    assert Counter(case["group"] for case in CASES)["proportion"] > 10
