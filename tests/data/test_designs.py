"""Studies as reviewers meet them: each design is said in a file, and its bad form is refused."""

import pytest
import yaml

from livingreview.data.files import load
from livingreview.data.study import StudyFile

FILE = "data/studies/lee-2021.yml"
ARTICLE = {"name": "article", "kind": "article", "doi": "10.1000/182", "read_as": "abstract"}
REGISTRY = {"name": "registry", "kind": "registry entry", "registration": "NCT01234567"}
LEVEL = {"arm": "treatment", "measure": "NRS", "kind": "final level", "months": 6}


def written(study):
    """Return a study as the text of its file; nothing is written by its name."""
    dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda self, data: True})
    return yaml.dump(study, Dumper=dumper)


def with_outcome(**values):
    """Return the change that adds a result to a file."""
    return {"outcomes": lambda found: [*found, LEVEL | values]}


def fully_read(study):
    """Return a file that is read as full text, each value with its place."""
    placed = {"how": "full text", "at": "Methods"}
    fields = (
        "design", "blinding", "comparators", "patients", "condition", "guidance",
        "followup_months", "reporting.temperature_c", "reporting.freeze_cycles",
        "reporting.diagnostic_block",
    )  # fmt: skip
    entries = {
        name: [entry | {"at": "Table 2"} for entry in study[name]]
        for name in ("outcomes", "adverse_events")
    }
    return study | entries | {"read_as": "full text", "read_from": dict.fromkeys(fields, placed)}


def changed(study, change):
    """Return a study file with fields replaced; a function is given what stood there."""
    new = {name: to(study.get(name)) if callable(to) else to for name, to in change.items()}
    return {name: value for name, value in (study | new).items() if value is not None}


GOOD = {
    "several reports": {
        "reports": [ARTICLE, REGISTRY],
        "read_from": {"funding": {"report": "registry", "at": "sponsor"}},
    },
    "an erratum": {
        "reports": [
            ARTICLE,
            {"name": "erratum", "kind": "erratum", "doi": "10.1000/183", "date": "2022-05",
             "changes": "The responders at six months were 17."},
        ]
    },
    "another reading of lower rank": {
        "reports": [ARTICLE, REGISTRY],
        "also": {"patients": [{"value": 62, "report": "registry", "at": "actual enrolment"}]},
    },
    "a median with quartiles": with_outcome(
        estimate=4.3, statistic="median", low=1.5, high=6, spread="quartiles", scale="points"
    ),
    "limbs beside patients": with_outcome(
        kind="responder", unit_of_analysis="limbs", units=45, units_responding=30, evaluated=30,
        threshold_percent=50, threshold_rule=">",
    ),
    "no responder at all": with_outcome(
        kind="responder", responders=0, evaluated=30, threshold_percent=50, threshold_rule=">"
    ),
    "a percentage without a count": with_outcome(
        kind="responder", percent=60, threshold_percent=50, threshold_rule=">"
    ),
    "a time as written": with_outcome(estimate=3.1, scale="points", time_words="24 weeks"),
    "treated again": with_outcome(kind="re-treatment", responders=11, evaluated=30),
    "a crossover": {
        "allocation": {"design": "crossover", "periods": 2},
        "arms": [{"name": "treatment", "patients": 60}, {"name": "sham", "patients": 60}],
    },
    "clusters": {"allocation": {"design": "cluster", "unit": "clinics", "units": 8}},
    "two limbs of one patient": {
        "allocation": {"design": "within patients", "unit": "limbs", "units": 120},
        "arms": [{"name": "treatment", "patients": 60}, {"name": "sham", "patients": 60}],
    },
    "patients of another paper": {
        "overlaps_with": [{"key": "kim-2022", "patients": 20, "reason": "same centre and years"}]
    },
    "three times of follow-up": {
        "followup_shortest_months": 2, "followup_median_months": 5.5, "followup_months": 6,
    },
    "a mean follow-up alone": {
        "followup_months": "not stated", "followup_mean_months": 19.7,
    },
    "more is better": {
        "outcomes": lambda found: [
            *found,
            {"arm": "treatment vs sham", "measure": "FAOS", "kind": "between-group difference",
             "estimate": 12, "better": "higher", "difference_of": "changes"},
        ]
    },
    "part of an arm": with_outcome(arm="treatment: second freeze", estimate=2, scale="points"),
    "parts of one arm compared": with_outcome(
        arm="treatment: upper vs treatment: lower", direction="no difference"
    ),
    "events counted, not patients": {
        "adverse_events": [{"event": "paraesthesia", "occurrences": 11, "serious": False}]
    },
    "a caution of the list": with_outcome(estimate=2, cautions=["optional extension"]),
}  # fmt: skip


