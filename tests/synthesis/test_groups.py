"""What is pooled and what is refused, how sure it can be, and which studies may share patients."""

from dataclasses import replace

import pandas as pd
import pytest

from livingreview.data.questions import Apart, Question
from livingreview.synthesis.certainty import FEW, WIDE, certainty
from livingreview.synthesis.groups import REFUSALS, groups, syntheses
from livingreview.synthesis.intervals import standard_error
from livingreview.synthesis.overlaps import overlaps
from livingreview.synthesis.pooling import random_effects

ESTIMATES = (-1.0, -2.0, -1.5)


@pytest.fixture(scope="module")
def template(review):
    """Return the name of a contrast of points that decides on its trial and has an interval."""
    outcomes = review.living.outcomes
    rows = outcomes[(outcomes["kind"] == "between-group difference") & outcomes["part"].isna()]
    rows = rows[rows["ci_low"].notna() & (rows["scale"] == "points") & rows["estimate"].notna()]
    rows = rows[rows["primary_endpoint"].fillna(False).astype(bool) & (rows["better"] == "lower")]
    return str(rows.index[0])


def edition_with(review, template, estimates=ESTIMATES, **changes):
    """Return the living edition with one question: a trial for each estimate, all else alike.

    ``changes`` are values of the last trial's result; ``key`` repeats another study.
    """
    living = review.living
    studies = living.studies
    trials = studies[studies["randomised"]].head(len(estimates))
    rows = []
    for (_, trial), estimate in zip(trials.iterrows(), estimates, strict=True):
        row = living.outcomes.loc[template].copy()
        row["key"], row["row"] = trial["key"], trial["row"]
        row["estimate"], row["ci_low"], row["ci_high"] = estimate, estimate - 0.8, estimate + 0.8
        row["direction"] = "favours treatment"
        rows.append(row)
    for name, value in changes.items():
        rows[-1][name] = trials.iloc[0]["key"] if (name, value) == ("key", "first") else value
    outcomes = pd.DataFrame(rows).astype(living.outcomes.dtypes.to_dict())
    outcomes.index = pd.Index([f"outcomes:{number}" for number in range(1, len(rows) + 1)])
    asked = Question(
        id="invented",
        label="Invented",
        asks="Does it help?",
        studies=dict.fromkeys(trials["key"], "invented"),
    )
    source = replace(living.source, questions=(asked,))
    return replace(living, studies=studies.copy(), outcomes=outcomes, source=source)


def test_three_like_results_are_pooled(review, template):
    """Exactly the group that they form is, by the default of the house, held against metafor."""
    (row,) = syntheses(edition_with(review, template)).itertuples()
    assert (row.decision, row.codes, row.with_interval) == ("pooled", (), 3)
    errors = [standard_error(e - 0.8, e + 0.8, "points") for e in ESTIMATES]
    expected = random_effects([-e for e in ESTIMATES], [error**2 for error in errors])
    assert row.estimate == pytest.approx(expected.estimate)
    assert (row.ci_low, row.ci_high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ci_low": None, "ci_high": None}, "no_interval"),
        ({"better": "not stated"}, "sign_unknown"),
        ({"read_as": "review table"}, "printed_only"),
        ({"measure": "VAS (0-100)"}, "different_measure"),
        ({"key": "first"}, "same_arm_twice"),
    ],
)
def test_one_reason_refuses_a_group(review, template, changes, code):
    """Whatever else is alike: the reason is named, no number stands, and nothing pools it."""
    edition = edition_with(review, template, (*ESTIMATES, -1.2), **changes)
    (row,) = syntheses(edition).itertuples()
    assert row.decision == "refused"
    assert code in row.codes
    assert pd.isna(row.estimate)
    with pytest.raises(ValueError, match=code):
        next(groups(edition)).pooled()


def test_too_few_are_not_pooled(review, template):
    """Two studies are none."""
    (row,) = syntheses(edition_with(review, template, (-1.0, -2.0))).itertuples()
    assert row.codes == ("too_few",)


def test_another_time_is_another_group(review, template):
    """Results of different windows are never in one group."""
    found = syntheses(edition_with(review, template, months=24.0))
    assert sorted(found["with_interval"]) == [1, 2]
    assert set(found["decision"]) == {"refused"}


def test_all_groups_of_the_review_say_their_reasons(review):
    """A refused group has codes, each with a sentence; single arms are uncontrolled."""
    found = syntheses(review.living)
    for row in found.itertuples():
        assert bool(row.codes) == (row.decision == "refused")
        assert set(row.codes) <= set(REFUSALS)
        assert (row.comparator == "none") == ("uncontrolled" in row.codes)


