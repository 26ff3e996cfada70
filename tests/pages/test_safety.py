"""Tables of harm say what none of some leaves open, and of how many patients nothing is known."""

from dataclasses import replace

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
    """Beside each none of n, and beside nothing else, stands 100 (1 - 0.05^(1/n))."""
    counts = cells(pages.safety.none_stated_table(review), "Patients")
    with_risk = [count for count in counts if count.startswith("0 of ")]
    assert with_risk
    for count in with_risk:
        at_risk = int(count.split(":")[0].removeprefix("0 of "))
        bound = 100 * (1 - 0.05 ** (1 / at_risk))
        assert count == f"0 of {at_risk}: as many as {bound:.1f}% {OPEN}"
    assert not any(OPEN in count for count in counts if count not in with_risk)
    assert not any(OPEN in c for c in cells(pages.safety.harms_read_table(review), "Patients"))
    said = "the exact one-sided 95% upper bound"
    assert said in pages.safety.none_stated_table(review)._repr_html_()
    assert said not in pages.safety.harms_read_table(review)._repr_html_()


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
