"""The audit: what a relation means at its boundary, and verdicts that follow the data."""

from dataclasses import replace

import pytest
import yaml
from pydantic import ValidationError

from livingreview.audit.claims import (
    CONTRADICTED,
    DISPUTED,
    NOT_COMPUTABLE,
    REPRODUCED,
    VERDICTS,
    audit,
    decimals,
    misfit,
    verdict_of,
)
from livingreview.data.protocol import Claim
from livingreview.facts.values import Value
from livingreview.review import open_review

YES, NO = REPRODUCED, CONTRADICTED
RANDOMISED = """\
design: RCT
design_words: multicentre parallel-group RCT, 2:1 allocation
"""


def claim(relation, prints, **more):
    """Return a claim with a relation to a printed value."""
    return Claim.model_validate(
        {
            "id": "a-claim",
            "section": "results",
            "says": "Something.",
            "prints": prints,
            "relation": relation,
            "question": "What?",
            "fact": "studies",
            "why_not": None,
        }
        | more
    )


def value(number, of=None):
    """Return a computed value with its denominator."""
    return Value(number, str(number), (), of)


@pytest.mark.parametrize(
    ("relation", "prints", "computed", "verdict"),
    [
        ("=", 55, value(55), YES),
        ("=", 55, value(54), NO),
        # Compared at the precision that is printed.
        ("=", 4, value(3.94), YES),
        ("=", 4, value(3.4), NO),
        ("=", 8, value(8.3), YES),
        ("=", 8.3, value(8.33), YES),
        ("=", 8.3, value(8.36), NO),
        # computed RELATION printed
        (">", 80, value(87.5), YES),
        (">", 80, value(80), NO),
        (">=", 80, value(80), YES),
        ("<", 5, value(5), NO),
        ("<", 5, value(4), YES),
        ("<=", 2025, value(2025), YES),
        # Exactly half is not most.
        ("most", "often", value(5, 10), NO),
        ("most", "often", value(6, 10), YES),
        ("most", "often", value(0, 0), NO),
        ("all", "all", value(16, 16), YES),
        ("all", "all", value(15, 16), NO),
        ("all", "all", value(0, 0), NO),
        ("none", 0, value(0), YES),
        ("none", 0, value(1), NO),
        ("some", "some", value(1), YES),
        ("some", "some", value(0), NO),
        # Both ends may touch the range.
        ("range", [2010, 2025], value([2010.0, 2025.0]), YES),
        ("range", [2010, 2024], value([2010.0, 2025.0]), NO),
        ("range", [2011, 2025], value([2010.0, 2025.0]), NO),
        # Lists are compared whatever their order and case.
        ("same", ["Scopus", "PubMed"], value(["pubmed", "Scopus"]), YES),
        ("same", ["Scopus"], value(["PubMed", "Scopus"]), NO),
        ("same", [11, 12], value([12, 11]), YES),
        ("same", "narrative", value("Narrative"), YES),
        ("same", ["no difference"], value("no difference"), YES),
        # Without a computed value there is no verdict on the claim.
        ("=", 55, value(None), NOT_COMPUTABLE),
        ("=", 55, value(float("nan")), NOT_COMPUTABLE),
        ("=", 55, None, NOT_COMPUTABLE),
    ],
)
def test_relations(relation, prints, computed, verdict):
    """A claim is reproduced if the computed value stands in its relation to the printed one."""
    assert verdict_of(claim(relation, prints), computed) == verdict


@pytest.mark.parametrize(
    ("relation", "prints", "computed", "fits"),
    [
        ("most", "often", value(5), False),  # a count without denominator is no share
        ("most", "often", value(5, 9), True),
        ("=", "many", value(5), False),
        ("=", 5, value(["a"]), False),
        ("range", 2010, value([2010.0, 2025.0]), False),
        ("range", [2010, 2025], value(2010), False),
        ("some", "some", value(["a"]), False),
        ("same", "a", value(["a"]), True),
        ("=", "many", value(None), True),
    ],
)
def test_a_relation_needs_values_of_its_kind(relation, prints, computed, fits):
    """A claim and a fact that cannot be compared are an error, not a contradiction."""
    assert (misfit(claim(relation, prints), computed) is None) == fits


