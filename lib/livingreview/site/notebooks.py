"""Executes every chapter with papermill: as the protocol says, with other rules, on other data.

``python -m livingreview.site.notebooks``, in the project's folder. Notebooks and a report of each
run go to ``_build/notebooks/<run>/``.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import nbformat

from livingreview.book import Chapter, words_of
from livingreview.book import notebook as read_notebook
from livingreview.chapter import GUARD_MODE, REPORT_ONLY
from livingreview.contribute.check import check_book
from livingreview.data.source import load_source
from livingreview.problems import InvalidData
from livingreview.site import kernels
from livingreview.site.cache import KERNEL_CONFIG, chapters, describe

GLUE = "application/papermill.record/"

# What `guard` prints, where it reports instead of stopping.
GUARD = "The evidence no longer bears these words: "


@dataclass(frozen=True)
class Run:
    """One way of executing all chapters."""

    name: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    # With other rules or data guarded words may become false: a finding, not a failure.
    guards_stop: bool = False


@dataclass(frozen=True)
class Executed:
    """One executed chapter: where its notebook is, and the error, if a cell failed."""

    chapter: str
    notebook: Path
    seconds: float
    error: str | None


PROTOCOL = Run("protocol", guards_stop=True)
THRESHOLDS = Run("thresholds", {"minimum_followup_months": 3, "relief_threshold_percent": 30})


def altered(root: Path, alter: Callable[[Path], None]) -> Run:
    """Return a run on a copy of the data after ``alter`` has changed the files in it."""
    folder = root / "_build" / "notebooks" / "altered-data"
    shutil.rmtree(folder, ignore_errors=True)
    copy = shutil.copytree(root / "data", folder / "data")
    for neighbour in ("references.bib", "CITATION.cff"):
        shutil.copy(root / neighbour, folder)
    alter(copy)
    return Run("altered", {"data_dir": str(copy.resolve())})


def lower_first_percentage(data: Path) -> None:
    """Make the first percentage of the review's first table smaller by one point."""
    table = data / load_source(data).table1.file
    text = table.read_text(encoding="utf-8")
    percentage = re.search(r"(\d+)(?=[\d.]*%)", text)
    if percentage is None:
        raise ValueError(f"{table}: no percentage to alter")
    smaller = str(int(percentage[1]) - 1)
    table.write_text(text[: percentage.start()] + smaller + text[percentage.end() :], "utf-8")


def execute(root: Path, run: Run, paths: list[Path] | None = None) -> list[Executed]:
    """Execute chapters (all of the book unless some are named), several at once."""
    out = root / "_build" / "notebooks" / run.name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    paths = chapters(root) if paths is None else paths
    # Processes, not threads: papermill changes the working directory. New ones, as each has a
    # process of its own that its kernels are forked from.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), fresh, initializer=kernels.prepare) as pool:
        jobs = [pool.submit(_execute, root, path, out, run) for path in paths]
        results = [job.result() for job in jobs]
    (out / "report.txt").write_text("\n".join(report(results)) + "\n", encoding="utf-8")
    return results


def _execute(root: Path, path: Path, out: Path, run: Run) -> Executed:
    import papermill

    os.environ[GUARD_MODE] = "stop" if run.guards_stop else REPORT_ONLY
    name = path.relative_to(root).with_suffix("")
    source, target = out / "input" / f"{name}.ipynb", out / f"{name}.ipynb"
    source.parent.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(read_notebook(path.read_text(encoding="utf-8")), source)
    started, error = time.monotonic(), None
    try:
        papermill.execute_notebook(
            source,
            target,
            dict(run.parameters),
            kernel_name="python3",
            progress_bar=False,
            cwd=path.parent,
            config=KERNEL_CONFIG,
        )
    except (papermill.PapermillExecutionError, RuntimeError) as failure:
        written = target if target.exists() else source
        error = describe(nbformat.read(written, as_version=4), failure)
    return Executed(f"{name}.md", target, time.monotonic() - started, error)


def report(results: list[Executed]) -> list[str]:
    """Return one line per chapter, and one per guard that would have stopped the build."""
    lines = []
    for result in results:
        lines.append(f"{result.chapter}: {result.error or f'{result.seconds:.1f} s'}")
        if result.error is None:
            lines += (f"  {guard}" for guard in failed_guards(read(result.notebook)))
    return lines


def read(path: Path) -> Any:
    """Return an executed notebook."""
    return nbformat.read(path, as_version=4)


def outputs(notebook: Any) -> dict[str, str]:
    """Return the text of each value that the notebook glued, by its key."""
    glued = {}
    for output in _outputs(notebook):
        scrap = output.get("metadata", {}).get("scrapbook")
        if scrap:
            text = output["data"].get(scrap.get("mime_prefix", "") + "text/plain", "")
            glued[str(scrap["name"])] = str(text)
    return glued


def text_of(notebook: Any) -> str:
    """Return what a reader sees: prose with its numbers in place, and what cells display."""
    values = outputs(notebook)

    def said(kind: str, text: str) -> str:
        return values.get(text, text) if kind.startswith("glue") else words_of(text)

    blocks = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            blocks += [line.text for line in Chapter("", cell.source).lines(said)]
        for output in cell.get("outputs", []):
            if "scrapbook" not in output.get("metadata", {}):
                blocks.append(_displayed(output))
    return "\n\n".join(blocks)


def failed_guards(notebook: Any) -> list[str]:
    """Return the guarded words that are false in this run."""
    printed = "".join(output.get("text", "") for output in _outputs(notebook))
    return [line for line in printed.splitlines() if line.startswith(GUARD)]


def _outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def _displayed(output: Any) -> str:
    data = output.get("data", {})
    if "text/html" in data:
        without_tags = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", " ", data["text/html"])
        return " ".join(unescape(without_tags).split())
    return str(data.get("text/plain", output.get("text", "")))


def main() -> int:
    """Execute the three runs in the working directory; return the exit code."""
    root = Path.cwd()
    try:
        check_book(root)
    except InvalidData as invalid:
        print(invalid, file=sys.stderr)
        return 1
    failed = False
    for run in (PROTOCOL, THRESHOLDS, altered(root, lower_first_percentage)):
        print(f"Run: {run.name}", flush=True)
        results = execute(root, run)
        print("\n".join(f"  {line}" for line in report(results)), flush=True)
        failed = failed or any(result.error for result in results)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
