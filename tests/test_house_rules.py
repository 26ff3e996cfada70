"""House rules that need no reviewer: size, layers, nothing of one machine, bounded dependencies."""

import ast
import re
import subprocess
import tomllib

import pytest

from project import REPOSITORY, ROOT
from subject import author_phrases, column_titles, naming, nerves, subject

MODULES = sorted((REPOSITORY / "lib/livingreview").rglob("*.py"))
TEXT = {".py", ".html", ".css", ".js", ".yml", ".toml", ".json"}

# Words that name nerves only together with others.
COMMON = {
    "nerve",
    "nerves",
    "branch",
    "branches",
    "joint",
    "limb",
    "stump",
    "knee",
    "deep",
    "named",
    "unnamed",
    "various",
    "root",
    "roots",
    "lateral",
    "medial",
    "anterior",
    "posterior",
    "superior",
    "inferior",
    "superficial",
    "dorsal",
    "digital",
    "facet",
}
MORE_TERMS = ("cryo", "freez", "neuroma", "opioid")

# Written in parts, so that this file does not hold what it looks for.
MACHINE = re.compile("/(?:" + "|".join(["home", "Users", "root", "work", "mnt"]) + r")/[\w.]+")
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".",
    "conda" + ".anaconda",
    "index" + "-url",
]


def tracked() -> list[str]:
    """Return the files of the project that git tracks, or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in listed.splitlines() if (REPOSITORY / name).is_file()]


def subject_terms() -> set[str]:
    """Return words that only the subject of this review uses, in lower case."""
    words = {
        word for name in nerves(ROOT / "data") for word in re.findall(r"[a-z]{5,}", name.casefold())
    }
    return (words - COMMON) | set(MORE_TERMS)


@pytest.mark.parametrize(
    "path", MODULES, ids=[p.relative_to(REPOSITORY).as_posix() for p in MODULES]
)
def test_module_and_its_functions_are_short(path):
    """A module has at most 400 lines, a function fewer than 50, as the formatter sets them."""
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno + 1 < 50, node.name


def test_library_names_no_subject():
    """The library knows how reviews work; no nerve and no study of this one is named in it."""
    terms = subject_terms()
    assert len(terms) > 20
    keys = re.findall(
        r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text("utf-8"), re.MULTILINE
    )
    named = re.compile("|".join(map(re.escape, [*terms, *keys])), re.IGNORECASE)
    for path in sorted((REPOSITORY / "lib").rglob("*")):
        if path.suffix in TEXT:
            text = path.read_text("utf-8")
            assert not named.search(text), f"{path.name}: {named.search(text).group()}"


def texts_of_the_library() -> dict[str, str]:
    """Return the text of each file of the library by its name."""
    paths = sorted((REPOSITORY / "lib").rglob("*"))
    return {path.name: path.read_text("utf-8") for path in paths if path.suffix in TEXT}


@pytest.mark.parametrize("words", [subject, author_phrases])
def test_library_holds_no_words_of_this_review(words):
    """No nerve, region, comparator or phrase of the review's data stands in the library."""
    known = words(ROOT / "data")
    named = naming({word for word in known if word.casefold() not in COMMON})
    assert len(known) > 3
    found = {name: named.search(text) for name, text in texts_of_the_library().items()}
    assert {name: match.group() for name, match in found.items() if match} == {}


def test_library_holds_no_column_title():
    """Titles of several words stand nowhere in the library, others not where cells are read."""
    titles = column_titles(ROOT / "data")
    long = {title for title in titles if " " in title}
    assert long
    assert long < titles
    for name, text in texts_of_the_library().items():
        assert not [title for title in long if title in text], name
    for path in MODULES:
        if path.parent.name in ("data", "reading", "evidence") and path.stem != "__init__":
            constants = {
                node.value
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
            assert not constants & titles, path.name


def test_only_loaders_read_data():
    """Facts, criteria and classifiers compute from what was loaded; they open no file."""
    opening = re.compile(r"\bopen\(|read_text|read_bytes|read_csv|read_table\(|safe_load")
    for folder in ("reading", "evidence", "facts", "synthesis", "audit"):
        for path in sorted((REPOSITORY / "lib/livingreview" / folder).glob("*.py")):
            assert not opening.search(path.read_text("utf-8")), path.name


def test_nothing_of_one_machine():
    """No tracked file but the lock file names a folder of a machine or the host of a registry."""
    files = [name for name in tracked() if name != "uv.lock"]
    assert len(files) > 50
    for name in files:
        text = (REPOSITORY / name).read_text("utf-8", errors="replace")
        assert not MACHINE.search(text), f"{name}: {MACHINE.search(text).group()}"
        assert not [host for host in HOSTS if host in text], name


def test_no_notebook_is_tracked():
    """Chapters are text; executed notebooks are not kept in git."""
    assert [name for name in tracked() if name.endswith(".ipynb")] == []


def test_every_dependency_has_a_lower_bound():
    """Without a lower bound the resolver goes back to old releases without saying so."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    needed = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    needed += project["build-system"]["requires"]
    unbounded = [name for name in needed if not re.search(r">=\s*\d", name)]
    assert unbounded == []


def test_tests_mirror_the_library():
    """Each folder of tests has the name of a folder of the library."""
    folders = {path.name for path in (REPOSITORY / "tests").iterdir() if path.is_dir()} - {
        "__pycache__",
        "second_review",
    }
    assert folders <= {
        path.name for path in (REPOSITORY / "lib/livingreview").iterdir() if path.is_dir()
    }


def test_every_test_says_what_it_shows():
    """A test's docstring states the behaviour in one line."""
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = ast.get_docstring(node)
                assert said, f"{path.name}: {node.name}"
                assert said.count("\n") == 0, f"{path.name}: {node.name}"


def test_browser_tests_wait_for_functions():
    """A condition that a browser asks again must be a function: the policy forbids evaluation."""
    for path in sorted((REPOSITORY / "tests").rglob("*.py")):
        asked = re.findall(r'wait_for_function\(\s*f?"([^"]*)', path.read_text("utf-8"))
        assert [text for text in asked if "=>" not in text] == [], path.name
