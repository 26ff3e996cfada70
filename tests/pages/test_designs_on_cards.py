"""Studies as reviewers meet them: an invented one of each design, its card, and how it counts.

Their numbers are made up; the bad form of each is in ``tests/data/test_designs.py``.
"""

from pathlib import Path

import pytest
import yaml

import invented
from livingreview import open_review, pages
from livingreview.pages.cards import standing
from livingreview.review import Review

OTHER = "radiofrequency"
LEVEL = {"arm": "treatment", "measure": "NRS", "kind": "final level", "months": 6, "at": "Table 2"}
SHARE = LEVEL | {"kind": "responder", "threshold_percent": 50, "threshold_rule": ">"}
CONTRAST = {
    "measure": "NRS", "kind": "between-group difference", "months": 6, "better": "lower",
    "estimate": -1.5, "scale": "points", "ci_low": -2.5, "ci_high": -0.5, "at": "Table 2",
}  # fmt: skip
ARTICLE = {"name": "article", "kind": "article", "citation": "J Pain", "read_as": "full text"}


def outcome(base=LEVEL, **values):
    """Return the change that adds one result."""
    return {"outcomes": lambda found: [*found, base | values]}


def correction(kind, change):
    """Return the change that adds an article and what was said of it later."""
    said = {"citation": "J Pain", "date": "2022", "changes": change}
    notice = {"name": kind, "kind": kind} | said
    return {"reports": [ARTICLE, notice]}


# By key: authors, what is changed in the invented trial, and what the card says of it.
DESIGNS = {
    "several-reports": (
        "Aaa, B.",
        {"reports": [ARTICLE, {"name": "protocol", "kind": "protocol", "doi": "10.1000/p1"},
                     {"name": "poster", "kind": "conference abstract", "citation": "Meeting 2019",
                      "date": "2019", "read_as": "abstract"}]},
        ["poster: Meeting 2019 (conference abstract, 2019, read as abstract)"]),
    "crossover": (
        "Baa, B.",
        {"allocation": {"design": "crossover", "periods": 2}, **outcome(estimate=3, period=1)},
        ["Allocation: crossover, 2 periods; each patient is in every arm and counts once.",
         "final level, at 6 months, period 1: 3"]),
    "cluster": (
        "Caa, B.",
        {"allocation": {"design": "cluster", "unit": "clinics", "units": 8}},
        ["Allocation: cluster, 8 clinics."]),
    "two-papers": (
        "Daa, B.",
        {"overlaps_with": [{"key": "crossover", "patients": 20, "reason": "same centre"}]},
        ["Patients in common with Baa", "20 of the same patients (same centre)"]),
    "per-limb": (
        "Eaa, B.",
        outcome(SHARE, unit_of_analysis="limbs", units=45, units_responding=30, evaluated=40),
        ["30 of 45 limbs, of 40 patients"]),
    "zero-events": (
        "Faa, B.",
        {**outcome(SHARE, responders=0, evaluated=45),
         "adverse_events": [{"event": "burn", "arm": "treatment", "patients": 0, "at_risk": 50,
                             "at": "Table 3"}]},
        ["0 of 45 (0%)", "burn (treatment): none of 50 patients"]),
    "median": (
        "Gaa, B.",
        outcome(estimate=4.3, statistic="median", low=1.5, high=6, spread="quartiles",
                scale="points"),
        ["median 4.3 points, quartiles 1.5 to 6 points"]),
    "final-values": (
        "Haa, B.",
        outcome(CONTRAST, arm="treatment vs sham", difference_of="final values"),
        ["a difference of final values"]),
    "changes": (
        "Iaa, B.",
        outcome(CONTRAST, arm="treatment vs sham", difference_of="changes"),
        ["a difference of changes"]),
    "no-counts": ("Jaa, B.", outcome(SHARE, percent=61), ["at 6 months: 61%"]),
    "shared-arm": (
        "Kaa, B.",
        {"comparators": ["sham", OTHER],
         "arms": [{"name": "treatment", "patients": 30}, {"name": OTHER, "patients": 30},
                  {"name": "sham", "patients": 30}],
         "outcomes": [CONTRAST | {"arm": "treatment vs sham"},
                      CONTRAST | {"arm": f"{OTHER} vs sham"}],
         "adverse_events": "not reported"},
        [f"The arm sham is held against {OTHER} and treatment: its patients count once."]),
    "as-written": (
        "Laa, B.", outcome(estimate=3.1, months=5.5, time_words="24 weeks"),
        ["at 5.5 months (24 weeks)"]),
    "treated-again": (
        "Maa, B.", outcome(kind="re-treatment", responders=11, evaluated=45, percent=24.4),
        ["re-treatment, at 6 months: 11 of 45 (24.4%)"]),
    "accents": (r"M{\"u}ller, K. and {\v{C}}apek, D.", {}, ["Müller "]),
    "group": ("{Group for Heat, Cold and Pain}", {}, ["Group "]),
    "same-author": ("Naa, B.", {}, ["Naa {year}a"]),
    "same-author-hip": ("Naa, B.", {}, ["Naa {year}b"]),
    "taken-back": (
        "Oaa, B.",
        correction("retraction", "The data could not be found.") | {"screening": {
            "decision": "excluded", "reason": "Retracted.", "found_by": "other methods"}},
        ["Retraction, 2022. The data could not be found.", "excluded: counts in neither edition"]),
    "of-concern": (
        "Paa, B.", correction("expression of concern", "The numbers are looked at again."),
        ["Expression of concern, 2022. The numbers are looked at again."]),
    "corrected": (
        "Qaa, B.", correction("erratum", "The responders were 17."),
        ["Erratum, 2022. The responders were 17."]),
}  # fmt: skip


