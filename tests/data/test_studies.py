"""Bad study files: one line each that names file, field, what was found and what is allowed."""

import re
from datetime import date
from pathlib import Path

import pytest

FILE = "data/studies/lee-2021.yml"


def test_a_good_file_has_no_problem(check, good):
    """The file that the other tests break is right as it is."""
    assert check({"lee-2021.yml": good}) == []


BAD = {
    "count above its denominator": (
        "responders: 18", "responders: 31",
        "outcomes[1]: found 31 responders; allowed: at most 30, the patients evaluated"),
    "percent against its counts": (
        "percent: 60\n", "percent: 75\n",
        "outcomes[1]: found 75%; allowed: 60.0%, which 18 of 30 patients are"),
    "interval without its estimate": (
        "estimate: -1.2", "estimate: 1.2",
        "outcomes[2]: found the estimate 1.2; "
        "allowed: an estimate inside its interval, -2 to -0.4"),
    "interval upside down": (
        "ci_low: -2.0", "ci_low: 2.0",
        "outcomes[2]: found an interval from 2 to -0.4; allowed: the lower limit first"),
    "arm that the study does not have": (
        "- arm: treatment vs sham", "- arm: treatment vs radiofrequency",
        'outcomes[2].arm: found "treatment vs radiofrequency"; allowed: the study\'s arms '
        "(treatment, sham), joined by vs or and; or all patients, each arm, not stated"),
    "arm of an event": (
        "  arm: treatment\n  patients: 2", "  arm: drug\n  patients: 2",
        'adverse_events[1].arm: found "drug"; allowed: the study\'s arms (treatment, sham), '
        "joined by vs or and; or all patients, each arm, not stated"),
    "arms above the total": (
        "patients: 60", "patients: 50",
        "found arms of 30 + 30 = 60 patients; allowed: at most 50, the patients of the study"),
    "follow-up shorter than an outcome": (
        "followup_months: 6", "followup_months: 3",
        "found followup_months 3, but an outcome at 6 months; "
        "allowed: a longest follow-up of 6 months or more"),
    "event above those at risk": (
        "  patients: 2\n", "  patients: 31\n",
        "adverse_events[1]: found 31 patients; allowed: at most 30, those at risk"),
    "published after it was read": (
        "published_on: 2021-03-31", "published_on: 2031-03",
        "found published_on 2031-03; allowed: 2026-11-01 or earlier, the day of reading"),
    "year in the future": (
        "year: 2021", "year: 2029",
        "found year 2029; allowed: 2027 or earlier: it was read 2026-11-01"),
    "unknown field": (
        "followup_months:", "follow_up_months:",
        "follow_up_months: found an unknown field; allowed: did you mean followup_months?"),
    "unknown field of an outcome": (
        "  measure: NRS\n  kind: responder", "  mesure: NRS\n  kind: responder",
        "outcomes[1].mesure: found an unknown field; allowed: did you mean measure?"),
    "value of a closed set": (
        "kind: responder", "kind: responders",
        'outcomes[1].kind: found "responders"; allowed: responder, relief, mean change, '
        "mean relief, between-group difference, duration, final level, completers"),
    "text for a number": (
        "patients: 60", "patients: sixty",
        'patients: found "sixty"; allowed: a whole number or not stated, not read or not reported'),
    "text for a number of an arm": (
        "- name: sham\n  patients: 30", "- name: sham\n  patients: many",
        'arms[2].patients: found "many"; '
        "allowed: a whole number or not stated, not read or not reported"),
    "blank": (
        "condition: chronic pain", "condition:",
        "condition: found nothing; allowed: text"),
    "left out": (
        "funding: not stated\n", "",
        "funding: found nothing; allowed: this field is required"),
    "left out of an event": (
        "- event: bruise\n  arm: treatment", "- arm: treatment",
        "adverse_events[1].event: found nothing; allowed: this field is required"),
    "kind of event of no vocabulary": (
        "- event: bruise\n", "- event: bruise\n  term: brusie\n",
        'adverse_events[1].term: found "brusie"; allowed: one of temporary numbness,'),
    "no list": (
        "guidance: [ultrasound]", "guidance: ultrasound",
        'guidance: found "ultrasound"; allowed: a list or not stated, not read or not reported'),
    "name of no vocabulary": (
        "guidance: [ultrasound]", "guidance: [ultrasond]",
        'guidance[1]: found "ultrasond"; allowed: did you mean ultrasound? One of ultrasound,'),
    "design of no vocabulary": (
        "design: RCT", "design: trial", 'design: found "trial"; allowed: one of RCT, OP, OR'),
    "comparator that is no arm": (
        "comparators: [sham]", "comparators: [radiofrequency]",
        'arms[2].name: found "sham"; allowed: treatment or radiofrequency, as comparators says'),
    "item to report left out": (
        "  diagnostic_block: true\n", "",
        "reporting.diagnostic_block: found nothing; allowed: this field is required"),
    "item to report unknown": (
        "  device: not stated", "  devise: not stated",
        "reporting.devise: found an unknown field; allowed: did you mean device? One of"),
    "p value that is none": (
        'p_value: "<0.001"', "p_value: significant",
        'outcomes[2].p_value: found "significant"; '
        "allowed: a number from 0 to 1, or one with a sign, like <0.001"),
    "p value above one": (
        'p_value: "<0.001"', "p_value: 1.5", 'outcomes[2].p_value: found "1.5"; allowed: a number'),
    "no number at all": (
        "estimate: -1.2", "estimate: .nan", 'outcomes[2].estimate: found ".nan"; allowed:'),
    "a DOI as an address": (
        "doi: 10.1000/182", "doi: https://doi.org/10.1000/182",
        'doi: found "https://doi.org/10.1000/182"; allowed: DOI, like 10.1000/182, no address'),
    "DOI of another study": (
        "doi: 10.1000/182", "doi: 10.1000/999",
        'doi: found "10.1000/999", the DOI of kim-2022; '
        "allowed: 10.1000/182, the DOI of its entry in references.bib"),
    "number of another study": (
        "publication:", "ref: 12\npublication:",
        'ref: found "12"; allowed: nothing, as in references.bib'),
    "key of another study": (
        "key: lee-2021", "key: kim-2022",
        'key: found "kim-2022"; allowed: lee-2021, as the file is named'),
    "key without entry": (
        "key: lee-2021", "key: lee-2022", 'key: found "lee-2022"; allowed: a key of'),
    "no such day": (
        "read_on: 2026-11-01", "read_on: 2026-13-01",
        'line 9: found "2026-13-01"; allowed: a day of the calendar, like 2025-03-31'),
    "text for a day": (
        "read_on: 2026-11-01", "read_on: yesterday",
        'read_on: found "yesterday"; allowed: a date, like 2025-03-31'),
    "place that is not there": (
        "design: RCT", "read_from: {'outcomes[1]': registry}\ndesign: RCT",
        'found read_from "outcomes[1]"; '
        "allowed: a field; an entry of a list says its own how, report and at"),
    "decision that is none": (
        "decision: included", "decision: maybe",
        'screening.decision: found "maybe"; allowed: included, excluded or awaiting full text'),
    "decision without reason": (
        "reason: R, ", "",
        "screening.reason: found nothing; allowed: this field is required"),
    "unknown field of a decision": (
        "reason: R", "reasons: R",
        "screening.reasons: found an unknown field; allowed: did you mean reason? One of"),
    "a leading zero": (
        "responders: 18", "responders: 018",
        'line 38: found "018"; allowed: 18, without a zero before it'),
    "a PubMed id with a leading zero": (
        "pmid: 12345678", "pmid: 01234567",
        'line 3: found "01234567"; allowed: 1234567, without a zero before it'),
    "no for a p value": (
        'p_value: "<0.001"', "p_value: no",
        'outcomes[2].p_value: found "no"; allowed: a number from 0 to 1'),
    "no for a number of patients": (
        "  patients: 2\n", "  patients: no\n",
        'adverse_events[1].patients: found "no"; allowed: a whole number'),
    "yes for a time": (
        "months: 3", "months: yes", 'outcomes[1].months: found "yes"; allowed: a number'),
    "true for a number": (
        "patients: 60", "patients: true", 'patients: found "True"; allowed: a whole number'),
    "a number between quotation marks": (
        "patients: 60", 'patients: "60"', 'patients: found "60"; allowed: a whole number'),
    "text taken for a comment": (
        "condition: chronic pain", "condition: pain of grant #123",
        'line 21: found "#123", which would be left out as a comment; allowed: the whole text'),
    "a value by another name": (
        "condition: chronic pain", "condition: &pain chronic pain\nfunding_words: *pain",
        "line 21: found a value with a name (&) that stands again (*); allowed: it written out"),
    "a sign that YAML uses": (
        'threshold_rule: ">="', "threshold_rule: >=",
        "line 37: found a value that starts with >; allowed: the whole text between quotation"),
    "nothing after a sign that YAML uses": (
        'threshold_rule: ">="', "threshold_rule: >",
        'line 37: found nothing after >; allowed: ">" in quotation marks'),
    "a colon in a sentence": (
        "condition: chronic pain", "condition: pain: chronic",
        "line 21: found a text with a colon; allowed: the whole text between quotation marks"),
    "a percent sign at the start": (
        "condition: chronic pain", "condition: %1 pain",
        "line 21: found a value that starts with a special sign, like % or @; allowed: the whole"),
    "a number as a field": (
        "funding: not stated", "1: not stated",
        'line 58: found the field "1"; allowed: a field that is named in letters'),
    "a space that does not break": (
        "guidance: [ultrasound]", "guidance: [ultra\u00a0sound]",
        'guidance[1]: found "ultra<U+00A0>sound"; allowed: '),
    "YAML that does not parse": (
        "condition: chronic pain", "condition: [chronic pain", "line"),
    "field twice": (
        "condition: chronic pain", "condition: pain\ncondition: pain",
        'line 22: found the field "condition" twice; allowed: each field once'),
    "decision left out": (
        "screening: {decision: included, reason: R, found_by: not recorded}\n", "",
        "screening: found nothing; allowed: a decision (decision, reason, found_by, why_new), "
        "or the number in the source review's list (ref)"),
    "decision on a study of the review": (
        "publication:", "ref: 12\npublication:",
        "screening: found a decision on number 12 of the source review's list; allowed: none"),
    "counted, but not read": (
        "read_as: abstract", "read_as: not read",
        'read_as: found "not read"; allowed: how far it was read (full text, abstract, registry, '
        "digest, other page): a study that counts has been read"),
    "no day of reading": (
        "read_on: 2026-11-01\n", "",
        "read_on: found nothing; allowed: the day on which it was read, like 2025-03-31"),
    "missed, it says, but published later": (
        "published_on: 2021-03-31\nyear: 2021\nscreening: {", "published_on: 2026-03-31\n"
        "year: 2026\nscreening: {why_new: missed by the review, ",
        'screening.why_new: found "missed by the review"; allowed: published after the review: '
        "published 2026-03-31, and the source review searched through"),
    "year far from its day": (
        "year: 2021", "year: 1921",
        "found year 1921; allowed: the year of published_on, 2021-03-31, or the next"),
    "year of another entry": (
        "year: 2021", "year: 2022",
        'year: found "2022"; allowed: 2021, the year of its entry in references.bib'),
    "comparator without an arm": (
        "- name: sham\n  patients: 30\n", "",
        'comparators[1]: found "sham"; allowed: one of the arms: treatment'),
    "a score beyond its scale": (
        "estimate: -1.2\n  scale: points\n  better: lower\n  ci_low: -2.0",
        "estimate: -12\n  better: lower\n  ci_low: -20",
        "outcomes[2].estimate: found -12; allowed: at most 10"),
    "more at risk than treated": (
        "at_risk: 30", "at_risk: 300",
        "found at_risk 300 in adverse_events[1]; allowed: at most 30, the patients of the arm"),
    "more evaluated than there are": (
        "evaluated: 30\n  percent: 60", "evaluated: 31",
        "found evaluated 31 in outcomes[1]; allowed: at most 30, the patients of the arm"),
    "no chronic pain": (
        "chronic_pain: true", "chronic_pain: false",
        "eligibility.chronic_pain: found false; allowed: no such study among the included; "
        "a rule of inclusion is: "),
    "during an operation": (
        "intraoperative: false", "intraoperative: true",
        "eligibility.intraoperative: found true; allowed: no such study among the included; "
        "a rule of exclusion is: "),
    "a rule that is not answered": (
        "chronic_pain: true, ", "",
        "eligibility.chronic_pain: found nothing; allowed: this field is required"),
    "an event that is none": (
        "event: bruise", "event: None",
        'adverse_events[1]: found the event "None"; allowed: what did not happen, with patients'),
    "counted without a design": (
        "design: RCT", "design: not stated",
        'design: found "not stated"; allowed: one of RCT, OP, OR, CS, CR: a study that counts'),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BAD.values(), ids=BAD)
