import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from livingreview.site.serve import Builds, serve

SECONDS = 150_000  # a build may take as long where other work goes on


@pytest.fixture
def served(book: Path) -> Iterator[str]:
    """Serve a book as `make serve` does, and return its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "livingreview.site.serve"],
        cwd=book,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background would hand on that they ignore an interrupt.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found is not None
        first_build = next(line for line in server.stdout if "_build/html" in line)
        assert "_build/html/index.html" in first_build
        yield found[0]
        server.send_signal(signal.SIGINT)
        said, told = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "Build failed" in said
    assert "ValueError: <b>no</b>" in told


def test_a_saved_file_is_seen_in_the_open_page(
    served: str, book: Path, edit: Callable[[Path, str, str], None], page: Page
) -> None:
    """A page reloads after a build; a failure stands on each page until a build succeeds."""
    page.goto(served)
    edit(book / "index.md", "A sentence.", "Another sentence.")
    expect(page.get_by_text("Another sentence.")).to_be_visible(timeout=SECONDS)
    edit(book / "index.md", "HTML('", "raise ValueError('<b>no</b>'); HTML('")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("index.md: cell `raise", timeout=SECONDS)
    page.goto(f"{served}chapters/facts.html")
    expect(alert).to_contain_text("ValueError: <b>no</b>")
    expect(alert.locator("b")).to_have_count(0)
    edit(book / "index.md", "raise ValueError('<b>no</b>'); ", "")
    expect(alert).to_have_count(0, timeout=SECONDS)


def test_only_served_pages_load_the_script(small_book: Path) -> None:
    """The script is in a page as it is served, not as it is published; other files are the same."""
    server = serve(Builds(small_book), 0)
    address = f"http://127.0.0.1:{server.server_port}"
    html = small_book / "_build" / "html"
    for name in ("index.html", "chapters/facts.html", "data/facts.json", "_static/book.css"):
        with urlopen(f"{address}/{name}") as answer:  # noqa: S310 - our own server
            got = answer.read()
        published = (html / name).read_bytes()
        assert b"__reload" not in published
        without = re.sub(
            rb'<script type="module" src="/__reload.js\?built=\d+"></script>', b"", got
        )
        assert without == published
        assert (got != published) == name.endswith(".html")
    server.shutdown()
    server.server_close()


def test_without_a_site_the_page_says_so(tmp_path: Path) -> None:
    """Before the first build has succeeded there is a page that waits for it."""
    server = serve(Builds(tmp_path), 0)
    with urlopen(f"http://127.0.0.1:{server.server_port}/") as answer:
        page = answer.read().decode()
    assert "No site yet" in page
    assert "__reload.js" in page
    server.shutdown()
    server.server_close()
