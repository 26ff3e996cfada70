"""The reference list: names, and whether an entry reads as a conference abstract."""

import pytest

from livingreview.data.references import classify_publication, read_references, surnames_of


@pytest.mark.parametrize(
    ("authors", "surnames"),
    [
        ("Kim, A. and Lo Bianco, G.", ("Kim", "Lo Bianco")),
        ("Van Der Meulen, J. H.", ("Van Der Meulen",)),
        ("Kim, A. and others", ("Kim",)),
        ("{Study Group} and Kim, A.", ("Kim",)),
        ("{Study Group}", ("Study Group",)),
        ("{Group for Heat and Cold}", ("Group for Heat and Cold",)),
        ("{Lee}, A. and {van den Berg}, J.", ("Lee", "van den Berg")),
        ("Ada B. Lee", ("Lee",)),
        ("Lee, A. and\n   Kim, B. AND Fox, C.", ("Lee", "Kim", "Fox")),
        (r"M{\"u}ller, K. and S{\o}rensen, B.", ("Müller", "Sørensen")),
        (r"L\'opez, J. and Stra{\ss}er, P.", ("López", "Straßer")),
        ("", ()),
    ],
)
def test_surnames(authors, surnames):
    """Persons are named by surname; an institution only where there is no person."""
    assert surnames_of(authors) == surnames


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"title": "A trial", "number": "3", "pages": "12-19"}, "article"),
        ({"title": "A trial", "number": "Suppl 1"}, "conference abstract"),
        ({"title": "A trial", "pages": "S256"}, "conference abstract"),
        ({"title": "(1234) A trial"}, "conference abstract"),
        ({"title": "Abstract No. 12 A trial"}, "conference abstract"),
        ({"title": "Abstract thinking in pain"}, "article"),
        ({}, "article"),
    ],
)
def test_how_an_entry_reads(fields, kind):
    """A number of an abstract, a supplement or its page makes a conference abstract."""
    assert classify_publication(fields) == kind


def test_numbers_run_through_and_dois_are_well_formed(root):
    """The list has the numbers 1 to 69, and what is given as DOI looks like one."""
    problems = []
    entries = read_references(root / "references.bib", problems).values()
    assert problems == []
    assert sorted(e.number for e in entries if e.number) == list(range(1, 70))
    assert all(e.doi is None or e.doi.startswith("10.") for e in entries)
    assert sum(e.doi is not None for e in entries) >= 55


def test_an_entry_without_number_is_no_reference_of_the_source(tmp_path):
    """Works that only this book cites are read, without a number."""
    path = tmp_path / "references.bib"
    path.write_text("@article{own-2020, author={Own, A.}, title={T}, year={2020}}\n", "utf-8")
    problems = []
    (entry,) = read_references(path, problems).values()
    assert (problems, entry.number, entry.year) == ([], None, 2020)


def test_what_was_read_cannot_be_changed(root):
    """A bibliography is parsed once: its entries are the same for all who read it, and stay so."""
    found = read_references(root / "references.bib", [])
    first = next(iter(found.values()))
    with pytest.raises(TypeError):
        first.fields["title"] = "Another"
    found.clear()
    assert first in read_references(root / "references.bib", []).values()


def test_problems_are_told_each_time(tmp_path):
    """A text that was read before is told of again, with the name of the file that holds it."""
    entry = "@article{lee-2021,\n  title = {A trial},\n  year = {2021},\n}\n"
    for name in ("one.bib", "one.bib", "other.bib"):
        problems = []
        (tmp_path / name).write_text(entry, "utf-8")
        read_references(tmp_path / name, problems)
        assert [(problem.file, problem.column) for problem in problems] == [(name, "author")]