def test_bad_file_is_refused_in_words(check, old, new, said, good):
    """Each message starts with the file; it names the field, what was found, what is allowed."""
    assert old in good
    messages = check({"lee-2021.yml": good.replace(old, new, 1)})
    assert any(message.startswith(f"{FILE}: {said}") for message in messages), messages
    assert all("\n" not in message for message in messages)


def test_what_was_not_read_states_nothing(check, good):
    """A value in a file that says that nobody read the study would be overlooked."""
    unread = good.replace("read_as: abstract", "read_as: not read").replace("included", "excluded")
    (message,) = check({"lee-2021.yml": unread})
    assert message.startswith(f'{FILE}: read_as: found "not read", but values of read_on, design, ')
    assert "patients" in message
    assert "year" not in message


def test_two_files_for_one_study_are_refused(check, good):
    """A DOI and a PubMed number stand in one file."""
    copy = good.replace("key: lee-2021", "key: kim-2022")
    messages = check({"lee-2021.yml": good, "kim-2022.yml": copy})
    assert f'{FILE}: doi: found "10.1000/182", as in kim-2022.yml; allowed: one file a study' in (
        messages
    )
    assert f'{FILE}: pmid: found "12345678", as in kim-2022.yml; allowed: one file a study' in (
        messages
    )


