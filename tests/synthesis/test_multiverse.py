"""The multiverse: all combinations of choices at once, held against the rule asked one by one."""

import random
from dataclasses import replace

import numpy as np
import pytest

from alterations import ROOT, twice
from livingreview.evidence.edition import distinct_studies
from livingreview.evidence.rule import long_term
from livingreview.frames import is_control
from livingreview.problems import InvalidData
from livingreview.review import open_review, rule_with
from livingreview.synthesis.multiverse import (
    ANSWERS,
    CODES,
    CONCLUSIONS,
    NEGATIVE,
    OF_RULE,
    OF_STUDIES,
    OPEN,
    OUT,
    POSITIVE,
    UNSETTLED,
    comparison_arms,
    concluded,
    is_in,
    multiverse,
    settings,
    shares_of,
)

PROTOCOL = "data/protocol.yml"
EDITIONS = ("printed", "checked", "living")


def asked_one_by_one(edition, choices, chosen):
    """Return the code of each study under a specification, by the rule asked as a whole."""
    limits = {name: chosen[name] for name in OF_RULE}
    answers = long_term(edition, rule_with(edition.rule, limits))
    codes = answers["verdict"].map(CODES).to_numpy()
    who = is_in(
        distinct_studies(edition.studies), choices, **{name: chosen[name] for name in OF_STUDIES}
    )
    return np.where(who.to_numpy(), codes, OUT)


def by_arrays(found, chosen):
    """Return the code of each study under a specification, from the arrays."""
    place = found.at(**chosen)
    rule, studies = place[: len(OF_RULE)], place[len(OF_RULE) :]
    return np.where(found.included[studies], found.codes[rule], OUT)


def drawn(choices, number, seed):
    """Return a seeded sample of specifications."""
    every = settings(choices, (*OF_RULE, *OF_STUDIES))
    return random.Random(seed).sample(every, number)  # noqa: S311 - the same sample each time


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("arms", CONCLUSIONS)
def test_equals_the_rule_asked_one_by_one(review, name, arms):
    """Two hundred specifications and more, study by study, and their counts."""
    edition = review.in_edition(name)
    found = multiverse(edition, arms)
    asked = edition if arms == "treated arms" else comparison_arms(edition)
    for chosen in drawn(found.choices, 34, EDITIONS.index(name)):
        slow = asked_one_by_one(asked, found.choices, chosen)
        assert slow.tolist() == by_arrays(found, chosen).tolist(), chosen
        for code in (POSITIVE, NEGATIVE, OPEN):
            assert found.counts[code][found.at(**chosen)] == (slow == code).sum()


@pytest.mark.parametrize(("months", "threshold"), [(3, 30), (12, 70), (6, 50)])
def test_equals_a_review_opened_with_the_parameters(review, months, threshold):
    """What a chapter that is run with parameters says is what the arrays hold."""
    other = open_review(ROOT / "data", months, threshold, edition="living")
    chosen = {"minimum_followup_months": months, "relief_threshold_percent": threshold}
    expected = other.long_term["verdict"].map(CODES).tolist()
    assert by_arrays(multiverse(review.living), chosen).tolist() == expected


def test_the_protocol_is_one_of_the_specifications(review):
    """Without any choice made otherwise the counts are those of the rule in force."""
    for name in EDITIONS:
        edition = review.in_edition(name)
        found = multiverse(edition)
        words = edition.long_term["verdict"]
        assert [found.counts[CODES[word]][found.at()] for word in ("yes", "no", "unclear")] == [
            (words == word).sum() for word in ("yes", "no", "unclear")
        ]


def test_sizes(review):
    """All combinations are there, and the different ones are counted as a set would."""
    found = multiverse(review.living)
    every = settings(found.choices, (*OF_RULE, *OF_STUDIES))
    assert found.size == len(every) == found.answers().size
    assert found.distinct == len({by_arrays(found, chosen).tobytes() for chosen in every})
    assert 1 < found.distinct < found.size


def test_comparison_arms_are_those_without_the_treatment(review):
    """A study is judged by its comparison arm if that has a result, and by nothing else."""
    edition = review.living
    rows = edition.outcomes[is_control(edition.outcomes) & edition.outcomes["part"].isna()]
    assert set(comparison_arms(edition).studies["key"]) == set(rows["key"])


