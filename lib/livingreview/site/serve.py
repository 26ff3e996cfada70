"""Serves the built site on this machine and builds it again when a source file is saved."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from watchfiles import DefaultFilter, watch

BUILD = [sys.executable, "-m", "livingreview.site.build"]


class _Handler(SimpleHTTPRequestHandler):
    """Serves files that browsers must not keep, and does not log each request."""

    def end_headers(self) -> None:
        """Add the header that makes a reload show the new page."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the messages of the build are what matters here."""


class _Sources(DefaultFilter):
    """Leaves out what the build itself writes."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, "_build")


def main(port: int = 8000) -> None:
    """Build, serve and watch until interrupted. A failed build leaves the last good site."""
    root = Path.cwd()
    subprocess.run(BUILD, check=False)  # noqa: S603 - our own module
    handler = partial(_Handler, directory=str(root / "_build" / "html"))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:  # the port is taken
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"Serving http://127.0.0.1:{server.server_port}/ (Ctrl+C stops)", flush=True)
    # A process of its own for each build: lib may have changed.
    for _ in watch(root, watch_filter=_Sources(), raise_interrupt=False):
        subprocess.run(BUILD, check=False)  # noqa: S603 - our own module


if __name__ == "__main__":
    main()
