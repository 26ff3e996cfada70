"""Facts by name: one notation, one spelling, and errors that say what is allowed."""

import pytest

from livingreview.facts import FACTS, canonical_id
from livingreview.facts.registry import UnknownFact, answer


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("studies", "studies"),
        ("studies()", "studies"),
        (" studies( design = RCT ) ", "studies(design=RCT)"),
        ("studies(group=trial,design=RCT)", "studies(design=RCT, group=trial)"),
        ("studies(group=case report)", "studies(group=case report)"),
    ],
)
def test_a_fact_has_one_spelling(typed, name):
    """Arguments come in declared order with one space between them."""
    assert canonical_id(typed) == name


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        ("nonsense", "one of added_studies, "),
        ("studdies", "did you mean studies?"),
        ("studies(colour=blue)", "the arguments of studies: design, "),
        ("studies(RCT)", "the arguments of studies: "),
        ("studies(design=RCT", "a name, or name(argument=value, argument=value)"),
        ("responders", "responders with key"),
        ("studies(design=RTC)", "design one of CR, CS, OP, OR, RCT; not RTC"),
        ("studies(design=RCT+RTC)", "not RTC"),
        ("studies(nerve=funny bone)", "not funny bone"),
        ("studies(group=trials)", "group one of case report, cohort, trial; not trials"),
        ("studies(guidance=US)", "not US"),
        ("responders(key=nobody-1999)", "not nobody-1999"),
        ("responders(key=radnovich-2017, arm=placebo)", "not placebo"),
        ("followed_at_least(months=six)", "a number; not six"),
        ("followed_at_least(months=-6)", "a number; not -6"),
        ("followed_less_than(key=a+b, months=6)", "not a, b"),
        ("listed_by_rule(part=luck)", "part one of"),
        ("listed_by_rule(part=verdict, answer=perhaps)", "answer one of no, unclear, yes"),
        ("printed_positive(verdict=maybe)", "verdict one of no, yes"),
        ("agreement(kind=nonsense)", "kind one of"),
        ("mean_changes_on(measure=NSR)", "measure one of"),
        ("works_naming(terms=cold, works=nobody-1999)", "not nobody-1999"),
        ("reports_within(item=weather, low=1, high=2)", "item one of"),
        ("reports_within(item=device, low=1, high=2, unit=hours)", "unit minutes"),
        ("listed_refs(answer=good)", "answer one of"),
        ("followup_uncertain(status=long)", "status one of"),
        ("stated(item=databases, place=margin)", "place one of"),
        ("stated(item=weather, place=methods)", "an item of data/protocol.yml; not weather"),
        ("authors_as_listed(table=3)", "table one of 1, 2"),
    ],
)
def test_what_is_not_known_is_named_with_what_is(review, typed, allowed):
    """A wrong name, argument or value says what is allowed."""
    with pytest.raises(UnknownFact) as refused:
        answer(review, typed)
    assert allowed in str(refused.value)


@pytest.mark.parametrize("definition", FACTS.values(), ids=list(FACTS))
def test_definitions_are_one_line_of_words(definition):
    """A fact has a one-line definition whose fields are arguments of it."""
    text = definition.definition.format_map(dict.fromkeys(definition.parameters(), "any"))
    assert "\n" not in text
    assert len(text) > 10
    assert text[0].isupper()
    assert not text.endswith(".")


def test_definition_says_what_narrows_it(review):
    """The definition of a fact with arguments names their values."""
    fact = answer(review, "studies(group=cohort+case report)")
    assert fact.definition == "Distinct studies (group cohort or case report)"
    assert "6 months" in answer(review, "followed_at_least(months=6)").definition


def test_filters_add_up(review):
    """The groups of designs share out the studies, and alternatives are counted once."""
    groups = [answer(review, f"studies(group={g})").value.value for g in ("trial", "cohort")]
    cases = answer(review, "studies(group=case report)").value.value
    assert sum(groups) + cases == answer(review, "studies").value.value
    both = answer(review, "studies(group=trial+cohort)").value.value
    assert both == sum(groups)


def test_a_nerve_includes_its_branches(review):
    """A question about a nerve counts the studies of its branches, one about a branch does not."""
    whole = set(answer(review, "studies(nerve=saphenous nerve)").studies)
    branch = set(
        answer(review, "studies(nerve=infrapatellar branch of the saphenous nerve)").studies
    )
    assert branch == {"mclean-2020"}
    assert branch < whole
    assert whole == {"radnovich-2017", "perry-2022", "yoon-2016", "nemecek-2023", "mclean-2020"}
