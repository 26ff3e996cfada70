"""The audit: verdicts that follow the data, by printing, and slips that count once."""

from collections import Counter
from dataclasses import replace

import pytest
import yaml
from pydantic import ValidationError

from livingreview.audit.claims import FIGURES, LIST, STUDY, TABLES, TEXT, audit, audits
from livingreview.data.claims import (
    FAILS,
    HOLDS,
    NOT_COMPUTABLE,
    NOTHING,
    UNDECIDED,
    VERDICTS,
    Claim,
    misplaced,
)
from livingreview.problems import InvalidData
from livingreview.review import open_review

PREPRINT, PUBLISHED = "preprint", "published"
RANDOMISED = """\
design: RCT
design_words: multicentre parallel-group RCT, 2:1 allocation
"""


def claim(**more):
    """Return an invented claim."""
    return Claim.model_validate(
        {
            "id": "a-claim",
            "section": "results",
            "at": "Some words … of it",
            "says": "Something.",
            "prints": 55,
            "relation": "=",
            "matters": "evidence",
            "question": "What?",
            "fact": "studies",
        }
        | more
    )


def with_claims(review, *claims):
    """Return the review with other claims and no judgement of them."""
    return replace(review, source=replace(review.source, claims=claims, judgements=()))


def verdicts(review, *names):
    """Return the verdicts on some claims; no other claim of the review is held against its fact."""
    chosen = (claim for claim in review.source.claims if claim.id in names)
    return audit(with_claims(review, *chosen)).set_index("id")["verdict"].to_dict()


def test_all_verdicts_are_reached(review):
    """The audit holds claims of each verdict, and no other words."""
    assert set(audits(review)["verdict"]) == set(VERDICTS)
    assert set(audits(review)["rests_on"].dropna()) == {TEXT, TABLES, LIST, FIGURES, STUDY}


def test_each_printing_has_its_claims(review):
    """A printing is asked the claims that it makes, and no other."""
    rows = audits(review)
    for name in review.source.printings:
        made = [claim.id for claim in review.source.claims if claim.made_in(name)]
        assert list(rows.loc[rows["printing"] == name, "id"]) == made
    both = Counter(rows["id"])
    assert {1, 2} == set(both.values())


def test_a_claim_says_in_each_printing_what_that_prints(review):
    """The same sentence is held against each printing's own value."""
    by_printing = claim(prints={PREPRINT: 55, PUBLISHED: 54}, fact="studies")
    altered = with_claims(review, by_printing)
    assert list(audits(altered)["verdict"]) == [FAILS, HOLDS]


def test_reference_numbers_are_compared_as_the_studies_that_they_stand_for(review):
    """Numbers that are shifted in another printing stand for the same studies."""
    printed = {PREPRINT: [11, 12, 13], PUBLISHED: [13, 14, 15]}
    altered = with_claims(review, claim(prints=printed, relation="same", fact="null_trial_refs"))
    assert list(audits(altered)["verdict"]) == [HOLDS, HOLDS]
    wrong = with_claims(review, claim(prints=[11, 12, 13], relation="same", fact="null_trial_refs"))
    assert list(audits(wrong)["verdict"]) == [HOLDS, FAILS]


@pytest.mark.parametrize(
    ("more", "field", "found"),
    [
        ({"prints": {"preprint": 1, "journal": 2}}, "prints", "journal"),
        ({"prints": {"published": 1}, "at": {"preprint": "a … b"}}, "at", "preprint"),
        ({"prints": {"published": 1}, "cites": {"preprint": [1]}}, "cites", "preprint"),
        ({"at": {"preprint": "a … b"}}, "at", "nothing for published"),
    ],
)
def test_a_claim_of_one_printing_names_no_other(more, field, found):
    """What a claim says of a printing that does not make it is an error."""
    problems = list(misplaced((claim(**more),), [PREPRINT, PUBLISHED], "claims.yml"))
    assert any(found in problem.found and problem.column == field for problem in problems)
    assert not list(misplaced((claim(),), [PREPRINT, PUBLISHED], "claims.yml"))


