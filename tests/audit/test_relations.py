"""What a relation means at its boundary, and with members that nothing decides."""

import pytest

from livingreview.audit.relations import decimals, expected_text, misfit, verdict_of
from livingreview.data.claims import FAILS, HOLDS, NOT_COMPUTABLE, NOTHING, UNDECIDED
from livingreview.facts.values import Value

YES, NO = HOLDS, FAILS


def value(number, of=None, most=None):
    """Return a computed value with its denominator, and what it may be besides."""
    return Value(number, str(number), (), of, most=most)


@pytest.mark.parametrize(
    ("relation", "prints", "computed", "verdict"),
    [
        ("=", 55, value(55), YES),
        ("=", 55, value(54), NO),
        # Compared at the precision that is printed.
        ("=", 4, value(3.94), YES),
        ("=", 4, value(3.4), NO),
        ("=", 8.3, value(8.33), YES),
        ("=", 8.3, value(8.36), NO),
        # computed RELATION printed
        (">", 80, value(87.5), YES),
        (">", 80, value(80), NO),
        (">=", 80, value(80), YES),
        ("<", 5, value(5), NO),
        ("<", 5, value(4), YES),
        ("<=", 2025, value(2025), YES),
        # Exactly half is not most.
        ("most", "often", value(5, 10), NO),
        ("most", "often", value(6, 10), YES),
        ("all", "all", value(16, 16), YES),
        ("all", "all", value(15, 16), NO),
        ("none", 0, value(0), YES),
        ("none", 0, value(1), NO),
        ("some", "some", value(1), YES),
        ("some", "some", value(0), NO),
        # A share of nothing is neither.
        ("most", "often", value(0, 0), NOTHING),
        ("all", "all", value(0, 0), NOTHING),
        ("none", 0, value(0, 0), NOTHING),
        ("some", "some", value(0, 0), NOTHING),
        # Members that are undecided make a range; each value of it must agree.
        ("=", 16, value(13, 54, most=23), UNDECIDED),
        ("=", 16, value(17, 54, most=23), NO),
        ("=", 16, value(10, 54, most=15), NO),
        ("=", 16, value(16, 54, most=23), UNDECIDED),
        ("all", "all", value(13, 16, most=16), UNDECIDED),
        ("all", "all", value(13, 16, most=15), NO),
        ("most", "most", value(9, 16, most=16), YES),
        ("most", "most", value(2, 16, most=8), NO),
        ("most", "most", value(8, 16, most=9), UNDECIDED),
        ("none", 0, value(0, 54, most=48), UNDECIDED),
        ("none", 0, value(1, 54, most=48), NO),
        ("some", "some", value(0, 3, most=2), UNDECIDED),
        ("some", "some", value(1, 3, most=2), YES),
        ("<", 5, value(3, most=5), UNDECIDED),
        # Both ends may touch the range.
        ("range", [2010, 2025], value([2010.0, 2025.0]), YES),
        ("range", [2010, 2024], value([2010.0, 2025.0]), NO),
        ("range", [2011, 2025], value([2010.0, 2025.0]), NO),
        # Lists are compared whatever their order and case.
        ("same", ["Scopus", "PubMed"], value(["pubmed", "Scopus"]), YES),
        ("same", ["Scopus"], value(["PubMed", "Scopus"]), NO),
        ("same", "narrative", value("Narrative"), YES),
        ("same", ["no difference"], value("no difference"), YES),
        # Of a list with members that may belong to it.
        ("same", ["a", "b"], value(["a"], most=["a", "b"]), UNDECIDED),
        ("same", ["a"], value(["a"], most=["a", "b"]), UNDECIDED),
        ("same", ["a", "c"], value(["a"], most=["a", "b"]), NO),
        ("same", ["b"], value(["a"], most=["a", "b"]), NO),
        # Without a computed value there is no verdict on the claim.
        ("=", 55, value(None), NOT_COMPUTABLE),
        ("=", 55, value(float("nan")), NOT_COMPUTABLE),
        ("=", 55, None, NOT_COMPUTABLE),
    ],
)
def test_relations(relation, prints, computed, verdict):
    """A claim holds if each value that was computed stands in its relation to the printed one."""
    assert verdict_of(relation, prints, computed) == verdict


@pytest.mark.parametrize(
    ("relation", "prints", "computed", "fits"),
    [
        ("most", "often", value(5), False),  # a count without denominator is no share
        ("most", "often", value(5, 9), True),
        ("=", "many", value(5), False),
        ("=", 5, value(["a"]), False),
        ("range", 2010, value([2010.0, 2025.0]), False),
        ("range", [2010, 2025], value(2010), False),
        ("some", "some", value(["a"]), False),
        ("same", "a", value(["a"]), True),
        ("=", "many", value(None), True),
    ],
)
def test_a_relation_needs_values_of_its_kind(relation, prints, computed, fits):
    """A claim and a fact that cannot be compared are an error, not a verdict."""
    assert (misfit(relation, prints, computed) is None) == fits


@pytest.mark.parametrize(("printed", "digits"), [(8, 0), (8.3, 1), (61.25, 2), (4.0, 0)])
def test_decimals_of_a_printed_number(printed, digits):
    """The precision of a claim is that of the number that it prints."""
    assert decimals(printed) == digits


@pytest.mark.parametrize(
    ("relation", "printed", "text"),
    [
        (">", 80, "more than 80"),
        (">", "more often", "more often"),
        ("range", [2, 4.2], "2 to 4.2"),
        ("none", 0, "none"),
        ("same", ["a", "b"], "a, b"),
    ],
)
def test_what_is_printed_reads_as_a_reader_would_say_it(relation, printed, text):
    """Numbers have their relation in words."""
    assert expected_text(relation, printed) == text
