"""Adding a study: the commented template, and the form that becomes a file."""

import io
import subprocess
import sys

import pytest
import yaml

from livingreview.contribute import from_form, new_study
from livingreview.contribute.forms import FORM as FORM_FILE
from livingreview.contribute.forms import label
from livingreview.contribute.from_form import study_of
from livingreview.contribute.new_study import (
    BLOCKS,
    ENTRIES,
    UNDECIDED,
    closed_lists,
    refusal,
    study_text,
    template,
)
from livingreview.data.reports import NOT_READ
from livingreview.data.screening import Screened
from livingreview.data.study import StudyFile
from livingreview.problems import InvalidData

FORM = """\
### Key

lee-2027

### DOI

10.1000/182

### Registration

_No response_

### Year

2027

### Screening

```yaml
decision: included
reason: "A trial: of the question."
found_by: other methods
```

### Read as

abstract

### Read on

2026-11-01

### Read from

funding: registry

### Design

RCT

### Comparators

sham

### Comparator words

sham procedure, with the same sound

### Patients

60

### Arms

```yaml
- name: treatment
  patients: 30
- name: sham
  patients: not stated
```

### Nerve words

first nerve, left side
second nerve

### Reporting

device: a probe: 1.3 mm
diagnostic_block: yes
temperature_c: -70

### Eligibility

chronic_pain: yes

### Followup months

6.5

### Outcomes

```yaml
- arm: treatment vs sham
  measure: NRS
  kind: between-group difference
  months: 6
```

### Adverse events

not stated

### Study note

Two lines.
### Not a field

More.
"""


@pytest.fixture
def lists(root):
    """Return the names of the project's closed lists."""
    return closed_lists(root / "data")


def test_template_is_valid_as_it_is(lists):
    """A template has every required field, and says of each that it was not read."""
    text = template("lee-2027", "10.1000/182", lists)
    study = StudyFile.model_validate(yaml.safe_load(text))
    assert (study.key, study.doi, study.read_as) == ("lee-2027", "10.1000/182", NOT_READ)
    assert set(study.reporting) == set(lists["reporting"])
    assert set(study.reporting.values()) == {NOT_READ}
    assert study.screening == UNDECIDED


def test_template_asks_for_every_field(lists):
    """Each field stands in the template with its meaning, optional ones as comments."""
    text = template("lee-2027", "10.1000/182", lists)
    for name in set(StudyFile.model_fields) - {"ref"}:
        assert f"\n{name}:" in text or f"\n# {name}:" in text
    for part in ("threshold_rule", "serious", "patients allocated"):
        assert part in text.lower()
    assert "names: sham" in text
    assert max(map(len, text.splitlines())) < 250


def test_template_of_a_study_of_the_review_asks_for_no_decision(lists):
    """What the source review holds has its number there, and was not screened."""
    study = StudyFile.model_validate(yaml.safe_load(template("lee-2020", None, lists, 12)))
    assert (study.key, study.ref, study.doi, study.screening) == ("lee-2020", 12, None, None)


def test_entry_of_the_template_can_be_uncommented(lists):
    """The example of an entry is right YAML once the marks are taken away and it is filled in."""
    lines = template("lee-2027", "10.1000/182", lists).splitlines()
    start = lines.index("# An entry of outcomes:")
    entry = [
        line[2:].split("#")[0] for line in lines[start + 1 :] if line.startswith(("# -", "#  "))
    ]
    assert "arm" in yaml.safe_load("\n".join(entry[:3]))[0]


@pytest.mark.parametrize(
    ("key", "doi", "said"),
    [
        ("Lee_2027", "10.1000/182", "small letters"),
        ("", "10.1000/182", "small letters"),
        ("lee-2027", "https://doi.org/10.1000/182", "a DOI without address"),
        ("lee-2027", "182", "a DOI without address, like 10.1000/182, or none"),
        ("../lee", "10.1000/182", "small letters"),
    ],
)
def test_bad_key_or_doi_is_refused_in_words(tmp_path, key, doi, said):
    """What cannot be a key or a DOI is said with an example of what can."""
    assert said in refusal(key, doi, tmp_path)


