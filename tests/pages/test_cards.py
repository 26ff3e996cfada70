"""A card per study: every row of the evidence once, both editions side by side, every answer."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup, Tag

from livingreview import open_review, pages
from livingreview.evidence.living import was_read
from livingreview.pages.cards import TABLES, standing
from livingreview.review import Review
from livingreview.show.beside import Lane, timeline
from livingreview.show.rows import row_id
from livingreview.show.words import event_words, outcome_words, time_words
from livingreview.tables import TABLES as DECLARED
from livingreview.words import slug


@pytest.fixture(scope="module")
def soup(review: Review) -> BeautifulSoup:
    """Return all cards, as the page has them."""
    cards = pages.cards.study_cards
    parts = (cards(review, "trial", "cohort"), cards(review, "case report"))
    parts += (cards(review, counted=False),)
    return BeautifulSoup("".join(part.html for part in parts), "html.parser")


def card(soup: BeautifulSoup, key: str) -> Tag:
    """Return the card of a study."""
    found = soup.find("section", id=slug(key))
    assert isinstance(found, Tag)
    return found


def carded(review: Review) -> set[str]:
    """Return the studies that have a card: those that count, and those that have a file."""
    return {*review.living.studies["key"], *review.source.studies}


def test_every_row_of_a_study_stands_once_on_its_card(soup: BeautifulSoup, review: Review) -> None:
    """Each row of each table that belongs to a study has an element with its id, on that card."""
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    on_card = {
        key: {str(tag["id"]) for tag in card(soup, key).select("[id]")} for key in carded(review)
    }
    for edition in (review.printed, review.living):
        for name in (*TABLES, "disagreements"):
            rows = review.disagreements if name == "disagreements" else edition.table(name)
            for row, key in rows["key"].items():
                if key in on_card:
                    assert row_id(edition.name, row) in on_card[key], (edition.name, row)


def test_each_study_has_a_card_and_a_standing(soup: BeautifulSoup, review: Review) -> None:
    """Cards are of counted studies and of files; the table of standings counts each once."""
    keys = carded(review)
    assert {tag["id"] for tag in soup.select("section.study-card")} == {slug(k) for k in keys}
    table = BeautifulSoup(pages.cards.standings_table(review).html, "html.parser")
    counts = {row.th.text: int(row.td.text) for row in table.select("tbody tr")}
    assert sum(counts.values()) == len(keys)
    assert counts["counts in both editions"] == review.value("studies")
    assert counts["counts in the living edition only"] == review.value("added_studies")
    for key in keys:
        assert standing(review, key) in card(soup, key).select_one(".card-badges").text


def test_differences_are_the_disagreements(soup: BeautifulSoup, review: Review) -> None:
    """The fields that a card marks in words are those that the comparison found."""
    rows = review.disagreements
    for key in carded(review):
        marked = [
            row.th.text.strip().lower()
            for row in card(soup, key).select("tbody tr[id^=row-printed-disagreements]")
        ]
        assert sorted(marked) == sorted(rows.loc[rows["key"] == key, "field"])
        for row in card(soup, key).select("tbody tr:has(.card-stand)"):
            assert (row.select_one(".card-stand").text == "differs") == (
                "differs" in row.get("class", [])
            )


def test_an_unread_study_says_so(soup: BeautifulSoup, review: Review) -> None:
    """What was not read has no column of read values, and one sentence that says why."""
    for key in carded(review):
        text, file = card(soup, key).text, review.source.studies.get(key)
        assert ("Not read." in text) == (not was_read(file)), key
        assert ("As read (" in text) == was_read(file), key


def test_a_changed_cell_changes_its_card(data_copy, edit, review: Review) -> None:
    """The card follows the table: another share of responders is another card, and no other one."""
    edit(data_copy / "data/source/preprint/table1.csv", "87.5%", "71.5%")
    after = pages.cards.study_cards(open_review(data_copy / "data")).text.split("\n\n")
    before = pages.cards.study_cards(review).text.split("\n\n")
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert "87.5%" in changed[0][0]
    assert "71.5%" in changed[0][1]


BLANK = dict.fromkeys(
    (*DECLARED["outcomes"].model_fields, *DECLARED["adverse_events"].model_fields)
)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "not mentioned"}, "nothing is said of adverse events"),
        ({"status": "no adverse events"}, "none, it says"),
        (
            {"status": "none of this kind", "event": "burn", "at_risk": 40, "serious": True},
            "burn: none of 40 patients; serious",
        ),
        (
            {
                "status": "event",
                "event": "burn",
                "arm_words": "sham",
                "patients": 2,
                "serious": False,
            },
            "burn (sham): 2 patients, of how many is not stated; not serious",
        ),
        (
            {"status": "event", "event": "burn"},
            "burn: number of patients not stated; seriousness not stated",
        ),
    ],
)
def test_silence_absence_and_events_are_told_apart(values: dict, words: str) -> None:
    """No event, none of one kind, silence, and an event without a number read differently."""
    assert event_words(SimpleNamespace(**BLANK | values)) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {
                "arm_words": "treatment",
                "kind": "responder",
                "threshold_percent": 50,
                "threshold_rule": ">=",
                "months": 6.0,
                "responders": 27,
                "evaluated": 39,
                "percent": 69.2,
                "status": "reported",
            },
            "treatment, responder (>= 50% relief), at 6 months: 27 of 39 (69.2%)",
        ),
        (
            {
                "arm_words": "treatment vs sham",
                "kind": "between-group difference",
                "measure": "NRS",
                "estimate": -1.6,
                "scale": "points",
                "ci_low": -2.4,
                "ci_high": -0.8,
                "p_value": 0.001,
                "p_rule": "<",
                "primary_endpoint": True,
                "status": "reported",
            },
            "treatment vs sham, NRS, between-group difference, at a time that is not stated: "
            "\N{MINUS SIGN}1.6 points, 95% CI \N{MINUS SIGN}2.4 to \N{MINUS SIGN}0.8; P <0.001; "
            "primary endpoint",
        ),
        (
            {"arm_words": "treatment", "kind": "statement", "status": "missing"},
            "treatment, statement, at a time that is not stated: result missing",
        ),
        (
            {"arm_words": "treatment", "kind": "other", "status": "reported", "months": 0.0},
            "treatment, other, at the start: no number in the part read",
        ),
    ],
)
def test_a_result_reads_as_a_sentence(values: dict, words: str) -> None:
    """Arm, measure, kind, time, then the numbers with their interval; what is missing is said."""
    assert outcome_words(SimpleNamespace(**BLANK | values)) == words


def test_times_are_drawn_to_scale_and_do_not_cover_each_other() -> None:
    """A mark holds how many results a time has; at twice the time it stands twice as far."""
    drawn = timeline([Lane("as read", [6.0, 12.0, 6.0, 6.1], 12.0)])
    (two, six, y), (one, near, above), (last, twelve, _) = drawn["lanes"][0]["marks"]
    start = drawn["margin"]
    assert (two, one, last) == (2, 1, 1)
    assert twelve - start == pytest.approx(2 * (six - start))
    assert near - six < 2 * drawn["radius"] <= y - above
    assert drawn["lanes"][0]["end"] == twelve
    assert [label for _, label in drawn["ticks"]] == ["0", "3", "6", "9", "12"]
    assert (
        drawn["text"]
        == "as read: results at 6 months, 6.1 months, 12 months; follow-up to 12 months"
    )


def test_without_a_time_nothing_is_drawn() -> None:
    """A study that states no time has no axis."""
    assert timeline([Lane("as printed", [], None)]) is None


def test_the_drawing_holds_the_results_that_have_a_time(
    soup: BeautifulSoup, review: Review
) -> None:
    """Each printed result with a time is counted in a mark; each result as read, too."""
    for key in review.living.studies["key"]:
        printed = review.printed.outcomes
        living = review.living.outcomes
        own = living[living["read_as"] != "review table"]
        timed = sum(rows.loc[rows["key"] == key, "months"].notna().sum() for rows in (printed, own))
        marks = card(soup, key).select("svg circle + text")
        assert sum(int(mark.text) for mark in marks) == timed, key


def test_addresses_of_cards_on_another_page_lead_on(review: Review) -> None:
    """Each card stands on one page; the other has its old address with a link to the card."""
    cards = BeautifulSoup(pages.cards.study_cards(review, "trial").html, "html.parser")
    moved = BeautifulSoup(pages.cards.moved_cards(review, "trial").html, "html.parser")
    here = {tag["id"] for tag in cards.select("section.study-card")}
    led = {item["id"]: item.a["href"] for item in moved.select("li")}
    assert here.isdisjoint(led)
    assert here | set(led) == {slug(key) for key in carded(review)}
    assert led == {slug(key): f"study:{key}" for key in carded(review) if slug(key) in led}


@pytest.mark.parametrize(
    ("months", "written", "words"),
    [
        (6, "6 months", "at 6 months"),
        (0.46, "14 days", "at 0.5 months (14 days)"),
        (float("nan"), "after the programme", "after the programme"),
        (0, None, "at the start"),
        (float("nan"), None, "at a time that is not stated"),
    ],
)
def test_a_time_is_told_once(months, written, words):
    """The words of the study stand beside a time only where they say something else."""
    assert time_words(months, written) == words
