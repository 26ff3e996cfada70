"""Charts: a picture with a name, a specification that can be read back, no other host."""

import json

import altair as alt
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from livingreview import show
from livingreview.show import marks

EVIL = "</script><script>alert(1)</script>"
DATA = pd.DataFrame({"study": ["A", EVIL, "C"], "percent": [69, 40, 55], "design": list("xyx")})


def chart(**properties: object) -> alt.Chart:
    """Return a chart whose data try to break out of the page."""
    return (
        alt.Chart(DATA, **properties)
        .mark_bar(clip=True)
        .encode(x="percent:Q", y="study:N", color="design:N", tooltip=["study"])
    )


def page(html: show.Html) -> BeautifulSoup:
    """Return the HTML, read back."""
    return BeautifulSoup(html._repr_html_(), "html.parser")


def draw(picture: object, **changes: str) -> show.Html:
    """Return a figure with all its texts, some of them changed."""
    texts = {"name": "responders", "alt": "One of three is above half", "caption": "Responders."}
    return show.figure(picture, **{**texts, **changes})  # type: ignore[arg-type]


def test_figure_is_named_and_captioned() -> None:
    """The picture says its finding to those who do not see it."""
    soup = page(draw(chart()))
    picture = soup.select_one("figure.chart#fig-responders > [role=img]")
    assert picture is not None
    assert picture["aria-label"] == "One of three is above half"
    assert soup.select_one("figure > figcaption") is not None
    assert len(picture.select("svg")) == 2, "one for a wide column, one for a phone"


def test_title_is_text_of_the_page() -> None:
    """A finding wraps, and can be selected and searched: it is not drawn."""
    for picture in (chart(title="A finding"), chart(title="A finding") + chart()):
        soup = page(draw(picture))
        assert soup.select_one("p.chart-title") is not None
        assert "A finding" not in "".join(svg.text for svg in soup.select("svg"))


def test_specification_can_be_read_back_and_cannot_leave_its_element() -> None:
    """A closing tag in the data stays data."""
    soup = page(draw(chart()))
    scripts = soup.select("script")
    assert [script["type"] for script in scripts] == ["application/json"]
    spec = json.loads(scripts[0].text)
    assert EVIL in json.dumps(spec)
    assert spec["width"] == "container"


@pytest.mark.parametrize(
    "texts", [{"alt": " "}, {"caption": ""}, {"name": "Not a name"}, {"name": ""}]
)
def test_figure_needs_its_texts(texts: dict[str, str]) -> None:
    """No picture without words."""
    with pytest.raises(ValueError, match=r"responders needs|figure name"):
        draw(chart(), **texts)


def test_output_is_the_same_every_time_and_calls_no_other_host() -> None:
    """Identifiers inside the drawings depend on the figure's name alone."""
    first, again = draw(chart()).html, draw(chart()).html
    assert first == again
    assert "clip-path" in first
    assert "://" not in first
    identifiers = [tag["id"] for tag in page(draw(chart())).select("svg [id]")]
    assert identifiers
    assert all(name.startswith("responders-") for name in identifiers)


def test_chart_of_several_views_keeps_its_size() -> None:
    """Views side by side cannot be fitted to a column: they are drawn once, and scroll."""
    soup = page(draw(chart() | chart()))
    assert len(soup.select("svg")) == 1
    assert soup.select_one(".chart-picture[tabindex='0']") is not None


def test_plain_text_is_the_finding() -> None:
    """An executed notebook shows the words of a figure."""
    assert repr(draw(chart(title="T"))) == "T\nOne of three is above half\nResponders."


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("background", ["#ffffff", "#121212"])
@pytest.mark.parametrize("colour", marks.PALETTE)
def test_colours_stand_out_on_light_and_dark(colour: str, background: str) -> None:
    """WCAG 2.2, 1.4.11: graphics have a contrast of at least 3."""
    low, high = sorted(luminance(each) for each in (colour, background))
    assert (high + 0.05) / (low + 0.05) >= 3


def test_long_names_take_two_lines() -> None:
    """Names are broken between words."""
    names = marks.wrapped(pd.Series(["Short", "A rather long name of a row"]))
    assert list(names) == ["Short", "A rather long name of\na row"]


def test_numbers_stand_below_as_a_table_and_a_file() -> None:
    """What the tooltips say is there for those who cannot hover, without JavaScript."""
    soup = page(draw(chart()))
    rows = soup.select(".chart-tools details table tbody tr")
    assert [row.text.strip() for row in rows] == list(DATA["study"])
    link = soup.select_one(".chart-files a[download='responders.csv']")
    assert link is not None
    assert str(link["href"]).startswith("data:text/csv;charset=utf-8,Study%0D%0AA%0D%0A")
    assert all(button.has_attr("hidden") for button in soup.select(".chart-files button"))


@pytest.mark.parametrize(
    ("names", "width", "columns"),
    [
        (["a", "b", "c"], marks.WIDE, 3),
        (["a long name of a series that is drawn"] * 2, marks.WIDE, 1),
        ([], marks.WIDE, 1),
    ],
)
def test_legend_takes_the_columns_that_fit(names: list[str], width: int, columns: int) -> None:
    """No name is cut off for want of room."""
    assert marks.legend_columns(names, width) == columns
