"""Each page of the site as a browser shows it: visited once wide and once narrow, read by tests.

A visit looks at one page in one window, in both colour schemes: still, with its charts alive, on
paper, with wide spacing, and by the rules for everyone. What was seen is kept; tests judge it.
"""

import fcntl
import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from livingreview.words import slug
from published import PAGES

WIDE, NARROW = 1280, 375
A4 = 718  # pixels at 96 to the inch: 210 mm less a margin of 10 mm on either side
EVERY = [*PAGES, "search.html?q=pain", "genindex.html"]
WRONG = "404.html"  # the page of wrong addresses

# Collects what the browser reports as against the policy.
WATCH = """window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) => {
  stopped.push(`${event.effectiveDirective} ${event.blockedURI}`);
});"""

# The spacing that a reader may set; nothing may be lost (WCAG 1.4.12).
SPACED = """* {
  letter-spacing: 0.12em !important;
  line-height: 1.5 !important;
  word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important; }"""

# Boxes that cut off or hide what is in them.
CLIPPED = """() => [...document.querySelectorAll(".table-wrap, .chart-picture")]
  .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map((box) => `${box.ariaLabel}: ${box.scrollWidth} of ${box.clientWidth}`)"""
CONTROLS = """() => [...document.querySelectorAll(`.bd-sidebar-primary, .bd-sidebar-secondary,
  .bd-header-article, .prev-next-footer, .table-controls, .headerlink, #pst-back-to-top,
  .skip-link, article button, nav.page-links`)]
  .filter((it) => it.checkVisibility({visibilityProperty: true}) && it.getClientRects().length)
  .map((it) => it.outerHTML.slice(0, 80))"""

# Tables of which a column lies beyond their box, by caption; one with filters may scroll.
HIDING = """() => [...document.querySelectorAll(".table-wrap:not(:has(.table-interactive))")]
  .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map((box) => box.ariaLabel)"""

# Words of charts that do not stand whole in their picture, or are too small.
OUTSIDE = """() => [...document.querySelectorAll("figure.chart")].flatMap(figure =>
  [...figure.querySelectorAll(".chart-picture svg")].flatMap(svg => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const { left, right, top, bottom, width } = text.getBoundingClientRect();
      const small = parseFloat(getComputedStyle(text).fontSize) < 12;
      const out = left < box.left - 1 || right > box.right + 1
        || top < box.top - 1 || bottom > box.bottom + 1;
      return box.width && width && (small || out);
    }).map(text => `${figure.id}: ${text.textContent}`);
  }))"""

# All rules of all levels, also those that axe leaves off, but for the contrast of level AAA.
RULES = """(tags) => axe.getRules(tags).map(({ruleId}) => ruleId)
  .filter((id) => id !== "color-contrast-enhanced")"""
VIOLATIONS = """async (rules) => {
  const options = {runOnly: {type: "rule", values: rules}, resultTypes: ["violations"]};
  const {violations} = await axe.run(document, options);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
}"""
# A page may hold hundreds of the same kind.
OPEN = "[...document.querySelectorAll('details')].slice(0, 40).forEach((it) => (it.open = true))"
# Contrast depends on how words look, not on how many look so, and asking costs most of a visit: of
# rows, items and cards those stay in which something looks as nothing before it does. The words of
# charts have no contrast that these rules could tell.
ALIKE = """() => {
  document.querySelectorAll(".chart-picture svg > *").forEach((it) => it.remove());
  const grounds = new Map([[null, ""]]), seen = new Set(), alike = [];
  const ground = (it) => {
    if (!grounds.has(it)) {
      const { backgroundColor } = getComputedStyle(it);
      const clear = ["transparent", "rgba(0, 0, 0, 0)"].includes(backgroundColor);
      grounds.set(it, clear ? ground(it.parentElement) : backgroundColor);
    }
    return grounds.get(it);
  };
  const look = (it) => {
    const { color, fontSize, fontWeight, opacity } = getComputedStyle(it);
    return [it.localName, it.className, it.parentElement.className, color, ground(it), fontSize,
      fontWeight, opacity].join();
  };
  for (const part of document.querySelectorAll("tbody > tr, dl > *, article li, .study-card")) {
    const looks = [part, ...part.querySelectorAll("*")].map(look);
    if (looks.every((it) => seen.has(it))) alike.push(part);
    looks.forEach((it) => seen.add(it));
  }
  alike.forEach((it) => it.remove());
}"""
# The page of wrong addresses has no switch: it follows the system by itself.
SWITCHED = "it => (document.documentElement.dataset.theme ?? it) === it"
# What depends on the colour scheme is asked in both; every other rule once at either width.
SCHEMES = {WIDE: ("light", "dark"), NARROW: ("dark", "light")}


@dataclass
class Printed:
    """What is on paper."""

    headings: int
    controls: list[str]
    clipped: list[str]
    width: int


@dataclass
class Visit:
    """What one page showed in one window."""

    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # addresses, those of its charts included
    text: str = ""
    links: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)  # of each table
    hiding: list[str] = field(default_factory=list)  # tables that hide a column
    marks: list[int] = field(default_factory=list)  # of each chart
    labels: int = 0  # of all charts
    outside: dict[str, list[str]] = field(default_factory=dict)  # labels, of charts still and alive
    printed: Printed | None = None
    widths: dict[tuple[int, str], int] = field(default_factory=dict)  # of the page, in windows
    stopped: list[str] = field(default_factory=list)  # by the policy
    rules: list[str] = field(default_factory=list)  # that were asked
    violations: dict[str, list[str]] = field(default_factory=dict)  # of the page, in each scheme


