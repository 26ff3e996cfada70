"""References to take along: the same entry in BibTeX, RIS and CSL-JSON."""

from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from livingreview.data.citation import bibtex, csl, csl_names, ris
from livingreview.data.references import Reference, read_references

BIB = """
@article{lee-2021,
  author = {Lee, A. B. and {Pain Unit, Ward and Clinic} and others},
  title = {{A = B: <em>Trial</em>}},
  journal = {J Pain},
  year = {2021},
  volume = {3},
  number = {2},
  pages = {E10\N{EN DASH}E19},
  doi = {10.1000/1},
  ref = {4},
}
@misc{none-nd,
  author = {{Someone}},
  title = {{No year}},
  year = {n.d.},
}
"""


@pytest.fixture
def references(tmp_path: Path) -> list[Reference]:
    """Return two references: an article with everything, and one with almost nothing."""
    path = tmp_path / "references.bib"
    path.write_text(BIB, "utf-8")
    problems: list[object] = []
    found = list(read_references(path, problems).values())  # type: ignore[arg-type]
    assert problems == []
    return found


def test_names_are_told_apart() -> None:
    """A person has two names, an institution one, even with "and" in it; others are et al."""
    assert csl_names("Lo Bianco, Giuliano and {Ward and Clinic, Rome} and others") == [
        {"family": "Lo Bianco", "given": "Giuliano"},
        {"literal": "Ward and Clinic, Rome"},
        {"literal": "et al."},
    ]


def test_csl_holds_the_fields(references: list[Reference]) -> None:
    """Each field has the name that CSL gives it; an unknown year leaves the date out."""
    article, none = csl(references)
    assert article["type"] == "article-journal"
    assert article["title"] == "A = B: <em>Trial</em>"
    assert article["issued"] == {"date-parts": [[2021]]}
    assert (article["container-title"], article["issue"]) == ("J Pain", "2")
    assert article["DOI"] == "10.1000/1"
    assert none["type"] == "document"
    assert "issued" not in none


def test_ris_reads_back(references: list[Reference]) -> None:
    """A reader of RIS finds what the entry says, pages apart."""
    article, none = rispy.loads(ris(csl(references)))
    assert article["type_of_reference"] == "JOUR"
    assert article["authors"] == ["Lee, A. B.", "Pain Unit, Ward and Clinic", "et al."]
    assert (article["start_page"], article["end_page"]) == ("E10", "E19")
    assert (article["doi"], article["year"], article["number"]) == ("10.1000/1", "2021", "2")
    assert "year" not in none


def test_bibtex_reads_back(references: list[Reference]) -> None:
    """A reader of BibTeX finds the fields as they were, without the number of the list."""
    first, second = parse_string(bibtex(references)).entries
    fields = {name: field.value for name, field in first.fields_dict.items()}
    given = {name: field.value for name, field in parse_string(BIB).entries[0].fields_dict.items()}
    given.pop("ref")
    assert fields == given
    assert (first.entry_type, second.key) == ("article", "none-nd")
