"""Figures held against themselves and the first table: our own count, and invented drawings."""

import pytest
import yaml

from livingreview.data.figures import DrawnFlow
from livingreview.evidence.figures import (
    FLOW,
    SUM,
    TARGETS,
    TOTALS,
    checks,
    exclusions,
    in_order,
    left,
    stages,
)
from livingreview.review import open_review
from project import REPOSITORY

FIGURES = "data/source/published/figures.yml"


def drawn(review, part):
    """Return what is printed, what follows and whether they agree, by name."""
    rows = checks(review)
    rows = rows[rows["part"] == part].set_index("what")
    columns = ("printed", "low", "high", "follows")
    return {name: tuple(row[column] for column in columns) for name, row in rows.iterrows()}


def test_the_flow_follows_from_its_own_numbers(review):
    """Each box holds what the one before it leaves: 336 - 93, 243 - 175, 68 - 1, 67 - 12."""
    assert drawn(review, FLOW) == {
        "Records screened": (243, 336 - 93, 243, True),
        "Reports assessed for eligibility": (68, 243 - 175, 68, True),
        "Reports sought for retrieval": (67, 68 - 1, 67, True),
        "Studies included in review": (55, 67 - 12, 55, True),
        "Reports of included studies": (55, 67 - 12, 55, True),
    }


def test_studies_included_are_rows(review):
    """The table has one study fewer than the flow includes: one is printed twice."""
    found = drawn(review, TOTALS)["Reports of included studies, against the first table"]
    studies = review.studies["key"].nunique()
    assert found == (55, studies, studies, False)


def test_targets_against_our_own_count(review):
    """Rows of the first table counted by hand: alone at a target, and with those at others too."""
    assert drawn(review, TARGETS) == {
        "Sacroiliac Joint": (3, 2, 3, True),
        "Lumbar medial branch": (3, 3, 3, True),
        "Shoulder": (3, 4, 4, False),
        "Occipital": (3, 3, 3, True),
        "Intercostal Nerves": (12, 12, 13, True),
        "Pudendal Nerve": (3, 3, 3, True),
        "Phantom Limb Stump": (4, 4, 4, True),
        "Other/ Mixed Targets": (18, 22, 24, False),
    }


def test_the_slices_together(review):
    """The slices add up to fewer studies than were included."""
    assert drawn(review, TOTALS)[SUM] == (3 + 3 + 3 + 3 + 12 + 3 + 4 + 18, 55, 55, False)


def test_exclusions_beside_what_was_included(review):
    """Three rows say that no score was taken; one title speaks of acute pain."""
    found = exclusions(review).set_index("reason")["keys"].to_dict()
    assert found == {
        "no measurement of pain scores": ("matelich-2022", "macrae-foot-2023", "hampton-2023"),
        "application for acute pain": ("sen-2023",),
    }


@pytest.mark.parametrize(
    ("old", "new", "what", "follows"),
    [
        ("records: 93}", "records: 94}", "Records screened", False),
        ("records: 243", "records: 244", "Reports assessed for eligibility", False),
        ("records: 0}", "records: 1}", "Records screened", False),
        ("Shoulder, studies: 3", "Shoulder, studies: 4", "Shoulder", True),
        ("Shoulder, studies: 3", "Shoulder, studies: 9", "all of them together", True),
    ],
)
def test_a_number_that_does_not_follow_is_found(data_copy, edit, old, new, what, follows):
    """Another number in a figure, another finding."""
    edit(data_copy / FIGURES, old, new)
    rows = checks(open_review(data_copy / "data"))
    assert list(rows.loc[rows["what"] == what, "follows"]) == [follows]


def flow_of(*steps):
    """Return an invented flow whose boxes name these steps."""
    boxes = [
        {"step": step, "words": f"{step} {number}", "records": 9}
        for number, step in enumerate(steps)
    ]
    return DrawnFlow.model_validate({"locator": "p. 1", "boxes": boxes})


def test_order_of_the_boxes(review):
    """PRISMA 2020 seeks reports before it assesses them; this drawing has it the other way."""
    assert in_order(flow_of("identified", "identified", "screened", "sought", "assessed"))
    assert not in_order(flow_of("identified", "screened", "assessed", "sought", "included"))
    assert not in_order(review.source.printings["published"].figures.flow)


def test_boxes_of_one_step_stand_together(root):
    """Databases and registers are one step, and what leaves beside any of them leaves it."""
    flow = flow_of("identified", "identified", "screened")
    assert [(step, len(boxes)) for step, boxes in stages(flow)] == [
        ("identified", 2),
        ("screened", 1),
    ]
    told = yaml.safe_load((root / FIGURES).read_text("utf-8"))["flow"]["boxes"]
    leaving = sum(part["records"] for box in told for part in box.get("leaving", ()))
    assert left(list(DrawnFlow.model_validate({"locator": "1", "boxes": told}).boxes)) == leaving


def test_a_review_without_figures_has_none():
    """Nothing is checked where nobody has read a figure."""
    other = open_review(REPOSITORY / "tests/second_review/data")
    assert checks(other).empty
    assert exclusions(other).empty
