"""The review's rule for the long term: three-valued answers at their boundaries, with reasons."""

from types import SimpleNamespace

import pandas as pd
import pytest

from livingreview.data.protocol import LongTermRule
from livingreview.evidence.rule import (
    AGREEMENTS,
    Answer,
    agreement,
    both,
    counts_against_threshold,
    followed_long_enough,
    positive_in_long_term,
    share_above,
    verdict,
)
from livingreview.frames import frame_of
from livingreview.review import open_review
from livingreview.tables import TABLES
from livingreview.words import in_months

RULE = LongTermRule(
    minimum_followup_months=6,
    relief_threshold_percent=50,
    relief_rule=">",
    positive_share_percent=50,
    positive_rule=">",
    stated_in="results",
)


def followed(low, high=None, status="stated"):
    """Return a study with this follow-up."""
    high = low if high is None else high
    return SimpleNamespace(
        followup_min_months=low, followup_max_months=high, followup_status=status
    )


def results(*rows):
    """Return a table of results of the treated arm; each row is given by what it sets."""
    base = {
        "key": "k",
        "arm_words": "treatment",
        "kind": "responder",
        "source": "f",
        "locator": "row 1",
    }
    return frame_of("outcomes", [TABLES["outcomes"](**base | row) for row in rows])


def responder(percent, threshold=50.0, sign=">", months=None):
    """Return a share of patients above a threshold."""
    return {
        "percent": percent,
        "threshold_percent": threshold,
        "threshold_rule": sign,
        "months": months,
    }


@pytest.mark.parametrize(
    ("study", "word"),
    [
        (followed(6.0), "yes"),
        (followed(5.99), "unclear"),  # 24 weeks are called six months
        (followed(5.3), "unclear"),
        (followed(5.2), "no"),
        (followed(60.0), "yes"),
        (followed(6.0, 18.0, "range"), "yes"),
        (followed(5.0, 30.0, "range"), "unclear"),
        (followed(3.0, 6.0, "range"), "unclear"),
        (followed(3.0, 5.9, "range"), "unclear"),
        (followed(3.0, 5.0, "range"), "no"),
        (followed(6.37, status="mean"), "unclear"),
        (followed(6.0, status="mean"), "unclear"),
        (followed(1.68, status="mean"), "no"),
        (followed(None, status="variable"), "unclear"),
        (followed(None, status="not stated"), "unclear"),
        (followed(None, status="missing"), "unclear"),
    ],
)
def test_followed_long_enough(study, word):
    """6 months are enough, a range needs its shortest time, a rounded time just below is open."""
    answer = followed_long_enough(study, results({}), RULE)
    assert answer.word == word
    assert answer.reason


def test_result_later_than_the_followup():
    """A result at 6 months with a follow-up of 5 leaves the follow-up unclear, not failed."""
    late = results(responder(100, months=6))
    assert followed_long_enough(followed(5.0), late, RULE).word == "unclear"
    early = results(responder(100, months=5.5))
    assert followed_long_enough(followed(5.0), early, RULE).word == "no"


@pytest.mark.parametrize(
    ("percent", "word"), [(50.0, "no"), (50.1, "yes"), (49.9, "no"), (0, "no"), (None, "unclear")]
)
def test_half_is_not_more_than_half(percent, word):
    """50% of patients is not more than 50%; an unknown share is unclear."""
    (row,) = results(responder(percent)).itertuples()
    assert share_above(row, RULE).word == word


def test_at_least_half_where_the_rule_says_so():
    """With a rule of "at least", 50% of patients is positive."""
    (row,) = results(responder(50)).itertuples()
    rule = RULE.model_copy(update={"positive_rule": ">="})
    assert share_above(row, rule).word == "yes"


@pytest.mark.parametrize(
    ("percent", "threshold", "sign", "word"),
    [
        # Above a stricter threshold: a lower bound of the share above 50%.
        (75, 60, ">", "yes"),
        (60, 100, "=", "yes"),
        (40, 60, ">", "unclear"),
        # Above a weaker threshold: an upper bound.
        (8.3, 30, ">", "no"),
        (50, 30, ">", "no"),
        # At least 50%, or exactly 50%, is not more than 50%.
        (40, 50, ">=", "no"),
        (100, 50, "=", "no"),
    ],
)
def test_other_thresholds_bound_the_share(percent, threshold, sign, word):
    """A stricter threshold can only prove a positive outcome, a weaker one only a negative."""
    (row,) = results(responder(percent, threshold, sign)).itertuples()
    assert share_above(row, RULE).word == word


