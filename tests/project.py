"""Where the tests look: the review under test, and the repository that holds the code.

``REVIEW_ROOT=/some/folder pytest ...`` asks another review than the repository's own, as a
folder with ``data/``, ``chapters/`` and their neighbours.
"""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
ROOT = Path(os.environ.get("REVIEW_ROOT", REPOSITORY)).resolve()
