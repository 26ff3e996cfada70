"""Facts of the printed edition, checked against our own reading of the two printed tables."""

import pytest

READ = {
    "studies": "54",
    "printed_rows": "55",
    "repeated_rows": "1",
    "studies(design=RCT)": "4",
    "studies(design=OP)": "4",
    "studies(design=OR)": "16",
    "studies(group=case report)": "30",  # 31 rows, one study twice
    "patients(design=RCT)": "496",  # 180 + 120 + 144 + 52
    "patients(design=OP)": "106",  # 26 + 40 + 22 + 18
    "largest_study": "279",
    "largest_study(group=case report)": "5",
    "studies(guidance=surgical)": "4",
    "studies(guidance=missing)": "1",
    "studies(guidance=not stated)": "1",
    "studies(guidance=magnetic resonance imaging)": "2",
    "studies(comparator=sham)": "3",
    "studies_naming(comparator=radiofrequency)": "2",
    "trial_comparators": "radiofrequency, sham and steroid injection",
    "trials_favouring_treatment": "1 of 4",
    "trials_without_difference": "3 of 4",
    "null_trial_refs": "11, 12 and 13",
    "longest_trial_followup": "6 months",
    "control_arms_above_rule": "1 of 1",
    "responder_months(key=radnovich-2017)": "3.9 months",
    "responders(key=nemecek-2023)": "2 of 24, 8.3%, 95% CI 2 to 26",
    "responder_threshold(key=nemecek-2023)": "30%",
    "mean_reductions(group=cohort)": "1.3 to 4.2 points",
    "cutoff_refs(group=cohort)": "18, 19, 21, 25, 26, 27, 29, 30 and 33",
    "studies_counting_above(percent=50, group=cohort)": "7 of 20",
    "mean_change_months(key=yoon-2016)": "12 months",
    "mean_relief_months(key=yoon-2016, percent=50)": "3 months, later ones not stated",
    "relief_percent(key=dalili-2021)": "50%",
    "blank_outcomes": "1",
    "results_after_followup": "1",  # a result at 6 months, followed for 5
    "listed_rows": "16",
    "printed_positive": "12 of 16",
    "printed_positive(verdict=no)": "4 of 16",
    "listed_cases": "9 of 16",
    "listed_small_cases": "7 of 16",  # two of the nine have five patients
    "listed_as_in_first_table": "15 of 16",  # one guidance is surgical there, blind (surgical) here
    "studies_with_events": "3 of 54",
    "studies_without_events": "3 of 54",
    "studies_silent_on_adverse_events": "48 of 54",
    "patients_with_events": "9",
    # Silent, or lasting perhaps.
    "studies_with_permanent_damage(kind=nerve)": "0 to 50 of 54, 50 undecided",
    "studies_with_serious_events": "0 to 51 of 54, 51 undecided",
    "responders_of_treated(key=nemecek-2023)": "8.3% (2 of 24)",
    "mean_only_studies(group=cohort)": "9 of 20",
    "mean_changes_on(measure=NRS, group=cohort)": "7 of 9",
    "mean_reductions(group=cohort, measure=NRS)": "2 to 4.2 points",
    "studies_with_complete_relief(group=case report)": "5 to 27 of 30, 22 undecided",
    "studies_without_cutoff(group=cohort)": "9 to 11 of 20, 2 undecided",
    "nerves_improved(nerves=saphenous nerve+suprascapular nerve)": "2 of 2",
    "patients_with_passing_events": "2 to 9 of 9, 7 undecided",
    "studies_titled(terms=acute pain, perhaps=acute)": "0 to 1 of 54, 1 undecided",
    "words_in_titles(terms=osteoarthritis+broken leg)": "1 of 2",
    "kinds_of_guidance": "7",
    "events_told_by(key=radnovich-2017)": "not stated",
    "listed_at(months=6)": "6 to 12 of 12, 6 undecided",
    "most_studied_nerve": "intercostal nerve",
    "positive_at(months=12, nerve=saphenous nerve)": "0 to 1 of 5, 1 undecided",  # mclean
    "shown_positive_at(months=12, nerve=saphenous nerve)": "0 of 5",
    "followed_at_least(months=12, nerve=saphenous nerve)": "1 of 5",
    "studies_improved": "46 to 49 of 54, 3 undecided",  # trials that print a contrast alone
    "studies_improved_at_last(group=cohort)": "14 to 15 of 20, 1 undecided",
    "studies_improved_at_last(group=case report)": "25 to 28 of 30, 3 undecided",
    "rows_improved_in_all(group=case report)": "20 to 23 of 30, 3 undecided",
    "patients_with_serious_events": "nothing to judge",
    "studies_without_scores": "3",
    "late_trials_favouring_treatment(months=6)": "0 of 1",
    "references": "69",
    "followup_span": "0.16 to 60 months",
    "followup_months(key=rhame-2011)": "3 months",
    "directions(key=kocan-2022)": "favours comparator",
    "directions(key=truong-2024)": "no difference",
    "followed_at(key=mclean-2020, months=6)": "4",
    "positive_at(months=12)": "3 to 11 of 54, 8 undecided",
    "shown_positive_at(months=12)": "3 of 54",  # shaffer, calixte, filipovski
    "agreement(kind=printed yes the rule says no)": "2",
}


@pytest.mark.parametrize(("fact", "text"), READ.items())
def test_reads_as_the_tables_do(review, fact, text):
    """The fact says what a reader of the printed tables counts."""
    assert review.fact(fact).value.text == text


def test_studies_behind_a_number(review):
    """A reader gets from a number to the studies that gave it, each once."""
    assert review.fact("trials_favouring_treatment").studies == ("radnovich-2017",)
    assert review.fact("shown_positive_at(months=12)").studies == (
        "calixte-2019",
        "filipovski-2024",
        "shaffer-2022",
    )
    assert len(review.fact("studies").studies) == 54


def test_a_fact_is_asked_once(review):
    """A fact that is asked again is the same answer, not another computation."""
    assert review.fact("studies") is review.fact("studies")