@pytest.mark.parametrize("change", GOOD.values(), ids=GOOD)
def test_a_design_can_be_said(check, good, change):
    """Each design stands in a file that is accepted as it is."""
    study = changed(load(good), change)
    assert check({"lee-2021.yml": written(study)}) == []


RATIO = {
    "arm": "treatment vs sham", "measure": "PGIC", "kind": "between-group difference", "months": 3,
    "estimate": 2, "better": "higher",
}  # fmt: skip


def with_contrast(**values):
    """Return the change that puts one comparison in place of the results."""
    return {"outcomes": [RATIO | values]}


BAD = {
    "a contrast turned round": (
        with_contrast(arm="sham vs treatment"),
        'outcomes[1]: found the arm "sham vs treatment"; allowed: treatment vs sham, '
        "with the signs of estimate and interval turned"),
    "a change of two arms": (
        with_contrast(kind="mean change"),
        'outcomes[1]: found the mean change of "treatment vs sham"; '
        "allowed: between-group difference, or one arm"),
    "a ratio by its letters": (
        with_contrast(scale="RR"),
        'outcomes[1]: found the scale "RR"; allowed: risk ratio'),
    "a ratio otherwise written": (
        with_contrast(scale="Odds-Ratio"),
        'outcomes[1]: found the scale "Odds-Ratio"; allowed: odds ratio'),
    "a ratio that is a difference": (
        with_contrast(scale="hazard ratio", ci_low=-0.4, ci_high=4.1),
        "outcomes[1]: found a hazard ratio of -0.4; allowed: more than 0; 1 is no difference"),
    "a direction against the estimate": (
        with_contrast(scale="risk ratio", direction="favours comparator"),
        "outcomes[1]: found favours comparator, with the estimate 2; "
        "allowed: favours treatment, as better: higher says; or another better"),
    "a ratio below one that favours": (
        with_contrast(scale="risk ratio", estimate=0.8, direction="favours treatment"),
        "outcomes[1]: found favours treatment, with the estimate 0.8; "
        "allowed: favours comparator, as better: higher says; or another better"),
    "a threshold without its rule": (
        with_outcome(kind="responder", responders=3, threshold_percent=50),
        "outcomes[3]: found the threshold 50% without threshold_rule; "
        'allowed: ">" for more than that, ">=" for at least; in threshold_words if not stated'),
    "quartiles as an interval": (
        with_outcome(estimate=4, ci_low=2, ci_high=6, note="median and IQR"),
        "outcomes[3]: found quartiles as a confidence interval; allowed: them as low and high, "
        "with spread: quartiles; ci_low and ci_high are of 95%"),
    "more patients than there are people": (
        {"patients": 99_999_999_999},
        'patients: found "99999999999"; '
        "allowed: 10000000 or less or not stated, not read or not reported"),
    "a retraction without date": (
        {"reports": [{"name": "r", "kind": "retraction", "doi": "10.1000/184", "changes": "all"}]},
        "reports[1]: found no date of the retraction; allowed: the day, month or year of it"),
    "an erratum that changes nothing": (
        {"reports": [{"name": "e", "kind": "erratum", "doi": "10.1000/184", "date": "2022"}]},
        "reports[1]: found nothing that the erratum changes; allowed: changes, in one sentence"),
    "a report that cannot be found": (
        {"reports": [{"name": "poster", "kind": "conference abstract"}]},
        'reports[1]: found no place of "poster"; allowed: a doi, a registration or a citation'),
    "a report twice": (
        {"reports": [ARTICLE, {**ARTICLE}]},
        'reports[2].name: found "article"; allowed: each name once'),
    "a registry read as an abstract": (
        {"reports": [REGISTRY | {"read_as": "abstract"}]},
        'reports[1]: found a registry entry read as "abstract"; allowed: registry, or nothing'),
    "a report that is not listed": (
        with_outcome(estimate=2, report="poster"),
        'outcomes[3].report: found "poster"; allowed: a report, listed under reports first'),
    "a full text without its place": (
        with_outcome(estimate=2, how="full text"),
        "outcomes[3].at: found nothing; "
        "allowed: its section, table or page, as at: it is read as full text"),
    "a field of a full text without its place": (
        {"read_from": {"blinding": "full text"}},
        "read_from.blinding: found nothing; "
        "allowed: {how: full text, at: its section, table or page}"),
    "a higher rank that does not stand": (
        {"also": {"blinding": [{"value": "single blind", "how": "full text", "at": "Methods"}]}},
        "also.blinding[1]: found a reading of the full text; "
        "allowed: it under blinding, with the abstract under also: the higher rank stands"),
    "another reading of no field": (
        {"also": {"blindness": [{"value": "single blind", "how": "registry"}]}},
        "also.blindness: found an unknown field; allowed: a field of a study file"),
    "another reading that is no such value": (
        {"also": {"patients": [{"value": [62], "how": "registry"}]}},
        'also.patients[1].value: found "[62]"; allowed: a value as patients has it'),
    "not reported by an abstract": (
        {"funding": "not reported"},
        'funding: found "not reported"; '
        "allowed: not stated: only a full text shows that nothing is reported, this is abstract"),
    "no way that is better": (
        {"outcomes": lambda found: [{**found[1], "better": None}]},
        "outcomes[1]: found an estimate without better; allowed: better: higher, lower or not "
        "stated, as the scale runs"),
    "a unit without its count": (
        with_outcome(unit_of_analysis="limbs", estimate=2),
        "outcomes[3]: found limbs without their number; allowed: units, how many of them"),
    "a count of units without its unit": (
        with_outcome(units=45, estimate=2),
        "outcomes[3]: found units of nothing; allowed: unit_of_analysis, like limbs"),
    "a percentage of limbs": (
        with_outcome(unit_of_analysis="limbs", units=45, percent=60),
        "outcomes[3]: found 60% of limbs; "
        "allowed: a percentage of patients; that of limbs follows from units_responding and units"),
    "more limbs than there are": (
        with_outcome(unit_of_analysis="limbs", units=45, units_responding=46),
        "outcomes[3]: found 46 limbs; allowed: at most 45, the limbs in all"),
    "quartiles that are crossed": (
        with_outcome(estimate=4, low=6, high=1.5, spread="quartiles"),
        "outcomes[3]: found 6 to 1.5; allowed: the lower end first"),
    "ends of nothing": (
        with_outcome(estimate=4, low=1.5, high=6),
        "outcomes[3]: found 1.5 to 6; allowed: what they are, as spread: quartiles or range"),
    "half of a range": (
        with_outcome(estimate=4, low=1.5, spread="range"),
        "outcomes[3]: found a range with one end; allowed: low and high"),
    "a caution that is none": (
        with_outcome(estimate=4, cautions=["optional extention"]),
        'outcomes[3].cautions[1]: found "optional extention"; '
        "allowed: did you mean optional extension?"),
    "a crossover without periods": (
        {"allocation": {"design": "crossover"}},
        "allocation: found a crossover without periods; allowed: periods, 2 or more"),
    "clusters without a number": (
        {"allocation": {"design": "cluster", "unit": "clinics"}},
        "allocation: found cluster without units; allowed: unit and units, like limbs and 120"),
    "follow-up that is crossed": (
        {"followup_shortest_months": 8},
        "found a follow-up of 8 to 6 months; "
        "allowed: the shortest, then the mean, then the longest"),
    "a study that overlaps with nothing": (
        {"overlaps_with": [{"key": "park-2020", "reason": "same centre"}]},
        'overlaps_with[1].key: found "park-2020"; allowed: a key of references.bib'),
    "an overlap with itself": (
        {"overlaps_with": [{"key": "lee-2021", "reason": "same centre"}]},
        'overlaps_with[1].key: found "lee-2021"; allowed: a key of another study'),
    "a retracted study that is included": (
        {"reports": [{"name": "r", "kind": "retraction", "doi": "10.1000/184", "date": "2022",
                      "changes": "The data could not be found."}]},
        'screening.decision: found "included"; allowed: excluded: it was retracted (2022)'),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD)
