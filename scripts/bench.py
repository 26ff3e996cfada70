"""Measures builds of a scratch copy against a stock ``jupyter-book build`` of the same chapters.

``python scripts/bench.py``, in the project's folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from shutil import ignore_patterns

import psutil
import yaml

from livingreview.site.notebooks import lower_first_percentage

OURS = [sys.executable, "-m", "livingreview.site.build", "--without-pdf"]
STOCK = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]


@dataclass(frozen=True)
class Measure:
    """One build: how long it took, its processors' time, and the most memory it held at once.

    Where other work goes on, the time of the processors is the one to compare.
    """

    name: str
    seconds: float
    busy: float
    megabytes: float


def copy_project(root: Path, to: Path) -> Path:
    """Copy what a book is made of, and return the copy's folder."""
    return Path(shutil.copytree(root, to, ignore=ignore_patterns(".*", "_build", "__pycache__")))


def without_our_cache(project: Path) -> Path:
    """Give the book the cache that Jupyter Book would use: one folder, whatever the data."""
    config = project / "_config.yml"
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    content["execute"]["cache"] = str(project / "_build" / ".jupyter_cache")
    config.write_text(yaml.safe_dump(content), encoding="utf-8")
    return project


def measure(name: str, command: list[str], project: Path) -> Measure:
    """Run a build, and measure it; stop if it fails."""
    # The copy's own library: the environment holds a link to the original.
    path = os.pathsep.join(filter(None, [str(project / "lib"), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": path}
    log = project / "bench.log"
    started, peak = time.monotonic(), 0.0
    busy: dict[int, float] = {}
    with log.open("w") as output:
        process = psutil.Popen(
            command, cwd=project, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            peak = max(peak, _look(process, busy))
            time.sleep(0.1)
    seconds = time.monotonic() - started
    if process.returncode:
        sys.exit(f"{name}: the build failed\n{log.read_text()}")
    log.unlink()
    print(f"  {name}: {seconds:.1f} s, {sum(busy.values()):.1f} s of processors", flush=True)
    return Measure(name, seconds, sum(busy.values()), peak / 2**20)


def _look(process: psutil.Process, busy: dict[int, float]) -> float:
    """Return the memory of a process and its children; keep the time of each by its number."""
    total = 0.0
    try:
        for each in [process, *process.children(recursive=True)]:
            times = each.cpu_times()
            busy[each.pid] = times.user + times.system
            total += each.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def change_sentence(project: Path) -> None:
    """Add a sentence at the end of the first chapter after the root."""
    with _chapter(project).open("a", encoding="utf-8") as chapter:
        chapter.write("\nA sentence more.\n")


def change_code(project: Path) -> None:
    """Add a comment to a code cell of the same chapter."""
    path = _chapter(project)
    text = path.read_text(encoding="utf-8")
    head = r"(?m)^```\{code-cell\}.*\n(?::.*\n)*"
    path.write_text(re.sub(head, r"\g<0># changed\n", text, count=1), encoding="utf-8")


def change_data(project: Path) -> None:
    """Change one cell of the review's first table."""
    lower_first_percentage(project / "data")


CHANGES = {
    "one sentence": change_sentence,
    "one code cell": change_code,
    "one data cell": change_data,
}


def _chapter(project: Path) -> Path:
    return min((project / "chapters").glob("*.md"))


def pages(project: Path) -> dict[str, bytes]:
    """Return the built pages by name."""
    html = project / "_build" / "html"
    return {str(page.relative_to(html)): page.read_bytes() for page in html.rglob("*.html")}


def table(measures: list[Measure]) -> str:
    """Return the measures as a Markdown table, with ratios to the first."""
    rows = [
        "| build | seconds | of stock cold | processors' seconds | of stock cold | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    first = measures[0]
    for row in measures:
        wall = f"{row.seconds:.1f} | {row.seconds / first.seconds:.2f}"
        busy = f"{row.busy:.1f} | {row.busy / first.busy:.2f}"
        rows.append(f"| {row.name} | {wall} | {busy} | {row.megabytes:.0f} |")
    return "\n".join(rows)


def main() -> int:
    """Measure, print the table, and say whose pages are right after a change of the data."""
    with tempfile.TemporaryDirectory() as scratch:
        stock = without_our_cache(copy_project(Path.cwd(), Path(scratch, "stock")))
        ours = copy_project(Path.cwd(), Path(scratch, "ours"))
        measures = [
            measure("stock, cold", STOCK, stock),
            measure("ours, cold", OURS, ours),
            measure("ours, unchanged", OURS, ours),
        ]
        same = pages(stock) == pages(ours)
        for name, change in CHANGES.items():
            for whose, command, project in (("stock", STOCK, stock), ("ours", OURS, ours)):
                change(project)
                measures.append(measure(f"{whose}, {name}", command, project))
        fresh = shutil.copytree(ours, Path(scratch, "fresh"), ignore=ignore_patterns("_build"))
        measures.append(measure("ours, the same from nothing", OURS, fresh))
        right = {"stock": pages(stock) == pages(fresh), "ours": pages(ours) == pages(fresh)}
    print(table(measures))
    print(f"\nPages of the two cold builds: {'the same' if same else 'not the same'}")
    for whose, answer in right.items():
        print(f"\nPages after the change of a data cell, {whose}: {'right' if answer else 'wrong'}")
    return 0 if same and right["ours"] else 1


if __name__ == "__main__":
    sys.exit(main())
