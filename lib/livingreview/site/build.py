"""Builds the site: check, execute in parallel, build beside the published site, then swap.

``python -m livingreview.site.build``, in the project's folder; this is what ``make book`` runs.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import fcntl
import io
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from livingreview.problems import InvalidData
from livingreview.site.cache import ChangedMeanwhile, changed_since, evidence_hash, inputs_hash

PATTERN = "*?["
ROOM = 150 * 2**20  # bytes: a first build of a book of 20 chapters takes 40 MB, and as many twice


class BuildFailed(Exception):
    """A build stopped; the arguments are the messages that were not yet shown."""


def main() -> int:
    """Build the book in the working directory; return the exit code."""
    parser = argparse.ArgumentParser(description="Build the book in the working directory.")
    parser.add_argument("--without-pdf", action="store_true", help="keep the PDF of before, if any")
    pdf = not parser.parse_args().without_pdf
    root = Path.cwd()
    started, moment = time.monotonic(), time.time()
    with _told(root), _only_one_build(root):
        inputs = inputs_hash(root)
        if is_published(root, inputs, pdf):
            say("The site is up to date: _build/html/index.html")
            return 0
        try:
            _suits(root)
            build(root, pdf, inputs)
        except BuildFailed as failure:
            print("".join(f"{line}\n" for line in failure.args), end="", file=sys.stderr)
            say(f"Build failed.{kept(root)}")
            return 1
        except ChangedMeanwhile:
            names = ", ".join(changed_since(root, moment)) or "files of the book"
            print(f"{names}: changed while the site was built; build it again", file=sys.stderr)
            say(f"Build stopped.{kept(root)}")
            return 1
        _remember(root, inputs, pdf)
    say(f"Built in {time.monotonic() - started:.0f} s: _build/html/index.html")
    return 0


@contextlib.contextmanager
def _told(root: Path) -> Iterator[None]:
    """Say in one line what stopped a build from outside: the disk, rights, an interrupt."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"Interrupted.{kept(root)}")
        sys.exit(130)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}", file=sys.stderr)
        say(f"Build failed.{kept(root)}")
        sys.exit(1)


def _suits(root: Path) -> None:
    """Ask of the machine, at once, what a build would miss late: rights, room, its own network.

    Sphinx looks for pages by patterns, in which signs of the folder's name would have a meaning.
    """
    if signs := sorted(set(PATTERN) & set(str(root))):
        needed = f'a folder whose name holds "{signs[0]}" cannot be built; rename it'
        raise OSError(errno.EINVAL, needed, str(root))
    for name in ("_build", "_build/staging", "_build/.jupyter_cache", "_build/html"):
        if (root / name).exists() and not os.access(root / name, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "Permission denied", name)
    free = shutil.disk_usage(root / "_build").free
    if free < ROOM:
        needed = f"{free >> 20} MB of room are left; a build needs {ROOM >> 20} MB"
        raise OSError(errno.ENOSPC, needed, "_build")
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError as error:
        reason = error.strerror or error
        needed = f"cells are executed over this address, which does not answer: {reason}"
        raise OSError(error.errno, needed, "127.0.0.1") from None


def kept(root: Path) -> str:
    """Return what is said of the site of before, if there is one."""
    there = (root / "_build" / "html").exists()
    return " _build/html is the last good site." if there else ""


def say(text: str) -> None:
    """Show progress, at once."""
    print(text, flush=True)


def build(root: Path, pdf: bool, inputs: str) -> None:
    """Build and publish the book, or raise BuildFailed and leave what is published.

    pdf: whether to make the PDF, too; else one that is published stays as it is.
    inputs: the fingerprint of what to build from; ChangedMeanwhile is raised where files are
        saved before the site is whole, since parts of it would be of another state than others.
    """
    failed = None
    try:
        _build(root, pdf)
    except BuildFailed as failure:
        failed = failure
    if inputs_hash(root) != inputs:
        (root / "_build" / "staging" / "clean").unlink(missing_ok=True)
        raise ChangedMeanwhile
    if failed:
        raise failed
    _publish(root)


def _build(root: Path, pdf: bool) -> None:
    from livingreview.site import kernels

    kernels.prepare()  # before all else, as it goes on beside what follows
    from livingreview.contribute.check import check_book
    from livingreview.site import downloads
    from livingreview.site.cache import UnreadableBook, cache_folder, cell_timeout, fill

    try:
        timeout = cell_timeout(root)
        say("Checking data and prose")
        check_book(root)
        say("Executing chapters whose code or data changed")
        folder = cache_folder(root)
        failures = fill(root, folder, timeout, say)
        if evidence_hash(root) != folder.name:  # Sphinx would execute all of it again
            raise ChangedMeanwhile
    except (InvalidData, UnreadableBook) as problem:
        raise BuildFailed(str(problem)) from None
    if failures:
        raise BuildFailed(*failures)
    say("Building pages")
    downloads.begin(root)
    if not _pages_built(root):
        raise BuildFailed
    _add_pdf(root, pdf)


