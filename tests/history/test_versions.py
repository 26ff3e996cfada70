"""Versions: slips in their files, what is overdue, what a snapshot holds, what changed."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest

from livingreview.book import Chapter, chapters
from livingreview.data.versions import AS_OF, Snapshot, load_versions
from livingreview.history import snapshot as kept
from livingreview.history.changes import Change, changes, changes_in, searched, standing
from livingreview.pages import news
from versions import FILE, NEW, OLD, digest

SLIPS = {
    "version twice": (
        "version: 0.2.0",
        "version: 0.1.0",
        'row 2, column version: found "0.1.0"; '
        "allowed: a number above 0.1.0, each once, the newest last",
    ),
    "dates out of order": (
        "date: 2026-03-10",
        "date: 2026-01-09",
        'row 2, column date: found "2026-01-09"; allowed: 2026-01-10 or later, the date of 0.1.0',
    ),
    "search after its version": (
        "searched_through: 2025-12-31",
        "searched_through: 2026-01-31",
        'row 1, column searched_through: found "2026-01-31"; '
        "allowed: 2026-01-10 or earlier, the date of the version",
    ),
    "no summary": (
        "  summary: What the first holds.\n",
        "",
        "row 1, column summary: found nothing; allowed: this field is required",
    ),
    "unknown field": (
        "schedule: null",
        "schedule: null\n  colour: blue",
        'row 1, column colour: found "blue"; allowed: only the fields of this file\'s description',
    ),
    "word for a date": (
        "next_search_due: null",
        "next_search_due: soon",
        'row 1, column next_search_due: found "soon"; allowed: a date, like 2025-03-31',
    ),
}


@pytest.fixture
def folder(tmp_path):
    """Return a folder ``data`` with two versions and the snapshot of the first."""
    data = tmp_path / "data"
    (data / "versions").mkdir(parents=True)
    (data / "versions.yml").write_text(FILE, "utf-8")
    (data / "versions" / "0.1.0.json").write_text(kept.as_json(OLD.model_dump()), "utf-8")
    return data


def lines(folder, as_of=None):
    """Return what is wrong with the versions of a folder."""
    problems = []
    load_versions(folder / "versions.yml", problems, as_of)
    return [str(problem) for problem in problems]


def test_versions_are_read_with_what_was_kept(folder):
    """The last version is the present one; the one before it has its snapshot."""
    problems = []
    found = load_versions(folder / "versions.yml", problems)
    assert problems == []
    assert (found.preceding.version, found.present.version) == ("0.1.0", "0.2.0")
    assert found.snapshots == {"0.1.0": OLD}
    assert changes_in(found, "0.2.0") is None


@pytest.mark.parametrize(("old", "new", "line"), SLIPS.values(), ids=list(SLIPS))
def test_slip_gives_one_line(folder, edit, old, new, line):
    """One slip gives one line that says where, what was found and is allowed."""
    edit(folder / "versions.yml", old, new)
    assert f"data/versions.yml: {line}" in lines(folder)


def test_date_in_the_future_of_the_given_day(folder):
    """A date after the day that the build is given is refused; the next search may be later."""
    assert lines(folder, dt.date(2026, 3, 10)) == []
    assert lines(folder, dt.date(2026, 3, 9)) == [
        'data/versions.yml: row 2, column date: found "2026-03-10"; '
        "allowed: 2026-03-09 or earlier, the day that the build was given"
    ]


def test_day_comes_from_the_environment(folder, monkeypatch):
    """The build is given its day; a day that is none is named."""
    monkeypatch.setenv(AS_OF, "2026-09-01")
    assert load_versions(folder / "versions.yml", []).as_of == dt.date(2026, 9, 1)
    monkeypatch.setenv(AS_OF, "today")
    assert lines(folder) == [
        f'{AS_OF}: found "today"; allowed: a date, like 2025-03-31, or nothing'
    ]
    monkeypatch.delenv(AS_OF)
    assert load_versions(folder / "versions.yml", []).as_of is None


def test_version_without_snapshot(folder):
    """A version that is no longer the present one needs what it said."""
    (folder / "versions" / "0.1.0.json").unlink()
    assert lines(folder) == [
        "data/versions/0.1.0.json: found no such file; allowed: a file of this name"
    ]


def test_snapshot_that_does_not_parse(folder, edit):
    """A broken or altered snapshot is named with its line or field."""
    path = folder / "versions" / "0.1.0.json"
    path.write_text('{\n "edition": \n}\n', "utf-8")
    (line,) = lines(folder)
    assert line.startswith("data/versions/0.1.0.json: line 3: found Expecting value")
    path.write_text(json.dumps(OLD.model_dump() | {"mood": "good"}), "utf-8")
    assert lines(folder) == [
        'data/versions/0.1.0.json: column mood: found "good"; '
        "allowed: only the fields of this file's description"
    ]


def test_snapshot_that_was_written_again(folder, edit):
    """What a version said stays: a file that is another than the one that was kept is refused."""
    edit(folder / "versions" / "0.1.0.json", "There are 2 studies.", "There are 3 studies.")
    (line,) = lines(folder)
    assert line.startswith("data/versions/0.1.0.json: found ")
    assert f"allowed: {digest(OLD)}, as kept in data/versions.yml" in line


def test_snapshot_of_no_version(folder):
    """A file of a version that there is not is refused; so is one that no entry vouches for."""
    (folder / "versions" / "0.3.0.json").write_text(kept.as_json(NEW.model_dump()), "utf-8")
    (line,) = lines(folder)
    assert 'data/versions/0.3.0.json: found "0.3.0.json"; allowed: files of versions' in line
    (folder / "versions" / "0.3.0.json").rename(folder / "versions" / "0.2.0.json")
    (line,) = lines(folder)
    assert f"allowed: {digest(NEW)}, as kept in data/versions.yml: its digest" in line


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (None, "2026-08-31; this build was given no day to compare it with"),
        (dt.date(2026, 8, 31), "2026-08-31; not overdue on 2026-08-31"),
        (dt.date(2026, 9, 2), "2026-08-31; overdue on 2026-09-02 by 2 days"),
    ],
)
def test_overdue_is_computed_from_the_given_day(folder, as_of, said):
    """The day of the search itself is not overdue; without a day nothing is compared."""
    found = load_versions(folder / "versions.yml", [], as_of)
    assert standing(found.present, as_of) == said
    assert standing(found.entries[0], as_of) == "not set"


def test_every_kind_of_change_is_found():
    """Studies, values, facts, verdicts and sentences that changed, and pages that came or went."""
    found = changes(OLD, NEW)
    assert (found.studies_added, found.studies_removed) == (("c",), ("b",))
    assert found.values == (Change("a", "patients", "10", "12"),)
    assert found.facts == (Change("studies", None, "2", "3"),)
    assert found.claims == (Change("c1", None, "reproduced", "contradicted"),)
    assert found.sentences == (
        Change("index", None, "There are 2 studies.", "There are 3 studies."),
        Change("index", None, "Old.", None),
    )
    assert (found.pages_added, found.pages_removed) == (("chapters/new",), ("chapters/gone",))
    assert found.counts["sentences changed"] == 2
    assert (found.counts["values changed"], found.counts["values filled in or taken out"]) == (1, 0)


def test_a_corrected_result_is_a_change():
    """A count that is another now is news of its study; a study that is new brings no such news."""
    before = OLD.model_copy(update={"results": {"a": {"responder": "27 of 39"}, "b": {"x": "1"}}})
    after = NEW.model_copy(update={"results": {"a": {"responder": "28 of 39"}, "c": {"x": "1"}}})
    found = changes(before, after).values
    assert Change("a", "responder", "27 of 39", "28 of 39") in found
    assert {change.what for change in found} == {"a"}
    assert changes(OLD, after).values == changes(OLD, NEW).values, "0.1.0 kept no results"


def test_nothing_changes_between_equal_states():
    """A state compared with itself has no change of any kind."""
    assert set(changes(OLD, OLD).counts.values()) == {0}


def test_value_that_came_or_went():
    """A value that one version does not have is told from one that changed."""
    new = OLD.model_copy(update={"studies": {"a": {"year": 2019, "doi": "10.1/x"}, "b": {}}})
    assert changes(OLD, new).values_changed == ()
    assert changes(OLD, new).values_filled == (
        Change("a", "doi", None, "10.1/x"),
        Change("a", "patients", "10", None),
        Change("b", "patients", "5", None),
        Change("b", "randomised", "yes", None),
    )


def test_changes_between_kept_versions(folder):
    """Once the present version is kept too, its changes are those of the two snapshots."""
    (folder / "versions" / "0.2.0.json").write_text(kept.as_json(NEW.model_dump()), "utf-8")
    (folder / "versions.yml").write_text(f"{FILE}  kept: {digest(NEW)}\n", "utf-8")
    problems = []
    found = load_versions(folder / "versions.yml", problems)
    assert problems == []
    assert changes_in(found, "0.2.0") == changes(OLD, NEW)
    assert changes_in(found, "0.1.0") is None


PAGE = """\
# A *title*

