"""Fixtures that several folders of tests use: the project, small books to build, a browser."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import builds
import published
from alterations import opened
from builds import build
from livingreview.review import Review
from project import REPOSITORY, ROOT

# What a test needs, and the order in which tests begin: those that take long come first.
NEEDS = ("book", "browser", "unit")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, and begin with those that take long."""
    needs = {item: needed(item) for item in items}
    for item, need in needs.items():
        item.add_marker(need)
    items.sort(key=lambda item: NEEDS.index(needs[item]))


def needed(item: pytest.Item) -> str:
    """Return whether a test needs a browser, a built book, or only the library and its data."""
    if own := [name for name in NEEDS if item.get_closest_marker(name)]:
        return own[0]
    if "browser" in item.fixturenames:
        return "browser"
    site = (published.HTML, published.PAGES, builds.build)
    imported = any(value is part for value in vars(item.module).values() for part in site)
    return "book" if imported or "small_book" in item.fixturenames else "unit"


FRONT_MATTER = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""

CHAPTER = """\
# {title}

```{{code-cell}} ipython3
:tags: [parameters, remove-cell]
data_dir = None
minimum_followup_months = None
relief_threshold_percent = None
```

```{{code-cell}} ipython3
:tags: [remove-cell]
from livingreview import open_chapter
review = open_chapter("{name}", data_dir, minimum_followup_months, relief_threshold_percent)
```

```{{code-cell}} ipython3
:tags: [remove-cell]
from IPython.display import HTML
first_row = (review.source.folder / "source/table1.csv").read_text("utf-8").splitlines()[1]
```

A sentence.

```{{code-cell}} ipython3
:tags: [remove-input]
HTML('{html}' + first_row + f"<p>Threshold: {{relief_threshold_percent or 50}}</p>")
```
"""


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def review() -> Review:
    """Return the printed edition of the project's own data; tests do not change it."""
    return opened()


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of ``data/`` and its two neighbours that a test may change."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for name in ("references.bib", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built book of two small chapters on the invented review; copy it to change it."""
    book = tmp_path_factory.mktemp("book") / "small"
    (book / "chapters").mkdir(parents=True)
    invented = REPOSITORY / "tests" / "second_review"
    shutil.copytree(invented / "data", book / "data")
    for name in ("_config.yml", "references.bib", "CITATION.cff"):
        shutil.copy(invented / name, book)
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: chapters/facts\n"
    )
    link = '<a class="fact" href="fact:trials(design=allotted)">link</a>'
    anchor = '<div id="fact-trials-design-allotted" data-uses="fact:trials(design=allotted)"></div>'
    index = CHAPTER.format(title="Start", name="index", html=link)
    facts = CHAPTER.format(title="Facts", name="facts", html=anchor)
    (book / "index.md").write_text(FRONT_MATTER + index)
    (book / "chapters" / "facts.md").write_text(FRONT_MATTER + facts)
    built = build(book)
    assert (built.returncode, built.stderr) == (0, ""), built.stdout
    return book


@pytest.fixture
def book(small_book: Path, tmp_path: Path) -> Path:
    """Return a copy of the small book, as it was built, that a test may change."""
    return shutil.copytree(small_book, tmp_path / "copy")


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Return a function that replaces a text that a file must hold."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return replace


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Drive the system's Chromium where there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return {**browser_type_launch_args, "executable_path": path}
    return browser_type_launch_args
