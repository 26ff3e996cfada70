"""What a YAML text says, whoever asks, and however often."""

import pytest

from livingreview.data.files import Unfit, load

TEXT = "a: [1, 2]\nb:\n  c: 2025-03-31\n"


def test_each_reader_has_a_content_of_its_own():
    """The same text gives the same content again, also after somebody changed what he was given."""
    first = load(TEXT)
    before = repr(first)
    first["a"].append(3)
    first["b"].clear()
    assert repr(load(TEXT)) == before


def test_a_changed_text_is_read_anew():
    """One sign more, and the content is that of the new text."""
    assert load(TEXT)["a"] == [1, 2]
    assert load(TEXT.replace("2]", "23]"))["a"] == [1, 23]


def test_a_bad_text_is_refused_each_time():
    """What cannot be read is told with its line, also when it was told before."""
    for _ in range(2):
        with pytest.raises(Unfit, match="2025-02-30") as told:
            load("a: 1\nb: 2025-02-30\n")
        assert told.value.line == 2


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: " + 3000 * "[" + 3000 * "]", None, "hundreds of brackets in each other"),
        ("a: 1\n---\nb: 2\n", 2, "a line of three hyphens, and more behind it"),
        ("a: !!python/name:os.system\n", 1, "a value that starts with !"),
    ],
    ids=["brackets", "two contents", "a tag"],
)
def test_what_only_a_parser_would_understand_is_refused_in_words(text, line, found):
    """Each is told with its line, where it has one, and never as a traceback."""
    with pytest.raises(Unfit) as told:
        load(text)
    assert (told.value.line, told.value.found) == (line, found)
