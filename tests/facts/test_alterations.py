"""The prose follows the data: every fact that is used moves when its evidence is altered."""

import random
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from alterations import (
    OF_PRINTINGS,
    ONLY_READ,
    ROOT,
    asked,
    claims_of,
    in_read,
    opened,
    printing_more,
    said,
    searched,
    twice,
    used_facts,
    with_another,
    with_studies,
    without_rows,
    without_study,
)
from livingreview.audit.claims import audits
from livingreview.evidence.figures import checks
from livingreview.evidence.printings import changes, slips
from livingreview.facts import FACTS, UnknownFact, of_edition
from livingreview.facts.registry import parse
from livingreview.facts.select import parts
from livingreview.review import open_review

# Facts that no row of the evidence gives today: the study that would, as a change of one that is
# there. Without it nothing could tell them from typed text.
ABSENT = {
    "short_trials_favouring_treatment(months=6, nerve=intercostal nerve)": (
        "radnovich-2017",
        {"nerve": "intercostal nerve"},
    ),
    "short_trials_favouring_treatment(months=6, nerve=suprascapular nerve)": (
        "radnovich-2017",
        {"nerve": "suprascapular nerve"},
    ),
    **{
        f"patients_with_serious_events(question={question}, edition=living)": (
            "radnovich-2017",
            {"question": question},
        )
        for question in ("chest-wall", "mixed-sites", "scrotal-and-groin", "upper-abdomen")
    },
}

# Facts on the limits in force, not on the evidence: the parameter that moves them.
LIMITS = {"rule_months": {"minimum_followup_months": 9}}

# Facts on what searches found, as long as none was run: they follow one of each source.
UNSEARCHED = {"last_whole_search", "records_identified", "records_waiting"}

# Whole numbers that one more study of the same kind does not raise, and why.
NO_COUNT_OF_STUDIES = {
    "nerves": "counts names of nerves, and the new study has those of the old one",
    "nerves_in_cases_only": "counts names of nerves",
    "regions": "counts names of regions",
    "kinds_of_guidance": "counts names of guidance",
    "nerves_improved": "counts nerves it is asked of, and the new study treats that of the old one",
    "reported_values": "counts values, and the new study states those of the old one",
    "words_in_titles": "counts words it is asked of, and the new study has the old title",
    "largest_study": "is a largest value, and the new study has the same",
    "latest_year": "is a latest year",
    "followup_ratio": "is a ratio of longest and shortest",
    "trial_years": "is a year",
    "clinical_questions": "counts questions, and the new study informs that of the old one",
    "questions_compared": "counts questions",
    "pooled_groups": "counts groups of results, and those of the new study join those of the old",
}

# Facts whose answer rests on what is nowhere: other studies may take it away.
RESTS_ON_ABSENCE = {
    "nerves_in_cases_only": "a nerve is in case reports only because no other study treats it"
}

# Counts of the studies with a highest value: without one of them another study has it, of which
# the same may be true.
OF_THE_BEST = {"best_titled"}

# What the contrasts that decide say: without them others decide, which may say the same, so their
# studies go whole.
OF_THE_DECIDING = {"certainty_at_most", "compares"}

# Facts whose rows are what readers judged of the claims of all printings.
ON_ALL_PRINTINGS = {"claims_judged", "claims_mended", "readings_differing"}


def name_of(fact):
    """Return the name of a fact without its arguments."""
    return fact.partition("(")[0]


def rows_of(fact):
    """Return the rows that gave a fact, or those of its denominator where no row did."""
    value = opened().fact(fact).value
    return value.rows or value.base


def all_rows(value):
    """Return the rows that a fact names: those that gave it, its denominator, what is open."""
    return value.rows + value.base + value.undecided


def keys_of(review, fact, rows):
    """Return the studies of some rows of a fact, in the edition whose rows it names."""
    return asked(review, fact).keys_of(rows)


def one_more(review, fact):
    """Return the review with one more study like the first of those that gave a fact."""
    return twice(asked(review, fact), keys_of(review, fact, rows_of(fact))[0])


def on_claims(fact):
    """Return whether the rows of a fact are claims, or of several printings, not of evidence."""
    return any(row.partition(":")[0] in {"claims", *OF_PRINTINGS} for row in rows_of(fact))


def is_whole_number(fact):
    """Return whether a fact is a whole number that asks for no study and no work by name."""
    _, arguments = parse(fact)
    value = opened().fact(fact).value.value
    return isinstance(value, int) and arguments.keys().isdisjoint({"key", "works"})


