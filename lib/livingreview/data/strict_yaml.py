"""YAML as newcomers write it: what reads in two ways is refused, in words, with its line.

*yes* and *no* are text, as are numbers of other bases and times of day. A leading zero, an
impossible day, a name for a value that stands elsewhere, a field twice, and text that would be
left out as a comment are refused.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import yaml

TAG = "tag:yaml.org,2002:"

# What an unquoted value is, by its form; everything else is text. The first that fits counts.
FORMS = (
    (f"{TAG}bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    (f"{TAG}null", r"~|null|Null|NULL|", "~nN\0"),
    (f"{TAG}zeros", r"[-+]?0\d[\d.]*", "-+0"),
    (f"{TAG}int", r"[-+]?\d+", "-+0123456789"),
    (f"{TAG}float", r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", "-+.0123456789"),
    (f"{TAG}timestamp", r"\d{4}-\d\d-\d\d", "0123456789"),
)

# What the parser says, and how to say it to someone who never read of YAML: found, allowed.
QUOTES = "the whole text between quotation marks"
WORDS = (
    ("mapping values are not allowed", ("a text with a colon", QUOTES)),
    ("tab", ("a tab at the start of a line", "spaces")),
    ("cannot start any token", ("a value that starts with a special sign, like % or @", QUOTES)),
    ("indentation indicator", ("a value that starts with >", QUOTES)),
    ("comment or line break", ("a value that starts with >", QUOTES)),
    ("alphabetic or numeric", ("a value that starts with & or *", QUOTES)),
    ("undefined alias", ("a value that starts with *", QUOTES)),
    ("could not find expected ':'", ("a line without a colon", "field: value")),
    ("unexpected end of stream", ("a quotation mark that is not closed", "a second one")),
    ("']'", ("a list that is not closed, or a colon in it", "[one, another] on its own line")),
    ("'}'", ("a bracket { that is not closed", "one } for each {")),
    (
        "did not find expected key",
        (
            "a line that is indented otherwise than those before, or text after a quotation mark",
            "fields that belong together in one column; quotation marks around a whole text",
        ),
    ),
    (
        "'-' indicator",
        ("a line that is indented otherwise than the list before it", "entries in one column"),
    ),
    ("another document", ("a line of three hyphens, and more behind it", "one content a file")),
    ("constructor for the tag", ("a value that starts with !", QUOTES)),
)


class Unfit(Exception):
    """A text that cannot be read: ``line`` from 1 or None, what was found, what is allowed."""

    def __init__(self, line: int | None, found: str, allowed: str) -> None:
        """Keep the three parts of the message."""
        super().__init__(line, found, allowed)
        self.line, self.found, self.allowed = line, found, allowed


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader with the forms above."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - pyyaml's own way


for _tag, _form, _starts in FORMS:
    for _start in _starts:
        _Loader.yaml_implicit_resolvers.setdefault(_start.strip("\0"), []).append(
            (_tag, re.compile(rf"(?:{_form})$"))
        )


def _day(loader: Any, node: yaml.ScalarNode) -> date:
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        allowed = "a day of the calendar, like 2025-03-31"
        raise Unfit(_line(node), f'"{node.value}"', allowed) from None


def _zeros(loader: Any, node: yaml.ScalarNode) -> None:
    plain = re.sub(r"^([-+]?)0+(?=\d)", r"\1", node.value)
    raise Unfit(_line(node), f'"{node.value}"', f"{plain}, without a zero before it")


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        if key.tag != f"{TAG}str":
            found = f'the field "{getattr(key, "value", key.tag)}"'
            raise Unfit(_line(key), found, "a field that is named in letters")
        if key.value in seen:
            raise Unfit(_line(key), f'the field "{key.value}" twice', "each field once")
        seen.add(key.value)
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


_Loader.add_constructor(f"{TAG}timestamp", _day)
_Loader.add_constructor(f"{TAG}zeros", _zeros)
_Loader.add_constructor(f"{TAG}int", lambda loader, node: int(node.value))
_Loader.add_constructor(f"{TAG}float", lambda loader, node: float(node.value))
_Loader.add_constructor(f"{TAG}map", _mapping)


def load(text: str) -> Any:
    """Return the content of a YAML text; raises ``Unfit`` for what cannot be read in one way.

    The same text is parsed once; each call returns a content of its own, which may be changed.
    """
    return pickle.loads(_parsed(text))  # noqa: S301 - bytes that the line below made


@lru_cache(maxsize=512)
def _parsed(text: str) -> bytes:
    return pickle.dumps(_content(text))


def _content(text: str) -> Any:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_what_is_lost(node, text.split("\n"))
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", "") or error).removeprefix("found ")
        pairs = (pair for part, pair in WORDS if part in said)
        found, allowed = next(pairs, (said, "YAML: field: value, one a line"))
        raise Unfit(mark.line + 1 if mark else None, found, allowed) from None
    except RecursionError:
        raise Unfit(None, "hundreds of brackets in each other", "lists of a few levels") from None
    finally:
        loader.dispose()


def _refuse_what_is_lost(root: yaml.Node, lines: list[str]) -> None:
    """Raise ``Unfit`` for a value that stands elsewhere, and for text taken for a comment."""
    seen: set[int] = set()
    for node in _nodes(root, seen):
        if not isinstance(node, yaml.ScalarNode):
            continue
        end = node.end_mark
        rest = lines[end.line][end.column :] if end.line < len(lines) else ""
        if not node.style and node.value and re.match(r"\s+#\S", rest):
            found = f'"{rest.strip()}", which would be left out as a comment'
            raise Unfit(end.line + 1, found, f'{QUOTES}; or "# " before a comment')
        if node.style in (">", "|") and not node.value.strip():
            raise Unfit(
                _line(node), f"nothing after {node.style}", f'"{node.style}" in quotation marks'
            )


def _nodes(node: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    """Yield each part once; a part that is met again stands there by an alias."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            raise Unfit(
                _line(part), "a value with a name (&) that stands again (*)", "it written out"
            )
        seen.add(id(part))
        yield part
        if isinstance(part, yaml.MappingNode):
            waiting.extend(child for pair in reversed(part.value) for child in pair[::-1])
        elif isinstance(part, yaml.SequenceNode):
            waiting.extend(reversed(part.value))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
