"""Searches: what became of each record, and every message on a file of ``data/search``."""

import csv
import datetime as dt
import io
import random
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
import yaml

from alterations import opened
from livingreview.data.records import Found, Pair, Record, RecordTables, Screening
from livingreview.data.screening import Screened as Decided
from livingreview.data.searches import (
    BY_SEARCH,
    STATES,
    Searches,
    load_searches,
    overstated,
    state_of,
)
from livingreview.evidence.flow import (
    DATABASES,
    DUPLICATES,
    IDENTIFIED,
    LEFT_OUT,
    NOT_SEARCHED,
    OTHERS,
    SCREENED,
    flow,
    searched,
    unbalanced_records,
)

AS_OF = dt.date(2026, 12, 31)
READ = opened().source.studies
OF_REVIEW = next(key for key, study in READ.items() if study.screening is None)
CANDIDATE = f"{OF_REVIEW}-later"


def candidate(found_by):
    """Return a study of the review, and a candidate like it that was found in some way."""
    screening = {"decision": "included", "reason": "R", "found_by": found_by}
    changes = {"key": CANDIDATE, "ref": None, "screening": Decided(**screening)}
    study = READ[OF_REVIEW]
    return {OF_REVIEW: study, CANDIDATE: study.model_copy(update=changes)}


STUDIES = candidate("not recorded")
CHOICES = [(), ("keep",), ("exclude",), ("keep", "keep"), ("keep", "exclude"), ("exclude",) * 2]

SOURCE = {
    "id": "pubmed",
    "name": "PubMed",
    "platform": None,
    "kind": "database",
    "how": "interface",
    "required": True,
    "string": "(cold OR ice) AND pain",
    "limits": None,
    "filters": None,
    "peer_reviewed": None,
}
STRATEGY = {
    "every_days": 30,
    "sources": [SOURCE, SOURCE | {"id": "embase", "name": "Embase", "how": "export"}],
    "other_methods": dict.fromkeys(("browsing", "citation_searching", "contacts", "other")),
    "prior_work": None,
}
RUN = {
    "source": "pubmed",
    "on": dt.date(2026, 12, 1),
    "string": "cold",
    "hits": 4,
    "fetched": 4,
    "new": 4,
    "known_asked": 2,
    "known_found": 1,
    "known_missed": ["lee-2021"],
    "dropped_terms": [],
    "interface": None,
}
FIRST = "2026-12-01-pubmed"
RECORD = [*Record.columns()]
FOUND = [*Found.columns()]
PAIR = [*Pair.columns()]
DECISION = [*Screening.columns()]


def record(number, **cells):
    """Return a record of PubMed by its number."""
    blank = dict.fromkeys(RECORD, "")
    own = {"record": f"pmid-{number}", "pmid": str(number), "first_seen": FIRST}
    return blank | own | {"title": f"Title {number}"} | cells


def found(name, source="pubmed", run=FIRST):
    """Return where a record was found."""
    return {"record": name, "source": source, "source_id": name, "run": run}


def decided(name, decision, reason=""):
    """Return a decision of a screener."""
    reason = reason or ("no cold" if decision == "exclude" else "")
    return {"record": name, "decision": decision, "reason": reason, "on": "2026-12-02"}


def pair(one, other, answer=""):
    """Return two records that may be the same."""
    own = {"one": one, "other": other, "answer": answer}
    return dict.fromkeys(PAIR, "") | own


def files():
    """Return the files of a small search: four records, one of them twice, one decided on."""
    records = [record(n) for n in (5, 7, 8, 9)]
    records[3]["same_as"] = "pmid-8"
    return {
        "strategy.yml": STRATEGY,
        f"runs/{FIRST}.yml": RUN,
        "records.csv": (RECORD, records),
        "found.csv": (FOUND, [found(row["record"]) for row in records]),
        "pairs.csv": (PAIR, [pair("pmid-5", "pmid-7"), pair("pmid-8", "pmid-9", "same")]),
        "decisions/ab.csv": (DECISION, [decided("pmid-5", "keep"), decided("pmid-7", "exclude")]),
        "decisions/cd.csv": (DECISION, [decided("pmid-5", "exclude")]),
        "decisions/agreed.csv": (DECISION, [decided("pmid-5", "keep")]),
    }


