"""Tools that appraise: where every vector of answers leads, and graphs that lead nowhere."""

from collections import Counter
from itertools import product

import pytest
import yaml

from livingreview.data.tools import INCOMPLETE, load_tools
from project import ROOT

FOLDER = ROOT / "data/tools"
TOOLS = load_tools(FOLDER, [])
ROB2 = TOOLS["rob-2"]

# Counted over all vectors of the five answers to the questions of a graph.
COUNTS = {
    ("D1", 0): {"low": 18, "some concerns": 47, "high": 60},
    ("D2", 0): {"low": 1550, "some concerns": 1197, "high": 378},
    ("D2", 1): {"low": 10, "some concerns": 6, "high": 9},
    ("D3", 0): {"low": 460, "some concerns": 36, "high": 54, "refused": 75},
    ("D4", 0): {"low": 480, "some concerns": 402, "high": 2243},
    ("D5", 0): {"low": 8, "some concerns": 37, "high": 80},
}


def asked_in(part):
    """Return the questions of a graph, each once."""
    return list(dict.fromkeys(step.ask or name for name, step in part.steps.items()))


def ends(part):
    """Return how often each judgement is reached, over all vectors of answers."""
    found = Counter()
    questions = asked_in(part)
    for vector in product(ROB2.answers, repeat=len(questions)):
        try:
            found[ROB2.walk(part, dict(zip(questions, vector, strict=True))).judgement] += 1
        except ValueError:
            found["refused"] += 1
    return dict(found)


@pytest.mark.parametrize(("domain", "number"), COUNTS)
def test_all_vectors_are_counted(domain, number):
    """Each graph of RoB 2 leads from every vector of answers to the judgement of the tool."""
    assert ends(ROB2.domains[domain].parts[number]) == COUNTS[domain, number]


def test_every_graph_is_counted():
    """No graph of the tool is left out above."""
    graphs = {(n, i) for n, domain in ROB2.domains.items() for i in range(len(domain.parts))}
    assert graphs == set(COUNTS)


@pytest.mark.parametrize(
    ("answers", "judgement"),
    [
        ({"4.1": "N", "4.2": "NI", "4.3": "N"}, "some concerns"),  # not low
        ({"4.1": "N", "4.2": "NI", "4.3": "Y", "4.4": "PN"}, "some concerns"),
        ({"4.1": "N", "4.2": "N", "4.3": "PN"}, "low"),
        ({"4.1": "N", "4.2": "N", "4.3": "NI", "4.4": "Y", "4.5": "NI"}, "high"),
        ({"4.1": "PY", "4.2": "N"}, "high"),
    ],
)
def test_unknown_ways_of_measuring_are_not_low(answers, judgement):
    """A path of the fourth domain that is known to be wrong elsewhere, and its neighbours."""
    assert ROB2.judge("D4", answers).judgement == judgement


def test_the_worse_part_is_the_domain():
    """The second domain is as bad as the worse of its graphs."""
    answers = {"2.1": "N", "2.2": "N", "2.6": "N", "2.7": "Y"}
    assert ROB2.judge("D2", answers).judgement == "high"
    assert ROB2.judge("D2", answers | {"2.6": "Y"}).judgement == "low"


def test_an_unanswered_question_judges_nothing():
    """A question on the way without an answer gives incomplete, whatever the others say."""
    found = ROB2.judge("D2", {"2.1": "N", "2.2": "N"})
    assert found.judgement == INCOMPLETE
    assert found.missing == ("2.6",)
    assert ROB2.judge("D1", {}).missing == ("1.1",)
    assert ROB2.worst(["high", INCOMPLETE]) == INCOMPLETE


@pytest.mark.parametrize(("name", "items"), [("jbi-case-series", 10), ("jbi-case-reports", 8)])
def test_checklists_judge_nothing(name, items):
    """The checklists ask so many items, and answers to all of them are no judgement."""
    tool = TOOLS[name]
    assert len(tool.questions) == items
    answers = dict.fromkeys(tool.questions, "Y")
    assert tool.judge("items", answers).judgement == ""
    answers.pop("1")
    assert tool.judge("items", answers) == (INCOMPLETE, tuple(tool.questions), ("1",))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: rob-2", "id: rob-3", 'column id: found "rob-3"; allowed: as the file is named'),
        ("N: low, NI: some", "N: fine, NI: some", 'step "2.3": "fine"; allowed: a step or a'),
        ("ask: '1.3', to: {else: high}", "ask: '9.9', to: {else: high}", "a step that asks a"),
        ("{to: {Y: low, else: '3.2'}}", "{to: {J: low, else: '3.2'}}", 'step "3.1": J; allowed'),
        ("judgements: [low, some concerns, high]\n", "", "domain D1; allowed: graphs if the tool"),
    ],
)
def test_a_graph_that_leads_nowhere_is_refused(tmp_path, old, new, message):
    """Each fault of a tool's file has one message that names its place."""
    text = (FOLDER / "rob-2.yml").read_text("utf-8")
    assert old in text
    (tmp_path / "rob-2.yml").write_text(text.replace(old, new, 1))
    problems = []
    load_tools(tmp_path, problems)
    assert len(problems) == 1
    assert message in str(problems[0])


def test_no_tool_repeats_wording():
    """Licences forbid it: each tool says so, and its gists are statements, not its questions."""
    for path in FOLDER.glob("*.yml"):
        tool = yaml.safe_load(path.read_text("utf-8"))
        assert "wording is not repeated" in tool["licence"]
        gists = [q["gist"] for d in tool["domains"].values() for q in d["questions"].values()]
        assert not any("?" in gist for gist in gists)
