"""The strategy of searching, ``data/search/strategy.yml``, and its runs, ``data/search/runs``.

The strategy says which sources are to be searched with which string, and what was done besides;
its fields are the items of PRISMA-S (Rethlefsen 2021). A run is one whole search of one source.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import Field

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.problems import Problem, nearest, quoted

STRATEGY = "strategy.yml"
ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
BRACKETS = {")": "(", "]": "[", "}": "{"}
FEWER, FEWER_PERCENT = 3, 2  # of what a source announces and does not give; see ``gives_fewer``


class SearchedSource(Declared):
    """A source that is to be searched; a string that is empty is not written yet."""

    id: str = Field(pattern=ID, description="Small letters, digits and hyphens, like pubmed")
    name: str = Field(min_length=1)
    platform: str | None = Field(description="Through which it is searched; empty: not stated")
    kind: Literal["database", "register"]
    how: Literal["interface", "export"] = Field(description="By a program, or by a person")
    required: bool = Field(description="Whether a search without it is not whole")
    string: str | None = Field(description="Exactly as it is sent; empty: not written yet")
    limits: str | None = Field(description="Of language, date, kind; empty: not stated")
    filters: str | None = Field(description="Published search filters; empty: not stated")
    peer_reviewed: str | None = Field(description="Who checked the string; empty: nobody")
    gives_fewer: bool = Field(
        False, description="Known to announce up to 3, or 2%, more records than it gives"
    )
    note: str | None = Field(None, description="What a reader must know of the string")

    def least_of(self, hits: int) -> int:
        """Return how many records it must give of those that it announces."""
        return hits - max(FEWER, hits * FEWER_PERCENT // 100) if self.gives_fewer else hits


class OtherMethods(Declared):
    """What was done beside searching sources; empty: not stated."""

    browsing: str | None
    citation_searching: str | None
    contacts: str | None
    other: str | None


class Strategy(Declared):
    """The file ``data/search/strategy.yml``."""

    every_days: int | None = Field(ge=1, le=366, description="Planned interval; empty: not set")
    sources: tuple[SearchedSource, ...] = Field(min_length=1)
    other_methods: OtherMethods
    prior_work: str | None = Field(description="Searches that the strings were made from")

    def source(self, name: str) -> SearchedSource | None:
        """Return a source by its id; None for another id."""
        return next((source for source in self.sources if source.id == name), None)


class Run(Declared):
    """One whole search of one source."""

    source: str
    on: dt.date = Field(description="Day (UTC) on which it ended")
    string: str = Field(min_length=1, description="As it was sent")
    hits: int = Field(ge=0, description="Records that the source announced")
    fetched: int = Field(ge=0, description="Distinct records that came")
    new: int = Field(ge=0, description="Records that no earlier run had found")
    known_asked: int = Field(ge=0, description="Known studies that the source was asked for")
    known_found: int = Field(ge=0, description="Those of them that the string finds")
    known_missed: tuple[str, ...] = Field(description="Keys of the others")
    dropped_terms: tuple[str, ...] = Field(description="Words that the source did not know")
    interface: str | None = Field(description="Version that the answer names")
    file: str | None = Field(None, description="Name of an export")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="Of that file")
    by: str | None = Field(None, pattern=ID, description="Who searched, where a person did")

    @property
    def id(self) -> str:
        """The name of its file without ending."""
        return f"{self.on}-{self.source}"


def load_strategy(folder: Path, problems: list[Problem]) -> Strategy | None:
    """Return the strategy in ``data/search``; None where there is none, or with problems noted."""
    path = folder / STRATEGY
    found = read_yaml(path, Strategy, problems, optional=True)
    seen: set[str] = set()
    for number, source in enumerate(found.sources if found else (), start=1):
        wrong: list[tuple[str, str, str]] = []
        if source.id in seen:
            wrong.append(("id", quoted(source.id), "each source once"))
        if source.how == "interface" and not source.string:
            wrong.append(("string", "nothing", "what the interface is sent"))
        if unpaired := unpaired_in(source.string or ""):
            wrong.append(("string", unpaired, f"a string that {source.name} can read"))
        seen.add(source.id)
        problems += [Problem(name_of(path), str(number), *part) for part in wrong]
    return found


def unpaired_in(string: str) -> str:
    """Return which bracket or quotation mark of a search string has no other; or nothing."""
    outside = string.split('"')
    if len(outside) % 2 == 0:
        return "a quotation mark without its closing one"
    opened: list[str] = []
    for sign in "".join(outside[::2]):
        if sign in BRACKETS.values():
            opened.append(sign)
        elif sign in BRACKETS and (not opened or opened.pop() != BRACKETS[sign]):
            return "a closing bracket without its opening one"
    return "an opening bracket without its closing one" if opened else ""


def load_runs(
    folder: Path, strategy: Strategy | None, as_of: dt.date | None, problems: list[Problem]
) -> tuple[Run, ...]:
    """Return the runs in ``data/search/runs``, the oldest first; none is no problem.

    ``as_of`` is the day that the build is given: no run is later.
    """
    paths = sorted((folder / "runs").glob("*.yml"))
    runs = {path: read_yaml(path, Run, problems) for path in paths}
    for path, run in runs.items():
        for place, found, allowed in _wrong_with(run, path, strategy, as_of) if run else ():
            problems.append(Problem(name_of(path), place, None, found, allowed))
    return tuple(run for run in runs.values() if run is not None)


def _wrong_with(
    run: Run, path: Path, strategy: Strategy | None, as_of: dt.date | None
) -> list[tuple[str | None, str, str]]:
    """Return what is wrong with a run: its field or None, what was found, what is allowed."""
    wrong: list[tuple[str | None, str, str]] = []
    if path.stem != run.id:
        wrong.append((None, quoted(path.name), f"{run.id}.yml, its day and source"))
    source = strategy.source(run.source) if strategy else None
    if source is None:
        known = [source.id for source in strategy.sources] if strategy else ["none"]
        allowed = f"a source of {STRATEGY}: {nearest(run.source, known)}"
        wrong.append(("source", quoted(run.source), allowed))
    elif not source.least_of(run.hits) <= run.fetched <= run.hits:
        least = source.least_of(run.hits)
        allowed = f"{least} to {run.hits}" if least < run.hits else str(run.hits)
        wrong.append((None, f"{run.fetched} fetched of {run.hits} hits", allowed))
    if run.new > run.fetched:
        wrong.append(("new", str(run.new), f"{run.fetched} or fewer, the records that came"))
    if as_of is not None and run.on > as_of:
        allowed = f"{as_of} or earlier, the day that the build was given"
        wrong.append(("on", quoted(run.on), allowed))
    if run.known_found + len(run.known_missed) != run.known_asked:
        found = f"{run.known_found} found and {len(run.known_missed)} missed"
        wrong.append((None, found, f"{run.known_asked} in all, the known studies asked for"))
    return wrong