WITH_ROWS = [fact for fact in used_facts() if rows_of(fact)]
ON_STUDIES = [f for f in WITH_ROWS if not on_claims(f) and keys_of(opened(), f, rows_of(f))]
WHOLE = [fact for fact in ON_STUDIES if is_whole_number(fact)]


def counts_studies(fact):
    """Return whether one more study like those of a fact raises it: not a sum that is 0."""
    value = opened().fact(fact).value
    return name_of(fact) not in NO_COUNT_OF_STUDIES and bool(value.rows or value.of is not None)


COUNTS = [fact for fact in WHOLE if counts_studies(fact)]
OTHERS = [fact for fact in WITH_ROWS if fact not in COUNTS and not claims_of(fact)]
RESTING = [fact for fact in COUNTS if name_of(fact) not in OF_THE_BEST]
ON_WORKS = [fact for fact in WITH_ROWS if "works" in parse(fact)[1]]

# Each count is asked without so many of the studies that it counts, or that are its denominator.
SAMPLE = 2


@cache
def resting_on():
    """Return, by study, the counts that must change without it: a seeded sample of them."""
    seeded = random.Random(8)  # noqa: S311 - the same sample each time
    chosen = {}
    for fact in RESTING:
        value = opened().fact(fact).value
        counted = value.rows + value.undecided if value.of is None else all_rows(value)
        keys = sorted(keys_of(opened(), fact, counted))
        for key in seeded.sample(keys, min(SAMPLE, len(keys))):
            chosen.setdefault(key, []).append(fact)
    return chosen


@pytest.mark.parametrize("key", sorted(resting_on()))
def test_a_count_changes_without_a_study_that_it_rests_on(review, key):
    """Without any one study of its rows, its denominator or those undecided a count differs."""
    without = without_study(review, key)
    assert [f for f in resting_on()[key] if said(without, f) == said(review, f)] == []


def test_each_count_is_asked_without_a_study():
    """The sample reaches every count, and most studies of the review."""
    assert {fact for facts in resting_on().values() for fact in facts} == set(RESTING)
    assert len(resting_on()) > len(set(opened().studies["key"])) / 2


def test_there_are_facts_to_alter():
    """Prose and claims use facts, and every fact without arguments is among those altered."""
    assert len(used_facts()) > 100
    assert len(WHOLE) > 50
    bare = {in_read(name) for name, definition in FACTS.items() if not definition.required()}
    assert bare <= set(used_facts())


def test_every_fact_has_rows_or_a_way_to_get_them():
    """A fact without rows is one whose evidence is absent, or a limit; nothing else is let off."""
    absent = {*ABSENT, *LIMITS, *(() if opened().source.searches.runs else UNSEARCHED)}
    assert set(used_facts()) - set(WITH_ROWS) == absent & set(used_facts())


@pytest.mark.parametrize("fact", OTHERS)
def test_moves_when_its_rows_are_dropped(review, fact):
    """Without the rows that gave it, or those of its denominator, a fact says something else."""
    rows = rows_of(fact)
    if on_claims(fact):
        rows = rows[:1]  # a review without any claim cannot be loaded
    edition = asked(review, fact)
    without = without_rows(edition, rows)
    if name_of(fact) in OF_THE_DECIDING:
        without = with_studies(edition, {*edition.studies["key"]} - {*edition.keys_of(rows)})
    assert said(without, fact) != said(review, fact)


@pytest.mark.parametrize("fact", [fact for fact in WITH_ROWS if claims_of(fact)])
def test_follows_the_claims_that_it_names(review, fact):
    """A fact asked of some claims says something else if one prints more, nothing without it."""
    assert {f"claims:{name}" for name in claims_of(fact)} == set(rows_of(fact))
    for name in claims_of(fact):
        assert said(printing_more(asked(review, fact), name), fact) != said(review, fact)
        with pytest.raises(UnknownFact):
            said(without_rows(asked(review, fact), (f"claims:{name}",)), fact)


@pytest.mark.parametrize("fact", ON_WORKS)
def test_follows_the_works_that_it_names(review, fact):
    """A fact asked of some works of the reference list says something else without any of them."""
    works = review.fact(fact).value.base
    assert set(keys_of(review, fact, works)) == set(parts(parse(fact)[1]["works"]))
    for work in works:
        assert said(without_rows(asked(review, fact), (work,)), fact) != said(review, fact)