```{code-cell} ipython3
show.table(review)
```

**Answer.** The {glue}`studies` studies {cite:p}`lee-2020`, {glue}`trials` of them [trials](x.md).

:::{note}
- A note with `code`: {guard}`most are small <review.most("small") > 1>`.
:::

```{bibliography}
```
"""


class FakeReview:
    """A review that answers each fact with its name."""

    def fact(self, name):
        """Answer with the name."""
        return SimpleNamespace(value=SimpleNamespace(text=f"<{name}>"))


def test_sentences_read_as_the_page_does():
    """Facts stand in place; code, marks and the conditions of guards are gone."""
    assert kept.sentences(FakeReview(), Chapter("page.md", PAGE)) == [
        "A *title*",
        "Answer. The <studies> studies (lee-2020), <trials> of them trials.",
        "A note with code: most are small.",
    ]


def test_snapshot_of_the_project_is_deterministic(review, root):
    """The same state gives the same text, which reads back as what it was."""
    first, second = (kept.as_json(kept.snapshot(review, chapters(root))) for _ in range(2))
    assert first == second
    read = Snapshot.model_validate(json.loads(first))
    assert set(changes(read, read).counts.values()) == {0}
    assert len(read.studies) == review.value("studies")
    assert read.facts["studies"] == review.fact("studies").value.text
    assert "Facts on the evidence" in read.sentences["chapters/facts"]


def test_kept_versions_of_the_project_are_read(root):
    """Every version of the project but the present one has its snapshot."""
    problems = []
    found = load_versions(root / "data" / "versions.yml", problems)
    assert problems == []
    assert {v.version for v in found.entries[:-1]} <= set(found.snapshots)


def news_of(folder):
    """Return what the page of news asks of a review."""
    source = SimpleNamespace(
        versions=load_versions(folder / "versions.yml", []),
        screening=(),
        references={},
        studies={},
        searches=SimpleNamespace(strategy=None, last_whole=None),
    )
    living = SimpleNamespace(
        fact=lambda name: SimpleNamespace(definition=f"All {name}"), studies={"key": ["a", "c"]}
    )
    return SimpleNamespace(source=source, living=living)


def test_page_of_news_says_what_changed(folder):
    """Each kind of change has its table, with what stood before and what stands now."""
    text = news.changes_tables(news_of(folder), changes(OLD, NEW)).text
    assert "Changes from version 0.1.0 to version 0.2.0" in text
    for caption in (
        "Studies added and removed",
        "Values changed: 1",
        "Facts that moved: 1",
        "Verdicts changed: 1",
        "Sentences changed: 2",
        "Pages added: new.",
        "Pages removed: gone.",
    ):
        assert caption in text
    assert "All studies" in text


def test_page_of_news_without_changes(folder):
    """Nothing changed gives the counts alone."""
    text = news.changes_tables(news_of(folder), changes(OLD, OLD)).text
    assert text.count("\n\n") == 0
    assert "Sentences changed" in text


def test_first_version_has_nothing_before_it(folder):
    """A first version says so, and needs no snapshot."""
    path = folder / "versions.yml"
    path.write_text(FILE.partition("- version: 0.2.0")[0], "utf-8")
    assert lines(folder) == []
    assert news.changes_tables(news_of(folder), None).text == news.FIRST


def test_status_tells_the_three_dates_apart(folder, monkeypatch):
    """Searched, integrated and due stand by themselves; what is overdue is marked."""
    monkeypatch.setenv(AS_OF, "2026-09-02")
    shown = news.status_table(news_of(folder))
    for said in ("2026-02-28", "2026-03-01", "overdue on 2026-09-02 by 2 days", "not set"):
        assert said in shown.text
    assert "<strong>2026-08-31; overdue" in shown.html


def test_whose_search_it_was_is_said(folder):
    """A day that is the source review's own is not called ours; a whole search of ours is."""
    source = news_of(folder).source
    source.searches = SimpleNamespace(strategy="planned", last_whole=None)
    assert searched(source) == "2026-02-28, by the source review; no search was run since"
    source.searches = SimpleNamespace(strategy="planned", last_whole="a run")
    assert searched(source) == "2026-02-28"


def test_versions_are_listed_newest_first(folder, monkeypatch):
    """Each version has a row with what triggered it."""
    text = news.versions_table(news_of(folder)).text
    assert text.index("A new trial.") < text.index("The first.")
