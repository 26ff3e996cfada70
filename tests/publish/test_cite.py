"""How to cite the review: the usual styles, in step with its version."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from livingreview.contribute.check import check
from livingreview.data.citation import Citation, out_of_step, read_citation
from livingreview.problems import InvalidData
from livingreview.publish.cite import apa, as_bibtex, as_csl, as_ris, vancouver
from livingreview.review import Review
from livingreview.show import how_to_cite

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


# The APA forms are what citeproc gives for a data set with its style "apa", but for the manual's
# "Data set". The Vancouver forms follow the examples of Citing Medicine, chapter 25.
@pytest.mark.parametrize(
    ("content", "in_vancouver", "in_apa"),
    [
        (
            GROUP,
            "The contributors. Pain: a living review [Internet]. Version 1.2.0. 2027 Feb 3. "
            "Available from: https://example.org/review/",
            "The contributors. (2027). Pain: a living review (Version 1.2.0) [Data set]. "
            "https://example.org/review/",
        ),
        (
            PERSONS,
            "Lo Bianco GM, Lee JL. Pain: a living review [Internet]. Version 1.2.0. 2027 Feb 3. "
            "Available from: https://doi.org/10.1000/1",
            "Lo Bianco, G. M., & Lee, J. L. (2027). Pain: a living review (Version 1.2.0) "
            "[Data set]. https://doi.org/10.1000/1",
        ),
        (
            {name: value for name, value in GROUP.items() if name != "url"},
            "The contributors. Pain: a living review [Internet]. Version 1.2.0. 2027 Feb 3.",
            "The contributors. (2027). Pain: a living review (Version 1.2.0) [Data set].",
        ),
    ],
)
def test_styles(content: dict[str, object], in_vancouver: str, in_apa: str) -> None:
    """Persons and groups, with and without an address, read as the styles ask."""
    citation = Citation.model_validate(content)
    assert vancouver(citation) == in_vancouver
    assert apa(citation) == in_apa


def test_vancouver_names_six_authors() -> None:
    """The seventh author is one of the others."""
    authors = [{"family-names": f"A{n}", "given-names": "B"} for n in range(7)]
    said = vancouver(Citation.model_validate(GROUP | {"authors": authors}))
    assert said.startswith("A0 B, A1 B, A2 B, A3 B, A4 B, A5 B, et al. Pain")


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
    """Version and date are those of the newest version, and the library has the same number."""
    citation = read_citation(root)
    assert out_of_step(citation, review.source.versions.present) == []
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == citation.version


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
    data_copy: Path, edit: Callable[[Path, str, str], None], review: Review
) -> None:
    """The citation on the page follows the file, and what it holds is shown as text."""
    edit(
        data_copy / "CITATION.cff",
        "name: The living",
        "name: '<img src=x onerror=alert(1)> A'\n  - name: The living",
    )
    edit(data_copy / "CITATION.cff", "date-released: 2026", "date-released: 2031")
    html = how_to_cite(review, str(data_copy)).html
    assert "2031 Nov 22" in html
    assert "&lt;img src=x" in html
    assert "<img" not in html
    assert 'href="../data/citation.ris"' in html
