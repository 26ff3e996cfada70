"""Addresses for editing and reporting: filled in, encoded, and only where there is a repository."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from livingreview.facts import UnknownFact
from livingreview.review import Review
from livingreview.site.links import Target
from livingreview.site.report import (
    Form,
    Repository,
    _link,
    about,
    about_page,
    fill_reports,
    repository,
)

OURS = Repository("https://github.com/someone/book", "main", "")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, None),
        ({"repository_url": ""}, None),
        ({"repository_url": "https://github.com/executablebooks/jupyter-book"}, None),
        ({"repository_url": "https://github.com/someone/book/"}, OURS),
        (
            {"repository_url": OURS.url, "repository_branch": "next", "path_to_docs": "docs/"},
            Repository(OURS.url, "next", "docs/"),
        ),
    ],
)
def test_repository_is_the_configured_one(
    options: dict[str, str], expected: Repository | None
) -> None:
    """Without an address, or with the one that Jupyter Book presets, there is none."""
    assert repository(options) == expected


def test_edit_leads_to_the_source() -> None:
    """The address names branch, folder and file, encoded."""
    assert OURS.edit("chapters/a b.md") == f"{OURS.url}/edit/main/chapters/a%20b.md"
    elsewhere = Repository(OURS.url, "next", "docs/")
    assert elsewhere.edit("index.md") == f"{OURS.url}/edit/next/docs/index.md"


def test_report_is_encoded() -> None:
    """What is filled in comes back as it was, whatever characters it holds."""
    fields = {"where": 'a=b&c #1 "x" <é>', "shown": "50% + 1\nnext"}
    address = OURS.report(Form("report-a-problem", "Problem: a & b", fields, ""))
    parts = urlsplit(address)
    assert parts.path == "/someone/book/issues/new"
    assert parts.fragment == ""
    asked = {name: values for name, (values,) in parse_qs(parts.query).items()}
    assert asked == {"template": "report-a-problem.yml", "title": "Problem: a & b", **fields}
    assert not set(' "<>\n+') & set(address)


def test_report_stays_short() -> None:
    """A long value is cut, since servers refuse long addresses."""
    address = OURS.report(Form("a", "b", {"shown": "é" * 5000}, ""))
    assert len(address) < 4000
    assert parse_qs(urlsplit(address).query)["shown"][0].endswith("é…")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("fact", "studies(design=RCT)"),
        ("fact", "studies(design=RCT, edition=living)"),
        ("study", "radnovich-2017"),
        ("claim", "abstract-databases"),
    ],
)
def test_forms_have_the_fields(root: Path, review: Review, kind: str, name: str) -> None:
    """Each form that is named exists, and has the fields that are filled in."""
    form = about(review, Target(kind, name))
    path = root / ".github" / "ISSUE_TEMPLATE" / f"{form.name}.yml"
    body = yaml.safe_load(path.read_text("utf-8"))["body"]
    assert set(form.fields) <= {element.get("id") for element in body}
    assert name in form.title
    assert all(form.fields.values())


def test_report_of_a_study_that_was_read_names_its_file(review: Review, root: Path) -> None:
    """The file to correct is there, under the name of the study."""
    key = next(iter(review.source.studies))
    form = about(review, Target("study", key))
    assert form.name == "correct-a-value"
    assert (root / form.fields["file"]).read_text("utf-8").count(f"\nkey: {key}\n") == 1


def test_report_of_a_fact_says_which(review: Review) -> None:
    """Id, definition, value and version of the evidence are filled in."""
    fact = review.fact("studies(design=RCT)")
    form = about(review, Target("fact", fact.id))
    assert form.fields["where"] == "studies(design=RCT)"
    assert form.fields["shown"] == f"{fact.definition}: {fact.value.text}"
    assert form.fields["version"].startswith(review.source.versions.present.version)
    assert about_page(review, "chapters/x", "X").fields["where"] == "chapters/x"


@pytest.mark.parametrize(
    ("kind", "name"), [("fact", "no_such"), ("study", "nobody-1900"), ("claim", "none")]
)
def test_report_of_nothing_is_refused(review: Review, kind: str, name: str) -> None:
    """A name that nothing has is an error."""
    with pytest.raises((UnknownFact, KeyError)):
        about(review, Target(kind, name))


def test_report_of_nothing_warns_in_a_build(
    review: Review, caplog: pytest.LogCaptureFixture
) -> None:
    """The build names what is missing, once per place, and leaves no link."""
    target = Target("fact", "no_such")
    assert _link(review, OURS, "index", target) is None
    assert 'there is no fact "no_such" to report a problem with' in caplog.text
    assert _link(review, None, "index", target) is None
    assert len(caplog.records) == 1


def test_placeholder_becomes_a_link() -> None:
    """The address and the label are put in, escaped; the name tells links apart for listeners."""
    html = '<p>1 <span data-report="fact:a(b=&gt;=)"></span></p><p data-x="fact:c"></p>'
    filled = fill_reports(html, lambda target: (f"https://x/?a=1&b={target.name}", "Report <it>"))
    assert filled == (
        '<p>1 <a class="report" href="https://x/?a=1&amp;b=a(b=&gt;=)">Report &lt;it&gt;'
        '<span class="visually-hidden">: a(b=&gt;=)</span></a></p><p data-x="fact:c"></p>'
    )


def test_placeholder_goes_away() -> None:
    """Without a repository nothing is left of it."""
    html = '<p>1<span class="report" data-report="study:lee-2021"></span></p>'
    assert fill_reports(html, lambda target: None) == "<p>1</p>"
