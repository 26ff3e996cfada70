"""What a fact can say, and how it reads in a sentence."""

import pandas as pd
import pytest

from livingreview.facts import values
from livingreview.facts.outcomes import improved
from livingreview.facts.values import Fact, Range, Value

ROWS = pd.DataFrame(
    {"key": ["a", "b", "b"], "patients": [700, 500, 300]},
    index=["studies:1", "studies:2", "studies:3"],
)
NONE = ROWS.iloc[:0]


def test_distinct_studies_are_counted_once():
    """A study with two rows counts once, and both rows gave the count."""
    value = values.distinct(ROWS)
    assert (value.value, value.text, value.rows) == (2, "2", tuple(ROWS.index))


def test_a_share_shows_its_denominator():
    """A share reads "k of n" and names the rows of both."""
    value = values.share(ROWS.iloc[:1], ROWS)
    assert (value.value, value.of, value.text) == (1, 2, "1 of 2")
    assert (value.rows, value.base) == (("studies:1",), tuple(ROWS.index))
    assert values.share(ROWS.iloc[:1], ROWS, column=None).text == "1 of 3"


def test_a_share_of_nothing_judges_nothing():
    """Where there is nothing to count among, the answer is no number, and no condition holds."""
    nothing = values.share(NONE, NONE)
    assert (nothing.value, nothing.of, nothing.text) == (None, 0, "nothing to judge")
    said = nothing.range
    assert not any([said == 0, said < 1, said >= 0, said > 0, said != 0])


def test_open_members_make_a_range():
    """Undecided rows are told beside the certain ones; each study counts once."""
    value = values.share(ROWS.iloc[:1], ROWS, undecided=ROWS.iloc[1:])
    assert (value.value, value.most, value.of) == (1, 2, 2)
    assert value.text == "1 to 2 of 2, 1 undecided"
    assert (value.rows, value.undecided) == (("studies:1",), ("studies:2", "studies:3"))
    settled = values.share(ROWS.iloc[1:2], ROWS, undecided=ROWS.iloc[2:])
    assert (settled.text, settled.most) == ("1 of 2", None)


def test_a_condition_holds_for_the_whole_range():
    """What some of the range contradicts is not true, and its contrary neither."""
    open_count = Range(7, 10)
    assert open_count > 6
    assert open_count >= 7
    assert open_count < 11
    assert open_count != 11
    assert not any([open_count > 7, open_count <= 9, open_count == 7, open_count != 8])
    total = open_count + Range(1, 2)
    assert (total.least, total.most) == (8, 12)
    assert open_count > 5
    assert (1 + open_count).least == 8


def test_a_total_has_separators():
    """A sum of thousands is readable."""
    assert values.total(ROWS, "patients").text == "1,500"


@pytest.mark.parametrize(
    ("number", "unit", "value", "text"),
    [
        (12.0, "months", 12.0, "12 months"),
        (1.0, "months", 1.0, "1 month"),
        (3.942, "months", 3.94, "3.9 months"),
        (50.0, "%", 50, "50%"),
        (2.5, "points", 2.5, "2.5 points"),
        (279.0, "", 279, "279"),
        (None, "%", None, "not stated"),
        (float("nan"), "", None, "not stated"),
    ],
)
def test_a_number_has_its_unit(number, unit, value, text):
    """A number reads with its unit; one that is not there reads as not stated."""
    found = values.number(number, ROWS, unit)
    assert (found.value, found.text) == (value, text)


def test_a_span_names_the_rows_at_its_ends():
    """The rows of a span are those that hold its ends; the base are all."""
    value = values.span(ROWS["patients"], ROWS)
    assert (value.value, value.text) == ([300.0, 700.0], "300 to 700")
    assert (value.rows, value.base) == (("studies:1", "studies:3"), tuple(ROWS.index))
    assert values.span(NONE["patients"], NONE).text == "none"


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ([], "none"),
        (["b"], "b"),
        (["b", "a"], "a and b"),
        (["c", "a", "b", "a"], "a, b and c"),
        ([12, 2], "2 and 12"),
    ],
)
def test_a_list_is_sorted_without_repeats(terms, text):
    """A list reads as words, numbers in the order of numbers."""
    assert values.listing(terms, ROWS).text == text


def test_a_fact_is_a_link_to_its_entry():
    """In prose a fact is a link named after its id, with what it means as title, all escaped."""
    fact = Fact("agreement(kind=a<b)", 'Says "x" & y', Value(1, "1 < 2", ()), (), "printed")
    assert fact._repr_html_() == (
        '<a class="fact" href="fact:agreement(kind=a&lt;b)" '
        'title="Says &quot;x&quot; &amp; y.\nGiven by no rows.\nPrinted edition.">1 &lt; 2</a>'
    )
    assert repr(fact) == "1 < 2"


def test_a_fact_says_how_many_rows_and_studies_gave_it():
    """Its counts are in words, and the edition is named once."""
    value = values.share(ROWS.iloc[:1], ROWS)
    fact = Fact("a(edition=living)", "Means x (living edition)", value, ("a",), "living")
    said = "Means x.\nGiven by 1 row of 1 study; denominator: 3 rows.\nLiving edition."
    assert fact.about == said


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"kind": "mean change", "estimate": -2.0}, True),
        ({"kind": "mean change", "estimate": 2.0}, False),
        ({"kind": "mean change", "estimate": 20.8, "direction": "improved"}, True),
        ({"kind": "mean change", "estimate": -2.0, "direction": "not improved"}, False),
        ({"kind": "mean change", "estimate": -2.0, "direction": "no difference"}, True),
        ({"kind": "other", "estimate": 3.0, "direction": "improved"}, True),
        ({"kind": "other", "estimate": 3.0}, False),
        ({"kind": "relief", "direction": "improved"}, True),
        ({"kind": "relief", "threshold_rule": ">"}, True),
        ({"kind": "relief", "threshold_rule": "<"}, False),
        ({"kind": "responder", "percent": 50.0, "direction": "improved"}, False),
        ({"kind": "responder", "percent": 50.1}, True),
    ],
)
def test_direction_decides_on_an_improvement(row, answer):
    """What the study says of a mean counts before its sign; responders are counted."""
    blank = dict.fromkeys(("kind", "percent", "threshold_rule", "estimate", "direction"))
    frame = pd.DataFrame([blank | row]).astype({"percent": "float64", "estimate": "float64"})
    assert improved(frame, everyone=False).tolist() == [answer]
