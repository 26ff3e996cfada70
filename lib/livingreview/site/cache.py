"""Executed chapters, kept by what they are computed from."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import yaml
from traitlets.config import Config

import livingreview
from livingreview.book import notebook as read_notebook
from livingreview.data.files import fingerprint_of
from livingreview.data.versions import AS_OF

# The present state and a few before it, so that going back to a branch executes nothing.
KEPT = 4

# Kernels print a warning each when their local connection is not encrypted.
KERNEL_CONFIG = Config({"KernelManager": {"transport_encryption": "auto"}})
LIBRARY = Path(livingreview.__file__).parent

# Folders that hold nothing that a page is made of. Hidden folders are left out as well.
_NOT_INPUTS = {"_build", "__pycache__", "node_modules", "tests"}
# The kinds of files that a book has in its own folder; a log or a note there is none of them.
_OF_BOOK = {".md", ".yml", ".bib", ".cff", ".lock", ".toml"}


class UnreadableBook(Exception):
    """A file of the book cannot be read as what it should be."""


class ChangedMeanwhile(Exception):
    """Files that the site depends on are others than when the build began."""


def cache_folder(root: Path) -> Path:
    """Return the folder of executed cells for the present evidence; old ones are removed."""
    folder = root.resolve() / "_build" / ".jupyter_cache" / evidence_hash(root)
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    by_age = sorted(folder.parent.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def chapters(root: Path) -> list[Path]:
    """Return the files of the table of contents that are notebooks, in its order."""
    from myst_nb.core.read import is_myst_markdown_notebook
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    try:
        pages = [root / f"{name}.md" for name in parse_toc_yaml(root / "_toc.yml")]
    except (MalformedError, yaml.YAMLError, OSError) as error:
        raise UnreadableBook(f"_toc.yml: {error}") from None
    return [page for page in pages if page.is_file() and is_myst_markdown_notebook(_text(page))]


def _text(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableBook(f"{page}: is not UTF-8: {error.reason}") from None


def fill(root: Path, folder: Path, timeout: int, say: Callable[[str], None]) -> list[str]:
    """Execute the chapters whose cells the cache does not hold; return one line per failure.

    timeout: seconds that a cell may take.

    It stores what myst-nb would store, so that the build that follows only looks up; and raises
    ChangedMeanwhile before it stores what is computed from other evidence than the folder is for.
    """
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    cache = get_cache(folder)
    missing = dict(_not_cached(cache, chapters(root)))
    failures = []
    for count, (path, result) in enumerate(_execute_all(missing, timeout), start=1):
        name = path.relative_to(root)
        if evidence_hash(root) != folder.name:
            raise ChangedMeanwhile
        say(f"  [{count}/{len(missing)}] {name}")
        if result.err is not None:
            failures.append(f"{name}: {describe(result.nb, result.err)}")
            continue
        bundle = CacheBundleIn(result.nb, str(path), data={"execution_seconds": result.time})
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return failures


def describe(notebook: Any, error: BaseException) -> str:
    """Return in one line which cell of an executed notebook failed, and how."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                first_line = cell.source.strip().partition("\n")[0]
                reason = " ".join(str(output.evalue).split())
                return f"cell `{first_line}`: {output.ename}: {reason}"
    reason = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {reason}"


def _not_cached(cache: Any, paths: list[Path]) -> Iterator[tuple[Path, Any]]:
    for path in paths:
        try:
            notebook = read_notebook(_text(path))
        except ValueError as error:
            raise UnreadableBook(f"{path}: {error}") from None
        if not _holds(cache, notebook):
            yield path, notebook


def _holds(cache: Any, notebook: Any) -> bool:
    """Return whether the cache holds a notebook whole; an entry that was half written goes."""
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    try:
        cache.get_cache_bundle(record.pk)
    except Exception:  # whatever a file that was cut off makes of its reader
        with contextlib.suppress(KeyError):
            cache.remove_cache(record.pk)
        # Where its file is gone, the cache leaves the folder, and stumbles over it later.
        shutil.rmtree(Path(cache.path, "executed", record.hashkey), ignore_errors=True)
        return False
    return True


def _execute_all(notebooks: dict[Path, Any], timeout: int) -> Iterator[tuple[Path, Any]]:
    """Yield each notebook's path and result as it finishes. The kernels are the processes."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        running = {
            pool.submit(_execute, path, notebook, timeout): path
            for path, notebook in notebooks.items()
        }
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        except BaseException:  # an interrupt: the threads end when their kernels do
            pool.shutdown(wait=False, cancel_futures=True)
            for kernel in multiprocessing.active_children():
                kernel.kill()
            raise


def _execute(path: Path, notebook: Any, timeout: int) -> Any:
    from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
    from jupyter_core.utils import ensure_event_loop

    folder = str(path.parent)
    loop = ensure_event_loop()  # of this thread; nobody else closes it, and Python complains
    try:
        return single_nb_execution(
            notebook, folder, timeout, allow_errors=False, config=KERNEL_CONFIG
        )
    except RuntimeError as error:  # the kernel died, or did not start
        return ExecutionResult(notebook, folder, 0.0, error)
    finally:
        loop.close()


def cell_timeout(root: Path) -> int:
    """Return how many seconds a cell may take; raise UnreadableBook for an odd configuration."""
    try:
        config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnreadableBook(f"_config.yml: {' '.join(str(error).split())}") from None
    if not isinstance(config, dict):
        raise UnreadableBook("_config.yml: names no settings, such as title: ...")
    for name in ("execute", "html", "parse", "repository", "sphinx"):
        if not isinstance(config.get(name, {}), dict):
            raise UnreadableBook(f'_config.yml: {name}: found "{config[name]}"; allowed: settings')
    timeout = config.get("execute", {}).get("timeout", 30)
    if not isinstance(timeout, int) or isinstance(timeout, bool):
        raise UnreadableBook(
            f'_config.yml: execute.timeout: found "{timeout}"; allowed: whole seconds'
        )
    return timeout


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
    return _fingerprint(_inputs(root), root)


def changed_since(root: Path, moment: float) -> list[str]:
    """Return the names of the files that the site depends on and that were saved after a moment.

    moment: seconds since 1970.
    """
    saved = [file for file in _inputs(root) if file.stat().st_mtime > moment]
    return [os.path.relpath(file, root) for file in saved]


def _inputs(root: Path) -> list[Path]:
    """Return the files that a site is made of; beside them a folder may hold notes and logs."""
    own = (file for file in _files(root) if file.parent != root or file.suffix in _OF_BOOK)
    return list(dict.fromkeys([*own, *_files(LIBRARY)]))


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in _NOT_INPUTS and not f.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


def _fingerprint(files: Iterable[Path], root: Path) -> str:
    found = list(files)
    library = [file for file in found if file.is_relative_to(LIBRARY)]
    others = set(found).difference(library)
    more = fingerprint_of(library, LIBRARY, sys.version, os.environ.get(AS_OF, ""))
    return fingerprint_of(others, root, more)[:16]
