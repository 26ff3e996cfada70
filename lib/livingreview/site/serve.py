"""Serves the built site on this machine and builds it again when a source file is saved.

A page reloads itself after a build. A failed build leaves the last good site, and its messages
stand on top of every page until a build succeeds. What that takes is added to the answers of this
server alone, never to a published file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from watchfiles import DefaultFilter, watch

BUILD = [sys.executable, "-m", "livingreview.site.build", "--without-pdf"]
RELOAD = Path(__file__).with_name("reload.js")
NO_SITE = """<!doctype html><html lang="en"><head><title>No site yet</title></head>
<body><p>No site yet: the first build is running, or failed.</p></body></html>"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Builds:
    """The builds of a book while it is served: what the last one said, and which site stands."""

    def __init__(self, root: Path) -> None:
        """Take the book's folder; nothing is built yet."""
        self.root = root
        self.html = root / "_build" / "html"
        self.messages = ""

    def run(self) -> None:
        """Build in a process of its own, since lib may have changed; keep why it failed."""
        said = []
        with subprocess.Popen(BUILD, cwd=self.root, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
            for line in process.stderr or ():
                line = line.replace(f"{self.root}{os.sep}", "")  # files as contributors know them
                sys.stderr.write(line)
                said.append(COLOUR.sub("", line))
        failed = process.returncode != 0
        self.messages = ("".join(said) or "It said nothing.") if failed else ""

    def state(self) -> dict[str, str]:
        """Return which site is published, as a text that no other has, and why a build failed."""
        record = self.root / "_build" / "published.json"
        built = str(record.stat().st_mtime_ns) if record.exists() else ""
        return {"built": built, "messages": self.messages}


class Handler(SimpleHTTPRequestHandler):
    """Serves the site as it is, except that each page loads the script that reloads it."""

    def __init__(self, builds: Builds, *arguments: object) -> None:
        """Serve the site that some builds publish."""
        self.builds = builds
        super().__init__(*arguments, directory=str(builds.html))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the state, the script, a page with the script, or a file."""
        path = self.path.partition("?")[0]
        page = Path(self.translate_path(path))
        page = page / "index.html" if page.is_dir() else page
        if path == "/__state":
            self._send(json.dumps(self.builds.state()), "application/json")
        elif path == "/__reload.js":
            self._send(RELOAD.read_text(encoding="utf-8"), "text/javascript")
        elif page.suffix == ".html" and page.is_file():
            self._send(self._with_script(page.read_text(encoding="utf-8")), "text/html")
        elif not self.builds.html.exists():
            self._send(self._with_script(NO_SITE), "text/html")
        else:
            super().do_GET()

    def _with_script(self, page: str) -> str:
        built = self.builds.state()["built"]
        script = f'<script type="module" src="/__reload.js?built={built}"></script>'
        return page.replace("</head>", f"{script}</head>", 1)

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Add the header that makes a reload show the new page."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the messages of the build are what matters here."""


class Server(ThreadingHTTPServer):
    """Serves on when a browser leaves before it has all of a file."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing, unless it is a mistake of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*_)  # type: ignore[arg-type]


class _Sources(DefaultFilter):
    """Leaves out what the build itself writes."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, "_build")


def serve(builds: Builds, port: int) -> Server:
    """Serve on a port of this machine, or on any that is free, and return the server."""
    try:
        server = Server(("127.0.0.1", port), partial(Handler, builds))
    except OSError:  # the port is taken
        server = Server(("127.0.0.1", 0), partial(Handler, builds))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(port: int = 8000) -> None:
    """Build, serve and watch until interrupted."""
    builds = Builds(Path.cwd())
    server = serve(builds, port)
    print(f"Serving http://127.0.0.1:{server.server_port}/ (Ctrl+C stops)", flush=True)
    built = False
    # It watches before the first build, too: a file saved meanwhile is not missed.
    sources = partial(watch, watch_filter=_Sources(), rust_timeout=500, yield_on_timeout=True)
    for changes in sources(builds.root, raise_interrupt=False):
        if changes or not built:
            builds.run()
            built = True


if __name__ == "__main__":
    main()