@pytest.mark.parametrize("fact", [fact for fact in COUNTS if name_of(fact) in OF_THE_BEST])
def test_follows_what_the_best_is(review, fact):
    """A fact on the best studies follows their titles; without one of them others are the best."""
    value = review.fact(fact).value
    best = keys_of(review, fact, value.base)
    without = without_study(review, best[0])
    assert best[0] not in keys_of(without, fact, without.fact(fact).value.base) != ()
    title = "" if value.value else parts(parse(fact)[1]["terms"])[0]
    titles = review.references["title"].mask(review.references["key"].isin(best), title)
    altered = replace(review, references=review.references.assign(title=titles))
    assert said(altered, fact) != said(review, fact)


@pytest.mark.parametrize("fact", WITH_ROWS)
def test_rows_exist(review, fact):
    """The rows and the base of a fact, and what is open, are rows of the evidence, or claims."""
    edition = asked(review, fact)
    known = {f"screening:{candidate.key}" for candidate in review.source.screening}
    known |= {f"sources:{name}" for name in review.source.searches.ids}
    known |= {*edition.audit.index, *review.disagreements.index}
    known |= {*changes(review).index, *slips(review).index, *checks(review).index}
    if name_of(fact) in ON_ALL_PRINTINGS:
        known |= {*audits(review).index}
    for row in all_rows(review.fact(fact).value):
        assert row in known or row in edition.table(row.partition(":")[0]).index


@pytest.mark.parametrize("name", sorted(ONLY_READ))
def test_only_what_was_read_tells_it(review, name):
    """What is asked of the edition with what was read has no row in print."""
    asked_so = [fact for fact in used_facts() if name_of(fact) == name]
    assert asked_so
    assert all(all_rows(review.fact(of_edition(f, None)).value) == () for f in asked_so)


@pytest.mark.parametrize("fact", [f for f in ON_STUDIES if name_of(f) not in RESTS_ON_ABSENCE])
def test_stays_when_other_studies_are_dropped(review, fact):
    """Studies that are neither in the rows of a fact nor its denominator nor open do not matter."""
    needed = set(keys_of(review, fact, all_rows(review.fact(fact).value)))
    assert said(with_studies(asked(review, fact), needed), fact) == said(review, fact)


@pytest.mark.parametrize("fact", COUNTS)
def test_rises_with_another_study(review, fact):
    """One more study like one that counted, or one of its denominator, raises a count."""
    value = review.fact(fact).value
    more = one_more(review, fact).fact(fact).value
    if value.rows:
        assert more.range.most > value.range.most
    else:
        assert more.of > value.of
    assert value.of is None or more.of > value.of


@pytest.mark.parametrize("fact", [f for f in WHOLE if name_of(f) in NO_COUNT_OF_STUDIES])
def test_other_numbers_do_not_count_studies(review, fact):
    """What is exempt above is no count: a study like one that is there leaves it as it is."""
    more = one_more(review, fact)
    assert said(more, fact) == said(review, fact)


@pytest.mark.parametrize(("fact", "study"), ABSENT.items())
def test_absent_evidence_would_count(review, fact, study):
    """A fact without any row today says something else once a study of that kind is there."""
    key, changes = study
    assert said(with_another(asked(review, fact), key, **changes), fact) != said(review, fact)


@pytest.mark.parametrize("fact", sorted({*UNSEARCHED, "sources_searched"}))
def test_follows_a_search(review, fact):
    """A fact on searches says something else once each source was searched; its rows are told."""
    after = searched(review)
    assert said(after, fact) != said(review, fact)
    assert after.fact(fact).value.rows


@pytest.mark.parametrize(("fact", "limits"), LIMITS.items())
def test_limits_in_force(review, fact, limits):
    """A fact on the rule follows the parameters of the run."""
    assert said(open_review(ROOT / "data", **limits), fact) != said(review, fact)


def test_repeated_row_counts_as_such(review):
    """A study that is printed once more, under its own number, is a repeated row."""
    first = review.studies.iloc[:1].rename(index=lambda name: "studies:1000")
    again = replace(review, studies=pd.concat([review.studies, first]))
    assert again.fact("repeated_rows").value.value == 2


