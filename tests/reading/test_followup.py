"""The follow-up column: every printed cell, and the edges of the rules."""

import pytest

from livingreview.reading import FollowUp, Unreadable, classify_followup

MONTH = 30.4375  # days

# Every cell that Table 1 prints: shortest and longest time in months, and how it is printed.
PRINTED = {
    "120 days": (120 / MONTH, 120 / MONTH, "stated"),
    "6 months": (6, 6, "stated"),
    "6 Months": (6, 6, "stated"),
    "4 months": (4, 4, "stated"),
    "18 weeks": (126 / MONTH, 126 / MONTH, "stated"),
    "56 days": (56 / MONTH, 56 / MONTH, "stated"),
    "12 months": (12, 12, "stated"),
    "NS": (None, None, "not stated"),
    "194 ±99 Days": (194 / MONTH, 194 / MONTH, "mean"),
    "Various, 2-18 months": (2, 18, "range"),
    "Variable (mean 51 days)": (51 / MONTH, 51 / MONTH, "mean"),
    "3 Months": (3, 3, "stated"),
    "3 months": (3, 3, "stated"),
    "1 month": (1, 1, "stated"),
    "1 Month": (1, 1, "stated"),
    "Variable": (None, None, "variable"),
    "5 Years": (60, 60, "stated"),
    "18 months": (18, 18, "stated"),
    "9 Months": (9, 9, "stated"),
    "5-30 months": (5, 30, "range"),
    "": (None, None, "missing"),
    "1 year": (12, 12, "stated"),
    "3-6 months": (3, 6, "range"),
    "5 months": (5, 5, "stated"),
    "5 days": (5 / MONTH, 5 / MONTH, "stated"),
    "8 weeks": (56 / MONTH, 56 / MONTH, "stated"),
    "2 months": (2, 2, "stated"),
    "7 Months": (7, 7, "stated"),
}


@pytest.mark.parametrize(("cell", "answer"), PRINTED.items())
def test_reads_printed_cell(words, cell, answer):
    """Each printed follow-up has its months and its way of being printed."""
    low, high, status = answer
    found = classify_followup(cell, words)
    assert found.status == status
    assert (found.min_months, found.max_months) == (
        (None, None)
        if low is None
        else (pytest.approx(low, abs=0.005), pytest.approx(high, abs=0.005))
    )


def test_table_of_printed_cells_is_complete(printed_cells):
    """The expectations above cover every follow-up that Table 1 prints."""
    assert set(PRINTED) == printed_cells("Follow Up")


def test_not_stated_blank_and_variable_are_three_answers(words):
    """What is not stated, missing or variable stays apart, and none of them is a time."""
    answers = [classify_followup(cell, words) for cell in ("NS", "", "Variable")]
    assert [answer.status for answer in answers] == ["not stated", "missing", "variable"]
    assert all(answer.min_months is None and answer.max_months is None for answer in answers)


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        (" ns ", FollowUp(None, None, "not stated")),
        ("   ", FollowUp(None, None, "missing")),
        ("various", FollowUp(None, None, "variable")),
        ("6\u00a0months", FollowUp(6, 6, "stated")),
        ("1.5 years", FollowUp(18, 18, "stated")),
        ("6 to 12 months", FollowUp(6, 12, "range")),
        ("6-6 months", FollowUp(6, 6, "range")),
        ("0 days", FollowUp(0, 0, "stated")),
    ],
)
def test_spelling_of_white_space_and_case_does_not_matter(words, cell, answer):
    """Case, unusual spaces, decimals and "to" are read like the usual spelling."""
    assert classify_followup(cell, words) == answer


@pytest.mark.parametrize(
    "cell",
    [
        "-6 months",
        "6",
        "months",
        "six months",
        "6 month follow",
        "6 months or more",
        "6 mo",
        "NA",
        "3/6 months",
        "<script>alert(1)</script>",
    ],
)
def test_other_cells_are_refused(words, cell):
    """A follow-up that no rule reads names what is allowed instead of becoming a blank."""
    with pytest.raises(Unreadable) as refused:
        classify_followup(cell, words)
    assert refused.value.found == cell
    assert "2-18 months" in refused.value.allowed


def test_range_runs_from_short_to_long(words):
    """A range whose ends are swapped is refused."""
    with pytest.raises(Unreadable, match="from the shorter to the longer"):
        classify_followup("18-2 months", words)
