"""Which files a build depends on, and their fingerprints."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import livingreview
from livingreview.data.versions import AS_OF

LIBRARY = Path(livingreview.__file__).parent

# Folders that hold nothing that a page is made of. Hidden folders are left out as well.
_NOT_INPUTS = {"_build", "__pycache__", "node_modules", "tests"}


def evidence_hash(root: Path) -> str:
    """Return the fingerprint of all that a cell's output depends on, apart from the cell itself.

    That is data, the library that is imported, references, citation and the locked environment;
    not the style and the scripts of the pages.
    """
    single = (root / name for name in ("references.bib", "CITATION.cff", "uv.lock"))
    files = [*_files(root / "data"), *_files(LIBRARY), *filter(Path.is_file, single)]
    files = [file for file in files if file.suffix not in {".css", ".js"}]
    return _fingerprint(files, root)


def inputs_hash(root: Path) -> str:
    """Return the fingerprint of everything that the site depends on."""
    return _fingerprint([*_files(root), *_files(LIBRARY)], root)


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in _NOT_INPUTS and not f.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


def _fingerprint(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256(f"{sys.version}\0{os.environ.get(AS_OF, '')}".encode())
    for file in sorted(set(files)):
        # Paths from the root: the same files elsewhere have the same fingerprint.
        name = os.path.relpath(file, LIBRARY if file.is_relative_to(LIBRARY) else root)
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()[:16]
