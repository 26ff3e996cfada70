"""Random-effects pooling of estimates with known variances, in the closed forms of the field.

Results are pooled by ``groups.Group`` alone, which refuses what should not be; tests hold these
functions against R's metafor.

``y`` are estimates (logs of ratios), ``v`` their variances. W is diag(w), w = 1/(v + tau2);
P = W - W1(1'W1)^-1 1'W.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Method = Literal["REML", "DL", "PM", "ML", "HE", "SJ", "EE"]
IntervalBy = Literal["wald", "hartung-knapp", "hartung-knapp-safe"]
PredictionBy = Literal["k-2", "k-1", "normal"]
Numbers = npt.NDArray[np.float64]

FEWEST_FOR_EGGER = 10  # Sterne et al., BMJ 2011;343:d4002
CLOSE = 1e-12
MOST_STEPS = 100_000


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate; ``df`` None: normal; no prediction for fewer than three studies."""

    studies: int
    estimate: float
    se: float
    low: float
    high: float
    p: float
    df: int | None
    tau2: float
    tau2_low: float
    tau2_high: float
    q: float
    q_p: float
    i2: float
    h2: float
    prediction_low: float | None
    prediction_high: float | None
    method: Method
    interval: IntervalBy


def _arrays(y: Sequence[float], v: Sequence[float]) -> tuple[Numbers, Numbers]:
    estimates, variances = np.asarray(y, float), np.asarray(v, float)
    if len(estimates) != len(variances) or len(estimates) < 2:
        raise ValueError(f"{len(estimates)} estimates, {len(variances)} variances; two or more")
    if not (variances > 0).all() or not np.isfinite(estimates).all():
        raise ValueError("a variance that is not above 0, or an estimate that is no number")
    return estimates, variances


def _mean(y: Numbers, v: Numbers, t2: float) -> tuple[float, float, float]:
    """Return the weighted mean, its variance, and the weighted sum of squares around it."""
    w = 1 / (v + t2)
    mean = float(w @ y / w.sum())
    return mean, float(1 / w.sum()), float(w @ (y - mean) ** 2)


def _s2(v: Numbers) -> float:
    """Return the typical variance within studies (Higgins & Thompson 2002)."""
    w = 1 / v
    return float((len(v) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum()))


def tau2(y: Sequence[float], v: Sequence[float], method: Method) -> float:
    """Return the variance between studies.

    DL: DerSimonian & Laird 1986, truncated at 0; PM: Paule & Mandel 1982; HE: Hedges & Olkin 1985;
    SJ: Sidik & Jonkman 2005; REML and ML: Viechtbauer 2005; EE: none, by assumption.
    """
    estimates, variances = _arrays(y, v)
    return _TAU2[method](estimates, variances)


def _dersimonian_laird(y: Numbers, v: Numbers) -> float:
    w = 1 / v
    scale = w.sum() - (w**2).sum() / w.sum()
    return max(0.0, float((_mean(y, v, 0)[2] - (len(y) - 1)) / scale))


def _root_of_q(y: Numbers, v: Numbers, target: float) -> float:
    """Return tau2 where the generalised Q falls to a target; 0 where it never lies above."""
    from scipy.optimize import brentq

    if _mean(y, v, 0)[2] <= target:
        return 0.0
    upper = max(1.0, float(y.var()), float(v.max()))
    while _mean(y, v, upper)[2] > target:
        upper *= 2
    found: float = brentq(lambda t2: _mean(y, v, t2)[2] - target, 0, upper, xtol=1e-14)
    return found


def _paule_mandel(y: Numbers, v: Numbers) -> float:
    return _root_of_q(y, v, len(y) - 1)


def _hedges(y: Numbers, v: Numbers) -> float:
    return max(0.0, float(y.var(ddof=1) - v.mean()))


def _sidik_jonkman(y: Numbers, v: Numbers) -> float:
    start = float(y.var())
    return start * _mean(y, v, start)[2] / (len(y) - 1)


def _log_likelihood(y: Numbers, v: Numbers, t2: float, restricted: bool) -> float:
    """Return the log likelihood of tau2, up to a constant; restricted: of REML."""
    _, variance, q = _mean(y, v, t2)
    found = -0.5 * (float(np.log(v + t2).sum()) + q)
    return found + 0.5 * math.log(variance) if restricted else found


def _scoring(y: Numbers, v: Numbers, restricted: bool) -> float:
    """Return tau2 of the highest likelihood: Fisher scoring from several starts.

    The likelihood can have two maxima, so that one start may end in the lower one.
    """
    starts = (0.0, _hedges(y, v), _dersimonian_laird(y, v), float(y.var(ddof=1)))
    ends = [_climb(y, v, start, restricted) for start in starts]
    return max(ends, key=lambda t2: _log_likelihood(y, v, t2, restricted))


def _climb(y: Numbers, v: Numbers, t2: float, restricted: bool) -> float:
    for _ in range(MOST_STEPS):
        w = 1 / (v + t2)
        total, squares, cubes = w.sum(), (w**2).sum(), (w**3).sum()
        mean = w @ y / total
        ypp = float(((w * (y - mean)) ** 2).sum())  # y'PPy
        trace, information = float(total), float(squares)
        if restricted:
            trace -= float(squares / total)
            information += float((squares / total) ** 2 - 2 * cubes / total)
        step = (ypp - trace) / information
        while t2 + step < 0:
            step /= 2
            if abs(step) < CLOSE:
                return 0.0 if t2 < CLOSE * 1e3 else t2
        here = _log_likelihood(y, v, t2, restricted)
        while abs(step) > CLOSE and _log_likelihood(y, v, t2 + step, restricted) < here:
            step /= 2  # a whole step can lead past the maximum and back, for ever
        t2 += step
        if abs(step) <= CLOSE:
            return t2
    raise ArithmeticError("scoring did not settle")


