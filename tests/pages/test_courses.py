"""The panels of pain over time, and the facts of their page."""

import re
from dataclasses import replace

import pytest

from livingreview.frames import is_of
from livingreview.pages.courses import NONE, course_figure
from livingreview.synthesis.courses import leading


def panels(html):
    """Return the name and the words of each panel."""
    return re.findall(r'<svg [^>]*aria-label="([^"]*)"', html)


def test_each_study_with_a_series_has_a_panel(review):
    """In the order of the questions; a study stands once."""
    found = course_figure(review)
    keys = leading(review.living)["key"].unique()
    assert len(panels(found.html)) == len(keys)
    asked = {k: n for n, q in enumerate(review.source.questions) for k in q.studies}
    links = re.findall(r'href="study:([\w-]+)"', found.html)
    order = [asked[key] for key in dict.fromkeys(links)]
    assert order == sorted(order)


def test_a_question_has_its_panels_or_a_sentence(review):
    """Those of its studies with a series, no other; without one it says so."""
    with_series = {*leading(review.living)["key"]}
    for asked in review.source.questions:
        found = course_figure(review, asked.id)
        expected = len(with_series & {*asked.studies})
        assert len(panels(found.html)) == expected
        assert (found.text == NONE) == (expected == 0)


def test_comparison_arms_are_told_apart(review):
    """By class and dashes beside colour, and by name in the words."""
    html = course_figure(review).html
    treated = leading(review.living)
    assert html.count('class="course-treated"') == treated["series"].nunique()
    assert 'class="course-comparison"' in html
    assert any("; sham: " in words for words in panels(html))


@pytest.mark.parametrize("value", [1.0, 9.0])
def test_the_fact_moves_with_the_last_value(review, value):
    """A study's last level decides whether its relief was less at the last time."""
    living = review.living
    rows = leading(living)
    levels = rows[(rows["scale_most"] == 10) & (rows["arm"] == "treatment")]
    series = next(s for _, s in levels.groupby("series", sort=False) if len(s) > 2)
    outcomes = living.outcomes.copy()
    outcomes.loc[series.index[-1], "estimate"] = value
    altered = replace(living, outcomes=outcomes)
    told = altered.fact("less_relief_at_last").value
    assert (series.index[-1] in told.rows) == (value == 9.0)


def test_patients_seen_are_a_range_until_all_is_told(review):
    """A later time never has more; of nobody treated there is nothing to judge."""
    living = review.living
    found = [living.fact(f"patients_seen(months={at})").value for at in (3, 6, 12)]
    assert [f.value for f in found] == sorted((f.value for f in found), reverse=True)
    assert [f.most for f in found] == sorted((f.most for f in found), reverse=True)
    assert all(f.value <= f.most <= f.of for f in found)
    one = living.studies[living.studies["patients_treated"].notna()].head(1).copy()
    outcomes = living.outcomes[is_of(living.outcomes, "treatment")].head(1)
    one["patients_treated"] = one["patients_treated"] * 0 + 30
    outcomes = outcomes.assign(
        key=one["key"].iloc[0], months=6.0, evaluated=20, kind="responder", status="reported"
    )
    outcomes = outcomes.astype(living.outcomes.dtypes.to_dict())
    one = one.assign(followup_max_months=6.0, followup_status="stated")
    alone = replace(living, studies=one, outcomes=outcomes)
    assert alone.fact("patients_seen(months=6)").value.text == "20 to 30 of 30, 10 undecided"
    assert alone.fact("patients_seen(months=12)").value.text == "0 of 30"
    nobody = replace(living, studies=one.iloc[:0])
    assert nobody.fact("patients_seen(months=6)").value.text == "nothing to judge"
