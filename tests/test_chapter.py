"""What a chapter does besides showing: publish facts, guard its wording."""

import pytest

from livingreview.chapter import GuardFailed, guard, publish
from livingreview.facts.registry import UnknownFact


def test_publish_hands_facts_to_the_prose(review, monkeypatch):
    """Each fact is glued under its id, without being displayed."""
    glued = {}
    monkeypatch.setattr(
        "myst_nb.glue", lambda name, fact, display: glued.update({name: (fact, display)})
    )
    publish(review, "studies", "studies(design=RCT)")
    assert list(glued) == ["studies", "studies(design=RCT)"]
    assert glued["studies"] == (review.fact("studies"), False)


def test_publish_refuses_an_unknown_fact(review):
    """A fact that does not exist stops the chapter, with the nearest that does."""
    with pytest.raises(UnknownFact, match="did you mean studies"):
        publish(review, "studdies")


def test_guard_lets_a_true_sentence_pass(capsys):
    """A sentence that the evidence bears passes in silence."""
    guard("No trial followed patients beyond a year", 6 <= 12)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("condition", [False, 0, None])
def test_guard_stops_a_false_sentence(monkeypatch, condition):
    """A sentence that the evidence no longer bears stops the build and is named."""
    monkeypatch.delenv("LIVING_REVIEW_GUARDS", raising=False)
    with pytest.raises(GuardFailed, match="No trial followed patients beyond a year"):
        guard("No trial followed patients beyond a year", condition)


def test_guard_reports_in_runs_on_altered_data(monkeypatch, capsys):
    """In runs on altered data the sentence is printed and the run goes on."""
    monkeypatch.setenv("LIVING_REVIEW_GUARDS", "report")
    guard("No trial followed patients beyond a year", False)
    assert "No trial followed patients beyond a year" in capsys.readouterr().out
