"""Courses: which values make a series, and whether its last value is worse than an earlier one."""

from dataclasses import replace

import pandas as pd
import pytest

from livingreview.data.vocabulary import MeasureClass, TermList
from livingreview.synthesis.courses import courses, leading, shrunk, worse_at_last

LEVEL = {"kind": "final level", "measure": "Invented scale", "statistic": "mean"}
SHARE = {"kind": "responder", "measure": "Invented scale", "threshold_percent": 50.0}


def edition_with(review, *results):
    """Return the living edition with these results alone, all of its first study.

    A result is what differs from a blank one: arm, kind, months, value; in the order of a file.
    """
    living = review.living
    key, row = living.studies.iloc[0][["key", "row"]]
    blank = dict.fromkeys(living.outcomes.columns)
    rows = [
        blank
        | {"key": key, "row": row, "status": "reported", "read_as": "full text", "derived": ()}
        | {"cautions": (), "source": "data/studies/x.yml", "locator": f"outcomes[{number}]"}
        | {"arm_words": "treatment", "arm": ("treatment",), "against": ()}
        | result
        for number, result in enumerate(results, start=1)
    ]
    outcomes = pd.DataFrame(rows, columns=living.outcomes.columns)
    outcomes = outcomes.astype(living.outcomes.dtypes.to_dict())
    outcomes.index = pd.Index([f"outcomes:{number}" for number in range(1, len(rows) + 1)])
    term = MeasureClass(name="Invented", measure_class="pain", most=10, printed=("Invented scale",))
    source = living.source
    words = source.vocabulary.model_copy(
        update={"measure_classes": TermList[MeasureClass](entries=(term,))}
    )
    protocol = source.protocol.model_copy(update={"courses_of": ("pain",)})
    return replace(
        living, outcomes=outcomes, source=replace(source, vocabulary=words, protocol=protocol)
    )


def levels(*pairs, **more):
    """Return one level for each (months, value)."""
    return [LEVEL | {"months": float(at), "estimate": float(value)} | more for at, value in pairs]


def test_levels_of_one_arm_are_a_series(review):
    """The value at the start is the baseline; the scale is that of the measure."""
    edition = edition_with(review, *levels((0, 8), (6, 5), (1, 3), evaluated=12))
    found = courses(edition)
    assert [*found["months"]] == [0, 1, 6]
    assert [*found["value"]] == [8, 3, 5]
    assert [*found["baseline"]] == [True, False, False]
    assert {*found["series"]} == {"outcomes:1"}
    assert [*found.index] == ["outcomes:1", "outcomes:3", "outcomes:2"]
    assert {*found["scale_most"]} == {10}
    assert {*found["evaluated"]} == {12}
    assert not found["comparison"].any()


@pytest.mark.parametrize(
    "second",
    [
        {"months": None},
        {"estimate": None},
        {"months": 1.0},  # the same value again: still one time
        {"measure": "Another scale"},
        {"arm_words": "sham", "arm": ("sham",)},
        {"kind": "other"},
        {"against": ("sham",)},
        {"arm": (), "part": "all patients"},
        {"status": "not stated"},
    ],
)
def test_one_value_is_no_series(review, second):
    """What has no time, no value, another measure, arm or kind does not go on from another."""
    edition = edition_with(
        review, *levels((1, 3)), LEVEL | {"months": 3.0, "estimate": 3.0} | second
    )
    assert courses(edition).empty


def test_a_time_with_two_values_has_none(review):
    """Which of the two is right nobody knows; the times around it stay."""
    edition = edition_with(review, *levels((0, 8), (3, 4), (3, 5), (6, 6)))
    assert [*courses(edition)["value"]] == [8, 6]


def test_a_repeated_value_is_taken_once_as_stated(review):
    """The statistic that one of the two states stands, and makes no other series."""
    silent = [row | {"statistic": None} for row in levels((3, 4))]
    found = courses(edition_with(review, *levels((0, 8)), *silent, *levels((3, 4))))
    assert [*found["value"]] == [8, 4]
    assert {*found["statistic"]} == {"mean"}


