"""Tables of harm say what none of some leaves open, and of how many patients nothing is known."""

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from livingreview import pages
from livingreview.review import Review
from livingreview.show.html import Html

OPEN = "cannot be ruled out"


def cells(html: Html, column: str) -> list[str]:
    """Return the cells of one column of a table."""
    tree = BeautifulSoup(html._repr_html_(), "html.parser")
    heads = [head.get_text(" ", strip=True) for head in tree.select("thead th")]
    place = heads.index(column)
    rows = [row.select("th, td") for row in tree.select("tbody tr")]
    return [row[place].get_text(" ", strip=True) for row in rows]


def test_none_of_some_says_what_it_leaves_open(review: Review) -> None:
    """Beside a none of n treated patients, and beside nothing else, stands 100 (1 - 0.05^(1/n))."""
    counts = cells(pages.safety.none_stated_table(review), "Patients")
    bounded = [count for count in counts if OPEN in count]
    assert bounded
    for count in bounded:
        told, _, said = count.partition(": ")
        treated = int(re.findall(r"[0-9]+", told)[-1])
        bound = 100 * (1 - 0.05 ** (1 / treated))
        assert said == f"as many as {bound:.1f}% {OPEN}"
    assert not any(OPEN in c for c in cells(pages.safety.harms_read_table(review), "Patients"))
    said = "the exact one-sided 95% upper bound"
    assert said in pages.safety.none_stated_table(review)._repr_html_()
    assert said not in pages.safety.harms_read_table(review)._repr_html_()


@pytest.mark.parametrize(
    ("key", "count"),
    {
        "radnovich-2017": f"0 of 180, 121 of them with cold: as many as 2.4% {OPEN}",
        "nygaard-2025": f"0 of 87, 44 of them with cold: as many as 6.6% {OPEN}",
        "kocan-2025": f"0 of 62, 23 of them with cold: as many as 12.2% {OPEN}",
        "ferrillo-2025": f"0 of 30, 15 of them with cold: as many as 18.1% {OPEN}",
        "tsiplakos-2025": "0 of 46",  # of 50: how many of them had cold is not told
        "truong-2024": "0 of 40",  # of sham
    }.items(),
)
def test_only_treated_patients_tell_of_the_treatment(review: Review, key: str, count: str) -> None:
    """None of all arms is none of the treated one; none after a comparison bounds nothing."""
    told = cells(pages.safety.none_stated_table(review), "Patients")
    studies = BeautifulSoup(pages.safety.none_stated_table(review)._repr_html_(), "html.parser")
    rows = studies.select("tbody tr")
    own = [c for row, c in zip(rows, told, strict=True) if key in str(row)]
    assert count in own


def test_the_bound_follows_the_patients_at_risk(review: Review) -> None:
    """More patients at risk leave less open."""
    events = review.living.adverse_events.copy()
    mine = (events["key"] == "morton-neuroma-2024") & (events["patients"] == 0)
    assert mine.sum() == 1
    assert f"0 of 54: as many as 5.4% {OPEN}" in cells(
        pages.answers.harms_table(review, "foot-and-ankle"), "Patients"
    )
    events.loc[mine, "at_risk"] = 540
    more = replace(review.living, adverse_events=events)
    assert f"0 of 540: as many as 0.6% {OPEN}" in cells(
        pages.answers.harms_table(more, "foot-and-ankle"), "Patients"
    )


def test_what_is_not_known_has_its_patients(review: Review) -> None:
    """The studies of a question that tell nothing are counted, with those they treated."""
    html = pages.answers.harms_table(review, "mixed-sites")
    caption = BeautifulSoup(html._repr_html_(), "html.parser").select_one("caption")
    assert caption is not None
    events = review.living.adverse_events
    told = events.loc[events["status"].isin(["event", "none of this kind", "no adverse events"])]
    asked = pages.answers.question_of(review, "mixed-sites")
    silent = {*asked.studies} - {*told["key"]}
    studies = review.living.studies.drop_duplicates("key").set_index("key")
    treated = studies.loc[sorted(silent & {*studies.index}), "patients_treated"]
    assert treated.notna().all()
    size = f"{len(treated)} studies ({int(treated.sum())} treated patients)"
    assert f"; of {size} it is not known" in caption.get_text()
    counts = review.living.studies.copy()
    counts.loc[counts["key"] == treated.index[0], "patients_treated"] = None
    fewer = pages.answers.harms_table(replace(review.living, studies=counts), "mixed-sites")
    assert "at least" in fewer.text
