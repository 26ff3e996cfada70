"""The table of appraisals, its facts and its traffic light, on the project's data and altered."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from livingreview import pages
from livingreview.data.appraisals import OVERALL, Override
from livingreview.evidence.appraisal import NOT_ASSESSED
from livingreview.evidence.edition import LIVING


def living_with(review, **appraisals):
    """Return the living edition as it is with some appraisals in place of the project's."""
    source = replace(review.source, appraisals=appraisals)
    return replace(review.printed, source=source).in_edition(LIVING)


def one(review):
    """Return an appraisal of the project."""
    return next(iter(review.source.appraisals.values()))


def judgements(edition, key):
    """Return judgement by domain of one study."""
    rows = edition.appraisals
    return rows[rows["key"] == key].set_index("domain")["judgement"].to_dict()


def test_every_study_has_its_rows(review):
    """A study has one row a domain and one of all, or one row that says why it is not assessed."""
    table = review.living.appraisals
    assert set(table["key"]) == set(review.living.studies["key"])
    assert review.printed.appraisals.empty
    for key, rows in table.groupby("key"):
        appraisal = review.source.appraisals.get(key)
        tool = review.source.tools[appraisal.tool] if appraisal else None
        assert list(rows["domain"]) == ([*tool.domains, OVERALL] if tool else [OVERALL])
        assert appraisal or set(rows["judgement"]) == {NOT_ASSESSED}
        assert rows["reasons"].str.len().gt(0).all()


def test_what_was_not_read_whole_is_not_assessed(review):
    """Only a full text is assessed; the reason names how the study was read."""
    table = review.living.appraisals
    left = table[table["judgement"] == NOT_ASSESSED]
    abstracts = left[left["read_as"] == "abstract"]
    assert set(abstracts["reasons"]) == {"no more than its abstract was read"}
    assert set(table.loc[table["judgement"] != NOT_ASSESSED, "read_as"]) == {"full text"}


def test_overall_is_the_worst(review):
    """The row of all domains holds the worst of them."""
    for key, appraisal in review.source.appraisals.items():
        tool = review.source.tools[appraisal.tool]
        said = judgements(review.living, key)
        overall = said.pop(OVERALL)
        assert overall == max(said.values(), key=tool.judgements.index)


def test_a_missing_answer_makes_it_incomplete(review):
    """Without one answer its domain and the whole are incomplete, and the page says so."""
    appraisal = one(review)
    first = next(iter(appraisal.sets[0].answers))
    sets = tuple(
        s.model_copy(update={"answers": {n: a for n, a in s.answers.items() if n != first}})
        for s in appraisal.sets
    )
    agreed = {n: a for n, a in appraisal.agreed.items() if n != first}
    cut = appraisal.model_copy(update={"sets": sets, "agreed": agreed})
    edition = living_with(review, **{appraisal.key: cut})
    assert judgements(edition, appraisal.key)[OVERALL] == "incomplete"
    assert "incomplete" in pages.trials.appraisals_table(edition).text
    assert edition.value("trials_appraised") == review.living.value("trials_appraised") - (
        len(review.source.appraisals) - 1
    )


@pytest.mark.parametrize("place", ["D1", OVERALL])
def test_a_person_may_differ_with_a_reason(review, place):
    """An override is the judgement, and its reason stands in the row."""
    appraisal = one(review)
    other = appraisal.model_copy(
        update={"overrides": {place: Override(judgement="high", because="a reason of a person")}}
    )
    edition = living_with(review, **{appraisal.key: other})
    rows = edition.appraisals[edition.appraisals["key"] == appraisal.key].set_index("domain")
    assert rows.at[place, "judgement"] == rows.at[OVERALL, "judgement"] == "high"
    assert "a reason of a person" in rows.at[place, "reasons"]
    assert edition.value("trials_judged(judgement=high)") == 1


def test_facts_count_the_table(review):
    """Assessed trials, and those of each judgement, are counted from the files another way."""
    trials = review.living.studies.query("randomised")
    files = {path.stem for path in (review.source.folder / "appraisals").glob("*.yml")}
    assert review.living.value("trials_appraised") == len(files & set(trials["key"]))
    counts = [
        review.living.value(f"trials_judged(judgement={name})")
        for name in ("low", "some concerns", "high")
    ]
    assert sum(counts) == review.living.value("trials_appraised")
    assert living_with(review).value("trials_appraised") == 0


def test_the_light_says_it_in_words(review):
    """Each cell holds a sign that is hidden from readers aloud, and the word."""
    html = pages.trials.appraisals_table(review).html
    cells = BeautifulSoup(html, "html.parser").select(".light")
    trials = review.living.studies["randomised"].sum()
    assert len(cells) == trials * 6
    assert all(cell.i["aria-hidden"] == "true" for cell in cells)
    signs = {(cell.i.text, cell.text.replace(cell.i.text, "").strip()) for cell in cells}
    assert len(signs) == len(dict(signs)) == len({word for _, word in signs})
    assert pages.trials.appraisals_table(living_with(review)).html.count("light-not-assessed") == (
        trials * 6
    )


def test_details_hold_every_fact_and_difference(review):
    """Each fact of each study is told once, and where sets differ both answers are."""
    html = BeautifulSoup(pages.trials.bias_details(review).html, "html.parser")
    told = [tag["id"].removeprefix("bias-") for tag in html.select("details.bias")]
    known = {*review.source.bias_facts, *review.source.appraisals} & set(
        review.living.studies["key"]
    )
    assert sorted(told) == sorted(known)
    for key in known & set(review.source.bias_facts):
        shown = html.find(id=f"bias-{key}").text
        assert all(fact.fact in shown for fact in review.source.bias_facts[key].facts)
    for key, appraisal in review.source.appraisals.items():
        shown = html.find(id=f"bias-{key}").text.casefold()
        assert all(given.because.casefold() in shown for given in appraisal.agreed.values())