def _add_pdf(root: Path, made: bool) -> None:
    """Set the built pages as PDFs beside them, or keep the published ones."""
    from livingreview.publish.pdf import NAMES, NoPdf, write_pdfs

    published, staged = root / "_build" / "html", root / "_build" / "staging" / "_build" / "html"
    if made:
        say("Setting the PDF")
        try:
            write_pdfs(root, staged)
        except NoPdf as problem:
            raise BuildFailed(str(problem)) from None
    for name in NAMES:
        if made or not (published / name).exists():
            continue
        copied = shutil.copytree if (published / name).is_dir() else shutil.copy2
        copied(published / name, staged / name)


def _pages_built(root: Path) -> bool:
    """Run Jupyter Book into the staging folder, showing only its warnings."""
    from jupyter_book.cli.main import main as jupyter_book
    from sphinx.util.console import color_terminal, nocolor

    staging = root / "_build" / "staging"
    doctrees = staging / "_build" / ".doctrees"
    clean = staging / "clean"
    if not clean.exists():
        # Sphinx keeps a page it warned about as read: the same error would not show again.
        shutil.rmtree(doctrees, ignore_errors=True)
    clean.unlink(missing_ok=True)
    # All pages are written each time, as sidebars and lists of uses depend on other pages;
    # only those that changed are read and executed.
    shutil.rmtree(staging / "_build" / "html", ignore_errors=True)
    if not color_terminal():
        nocolor()
    options = ["-W", "-n", "--keep-going", "--path-output", str(staging)]
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            jupyter_book(["build", str(root), *options], standalone_mode=False)
        except (RuntimeError, SystemExit) as shown:
            # Jupyter Book raises these after it showed what was wrong.
            if isinstance(shown.__cause__, KeyboardInterrupt):
                raise shown.__cause__ from None
            return False
    clean.touch()
    return True


def _publish(root: Path) -> None:
    """Put the built pages in place of the published ones, by renaming."""
    html, previous = root / "_build" / "html", root / "_build" / "html.previous"
    staged = root / "_build" / "staging" / "_build" / "html"
    if html.is_symlink():
        _replace_files(staged, html.resolve())
        return
    _remove(previous)
    try:
        if html.exists():
            html.rename(previous)
    except OSError as error:
        if error.errno not in {errno.EBUSY, errno.EXDEV}:  # as of a mount
            raise
        _replace_files(staged, html)
        return
    staged.rename(html)
    _remove(previous)


def _replace_files(new: Path, site: Path) -> None:
    """Make a folder that cannot be renamed, such as a link or a mount, hold what another does."""
    site.mkdir(exist_ok=True)
    shutil.copytree(new, site, dirs_exist_ok=True)
    for path in sorted(site.rglob("*"), reverse=True):
        if not (new / path.relative_to(site)).exists():
            _remove(path)


def _remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _only_one_build(root: Path) -> Iterator[None]:
    folder = root / "_build"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another build of this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        previous, html = folder / "html.previous", folder / "html"
        if previous.exists() and not html.exists():  # a build was killed between two renames
            previous.rename(html)
        yield


def is_published(root: Path, inputs: str, pdf: bool) -> bool:
    """Return whether the published site, untouched since, was made from these inputs.

    pdf: whether its PDF must be, too.
    """
    record = root / "_build" / "published.json"
    good = {_record(root, inputs, True), _record(root, inputs, pdf)}
    return record.exists() and record.read_text(encoding="utf-8") in good


def _remember(root: Path, inputs: str, pdf: bool) -> None:
    record = _record(root, inputs, pdf)
    (root / "_build" / "published.json").write_text(record, encoding="utf-8")


def _record(root: Path, inputs: str, pdf: bool) -> str:
    return json.dumps({"inputs": inputs, "pdf": pdf, "files": _state(root / "_build" / "html")})


def _state(html: Path) -> dict[str, list[int]]:
    """Return size and time of every file: another way of building may have changed them."""
    stats = {str(f.relative_to(html)): f.stat() for f in sorted(html.rglob("*")) if f.is_file()}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}


if __name__ == "__main__":
    sys.exit(main())
