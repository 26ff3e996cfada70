"""Pooling against R's metafor as it is here, on random data; skipped where it is missing."""

import json
import math
import shutil
import subprocess

import numpy as np
import pytest

from livingreview.synthesis.pooling import _log_likelihood, random_effects, tau2

SETS = 50
INTERVALS = {"z": "wald", "knha": "hartung-knapp", "adhoc": "hartung-knapp-safe"}
METHODS = ("DL", "PM", "REML")
SCRIPT = """
suppressMessages(library(metafor))
sets <- jsonlite::fromJSON(file("stdin"), simplifyVector=FALSE)
one <- function(set, method, test) {
  control <- if (method == "PM") list(tol=1e-14) else list(threshold=1e-12, maxiter=1000)
  fit <- function(control)
    rma(unlist(set$y), unlist(set$v), method=method, test=test, control=control)
  m <- tryCatch(fit(control), error=function(e) fit(c(control, stepadj=0.5)))
  list(estimate=m$b[1], low=m$ci.lb, high=m$ci.ub, tau2=m$tau2, i2=m$I2, q=m$QE,
       likelihood=as.numeric(logLik(m)))
}
cells <- list()
for (method in c("DL", "PM", "REML")) for (test in c("z", "knha", "adhoc"))
  cells[[paste(method, test)]] <- lapply(sets, one, method, test)
cat(jsonlite::toJSON(cells, auto_unbox=TRUE, digits=NA))
"""


def metafor(sets):
    """Return what R's metafor makes of some sets; skips where R or metafor is missing."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("no Rscript here: the live comparison with metafor was not run")
    asked = "quit(status = !all(sapply(c('metafor', 'jsonlite'), requireNamespace, quietly=TRUE)))"
    if subprocess.run([program, "-e", asked], capture_output=True, check=False).returncode:
        pytest.skip("no metafor or jsonlite in R: the live comparison was not run")
    command = [program, "-e", SCRIPT]
    found = subprocess.run(
        command, input=json.dumps(sets), capture_output=True, text=True, check=True
    )
    return json.loads(found.stdout)


def random_sets():
    """Return fifty sets of 2 to 15 studies, the same each time."""
    random = np.random.default_rng(20261128)
    return [
        {"y": list(random.normal(0.3, 0.6, k)), "v": list(random.uniform(0.02, 0.6, k))}
        for k in random.integers(2, 16, SETS)
    ]


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_scoring_settles_on_the_highest_likelihood(method):
    """On each random set the variance between studies is where a fine grid has its maximum."""
    for given in random_sets():
        y, v = np.array(given["y"]), np.array(given["v"])
        found = tau2(given["y"], given["v"], method)
        grid = [*np.linspace(0, 3, 601), found]
        heights = [_log_likelihood(y, v, t2, method == "REML") for t2 in grid]
        assert heights[-1] >= max(heights) - 1e-9


def test_random_sets_agree_with_metafor():
    """Fifty random sets of 2 to 15 studies pool to the same numbers, by each method."""
    sets = random_sets()
    largest = 0.0
    for cell, results in metafor(sets).items():
        method, by = cell.split()
        for given, theirs in zip(sets, results, strict=True):
            ours = random_effects(given["y"], given["v"], method, INTERVALS[by])
            for name in ("estimate", "low", "high", "tau2", "i2", "q"):
                a, b = getattr(ours, name), theirs[name]
                assert math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-8), (cell, name, a, b)
                largest = max(largest, abs(a - b) / max(abs(b), 1e-2))
    print(f"metafor, live: {SETS} sets, largest difference {largest:.1e}")