def test_certainty_is_lowered_for_what_is_there(review, template):
    """Few patients and open intervals lower it; the words follow the results."""
    (row,) = certainty(edition_with(review, template, (-1.0, -2.0))).itertuples()
    assert FEW in row.lowered_for
    assert WIDE not in row.lowered_for
    assert row.direction == "favours treatment"
    (wide,) = certainty(edition_with(review, template, ci_low=-6.0, ci_high=3.0)).itertuples()
    assert WIDE in wide.lowered_for


def test_a_null_whose_interval_excludes_a_benefit_says_so(review, template):
    """It is told from a null that leaves a benefit open."""
    edition = edition_with(review, template, (0.1, 0.1, 0.1))
    edition.outcomes["direction"] = "no difference"
    (row,) = certainty(replace(edition)).itertuples()
    assert row.direction == "no important benefit"
    edition.outcomes["ci_low"] = -5.0
    (row,) = certainty(replace(edition)).itertuples()
    assert row.direction == "no difference"


@pytest.mark.parametrize(
    ("question", "comparator", "patients", "start", "ceiling"),
    [
        ("phantom-limb", "sham", 144, "high", "moderate"),
        ("sacroiliac", "steroid injection", 83, "low", "very low"),
        ("occipital", "steroid injection", 52, "high", "low"),
        ("lumbar-facet", "sham", 80, "high", "low"),
        ("knee-pain", "sham", 267, "high", "low"),
    ],
)
def test_certainty_of_questions(review, question, comparator, patients, start, ceiling):
    """Levels worked out by hand from the trials' sizes, intervals and directions."""
    found = certainty(review.living)
    (row,) = found[
        (found["question"] == question) & (found["comparator"] == comparator)
    ].itertuples()
    assert (row.patients, row.start, row.ceiling) == (patients, start, ceiling)


def test_a_question_without_comparison_is_very_uncertain(review):
    """It has one row, and nothing is said of better or worse."""
    found = certainty(review.living)
    alone = found[found["comparator"] == "none"]
    assert set(alone["ceiling"]) == {"very low"}
    assert not alone["question"].isin(found.loc[found["comparator"] != "none", "question"]).any()
    assert {*found["question"]} == {asked.id for asked in review.source.questions}


def test_studies_that_may_share_patients(review):
    """Pairs found by authors, or by nerves, guidance and years; a person can judge them apart."""
    rows = overlaps(review.living)
    found = {row.judged: set() for row in rows.itertuples()}
    for row in rows.itertuples():
        found[row.judged].add(frozenset((row.key, row.other)))
        assert (row.judged == "not judged") == pd.isna(row.judged_because)
    assert found["not judged"] == {
        frozenset(pair)
        for pair in (
            ("calixte-2019", "parekattil-2021"),
            ("zhan-2020", "yasin-2020"),
            ("kocan-2022", "kocan-2025"),
            ("das-2023", "sahoo-2021"),
            ("kalava-subcostal-2024", "kalava-phn-2024"),
        )
    }
    assert found["different patients"] == {frozenset(("ferrillo-2025", "kocan-2025"))}


def test_a_pair_that_may_share_patients_is_not_pooled(review, template):
    """Judged apart its code goes, and the group is pooled again."""
    edition = edition_with(review, template)
    (asked,) = edition.source.questions
    keys = [*asked.studies]
    rows = edition.studies["key"].isin(keys[:2])
    edition.studies.loc[rows, "year"] = 2020
    targets = edition.targets.copy()
    guided = edition.studies.loc[rows, "guidance"].iloc[0]
    edition.studies["guidance"] = [
        guided if chosen else old
        for chosen, old in zip(rows, edition.studies["guidance"], strict=True)
    ]
    nerves = targets["row"].isin(edition.studies.loc[rows, "row"])
    targets.loc[nerves, "nerve"] = targets.loc[nerves, "nerve"].iloc[0]
    alike = replace(edition, targets=targets)
    (row,) = syntheses(alike).itertuples()
    assert row.codes == ("possible_overlap",)
    apart = Apart(studies=(keys[0], keys[1]), because="two countries")
    judged = asked.model_copy(update={"different_patients": (apart,)})
    (row,) = syntheses(
        replace(alike, source=replace(alike.source, questions=(judged,)))
    ).itertuples()
    assert row.decision == "pooled"