@pytest.mark.parametrize(
    ("percent", "sign", "word"),
    [
        (60, ">=", "yes"),  # what the rule asks for, exactly
        (40, ">=", "no"),
        (60, "=", "yes"),  # more than it asks for: a lower bound
        (40, "=", "unclear"),
        (60, ">", "yes"),
        (40, ">", "unclear"),
    ],
)
def test_relief_of_at_least_the_limit(percent, sign, word):
    """With a rule of "at least 50% relief", relief of exactly, or more than, 50% is enough."""
    (row,) = results(responder(percent, 50, sign)).itertuples()
    rule = RULE.model_copy(update={"relief_rule": ">="})
    assert share_above(row, rule).word == word


@pytest.mark.parametrize(("percent", "threshold", "sign"), [(90, 30, ">"), (80, 50, ">=")])
def test_many_above_a_weaker_threshold_settles_nothing(percent, threshold, sign):
    """Most patients above a weaker threshold may or may not be above 50%: unclear."""
    (row,) = results(responder(percent, threshold, sign)).itertuples()
    assert share_above(row, RULE).word == "unclear"


@pytest.mark.parametrize(
    ("threshold", "sign", "word"),
    [
        (50, ">", "yes"),
        (50, "=", "no"),
        (50.1, "=", "yes"),
        (70, "=", "yes"),
        (100, "=", "yes"),
        (50, "<", "no"),
        (40, "=", "no"),
    ],
)
def test_relief_of_all_patients_alike(threshold, sign, word):
    """Relief printed without a count is that of every patient: exactly 50% is not more than 50%."""
    values = {"kind": "relief", "threshold_percent": threshold, "threshold_rule": sign}
    (row,) = results(values).itertuples()
    assert share_above(row, RULE).word == word


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (responder(40), "yes"),
        (responder(40, 60), "yes"),
        (responder(40, 100, "="), "yes"),
        (responder(40, 30), "no"),
        ({"kind": "relief", "threshold_percent": 100, "threshold_rule": "="}, "yes"),
        ({"threshold_points": 2, "threshold_rule": ">", "percent": 35}, "no"),
        ({"percent": 63}, "no"),
        ({"kind": "mean change", "estimate": -4.2, "scale": "points"}, "no"),
        # A mean that is compared with the threshold says of no patient whether it was reached.
        ({"kind": "mean relief", "threshold_percent": 50, "threshold_rule": "<"}, "no"),
        ({"kind": "duration", "estimate": 7, "scale": "months"}, "no"),
        ({"kind": "statement", "status": "missing"}, "unclear"),
    ],
)
def test_counts_against_threshold(row, word):
    """Patients counted against 50% or more define relief; points, means and words do not."""
    assert counts_against_threshold(results(row), RULE).word == word


@pytest.mark.parametrize(
    ("row", "read_as", "word"),
    [
        ({"kind": "mean change", "estimate": -4.2}, "abstract", "unclear"),
        ({"kind": "mean change", "estimate": -4.2}, "full text", "no"),
        ({"percent": 63}, "digest", "unclear"),
        ({"percent": 63, "threshold_words": "much better"}, "abstract", "no"),
        (responder(40, 30), "abstract", "no"),
        (responder(40), "abstract", "yes"),
    ],
)
def test_what_a_part_does_not_state_is_no_no(row, read_as, word):
    """An abstract without a threshold says nothing of the study; what it states decides."""
    assert counts_against_threshold(results(row), RULE, read_as).word == word


@pytest.mark.parametrize(
    ("study", "rows", "word"),
    [
        (followed(12.0), [responder(69, months=6)], "yes"),
        (followed(12.0), [responder(69, months=5.9)], "unclear"),
        (followed(12.0), [responder(69)], "yes"),  # no time printed: the end of the follow-up
        (followed(2.0, 18.0, "range"), [responder(69)], "unclear"),
        (followed(None, status="variable"), [responder(69)], "unclear"),
        (followed(None, status="variable"), [responder(69, months=9)], "yes"),
        (followed(12.0), [responder(69, months=3), responder(20, months=6)], "no"),
        (followed(12.0), [responder(20, months=12), responder(69, months=6)], "yes"),
        (followed(3.0), [responder(69)], "unclear"),
        (followed(12.0), [{"kind": "mean change", "estimate": -4}], "unclear"),
    ],
)
def test_positive_in_long_term(study, rows, word):
    """The earliest result at 6 months or later decides; a result without a time is at the end."""
    assert positive_in_long_term(study, results(*rows), RULE).word == word


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("yes", "yes", "yes"),
        ("yes", "no", "no"),
        ("no", "unclear", "no"),
        ("unclear", "yes", "unclear"),
        ("unclear", "unclear", "unclear"),
    ],
)
def test_two_answers_together(first, second, word):
    """Both yes is yes; a no decides; else what is unclear stays unclear, in either order."""
    one, two = Answer(first, "one"), Answer(second, "two")
    assert both(one, two).word == both(two, one).word == word


