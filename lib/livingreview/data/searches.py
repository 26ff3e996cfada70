"""Searches: strategy, runs and records together, and what became of each record.

The state of a record is one of ``STATES``; every record is in exactly one. The numbers of the flow
of studies (PRISMA 2020, column of databases and registers) are counts of these states.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from livingreview.data.files import name_of
from livingreview.data.records import (
    AGREED,
    DECISIONS,
    FOUND,
    RECORDS,
    Choice,
    Found,
    RecordTables,
    load_records,
)
from livingreview.data.strategy import (
    STRATEGY,
    Run,
    SearchedSource,
    Strategy,
    load_runs,
    load_strategy,
)
from livingreview.problems import Problem, nearest, quoted

if TYPE_CHECKING:
    from livingreview.data.study import StudyFile
    from livingreview.data.versions import Version

State = Literal["duplicate", "known", "study", "conflict", "excluded", "kept", "waiting"]
STATES: tuple[State, ...] = get_args(State)
BY_SEARCH = "databases and registers"


@dataclass(frozen=True)
class Searches:
    """What was planned, searched and found; ``new`` are the studies that searches of ours found."""

    strategy: Strategy | None = None
    runs: tuple[Run, ...] = ()
    tables: RecordTables = field(default_factory=RecordTables)
    new: frozenset[str] = frozenset()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the sources of the strategy."""
        return tuple(source.id for source in self.strategy.sources) if self.strategy else ()

    @cached_property
    def states(self) -> dict[str, State]:
        """The state of each record."""
        read = self.tables
        return {
            name: state_of(
                duplicate=record.same_as is not None,
                study=None if record.study is None else record.study in self.new,
                decisions=read.chosen(name),
                agreed=read.agreed[name].decision if name in read.agreed else None,
            )
            for name, record in read.records.items()
        }

    def records_in(self, *states: State) -> tuple[str, ...]:
        """Return the records that are in one of some states, in their order."""
        return tuple(name for name, state in self.states.items() if state in states)

    def identified(self, source: str | None = None) -> tuple[Found, ...]:
        """Return what was found, once for each record and source; of one source or of all."""
        return tuple(row for row in self.tables.found if source in (None, row.source))

    def last_run(self, source: SearchedSource, by: dt.date = dt.date.max) -> Run | None:
        """Return the last run of a source up to a day; None where there is none."""
        days = [run for run in self.runs if run.source == source.id and run.on <= by]
        return max(days, key=lambda run: run.on, default=None)

    def behind(self, by: dt.date = dt.date.max) -> tuple[SearchedSource, Run | None] | None:
        """Return the required source that was searched least recently, and that run.

        The day of that run is up to when everything was searched; None where nothing is required.
        """
        sources = self.strategy.sources if self.strategy else ()
        last = [(source, self.last_run(source, by)) for source in sources if source.required]
        return min(last, key=lambda one: one[1].on if one[1] else dt.date.min, default=None)

    @property
    def last_whole(self) -> Run | None:
        """The run up to whose day every required source was searched; None before there is one."""
        behind = self.behind()
        return behind[1] if behind else None


def state_of(
    *, duplicate: bool, study: bool | None, decisions: Collection[Choice], agreed: Choice | None
) -> State:
    """Return what became of a record.

    ``study`` is None where it reports no study of the review, else whether searches found that
    study; ``decisions`` are those of the screeners, ``agreed`` what they settled on after they had
    differed.
    """
    if duplicate:
        return "duplicate"
    if study is not None:
        return "study" if study else "known"
    settled = {agreed} if len(set(decisions)) > 1 else set(decisions)
    if not settled:
        return "waiting"
    if settled == {None}:
        return "conflict"
    return "kept" if settled == {"keep"} else "excluded"


def load_searches(
    folder: Path,
    studies: Mapping[str, StudyFile],
    listed: Collection[str],
    as_of: dt.date | None,
    problems: list[Problem],
) -> Searches:
    """Return what lies in ``data/search``; nothing where there is no such folder.

    ``studies`` are the study files, ``listed`` the keys of the source review's own list, of which
    some may have no file; no run is later than ``as_of``.
    """
    before = len(problems)
    strategy = load_strategy(folder, problems)
    runs = load_runs(folder, strategy, as_of, problems)
    tables = load_records(folder, problems)
    new = {k for k, s in studies.items() if s.screening and s.screening.found_by == BY_SEARCH}
    searches = Searches(strategy, runs, tables, frozenset(new))
    if len(problems) == before:
        problems += _of_runs(searches, folder)
        problems += _of_studies(searches, studies, listed, folder)
    return searches


