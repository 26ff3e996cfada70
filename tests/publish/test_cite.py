"""How to cite the review: a sentence and files, in step with its version."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from livingreview.contribute.check import check
from livingreview.data.citation import (
    Citation,
    as_bibtex,
    as_csl,
    as_ris,
    in_one_line,
    out_of_step,
    read_citation,
)
from livingreview.pages.data import how_to_cite
from livingreview.problems import InvalidData
from livingreview.review import Review, open_review

GROUP = {
    "title": "Pain: a living review",
    "version": "1.2.0",
    "date-released": "2027-02-03",
    "authors": [{"name": "The contributors"}],
    "license": ["MIT", "CC-BY-4.0"],
    "url": "https://example.org/review/",
}
PERSONS = GROUP | {
    "authors": [
        {"family-names": "Lo Bianco", "given-names": "Giuliano Maria"},
        {"family-names": "Lee", "given-names": "Jean-Luc"},
    ],
    "doi": "10.1000/1",
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            GROUP,
            "The contributors. Pain: a living review. Version 1.2.0, 2027-02-03. "
            "https://example.org/review/",
        ),
        (
            PERSONS,
            "Giuliano Maria Lo Bianco, Jean-Luc Lee. Pain: a living review. "
            "Version 1.2.0, 2027-02-03. https://doi.org/10.1000/1",
        ),
        (
            {name: value for name, value in GROUP.items() if name != "url"},
            "The contributors. Pain: a living review. Version 1.2.0, 2027-02-03.",
        ),
    ],
)
def test_the_citation_is_a_sentence(content: dict[str, object], said: str) -> None:
    """Persons and groups, with and without an address: a DOI goes before an address."""
    assert in_one_line(Citation.model_validate(content)) == said


def test_files_read_back() -> None:
    """Readers of BibTeX, RIS and CSL-JSON find title, authors, day, version and address."""
    citation = Citation.model_validate(PERSONS)
    (entry,) = parse_string(as_bibtex(citation)).entries
    assert entry.key == "lo-bianco-2027"
    assert entry["author"] == "Lo Bianco, Giuliano Maria and Lee, Jean-Luc"
    (found,) = rispy.loads(as_ris(citation))
    assert (found["title"], found["edition"]) == (citation.title, "1.2.0")
    assert (found["date"], found["urls"]) == ("2027/02/03", ["https://doi.org/10.1000/1"])
    assert as_csl(citation)["issued"] == {"date-parts": [[2027, 2, 3]]}


def test_citation_is_in_step(root: Path, review: Review) -> None:
    """Version and date are those of the newest version; the library has no number of its own."""
    citation = read_citation(root)
    assert out_of_step(citation, review.source.versions.present) == []
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == "0"


def test_check_tells_of_an_old_citation(
    data_copy: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A version or date that is not the newest one's stops the check, with what it should be."""
    present = check(data_copy / "data").source.versions.present
    edit(data_copy / "CITATION.cff", f"version: {present.version}", "version: 0.0.9")
    edit(data_copy / "CITATION.cff", f"released: {present.date}", "released: 2020-01-01")
    with pytest.raises(InvalidData) as refused:
        check(data_copy / "data")
    end = ", that of the newest version in data/versions.yml"
    assert str(refused.value).splitlines() == [
        f'CITATION.cff: column version: found "0.0.9"; allowed: {present.version}{end}',
        f'CITATION.cff: column date-released: found "2020-01-01"; allowed: {present.date}{end}',
    ]


def test_check_tells_of_a_missing_citation(data_copy: Path) -> None:
    """Without the file, or without a title in it, the check says so in one line."""
    (data_copy / "CITATION.cff").write_text("version: 1\n", "utf-8")
    with pytest.raises(InvalidData, match=r"CITATION\.cff: column title: found nothing"):
        check(data_copy / "data")
    (data_copy / "CITATION.cff").unlink()
    with pytest.raises(InvalidData, match=r"CITATION\.cff: found no such file"):
        check(data_copy / "data")


def test_page_shows_the_present_version(
    data_copy: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """The citation on the page follows the file, and what it holds is shown as text."""
    edit(
        data_copy / "CITATION.cff",
        "name: The living",
        "name: '<img src=x onerror=alert(1)> A'\n  - name: The living",
    )
    edit(data_copy / "CITATION.cff", "date-released: 2026", "date-released: 2031")
    html = how_to_cite(open_review(data_copy / "data")).html
    assert re.search(r"2031-\d\d-\d\d", html)
    assert "&lt;img src=x" in html
    assert "<img" not in html
    assert 'href="../data/citation.ris"' in html
