"""The printings of the source review: what is read of each, and how a slip in a file is told."""

import re

import pytest

from livingreview.data.source import load_source
from livingreview.facts.registry import UnknownFact, answer
from livingreview.problems import InvalidData
from livingreview.review import open_review
from project import REPOSITORY

PROTOCOL = "data/protocol.yml"
COLUMNS = "data/source/columns.yml"
DIFFERENCES = "data/source/differences.yml"
TABLE1 = "data/source/published/table1.csv"
LIST = "data/source/published/references.csv"
FIGURES = "data/source/published/figures.yml"
NUMBER = "a whole number"

# What is replaced in which file, and the lines that say so.
SLIPS = {
    "printing without a folder": (
        PROTOCOL, "printing: published", "printing: galley",
        'columns.yml: table2[1].printed: found titles for preprint, published; '
        "allowed: one for each of preprint, galley"),
    "two printings of one name": (
        PROTOCOL, "printing: published", "printing: preprint",
        f'{PROTOCOL}: column source: found "preprint"; allowed: each printing once'),
    "printing with the name of an edition": (
        PROTOCOL, "printing: published", "printing: living",
        f'{PROTOCOL}: column source: found "living"; '
        "allowed: another name than printed, checked, living"),
    "one of two printings without a name": (
        PROTOCOL, "  printing: preprint\n", "",
        f"{PROTOCOL}: column source: found a printing without name; "
        "allowed: a name for each of several"),
    "title of a printing that does not exist": (
        COLUMNS, "published: Positive Outcome", "galley: Positive Outcome",
        f"{COLUMNS}: table2[5].printed: found titles for preprint, galley; "
        "allowed: one for each of preprint, published"),
    "difference of a printing that does not exist": (
        DIFFERENCES, "    published: >-", "    galley: >-",
        f"{DIFFERENCES}: row 1, column prints: found what preprint, galley prints; "
        "allowed: one entry for each of preprint, published"),
    "reference number that maps to no key": (
        LIST, "4,martel-2015,", "4,,",
        f'{LIST}: row 4, column key: found "nothing"; allowed: a key of references.bib'),
    "reference with an unknown key": (
        LIST, "4,martel-2015,", "4,martel-2051,",
        f'{LIST}: row 4, column key: found "martel-2051"; allowed: a key of references.bib'),
    "two references with one key": (
        LIST, "4,martel-2015,", "4,baker-2007,",
        f'{LIST}: row 4, column key: found "baker-2007"; allowed: each key once'),
    "reference number left out": (
        LIST, "4,martel-2015,", "5,martel-2015,",
        f'{LIST}: row 4, column number: found "5"; allowed: 4: the list is counted from 1'),
    "author that the entry does not print": (
        LIST, "4,martel-2015,Martel,", "4,martel-2015,Martell,",
        f'{LIST}: row 4, column author: found "Martell"; allowed: as the entry begins'),
    "year that the entry does not print": (
        LIST, "Martel,2015,", "Martel,2014,",
        f'{LIST}: row 4, column year: found "2014"; allowed: a year of the entry'),
    "citation of a number that the list does not have": (
        TABLE1, "Truong, 2024 [13]", "Truong, 2024 [99]",
        f'{TABLE1}: row 2 (Truong, 2024 [99]), column Author, Year: found "[99]"; '
        f"allowed: a number of {LIST}"),
    "cell that no reader reads": (
        TABLE1, "RCT vs. Sham,180", "RTC vs. Sham,180",
        f'{TABLE1}: row 1 (Radnovich, 2017 [12]), column Design: found "RTC vs. Sham"; '
        "allowed: RCT, OP, OR, CS, CR; each optionally followed by 'vs' and comparators"),
    "word for a number of a figure": (
        FIGURES, "records: 243", "records: many",
        f'{FIGURES}: flow.boxes[3].records: found "many"; allowed: {NUMBER}'),
    "negative number of a figure": (
        FIGURES, "records: 243", "records: -243",
        f'{FIGURES}: flow.boxes[3].records: found "-243"; allowed: 0 or more'),
    "broken number of a figure": (
        FIGURES, "records: 93}", "records: 93.5}",
        f'{FIGURES}: flow.boxes[1].leaving[1].records: found "93.5"; allowed: {NUMBER}'),
    "number of a figure left out": (
        FIGURES, "      records: 243\n", "",
        f"{FIGURES}: flow.boxes[3].records: found nothing; allowed: this field is required"),
    "step that no flow has": (
        FIGURES, "step: screened", "step: scanned",
        f'{FIGURES}: flow.boxes[3].step: found "scanned"; '
        "allowed: identified, screened, sought, assessed or included"),
    "slice of an unknown nerve": (
        FIGURES, "nerves: [occipital nerve]", "nerves: [occipital]",
        f'{FIGURES}: targets.slices[4].nerves: found "occipital"; '
        "allowed: did you mean occipital nerve?"),
    "two slices of the rest": (
        FIGURES, "studies: 3, nerves: [occipital nerve]", "studies: 3",
        f"{FIGURES}: targets: found Occipital and Other/ Mixed Targets without target; "
        "allowed: nerves or regions but for one"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "line"), SLIPS.values(), ids=list(SLIPS))