_TAU2: dict[Method, Callable[[Numbers, Numbers], float]] = {
    "REML": lambda y, v: _scoring(y, v, restricted=True),
    "ML": lambda y, v: _scoring(y, v, restricted=False),
    "DL": _dersimonian_laird,
    "PM": _paule_mandel,
    "HE": _hedges,
    "SJ": _sidik_jonkman,
    "EE": lambda _y, _v: 0.0,
}


def q_profile(y: Sequence[float], v: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """Return the interval of tau2 where Q meets the chi-squared quantiles (Viechtbauer 2007)."""
    from scipy.stats import chi2

    estimates, variances = _arrays(y, v)
    df, outside = len(estimates) - 1, (1 - level) / 2
    low = _root_of_q(estimates, variances, float(chi2.ppf(1 - outside, df)))
    return low, _root_of_q(estimates, variances, float(chi2.ppf(outside, df)))


def random_effects(
    y: Sequence[float],
    v: Sequence[float],
    method: Method = "REML",
    interval: IntervalBy = "hartung-knapp-safe",
    prediction_df: PredictionBy = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Return the pooled estimate of two or more studies.

    wald: b +- z se. hartung-knapp: se sqrt(q), t(k-1) (Hartung & Knapp 2001; Sidik & Jonkman
    2002). hartung-knapp-safe: se sqrt(max(1, q)), so that it is never narrower (Roever 2015).
    Prediction: b +- t sqrt(tau2 + se2) with k-2 degrees of freedom (Higgins 2009), or others.
    I2 is that of tau2 (Higgins & Thompson 2002). ``ValueError``: fewer than two, no variance.
    """
    from scipy.stats import chi2, norm, t

    estimates, variances = _arrays(y, v)
    k, between = len(estimates), tau2(y, v, method)
    mean, variance, around = _mean(estimates, variances, between)
    df = None if interval == "wald" else k - 1
    spread = around / (k - 1)
    widened = {"wald": 1.0, "hartung-knapp": spread, "hartung-knapp-safe": max(1.0, spread)}
    se = math.sqrt(variance * widened[interval])
    shape = norm() if df is None else t(df)
    half = float(shape.ppf((1 + level) / 2)) * se
    q, typical = _mean(estimates, variances, 0)[2], _s2(variances)
    wide = _quantile(prediction_df, k, level) * math.hypot(math.sqrt(between), se)
    low, high = q_profile(y, v, level)
    return Pooled(
        studies=k,
        estimate=mean,
        se=se,
        low=mean - half,
        high=mean + half,
        p=float(2 * shape.sf(abs(mean) / se)) if se else math.nan,
        df=df,
        tau2=between,
        tau2_low=low,
        tau2_high=high,
        q=q,
        q_p=float(chi2.sf(q, k - 1)),
        i2=100 * _share_between(between, typical, q / (k - 1), method),
        h2=q / (k - 1) if method == "EE" else between / typical + 1,
        prediction_low=mean - wide if k > 2 else None,
        prediction_high=mean + wide if k > 2 else None,
        method=method,
        interval=interval,
    )


def _share_between(between: float, typical: float, h2: float, method: Method) -> float:
    if method == "EE" and h2:  # without tau2, what Q itself tells
        return max(0.0, 1 - 1 / h2)
    return between / (between + typical)


def _quantile(by: PredictionBy, k: int, level: float) -> float:
    from scipy.stats import norm, t

    shapes = {"k-2": t(max(k - 2, 1)), "k-1": t(k - 1), "normal": norm()}
    return float(shapes[by].ppf((1 + level) / 2))


def leave_one_out(y: Sequence[float], v: Sequence[float], **how: Any) -> list[Pooled]:
    """Return what is pooled without each study in turn; ``how`` as of ``random_effects``."""
    return [
        random_effects([*y[:i], *y[i + 1 :]], [*v[:i], *v[i + 1 :]], **how) for i in range(len(y))
    ]


def egger(y: Sequence[float], v: Sequence[float]) -> tuple[float, float]:
    """Return how estimates change with their standard error, and its two-sided p.

    Least squares weighted by 1/v (Egger et al., BMJ 1997;315:629). Raises ``ValueError`` for fewer
    than ten studies, where it tells nothing.
    """
    from scipy.stats import t

    estimates, variances = _arrays(y, v)
    k = len(estimates)
    if k < FEWEST_FOR_EGGER:
        raise ValueError(f"{k} studies; {FEWEST_FOR_EGGER} or more")
    w = 1 / variances
    design = np.column_stack([np.ones(k), np.sqrt(variances)])
    inverse = np.linalg.inv(design.T @ (w[:, None] * design))
    slopes = inverse @ design.T @ (w * estimates)
    left = float(w @ (estimates - design @ slopes) ** 2) / (k - 2)
    found = float(slopes[1] / math.sqrt(left * inverse[1, 1]))
    return float(slopes[1]), float(2 * t.sf(abs(found), k - 2))
