"""The cache of executed cells, and what a machine does to a build."""

import errno
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from livingreview.site import build, cache
from livingreview.site.build import _publish, _suits, _told
from livingreview.site.cache import (
    ChangedMeanwhile,
    UnreadableBook,
    _holds,
    cell_timeout,
    changed_since,
    evidence_hash,
    fill,
    inputs_hash,
)


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
    tmp_path: Path, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: str
) -> None:
    """A full disk, a folder of another owner, an interrupt: no traceback, and the site stays."""
    (tmp_path / "_build" / "html").mkdir(parents=True)
    with pytest.raises(SystemExit) as left, _told(tmp_path):
        raise error
    assert left.value.code == code
    told = capsys.readouterr()
    assert told.err.startswith(said)
    assert told.out.endswith("_build/html is the last good site.\n")


def said_of(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said where a machine does not suit a build."""
    (root / "_build").mkdir()
    with pytest.raises(SystemExit), _told(root):
        _suits(root)
    return capsys.readouterr().err


def test_a_machine_that_suits_is_not_spoken_of(tmp_path: Path) -> None:
    """There is room, and the machine answers itself."""
    (tmp_path / "_build" / "html").mkdir(parents=True)
    _suits(tmp_path)


@pytest.mark.parametrize("name", ["a [1]", "what?", "a*"])
def test_a_folder_that_patterns_do_not_find_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Other signs do no harm; these would make Sphinx find none of the pages, or all."""
    (tmp_path / name).mkdir()
    assert "rename it" in said_of(tmp_path / name, capsys)
    (tmp_path / "a b's #1 é 50% $x").mkdir()
    (tmp_path / "a b's #1 é 50% $x" / "_build").mkdir()
    _suits(tmp_path / "a b's #1 é 50% $x")


def test_want_of_room_is_said_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """How much there is and how much is needed."""
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=19 << 20))
    said = said_of(tmp_path, capsys)
    assert said == "_build: 19 MB of room are left; a build needs 150 MB\n"
    assert list((tmp_path / "_build").iterdir()) == []


def test_want_of_rights_is_said_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a folder belongs to another person, only the last step of a build would meet it."""
    monkeypatch.setattr(os, "access", lambda folder, mode: Path(folder).name != "_build")
    assert said_of(tmp_path, capsys) == "_build: Permission denied\n"


def test_want_of_loopback_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kernels are not waited for where none can be reached."""

    def unreachable(*address: object, timeout: float) -> socket.socket:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert said_of(tmp_path, capsys).startswith("127.0.0.1: cells are executed over this address")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("title: A\n\tauthor: B\n", "line 2, column 1"),
        ("", "names no settings"),
        ("- a\n", "names no settings"),
        ("execute: 5\n", 'execute: found "5"; allowed: settings'),
        ("execute:\n  timeout: two minutes\n", 'execute.timeout: found "two minutes"'),
        ("execute:\n  timeout: yes\n", 'execute.timeout: found "True"'),
    ],
)
def test_an_odd_configuration_is_said_in_a_line(tmp_path: Path, config: str, said: str) -> None:
    """Where it is odd, and what is allowed there."""
    (tmp_path / "_config.yml").write_text(config)
    with pytest.raises(UnreadableBook, match=r"^_config\.yml: ") as odd:
        cell_timeout(tmp_path)
    assert said in str(odd.value)
    assert "\n" not in str(odd.value)


def staged(root: Path, *names: str) -> None:
    """Build some pages that are not yet published."""
    for name in names:
        page = root / "_build" / "staging" / "_build" / "html" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"new {name}")


@pytest.mark.parametrize("link", [False, True], ids=["folder", "link"])
def test_publishing_replaces_what_is_there(tmp_path: Path, link: bool) -> None:
    """A folder by renaming; a link to a web folder stays a link, and that folder has the pages."""
    web, html = tmp_path / "www", tmp_path / "_build" / "html"
    for name in ("old.html", "a/old.html"):
        ((web if link else html) / name).parent.mkdir(parents=True, exist_ok=True)
        ((web if link else html) / name).write_text("old")
    if link:
        html.parent.mkdir()
        html.symlink_to(web)
    for pages in (("index.html", "b/new.html"), ("index.html",)):
        staged(tmp_path, *pages)
        _publish(tmp_path)
        found = {str(p.relative_to(html)): p.read_text() for p in html.rglob("*") if p.is_file()}
        assert found == {page: f"new {page}" for page in pages}
        assert html.is_symlink() == link
        shutil.rmtree(tmp_path / "_build" / "staging", ignore_errors=True)
    assert {path.name for path in html.parent.iterdir()} == {"html"}


def test_publishing_into_a_mount_replaces_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot be renamed gets the pages, and loses those of before."""
    html = tmp_path / "_build" / "html"
    html.mkdir(parents=True)
    (html / "old.html").write_text("old")
    staged(tmp_path, "index.html")
    rename = Path.rename

    def busy(path: Path, target: Path) -> Path:
        if path == html:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", busy)
    _publish(tmp_path)
    assert {path.name: path.read_text() for path in html.iterdir()} == {
        "index.html": "new index.html"
    }


@pytest.mark.parametrize("fails", [False, True], ids=["whole", "failed"])
def test_a_file_saved_while_a_site_is_built_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """Pages of two states are not published, and what failed may be right by now."""
    page = tmp_path / "index.md"
    page.write_text("before")
    staged(tmp_path, "index.html")

    def building(root: Path, pdf: bool) -> None:
        page.write_text("after")
        if fails:
            raise build.BuildFailed("index.md: wrong")

    monkeypatch.setattr(build, "_build", building)
    before = inputs_hash(tmp_path)
    (tmp_path / "build.log").write_text("what a build says")  # no file of a book
    assert inputs_hash(tmp_path) == before
    with pytest.raises(ChangedMeanwhile):
        build.build(tmp_path, True, before)
    assert not (tmp_path / "_build" / "html").exists()
    saved = page.stat().st_mtime
    assert changed_since(tmp_path, saved - 1) == ["index.md"]
    assert changed_since(tmp_path, saved) == []


def test_nothing_is_kept_of_other_evidence_than_its_folder_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value saved while chapters are executed: what they say is of neither state."""
    (tmp_path / "data").mkdir()
    value = tmp_path / "data" / "value.csv"
    value.write_text("1")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    done = SimpleNamespace(nb=notebook, err=None, time=0.1)

    def executing(*_: object) -> Iterator[tuple[Path, object]]:
        yield tmp_path / "first.md", done
        value.write_text("2")
        yield tmp_path / "second.md", done

    monkeypatch.setattr(cache, "chapters", lambda root: [])
    monkeypatch.setattr(cache, "_execute_all", executing)
    folder, said = tmp_path / evidence_hash(tmp_path), []
    with pytest.raises(ChangedMeanwhile):
        fill(tmp_path, folder, 60, said.append)
    assert [line.split()[-1] for line in said] == ["first.md"]
    assert len(list(folder.rglob("base.ipynb"))) == 1
