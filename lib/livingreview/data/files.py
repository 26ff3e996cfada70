"""Read text, CSV and YAML files whole, and say everything that is wrong with them.

Each reader appends to a list of problems instead of raising, so that one run shows all of them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from livingreview.data import strict_yaml
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
        content = strict_yaml.load(text)
    except strict_yaml.Unfit as error:
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
