"""The project's own study files: each valid, each with its reference; schema and form current."""

import json

import pytest
import yaml

from livingreview.contribute.forms import FORM, SCHEMA, form_text, schema_text
from livingreview.data.files import read_yaml
from livingreview.data.protocol import Protocol
from livingreview.data.references import read_references
from livingreview.data.reports import NOT_READ
from livingreview.data.source import VOCABULARY
from livingreview.data.studies import load_studies
from livingreview.data.study import StudyFile, known, unread
from livingreview.data.vocabulary import Vocabulary
from livingreview.problems import Problem
from livingreview.tables import sides_of
from project import ROOT

FILES = sorted((ROOT / "data/studies").glob("*.yml"))


@pytest.fixture(scope="module")
def studies(root):
    """Return the project's study files by key."""
    problems: list[Problem] = []
    lists = {
        name: read_yaml(root / f"data/vocabulary/{name}.yml", model, problems)
        for name, model in VOCABULARY.items()
    }
    references = read_references(root / "references.bib", problems)
    vocabulary = Vocabulary.model_construct(**lists)
    protocol = read_yaml(root / "data/protocol.yml", Protocol, problems)
    found = load_studies(root / "data/studies", vocabulary, references, protocol, problems)
    assert problems == []
    return found


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_study_file_is_valid(path):
    """A study file is what the declaration says, and opens with the line for editors."""
    problems: list[Problem] = []
    study = read_yaml(path, StudyFile, problems)
    assert problems == []
    assert study is not None
    assert study.key == path.stem
    assert path.read_text("utf-8").startswith(
        "# yaml-language-server: $schema=../study.schema.json"
    )


def test_a_study_of_the_review_has_a_file_once_it_was_read(studies, review):
    """No file says only that nobody read the study; a file has the number of the list."""
    listed = {row.key: row.ref for row in review.studies.itertuples()}
    assert set(listed) - set(studies), "every study was read: nothing is left to test"
    for key, study in studies.items():
        assert (study.ref is None) != (study.screening is None)
        assert study.ref is None or study.read_as != NOT_READ
        assert study.ref == listed.get(key, study.ref)


def test_what_nobody_read_says_so():
    """A study without a file states nothing: each field that is not its identity is not read."""
    study = unread("lee-2021", 12, ("device", "temperature_c"), ("chronic_pain",))
    values = study.model_dump(exclude_unset=True)
    assert (values.pop("key"), values.pop("ref")) == ("lee-2021", 12)
    assert values.pop("reporting") == {"device": NOT_READ, "temperature_c": NOT_READ}
    assert values.pop("eligibility") == {"chronic_pain": NOT_READ}
    assert set(values.values()) == {NOT_READ}


def test_a_study_that_was_read_says_when_and_how(studies):
    """Each study that was read names its day; a value read elsewhere says where."""
    for study in studies.values():
        assert (study.read_on is not None) == (study.read_as != NOT_READ)
        given = study.read_from.get("condition", study.read_as)
        assert study.how("condition") == (given if isinstance(given, str) else given.how)


def test_arm_sizes_are_those_of_arms(studies):
    """Every result is of arms that the study has, or of all of them."""
    named = {
        name
        for study in studies.values()
        for outcome in study.outcomes
        for side in sides_of(outcome.arm)[:2]
        for name in side
    }
    assert {"treatment", "sham", "radiofrequency"} <= named
    assert any(study.size("treatment") is None and study.arms for study in studies.values())


@pytest.mark.parametrize(
    ("text", "arm", "against", "part"),
    [
        ("treatment", ("treatment",), (), None),
        ("treatment vs sham", ("treatment",), ("sham",), None),
        ("treatment vs sham vs drug", ("treatment",), ("sham", "drug"), None),
        ("treatment and sham vs drug", ("treatment", "sham"), ("drug",), None),
        ("sham vs treatment", ("sham",), ("treatment",), None),
        ("treatment: second year", ("treatment",), (), "second year"),
        ("all patients", (), (), "all patients"),
        ("each arm", (), (), "each arm"),
        ("not stated", (), (), "not stated"),
        (None, (), (), None),
    ],
)
def test_arms_of_a_result_are_read_from_its_words(text, arm, against, part):
    """A contrast, several arms together, a part of an arm, and words for all of them."""
    assert sides_of(text) == (arm, against, part)


def test_known_is_none_where_nothing_is_known():
    """Not stated and not read are answers, but no values."""
    assert known("not stated") is None
    assert known("not read") is None
    assert known(()) == ()
    assert known(0) == 0


def test_schema_for_editors_is_current(root):
    """``data/study.schema.json`` is what the declaration gives."""
    text = (root / SCHEMA).read_text("utf-8")
    assert text == schema_text()
    assert set(json.loads(text)["properties"]) == set(StudyFile.model_fields)


def test_form_for_a_new_study_is_current(root):
    """The issue form asks for each field of the declaration."""
    text = (root / FORM).read_text("utf-8")
    assert text == form_text()
    asked = [element["id"] for element in yaml.safe_load(text)["body"] if "id" in element]
    assert asked == list(StudyFile.model_fields)


def test_every_issue_form_is_one(root):
    """A form has a name, a description, and elements with ids and labels of their own."""
    paths = sorted((root / FORM).parent.glob("*.yml"))
    assert len(paths) == 4
    for path in paths:
        form = yaml.safe_load(path.read_text("utf-8"))
        assert {"name", "description", "body"} <= set(form)
        asked = [element for element in form["body"] if element["type"] != "markdown"]
        for field in ("id", "label"):
            said = [e.get(field) or e["attributes"][field] for e in asked]
            assert len(said) == len(set(said))


def test_every_field_has_a_meaning():
    """The template, the form and the schema say what each field means."""
    for name, field in StudyFile.model_fields.items():
        assert field.description, name