def write(folder, given):
    """Write files: YAML from what it holds, CSV from columns and rows, bytes as they are."""
    for name, content in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, tuple):
            text = io.StringIO()
            table = csv.DictWriter(text, content[0], lineterminator="\n")
            table.writeheader()
            table.writerows(content[1])
            path.write_text(text.getvalue(), "utf-8")
        else:
            path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")


def load(folder, given, studies=STUDIES):
    """Return the searches that some files hold, and the messages on them."""
    folder = folder / "data/search"
    write(folder, given)
    problems = []
    listed = {key for key, study in studies.items() if study.ref is not None}
    return load_searches(folder, studies, listed, AS_OF, problems), [str(p) for p in problems]


def test_every_record_has_one_state():
    """Whatever is said of a record, it has a state, and each state is had by some."""
    seen = Counter()
    for duplicate, study, decisions, agreed in product(
        (True, False), (None, True, False), CHOICES, (None, "keep", "exclude")
    ):
        state = state_of(duplicate=duplicate, study=study, decisions=decisions, agreed=agreed)
        seen[state] += 1
        differ = len(set(decisions)) > 1
        if duplicate:
            assert state == "duplicate"
        elif study is not None:
            assert state == ("study" if study else "known")
        elif differ:
            assert state == {None: "conflict", "keep": "kept", "exclude": "excluded"}[agreed]
        elif decisions:
            assert state == {"keep": "kept", "exclude": "excluded"}[decisions[0]]
        else:
            assert state == "waiting"
    assert seen.keys() == {*STATES}


def test_nothing_is_no_problem(tmp_path):
    """A review without the folder has no strategy, no run and no record."""
    assert load(tmp_path, {}) == (Searches(new=load(tmp_path, {})[0].new), [])
    assert load(tmp_path, {})[0].tables == RecordTables()


def test_strategy_without_a_run(tmp_path):
    """A strategy alone is no search: nothing was searched whole, nothing identified."""
    searches, said = load(tmp_path, {"strategy.yml": STRATEGY})
    assert said == []
    assert (searches.runs, searches.last_whole, searches.identified()) == ((), None, ())


def test_small_search(tmp_path):
    """Two who differ and agree keep a record; one alone leaves one out; a duplicate waits not."""
    searches, said = load(tmp_path, files())
    assert said == []
    assert searches.states == {
        "pmid-5": "kept",
        "pmid-7": "excluded",
        "pmid-8": "waiting",
        "pmid-9": "duplicate",
    }
    assert len(searches.identified("pubmed")) == 4
    assert searches.identified("embase") == ()


def test_known_studies_and_new_ones(tmp_path):
    """A record of a listed study or an earlier candidate is known, that of a search's is new."""
    given = {name: part for name, part in files().items() if not name.startswith("decisions")}
    given["records.csv"][1][0]["study"] = OF_REVIEW
    given["records.csv"][1][2]["study"] = CANDIDATE
    for found_by, state in (("not recorded", "known"), (BY_SEARCH, "study")):
        searches, said = load(tmp_path, given, candidate(found_by))
        assert said == []
        assert (searches.states["pmid-5"], searches.states["pmid-8"]) == ("known", state)


def test_text_is_text(tmp_path):
    """A formula or a script in a title is the text that it is."""
    titles = ["=HYPERLINK(1)", "<script>alert(1)</script>", 'A "title", with\na line', "Ünïcode ≥"]
    given = files()
    for row, title in zip(given["records.csv"][1], titles, strict=True):
        row["title"] = title
    searches, said = load(tmp_path, given)
    assert said == []
    assert [record.title for record in searches.tables.records.values()] == titles


def set_cell(file, row, **cells):
    """Return a change of some cells of a row, from 1."""
    return lambda given: given[file][1][row - 1].update(cells)


def add_row(file, row):
    """Return a change that adds a row."""
    return lambda given: given[file][1].append(row)


