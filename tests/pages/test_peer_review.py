"""The page on the printings: what its tables hold, and what they say where there is nothing."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from livingreview.data.figures import Figures
from livingreview.pages import peer_review
from livingreview.review import open_review
from project import REPOSITORY


def rows(shown):
    """Return the cells of a table as text, row by row."""
    page = BeautifulSoup(shown.html, "html.parser")
    found = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
        for row in page.select("tbody tr")
    ]
    return found


def with_claims(review, **prints):
    """Return the review with some of its claims, printed otherwise."""
    claims = tuple(
        claim.model_copy(update={"prints": prints[claim.id.replace("-", "_")]})
        for claim in review.source.claims
        if claim.id.replace("-", "_") in prints
    )
    return replace(review, source=replace(review.source, claims=claims))


def test_claims_that_the_printings_share_are_left_out(review):
    """A claim with one value for all is none; a printing that is not named makes no claim."""
    altered = with_claims(
        review,
        abstract_studies=55,
        abstract_rcts={"preprint": 4, "published": 5},
        abstract_databases={"published": ["A", "B"]},
        abstract_retrospective={"preprint": [4, 11], "published": [6, 13]},  # numbers moved
    )
    found = {tuple(cells[1:]) for cells in rows(peer_review.claims_by_printing(altered))}
    assert found == {("4", "5"), ("not in its text", "stated")}
    none = peer_review.claims_by_printing(with_claims(review, abstract_studies=55))
    assert none.text.startswith("No claim")


def test_statements_that_changed(review):
    """Of the method, each item that the protocol file gives by printing has a row, no other has."""
    found = rows(peer_review.statements_changed_table(review))
    items = review.source.protocol.items
    by_printing = {i.what for i in items if any(isinstance(v, dict) for _, v in i)}
    assert {cells[0] for cells in found} == by_printing
    assert ["Only peer-reviewed articles", "methods", "yes", "not stated"] in found


def test_slips_stand_once_and_mended_ones_first(review):
    """A slip that both tables repeat has one row; mended, kept and new follow each other."""
    found = [cells[2] for cells in rows(peer_review.slips_table(review))]
    assert found == sorted(found, key=("mended", "kept", "new").index)
    for state in ("mended", "kept", "new"):
        assert found.count(state) == review.value(f"slips(state={state})")


@pytest.fixture
def drawn(review):
    """Return a function that gives the review with its boxes in the order of some steps."""

    def make(*order):
        published = review.source.printings["published"]
        flow = published.figures.flow
        boxes = [box for step in order for box in flow.boxes if box.step == step]
        figures = Figures(
            flow=flow.model_copy(update={"boxes": tuple(boxes)}), targets=published.figures.targets
        )
        printings = review.source.printings | {"published": replace(published, figures=figures)}
        return replace(review, source=replace(review.source, printings=printings))

    return make


def test_order_of_boxes_in_words(review, drawn):
    """Only the boxes that stand elsewhere are named, in the order of PRISMA 2020."""
    said = peer_review.drawn_order(review).text
    assert said.endswith("“Reports sought for retrieval”, then “Reports assessed for eligibility”.")
    right = drawn("identified", "screened", "sought", "assessed", "included")
    assert peer_review.drawn_order(right).text == "The boxes stand in the order of PRISMA 2020."


def test_one_printing_without_figures():
    """A review with one printing shows empty tables, and says that no figure is read."""
    other = open_review(REPOSITORY / "tests/second_review/data")
    assert peer_review.drawn_order(other).text == "No figure is read."
    for show in (peer_review.changed_cells_table, peer_review.drawn_flow_table):
        assert rows(show(other)) == []
