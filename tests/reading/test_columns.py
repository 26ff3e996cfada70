"""The short columns: author and year, design, patients, guidance, printed verdict."""

import pytest

from livingreview.reading import (
    Citation,
    Unreadable,
    classify_citation,
    classify_design,
    classify_guidance,
    classify_patients,
    classify_verdict,
)

DESIGNS = {
    "RCT vs Sham": ("RCT", ("sham",)),
    "RCT vs Sham and RF": ("RCT", ("sham", "radiofrequency")),
    "RCT Vs Steroid Injection": ("RCT", ("steroid injection",)),
    "OP": ("OP", ()),
    "OR": ("OR", ()),
    "CS": ("CS", ()),
    "CR": ("CR", ()),
}

GUIDANCE = {
    "US": "ultrasound",
    "CT": "computed tomography",
    "MRI": "magnetic resonance imaging",
    "Fluoro": "fluoroscopy",
    "Fluoroscopic": "fluoroscopy",
    "US and Fluoro": "ultrasound; fluoroscopy",
    "Landmark": "landmark",
    "Blind": "blind",
    "Surgical": "surgical",
    "Blind (surgical)": "blind; surgical",
    "Blind (Surgical)": "blind; surgical",
    "NS": "not stated",
    "": "missing",
}

CITATIONS = {
    "Radnovich, 2017[10]": Citation("Radnovich", 2017, 10),
    "Yoon,2016[16]": Citation("Yoon", 2016, 16),
    "Nemecek, 2023 [25]": Citation("Nemecek", 2023, 25),
    "Mendes-Andrade, 2024 [39]": Citation("Mendes-Andrade", 2024, 39),
    "Kocân, 2022[43]": Citation("Kocân", 2022, 43),
    "Lo Bianco, 2025 [33]": Citation("Lo Bianco", 2025, 33),
}


@pytest.mark.parametrize(("cell", "answer"), DESIGNS.items())
def test_reads_printed_design(words, cell, answer):
    """Each printed design has its code and its comparators."""
    found = classify_design(cell, words)
    assert (found.term.name, found.comparators) == answer


def test_table_of_printed_designs_is_complete(printed_cells):
    """The expectations above cover every design that Table 1 prints."""
    assert set(DESIGNS) == printed_cells("Design")


@pytest.mark.parametrize("cell", ["RTC vs Sham", "", "NS", "Cohort", "RCT vs", "OR OP"])
def test_refuses_other_designs_with_the_list(words, cell):
    """A misspelt or blank design is an error that lists the codes."""
    with pytest.raises(Unreadable) as refused:
        classify_design(cell, words)
    assert "RCT, OP, OR, CS, CR" in refused.value.allowed


def test_refuses_unknown_comparator(words):
    """An unknown comparator is named, not the whole cell, with the list of those known."""
    with pytest.raises(Unreadable) as refused:
        classify_design("RCT vs Sham and Sugar", words)
    assert refused.value.found == "Sugar"
    assert "Steroid Injection" in refused.value.allowed


@pytest.mark.parametrize(("cell", "answer"), GUIDANCE.items())
def test_reads_printed_guidance(words, cell, answer):
    """Each printed guidance has its names; two modalities in a cell are two."""
    assert classify_guidance(cell, words) == tuple(answer.split("; "))


def test_table_of_printed_guidance_is_complete(printed_cells):
    """The expectations above cover every guidance that Table 1 prints."""
    assert set(GUIDANCE) == printed_cells("Guidance")


@pytest.mark.parametrize("cell", ["Ultrasond", "US and", "US, CT", "Variable", "Blind (hand)"])
def test_refuses_other_guidance(words, cell):
    """Guidance that is not in the list is an error, never *missing*."""
    with pytest.raises(Unreadable, match="Landmark"):
        classify_guidance(cell, words)


@pytest.mark.parametrize(("cell", "answer"), [("1", 1), (" 279 ", 279), ("022", 22)])
def test_reads_whole_numbers_of_patients(words, cell, answer):
    """A number of patients is a whole number above zero."""
    assert classify_patients(cell, words) == answer


@pytest.mark.parametrize("cell", ["-5", "0", "12.5", "1e2", "1,449", "", "NS", "ten", "²"])
def test_refuses_other_numbers_of_patients(words, cell):
    """Negative, zero, broken, written or blank numbers of patients are errors."""
    with pytest.raises(Unreadable, match="a whole number of patients above zero"):
        classify_patients(cell, words)


@pytest.mark.parametrize(("cell", "answer"), CITATIONS.items())
def test_reads_citations_with_any_spacing(words, cell, answer):
    """Author, year and number are read whatever the spaces."""
    assert classify_citation(cell, words) == answer


def test_a_name_may_hold_any_sign(words):
    """A name with markup is text like any other."""
    assert (
        classify_citation("<script>x</script>, 2020[31]", words).first_author
        == "<script>x</script>"
    )


@pytest.mark.parametrize(
    "cell", ["", "Kim 2015[24]", "Kim, 15[24]", "Kim, 2015", "Kim, 2015[x]", "Kim 2, 2015[24]"]
)
def test_refuses_incomplete_citations(words, cell):
    """A citation without comma, year or number, or with a digit in the name, is an error."""
    with pytest.raises(Unreadable, match="author, year and number"):
        classify_citation(cell, words)


@pytest.mark.parametrize(("cell", "answer"), [("YES", "yes"), ("No", "no"), (" yes ", "yes")])
def test_reads_verdicts(words, cell, answer):
    """A printed verdict is yes or no, whatever its case."""
    assert classify_verdict(cell, words) == answer


@pytest.mark.parametrize("cell", ["", "NS", "Y", "maybe", "YES NO"])
def test_refuses_other_verdicts(words, cell):
    """Anything else is an error."""
    with pytest.raises(Unreadable, match="YES, NO"):
        classify_verdict(cell, words)
