"""The site's downloads, written by a process of their own while Sphinx makes the pages."""

from __future__ import annotations

import multiprocessing
import shutil
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path

from livingreview.contribute.check import check
from livingreview.publish.data import write
from livingreview.review import Review
from livingreview.site.kernels import METHOD, can_fork

_begun: dict[Path, BaseProcess] = {}


def begin(root: Path) -> None:
    """Start writing the downloads of a book, where the system can fork; does not wait."""
    if not can_fork():
        return
    folder = _folder(root)
    shutil.rmtree(folder, ignore_errors=True)
    process = multiprocessing.get_context(METHOD).Process(
        target=_write, args=(root, folder), daemon=True
    )
    process.start()
    _begun[root.resolve()] = process


def finish(root: Path, review: Review, site: Path) -> None:
    """Put the downloads into the folder of a site: those that were begun, or new ones."""
    process = _begun.pop(root.resolve(), None)
    if process is not None:
        process.join()
        if process.exitcode == 0:
            shutil.copytree(_folder(root), site, dirs_exist_ok=True)
            return
    write(review, site / "data")


def _folder(root: Path) -> Path:
    return root.resolve() / "_build" / ".downloads"


def _write(root: Path, folder: Path) -> None:
    try:
        write(check(root / "data"), folder / "data")
    except OSError:  # the build writes them itself, then, and says why it cannot
        sys.exit(1)
