"""An invented study file that is right, and what ``make check`` says of files like it."""

import pytest

from livingreview.data.files import read_yaml
from livingreview.data.protocol import Protocol
from livingreview.data.references import read_references
from livingreview.data.source import VOCABULARY
from livingreview.data.studies import load_studies
from livingreview.data.vocabulary import Vocabulary

GOOD = """\
key: lee-2021
doi: 10.1000/182
pmid: 12345678
publication: article
published_on: 2021-03-31
year: 2021
screening: {decision: included, reason: R, found_by: not recorded}
read_as: abstract
read_on: 2026-11-01
design: RCT
design_words: randomised trial
blinding: double blind
comparators: [sham]
comparator_words: sham procedure
patients: 60
arms:
- name: treatment
  patients: 30
- name: sham
  patients: 30
condition: chronic pain
nerves: not stated
guidance: [ultrasound]
guidance_words: ultrasound
reporting:
  device: not stated
  temperature_c: -70
  freeze_cycles: 2
  diagnostic_block: true
followup_months: 6
outcomes:
- arm: treatment
  measure: NRS
  kind: responder
  months: 3
  threshold_percent: 50
  threshold_rule: ">="
  responders: 18
  evaluated: 30
  percent: 60
- arm: treatment vs sham
  measure: NRS
  kind: between-group difference
  primary_endpoint: true
  months: 6
  estimate: -1.2
  scale: points
  better: lower
  ci_low: -2.0
  ci_high: -0.4
  p_value: "<0.001"
  direction: favours treatment
adverse_events:
- event: bruise
  arm: treatment
  patients: 2
  at_risk: 30
funding: not stated
eligibility: {chronic_pain: true, intraoperative: false}
"""
ENTRY = """
@article{lee-2021,
  author = {Lee, A.},
  title = {A trial},
  year = {2021},
  doi = {10.1000/182},
}
@article{kim-2022,
  author = {Kim, B.},
  title = {Another trial},
  year = {2022},
  doi = {10.1000/999},
}
"""


@pytest.fixture
def good():
    """Return the text of a study file that is right."""
    return GOOD


@pytest.fixture
def check(root, tmp_path):
    """Return a function that gives the messages on some study files."""
    folder = tmp_path / "data" / "studies"
    folder.mkdir(parents=True)
    bibliography = tmp_path / "references.bib"
    bibliography.write_text(ENTRY)
    lists = {
        name: read_yaml(root / f"data/vocabulary/{name}.yml", model, [])
        for name, model in VOCABULARY.items()
    }

    protocol = read_yaml(root / "data/protocol.yml", Protocol, [])

    def messages(files: dict[str, str], **options) -> list[str]:
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        problems = []
        references = read_references(bibliography, problems)
        vocabulary = Vocabulary.model_construct(**lists)
        load_studies(folder, vocabulary, references, protocol, problems, **options)
        return [str(problem) for problem in problems]

    return messages
