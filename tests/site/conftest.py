"""A server of the published site, and its pages as they were visited."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from published import HTML
from visits import Visit, visits


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the site without a line per request."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


class Patient(http.server.ThreadingHTTPServer):
    """Serves on when a browser leaves before it has all of a file."""

    def handle_error(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Serve the built site on this machine."""
    handler = functools.partial(Quiet, directory=str(HTML))
    server = Patient(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="session")
def visit(
    browser: Browser,
    address: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Callable[[str, int], Visit]:
    """Return a function that visits a page in a window of a width once, and tells what it saw."""
    base = tmp_path_factory.getbasetemp()
    # Of several processes each has a folder of its own in that of the run.
    shared = base.parent if hasattr(request.config, "workerinput") else base
    return visits(browser, address, shared / "visits")
