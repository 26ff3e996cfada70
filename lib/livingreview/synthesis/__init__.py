"""Results side by side: contrasts, pooling, certainty, overlaps; courses over time, harms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livingreview.synthesis.certainty import certainty
from livingreview.synthesis.contrasts import contrasts
from livingreview.synthesis.courses import courses
from livingreview.synthesis.groups import syntheses
from livingreview.synthesis.harms import harms
from livingreview.synthesis.overlaps import overlaps

if TYPE_CHECKING:
    import pandas as pd

    from livingreview.evidence.edition import Edition


def derived(edition: Edition) -> dict[str, pd.DataFrame]:
    """Return the tables of ``livingreview.derived`` by name, of an edition."""
    return {
        "contrasts": contrasts(edition),
        "syntheses": syntheses(edition),
        "certainty": certainty(edition),
        "overlaps": overlaps(edition),
        "courses": courses(edition),
        "harms": harms(edition),
    }
