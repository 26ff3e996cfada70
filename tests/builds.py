"""Build a book as a contributor does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

BUILD = [sys.executable, "-m", "livingreview.site.build", "--without-pdf"]


def build(
    book: Path, command: list[str] = BUILD, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Build a book in a process of its own, with more variables, and return what it printed."""
    environment = os.environ | {"NO_COLOR": "1"} | variables
    return subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True)
