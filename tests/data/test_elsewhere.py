"""What is told elsewhere: loaded, never counted, and refused where it contradicts itself."""

import pytest
import yaml

from livingreview.data.elsewhere import load_bias_facts, load_harms, load_other_treatment
from livingreview.data.files import name_of

HARM = {
    "key": "lee-2021", "first_author": "Lee A", "year": 2021, "citation": None, "doi": None,
    "read_as": "abstract", "event": "burn", "patients": 2, "at_risk": 40, "of": None,
    "percent": 5, "serious": False, "setting": None, "nerve": None, "applies": "indirectly",
    "note": None,
}  # fmt: skip
FACTS = {
    "key": "lee-2021",
    "read": "full text",
    "arms": [{"arm": "treatment", "randomised": 30, "analysed": 28}],
    "facts": [{"about": "randomisation", "fact": "by computer", "at": "Methods"}],
}


def written(path, content):
    """Write a YAML file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content))
    return path


def test_they_are_optional(tmp_path):
    """A review that tells of nothing elsewhere has no such file."""
    problems = []
    assert load_harms(tmp_path / "harms.yml", problems) == ()
    assert load_other_treatment(tmp_path / "other_treatment.yml", problems) == ()
    assert load_bias_facts(tmp_path / "risk_of_bias_facts", set(), problems) == {}
    assert problems == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, None),
        ({"patients": 41}, "found 41 patients; allowed: at most 40, those at risk"),
        ({"applies": "perhaps"}, "column applies: found \"perhaps\"; allowed: 'yes' or"),
    ],
)
def test_a_harm_is_among_those_at_risk(tmp_path, change, message):
    """A count above those at risk, and an answer that is none, have one message each."""
    problems = []
    load_harms(written(tmp_path / "data/harms.yml", [HARM | change]), problems)
    assert len(problems) == bool(message)
    assert message is None or message in str(problems[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, None),
        ({"key": "kim-2022"}, 'key: found "kim-2022"; allowed: a key of references.bib'),
        (
            {"arms": [{"arm": "treatment", "randomised": 30, "analysed": 31}]},
            "found 31 analysed; allowed: at most 30, the randomised",
        ),
        ({"facts": []}, "allowed: at least one entry"),
    ],
)
def test_facts_on_bias_are_of_a_study(tmp_path, change, message):
    """The file is named as its study; nobody joins an arm after it was randomised."""
    problems = []
    folder = tmp_path / "data/risk_of_bias_facts"
    written(folder / "lee-2021.yml", FACTS | change)
    load_bias_facts(folder, {"lee-2021"}, problems)
    assert len(problems) == bool(message)
    assert message is None or message in str(problems[0])


def test_what_is_told_elsewhere_is_shown_and_counted_nowhere(review):
    """Each entry of the project stands in its table, and gives no row of evidence."""
    from livingreview import pages

    harms, others = review.source.harms, review.source.other_treatment
    for name, told in (("harms", harms), ("other_treatment", others)):
        assert bool(told) == (review.source.folder / f"{name}.yml").is_file()
    shown = pages.context.other_harms_table(review).text
    assert all(harm.event in shown for harm in harms)
    shown = pages.context.other_treatment_table(review).text
    assert all(other.title in shown for other in others)
    rows = set(review.living.outcomes["source"]) | set(review.living.adverse_events["source"])
    told = {name_of(review.source.folder / f"{name}.yml") for name in ("harms", "other_treatment")}
    assert rows
    assert not told & rows