def test_means_and_medians_are_two_series(review):
    """Neither goes on from the other."""
    medians = levels((1, 4), (6, 5), statistic="median")
    found = courses(edition_with(review, *levels((1, 3), (6, 2)), *medians))
    assert [*found["series"]] == ["outcomes:1", "outcomes:1", "outcomes:3", "outcomes:3"]


def test_a_value_directly_after_is_no_baseline(review):
    """Both are of the day of the treatment; the first is before it."""
    after = levels((0, 1), time_words="directly after")
    found = courses(edition_with(review, *levels((0, 8)), *after, *levels((3, 4))))
    assert [*found["value"]] == [8, 1, 4]
    assert [*found["baseline"]] == [True, False, False]


def test_shares_by_one_threshold_are_a_series(review):
    """Another threshold is another series; the share has no baseline, and more is better."""
    rows = [SHARE | {"months": at, "percent": p} for at, p in ((1.0, 60.0), (6.0, 40.0))]
    other = SHARE | {"months": 3.0, "percent": 70.0, "threshold_percent": 30.0}
    found = courses(edition_with(review, *rows, other))
    assert [*found["value"]] == [60, 40]
    assert {*found["statistic"]} == {"percent responding"}
    assert {*found["threshold"]} == {"50% relief"}
    assert not found["baseline"].any()
    assert worse_at_last(found) == "yes"


@pytest.mark.parametrize(
    ("values", "better", "first", "best"),
    [
        ((3, 5), None, "yes", "yes"),
        ((5, 3, 4), None, "no", "yes"),
        ((5, 4, 3), None, "no", "no"),
        ((4, 4), None, "no", "no"),
        ((5, 3, 4), "higher", "yes", "yes"),
        ((3, 5), "higher", "no", "no"),
        ((3, 5), "not stated", "undecided", "undecided"),
    ],
)
def test_last_against_first_and_best(review, values, better, first, best):
    """The baseline does not count, nor does a value that is as good."""
    after = levels(*enumerate(values, start=1), better=better)
    found = courses(edition_with(review, *levels((0, 9), better=better), *after))
    assert worse_at_last(found) == first
    assert worse_at_last(found, "best") == best


def test_one_value_after_the_baseline_does_not_go_on(review):
    """There is no later value to compare it with."""
    edition = edition_with(review, *levels((0, 9), (6, 3)))
    assert len(courses(edition)) == 2
    assert shrunk(edition) == {}
    with pytest.raises(ValueError, match="two or more values"):
        worse_at_last(courses(edition))


def test_levels_lead_before_shares(review):
    """One series stands for an arm, whatever the others of it say."""
    shares = [SHARE | {"months": at, "percent": p} for at, p in ((1.0, 60.0), (6.0, 40.0))]
    edition = edition_with(review, *shares, *levels((1, 5), (6, 3)))
    assert {*leading(edition)["series"]} == {"outcomes:3"}
    assert [said for said, _ in shrunk(edition).values()] == ["no"]


def test_parts_that_differ_are_undecided(review):
    """An arm that is told in two parts is one arm; the comparison arm is counted apart."""
    one = levels((1, 3), (6, 5), arm_words="treatment: first half", part="first half")
    other = levels((1, 5), (6, 3), arm_words="treatment: second half", part="second half")
    sham = levels((1, 5), (6, 6), arm_words="sham", arm=("sham",))
    edition = edition_with(review, *one, *other, *sham)
    assert [said for said, _ in shrunk(edition).values()] == ["undecided"]
    ((of, (said, rows)),) = shrunk(edition, comparison=True).items()
    assert (of[1], said, len(rows)) == ("sham", "yes", 2)
    assert {*courses(edition).loc[rows.index, "comparison"]} == {True}


def test_values_of_the_review_are_those_of_its_outcomes(review):
    """Each row is a result of the living edition with its value; each series is of one arm."""
    found = courses(review.living)
    outcomes = review.living.outcomes.loc[found.index]
    value = outcomes["estimate"].where(outcomes["kind"] != "responder", outcomes["percent"])
    assert [*found["value"]] == [*value]
    assert (found.groupby("series")[["key", "arm", "measure"]].nunique() == 1).all(axis=None)
    assert (found.groupby("series").size() > 1).all()
    assert found["question"].notna().all()