def _of_runs(searches: Searches, folder: Path) -> list[Problem]:
    """Return where records and runs do not fit: each record has the run that first found it."""
    runs = {run.id: run for run in searches.runs}
    problems = []
    for number, row in enumerate(searches.tables.found, start=1):
        run = runs.get(row.run)
        if run is None or run.source != row.source:
            allowed = (
                f"a run of {row.source}: {nearest(row.run, runs) if runs else 'there is none'}"
            )
            file = name_of(folder / FOUND)
            problems.append(Problem(file, str(number), "run", quoted(row.run), allowed))
    found = {(row.record, row.run) for row in searches.tables.found}
    records = searches.tables.records
    for number, (name, record) in enumerate(records.items(), start=1):
        if (name, record.first_seen) not in found:
            file = name_of(folder / RECORDS)
            allowed = f"a run that {FOUND} has for {name}"
            said = quoted(record.first_seen)
            problems.append(Problem(file, str(number), "first_seen", said, allowed))
    for run in searches.runs:
        first = sum(record.first_seen == run.id for record in records.values())
        if first != run.new:
            file = name_of(folder / f"runs/{run.id}.yml")
            allowed = f"{first}, the records of {RECORDS} that it found first"
            problems.append(Problem(file, "new", None, str(run.new), allowed))
    return problems


def _of_studies(
    searches: Searches, studies: Mapping[str, StudyFile], listed: Collection[str], folder: Path
) -> list[Problem]:
    """Return where records and the studies that they report do not fit."""
    problems = []
    known = {*studies, *listed}
    tables = searches.tables
    reported = set()
    for number, (name, record) in enumerate(tables.records.items(), start=1):
        if record.study is None:
            continue
        file, row = name_of(folder / RECORDS), str(number)
        if record.study not in known:
            allowed = f"the key of a study: {nearest(record.study, sorted(known))}"
            problems.append(Problem(file, row, "study", quoted(record.study), allowed))
            continue
        if record.same_as is None:
            reported.add(record.study)
        file_of = studies.get(record.study)
        decided = file_of.screening if file_of else None
        if _excluded(tables, name) and (decided is None or decided.decision == "included"):
            place = AGREED if name in tables.agreed else DECISIONS
            said = f'"exclude" on {name}, which reports {record.study}, an included study'
            allowed = "one of both"
            problems.append(Problem(name_of(folder / place), None, None, said, allowed))
    for key in sorted(searches.new - reported) if searches.runs else ():
        said = f"no record of {quoted(key)}, found by {BY_SEARCH}"
        file = name_of(folder / RECORDS)
        problems.append(Problem(file, None, None, said, "every study that a search found has one"))
    return problems


def _excluded(tables: RecordTables, record: str) -> bool:
    """Return whether the screeners of a record left it out, whatever study it reports."""
    agreed = tables.agreed[record].decision if record in tables.agreed else None
    chosen = tables.chosen(record)
    return state_of(duplicate=False, study=None, decisions=chosen, agreed=agreed) == "excluded"


def overstated(
    versions: Collection[Version], searches: Searches, before: dt.date, file: str
) -> list[Problem]:
    """Return a problem for each version that says it was searched later than it was.

    ``before`` is the day of the source review's own last search, which always stands.
    """
    problems = []
    for number, version in enumerate(versions, start=1):
        said = version.searched_through
        behind = searches.behind(by=version.date)
        run = behind[1] if behind else None
        if said is None or said <= max(before, run.on if run else before):
            continue
        if behind and run:
            allowed = f"{run.on} or earlier, the last run of {behind[0].id}"
        elif behind:
            allowed = f"{before} or earlier: {behind[0].id} was not searched yet"
        else:
            allowed = f"{before} or earlier: {STRATEGY} names no source that a search needs"
        problems.append(Problem(file, str(number), "searched_through", quoted(said), allowed))
    return problems
