"""Charts of the primary studies: one scale a figure, and titles that follow the study files."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from livingreview import open_review, pages, show
from livingreview.pages.trials import trial_contrasts
from livingreview.review import Review
from livingreview.words import known, number, slug


def figures(html: show.Html) -> list[Tag]:
    """Return the figures, read back."""
    return list(BeautifulSoup(html._repr_html_(), "html.parser").select("figure.chart"))


def title(figure: Tag) -> str:
    """Return the finding above a picture."""
    found = figure.select_one(".chart-title")
    assert found is not None
    return found.text


def spec(figure: Tag) -> dict[str, Any]:
    """Return the specification of a figure."""
    script = figure.select_one("script.chart-spec")
    assert script is not None
    found: dict[str, Any] = json.loads(script.text)
    return found


def shown(figure: Tag) -> list[tuple[float, float, float]]:
    """Return each drawn estimate with its limits."""
    records = [row for rows in spec(figure)["datasets"].values() for row in rows]
    drawn = ((known(r["estimate"]), r["ci_low"], r["ci_high"]) for r in records if "estimate" in r)
    return sorted(set(drawn), key=str)


@pytest.fixture(scope="module")
def charts(review: Review) -> dict[str, Tag]:
    """Return the figures of the contrasts by their names."""
    return {str(figure["id"]): figure for figure in figures(pages.trials.contrast_charts(review))}


def test_each_trial_and_scale_has_its_figure(review: Review, charts: dict[str, Tag]) -> None:
    """A ratio and points never stand in one figure, nor do two trials."""
    rows = trial_contrasts(review.living)
    rows = rows[rows["ci_low"].notna() & rows["ci_high"].notna()]
    rows = rows.assign(scale=rows["scale"].fillna("scale not stated"))
    places = {f"fig-contrasts-{r.key}-{slug(r.scale)}" for r in rows.itertuples()}
    assert set(charts) == places
    assert {name.rsplit("-", 1)[-1] for name in charts} >= {"ratio", "points"}
    for name, figure in charts.items():
        own = [r for r in rows.itertuples() if name == f"fig-contrasts-{r.key}-{slug(r.scale)}"]
        read = {(known(r.estimate), r.ci_low, r.ci_high) for r in own}
        assert shown(figure) == sorted(read, key=str)


def test_a_ratio_has_its_own_axis(charts: dict[str, Tag]) -> None:
    """A ratio is drawn on a logarithmic scale with no difference at one, points from zero."""
    for name, figure in charts.items():
        text = json.dumps(spec(figure))
        assert ('"type": "log"' in text) == name.endswith("ratio")
        limits = [
            r["limit"] for rows in spec(figure)["datasets"].values() for r in rows if "limit" in r
        ]
        assert limits == ([1.0] if name.endswith("ratio") else [0.0])


def test_titles_count_the_intervals(review: Review, charts: dict[str, Tag]) -> None:
    """The title says how many intervals exclude no difference, in words of the data."""
    rows = trial_contrasts(review.living)
    for key, scale, none in (("truong-2024", "risk ratio", 1), ("ilfeld-2023", "points", 0)):
        own = rows[(rows["key"] == key) & rows["ci_high"].notna() & (rows["scale"] == scale)]
        clear = sum(
            low > none or high < none for low, high in zip(own.ci_low, own.ci_high, strict=True)
        )
        words = f"{clear} of {len(own)} intervals exclude no difference ({scale})"
        assert title(charts[f"fig-contrasts-{key}-{scale.replace(' ', '-')}"]).endswith(words)


def test_every_figure_has_words_for_those_who_do_not_see_it(charts: dict[str, Tag]) -> None:
    """The description repeats the finding and the numbers; nothing missing shows."""
    for figure in charts.values():
        picture = figure.select_one("[role=img]")
        assert picture is not None
        words = str(picture["aria-label"])
        assert words.startswith(title(figure))
        assert all(
            ("no estimate" if estimate is None else number(estimate)) in words
            for estimate, _, _ in shown(figure)
        )
        assert not {"nan", "None", "<NA>"} & set(words.replace(",", " ").split())


@pytest.mark.parametrize(
    ("key", "old", "new", "name", "words"),
    [
        (
            "ferrillo-2025",
            "ci_high: -0.5\n  p_value: 0.01\n  direction: favours treatment\n  cautions",
            "ci_high: 0.5\n  p_value: 0.01\n  direction: favours treatment\n  cautions",
            "ferrillo-2025-points",
            "3 of 11",
        ),
        (
            "nygaard-2025",
            "changes\n  better: higher\n  scale: points\n  ci_low: 0.3\n",
            "changes\n  better: higher\n  scale: points\n  ci_low: -0.3\n",
            "nygaard-2025-points",
            "5 of 24",
        ),
    ],
)
def test_titles_move_with_a_study_file(  # type: ignore[no-untyped-def]
    charts: dict[str, Tag],
    data_copy: Path,
    edit,
    key: str,
    old: str,
    new: str,
    name: str,
    words: str,
) -> None:
    """Another interval gives another title, in its own figure only."""
    edit(data_copy / f"data/studies/{key}.yml", old, new)
    altered = figures(pages.trials.contrast_charts(open_review(data_copy / "data")))
    found = {str(figure["id"]): title(figure) for figure in altered}
    changed = {n for n in charts if found[n] != title(charts[n])}
    assert changed == {f"fig-contrasts-{name}"}
    assert words in found[f"fig-contrasts-{name}"]


def test_reporting_chart_has_a_cell_per_study_and_item(review: Review) -> None:
    """Each study stands once in the bar of each item; stated and silent add up."""
    (figure,) = figures(pages.disagreements.reporting_chart(review))
    records = [r for rows in spec(figure)["datasets"].values() for r in rows if "study" in r]
    items = review.source.vocabulary.reporting.by_name
    studies = review.value("studies(edition=living)")
    assert len({(r["study"], r["row"]) for r in records}) == studies * len(items)
    stated = sum(review.value(f"reporting(item={item})") for item in items)
    assert title(figure).startswith(f"Reports state {stated} of {studies * len(items)} items")


def test_reporting_chart_follows_a_study_file(review: Review, data_copy: Path, edit) -> None:  # type: ignore[no-untyped-def]
    """An item that a report states moves the title."""
    edit(data_copy / "data/studies/das-2023.yml", "device: not stated", "device: a probe")
    before, after = (
        title(figures(pages.disagreements.reporting_chart(r))[0])
        for r in (review, open_review(data_copy / "data"))
    )
    assert before != after