def test_the_bad_form_of_a_design_has_its_message(check, good, change, message):
    """One message, with the file, the place, what was found and what is allowed."""
    study = changed(load(good), change)
    study["outcomes"] = [
        {name: value for name, value in outcome.items() if value is not None}
        for outcome in study["outcomes"]
    ]
    (said,) = check({"lee-2021.yml": written(study)})
    assert said.startswith(f"{FILE}: {message}")


def test_a_full_text_says_where_each_value_stands(check, good):
    """With its places a full text is accepted, and may say that something is not reported."""
    study = fully_read(load(good)) | {"funding": "not reported", "adverse_events": "not reported"}
    assert check({"lee-2021.yml": written(study)}) == []


TWICE = {
    "a registration": ({"registration": "NCT01234567"}, 'registration: found "NCT01234567"'),
    "a poster": (
        {"reports": [{"name": "poster", "kind": "conference abstract", "doi": "10.1000/185"}]},
        'reports[1].doi: found "10.1000/185"'),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), TWICE.values(), ids=TWICE)
def test_a_report_belongs_to_one_study(check, good, change, message):
    """A report of two studies is refused; two papers on the same patients may share it."""
    one = changed(load(good), change)
    two = one | {"key": "kim-2022", "doi": "10.1000/999", "year": 2022, "published_on": None}
    two = {name: value for name, value in two.items() if value is not None}
    del two["pmid"]
    files = {"lee-2021.yml": written(one), "kim-2022.yml": written(two)}
    (said,) = check(files)
    assert said.startswith(f"{FILE}: {message}, of kim-2022 too; allowed: a report of one study")
    one["overlaps_with"] = [{"key": "kim-2022", "reason": "the same trial, another outcome"}]
    assert check(files | {"lee-2021.yml": written(one)}) == []


def test_a_digest_may_tell_of_two_studies(check, good):
    """What another author tells is no report of the study's own."""
    digest = {"reports": [{"name": "review", "kind": "digest", "doi": "10.1000/186"}]}
    one = changed(load(good), digest)
    two = one | {"key": "kim-2022", "doi": "10.1000/999", "year": 2022}
    for name in ("pmid", "published_on"):
        del two[name]
    assert check({"lee-2021.yml": written(one), "kim-2022.yml": written(two)}) == []


def test_how_a_value_was_read_follows_from_its_report(good):
    """An entry names its report; the report says how it was read, the file says it of the rest."""
    study = changed(
        load(good), {"reports": [ARTICLE, REGISTRY], "read_from": {"funding": "registry"}}
    )
    study["outcomes"][0]["report"] = "registry"
    file = StudyFile.model_validate(study)
    assert file.how("outcomes[1]") == "registry"
    assert file.how("outcomes[2]") == "abstract"
    assert file.how("funding") == "registry"
    assert file.place("outcomes[1]").report == "registry"
