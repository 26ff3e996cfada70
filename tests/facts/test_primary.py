"""Facts on the primary studies: what they say today, and of which edition they are asked."""

import pytest

from livingreview.facts.registry import UnknownFact, answer

READ = {
    "studies_read": "26 of 54",
    "studies_read(group=trial)": "4 of 4",
    "studies_unverified": "28 of 54",
    "studies_unverified(group=cohort)": "8 of 20",
    "unverified_positive": "6 of 12",
    "added_studies": "6",
    "added_studies(design=RCT)": "4",
    "studies(edition=living)": "60",
    "studies(edition=checked)": "54",
    "studies(design=RCT, edition=living)": "8",
    "candidates(decision=included)": "6 of 23",
    "candidates(decision=excluded)": "5 of 23",
    "candidates(decision=awaiting full text)": "12 of 23",
    "candidates(decision=included+excluded)": "11 of 23",
    "disagreements(field=comparator)": "1",
    "disagreements(field=treated patients)": "5",  # the four trials and one cohort
    "disagreements(field=patients)": "0",
    "disagreeing_studies(field=year)": "3 of 54",
    "late_contrasts(months=6)": "0 of 0",  # no printed contrast has a time
    "late_contrasts(months=6, comparator=sham, edition=living)": "2 of 2",
    "trials_favouring_treatment(comparator=sham, edition=living)": "1 of 4",
    "trials_without_difference(comparator=sham, edition=living)": "3 of 4",
    "trials_favouring_treatment(comparator=radiofrequency, edition=living)": "1 of 4",
    "trials_favouring_comparator(comparator=radiofrequency, edition=living)": "1 of 4",
    # The fourth has no contrast of the two: it compares each with sham.
    "trials_without_difference(comparator=radiofrequency, edition=living)": "1 of 4",
    "directions(key=truong-2024, comparator=sham, edition=living)": (
        "favours treatment and no difference"
    ),
    "responder_threshold(key=das-2023, edition=living)": "50%",
    "responders(key=das-2023, edition=living)": "27 of 39, 69.23%, 95% CI 54 to 81",
    "nerve_names(key=radnovich-2017, edition=living)": "saphenous nerve",
}


@pytest.mark.parametrize(("fact", "text"), READ.items())
def test_reads_as_the_studies_do(review, fact, text):
    """The fact says what a reader of the study files counts."""
    assert review.fact(fact).value.text == text


@pytest.mark.parametrize(
    ("fact", "edition"),
    [("studies", "printed"), ("studies(edition=living)", "living"), ("added_studies", "living"),
     ("studies_read", "printed"), ("reporting(item=device)", "living"), ("claims", "printed"),
     ("listed_by_rule(part=verdict, edition=checked)", "checked")],
)  # fmt: skip
def test_edition_of_a_fact(review, fact, edition):
    """A fact is of the edition whose rows it names, whichever edition asks."""
    for asked in (review, review.living):
        if "edition=" in fact or fact != "studies":
            assert asked.fact(fact).edition == edition
    assert review.fact(fact).edition == edition


def test_asked_of_the_living_review_a_plain_fact_is_living(review):
    """The same question, asked of another edition, has another answer."""
    assert review.living.fact("studies").value.text == "60"
    assert review.living.fact("studies(edition=printed)").value.text == "54"


def test_studies_behind_added_ones_are_the_added_ones(review):
    """A reader gets from the number to the studies that were added, not to others of their row."""
    included = [c.key for c in review.source.screening if c.decision == "included"]
    assert list(review.fact("added_studies").studies) == included
    assert list(review.living.fact("added_studies").studies) == included


def test_definition_says_the_edition(review):
    """The entry of a fact of another edition says so, once."""
    said = review.fact("studies(edition=living)").definition
    assert said == "Distinct studies (living edition)"
    assert "edition" not in review.fact("studies").definition


def test_read_and_unverified_share_out_the_studies(review):
    """A study is either read or not; patients of the unread ones are printed ones."""
    read, unread = review.fact("studies_read").studies, review.fact("studies_unverified").studies
    assert set(read) | set(unread) == set(review.evidence.studies["key"])
    assert not set(read) & set(unread)
    assert review.value("patients_unverified") < review.value("patients")


def test_items_are_stated_or_not_or_not_read(review):
    """The three answers on an item add up to the studies."""
    for item in review.source.vocabulary.reporting.by_name:
        counts = [
            review.value(f"reporting(item={item}, status={status})")
            for status in ("stated", "not stated", "not read")
        ]
        assert sum(counts) == review.value("studies(edition=living)")


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        ("studies(edition=draft)", "edition one of printed, checked, living; not draft"),
        ("added_studies(edition=draft)", "edition one of"),
        ("disagreements(field=colour)", "field one of author, year"),
        ("candidates(decision=perhaps)", "decision one of awaiting full text, excluded, included"),
        ("reporting(item=weather)", "item one of"),
        ("reporting(item=device, status=maybe)", "status one of"),
        ("late_contrasts(months=six)", "a number; not six"),
        ("late_contrasts(months=6, direction=up)", "direction one of"),
    ],
)
def test_what_is_not_known_is_named_with_what_is(review, typed, allowed):
    """A wrong value says what is allowed."""
    with pytest.raises(UnknownFact) as refused:
        answer(review, typed)
    assert allowed in str(refused.value)
