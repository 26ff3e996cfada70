"""A review of another treatment builds with the same library, and speaks its own words."""

import csv
import inspect
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from builds import build
from livingreview import pages
from livingreview.book import chapters
from livingreview.data.protocol import EDITIONS
from livingreview.facts import FACTS
from livingreview.facts.used import all_facts
from livingreview.review import Review, open_review
from livingreview.show.html import Html
from project import REPOSITORY
from subject import column_titles, naming, own_words

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def other() -> Review:
    """Return the invented review."""
    return open_review(HERE / "data")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built site of the invented review."""
    book = tmp_path_factory.mktemp("second") / "book"
    shutil.copytree(HERE, book, ignore=shutil.ignore_patterns("*.py", "__pycache__", "_build"))
    built = build(book)
    assert built.returncode == 0, built.stdout + built.stderr
    return book / "_build/html"


def text_of(site: Path) -> str:
    """Return the text of all pages, without tags."""
    pages = (path.read_text("utf-8") for path in sorted(site.rglob("*.html")))
    found = (BeautifulSoup(page, "html.parser").get_text(" ") for page in pages)
    return " ".join(" ".join(found).split())


def test_it_is_another_review():
    """The two share no title but common ones, no name of a list and no phrase."""
    ours, theirs = (own_words(data) for data in (REPOSITORY / "data", HERE / "data"))
    assert not {w.casefold() for w in ours} & {w.casefold() for w in theirs}
    assert not column_titles(REPOSITORY / "data") & column_titles(HERE / "data")


def test_every_fact_has_an_answer(other):
    """Each fact that needs no argument is answered, in every edition, or not listed."""
    listed = {fact.id.partition("(")[0] for fact in all_facts(other, chapters(HERE))}
    for name, known in FACTS.items():
        if not known.required():
            told = known.needs is None or other.source.tells(known.needs)
            assert (name in listed) == told, name
            for edition in EDITIONS:
                assert other.in_edition(edition).fact(name).value.text, name


def test_its_table_is_read(other):
    """A column of comparators, months alone, words that mean a number: all are read."""
    studies = other.studies.set_index("key")
    assert studies.at["birch-2013", "comparators"] == ("stretching class",)
    assert list(studies.loc["dogwood-2018", ["followup_min_months", "followup_max_months"]]) == [
        2,
        9,
    ]
    halved = other.outcomes[other.outcomes["kind"] == "responder"]
    assert set(halved["threshold_percent"]) == {50}
    assert set(halved["threshold_rule"]) == {">="}
    assert other.targets.empty
    assert other.printed_verdicts.empty


def test_its_pages_show_its_own_words(site, other):
    """Every measure, comparator, event, design and printed result of it stands on its pages."""
    text = text_of(site)
    words = other.source.vocabulary
    expected = [term.meaning for term in words.designs.entries]
    for terms in (words.comparators, words.measures, words.events):
        expected += [name for name in terms.by_name if name != "treatment"]
    expected += [cells["outcomes"] for cells in other.source.table1.rows]
    assert [said for said in expected if said not in text] == []


def test_its_pages_show_none_of_the_words_of_the_first_review(site):
    """No nerve, region, comparator, measure or phrase of the other review stands on its pages."""
    data = REPOSITORY / "data"
    titles = {title for title in column_titles(data) if " " in title}
    text = text_of(site)
    assert len(text) > 10_000
    assert naming(own_words(data) | titles).search(text) is None
    assert "nerve" not in text.casefold()


def test_its_files_name_its_columns(site):
    """A row to take along says by the printed title which cell it was read from."""
    with (site / "data/printed/outcomes.csv").open(encoding="utf-8", newline="") as file:
        places = {row["locator"].partition(", ")[2] for row in csv.DictReader(file)}
    assert places == {"What was found"}


SHOWN = [
    pytest.param(function, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in (getattr(pages, name) for name in pages.__all__)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
    and not name.startswith("_")
    and inspect.signature(function).return_annotation == "Html"
    and list(inspect.signature(function).parameters)[:1] == ["review"]
    and not [
        name
        for name, parameter in list(inspect.signature(function).parameters.items())[1:]
        if parameter.default is parameter.empty
    ]
]


@pytest.mark.parametrize("show", SHOWN)
def test_every_table_and_chart_copes(other, show, monkeypatch):
    """What a page can show it shows of this review, too; only what is about nerves names any."""
    monkeypatch.chdir(HERE / "chapters")
    shown = show(other)
    assert isinstance(shown, Html)
    if show.__name__ not in ("nerves_table", "regions_chart", "downloads_table"):
        assert "nerve" not in BeautifulSoup(shown.html, "html.parser").get_text().casefold()
