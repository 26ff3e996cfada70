"""The site as `make book` published it: its folder and its pages."""

from project import ROOT

HTML = ROOT / "_build" / "html"
PAGES = ["index.html", *sorted(str(p.relative_to(HTML)) for p in HTML.glob("chapters/*.html"))]