def test_command_writes_once(root, tmp_path, monkeypatch, capsys):
    """The command writes the file, says what remains, and never overwrites."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/vocabulary").symlink_to(root / "data/vocabulary")
    monkeypatch.chdir(tmp_path)
    assert new_study.main(["lee-2027", "10.1000/182"]) == 0
    said = capsys.readouterr().out
    assert "@article{lee-2027," in said
    assert "make check" in said
    written = (tmp_path / "data/studies/lee-2027.yml").read_text("utf-8")
    assert new_study.main(["lee-2027", "10.1000/182"]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "data/studies/lee-2027.yml").read_text("utf-8") == written


def test_command_knows_the_studies_of_the_review(review, data_copy, monkeypatch, capsys):
    """A study that nobody has read gets its number and its DOI from the bibliography."""
    monkeypatch.chdir(data_copy)
    unread = set(review.studies["key"]) - set(review.source.studies)
    known = next(review.source.references[key] for key in sorted(unread))
    assert new_study.main([known.key, ""]) == 0
    assert "references.bib" not in capsys.readouterr().out
    written = (data_copy / f"data/studies/{known.key}.yml").read_text("utf-8")
    study = StudyFile.model_validate(yaml.safe_load(written))
    assert (study.ref, study.doi, study.screening) == (known.number, known.doi, None)


def test_command_needs_no_doi(data_copy, monkeypatch, capsys):
    """A study without a DOI is added by its key alone."""
    monkeypatch.chdir(data_copy)
    assert new_study.main(["lee-2027", ""]) == 0
    assert "doi" not in capsys.readouterr().out
    text = (data_copy / "data/studies/lee-2027.yml").read_text("utf-8")
    assert StudyFile.model_validate(yaml.safe_load(text)).doi is None
    assert "\n# doi:\n" in text


def test_make_target_refuses_in_words(root):
    """``make study`` without a key ends with a message, no traceback."""
    command = [sys.executable, "-m", "livingreview.contribute.new_study", "", ""]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("key: found")
    assert "Traceback" not in done.stderr


def test_filled_form_becomes_a_study(lists):
    """Each answer goes to its field with its type; what was left out is not read."""
    study = study_of(FORM, lists)
    assert study.year == 2027
    assert study.screening.decision == "included"
    assert study.screening.reason == "A trial: of the question."
    assert study.registration is None
    assert study.comparators == ("sham",)
    assert study.comparator_words == "sham procedure, with the same sound"
    assert [(arm.name, arm.patients) for arm in study.arms] == [
        ("treatment", 30),
        ("sham", "not stated"),
    ]
    assert study.nerve_words == ("first nerve, left side", "second nerve")
    assert study.reporting["device"] == "a probe: 1.3 mm"
    assert study.reporting["temperature_c"] == -70
    assert study.reporting["diagnostic_block"] is True
    assert study.reporting["freeze_cycles"] == NOT_READ
    assert study.eligibility == {"chronic_pain": True, "intraoperative": NOT_READ}
    assert study.followup_months == 6.5
    assert study.adverse_events == "not stated"
    assert study.condition == NOT_READ
    assert study.how("funding") == "registry"
    assert study.study_note == "Two lines.\n### Not a field\n\nMore."


def test_file_of_a_form_is_read_as_the_same_study(lists):
    """Form to study to file to study: nothing is lost."""
    study = study_of(FORM, lists)
    assert StudyFile.model_validate(yaml.safe_load(study_text(study))) == study


def test_every_study_survives_the_way_through_a_form(root, lists):
    """The project's own studies, asked for by the form, come back as they are."""
    for path in sorted((root / "data/studies").glob("*.yml")):
        study = StudyFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
        assert study_of(as_form(study), lists) == study


