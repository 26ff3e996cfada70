"""What changed between printings: small invented cases, and the counts taken from the files."""

import csv
from types import SimpleNamespace

import pytest

from livingreview.data.printed import ListedWork
from livingreview.data.references import Reference
from livingreview.evidence.printings import (
    BLANK,
    MISSPELT,
    OPEN,
    TWICE,
    UNLIKE_AUTHOR,
    UNLIKE_FIRST,
    UNLIKE_YEAR,
    _differing,
    changes,
    slips,
)
from livingreview.review import open_review
from project import REPOSITORY

COMPARISON = "Comparison between Cryo, Pulsed, Cooled, and Conventional RF"
FOLDERS = ("preprint", "published")


def cells(root, table):
    """Return the rows of a printed table in either printing, straight from the files."""
    found = []
    for folder in FOLDERS:
        with (root / f"data/source/{folder}/{table}.csv").open(encoding="utf-8") as file:
            found.append(list(csv.reader(file))[1:])
    return found


@pytest.mark.parametrize(("part", "table"), [("table 1", "table1"), ("table 2", "table2")])
def test_every_cell_is_compared_once(review, root, part, table):
    """Of each table there are as many rows as cells, and those that are alike are said to be so."""
    rows = changes(review)
    rows = rows[rows["part"] == part]
    before, after = cells(root, table)
    assert len(rows) == sum(map(len, before)) == sum(map(len, after))
    alike = [
        " ".join(old.split()) == " ".join(new.split())
        for one, other in zip(before, after, strict=True)
        for old, new in list(zip(one, other, strict=True))[1:]  # but for the citation
    ]
    assert sum(alike) == len(rows[(rows["kind"] == "same") & ~rows["field"].str.contains("Year")])


def test_cells_that_tell_something_else(review):
    """Our own reading of both tables: two names of authors, and a note; all else reads the same."""
    rows = changes(review)
    rows = rows[(rows["part"] != "references") & ~rows["kind"].isin(["same", "wording"])]
    assert list(rows[["part", "key", "before", "after"]].itertuples(index=False, name=None)) == [
        ("table 1", "tinnirello-2020", "", COMPARISON),
        ("table 1", "stogicza-2022", "Stogizka, 2024", "Stogicza, 2024"),
        ("table 1", "kalava-phn-2024", "Kalavla, 2024", "Kalava, 2024"),
        ("table 2", "stogicza-2022", "Stogizka, 2024", "Stogicza, 2024"),
    ]
    published = review.in_edition("published").studies.set_index("key")
    assert published.at["tinnirello-2020", "comparators"] == ("radiofrequency",)


def test_every_work_is_compared(review):
    """Each work of either list is there; it is added or dropped where one list lacks it."""
    rows = changes(review)
    rows = rows[rows["part"] == "references"]
    first, second = (
        {work.key for work in printing.references.values()}
        for printing in review.source.printings.values()
    )
    assert set(rows["key"]) == first | second
    assert set(rows.loc[rows["kind"] == "added", "key"]) == second - first
    assert set(rows.loc[rows["kind"] == "dropped", "key"]) == first - second


@pytest.fixture
def altered(data_copy, edit):
    """Return a function that changes one cell of the later printing and compares again."""

    def run(old, new, table="table1", of=changes):
        edit(data_copy / f"data/source/published/{table}.csv", old, new)
        return of(open_review(data_copy / "data"))

    return run


@pytest.mark.parametrize(
    ("old", "new", "field", "kind"),
    [
        (",4 months,No", ",5 months,No", "Follow Up", "value"),
        (",4 months,No", ",4 Months,No", "Follow Up", "wording"),
        (",120 days,", ",120  days,", "Follow Up", "same"),
        ("vs. Sham,144,", "vs. Sham and RF,144,", "Design", "value"),
        (",144,", ",145,", "Patients", "value"),
        ("Ilfeld, 2023 [14]", "Ilfield, 2023 [14]", "Author, Year", "value"),
    ],
)
def test_a_cell_is_compared_as_text_and_as_read(review, altered, old, new, field, kind):
    """Other signs are wording, another value is other content, blanks between words are nothing."""
    before, after = changes(review), altered(old, new)
    moved = after[(after["after"] != before["after"]) & (after["field"] == field)]
    assert list(moved["kind"]) == [kind]