@pytest.fixture(scope="module")
def designs(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return the review with an invented study of each design."""
    folder = invented.copy_of_review(tmp_path_factory.mktemp("designs"))
    usual = invented.studies(folder / "data")["aaa"]
    bibliography = folder / "references.bib"
    for number, (key, (author, change, _)) in enumerate(DESIGNS.items()):
        study = usual | {"key": key, "doi": f"10.1000/{key}"}
        for name, to in change.items():
            study[name] = to(study.get(name)) if callable(to) else to
        dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda self, data: True})
        (folder / f"data/studies/{key}.yml").write_text(yaml.dump(study, Dumper=dumper), "utf-8")
        entry = invented.ENTRY.format(
            key=key,
            author=author,
            title=f"Study {number}",
            year=study["year"],
            doi=f"  doi = {{{study['doi']}}},\n",
        )
        bibliography.write_text(bibliography.read_text("utf-8") + "\n" + entry, "utf-8")
    return open_review(Path(folder / "data"))


@pytest.fixture(scope="module")
def cards(designs: Review) -> dict[str, str]:
    """Return the text of each card by key."""
    from bs4 import BeautifulSoup

    html = "".join(
        pages.cards.study_cards(designs, counted=counted).html for counted in (True, False)
    )
    found = BeautifulSoup(html, "html.parser").select("section.study-card")
    return {str(card["id"]): " ".join(card.text.split()) for card in found}


@pytest.mark.parametrize("key", DESIGNS)
def test_the_card_says_the_design(designs: Review, cards: dict[str, str], key: str) -> None:
    """What is special about the study stands on its card, in words, and nothing is left blank."""
    year = designs.source.studies[key].year
    for words in DESIGNS[key][2]:
        assert words.format(year=year) in cards[key]
    assert "nan" not in cards[key].split()
    assert "None" not in cards[key].split()


def test_each_counts_as_it_should(designs: Review, review: Review) -> None:
    """A study counts once, with its patients; one that was taken back counts nowhere."""
    added = [key for key in DESIGNS if key != "taken-back"]
    living = designs.living.studies.set_index("key")
    assert set(DESIGNS) & set(living.index) == set(added)
    assert standing(designs, "taken-back") == "excluded: counts in neither edition"
    assert set(living.loc[added, "patients"]) == {98}
    assert len(living) == len(review.living.studies) + len(added)
    outcomes = designs.living.outcomes
    limbs = outcomes[outcomes["unit_of_analysis"] == "limbs"]
    assert limbs.loc[limbs["key"] == "per-limb", "responders"].isna().all()
    none = outcomes[(outcomes["key"] == "zero-events") & (outcomes["responders"] == 0)]
    assert list(none["percent"]) == [0]
