"""The cache of executed cells, and a build that is stopped from outside."""

import errno
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from livingreview.site.build import _told
from livingreview.site.cache import _holds


def kept(folder: Path, notebook: nbformat.NotebookNode) -> Path:
    """Keep an executed notebook in a cache, and return the file of the entry."""
    bundle = CacheBundleIn(notebook, "page.md")
    get_cache(folder).cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    (entry,) = folder.rglob("base.ipynb")
    return entry


@pytest.mark.parametrize("left", [None, 0, 30], ids=["gone", "empty", "cut off"])
def test_a_half_written_entry_is_not_trusted(tmp_path: Path, left: int | None) -> None:
    """An entry that is whole is used; one that is not goes, and its cells are executed again."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    assert not _holds(get_cache(tmp_path), notebook)
    entry = kept(tmp_path, notebook)
    assert _holds(get_cache(tmp_path), notebook)
    if left is None:
        entry.unlink()
    else:
        entry.write_bytes(entry.read_bytes()[:left])
    assert not _holds(get_cache(tmp_path), notebook)
    kept(tmp_path, notebook)
    assert _holds(get_cache(tmp_path), notebook)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 1, "No space left on device\n"),
        (PermissionError(errno.EACCES, "Permission denied", "_build/lock"), 1, "_build/lock: Per"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_stops_a_build_is_said_in_a_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    """A full disk, a folder of another owner, an interrupt: no traceback, and the site stays."""
    (tmp_path / "_build" / "html").mkdir(parents=True)
    with pytest.raises(SystemExit) as left, _told(tmp_path):
        raise error
    assert left.value.code == code
    told = capsys.readouterr()
    assert told.err.startswith(said)
    assert told.out.endswith("_build/html is the last good site.\n")