def test_a_slip_is_told_with_its_place(data_copy, edit, file, old, new, line):
    """A slip in a printing's files says file, place, what was found and what is allowed."""
    edit(data_copy / file, old, new)
    with pytest.raises(InvalidData) as refused:
        _ = [open_review(data_copy / "data").in_edition(name) for name in ("printed", "published")]
    assert any(str(problem).endswith(line) for problem in refused.value.problems), refused.value


def test_numbers_that_do_not_add_up_are_no_error(data_copy, edit):
    """A figure whose numbers contradict each other is read: that is a finding."""
    edit(data_copy / FIGURES, "records: 243", "records: 244")
    assert load_source(data_copy / "data").printings["published"].figures is not None


def test_each_work_has_one_key_whatever_its_number(root):
    """Both lists are whole, name works of the bibliography, and share all works but three."""
    source = load_source(root / "data")
    first, second = (printing.references for printing in source.printings.values())
    for listed in (first, second):
        assert list(listed) == list(range(1, len(listed) + 1))
        assert {work.key for work in listed.values()} <= set(source.references)
    keys = [{work.key for work in listed.values()} for listed in (first, second)]
    assert keys[0] - keys[1] == {"gabriel-2019"}
    assert keys[1] - keys[0] == {"martel-2015", "poenaru-2023"}


def test_the_same_rows_cite_the_same_works(root):
    """Row by row, the tables of both printings cite one work, under the numbers of each list."""
    source = load_source(root / "data")
    for table in ("table1", "table2"):
        cited = [
            [
                printing.references[int(re.search(r"\[(\d+)\]", row["study"])[1])].key
                for row in getattr(printing, table).rows
            ]
            for printing in source.printings.values()
        ]
        assert cited[0] == cited[1]
        assert len(cited[0]) > 10


def test_another_printing_is_an_edition(review):
    """A fact is asked of the printed edition unless it names another printing."""
    assert review.editions == ("printed", "checked", "living", "published")
    asked = {name: answer(review, f"references{name}") for name in ("", "(edition=published)")}
    assert asked[""].value.value + 1 == asked["(edition=published)"].value.value
    assert asked["(edition=published)"].edition == "published"
    published = review.in_edition("published")
    assert published.printed is review.printed
    assert published.checked is review.checked
    for name in ("preprint", "galley"):  # the first printing is the printed edition itself
        with pytest.raises(UnknownFact, match=f"published; not {name}"):
            answer(review, f"references(edition={name})")
        with pytest.raises(LookupError, match=f"published; not {name}"):
            review.in_edition(name)


def test_a_statement_may_differ_between_printings(review):
    """What the methods of either printing state is asked of its edition."""
    item = "stated(item=peer_reviewed_only, place=methods)"
    assert review.fact(item).value.text == "yes"
    assert review.in_edition("published").fact(item).value.text == "not stated"


def test_one_printing_needs_no_folder():
    """A review with one printing has its tables in the folder of the source, and no name for it."""
    source = load_source(REPOSITORY / "tests/second_review/data")
    assert list(source.printings) == [""]
    assert source.table1.file == "source/table1.csv"
    assert not source.tells("printings")
    assert not source.tells("figures")
