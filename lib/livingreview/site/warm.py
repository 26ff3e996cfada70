"""What every kernel would do by itself, done once in the process that kernels are forked from.

Imported by that process, in the project's folder. It starts no thread: a fork would lose it.
"""

import contextlib
import signal
from pathlib import Path

import altair  # noqa: F401
import ipykernel.kernelapp  # noqa: F401
import scipy.stats  # noqa: F401
import vl_convert  # noqa: F401

from livingreview.contribute.check import check
from livingreview.problems import InvalidData

# An interrupt is for the build to tell. Until here, it waited.
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

# What is wrong is told by the build, which checks the same data; a file may be saved just now.
with contextlib.suppress(InvalidData, OSError):
    check(Path("data"))
