"""The site as `make book` published it: its folder and its pages."""

from pathlib import Path

HTML = Path(__file__).parent.parent / "_build" / "html"
PAGES = ["index.html", *sorted(str(p.relative_to(HTML)) for p in HTML.glob("chapters/*.html"))]
