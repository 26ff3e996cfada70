"""Charts of a chapter: a picture in the page, which the browser makes interactive."""

import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from livingreview.show.fonts import renderer
from livingreview.show.html import Html, plain, render
from livingreview.show.numbers import as_csv, in_table, numbers_of
from livingreview.show.table import table
from livingreview.show.theme import NARROW, WIDE, legend_columns, phone, spec_of

if TYPE_CHECKING:
    import altair

# Views that take their width from outside; a faceted or concatenated chart keeps its own.
_COMPOSITE = ("facet", "hconcat", "vconcat", "concat", "repeat")


# Attributes of places and sizes in pixels, of which a tenth is more than anyone sees.
_PLACES = re.compile(r'\s(?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"')


def figure(
    chart: "altair.TopLevelMixin",
    *,
    name: str,
    alt: str,
    caption: str,
) -> Html:
    """Return a chart as a figure: two static pictures, specification, caption; below, its numbers.

    chart: give heights, not widths: single and layered charts are drawn for a wide and for a
        narrow column. Its title, the finding, becomes a line of text above the picture. What its
        tooltips say, with their titles, becomes the table and the file of its numbers.
    name: links point to `#fig-<name>`: lower case letters, digits and hyphens.
    alt: the finding in words, for those who do not see the picture.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"figure name {name!r}: use lower case letters, digits and hyphens")
    for part, text in (("alternative text", alt), ("caption", caption)):
        if not text.strip():
            raise ValueError(f"figure {name} needs {part}")
    spec = spec_of(chart)
    title, subtitle = _take_title(spec)
    numbers = numbers_of(spec)
    html = render(
        "figure.html",
        name=name,
        alt=alt,
        caption=caption,
        title=title,
        subtitle=subtitle,
        pictures=_pictures(spec, name),
        spec=htmlsafe_json_dumps(_fit(spec, "container"), separators=(",", ":")),
        numbers=table(in_table(numbers), f"Numbers: {title or plain(alt)}"),
        file=f"data:text/csv;charset=utf-8,{quote(as_csv(numbers))}",
    )
    return Html(html, "\n".join(line for line in (title, alt, str(caption)) if line))


def _take_title(spec: dict[str, Any]) -> tuple[str, str]:
    """Remove a chart's title and subtitle: as text on the page they wrap and can be selected."""
    titles = [spec.pop("title", "")]
    titles += [layer.pop("title", "") for layer in spec.get("layer", [])]
    title = next(filter(None, titles), "")
    parts = title if isinstance(title, dict) else {"text": title}
    return _joined(parts.get("text", "")), _joined(parts.get("subtitle", ""))


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else " ".join(text)


def _fit(spec: dict[str, Any], width: int | Literal["container"]) -> dict[str, Any]:
    """Return a specification that fills the given width, unless it has views of its own size."""
    if any(key in spec for key in _COMPOSITE):
        return spec
    fitted = {**spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    here = {"legend": {"columns": legend_columns(_series(spec), WIDE)}}
    if width == NARROW:
        here = phone()
    fitted["config"] = {**spec["config"]}
    for part, values in here.items():
        fitted["config"][part] = {**spec["config"].get(part, {}), **values}
    return fitted


def _series(spec: dict[str, Any]) -> list[str]:
    """Return the names in the longest legend."""
    domains = [
        (encoding.get(channel, {}).get("scale") or {}).get("domain") or []
        for view in [spec, *spec.get("layer", [])]
        for encoding in [view.get("encoding", {})]
        for channel in ("color", "fill", "stroke", "shape")
    ]
    return max(domains, key=len)


def _pictures(spec: dict[str, Any], name: str) -> dict[str, Markup]:
    widths = {"wide": WIDE, "narrow": NARROW}
    if _fit(spec, 0) is spec:
        widths = {"only": 0}
    return {kind: _svg(_fit(spec, width), f"{name}-{kind}") for kind, width in widths.items()}


def _svg(spec: dict[str, Any], prefix: str) -> Markup:
    """Draw a specification; identifiers are numbered anew, as the renderer counts on for ever."""
    svg = renderer().vegalite_to_svg(spec)
    svg = re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", svg)  # not needed inside HTML
    svg = _PLACES.sub(lambda place: re.sub(r"(\.\d)\d+", r"\1", place[0]), svg)
    for number, old in enumerate(dict.fromkeys(re.findall(r'\sid="([^"]+)"', svg))):
        mention = rf'(\sid="|url\(#|href="#){re.escape(old)}(?=["\)])'
        svg = re.sub(mention, rf"\g<1>{prefix}-{number}", svg)
    return Markup(svg)  # noqa: S704 - drawn by Vega, which escapes the text of marks
