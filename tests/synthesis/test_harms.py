"""Harms: what a study says, over which patients, and what its count excludes."""

from dataclasses import replace

import pandas as pd
import pytest

from livingreview.synthesis.harms import harms, harms_of

EVENT = {"status": "event", "event": "bruise", "arm_words": "treatment", "arm": ("treatment",)}


def harm_of(review, *events, comparators=("sham",), treated=40):
    """Return the row of the first study, with these events in place of its own."""
    living = review.living
    studies = living.studies.head(1).copy()
    studies["patients_treated"] = pd.array([treated], dtype="Int64")
    studies["comparators"] = [comparators]
    key = studies["key"].iloc[0]
    blank = dict.fromkeys(living.adverse_events.columns) | {"key": key, "against": ()}
    blank |= {"cautions": (), "arm": (), "read_as": "full text"}
    frame = pd.DataFrame([blank | event for event in events], columns=living.adverse_events.columns)
    frame = frame.astype(living.adverse_events.dtypes.to_dict())
    return harms(replace(living, studies=studies, adverse_events=frame)).iloc[0]


def test_the_event_with_most_patients_is_counted(review):
    """Over the patients it says were at risk; the bound is Clopper and Pearson's, of one side."""
    found = harm_of(
        review,
        EVENT | {"patients": 1, "at_risk": 30},
        EVENT | {"event": "numbness", "patients": 2, "at_risk": 30},
    )
    assert (found["said"], found["events"]) == ("event", 2)
    assert (found["counted_event"], found["patients_with_event"]) == ("numbness", 2)
    assert found["counted_arm"] == "treatment"
    assert (found["at_risk"], found["at_risk_from"]) == (30, "stated")
    assert found["upper_95"] == pytest.approx(19.53, abs=0.01)


def test_a_stated_none_has_a_bound(review):
    """None of 54: 100 (1 - 0.05^(1/54)) percent."""
    none = EVENT | {"status": "no adverse events", "event": None, "patients": 0}
    found = harm_of(review, none, treated=54)
    assert (found["said"], found["events"], found["patients_with_event"]) == (
        "no adverse events", 0, 0,
    )  # fmt: skip
    assert (found["at_risk"], found["at_risk_from"]) == (54, "arm")
    assert found["upper_95"] == pytest.approx(100 * (1 - 0.05 ** (1 / 54)))


@pytest.mark.parametrize(
    ("arm", "comparators", "source"),
    [
        (("treatment",), ("sham",), "arm"),
        ((), (), "arm"),
        ((), ("sham",), "not stated"),
        (("treatment", "sham"), ("sham",), "not stated"),
    ],
)
def test_the_arm_is_at_risk_where_the_event_is_of_it_alone(review, arm, comparators, source):
    """Of several arms together, or an arm that nobody names, the patients are not known."""
    found = harm_of(review, EVENT | {"patients": 1, "arm": arm}, comparators=comparators)
    assert found["at_risk_from"] == source
    assert pd.isna(found["upper_95"]) == (source == "not stated")


def test_events_of_the_comparison_arm_are_not_the_treatment_s(review):
    """The study has spoken; of the treatment it tells no event."""
    found = harm_of(review, EVENT | {"patients": 3, "at_risk": 20, "arm": ("sham",)})
    assert (found["said"], found["events"]) == ("event", 0)
    assert pd.isna(found["patients_with_event"])


@pytest.mark.parametrize(
    ("status", "serious_said"),
    [
        ("not mentioned", "no"),
        ("not reported", "no"),
        ("not read", "unknown"),
        ("not in the part read", "unknown"),
    ],
)
def test_silence_is_no_zero(review, status, serious_said):
    """Nothing is counted, and what was not read says nothing on serious events."""
    found = harm_of(review, {"status": status})
    assert (found["said"], found["serious_said"]) == (status, serious_said)
    blank = ["events", "patients_with_event", "at_risk", "serious", "upper_95"]
    assert found[blank].isna().all()


def test_a_study_without_a_row_is_not_read(review):
    """Nothing says that it was."""
    assert harm_of(review)["said"] == "not read"


def test_uncounted_events_are_no_none(review):
    """A count of none of another kind does not stand for an event that nobody counts."""
    none = EVENT | {"status": "none of this kind", "event": "burn", "patients": 0, "at_risk": 9}
    found = harm_of(review, EVENT, none)
    assert found["said"] == "event"
    assert pd.isna(found["patients_with_event"])


@pytest.mark.parametrize(
    ("events", "serious", "said"),
    [
        ([EVENT | {"serious": True, "patients": 1}], 1, "yes"),
        ([EVENT | {"serious": True}], None, "yes"),
        ([EVENT | {"serious": False, "patients": 4}], None, "no"),
        ([EVENT | {"status": "none of this kind", "serious": True, "patients": 0}], 0, "yes"),
        ([EVENT | {"status": "no adverse events", "patients": 0}], None, "no"),
    ],
)
def test_serious_is_told_from_silence(review, events, serious, said):
    """That no event happened at all is not a word on serious ones."""
    found = harm_of(review, *events)
    assert found["serious_said"] == said
    assert known(found["serious"]) == serious


def known(value):
    """Return a cell's value, or None where it is blank."""
    return None if pd.isna(value) else value


def test_each_study_of_the_review_has_a_row(review):
    """Each study once; those of the questions together are all of them."""
    living = review.living
    found = harms(living)
    assert sorted(found["key"]) == sorted(set(living.studies["key"]))
    parts = [harms_of(living, asked.id) for asked in living.source.questions]
    assert sum(map(len, parts)) == len(found)