@pytest.mark.parametrize(("printed", "digits"), [(8, 0), (8.3, 1), (61.25, 2), (4.0, 0)])
def test_decimals_of_a_printed_number(printed, digits):
    """The precision of a claim is that of the number that it prints."""
    assert decimals(printed) == digits


def test_all_verdicts_are_reached(review):
    """The audit holds claims of each verdict, and no other words."""
    assert set(review.audit["verdict"]) == set(VERDICTS)


def test_there_are_enough_claims_from_every_part(review):
    """The audit covers the parts of the review that make claims, with 40 claims or more."""
    assert len(review.audit) >= 40
    assert {"abstract", "methods", "results", "discussion", "conclusion"} <= set(
        review.audit["section"]
    )


def test_what_cannot_be_computed_says_why(review):
    """Each claim without verdict says which data are missing, in more than a word."""
    without = review.audit[review.audit["verdict"] == NOT_COMPUTABLE]
    assert without["why_not"].fillna("").str.split().str.len().ge(4).all()
    assert without["fact"].isna().all()


def test_no_verdict_is_typed(root):
    """The claims file has no field for a verdict or a computed value."""
    entries = yaml.safe_load((root / "data/source/claims.yml").read_text("utf-8"))
    fields = {name for entry in entries for name in entry}
    assert fields <= set(Claim.model_fields)
    assert not {"verdict", "computed", "value"} & set(Claim.model_fields)
    with pytest.raises(ValidationError, match="Extra inputs"):
        claim("=", 55, verdict="reproduced")


def verdict_on(review, *names):
    """Return the verdicts on some claims; no other claim of the review is held against its fact."""
    claims = tuple(claim for claim in review.source.claims if claim.id in names)
    fewer = replace(review, source=replace(review.source, claims=claims))
    return audit(fewer).set_index("id")["verdict"].to_dict()


@pytest.mark.parametrize(
    ("old", "new", "name", "before", "after"),
    [
        ("87.5% responders", "60% responders", "discussion-radnovich-responders", YES, NO),
        ('"Grigsby, 2021[14]",OP', '"Grigsby, 2021[14]",OR', "abstract-prospective", DISPUTED, NO),
        (
            '"Gabriel, 2024[41]",CR,1,Intercostal Nerves,US,6',
            '"Kim, 2015[9]",CR,1,Sural,US,6',
            "abstract-studies",
            NO,
            YES,
        ),
        ("2/24 Patients", "12/24 Patients", "discussion-low-success", DISPUTED, NO),
        ("Mean NRS 5±1 from", "Mean NRS 1±1 from", "discussion-lobianco-positive", YES, YES),
        ("in 56% of Patients", "in 50% of Patients", "discussion-lobianco-positive", YES, NO),
    ],
)
def test_a_changed_cell_flips_the_verdict(review, data_copy, edit, old, new, name, before, after):
    """Verdicts follow the data: another cell, another verdict, and only where it matters."""
    verdicts = review.audit.set_index("id")["verdict"]
    assert verdicts[name] == before
    edit(data_copy / "data/source/preprint/table1.csv", old, new)
    altered = verdict_on(open_review(data_copy / "data"), name, "abstract-databases")
    assert altered == {name: after, "abstract-databases": verdicts["abstract-databases"]}


def test_a_changed_statement_flips_the_verdict(review, data_copy, edit):
    """Claims on the method follow the protocol file in the same way."""
    same = "methods: [PubMed, Scopus, Embase, Web of Science]"
    old = "methods: [PubMed, Embase, Web of Science, Cochrane Library]"
    edit(data_copy / "data/protocol.yml", old, same)
    assert review.audit.set_index("id").at["abstract-databases", "verdict"] == NO
    altered = verdict_on(open_review(data_copy / "data"), "abstract-databases")
    assert altered == {"abstract-databases": YES}


