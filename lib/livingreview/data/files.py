"""Read text, CSV and YAML files whole, and say everything that is wrong with them.

YAML is read strictly: what its rules would turn into another value is refused, with the form that
is meant.

Each reader appends to a list of problems instead of raising, so that one run shows all of them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from livingreview.problems import Problem, problems_of, quoted

BYTE_ORDER_MARK = "\ufeff"


M = TypeVar("M", bound=BaseModel)


Explain = Callable[[ValidationError, Any, str], list[Problem]]


def name_of(path: Path) -> str:
    """Return a file's name as contributors know it: from the folder ``data`` on."""
    parts = path.parts
    if "data" in parts:
        return "/".join(parts[len(parts) - 1 - parts[::-1].index("data") :])
    return path.name


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Return the text of a UTF-8 file without byte order mark, or None with a problem noted."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        problems.append(Problem(name_of(path), None, None, "no such file", "a file of this name"))
        return None
    except OSError as error:  # a folder of its name, or no right to read it
        said = (error.strerror or str(error)).lower()
        problems.append(Problem(name_of(path), None, None, said, "a file that can be read"))
        return None
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at position {error.start}"
        problems.append(Problem(name_of(path), None, None, found, "text saved as UTF-8"))
        return None
    if text.startswith(BYTE_ORDER_MARK):
        found = "a byte order mark, as spreadsheets save it"
        problems.append(Problem(name_of(path), None, None, found, "UTF-8 without byte order mark"))
        text = text.removeprefix(BYTE_ORDER_MARK)
    if not text.strip():
        problems.append(Problem(name_of(path), None, None, "an empty file", "at least one entry"))
        return None
    return text


def read_table(
    path: Path, columns: tuple[str, ...], problems: list[Problem]
) -> list[dict[str, str]]:
    """Return the rows of a CSV file as printed; cells are text, blanks are empty text.

    Notes a problem for each missing, extra or repeated column and each row of another width;
    a file with a wrong header gives no rows.
    """
    text = read_text(path, problems)
    if text is None:
        return []
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error as error:
        problems.append(Problem(name_of(path), None, None, str(error), "comma-separated cells"))
        return []
    header, body = rows[0], rows[1:]
    if not _header_is_right(name_of(path), header, columns, problems):
        return []
    if not body:
        problems.append(Problem(name_of(path), None, None, "no rows", "at least one row"))
    table = []
    for number, row in enumerate(body, start=1):
        if len(row) == len(columns):
            table.append(dict(zip(header, row, strict=True)))
        else:
            found = f"{len(row)} cells, starting with {quoted(row[0])}"
            problems.append(
                Problem(name_of(path), str(number), None, found, f"{len(columns)} cells")
            )
    return table


def _header_is_right(
    file: str, header: list[str], columns: tuple[str, ...], problems: list[Problem]
) -> bool:
    if any(";" in name for name in header):
        problems.append(Problem(file, "0 (header)", None, "semicolons between cells", "commas"))
        return False
    found = [
        Problem(file, "0 (header)", name, "no such column", f"the columns {', '.join(columns)}")
        for name in columns
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if name not in columns:
            allowed = f"only the columns {', '.join(columns)}"
            found.append(Problem(file, "0 (header)", quoted(name), "an extra column", allowed))
        elif header.count(name) > 1:
            found.append(Problem(file, "0 (header)", name, "the column twice", "once"))
    problems.extend(found)
    return not found


def read_yaml(
    path: Path,
    model: type[M],
    problems: list[Problem],
    wrap: str = "",
    explain: Explain | None = None,
    optional: bool = False,
) -> M | None:
    """Return a YAML file checked against its model, or None with its problems noted.

    ``wrap`` names the model's field that holds the entries when the file is a plain list.
    ``explain`` puts pydantic's error on some content into problems; see ``problems_of``. A review
    can go without a file that is ``optional``: that is None, and no problem.
    """
    if optional and not path.exists():
        return None
    text = read_text(path, problems)
    if text is None:
        return None
    try:
        content = load(text)
    except Unfit as error:
        line = f"line {error.line}" if error.line else None
        problems.append(Problem(name_of(path), line, None, error.found, error.allowed))
        return None
    try:
        return model.model_validate({wrap: content} if wrap else content)
    except ValidationError as error:
        file = name_of(path)
        found_all = explain(error, content, file) if explain else problems_of(error, file, wrap)
        problems.extend(found_all)
        return None


def fingerprint_of(files: Iterable[Path], root: Path, *more: str) -> str:
    """Return a text that is another as soon as a file or its path from ``root`` is another.

    The same files in another folder give the same text; ``more`` is what counts beside them.
    """
    digest = hashlib.sha256("\0".join(more).encode())
    for file in sorted(set(files)):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{os.path.relpath(file, root)}\0{content}\n".encode())
    return digest.hexdigest()


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