def set_run(**fields):
    """Return a change of some fields of the run."""
    return lambda given: given.update({f"runs/{FIRST}.yml": RUN | fields})


def set_source(number, **fields):
    """Return a change of some fields of a source of the strategy, from 1."""

    def change(given):
        sources = [source.copy() for source in STRATEGY["sources"]]
        sources[number - 1].update(fields)
        given["strategy.yml"] = STRATEGY | {"sources": sources}

    return change


def set_bytes(file, content):
    """Return a change of a whole file."""
    return lambda given: given.update({file: content})


S, R = "strategy.yml: ", f"runs/{FIRST}.yml: "
WITHOUT = "one; allowed: a string that PubMed can read"
HEADER = ",".join(RECORD).encode()
BAD = {
    S + f"row 1, column string: found an opening bracket without its closing {WITHOUT}": (
        set_source(1, string="(cold OR ice")
    ),
    S + f"row 1, column string: found a closing bracket without its opening {WITHOUT}": (
        set_source(1, string="cold OR ice)")
    ),
    S + f"row 1, column string: found a quotation mark without its closing {WITHOUT}": (
        set_source(1, string='"cold OR ice')
    ),
    S + "row 1, column string: found nothing; allowed: what the interface is sent": (
        set_source(1, string=None)
    ),
    S + 'row 2, column id: found "pubmed"; allowed: each source once': set_source(2, id="pubmed"),
    R + 'source: found "pubmedd"; allowed: a source of strategy.yml: did you mean pubmed? '
    "One of pubmed, embase": set_run(source="pubmedd"),
    R + "found 3 fetched of 4 hits; allowed: 4": set_run(fetched=3, new=3),
    R + "found 5 fetched of 4 hits; allowed: 4": set_run(fetched=5),
    R
    + 'on: found "2027-01-01"; allowed: 2026-12-31 or earlier, the day that the build was given': (
        set_run(on=dt.date(2027, 1, 1))
    ),
    R + f'found "{FIRST}.yml"; allowed: 2026-11-30-pubmed.yml, its day and source': (
        set_run(on=dt.date(2026, 11, 30))
    ),
    R + "found 2 found and 1 missed; allowed: 2 in all, the known studies asked for": (
        set_run(known_found=2)
    ),
    R + "new: found 3; allowed: 4, the records of records.csv that it found first": set_run(new=3),
    R + "new: found 5; allowed: 4 or fewer, the records that came": set_run(new=5),
    'records.csv: row 5, column record: found "pmid-9" twice; allowed: each record once': (
        add_row("records.csv", record(9))
    ),
    'records.csv: row 1, column record: found "Title"; allowed: a name like pmid-39883054, '
    "doi-0a1b2c3d4e, x-0a1b2c3d4e or nct01234567": set_cell("records.csv", 1, record="Title"),
    'records.csv: row 1, column pmid: found "6"; allowed: that of the record pmid-5': (
        set_cell("records.csv", 1, pmid="6")
    ),
    'records.csv: row 1, column same_as: found "pmid-9", itself a duplicate; '
    "allowed: a record that is no duplicate": set_cell("records.csv", 1, same_as="pmid-9"),
    'records.csv: row 1, column same_as: found "pmid-5"; allowed: another record of this table': (
        set_cell("records.csv", 1, same_as="pmid-5")
    ),
    f'records.csv: row 4, column study: found "{OF_REVIEW}"; '
    "allowed: nothing, or the study of pmid-8, of which it is a duplicate": (
        set_cell("records.csv", 4, study=OF_REVIEW)
    ),
    f'records.csv: row 3, column study: found "{OF_REVIEW}x"; allowed: the key of a study: '
    f"did you mean {OF_REVIEW}? One of {OF_REVIEW}, {CANDIDATE}": set_cell(
        "records.csv", 3, study=f"{OF_REVIEW}x"
    ),
    'records.csv: row 1, column doi: found "https://doi.org/10.1/x"; '
    "allowed: a DOI without address, like 10.1000/182": (
        set_cell("records.csv", 1, doi="https://doi.org/10.1/x")
    ),
    'records.csv: row 1, column year: found "10 15"; allowed: a year, like 2025': (
        set_cell("records.csv", 1, year="10 15")
    ),
    'records.csv: row 1, column first_seen: found "2026-11-01-pubmed"; '
    "allowed: a run that found.csv has for pmid-5": (
        set_cell("records.csv", 1, first_seen="2026-11-01-pubmed")
    ),
    "records.csv: found a byte order mark, as spreadsheets save it; "
    "allowed: UTF-8 without byte order mark": (
        set_bytes("records.csv", b"\xef\xbb\xbf" + HEADER + b"\n")
    ),
    "records.csv: row 0 (header): found semicolons between cells; allowed: commas": (
        set_bytes("records.csv", HEADER.replace(b",", b";") + b"\n")
    ),
    "records.csv: found no rows; allowed: at least one row": (
        set_bytes("records.csv", HEADER + b"\n")
    ),
    "records.csv: found field larger than field limit (131072); allowed: comma-separated cells": (
        set_bytes("records.csv", HEADER + b"\n" + b"a" * 10**6 + b"\n")
    ),
    'found.csv: row 5, column record: found "pmid-6"; allowed: a record of records.csv': (
        add_row("found.csv", found("pmid-6"))
    ),
    'found.csv: found no row of the record "pmid-9"; allowed: every record was found somewhere': (
        lambda given: given["found.csv"][1].pop()
    ),
    'found.csv: row 5, column source: found "pubmed" twice for pmid-5; '
    "allowed: each source once a record": add_row("found.csv", found("pmid-5")),
    'found.csv: row 5, column run: found "2026-12-01-embase"; '
    f"allowed: a run of embase: did you mean {FIRST}? One of {FIRST}": (
        add_row("found.csv", found("pmid-5", "embase", "2026-12-01-embase"))
    ),
    'pairs.csv: row 1, column answer: found "yes"; allowed: same, different, or nothing': (
        set_cell("pairs.csv", 1, answer="yes")
    ),
    'pairs.csv: row 2: found "different", but records.csv joins the two; allowed: one of both': (
        set_cell("pairs.csv", 2, answer="different")
    ),
    'pairs.csv: row 1: found "same", but records.csv does not join the two; '
    "allowed: both, or neither: same_as in records.csv": set_cell("pairs.csv", 1, answer="same"),
    "pairs.csv: row 3: found the pair pmid-7 and pmid-5 again; "
    "allowed: two records, each pair once": (add_row("pairs.csv", pair("pmid-7", "pmid-5"))),
    "pairs.csv: row 1: found one record; allowed: two records, each pair once": (
        set_cell("pairs.csv", 1, other="pmid-5")
    ),
    'pairs.csv: row 1: found "pmid-6"; allowed: a record of records.csv': (
        set_cell("pairs.csv", 1, other="pmid-6")
    ),
    'decisions/ab.csv: row 1, column decision: found "maybe"; allowed: keep or exclude': (
        set_cell("decisions/ab.csv", 1, decision="maybe")
    ),
    "decisions/ab.csv: row 2, column reason: found nothing; allowed: why, for an exclusion": (
        set_cell("decisions/ab.csv", 2, reason="")
    ),
    'decisions/ab.csv: row 3, column record: found "pmid-9", a duplicate of pmid-8; '
    "allowed: decide on pmid-8": add_row("decisions/ab.csv", decided("pmid-9", "keep")),
    'decisions/ab.csv: row 3, column record: found "pmid-6"; allowed: a record of records.csv': (
        add_row("decisions/ab.csv", decided("pmid-6", "keep"))
    ),
    'decisions/ab.csv: row 3, column record: found "pmid-7" twice; '
    "allowed: one decision a record": add_row("decisions/ab.csv", decided("pmid-7", "keep")),
    "decisions/agreed.csv: row 2: found a decision on pmid-7, "
    "on which the screeners do not differ; allowed: conflicts only": add_row(
        "decisions/agreed.csv", decided("pmid-7", "keep")
    ),
    f'decisions: found "exclude" on pmid-7, which reports {OF_REVIEW}, an included study; '
    "allowed: one of both": set_cell("records.csv", 2, study=OF_REVIEW),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input(tmp_path, message):
    """Each wrong file has its message; without the change there is none."""
    given = files()
    BAD[message](given)
    _, said = load(tmp_path, given)
    assert f"data/search/{message}" in said


def test_a_folder_is_no_file(tmp_path):
    """A folder of the name of a file is said to be one that cannot be read."""
    given = files()
    del given["records.csv"], given["pairs.csv"]
    (tmp_path / "data/search/records.csv").mkdir(parents=True)
    _, said = load(tmp_path, given)
    assert "data/search/records.csv: found is a directory; allowed: a file that can be read" in said


def test_every_study_of_a_search_has_a_record(tmp_path):
    """A study that searches found has a record as soon as there is a run, and not before."""
    studies = candidate(BY_SEARCH)
    message = (
        f'data/search/records.csv: found no record of "{CANDIDATE}", found by {BY_SEARCH}; '
        "allowed: every study that a search found has one"
    )
    assert message in load(tmp_path, files(), studies)[1]
    assert load(tmp_path / "before", {"strategy.yml": STRATEGY}, studies)[1] == []


@pytest.mark.parametrize(
    ("fewer", "hits", "fetched", "right"),
    [
        (True, 170, 168, True),
        (True, 170, 166, False),
        (True, 1000, 980, True),
        (True, 1000, 979, False),
        (False, 170, 169, False),
        (False, 170, 170, True),
    ],
)
def test_a_source_that_gives_fewer(tmp_path, fewer, hits, fetched, right):
    """A source known for it may give up to 3, or 2%, fewer than it announces; no other may."""
    given = {"strategy.yml": STRATEGY, f"runs/{FIRST}.yml": RUN}
    set_source(1, gives_fewer=fewer)(given)
    set_run(hits=hits, fetched=fetched, new=0)(given)
    assert (load(tmp_path, given)[1] == []) is right


def on_days(tmp_path, **days):
    """Return searches of some sources on some days of December 2026."""
    given = {"strategy.yml": STRATEGY}
    for source, numbers in days.items():
        for day in numbers:
            on = dt.date(2026, 12, day)
            given[f"runs/{on}-{source}.yml"] = RUN | {
                "source": source,
                "on": on,
                "new": 0,
            }
    return load(tmp_path, given, {})[0]


@pytest.mark.parametrize(
    ("pubmed", "embase", "whole"),
    [((), (), None), ((3,), (), None), ((3,), (9,), 3), ((3, 20), (9,), 9), ((3, 20), (9, 21), 20)],
)
def test_a_search_is_whole_when_every_source_was_searched(tmp_path, pubmed, embase, whole):
    """The last whole search is of the day up to which each required source was searched."""
    last = on_days(tmp_path, pubmed=pubmed, embase=embase).last_whole
    assert (last and last.on) == (dt.date(2026, 12, whole) if whole else None)


def test_a_version_was_not_searched_later_than_it_was(tmp_path):
    """A version says no later day than the source that is behind; the source review's stands."""
    before = dt.date(2025, 3, 31)
    version = opened().source.versions.present

    def said(searches, day, on=AS_OF):
        entry = version.model_copy(update={"date": on, "searched_through": day})
        return [str(p) for p in overstated([entry], searches, before, "data/versions.yml")]

    place = "data/versions.yml: row 1, column searched_through: found"
    both = on_days(tmp_path / "both", pubmed=(3, 20), embase=(9,))
    assert said(both, before) == said(both, dt.date(2026, 12, 9)) == said(both, None) == []
    allowed = "2026-12-09 or earlier, the last run of embase"
    assert said(both, dt.date(2026, 12, 10)) == [f'{place} "2026-12-10"; allowed: {allowed}']
    allowed = "2025-03-31 or earlier: embase was not searched yet"
    day = dt.date(2026, 12, 5)
    assert said(both, day, on=day) == [f'{place} "2026-12-05"; allowed: {allowed}']
    allowed = "2025-03-31 or earlier: strategy.yml names no source that a search needs"
    assert said(Searches(), day) == [f'{place} "2026-12-05"; allowed: {allowed}']


@pytest.mark.parametrize("seed", range(40))
def test_any_sequence_of_finds_and_decisions_balances(tmp_path, seed):
    """Records found, joined, decided and agreed at random: states part them, no one is lost."""
    chance = random.Random(seed)  # noqa: S311 - a sequence that can be had again
    number = chance.randint(1, 25)
    records = [record(n) for n in range(number)]
    given = {"strategy.yml": STRATEGY, f"runs/{FIRST}.yml": RUN | {"new": number}}
    given[f"runs/{FIRST}.yml"] |= {"hits": number, "fetched": number}
    again = [row for row in records if chance.random() < 0.3]
    second = RUN | {"source": "embase", "hits": len(again), "fetched": len(again), "new": 0}
    given["runs/2026-12-01-embase.yml"] = second
    rows = [found(row["record"]) for row in records]
    rows += [found(row["record"], "embase", "2026-12-01-embase") for row in again]
    first = [row for row in records if chance.random() < 0.7] or records[:1]
    for row in records:
        if row not in first and chance.random() < 0.8:
            row["same_as"] = chance.choice(first)["record"]
        elif chance.random() < 0.2:
            row["study"] = OF_REVIEW
    free = [row["record"] for row in records if not row["same_as"] and not row["study"]]
    chosen = {
        who: {r: chance.choice(["keep", "exclude"]) for r in free if chance.random() < 0.6}
        for who in ("ab", "cd")
    }
    differ = [r for r in free if len({c[r] for c in chosen.values() if r in c}) == 2]
    agreed = {r: chance.choice(["keep", "exclude", ""]) for r in differ if chance.random() < 0.7}
    given |= {"records.csv": (RECORD, records), "found.csv": (FOUND, rows)}
    for who, answers in (chosen | {"agreed": agreed}).items():
        if answers:
            table = [decided(name, answer) for name, answer in answers.items()]
            given[f"decisions/{who}.csv"] = (DECISION, table)
    searches, said = load(tmp_path, given)
    assert said == []
    parts = [searches.records_in(state) for state in STATES]
    assert sorted(name for part in parts for name in part) == sorted(r["record"] for r in records)
    assert {*searches.records_in("conflict")} == {r for r in differ if not agreed.get(r)}
    boxes = {box.title: box.number for box in searched(searches)}
    assert boxes[IDENTIFIED] == len(rows)
    assert boxes[DUPLICATES] == len(again) + sum(bool(row["same_as"]) for row in records)
    assert unbalanced_records(boxes) == []


def test_boxes_of_a_small_search(tmp_path):
    """The column of databases has each record in its box, by source; before a run it has words."""
    boxes = searched(load(tmp_path, files())[0])
    assert boxes[0].words == "PubMed: 4"
    assert [box.number for box in boxes] == [4, 1, 0, 1, 0, 2, 1, 1, 1]
    before = searched(load(tmp_path / "before", {"strategy.yml": STRATEGY})[0])
    assert {(box.number, box.words) for box in before} == {(None, NOT_SEARCHED)}


def test_the_flow_has_what_searches_found(tmp_path):
    """The flow of the review shows the records of searches, and still balances."""
    review = opened()
    searches, _ = load(tmp_path, files())
    found = flow(replace(review, source=replace(review.source, searches=searches)))
    assert found.columns[DATABASES][0].number == 4
    assert found.columns[OTHERS] == flow(review).columns[OTHERS]
    assert found.totals == flow(review).totals


@pytest.mark.parametrize("title", [IDENTIFIED, DUPLICATES, SCREENED, LEFT_OUT])
def test_boxes_that_do_not_add_up_are_said(tmp_path, title):
    """One record more in a box than in those that it is made of is a problem."""
    boxes = {box.title: box.number for box in searched(load(tmp_path, files())[0])}
    more = boxes | {title: boxes[title] + 1}
    said = unbalanced_records(more)
    assert said
    if title == IDENTIFIED:
        parts = "duplicates removed + of studies already in the review + not screened yet"
        assert said == [
            ("5 records identified", f"4: {parts} + screeners differ + records screened")
        ]