def test_a_claim_without_an_answer_says_why():
    """A claim has a fact, or says which data are missing."""
    with pytest.raises(ValidationError, match="no fact"):
        claim(fact=None)
    assert claim(fact=None, why_not="No table has it").why_not


def test_a_fact_that_does_not_fit_is_an_error(review):
    """A claim that asks for a share of a fact that has none stops the audit, and says what fits."""
    with pytest.raises(InvalidData, match="a fact that is a share"):
        audit(with_claims(review, claim(relation="most", fact="studies")))
    with pytest.raises(InvalidData, match="studdies"):
        audit(with_claims(review, claim(fact="studdies")))


def test_claims_of_one_slip_count_once(review):
    """Two claims that fail for one reason are one slip; a third of another group is a second."""
    pair = [claim(id=name, group="one") for name in ("a", "b")]
    alone = claim(id="c")
    holds = claim(id="d", prints=54, group="one")
    altered = with_claims(review, *pair, alone, holds)
    assert altered.value("claims_with(verdict=does not hold)") == 3
    assert altered.value("slips_behind") == 2


def test_no_group_has_a_single_claim(review):
    """A group is what several claims share."""
    groups = Counter(claim.group for claim in review.source.claims if claim.group)
    assert min(groups.values()) > 1


def test_what_cannot_be_computed_says_why(review):
    """Each claim without verdict says which data are missing, in more than a word."""
    rows = audits(review)
    without = rows[rows["verdict"] == NOT_COMPUTABLE]
    assert len(without) > 0
    assert without["why_not"].fillna("").str.split().str.len().ge(4).all()


def test_no_verdict_is_typed(root):
    """The claims file has no field for a verdict or a computed value."""
    entries = yaml.safe_load((root / "data/source/claims.yml").read_text("utf-8"))
    fields = {name for entry in entries for name in entry}
    assert fields <= set(Claim.model_fields)
    assert not {"verdict", "computed", "value"} & set(Claim.model_fields)
    with pytest.raises(ValidationError, match="Extra inputs"):
        claim(verdict="holds")


@pytest.mark.parametrize(
    ("old", "new", "name", "before", "after"),
    [
        ("87.5% responders", "60% responders", "discussion-radnovich-responders", HOLDS, FAILS),
        (
            '"Gabriel, 2024[41]",CR,1,Intercostal Nerves,US,6',
            '"Kim, 2015[9]",CR,1,Sural,US,6',
            "abstract-studies",
            FAILS,
            HOLDS,
        ),
        ("2/24 Patients", "12/24 Patients", "discussion-low-success", HOLDS, FAILS),
        ("Mean NRS 5±1 from", "Mean NRS 1±1 from", "discussion-lobianco-positive", HOLDS, HOLDS),
        ("in 56% of Patients", "in 50% of Patients", "discussion-lobianco-positive", HOLDS, FAILS),
    ],
)
def test_a_changed_cell_flips_the_verdict(review, data_copy, edit, old, new, name, before, after):
    """Verdicts follow the data: another cell, another verdict, and only where it matters."""
    both = (name, "abstract-databases")
    known = verdicts(review, *both)
    assert known[name] == before
    edit(data_copy / "data" / review.source.table1.file, old, new)
    altered = verdicts(open_review(data_copy / "data"), *both)
    assert altered == known | {name: after}


def test_a_changed_statement_flips_the_verdict(review, data_copy, edit):
    """Claims on the method follow the protocol file in the same way."""
    same = "methods: [PubMed, Scopus, Embase, Web of Science]"
    old = "methods: [PubMed, Embase, Web of Science, Cochrane Library]"
    edit(data_copy / "data/protocol.yml", old, same)
    assert verdicts(review, "abstract-databases") == {"abstract-databases": FAILS}
    altered = verdicts(open_review(data_copy / "data"), "abstract-databases")
    assert altered == {"abstract-databases": HOLDS}