def as_form(study: StudyFile) -> str:
    """Return a study as the Markdown that a filled form has."""
    values = study.model_dump(exclude_unset=True)
    answers = []
    for name in StudyFile.model_fields:
        value = values.get(name)
        if value is None:
            said = "_No response_"
        elif isinstance(value, bool):
            said = "yes" if value else "no"
        elif name in ("screening", *BLOCKS, *ENTRIES) and not isinstance(value, str):
            said = f"```yaml\n{yaml.safe_dump(value, allow_unicode=True)}```"
        elif isinstance(value, dict):
            words = {True: "yes", False: "no"}
            said = "\n".join(
                f"{k}: {words[v] if isinstance(v, bool) else v}" for k, v in value.items()
            )
        elif isinstance(value, tuple | list):
            said = "\n".join(value) or "[]"
        else:
            said = str(value)
        answers.append(f"### {label(name)}\n\n{said}")
    return "\n\n".join(answers) + "\n"


def test_bad_answer_is_said_with_its_place():
    """A form with bad entries ends with one line per problem."""
    with pytest.raises(InvalidData) as error:
        study_of(FORM.replace("months: 6\n", "months: six\n").replace("2027\n", "soon\n", 2))
    said = str(error.value)
    assert 'form: outcomes[1].months: found "six"; allowed: a number' in said
    assert (
        'form: year: found "soon"; allowed: a whole number or not stated, not read or not reported'
        in said
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("### Patients\n\nno", 'form: patients: found "False"; allowed: a whole number'),
        ("### Patients\n\n0140", 'form: Patients: found "0140"; allowed: 140, without a zero'),
        ("### Outcomes\n\n- note: 2025-13-01", 'form: Outcomes: found "2025-13-01"'),
        ("### Arms\n\n- &a x\n- *a", "form: Arms: found a value with a name (&)"),
    ],
)
def test_answer_that_reads_in_two_ways_is_refused(answer, said):
    """What YAML would silently turn into another value is said, with the question."""
    with pytest.raises(InvalidData) as error:
        study_of(f"### Key\n\nlee-2027\n\n{answer}\n")
    assert said in str(error.value)


@pytest.mark.parametrize("text", ["", "hello", "### Key\n\n_No response_\n"])
def test_form_without_key_is_refused(text):
    """Text that is no form says which answer is missing."""
    with pytest.raises(InvalidData, match="Key"):
        study_of(text)


def test_form_command_writes_the_file(root, tmp_path, monkeypatch, capsys):
    """The command reads a form and writes ``data/studies/<key>.yml``, once."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/vocabulary").symlink_to(root / "data/vocabulary")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO(FORM))
    assert from_form.main(sys.stdin.read()) == 0
    assert (tmp_path / "data/studies/lee-2027.yml").is_file()
    assert from_form.main(FORM) == 1
    assert "is there already" in capsys.readouterr().err


def test_form_without_decision_gives_an_undecided_study(root, tmp_path, monkeypatch, capsys):
    """What nobody decided awaits its full text, as in the template; nothing is counted."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/vocabulary").symlink_to(root / "data/vocabulary")
    monkeypatch.chdir(tmp_path)
    assert from_form.main("### Key\n\nlee-2027\n") == 0
    written = (tmp_path / "data/studies/lee-2027.yml").read_text("utf-8")
    assert StudyFile.model_validate(yaml.safe_load(written)).screening == UNDECIDED
    assert "make check" in capsys.readouterr().out


def test_untouched_form_is_undecided(root):
    """The decision that the form holds when it is opened is that of the template."""
    form = yaml.safe_load((root / FORM_FILE).read_text("utf-8"))
    (asked,) = (e["attributes"] for e in form["body"] if e.get("id") == "screening")
    assert Screened.model_validate(yaml.safe_load(asked["value"])) == UNDECIDED
