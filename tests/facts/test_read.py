"""Facts on the primary studies: what they say today, and of which edition they are asked."""

from collections import Counter

import pytest
import yaml

from livingreview.facts.registry import UnknownFact, answer
from livingreview.facts.trials import verdicts

READ = {
    "studies_read": "39 of 54",
    "studies_read(group=trial)": "4 of 4",
    "studies_unverified": "15 of 54",
    "studies_unverified(group=cohort)": "4 of 20",
    "unverified_positive": "3 of 12",
    "studies(edition=checked)": "54",
    "disagreements(field=comparator)": "2",
    "disagreements(field=patients)": "2",
    "disagreeing_studies(field=year)": "1 of 54",
    "late_contrasts(months=6)": "nothing to judge",  # no printed contrast has a time
    "directions(key=truong-2024, comparator=sham, edition=living)": (
        "favours treatment and no difference"
    ),
    "responder_threshold(key=das-2023, edition=living)": "50%",
    "responders(key=das-2023, edition=living)": "27 of 39, 69.23%, 95% CI 54 to 81",
    "nerve_names(key=radnovich-2017, edition=living)": "saphenous nerve",
}


# The trials of 0.2.0, read by hand; a study added later is not among them.
TRIALS = {
    ("radnovich-2017", "sham"): "favours treatment",
    ("truong-2024", "sham"): "no difference",
    ("ilfeld-2023", "sham"): "no difference",
    ("nygaard-2025", "sham"): "no difference",
    # It compares each with sham; at 12 months 7 of 37 and 9 of 38 were improved.
    ("truong-2024", "radiofrequency"): "not better, no test stated",
    # Named primary: nothing. In pain it differs at 4 of 11 times.
    ("ferrillo-2025", "radiofrequency"): "mixed results",
    ("kocan-2025", "radiofrequency"): "no difference",
    ("tsiplakos-2025", "radiofrequency"): "favours comparator",
}


def decisions(root):
    """Return the decision on each candidate, read from the files of the studies."""
    found = {}
    for path in (root / "data/studies").glob("*.yml"):
        block = yaml.safe_load(path.read_text("utf-8")).get("screening")
        if block:
            found[path.stem] = block["decision"]
    return found


def test_candidates_are_those_of_the_files(review, root):
    """Decisions are counted over the study files that hold one."""
    found = decisions(root)
    for decision, number in Counter(found.values()).items():
        text = review.fact(f"candidates(decision={decision})").value.text
        assert text == f"{number} of {len(found)}"


def test_added_studies_are_the_included_ones(review, root):
    """The living edition holds the review's studies and the candidates that were included."""
    added = [key for key, decision in decisions(root).items() if decision == "included"]
    assert review.value("added_studies") == len(added)
    assert review.value("studies(edition=living)") == 54 + len(added)


@pytest.mark.parametrize(("trial", "said"), TRIALS.items())
def test_trials_are_judged_against_their_own_comparator(review, trial, said):
    """Each trial's verdict against a comparator is that of a reader of its file."""
    key, comparator = trial
    living = review.living
    verdict = verdicts(living, (comparator,))
    (row,) = living.studies.index[living.studies["key"] == key]
    assert verdict[row] == said


@pytest.mark.parametrize(("fact", "text"), READ.items())
def test_reads_as_the_studies_do(review, fact, text):
    """The fact says what a reader of the study files counts."""
    assert review.fact(fact).value.text == text


@pytest.mark.parametrize(
    ("fact", "edition"),
    [
        ("studies", "printed"),
        ("studies(edition=living)", "living"),
        ("added_studies", "living"),
        ("studies_read", "printed"),
        ("reporting(item=device)", "living"),
        ("claims", "printed"),
        ("listed_by_rule(part=verdict, edition=checked)", "checked"),
    ],
)
def test_edition_of_a_fact(review, fact, edition):
    """A fact is of the edition whose rows it names, whichever edition asks."""
    for asked in (review, review.living):
        if "edition=" in fact or fact != "studies":
            assert asked.fact(fact).edition == edition
    assert review.fact(fact).edition == edition


def test_asked_of_the_living_review_a_plain_fact_is_living(review):
    """The same question, asked of another edition, has another answer."""
    assert review.living.value("studies") > review.value("studies")
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
    assert set(read) | set(unread) == set(review.studies["key"])
    assert not set(read) & set(unread)
    assert review.value("patients_unverified") < review.value("patients")


def test_items_are_stated_or_not_or_not_read(review):
    """The four answers on an item add up to the studies."""
    for item in review.source.vocabulary.reporting.by_name:
        counts = [
            review.value(f"reporting(item={item}, status={status})")
            for status in ("stated", "not reported", "not stated", "not read")
        ]
        assert sum(counts) == review.value("studies(edition=living)")


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        ("studies(edition=draft)", "edition one of printed, checked, living, published; not draft"),
        ("added_studies(edition=draft)", "edition one of"),
        ("disagreements(field=colour)", "field one of year, design"),
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
