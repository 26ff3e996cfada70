"""Links of the pages to what lies outside."""

import pytest

from livingreview.show import links


@pytest.mark.parametrize("blank", [None, "", float("nan")])
def test_a_study_without_doi_has_no_link(blank: object) -> None:
    """Where no DOI is known, nothing leads to an address that nobody has."""
    assert links.doi(blank, "DOI") == ""


def test_a_doi_is_an_address() -> None:
    """The label stands for the address, which is escaped."""
    assert links.doi('10.1000/a"b', "DOI") == '<a href="https://doi.org/10.1000/a&#34;b">DOI</a>'
