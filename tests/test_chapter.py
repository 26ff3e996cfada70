"""What a chapter does besides showing: publish facts, guard its wording."""

import pytest

from livingreview.book import Chapter
from livingreview.chapter import GuardFailed, guard, open_chapter, publish
from livingreview.facts.registry import UnknownFact


def test_publish_hands_facts_to_the_prose(review, monkeypatch):
    """Each fact is glued under its id, without being displayed."""
    glued = {}
    monkeypatch.setattr(
        "myst_nb.glue", lambda name, fact, display: glued.update({name: (fact, display)})
    )
    publish(review, "studies", "studies(design=RCT)")
    assert list(glued) == ["studies", "studies(design=RCT)"]
    assert glued["studies"] == (review.fact("studies"), False)


def test_publish_refuses_an_unknown_fact(review):
    """A fact that does not exist stops the chapter, with the nearest that does."""
    with pytest.raises(UnknownFact, match="did you mean studies"):
        publish(review, "studdies")


PAGE = """# A

{{guard}}`No trial goes beyond a year <review.value("studies") {sign} 0>`,
{{guard}}`and none is large <review.value("studies") {sign} 1>`; {{glue}}`studies` are there.
"""


def test_guard_lets_true_words_pass(review, capsys):
    """Words that the evidence bears pass in silence."""
    guard(review, Chapter("a", PAGE.format(sign=">")))
    assert capsys.readouterr().out == ""


def test_guard_stops_false_words(review, monkeypatch):
    """All words that the evidence no longer bears stop the build and are named."""
    monkeypatch.delenv("LIVING_REVIEW_GUARDS", raising=False)
    with pytest.raises(GuardFailed) as raised:
        guard(review, Chapter("a", PAGE.format(sign="<")))
    assert [line.partition(": ")[2] for line in str(raised.value).splitlines()] == [
        "No trial goes beyond a year",
        "and none is large",
    ]


def test_guard_reports_in_runs_on_altered_data(review, monkeypatch, capsys):
    """In runs on altered data the words are printed and the run goes on."""
    monkeypatch.setenv("LIVING_REVIEW_GUARDS", "report")
    guard(review, Chapter("a", PAGE.format(sign="<")))
    assert "No trial goes beyond a year" in capsys.readouterr().out


@pytest.mark.parametrize("place", [".", "chapters"])
def test_a_chapter_is_opened_from_its_folder_and_from_the_books(
    root, review, tmp_path, monkeypatch, place
):
    """Its facts are published, and the review is the one of the data that it was given."""
    (tmp_path / place).mkdir(exist_ok=True)
    (tmp_path / place / "a.md").write_text(PAGE.format(sign=">"))
    glued = []
    monkeypatch.setattr("myst_nb.glue", lambda name, fact, display: glued.append(name))
    monkeypatch.chdir(tmp_path)
    assert open_chapter("a", root / "data").value("studies") == review.value("studies")
    assert glued == ["studies"]
    with pytest.raises(FileNotFoundError, match=r"no b\.md here"):
        open_chapter("b", root / "data")