# A cell of Table 1, what it becomes, and facts that must follow or must stay: our own reading.
CELLS = {
    "responders of a trial fall below its sham arm": (
        "87.5% responders",
        "60% responders",
        "radnovich-2017",
        {
            "responders(key=radnovich-2017)",
            "trials_favouring_treatment",
            "short_trials_favouring_treatment(months=6)",
        },
        {"studies", "patients", "qualifying_studies", "trials_without_difference"},
    ),
    "responders of a sham arm fall below the limit": (
        "61.2% responders in the sham",
        "41.2% responders in the sham",
        "radnovich-2017",
        {"control_arms_above_rule"},
        {"responders(key=radnovich-2017)", "trials_favouring_treatment", "positive_by_rule"},
    ),
    "responders of a cohort fall below half": (
        "69% patients with",
        "49% patients with",
        "das-2023",
        {"positive_by_rule", "listed_by_rule(part=verdict)", "studies_improved(group=cohort)"},
        {"qualifying_studies", "printed_positive", "studies", "cutoff_refs(group=cohort)"},
    ),
    "a patient more": (
        "OR,279,",
        "OR,280,",
        "calixte-2019",
        {"patients", "largest_study", "patients_in_silent_studies"},
        {"studies", "qualifying_studies", "patients_with_events"},
    ),
    "adverse events become none": (
        "1 pneumothorax and 3 pseudohernia",
        "No adverse events",
        "yasin-2020",
        {"studies_with_events", "studies_without_events", "patients_with_events", "event_names"},
        {"studies_on_adverse_events", "studies_silent_on_adverse_events", "patients"},
    ),
    "another design": (
        '"Grigsby, 2021[14]",OP',
        '"Grigsby, 2021[14]",CS',
        "grigsby-2021",
        {
            "studies(design=OP)",
            "studies(group=case report)",
            "rows_improved_in_all(group=case report)",
        },
        {"studies", "patients", "studies(design=OR)", "not_randomised"},
    ),
    "a follow-up that is not settled": (
        "Blind (Surgical),5 Years",
        "Blind (Surgical),Variable",
        "calixte-2019",
        {"qualifying_studies", "followup_uncertain", "undecided_studies", "qualifying_refs"},
        {"studies", "patients", "printed_positive", "studies_improved"},
    ),
    "another guidance": (
        "TMJ capsule),Surgical",
        "TMJ capsule),US",
        "sidebottom-2011",
        {"studies(guidance=surgical)"},
        {"studies", "nerves", "qualifying_studies"},
    ),
    "another nerve": (
        "CR,1,Stellate Ganglion",
        "CR,1,Intercostal",
        "sarridou-2022",
        {"nerves", "nerve_names", "nerves_in_cases_only"},
        {"studies", "patients", "trials_favouring_treatment"},
    ),
    "another author": (
        "Kalavla, 2024[61]",
        "Kalava, 2024[61]",
        "kalava-phn-2024",
        {"authors_as_listed(table=1)"},
        {"studies", "years_as_listed(table=1)", "years_of_studies"},
    ),
    "another year": (
        "Prologo,2017[20]",
        "Prologo,2018[20]",
        "prologo-2017",
        {"years_as_listed(table=1)"},
        {"authors_as_listed(table=1)", "years_of_studies", "latest_year"},
    ),
}


@pytest.mark.parametrize(("old", "new", "key", "follow", "stay"), CELLS.values(), ids=list(CELLS))
def test_one_cell_on_disk(review, data_copy, edit, old, new, key, follow, stay):
    """A cell of the table changes the facts that rest on its study, and only those."""
    edit(data_copy / "data/source/preprint/table1.csv", old, new)
    assert_moves(review, open_review(data_copy / "data"), key, follow, stay)


# A line of a study file (None: the whole file), what it becomes, facts that must follow or stay.
FILES = {
    "a treated arm of another size": (
        "kocan-2025",
        "treatment\n  patients: 23\n- name: radiofrequency\n  patients: 19",
        "treatment\n  patients: 24\n- name: radiofrequency\n  patients: 18",
        {"patients_treated(edition=living)"},
        {"patients(design=RCT, edition=living)", "disagreements", "studies_read"},
    ),
    "a design that is the printed one": (
        "prologo-2017",
        "design: OP",
        "design: OR",
        {"disagreements", "studies(design=OR, edition=checked)"},
        {"disagreeing_studies", "studies_read", "studies(design=OR)"},
    ),
    "a follow-up that is long enough": (
        "perry-2022",
        "followup_months: 5.5",
        "followup_months: 6",
        {"listed_by_rule(part=followed, edition=checked)"},
        {"listed_by_rule(part=followed)", "disagreements", "studies_read"},
    ),
    "a trial that favours its comparator": (
        "nygaard-2025",
        "changes\n  "
        "better: higher\n  scale: points\n  ci_low: -0.3\n  ci_high: 1.2\n  p_value: 0.198\n"
        "  direction: no difference\n",
        "changes\n  "
        "better: lower\n  scale: points\n  ci_low: -0.3\n  ci_high: 1.2\n  p_value: 0.198\n"
        "  direction: favours comparator\n",
        {
            "trials_without_difference(comparator=sham, edition=living)",
            "trials_favouring_comparator(edition=living)",
        },
        {
            "trials_without_difference(comparator=sham)",
            "disagreements",
            "studies(edition=living)",
            "trials_favouring_comparator(comparator=radiofrequency, edition=living)",
        },
    ),
    "a device that is stated": (
        "das-2023",
        "  device: not stated",
        "  device: a probe",
        {"reporting(item=device)"},
        {"reporting(item=temperature_c)", "studies_read", "disagreements"},
    ),
    "another number of patients": (
        "nygaard-2025",
        "patients: 87",
        "patients: 90",
        {"patients(design=RCT, edition=living)"},
        {"patients(design=RCT)", "studies(edition=living)", "added_studies", "disagreements"},
    ),
    "a study that was not read": (
        "das-2023",
        None,
        None,
        {
            "studies_read",
            "studies_unverified",
            "patients_unverified",
            "disagreements",
            "uncontrolled_studies(edition=living)",
        },
        {"studies(edition=living)", "added_studies", "uncontrolled_studies"},
    ),
}


