"""The site as `make book` published it: its folder and its pages; none before it was built."""

from project import ROOT

HTML = ROOT / "_build" / "html"
FOUND = [*HTML.glob("index.html"), *sorted(HTML.glob("chapters/*.html"))]
PAGES = [path.relative_to(HTML).as_posix() for path in FOUND]