def test_copy_of_a_file_is_refused(check, good):
    """The same key in a file of another name is two files for one study."""
    messages = check({"lee-2021.yml": good, "lee-2021-copy.yml": good})
    assert any("lee-2021-copy, as the file is named" in message for message in messages)
    assert any(message.endswith("allowed: one file a study") for message in messages)


@pytest.mark.parametrize(
    "name", [".lee-2021.yml.swp", "#lee-2021.yml#", "lee-2021.yml~", "._a.yml"]
)
def test_files_of_an_editor_are_no_studies(check, name, good):
    """What an editor or a system leaves while a file is open stops nothing."""
    assert check({"lee-2021.yml": good, name: "\x00"}) == []


def test_stray_file_is_refused(check, good):
    """A file that is no study would else be overlooked."""
    messages = check({"lee-2021.yaml": good})
    assert messages == [
        'data/studies/lee-2021.yaml: found "lee-2021.yaml"; allowed: files <key>.yml, one a study'
    ]


def test_date_after_the_newest_version_is_refused(check, root, tmp_path, good):
    """No clock is asked: the newest version of the review says which day is the last."""
    (tmp_path / "data/versions.yml").write_bytes((root / "data/versions.yml").read_bytes())
    late = good.replace("read_on: 2026-11-01", "read_on: 2199-01-01")
    said = "or earlier, the day of the newest version in data/versions.yml"
    (message,) = check({"lee-2021.yml": late})
    assert message.startswith(f'{FILE}: read_on: found "2199-01-01"; allowed: ')
    assert said in message
    assert message.endswith("for a study read later: make version NUMBER=... DATE=...")