def test_patients_counted_late_were_followed_late():
    """Where no follow-up is printed, a count of patients at a time tells that it reached it."""
    study = followed(None, status="variable")
    late, early = results(responder(60, months=9)), results(responder(60, months=3))
    assert followed_long_enough(study, late, RULE).word == "yes"
    assert followed_long_enough(study, early, RULE).word == "unclear"
    mean = results({"kind": "mean change", "estimate": -2, "months": 9})
    assert followed_long_enough(study, mean, RULE).word == "unclear"


@pytest.mark.parametrize(
    ("qualifies", "positive", "word"),
    [
        ("yes", "yes", "yes"),
        ("yes", "no", "no"),
        ("yes", "unclear", "unclear"),
        ("no", "no", "does not qualify"),
        ("no", "yes", "does not qualify"),
        ("unclear", "no", "unclear"),
        ("unclear", "yes", "unclear"),
    ],
)
def test_what_does_not_qualify_is_not_negative(qualifies, positive, word):
    """A study that the rule does not admit has no outcome by the rule, good or bad."""
    assert verdict(Answer(qualifies, "a"), Answer(positive, "b")).word == word


def test_at_least_half_the_relief_is_shown_with_both_answers():
    """Whether 50% or more is more than 50% the study leaves open; the reason says so."""
    (row,) = results(responder(69, 50, ">=")).itertuples()
    answer = share_above(row, RULE)
    assert answer.word == "unclear"
    assert answer.reason.endswith("yes if that is enough, open if it must be more")


def test_a_time_that_is_taken_is_told():
    """A result without a time is put at the end of follow-up, and the reason says that it was."""
    answer = positive_in_long_term(followed(60.0), results(responder(64)), RULE)
    assert answer.reason.endswith("taken as the end of follow-up, 60 months")


def test_reasons_are_those_that_decide():
    """The reason of two answers together is that of the answers that decide."""
    assert both(Answer("no", "too short"), Answer("unclear", "no count")).reason == "too short"
    assert both(Answer("no", "a"), Answer("no", "b")).reason == "a; b"


@pytest.mark.parametrize(
    ("printed", "qualifies", "positive", "stands"),
    [
        ("yes", "yes", "yes", "printed and computed agree"),
        ("no", "yes", "no", "printed and computed agree"),
        ("yes", "yes", "no", "printed YES, the rule says no"),
        ("no", "yes", "yes", "printed NO, the rule says yes"),
        ("yes", "no", "yes", "listed, but does not qualify"),
        ("no", "yes", "unclear", "listed, cannot be decided"),
        ("yes", "unclear", "yes", "listed, cannot be decided"),
        ("not listed", "yes", "no", "qualifies, but was left out"),
        ("not listed", "unclear", "yes", "left out, cannot be decided"),
        ("not listed", "no", "unclear", "neither listed nor qualifying"),
    ],
)
def test_printed_against_computed(printed, qualifies, positive, stands):
    """How a printed verdict and the computed answers stand to each other."""
    answers = {"qualifies": Answer(qualifies, ""), "positive": Answer(positive, "")}
    assert agreement(printed, answers) == stands
    assert stands in AGREEMENTS


