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
        ("Ada van den Berg and Ludwig de la Vallée Fox", ("van den Berg", "de la Vallée Fox")),
        ("Bob Lee III and King, Martin, Jr. and Fox, III, C.", ("Lee", "King", "Fox")),
        ("van~Berg, A. and Ada~Lee and ", ("van Berg", "Lee")),
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


ENTRY = """\
@string{{pain = "J " # {{Pain}}}}
@article{{lee-2021,
  author = {author},
  title = {title},
  journal = {journal},
  year = {{2021}}{comma}
  doi = {doi},
}}
"""


def entry(**values):
    """Return the text of a bibliography with one entry."""
    usual = {
        "author": "{Lee, A. and Kim, B.}",
        "title": "{{A trial}}",
        "journal": "{J Pain}",
        "doi": "{10.1000/a_b}",
        "comma": ",",
    }
    return ENTRY.format(**usual | values)


def told(path, text):
    """Return the entries of a text by key, and what is said of it."""
    path.write_text(text, "utf-8")
    problems = []
    return read_references(path, problems), [str(problem) for problem in problems]


def test_parts_of_a_value_are_put_together(tmp_path):
    """Quotation marks, braces and names of @string, joined by #, are one text; months are named."""
    text = entry(author='"Lee, A. and " # {Kim, B.}', journal="pain # jan")
    found, said = told(tmp_path / "references.bib", text)
    assert said == []
    assert found["lee-2021"].surnames == ("Lee", "Kim")
    assert found["lee-2021"].fields["journal"] == "J Painjan"


def test_a_title_is_read_as_it_is_meant(tmp_path):
    """Accents for their commands, and no braces; only the fields keep what is written."""
    found, said = told(tmp_path / "a.bib", entry(title=r"{{Na\"ive 5\% of {NRS} with \textbf{x}}}"))
    assert (said, found["lee-2021"].title) == ([], "Naïve 5% of NRS with x")
    assert found["lee-2021"].fields["title"] == r"Na\"ive 5\% of {NRS} with \textbf{x}"


NAMES = "names joined by and, like Lee, A. and Kim, B."
REFUSED = {
    "semicolons": (
        {"author": "{Lee, A.; Kim, B.}"},
        f'entry lee-2021, column author: found "Lee, A.; Kim, B."; allowed: {NAMES}'),
    "commas between names": (
        {"author": "{Lee A, Kim B, Fox C}"},
        f'entry lee-2021, column author: found "Lee A, Kim B, Fox C"; allowed: {NAMES}'),
    "two names and a comma": (
        {"author": "{Lee A, Kim B}"},
        f'entry lee-2021, column author: found "Lee A, Kim B"; allowed: {NAMES}'),
    "et al.": (
        {"author": "{Lee, A. et al.}"},
        'entry lee-2021, column author: found "Lee, A. et al."; '
        "allowed: and others, after the last name"),
    "a list in one pair of braces": (
        {"author": "{{Lee, A. and Kim, B.}}"},
        'entry lee-2021, column author: found "{Lee, A. and Kim, B.}"; '
        "allowed: Lee, A. and Kim, B., without braces around it"),
    "a DOI with its address": (
        {"doi": "{https://doi.org/10.1000/182}"},
        'entry lee-2021, column doi: found "https://doi.org/10.1000/182"; allowed: 10.1000/182'),
    "a DOI with a backslash": (
        {"doi": r"{10.1000/a\_b}"},
        r'entry lee-2021, column doi: found "10.1000/a\_b"; allowed: 10.1000/a_b'),
    "a DOI that is none": (
        {"doi": "{see text}"},
        'entry lee-2021, column doi: found "see text"; allowed: a DOI, like 10.1000/182'),
    "a name that stands for nothing": (
        {"journal": "jpain"},
        'entry lee-2021, column journal: found "jpain"; allowed: a value in braces'),
    "no comma": (
        {"comma": ""},
        'entry lee-2021, column year: found "{2021} doi = {10.1000/a_b}"; '
        "allowed: one value, and a comma after it"),
    "a field twice": (
        {"comma": ",\n  year = {2022},"},
        'line 2: found the field "year" twice; allowed: each field once'),
    "a brace that is not closed": (
        {"author": "{Lee, A."},
        "line 2: found an entry that is not closed, or a value without its comma; "
        "allowed: a closing brace } for each {, and a comma after each key and value"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "message"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_misread_is_refused(tmp_path, values, message):
    """The first thing said names the entry and field, what was found and what is allowed."""
    _, said = told(tmp_path / "references.bib", entry(**values))
    assert " ".join(said[0].split()) == f"references.bib: {message}"


def test_a_key_twice_is_refused(tmp_path):
    """Two entries of one key are told in one line."""
    _, said = told(tmp_path / "references.bib", entry() + entry().partition("\n")[2])
    assert said == [
        'references.bib: line 9: found the key "lee-2021" twice; allowed: each key once'
    ]


def test_an_institution_may_have_and_and_commas_in_its_name(tmp_path):
    """Braces keep the name of a group whole, whatever stands in it."""
    group = "{{Department of Cold and Heat, University of Pain}}"
    found, said = told(tmp_path / "references.bib", entry(author=group))
    assert (said, found["lee-2021"].surnames) == ([], (group.strip("{}"),))


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