@pytest.mark.parametrize(("key", "old", "new", "follow", "stay"), FILES.values(), ids=list(FILES))
def test_one_study_file_on_disk(review, data_copy, edit, key, old, new, follow, stay):
    """A value of a study file changes the facts that rest on that study, and only those."""
    path = data_copy / f"data/studies/{key}.yml"
    if old is None:
        path.unlink()
    else:
        edit(path, old, new)
    altered = open_review(data_copy / "data")
    assert_moves(review, altered, key, follow, stay)
    evidence = [f for f in used_facts() if not on_claims(f)]
    moved = {f for f in evidence if said(altered, f) != said(review, f)}
    printed = {f for f in moved if asked(review, f).name == "printed"}
    primary = {
        "disagree",
        "disputed",
        "studies_read",
        "studies_unverified",
        "patients_unverified",
        "unverified",
    }
    assert all(fact.startswith(tuple(primary)) for fact in printed), "the printed edition moved"


def test_one_candidate_on_disk(review, data_copy, edit):
    """A study that screening no longer includes leaves the living edition, and only that."""
    path = data_copy / "data/studies/nygaard-2025.yml"
    edit(path, "decision: included", "decision: awaiting full text")
    altered = open_review(data_copy / "data")
    follow = {
        "added_studies",
        "studies(edition=living)",
        "patients(design=RCT, edition=living)",
        "candidates(decision=included)",
        "candidates(decision=awaiting full text)",
        "trials_without_difference(comparator=sham, edition=living)",
        "reporting(item=device)",
    }
    stay = {
        "studies",
        "patients",
        "disagreements",
        "candidates(decision=excluded)",
        "studies_read",
        "trials_favouring_comparator(comparator=radiofrequency, edition=living)",
        "listed_by_rule(part=verdict, edition=checked)",
    }
    assert_moves(review, altered, "nygaard-2025", follow, stay)
    assert altered.audit.equals(review.audit)


def assert_moves(before, after, key, follow, stay):
    """Each fact that moved rests on the study; some must have moved, some must have stayed."""
    # What rests on claims or printings may move with any study: it is asked where a test names it.
    watched = {fact for fact in used_facts() if not on_claims(fact)} | {*follow, *stay}
    moved = {fact for fact in watched if said(before, fact) != said(after, fact)}
    for fact in moved:
        rests = rests_on(key, fact, before) or rests_on(key, fact, after)
        assert rests, f"{fact} changed, but names no row of {key}"
    assert set(follow) - moved == set()
    assert set(stay) & moved == set()


def rests_on(key, fact, review):
    """Return whether a fact names a row of the study, its candidate, or claims."""
    rows = all_rows(review.fact(fact).value)
    if any(row.startswith("claims:") for row in rows) or f"screening:{key}" in rows:
        return True
    return key in keys_of(review, fact, rows)


def test_exceptions_are_still_needed():
    """Each exception above stands for a fact that is used."""
    assert {*ABSENT, *LIMITS} <= set(used_facts())
    assert set(NO_COUNT_OF_STUDIES) <= {name_of(fact) for fact in WHOLE}
    assert set(RESTS_ON_ABSENCE) <= {name_of(fact) for fact in ON_STUDIES}
    assert {name_of(fact) for fact in COUNTS} >= OF_THE_BEST
    assert {name_of(fact) for fact in OTHERS} >= OF_THE_DECIDING
    assert {name_of(fact) for fact in WITH_ROWS} >= ON_ALL_PRINTINGS