# By our own reading of the source: what follows from its tables, and what does not.
READ = {
    "abstract-studies": NO,  # 55 rows, but a reference number stands twice
    "abstract-rcts": YES,
    "abstract-positive-trials": NO,  # one trial prints more responders than its control
    "abstract-databases": NO,  # Scopus in the abstract, Cochrane in the methods
    "abstract-last-year": NO,
    "abstract-intraoperative": NO,  # four rows with surgical guidance
    "results-small-series": NO,  # two series of five patients
    "discussion-null-trials-sham": NO,  # one compared with a steroid injection
    "discussion-yoon-half-at-six": NO,  # the table says 3 months
    "discussion-mclean-six-months": YES,
    "discussion-low-success": DISPUTED,  # 2 of 24 in print, 9.1% in its abstract
    "discussion-radiofrequency-trials": NO,  # a case series names it too
    "discussion-no-permanent-damage": YES,
    "conclusion-sciatic": NO,
    "conclusion-saphenous": YES,
    "introduction-temperature": NOT_COMPUTABLE,
}


@pytest.mark.parametrize(("name", "verdict"), READ.items())
def test_verdicts_read_by_hand(review, name, verdict):
    """Verdicts agree with our own reading of the tables."""
    assert review.audit.set_index("id").at[name, "verdict"] == verdict


@pytest.mark.parametrize(
    ("key", "old", "new", "name", "before", "after"),
    [
        # The tables bear the claim; the study, once it says otherwise, takes it away.
        ("das-2023", "design: OR", "design: OP", "abstract-prospective", DISPUTED, DISPUTED),
        ("prologo-2017", "design: OP", "design: OR", "abstract-prospective", DISPUTED, YES),
        (
            "radnovich-2017",
            RANDOMISED,
            RANDOMISED.replace("RCT\n", "OP\n"),
            "abstract-rcts",
            YES,
            DISPUTED,
        ),
        ("das-2023", "design: OR", "design: OP", "abstract-studies", NO, NO),
    ],
)
def test_a_changed_study_file_flips_the_verdict(
    review, data_copy, edit, key, old, new, name, before, after
):
    """A claim that its tables bear is disputed as long as a study that was read contradicts it."""
    verdicts = review.audit.set_index("id")
    assert verdicts.at[name, "verdict"] == before
    edit(data_copy / f"data/studies/{key}.yml", old, new)
    altered = open_review(data_copy / "data").audit.set_index("id")
    assert altered.at[name, "verdict"] == after
    assert altered["computed"].equals(verdicts["computed"]), "the printed answer moved"


def test_an_unread_study_disputes_no_verdict(review, data_copy):
    """A claim that a study disputes holds by the tables where nobody has read the study."""
    assert review.audit.set_index("id").at["discussion-low-success", "verdict"] == DISPUTED
    (data_copy / "data/studies/nemecek-2023.yml").unlink()
    altered = open_review(data_copy / "data").audit.set_index("id")
    assert altered.at["discussion-low-success", "verdict"] == YES


def test_added_studies_contradict_no_claim(review):
    """The audit is on the review's own studies: without any addition it is the same."""
    alone = replace(review, source=replace(review.source, screening=()))
    assert alone.living.value("added_studies") == 0
    assert alone.audit.equals(review.audit)


def test_both_answers_are_shown(review):
    """A disputed claim has the printed answer and the other one; one without fact has none."""
    rows = review.audit[review.audit["verdict"] == DISPUTED]
    assert len(rows) > 0
    assert (rows["computed"] != rows["as_read"]).all()
    assert review.audit.loc[review.audit["fact"].isna(), "as_read"].isna().all()
    assert review.audit.equals(review.living.printed.audit)