# By our own reading of the two printed tables: follow-up, definition, positive, and how the
# printed verdict stands to that.
STUDIES = {
    # A trial without a responder count cannot meet "a definition of meaningful relief".
    "truong-2024": ("yes", "no", "unclear", "listed, but does not qualify"),
    # Only a mean below 50%: no patients are counted.
    "perry-2022": ("yes", "no", "unclear", "listed, but does not qualify"),
    "yoon-2016": ("yes", "no", "unclear", "listed, but does not qualify"),
    "das-2023": ("yes", "yes", "yes", "printed and computed agree"),
    # 50% of patients is not more than half of them.
    "tinnirello-2020": ("yes", "yes", "no", "printed YES, the rule says no"),
    "mclean-2020": ("unclear", "yes", "unclear", "listed, cannot be decided"),
    "calixte-2019": ("yes", "yes", "yes", "printed and computed agree"),
    "stogicza-2022": ("yes", "yes", "yes", "printed and computed agree"),
    # 50% relief is not more than 50% relief.
    "dalili-2021": ("yes", "yes", "no", "printed YES, the rule says no"),
    "moesker-2014": ("unclear", "yes", "unclear", "listed, cannot be decided"),
    "sahoo-2021": ("yes", "yes", "yes", "printed and computed agree"),
    "shaffer-2022": ("yes", "yes", "yes", "printed and computed agree"),
    "kocan-2022": ("yes", "yes", "no", "printed and computed agree"),
    # Who is counted at 9 months was followed for 9 months.
    "connelly-2013": ("yes", "yes", "yes", "printed and computed agree"),
    "sarridou-2022": ("yes", "yes", "yes", "printed and computed agree"),
    "yarmohammadi-2011": ("yes", "yes", "yes", "printed and computed agree"),
    # Followed for 9 months, but the share of responders stands at 3 months only.
    "lobianco-2025": ("yes", "yes", "unclear", "qualifies, but was left out"),
    "filipovski-2024": ("yes", "yes", "yes", "qualifies, but was left out"),
    # Printed twice; the second row has the follow-up and the outcome.
    "gabriel-2024": ("yes", "yes", "yes", "qualifies, but was left out"),
    # A result at 6 months with a follow-up of 5.
    "joshi-2017": ("unclear", "yes", "yes", "left out, cannot be decided"),
    "yasin-2019": ("unclear", "yes", "unclear", "left out, cannot be decided"),
    "nemecek-2023": ("yes", "no", "no", "neither listed nor qualifying"),
    "radnovich-2017": ("no", "yes", "unclear", "neither listed nor qualifying"),
    "prologo-2017": ("unclear", "no", "unclear", "neither listed nor qualifying"),
    "prologo-2018": ("yes", "no", "unclear", "neither listed nor qualifying"),
}


@pytest.mark.parametrize(("key", "answers"), STUDIES.items())
def test_study_by_study(review, key, answers):
    """The rule's answers and their comparison with the printed table, read from the cells."""
    table = review.long_term.set_index("key")
    key = {"yasin-2019": "yasin-2020"}.get(key, key)
    row = table.loc[key]
    assert (row["followed"], row["defined"], row["positive"], row["agreement"]) == answers


def test_every_study_and_every_listed_row_is_judged(review):
    """Each distinct study has one answer, and each row of the second table is found there."""
    table = review.long_term
    assert sorted(table["key"]) == sorted(set(review.studies["key"]))
    assert (table["printed"] != "not listed").sum() == len(review.printed_verdicts)
    reasons = [name for name in table if name.endswith("_reason")]
    assert table[reasons].map(bool).all(axis=None)


def test_other_limits_change_the_answers(root):
    """A shorter minimum admits more studies; a stricter relief threshold fewer."""
    counts = [
        (open_review(root / "data", **limits).long_term["qualifies"] == "yes").sum()
        for limits in (
            {"minimum_followup_months": 1},
            {},
            {"minimum_followup_months": 12},
            {"relief_threshold_percent": 75},
        )
    ]
    assert counts[0] > counts[1] > counts[2]
    assert counts[1] > counts[3]


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (1, "1 month"),
        (6, "6 months"),
        (3.94, "3.9 months"),
        (0.16, "0.2 months"),
        (60.0, "60 months"),
    ],
)
def test_how_months_read(months, words):
    """A time reads with at most one decimal, and one month is singular."""
    assert in_months(months) == words


def test_answers_have_no_nan(review):
    """No reason shows a value that is not there."""
    reasons = review.long_term.filter(like="_reason")
    assert not reasons.map(lambda text: "nan" in text.split()).any(axis=None)
    assert not reasons.map(lambda text: "<NA>" in text).any(axis=None)
    assert pd.notna(reasons).all(axis=None)


@pytest.mark.parametrize(("threshold", "sign"), [(30, ">"), (50, ">="), (30, ">=")])
def test_relief_above_a_weaker_threshold_settles_nothing(threshold, sign):
    """Relief of more than 30%, or of at least 50%, may or may not be more than 50%: unclear."""
    values = {"kind": "relief", "threshold_percent": threshold, "threshold_rule": sign}
    (row,) = results(values).itertuples()
    assert share_above(row, RULE).word == "unclear"
