"""How much hangs on choices: what the page shows is what the arrays hold, and how it reads."""

import json
import re

import pytest

from livingreview.facts.choices import percent_words
from livingreview.pages.choices import SAID, choices_form, conclusions_table, steps_table
from livingreview.synthesis.multiverse import (
    ANSWERS,
    CONCLUSIONS,
    NEGATIVE,
    OF_RULE,
    OF_STUDIES,
    OPEN,
    POSITIVE,
    UNSETTLED,
    multiverse,
    settings,
)


def test_the_form_looks_up_what_the_arrays_hold(review):
    """Counts and answers lie in the order in which the last choice changes fastest."""
    html = choices_form(review).html
    data = json.loads(re.search(r'choices-data">(.*?)</script>', html, re.DOTALL)[1])
    names = re.findall(r'<select name="(\w+)">', html)
    assert names == [*OF_RULE, *OF_STUDIES, "unsettled"]
    for arms, held in zip(CONCLUSIONS, data["conclusions"], strict=True):
        found = multiverse(review.living, arms)
        every = settings(found.choices, (*OF_RULE, *OF_STUDIES))
        for number in range(0, len(every), 97):
            place = found.at(**every[number])
            for code, counts in zip((POSITIVE, NEGATIVE, OPEN), held["counts"], strict=True):
                assert counts[number] == found.counts[code][place]
            for way, answers in zip(UNSETTLED, held["answers"], strict=True):
                assert int(answers[number]) == found.answers(way)[place]


def test_without_a_script_the_conclusions_of_the_protocol_are_there(review):
    """The table is filled at build, and each list stands at the protocol's own level."""
    html = choices_form(review).html
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    for arms in CONCLUSIONS:
        found = multiverse(review.living, arms)
        row = next(row for row in body.split("</tr>") if SAID[arms] in row)
        counts = [int(count) for count in re.findall(r">(\d+)</td>", row)]
        assert counts == [found.counts[code][found.at()] for code in (POSITIVE, NEGATIVE, OPEN)]
        assert ANSWERS[found.answers()[found.at()]] in row
    assert html.count(" selected>") == len((*OF_RULE, *OF_STUDIES, "unsettled"))


def test_one_step_at_a_time(review):
    """The table has a row for the protocol and one for each other level of each choice."""
    found = multiverse(review.living)
    levels = [len(getattr(found.choices, name)) - 1 for name in (*OF_RULE, *OF_STUDIES)]
    assert len(re.findall(r'<th scope="row"', steps_table(review).html)) == 1 + sum(levels)


def test_a_row_per_conclusion_and_way(review):
    """Each conclusion is told for every way to count unsettled studies."""
    html = conclusions_table(review).html
    assert all(html.count(said) == len(UNSETTLED) for said in SAID.values())


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0%"),
        (0.01, "less than 1%"),
        (1, "1%"),
        (49.6, "50%"),
        (99, "99%"),
        (99.9, "more than 99%"),
        (100, "100%"),
    ],
)
def test_percent_words(share, words):
    """What is not none is never told as none, nor what is not all as all."""
    assert percent_words(share) == words
