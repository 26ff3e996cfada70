"""The feed of versions: well-formed Atom, one entry a version, the same bytes each time."""

from types import SimpleNamespace
from xml.etree import ElementTree as Tree

import pytest

from livingreview.data.versions import load_versions
from livingreview.history import snapshot as kept
from livingreview.history.changes import changes
from livingreview.publish import feed
from versions import FILE, NEW, OLD

ATOM = {"a": feed.ATOM}


def parsed(content):
    """Return the root of a feed."""
    return Tree.fromstring(content)  # noqa: S314 - our own


@pytest.fixture
def review(tmp_path):
    """Return what the feed asks of a review: two versions, the first one kept."""
    data = tmp_path / "data"
    (data / "versions").mkdir(parents=True)
    (data / "versions.yml").write_text(FILE, "utf-8")
    (data / "versions" / "0.1.0.json").write_text(kept.as_json(OLD.model_dump()), "utf-8")
    protocol = SimpleNamespace(question="Does A < B?\n", source=SimpleNamespace(key="lee-2025"))
    versions = load_versions(data / "versions.yml", [])
    return SimpleNamespace(source=SimpleNamespace(versions=versions, protocol=protocol))


def test_one_entry_a_version_newest_first(review):
    """Each entry has the date of its version and an identifier without a host."""
    root = parsed(feed.feed(review))
    assert root.find("a:updated", ATOM).text == "2026-03-10T00:00:00Z"
    assert root.find("a:subtitle", ATOM).text == "Does A < B?"
    entries = root.findall("a:entry", ATOM)
    assert [e.find("a:id", ATOM).text for e in entries] == [
        "tag:living-review,2026:lee-2025/0.2.0",
        "tag:living-review,2026:lee-2025/0.1.0",
    ]
    assert [e.find("a:updated", ATOM).text for e in entries] == [
        "2026-03-10T00:00:00Z",
        "2026-01-10T00:00:00Z",
    ]


def test_what_atom_requires_is_there(review):
    """A feed and each entry have id, title and date; the feed has an author; links are relative."""
    root = parsed(feed.feed(review))
    for element in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated", "link"):
            assert element.find(f"a:{name}", ATOM) is not None
    assert root.find("a:author/a:name", ATOM).text
    for link in root.iter(f"{{{feed.ATOM}}}link"):
        assert "//" not in link.get("href")


def test_the_same_versions_give_the_same_bytes(review, tmp_path, monkeypatch):
    """Nothing of the day or the machine is in the feed."""
    monkeypatch.setattr(feed, "present_changes", lambda review, book: changes(OLD, NEW))
    review.source.folder = tmp_path / "data"
    feed.write(review, tmp_path)
    first = (tmp_path / "feed.xml").read_bytes()
    feed.write(review, tmp_path)
    assert (tmp_path / "feed.xml").read_bytes() == first == feed.feed(review, changes(OLD, NEW))
    assert first.startswith(b"<?xml")
    assert first.endswith(b"</feed>\n")


def test_changes_are_counted(review):
    """The entry of the present version holds the counts that the caller computed."""
    entry = parsed(feed.feed(review, changes(OLD, NEW))).find("a:entry", ATOM)
    lines = entry.find("a:content", ATOM).text.splitlines()
    assert "Studies added: 1" in lines
    assert "Sentences changed: 2" in lines
    assert "Next search due: 2026-08-31" in lines
