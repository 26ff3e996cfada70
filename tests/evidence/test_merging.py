"""Readings of one result, merged by rank; what silence on harm means."""

import pytest

from livingreview.evidence.merging import standing
from livingreview.tables import Outcome

FULL, ABSTRACT, DIGEST, PRINT = "full text", "abstract", "digest", "review table"


def outcome(read_as: str, locator: str, **values: object) -> Outcome:
    """Return a result of the treated arm as one reading has it."""
    base = {"arm_words": "treatment", "kind": "responder", "measure": "pain relief",
            "threshold_percent": 50.0, "threshold_rule": ">", "months": 6.0}  # fmt: skip
    where = {"key": "lee-2027", "source": "data/a", "locator": locator, "read_as": read_as}
    return Outcome.model_validate(base | where | values)


def merged(review, *found: Outcome) -> tuple[list[str], dict[str, str]]:
    """Return the places of the results that stand, and what outranks each other one."""
    stand, others = standing(list(found), review.source.vocabulary)
    return [o.locator for o in stand], {o.locator: o.stands for o in others}


def test_silence_deletes_nothing(review):
    """An abstract that does not state a printed result leaves it, marked as printed."""
    told = outcome(ABSTRACT, "a", months=1.0)
    assert merged(review, told, outcome(PRINT, "p")) == (["a", "p"], {})


def test_the_higher_reading_stands_and_the_lower_is_kept(review):
    """Of three readings of one result the full text stands, whatever the order."""
    readings = [outcome(PRINT, "p"), outcome(FULL, "f"), outcome(ABSTRACT, "a")]
    assert merged(review, *readings) == (["f"], {"p": "f", "a": "f"})
    assert merged(review, *readings[::-1]) == (["f"], {"p": "f", "a": "f"})


def test_a_digest_never_deletes_an_abstract(review):
    """What another author tells of a study is below its own abstract, and above the print."""
    readings = [outcome(DIGEST, "d", percent=60), outcome(ABSTRACT, "a", percent=55)]
    assert merged(review, *readings, outcome(PRINT, "p")) == (["a"], {"d": "a", "p": "a"})


def test_readings_of_one_rank_all_stand(review):
    """Two results of one table that differ in nothing named here are two results."""
    assert merged(review, outcome(FULL, "1"), outcome(FULL, "2")) == (["1", "2"], {})


@pytest.mark.parametrize(
    "other",
    [
        {"months": 12.0},
        {"threshold_percent": 30.0},
        {"arm_words": "sham"},
        {"arm_words": "treatment vs sham"},
        {"kind": "mean change"},
        {"measure": "WOMAC pain"},
        {"measure": "VAS", "kind": "mean change", "threshold_percent": None},
    ],
)
def test_another_result_is_no_reading_of_it(review, other):
    """Another time, threshold, arm, kind or measure is another result."""
    one = {"measure": "NRS"}
    if other.get("kind") == "mean change" and "measure" in other:
        one |= {"kind": "mean change", "threshold_percent": None}
    higher = outcome(FULL, "f", **one | other)
    assert merged(review, higher, outcome(PRINT, "p", **one)) == (["f", "p"], {})


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        ({"months": 5.5}, {}),  # 24 weeks for 6 months
        ({}, {"months": None}),  # no time is printed
        ({"threshold_rule": ">="}, {}),  # the sign is what the readings differ in
        ({"measure": "NPRS, 0 to 10"}, {"measure": "NRS"}),
        ({"measure": "pain score"}, {"measure": "VAS"}),
        ({"measure": "WOMAC pain subscale"}, {"measure": "WOMAC pain"}),
        ({}, {"kind": "relief"}),
        ({}, {"kind": "statement", "status": "missing", "threshold_percent": None}),
    ],
)
def test_one_result_in_other_words(review, higher, lower):
    """What the lower reading leaves open, rounds or words otherwise is the same result."""
    found = merged(review, outcome(FULL, "f", **higher), outcome(PRINT, "p", **lower))
    assert found == (["f"], {"p": "f"})


def test_parts_of_an_instrument_are_apart(review):
    """A total is no subscale."""
    higher, lower = (outcome(how, how, measure=m, kind="other")
                     for how, m in ((FULL, "WOMAC total"), (DIGEST, "WOMAC pain")))  # fmt: skip
    assert merged(review, higher, lower) == ([FULL, DIGEST], {})


def test_printed_results_that_were_not_found_say_so(review):
    """In the living edition a printed result of a study that was read has its caution."""
    rows = review.living.outcomes
    printed = rows[rows["read_as"] == PRINT]
    read = set(rows.loc[rows["read_as"] != PRINT, "key"])
    notes = printed.loc[printed["key"].isin(read), "note"]
    assert len(notes) > 0
    assert notes.str.startswith("as the source review prints it; not found in").all()


def test_every_printed_result_stands_or_is_kept(review):
    """No printed result of any study is lost on the way to the other editions."""
    living = review.living
    for key, rows in review.outcomes.groupby("key"):
        last = rows[rows["row"] == rows["row"].max()]
        kept = [living.outcomes, living.other_readings]
        found = sum(t[(t["key"] == key) & (t["read_as"] == PRINT)].shape[0] for t in kept)
        assert found == len(last), key


def test_silence_on_harm_has_four_answers(review):
    """Only a full text can report nothing; what was not read is not silence."""
    rows = review.living.adverse_events.set_index("key")
    files = review.source.studies
    for key, status in rows["status"].items():
        file = files.get(key)
        if status == "not reported":
            assert file.read_as == "full text"
        if status == "not read":
            assert file is None or file.read_as == "not read" or file.adverse_events == "not read"
        assert status != "not mentioned"