def visits(browser: Browser, address: str, folder: Path) -> Callable[[str, int], Visit]:
    """Return a function that visits a page in a window of a width, and remembers what it saw.

    folder: where what was seen is kept for all processes of a run, each with an address of its own.
    """
    folder.mkdir(exist_ok=True)

    def kept(name: str, width: int, wait: int) -> tuple[str, Visit] | None:
        """Return address and sight of a visit, made if need be; None while another makes it."""
        with (folder / f"{slug(name)}-{width}").open("a+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | wait)
            except BlockingIOError:
                return None
            file.seek(0)
            if made := file.read():
                return pickle.loads(made)  # type: ignore[no-any-return]  # noqa: S301 - our own
            seen = address, _seen(browser, address, name, width)
            file.write(pickle.dumps(seen))
            return seen

    @functools.cache
    def visit(name: str, width: int) -> Visit:
        others = ((page, other) for page in reversed(EVERY) for other in SCHEMES)
        while (seen := kept(name, width, fcntl.LOCK_NB)) is None:
            # While another process visits the page, this one visits some that are still to come.
            if (other := next(others, None)) is None:
                seen = kept(name, width, 0)
                break
            kept(*other, fcntl.LOCK_NB)
        assert seen is not None
        visited, what = seen
        return _moved(what, visited, address)

    return visit


def _moved(seen: Visit, visited: str, address: str) -> Visit:
    """Return a visit as if its page had been at another address."""

    def at(urls: list[str]) -> list[str]:
        return [url.replace(visited, address) for url in urls]

    return replace(seen, asked=at(seen.asked), links=at(seen.links))


def _seen(browser: Browser, address: str, name: str, width: int) -> Visit:
    # High enough for the whole sidebar: axe tells no contrast where a box cuts words off.
    size, scheme = {"width": width, "height": 2000}, SCHEMES[width][0]
    context = browser.new_context(viewport=size, reduced_motion="reduce", color_scheme=scheme)
    page, seen = context.new_page(), Visit()
    page.add_init_script(WATCH)
    _listen(page, address, seen)
    page.goto(address + name, wait_until="networkidle")
    _read(page, seen)
    if width == WIDE:
        seen.printed = _print(page)
        _fit(page, seen, 640, "light")
    else:
        for other, colours in ((375, "light"), (375, "dark"), (320, "light")):
            _fit(page, seen, other, colours)
        style = page.add_style_tag(content=SPACED)
        seen.widths[320, "spaced"] = page.evaluate("document.documentElement.scrollWidth")
        style.evaluate("it => it.remove()")
    page.set_viewport_size(size)
    _enliven(page, seen)
    seen.stopped = page.evaluate("stopped")
    _hold_to_rules(page, seen, width)
    context.close()
    return seen


def _listen(page: Page, address: str, seen: Visit) -> None:
    def asks(url: str) -> None:
        if not url.startswith((address, "data:")):
            seen.errors.append(url)
        seen.asked.append(url)

    def says(kind: str, text: str) -> None:
        if kind == "error":
            seen.errors.append(text)

    page.on("console", lambda said: says(said.type, said.text))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("requestfailed", lambda request: seen.errors.append(request.url))
    page.on("request", lambda request: asks(request.url))


def _read(page: Page, seen: Visit) -> None:
    article = page.locator("article.bd-article")
    if article.count():
        seen.text = article.inner_text()
    seen.rows = page.locator("article table").evaluate_all(
        "tables => tables.map(table => table.querySelectorAll('tbody tr').length)"
    )
    seen.hiding = page.evaluate(HIDING)
    seen.marks = page.locator("article figure.chart").evaluate_all(
        "charts => charts.map(chart =>"
        " chart.querySelectorAll('svg [role=\"graphics-symbol\"]').length)"
    )
    seen.links = page.eval_on_selector_all(
        "article a[href*='#']", "links => [...new Set(links.map(link => link.href))]"
    )
    page.evaluate("() => document.fonts.ready.then(() => null)")
    seen.labels = page.locator("figure.chart .chart-picture svg text").count()
    seen.outside["still"] = page.evaluate(OUTSIDE)


def _print(page: Page) -> Printed:
    page.set_viewport_size({"width": A4, "height": 1000})
    page.emulate_media(media="print")
    printed = Printed(
        headings=page.locator("main h1:visible").count(),
        controls=page.evaluate(CONTROLS),
        clipped=page.evaluate(CLIPPED),
        width=page.evaluate("document.documentElement.scrollWidth"),
    )
    page.emulate_media(media="screen")
    return printed


def _fit(page: Page, seen: Visit, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    seen.widths[width, scheme] = page.evaluate("document.documentElement.scrollWidth")


def _enliven(page: Page, seen: Visit) -> None:
    """Bring the charts alive, as a reader does who moves and scrolls."""
    page.mouse.move(1, 1)
    for figure in page.locator("figure.chart").all():
        figure.scroll_into_view_if_needed()
        page.wait_for_function("figure => figure.view", arg=figure.element_handle())
    page.wait_for_load_state("networkidle")
    seen.outside["alive"] = page.evaluate(OUTSIDE)


def _hold_to_rules(page: Page, seen: Visit, width: int) -> None:
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(OPEN)
    page.evaluate(AXE_SCRIPT)
    on_colours = page.evaluate(RULES, ["cat.color"])
    others = [rule for rule in page.evaluate(RULES, []) if rule not in on_colours]
    seen.rules = [*others, *on_colours]
    for scheme in SCHEMES[width]:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_function(SWITCHED, arg=scheme)
        if not seen.violations:
            seen.violations["whole page"] = page.evaluate(VIOLATIONS, others)
            page.evaluate(ALIKE)
        seen.violations[scheme] = page.evaluate(VIOLATIONS, on_colours)