def test_a_row_too_few_is_dropped(review, data_copy):
    """A row of one printing alone is dropped or added, whole."""
    path = data_copy / "data/source/published/table2.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    rows = changes(open_review(data_copy / "data"))
    (gone,) = rows[(rows["part"] == "table 2") & (rows["kind"] == "dropped")].itertuples()
    assert (gone.key, gone.field, gone.after) == ("yarmohammadi-2011", "row", "")


WORK = Reference("lee-2021", 1, ("Lee",), 2021, "Cold for {H}eels: a trial", None, "article")
TEXT = "Lee, A. Cold for Heels: A Trial. J. Heels 2021, 3, 10\N{EN DASH}12."


@pytest.mark.parametrize(
    ("pages", "author", "year", "text", "fields"),
    [
        ("10-12", "Lee", 2021, TEXT, []),
        ("10-12", "Leigh", 2021, TEXT.replace("Lee", "Leigh"), ["first author"]),
        ("10-12", "Lee", 2020, TEXT.replace("2021", "2020"), ["year"]),
        ("10-12", "Lee", 2021, TEXT.replace("Trial", "Trail"), ["title"]),
        ("11-12", "Lee", 2021, TEXT, ["pages"]),
        ("", "Lee", 2021, TEXT, ["pages"]),
        ("3", "Lee", 2021, TEXT, []),
    ],
)
def test_an_entry_is_compared_part_by_part(pages, author, year, text, fields):
    """Author, year, title and first page are compared; style, case and signs are not."""
    work = SimpleNamespace(title=WORK.title, fields={"pages": pages, "note": "online"})
    first = ListedWork(1, "lee-2021", "Lee", 2021)
    second = ListedWork(3, "lee-2021", author, year, text)
    assert [field for field, *_ in _differing(work, first, second)] == fields


def of(rows, *columns):
    """Return some columns of rows as a set of tuples."""
    return set(rows[list(columns)].itertuples(index=False, name=None))


def test_slips_are_those_that_a_reader_finds(review):
    """Our own reading of the tables gives the same slips, and what became of each."""
    rows = slips(review)
    assert of(rows[rows["state"] == "mended"], "key", "slip") == {
        ("lobianco-2025", UNLIKE_AUTHOR),
        ("stogicza-2022", UNLIKE_AUTHOR),
        ("sarridou-2022", UNLIKE_AUTHOR),
        ("kalava-phn-2024", UNLIKE_AUTHOR),
        ("mendes-andrade-2024", MISSPELT),
    }
    assert of(rows[rows["state"] == "new"], "key", "slip") == {("koethe-2014", MISSPELT)}
    assert of(rows[rows["state"] == "kept"], "key", "slip") == {
        ("yoon-2016", MISSPELT),
        ("yasin-2020", UNLIKE_YEAR),
        ("nezami-2023", UNLIKE_YEAR),
        ("stogicza-2022", UNLIKE_YEAR),
        ("kocan-2022", UNLIKE_AUTHOR),
        ("nemecek-2023", OPEN),
        ("gabriel-2024", TWICE),
        ("bellini-2015", BLANK),
        ("mendes-andrade-2024", BLANK),
        ("gabriel-2024", BLANK),
        ("calixte-2019", UNLIKE_FIRST),
    }


@pytest.mark.parametrize(
    ("old", "new", "table", "key", "slip", "state"),
    [
        ("Paine relief", "Pain relief", "table1", "koethe-2014", MISSPELT, None),
        ("Yasin, 2019", "Yasin, 2020", "table1", "yasin-2020", UNLIKE_YEAR, "mended"),
        ("saphenous, peroneal,", "saphenous, peroneal)", "table1", "nemecek-2023", OPEN, "mended"),
        (
            ",Surgical,YES",
            ",Blind (surgical),YES",
            "table2",
            "calixte-2019",
            UNLIKE_FIRST,
            "mended",
        ),
        (",83,", ",82,", "table2", "das-2023", UNLIKE_FIRST, "new"),
        (",CT,12 months", ",,12 months", "table1", "zhan-2020", BLANK, "new"),
    ],
)
def test_a_slip_follows_the_cell(altered, old, new, table, key, slip, state):
    """A slip that is mended, made or taken back in the later printing changes its state."""
    rows = altered(old, new, table, slips)
    found = rows[(rows["key"] == key) & (rows["slip"] == slip)]
    assert list(found["state"]) == ([] if state is None else [state])


def test_one_printing_changes_nothing():
    """A review with one printing has neither changes nor slips to compare."""
    other = open_review(REPOSITORY / "tests/second_review/data")
    assert changes(other).empty
    assert slips(other).empty
