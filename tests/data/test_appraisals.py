"""Appraisals: what is refused, what stands where two sets of answers differ."""

import copy

import pytest
import yaml

from livingreview.data.appraisals import load_appraisals
from livingreview.data.tools import load_tools
from project import ROOT

TOOLS = load_tools(ROOT / "data/tools", [])
KEY = "truong-2024"
WHOLE = yaml.safe_load((ROOT / f"data/appraisals/{KEY}.yml").read_text("utf-8"))


def given(answer, because="as the article says"):
    """Return one answer."""
    return {"answer": answer, "because": because}


def altered(*place, value=None):
    """Return the appraisal of the project with one field set, or taken out."""
    content = copy.deepcopy(WHOLE)
    *way, last = place
    here = content
    for part in way:
        here = here.setdefault(part, {}) if isinstance(here, dict) else here[part]
    if value is None:
        del here[last]
    else:
        here[last] = value
    return content


def load(review, tmp_path, content, name=KEY):
    """Return what is loaded from one file, and the problems."""
    folder = tmp_path / "data/appraisals"
    folder.mkdir(parents=True)
    (folder / f"{name}.yml").write_text(yaml.safe_dump(content))
    problems = []
    found = load_appraisals(folder, TOOLS, review.source.studies, problems)
    return found, [str(problem) for problem in problems]


def test_those_of_the_project_load(review, tmp_path):
    """The file that is altered below is right as it is."""
    found, problems = load(review, tmp_path, WHOLE)
    assert problems == []
    assert set(found) == {KEY}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (altered("read_as", value="abstract"), 'read_as: found "abstract"; allowed: full text'),
        (altered("overrides", "D1", value={"judgement": "high"}), "D1.because: found nothing"),
        (
            altered("overrides", "D9", value={"judgement": "high", "because": "x"}),
            'overrides: found "D9"; allowed: one of D1, D2',
        ),
        (
            altered("overrides", "D1", value={"judgement": "fair", "because": "x"}),
            'overrides.D1: found "fair"; allowed: one of low, some concerns, high',
        ),
        (altered("sets", 0, "answers", "9.1", value=given("Y")), 'sets[1]: found question "9.1"'),
        (
            altered("sets", 0, "answers", "1.1", value=given("J")),
            'sets[1].1.1: found "J"; allowed: one of Y, PY, PN, N, NI',
        ),
        (
            altered("sets", 1, "answers", "4.4", value=given("N")),
            "sets[2].4.4: found an answer off the path",
        ),
        (altered("sets", 0, "answers", "1.1", "because"), "1.1.because: found nothing"),
        (altered("agreed", "5.1"), "agreed.5.1: found nothing; allowed: what stands"),
        (
            altered("agreed", "1.1", value=given("Y")),
            "agreed.1.1: found an agreement where the sets agree",
        ),
        (altered("key", value="nobody-2020"), 'key: found "nobody-2020"; allowed: a study'),
        (altered("tool", value="rob-3"), 'tool: found "rob-3"; allowed: did you mean rob-2?'),
        (
            altered("tool", value="jbi-case-series"),
            "tool: found JBI checklist for case series for a RCT; allowed: for CS",
        ),
        (
            altered("result", "months", value=99),
            'result: found "treatment vs sham" at 99.0 months; allowed: arms and time',
        ),
        (altered("sets", value=[]), "allowed: at least one entry"),
    ],
)
def test_each_fault_is_named(review, tmp_path, content, message):
    """The first problem names file, field, what was found and what is allowed."""
    _, problems = load(review, tmp_path, content)
    assert problems[0].startswith(f"data/appraisals/{KEY}.yml: ")
    assert message in problems[0]


def test_a_refused_answer_is_one_that_the_tool_does_not_offer(review, tmp_path):
    """No information is no answer to the question of evidence on missing results."""
    content = altered("sets", 0, "answers", "3.1", value=given("N"))
    content["sets"][0]["answers"] |= {"3.2": given("NI")}
    _, problems = load(review, tmp_path, content)
    assert 'sets[1].3.2: found "NI"; allowed: one of Y, PY, PN, N' in problems[0]


def test_what_stands(review):
    """Agreed answers stand, then those of the last set where the sets say the same."""
    tool = TOOLS["rob-2"]
    for key, appraisal in review.source.appraisals.items():
        standing, differing = appraisal.standing(tool), appraisal.differing(tool)
        assert set(appraisal.agreed) <= set(differing), key
        for question, answer in standing.items():
            kinds = {
                tool.kind(s.letters[question]) for s in appraisal.sets if question in s.letters
            }
            assert (question in differing) == (question in appraisal.agreed)
            assert question in differing or kinds == {tool.kind(answer.answer)}


def test_a_review_can_do_without(tmp_path):
    """Without the folders there is no tool and no appraisal, and no problem."""
    problems = []
    assert load_tools(tmp_path / "tools", problems) == {}
    assert load_appraisals(tmp_path / "appraisals", {}, {}, problems) == {}
    assert problems == []
