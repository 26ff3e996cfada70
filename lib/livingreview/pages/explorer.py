"""The explorer: studies chosen by what they are, in a table and three charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.edition import distinct_studies
from livingreview.evidence.trials import verdicts
from livingreview.frames import is_of
from livingreview.show import links
from livingreview.show.beside import followup_words, states_nerves
from livingreview.show.figure import figure
from livingreview.show.filters import (
    FOLLOWUPS,
    LIVING,
    PRINTED,
    UNREAD,
    UNTIMED,
    filters,
    followup_class,
    records,
    rule_class,
)
from livingreview.show.html import Html, render
from livingreview.show.marks import BLUE, GREY, ORANGE, colours, groups, in_lines
from livingreview.show.table import interactive
from livingreview.show.words import (
    count_words,
    design_words,
    labels,
    plural,
    size_words,
    tally,
    threshold_words,
    time_words,
    told,
)
from livingreview.tables import TREATMENT
from livingreview.words import listed, slug

if TYPE_CHECKING:
    from livingreview.review import Review

SHOWN = "shown"  # the parameter: keys of the studies to show, as their cards have them as address
CHOSEN = f"indexof({SHOWN}, datum.key) >= 0"
OTHERS = "other arms"
MONTHS = [1, 3, 6, 12, 24, 60]


def explorer(review: Review) -> Html:
    """Return the form, the charts, and the table of every study of both editions."""
    studies = records(review)
    shown = explorer_table(review)
    editions = {
        name: sum(study[name] is not None for study in studies) for name in (PRINTED, LIVING)
    }
    html = render(
        "explorer.html",
        filters=filters(review, studies),
        editions=editions,
        studies=studies,
        patients=sum(study["patients"] or 0 for study in studies),
        charts=explorer_charts(review),
        table=shown,
    )
    return Html(html, repr(shown))


def explorer_table(review: Review) -> Html:
    """Return one row per study; where printed and read values differ, the row has both."""
    rows_of = distinct_studies(review.printed.studies)
    printed = {row["key"]: row for row in rows_of.to_dict("records")}
    living = review.living.studies.set_index("key", drop=False)
    names = labels(review.printed) | labels(review.living)
    results = _results(review)
    rows = [
        {
            "Study": links.study(key, names[key]),
            "Edition": "both" if key in printed else "living",
            **_values(review, key, printed.get(key), row),
            "Finding": results.get(key, "none with a number"),
            "months": row["followup_max_months"],
        }
        for key, row in zip(map(str, living.index), living.to_dict("records"), strict=True)
    ]
    frame = pd.DataFrame(rows)
    return interactive(
        told(review, frame),
        "The studies of both editions",
        name="explorer",
        sort_by={"Follow-up": "months"},
        missing="not stated",
    )


def _values(review: Review, key: str, old: Any, new: Any) -> dict[str, Any]:
    """Return the cells of one study that both editions may fill differently."""
    words = review.source.vocabulary
    nerves, regions = (_targets(review, key, column) for column in ("nerve", "region"))
    long_term = []
    for edition in (review.printed, review.living):
        answers = edition.long_term
        found = answers[answers["key"] == key]
        long_term.append("" if found.empty else rule_class(found.iloc[0]))
    verdict = review.printed.printed_verdicts
    said = verdict.loc[verdict["key"] == key, "positive"].str.upper()
    by_rule = _beside("" if old is None else long_term[0], long_term[1])
    read = new["read_as"]

    guided = _beside("" if old is None else listed(old["guidance"]), listed(new["guidance"]))
    return {
        "Design": _beside(
            "" if old is None else design_words(words, old["design"]),
            design_words(words, new["design"]),
        ),
        "Patients": new["patients"],
        "Nerves": nerves,
        "Region": regions,
        "Guidance": guided,
        "Follow-up": _beside("" if old is None else followup_words(old), followup_words(new)),
        "Long term, by the rule": Markup("{}; the review prints {}").format(by_rule, said.iloc[0])
        if len(said)
        else by_rule,
        "Read as": UNREAD if read == "review table" else read,
    }


def _targets(review: Review, key: str, column: str) -> str:
    told = []
    for edition in (review.printed, review.living):
        rows = edition.targets
        told.append(", ".join(dict.fromkeys(rows.loc[rows["key"] == key, column])))
    return _beside(told[0], told[1]) if states_nerves(review, key) else told[1]


def _beside(printed: str, living: str) -> str:
    """Return a value, or both where the editions differ."""
    if not printed or printed == living:
        return living
    return Markup("{}, as read;<br> {}, printed").format(living, printed)


def _results(review: Review) -> dict[str, str]:
    """Return a study's finding: a trial's verdict, else its latest share, change or level.

    Of the treated arm, in the living edition; later results stand in for earlier ones.
    """
    living = review.living
    rows = living.outcomes[is_of(living.outcomes, TREATMENT)]
    rows = rows.sort_values("months", kind="stable", na_position="first")
    shares = rows[(rows["kind"] == "responder") & rows["percent"].notna()]
    changes = rows[(rows["kind"] == "mean change") & rows["estimate"].notna()]
    levels = rows[(rows["kind"] == "other") & rows["estimate"].notna()]
    found = {
        row["key"]: f"{row['measure']}: {size_words(row)} {time_words(row['months'])}"
        for _, row in levels.iterrows()
    }
    found |= {
        row["key"]: f"{row['measure']}: mean change {size_words(row)} {time_words(row['months'])}"
        for _, row in changes.iterrows()
    }
    found |= {
        row["key"]: f"{count_words(row)} with {response(row)} {time_words(row['months'])}"
        for _, row in shares.iterrows()
    }
    said = verdicts(living)
    keys = living.studies.loc[said.index, "key"]
    return found | {key: f"trial: {word}" for key, word in zip(keys, said, strict=True)}


def response(row: Any) -> str:
    """Return what made a patient a responder, or that it is not defined."""
    words = threshold_words(row) or row["threshold_words"]
    return "a response not defined" if pd.isna(words) else str(words)


def explorer_charts(review: Review) -> list[Markup]:
    """Return the charts of the explorer: regions, follow-up, responders against time."""
    studies = review.living.studies
    named = studies.assign(
        key=studies["key"].map(slug),
        study=studies["key"].map(labels(review.printed) | labels(review.living)),
        group=studies["design_group"].map(plural),
    )
    charts = [_followup(review, named), _responders(review, named)]
    if review.source.tells("nerves"):
        charts.insert(0, _regions(review, named))
    return [Markup(chart.html) for chart in charts]  # noqa: S704 - made by a template


def _regions(review: Review, studies: pd.DataFrame) -> Html:
    targets = review.living.targets.drop_duplicates(["key", "region"])
    rows = studies.merge(targets.assign(key=targets["key"].map(slug))[["key", "region"]], on="key")
    counts = rows["region"].value_counts()
    chart = _bars(rows, "region", list(counts.index), groups(review), studies["key"])
    return figure(
        chart.properties(title="By region and design"),
        name="explorer-region",
        alt=f"Studies by region: {tally(counts)}.",
        caption="A study of several regions stands at each. A click on a bar chooses its region.",
    )


def _followup(review: Review, studies: pd.DataFrame) -> Html:
    classes = [followup_class(row) for _, row in studies.iterrows()]
    rows = studies.assign(followup=classes)
    counts = rows["followup"].value_counts()
    order = [name for name in (*(name for name, _ in FOLLOWUPS), *UNTIMED) if name in counts]
    chart = _bars(rows, "followup", order, groups(review), studies["key"])
    return figure(
        chart.properties(title="By longest follow-up"),
        name="explorer-followup",
        alt=f"Studies by longest follow-up: {tally(counts.reindex(order))}.",
        caption="A click on a bar chooses its length of follow-up.",
    )


def _bars(
    rows: pd.DataFrame, field: str, order: Sequence[str], ranks: Sequence[str], keys: pd.Series[str]
) -> Any:
    """Return a bar per value of a field: all studies pale, those shown by group of designs."""
    import altair as alt

    lines = in_lines(order, 20)
    data = rows[["key", "group", field]].assign(row=rows[field].map(lines))
    y = alt.Y(
        "row:N", title=None, sort=None, scale=alt.Scale(domain=[lines[name] for name in order])
    )
    base = alt.Chart(data)
    x = alt.X(
        "count():Q",
        title="Studies",
        axis=alt.Axis(format="d", tickMinStep=1),
        scale=alt.Scale(padding=24),  # for the number behind the longest bar
    )
    detail = alt.Detail(f"{field}:N")
    pale = base.mark_bar(color=GREY, opacity=0.3, cursor="pointer").encode(x=x, y=y, detail=detail)
    bars = (
        base.transform_filter(CHOSEN)
        .mark_bar(cursor="pointer")
        .encode(
            x=x,
            y=y,
            color=colours("group", ranks),
            detail=detail,
            tooltip=[
                alt.Tooltip(f"{field}:N"),
                alt.Tooltip("group:N", title="design"),
                alt.Tooltip("count():Q", title="studies"),
            ],
        )
    )
    totals = (
        base.transform_filter(CHOSEN)
        .mark_text(align="left", dx=4)
        .encode(x=alt.X("count():Q"), y=y, text="count():Q")
    )
    layers = alt.layer(pale, bars, totals, height=alt.Step(26))
    return layers.add_params(alt.param(name=SHOWN, value=list(keys)))


def timed_shares(review: Review, names: dict[str, str]) -> pd.DataFrame:
    """Return the shares of responders with a time, of the studies that have a name."""
    rows = review.living.outcomes
    rows = rows[(rows["kind"] == "responder") & rows["percent"].notna() & rows["months"].notna()]
    rows = rows.assign(key=rows["key"].map(slug))
    rows = rows[rows["key"].isin(names)]
    return pd.DataFrame(
        {
            "key": rows["key"],
            "study": rows["key"].map(names),
            "arm": rows["arm_words"],
            "side": [TREATMENT if TREATMENT in arm else OTHERS for arm in rows["arm"]],
            "months": rows["months"],
            "percent": rows["percent"],
            "counted": [count_words(row) for row in rows.itertuples()],
            "means": [threshold_words(row) or "not stated" for row in rows.itertuples()],
            "at": [time_words(months) for months in rows["months"]],
        }
    )


def _responders(review: Review, studies: pd.DataFrame) -> Html:
    data = timed_shares(review, dict(zip(studies["key"], studies["study"], strict=True)))
    told = [f"{row.study} {row.arm} {row.percent:g}% {row.at}" for row in data.itertuples()]
    return figure(
        _points(data, list(studies["key"])).properties(title="Responders against time"),
        name="explorer-responders",
        alt=f"Shares of responders with a time: {'; '.join(told)}.",
        caption=f"Each of the {len(data)} marks is a result that states its time and its share; "
        f"what counts as a responder differs between studies, so marks are not comparable.",
    )


def _points(data: pd.DataFrame, keys: Sequence[str]) -> Any:
    import altair as alt

    axis = alt.Axis(values=MONTHS, grid=True, labelOverlap=False)
    scale = alt.Scale(type="sqrt")
    x = alt.X("months:Q", title="Months (scale compressed)", scale=scale, axis=axis)
    y = alt.Y("percent:Q", title="Responders (%)", scale=alt.Scale(domain=[0, 100]))
    sides = [TREATMENT, OTHERS]
    fields = {
        "study": "study",
        "arm": "arm",
        "counted": "responders",
        "means": "responder means",
        "at": "time",
    }
    base = alt.Chart(data).encode(x=x, y=y)
    pale = base.mark_point(color=GREY, opacity=0.3, size=50)
    points = (
        base.transform_filter(CHOSEN)
        .mark_point(size=80)
        .encode(
            color=colours("side", sides, (BLUE, ORANGE)),
            shape=alt.Shape(
                "side:N", title=None, scale=alt.Scale(domain=sides, range=["circle", "diamond"])
            ),
            tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()],
        )
    )
    return alt.layer(pale, points, height=230).add_params(alt.param(name=SHOWN, value=[*keys]))