@pytest.mark.parametrize(
    ("name", "verdict", "rests_on"),
    [
        ("abstract-databases", FAILS, TEXT),  # Scopus in the abstract, Cochrane in the methods
        ("abstract-studies", FAILS, TABLES),  # 55 rows, but a reference number stands twice
        ("abstract-rcts", HOLDS, TABLES),
        ("abstract-positive-trials", FAILS, TABLES),
        ("discussion-trials-add-up", FAILS, TEXT),  # two and three of four
        ("discussion-null-trials-sham", FAILS, TABLES),  # one compared with a steroid injection
        ("discussion-yoon-half-at-six", UNDECIDED, TABLES),  # only 3 months are printed
        ("discussion-no-lasting-relief", HOLDS, TABLES),  # of knee, sacroiliac joint, shoulder
        ("discussion-low-success", HOLDS, TABLES),
        ("discussion-trial-comparators", HOLDS, TABLES),
        ("discussion-myonecrosis", HOLDS, LIST),
        ("introduction-neuromodulation-cited", FAILS, LIST),
        ("discussion-safe", FAILS, STUDY),  # a serious event in a trial that was read
        ("table1-radnovich-no-events", FAILS, STUDY),
        ("conclusion-sciatic", FAILS, TABLES),
        ("conclusion-saphenous", HOLDS, TABLES),
        ("conclusion-intercostal", NOTHING, TABLES),  # no trial
        ("discussion-no-permanent-damage", UNDECIDED, TABLES),  # most studies are silent
    ],
)
def test_verdicts_read_by_hand(review, name, verdict, rests_on):
    """Verdicts agree with our own reading of the tables, and name what they rest on."""
    row = review.audit.set_index("id").loc[name]
    assert (row["verdict"], row["rests_on"]) == (verdict, rests_on)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("discussion-more-than-half-cases", HOLDS),
        ("discussion-three-papers-designs", FAILS),  # one is a case series in Table 1
        ("discussion-comparisons-add-up", FAILS),  # one, and three two paragraphs on
        ("introduction-terms-differ", FAILS),
        ("results-most-studied", HOLDS),
    ],
)
def test_claims_of_the_version_of_record(review, name, verdict):
    """What only the version of record says is held against it alone."""
    assert name not in set(review.audit["id"])
    published = review.in_edition(PUBLISHED).audit.set_index("id")
    assert published.at[name, "verdict"] == verdict


def test_every_reference_of_the_version_of_record_is_cited(review):
    """The preprint lists works that it never cites; the version of record cites all."""
    assert review.value("uncited_references") == 4
    assert review.in_edition(PUBLISHED).value("uncited_references") == 0


def test_a_changed_study_file_flips_the_verdict(review, data_copy, edit):
    """A claim that its tables bear is refuted by a study that was read and says otherwise."""
    before = review.audit.set_index("id")
    assert before.at["abstract-rcts", "verdict"] == HOLDS
    path = data_copy / "data/studies/radnovich-2017.yml"
    edit(path, RANDOMISED, RANDOMISED.replace("RCT\n", "OP\n"))
    altered = audit(open_review(data_copy / "data")).set_index("id")
    assert altered.at["abstract-rcts", "verdict"] == FAILS
    assert altered.at["abstract-rcts", "rests_on"] == STUDY
    assert altered["computed"].equals(before["computed"]), "the printed answer moved"


def test_added_studies_contradict_no_claim(review):
    """The audit is on the review's own studies: without any addition it is the same."""
    alone = replace(review, source=replace(review.source, screening=()))
    assert alone.living.value("added_studies") == 0
    assert audits(alone).equals(audits(review))


def test_both_answers_are_shown(review):
    """A claim that a study refutes has the printed answer and the other one."""
    rows = review.audit[(review.audit["verdict"] == FAILS) & (review.audit["rests_on"] == STUDY)]
    assert len(rows) > 0
    assert (rows["computed"] != rows["as_read"]).all()
    assert review.audit.loc[review.audit["fact"].isna(), "as_read"].isna().all()