# Positive, negative, open; what is asked; what becomes of the open ones; the conclusion.
CASES = [
    ((3, 2, 0), "most", "left open", "holds"),
    ((2, 2, 0), "most", "left open", "does not hold"),
    ((3, 1, 1), "most", "left open", "holds"),
    ((3, 1, 2), "most", "left open", "undecided"),
    ((1, 3, 2), "most", "left open", "does not hold"),
    ((1, 3, 3), "most", "left open", "undecided"),
    ((0, 0, 2), "most", "left open", "undecided"),
    ((0, 0, 0), "most", "left open", "nothing to judge"),
    ((0, 0, 2), "most", "left out", "nothing to judge"),
    ((3, 2, 9), "most", "left out", "holds"),
    ((3, 2, 1), "most", "counted as not positive", "does not hold"),
    ((0, 0, 2), "most", "counted as not positive", "does not hold"),
    ((2, 2, 1), "most", "counted as positive", "holds"),
    ((1, 9, 0), "some", "left open", "holds"),
    ((0, 9, 0), "some", "left open", "does not hold"),
    ((0, 9, 1), "some", "left open", "undecided"),
    ((0, 0, 1), "some", "left out", "nothing to judge"),
    ((0, 9, 1), "some", "counted as positive", "holds"),
    ((0, 0, 1), "some", "counted as not positive", "does not hold"),
]


@pytest.mark.parametrize(("counts", "asks", "unsettled", "answer"), CASES)
def test_conclusions_at_their_boundaries(counts, asks, unsettled, answer):
    """Half is not most; what is open decides nothing but is not forgotten."""
    arrays = [np.array([count]) for count in counts]
    assert ANSWERS[concluded(*arrays, asks, unsettled)[0]] == answer


def test_unknown_ways_are_refused():
    """A misspelt way of counting stops, and counts nothing."""
    with pytest.raises(ValueError, match="left"):
        concluded(*[np.array([1])] * 3, "most", "left")


def test_an_open_study_never_decides(review):
    """What holds with studies left open holds whichever way they are counted."""
    for arms in CONCLUSIONS:
        found = multiverse(review.living, arms)
        left = found.answers()
        for unsettled in UNSETTLED[2:]:
            other = found.answers(unsettled)
            for answer in (0, 1):
                assert (other[left == answer] == answer).all()
        assert sum(shares_of(left).values()) == found.size


def test_another_study_changes_its_counts_alone(review):
    """A second study like a positive one adds to positive where that is in, and nowhere else."""
    before = multiverse(review.living)
    words = review.living.long_term
    key = words.loc[words["verdict"] == "yes", "key"].iloc[0]
    after = multiverse(twice(review.living, key))
    place = list(before.studies["key"]).index(key)
    assert after.studies["key"].size == before.studies["key"].size + 1
    for code in (POSITIVE, NEGATIVE, OPEN):
        own = (before.codes[..., place] == code)[..., None, None, None]
        more = own & before.included[..., place]
        assert (after.counts[code] - before.counts[code] == more).all()
    assert (after.counts[POSITIVE] != before.counts[POSITIVE]).any()


def test_an_altered_result_changes_the_specifications_that_ask_it(review):
    """A share that falls below every limit turns its study's positives into negatives."""
    edition = review.living
    before = multiverse(edition)
    positive = (before.codes == POSITIVE).any(axis=tuple(range(len(OF_RULE))))
    shares = edition.outcomes[(edition.outcomes["kind"] == "responder")]
    key = next(key for key in before.studies["key"][positive] if key in set(shares["key"]))
    rows = edition.outcomes
    rows = rows.assign(percent=rows["percent"].mask(rows["key"] == key, 1.0))
    after = multiverse(replace(edition, outcomes=rows))
    changed = (after.codes != before.codes).any(axis=tuple(range(len(OF_RULE))))
    assert set(before.studies["key"][changed]) == {key}


BAD = {
    "a threshold of 150%": (
        "relief_threshold_percent: [30, 50, 70]",
        "relief_threshold_percent: [30, 50, 150]",
        f'{PROTOCOL}: row 3, column choices.relief_threshold_percent: found "150"; '
        "allowed: 100 or less",
    ),
    "a level twice": (
        "positive_share_percent: [50, 60, 70]",
        "positive_share_percent: [50, 50, 70]",
        f"{PROTOCOL}: column choices: found [50.0, 50.0, 70.0] as positive_share_percent; "
        "allowed: each level once",
    ),
    "the rule's own limit missing": (
        "minimum_followup_months: [3, 6, 12]",
        "minimum_followup_months: [3, 12]",
        f"{PROTOCOL}: found choices of minimum_followup_months [3.0, 12.0]; "
        "allowed: 6.0, the rule's, as well",
    ),
    "a group that no design has": (
        "[case report, cohort]",
        "[case report, cohorts]",
        'found "cohorts"; allowed: ',
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), BAD.values(), ids=list(BAD))
def test_bad_choices_are_told(data_copy, edit, old, new, message):
    """File, row, column, what was found, what is allowed."""
    edit(data_copy / PROTOCOL, old, new)
    with pytest.raises(InvalidData) as caught:
        open_review(data_copy / "data")
    assert message in str(caught.value)


def test_no_choices_declared(review):
    """A review that declares no choices has no multiverse, and says so."""
    source = replace(
        review.source, protocol=review.source.protocol.model_copy(update={"choices": None})
    )
    with pytest.raises(LookupError, match="declares no choices"):
        multiverse(replace(review, source=source))
