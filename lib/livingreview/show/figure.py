"""A chart on a page: picture, interactive chart, and its numbers as table and file."""

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import pandas as pd
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from livingreview.frames import inert
from livingreview.show.html import Html, plain, render
from livingreview.show.marks import NARROW, WIDE, legend_columns, phone, renderer, spec_of
from livingreview.show.table import table
from livingreview.words import number

if TYPE_CHECKING:
    import altair

# Views that take their width from outside; a faceted or concatenated chart keeps its own.
_COMPOSITE = ("facet", "hconcat", "vconcat", "concat", "repeat")

# Attributes of places and sizes in pixels, of which a tenth is more than anyone sees.
_PLACES = re.compile(r'\s(?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"')
DIGITS = 2
_POSITIONS = ("x", "x2", "y", "y2", "color", "shape", "size", "text")
_SAID = ("tooltip", "detail")


def figure(chart: "altair.TopLevelMixin", *, name: str, alt: str, caption: str) -> Html:
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
    for place, old in enumerate(dict.fromkeys(re.findall(r'\sid="([^"]+)"', svg))):
        mention = rf'(\sid="|url\(#|href="#){re.escape(old)}(?=["\)])'
        svg = re.sub(mention, rf"\g<1>{prefix}-{place}", svg)
    return Markup(svg)  # noqa: S704 - drawn by Vega, which escapes the text of marks


def numbers_of(spec: dict[str, Any]) -> pd.DataFrame:
    """Return one row per mark that says something, from the top of the chart to its bottom.

    Its columns are what the tooltips say, under their titles, and the fields of the `detail`
    channel; those of a chart without tooltips are the fields of its axes and legends.
    """
    views = list(_views(spec))
    if any("tooltip" in view["encoding"] for view in views):
        views = [view for view in views if "tooltip" in view["encoding"]]
    headings = {k: v for view in views for k, v in _headings(view["encoding"]).items()}
    places = [place for view in views for place in _places(spec, view)]
    records = [record for _, record in sorted(places, key=lambda place: place[0])]
    rows = pd.DataFrame(
        [[record.get(field) for field in headings] for record in records],
        columns=list(headings.values()),
        dtype="object",
    )
    counts = {title for view in views for title in _counts(view["encoding"])}
    if counts:  # the chart counts its records: one row per mark, with its number
        (title,) = counts
        return (
            rows.groupby(list(rows.columns), sort=False, dropna=False)
            .size()
            .reset_index(name=title)
        )
    return rows[~rows.astype("str").duplicated()].reset_index(drop=True)


def _views(spec: dict[str, Any], outer: dict[str, Any] | None = None) -> Any:
    """Yield each view with marks, with what it takes from the views that hold it."""
    outer = outer or {}
    inherited = {
        "data": spec.get("data", outer.get("data")),
        "encoding": {**outer.get("encoding", {}), **spec.get("encoding", {})},
    }
    for key in ("layer", "hconcat", "vconcat", "concat"):
        for view in spec.get(key, []):
            yield from _views(view, inherited)
    if isinstance(spec.get("spec"), dict):
        yield from _views(spec["spec"], inherited)
    if "mark" in spec:
        yield inherited


def _headings(encoding: dict[str, Any]) -> dict[str, str]:
    """Return the fields to show with their headings."""
    return {
        part["field"]: _title(part)
        for part in _said(encoding)
        if "field" in part and "aggregate" not in part
    }


def _counts(encoding: dict[str, Any]) -> list[str]:
    """Return the headings of numbers of records; raises ``ValueError`` for another aggregate."""
    found = [part for part in _said(encoding) if "aggregate" in part]
    if others := [part["aggregate"] for part in found if part["aggregate"] != "count"]:
        raise ValueError(f"aggregates {others}: give the chart the numbers that it shows")
    return [_title(part) for part in found]


def _said(encoding: dict[str, Any]) -> list[dict[str, Any]]:
    parts = []
    for channel in _SAID if "tooltip" in encoding else _POSITIONS:
        found = encoding.get(channel, [])
        parts += found if isinstance(found, list) else [found]
    return parts


def _title(part: dict[str, Any]) -> str:
    title = str(part.get("title") or part["field"])
    return title[0].upper() + title[1:]


def _places(spec: dict[str, Any], view: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the records of a view, each with the place of its row on the vertical axis."""
    data = view["data"] or {}
    records = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
    y = view["encoding"].get("y", {})
    rows = (y.get("scale") or {}).get("domain", [])
    order = {row: place for place, row in enumerate(rows) if isinstance(row, str)}
    return [(order.get(record.get(y.get("field")), 0), record) for record in records]


def in_table(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers as a table shows them: rounded, text on one line."""
    return numbers.map(_shown)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, float):
        return None if pd.isna(value) else number(round(value, DIGITS))
    return value


def as_csv(numbers: pd.DataFrame) -> str:
    """Return the numbers as a CSV file, in which no text is a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(map(_cell, numbers.columns))
    for row in numbers.itertuples(index=False):
        writer.writerow(map(_cell, row))
    return file.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return inert(" ".join(value.split()))
    if value is None or pd.isna(value):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value