BIBTEX = re.compile(r"```bibtex\n(.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
SLIPS = (
    ("responders: 27", "responders: 43"),
    ("estimate: -1.6", "estimate: 1.6"),
    ("\npatients: 90", "\npatients: 80"),
    ("followup_months: 6", "followup_months: 3"),
    ("[ultrasound]", "[ultrasond]"),
)


def test_worked_example_is_right_and_its_messages_are_those_that_appear(check, root, tmp_path):
    """CONTRIBUTING shows a study that is valid, and messages that ``make check`` prints."""
    text = (root / "CONTRIBUTING.md").read_text("utf-8")
    study = YAML.search(text)[1]
    shown = {"lee-2027.yml": study}
    (no_entry,) = check(shown)
    assert no_entry in text
    (tmp_path / "references.bib").write_text(BIBTEX.search(text)[1])
    assert check(shown) == []
    (too_late,) = check(shown, until=date(2026, 11, 22))
    assert too_late in text
    for old, new in SLIPS:
        assert old in study
        (message,) = check({"lee-2027.yml": study.replace(old, new)})
        assert message.partition("? One of")[0] in text


def test_all_problems_of_all_files_are_said_at_once(check, good):
    """One run shows what is wrong in every file."""
    messages = check(
        {
            "lee-2021.yml": good.replace("patients: 60", "patients: x").replace("RCT", "trial"),
            "kim-2022.yml": "key: [",
        }
    )
    assert {Path(message.split(":")[0]).name for message in messages} == {
        "lee-2021.yml",
        "kim-2022.yml",
    }
