"""The same commit gives the same bytes: wherever, whenever, and in whatever order."""

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builds import BUILD, build

# Python runs it at the start of each process, so it moves the clock of the kernels, too.
CLOCK = "import time_machine\ntime_machine.travel('{day}T{time}', tick=True).start()\n"
TODAY = "import datetime\nHTML(f'<!-- {datetime.date.today()} -->')"
ONE = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8"}
OTHER = {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C"}
# What fonts the machine has: none, or those of a folder.
FONTS = "<fontconfig>{folder}<cachedir>{cache}</cachedir></fontconfig>"


def built(
    source: Path, book: Path, day: str, time: str, variables: dict[str, str], *fonts: str
) -> Path:
    """Build a copy of a book as if today were another day, and return its site."""
    shutil.copytree(source, book, ignore=shutil.ignore_patterns("_build"))
    facts = book / "chapters" / "facts.md"
    cell = f"```{{code-cell}} ipython3\n{TODAY}\n```\n"
    facts.write_text(facts.read_text("utf-8") + "\n" + cell, "utf-8")
    clock = book.parent / "clock"
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(CLOCK.format(day=day, time=time))
    installed = "".join(f"<dir>{folder}</dir>" for folder in fonts)
    (clock / "fonts.conf").write_text(FONTS.format(folder=installed, cache=clock / "cache"))
    variables |= {"FONTCONFIG_FILE": str(clock / "fonts.conf"), "PYTHONPATH": str(clock)}
    done = build(book, [part for part in BUILD if part != "--without-pdf"], **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return book / "_build" / "html"


def checksums(site: Path) -> dict[str, str]:
    """Return a checksum of every file."""
    files = [file for file in site.rglob("*") if file.is_file()]
    return {str(f.relative_to(site)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_two_builds_are_the_same_bytes(small_book: Path, tmp_path: Path) -> None:
    """Clock, hash seed, zone, locale, fonts and folder leave no trace; a cell that asks does."""
    with ThreadPoolExecutor() as both:
        one = both.submit(built, small_book, tmp_path / "a" / "b", "2027-03-04", "05:06:07", ONE)
        other = both.submit(
            built,
            small_book,
            tmp_path / "another" / "much longer name",
            "2031-12-30",
            "22:59:58",
            OTHER,
            "/usr/share/fonts",
        )
    first, second = checksums(one.result()), checksums(other.result())
    differing = {name for name in first.keys() | second if first.get(name) != second.get(name)}
    # The control: a page that asks for the day shows that the clocks were moved.
    assert differing == {"chapters/facts.html"}
    texts = [
        (site.result() / "chapters" / "facts.html").read_text("utf-8") for site in (one, other)
    ]
    assert texts[0].replace("2027-03-04", "2031-12-30") == texts[1]
