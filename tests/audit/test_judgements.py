"""Judgements of readers: what the loader refuses, and a difference that stops the build."""

from dataclasses import replace

import pytest
import yaml
from pydantic import ValidationError

from livingreview.audit.claims import audits
from livingreview.audit.judgements import differing, judged
from livingreview.contribute.check import check
from livingreview.data.claims import FAILS, HOLDS, VERDICTS, Judgement, misjudged
from livingreview.problems import InvalidData

SAYS = {"judged": HOLDS, "reason": "Table 1 has four such rows."}
OTHERWISE = {"judged": FAILS, "reason": "It has three."}
PRINTINGS = ["preprint", "published"]


def judgement(claim="abstract-rcts", **more):
    """Return an invented judgement."""
    return Judgement.model_validate({"claim": claim, "readings": [SAYS, SAYS]} | more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"readings": [SAYS, {"judged": HOLDS}]}, "reason"),
        ({"readings": [SAYS, {"judged": HOLDS, "reason": ""}]}, "reason"),
        ({"readings": [SAYS, {"judged": "maybe", "reason": "?"}]}, "judged"),
        ({"readings": []}, "readings"),
        ({"readings": [SAYS, OTHERWISE]}, "settled"),
    ],
)
def test_a_judgement_has_its_reasons(more, words):
    """A reading without a reason, or a difference that nobody settled, is refused."""
    with pytest.raises(ValidationError, match=words):
        judgement(**more)


def test_what_was_settled_stands():
    """Where readers differ, that stands which was settled."""
    settled = judgement(readings=[SAYS, OTHERWISE], settled=OTHERWISE)
    assert settled.differ
    assert settled.stands.judged == FAILS
    assert judgement().stands.judged == HOLDS


@pytest.mark.parametrize(
    ("judgements", "found"),
    [
        ([judgement(claim="no-such-claim")], "no-such-claim"),
        ([judgement(printing="journal")], "journal"),
        ([judgement(), judgement(printing="preprint")], "judged again for preprint"),
        ([judgement(claim="discussion-modest", printing="preprint")], "preprint"),
    ],
)
def test_a_judgement_is_of_a_claim_and_once(review, judgements, found):
    """A judgement of what no printing claims, or of the same twice, is refused."""
    problems = list(misjudged(tuple(judgements), review.source.claims, PRINTINGS, "judgements.yml"))
    assert [problem for problem in problems if found in problem.found]
    assert not list(misjudged((judgement(),), review.source.claims, PRINTINGS, "judgements.yml"))


def with_judgements(review, *judgements):
    """Return the review with other judgements."""
    return replace(review, source=replace(review.source, judgements=judgements))


def test_a_difference_names_claim_computed_and_read(review):
    """Readers and computation that differ are a problem that says both."""
    assert not differing(with_judgements(review, judgement()))
    (problem, _) = differing(with_judgements(review, judgement(readings=[OTHERWISE])))
    text = str(problem)
    assert "abstract-rcts, preprint" in text
    assert FAILS in problem.found
    assert HOLDS in problem.allowed
    assert "It has three." in text


def test_a_difference_stops_the_check(data_copy):
    """`make check`, and with it the build, stops with that message."""
    entry = {"claim": "abstract-rcts", "readings": [OTHERWISE]}
    path = data_copy / "data/source/judgements.yml"
    path.write_text(yaml.safe_dump([entry]), encoding="utf-8")
    with pytest.raises(InvalidData, match="abstract-rcts, preprint"):
        check(data_copy / "data")


def test_what_was_read_agrees_with_what_was_computed(review):
    """The judgements of this review and its verdicts in print are the same."""
    assert not differing(review)
    rows = judged(review)
    assert set(rows["judged"]) <= set(VERDICTS)
    assert not rows.duplicated(["id", "printing"]).any()
    assert review.value("claims_judged") == len(rows)
    assert review.fact("claims_judged").value.of == len(audits(review))
