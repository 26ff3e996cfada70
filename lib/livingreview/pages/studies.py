"""Studies: what was included, when published, how many patients, guided by what, where."""

from __future__ import annotations

import itertools
import json
import math
import textwrap
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.edition import distinct_studies
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.marks import (
    cell_bars,
    colours,
    groups,
    in_cells,
    in_lines,
    studies_shown,
    tips,
)
from livingreview.show.table import interactive, table
from livingreview.show.words import as_printed, label, labels, tally, targets_of, told
from livingreview.tables import MISSING, NOT_STATED
from livingreview.words import joined, listed

if TYPE_CHECKING:
    import altair as alt

    from livingreview.review import Review

DOT = 0.085  # width of a dot on a phone, in powers of ten


def studies_table(review: Review) -> Html:
    """Return the printed rows with classified design, nerves and guidance, to sort and search."""
    rows = review.studies
    table1 = review.source.table1
    columns = ["design", "followup", "outcomes", "notes"]
    printed = pd.DataFrame(table1.rows, index=rows.index, columns=columns, dtype="str")
    names = [
        links.study(str(study.key), f"{label(study)} [{study.ref}]") for study in rows.itertuples()
    ]
    frame = pd.DataFrame(
        {
            "Study": names,
            "Design": printed["design"],
            "Patients": rows["patients"],
            "Nerves and structures": rows["row"].map(targets_of(review)),
            "Region": rows["row"].map(targets_of(review, "region")),
            "Guidance": rows["guidance"],
            "Follow-up, as printed": printed["followup"].str.strip(),
            "Outcomes, as printed": printed["outcomes"].str.strip(),
            "Notes, as printed": printed["notes"].str.strip(),
            "Source": [links.doi(value, "DOI") for value in rows["doi"]],
            "months": rows["followup_max_months"],
        }
    )
    return interactive(
        told(review, frame),
        Markup("The {} printed rows of the review's first table").format(
            links.fact(review.fact("printed_rows"))
        ),
        name="studies",
        sort_by={"Follow-up, as printed": "months"},
        missing="missing",
    )


def designs_table(review: Review) -> Html:
    """Return one row per design: printed rows, distinct studies, patients of distinct studies."""
    studies = review.studies
    distinct = distinct_studies(studies)
    frame = pd.DataFrame(
        {
            "Design": term.meaning,
            "Code": term.name,
            "Printed rows": (studies["design"] == term.name).sum(),
            "Distinct studies": (distinct["design"] == term.name).sum(),
            "Patients": int(distinct.loc[distinct["design"] == term.name, "patients"].sum()),
        }
        for term in review.source.vocabulary.designs.entries
    )
    return table(frame, "Designs as printed, with distinct studies and their patients")


def nerves_table(review: Review) -> Html:
    """Return one row per region and nerve: distinct studies by group of design, and their names."""
    targets = review.targets.merge(review.studies[["row", "design_group"]], on="row")
    names = labels(review)
    rows = []
    for (region, nerve), group in targets.groupby(["region", "nerve"], sort=True):
        keys = dict.fromkeys(group["key"])
        counts = group.drop_duplicates("key")["design_group"].value_counts()
        rows.append(
            {
                "Nerve or structure": nerve,
                "Region": region,
                "Trials": counts.get("trial", 0),
                "Cohorts": counts.get("cohort", 0),
                "Case reports and series": counts.get("case report", 0),
                "Studies": Markup(", ").join(links.study(key, names[key]) for key in keys),
            }
        )
    frame = pd.DataFrame(rows)
    return table(frame, "Nerves and structures, with the studies that treated each")


def misnamed_table(review: Review) -> Html:
    """Return the rows of both tables whose author or year is not that of the reference list."""
    listed = review.references
    named = {row.ref: label(row) for row in listed.itertuples()}
    found = []
    tables = {"1": review.studies, "2": review.printed_verdicts}
    for number, rows in tables.items():
        for row in rows.itertuples():
            printed, right = label(row), named[row.ref]
            if printed != right:
                name = Markup("{} [{}]").format(links.study(str(row.key), printed), row.ref)
                found.append({"Table": number, "Row prints": name, "Reference list prints": right})
    columns = ["Table", "Row prints", "Reference list prints"]
    frame = pd.DataFrame(found, columns=columns)
    return table(
        frame, "Rows whose author or year differs from the reference list", row_header="Row prints"
    )


def added_studies_table(review: Review) -> Html:
    """Return the studies that this review adds, each with a link to its card."""
    living = review.living
    rows = living.studies
    rows = rows[rows["added_in"] == "living edition"]
    nerves = living.targets.groupby("key")["nerve"].agg(", ".join)
    frame = pd.DataFrame(
        {
            "Study": [links.study(str(row.key), label(row)) for row in rows.itertuples()],
            "Design": rows["design"],
            "Patients": rows["patients"],
            "Treated": rows["patients_treated"],
            "Condition": rows["condition"],
            "Nerves": rows["key"].map(nerves),
            "Compared with": [listed(names or ()) or "nothing" for names in rows["comparators"]],
            "Read in": rows["read_as"],
            "Source": [links.doi(value, "DOI") for value in rows["doi"]],
        }
    )
    caption = "Studies that the living edition adds"
    return table(told(review, frame), caption, missing="not stated")


def years_chart(review: Review) -> Html:
    """Return the studies per year of the reference list, by group of designs."""
    studies = studies_shown(review)
    years = studies["reference_year"].astype(int)
    every = [str(year) for year in range(years.min(), years.max() + 1)] if len(years) else []
    cells = in_cells(studies.assign(year=years.astype("str")), "year", "group", groups(review))
    since = int(years.sort_values(ascending=False, ignore_index=True)[len(years) // 2])
    recent = studies[years >= since]
    common = recent["group"].value_counts()
    title = (
        f"{len(recent)} of {len(studies)} studies appeared in {since} or later; "
        f"{common.iloc[0]} of those {len(recent)} are {common.index[0]}"
    )
    chart = cell_bars(
        cells,
        every,
        colours("group", groups(review)),
        tips(("group", "group"), ("year", "year of the reference")),
        title=title,
    )
    return figure(
        chart,
        name="years",
        alt=f"{title}. Studies by year: {tally(years.value_counts().sort_index())}.",
        caption=f"Each cell is one of the {len(studies)} distinct studies, in the year that the "
        "reference list gives; tooltips name author and year as the review's table prints them. "
        f"{_search(review)}",
    )


def _search(review: Review) -> str:
    """Return what is not known of the search behind the years, if its numbers are not reported."""
    if any(step.number is not None for step in review.source.protocol.flow.steps):
        return ""
    return "How many studies the search found and left out is not reported in the text."


def patients_chart(review: Review) -> Html:
    """Return the patients of each study on a logarithmic scale, by group of designs."""
    studies = studies_shown(review)
    total = int(studies["patients"].sum())
    most = int(studies["patients"].max())
    largest = studies.loc[studies["patients"] == most, "study"]
    title = (
        f"The largest study holds {most} of {total:,} patients ({100 * most / total:.0f}%); "
        f"half of the {len(studies)} studies have {studies['patients'].median():g} or fewer"
    )
    by_group = studies.groupby("group")["patients"]
    spans = "; ".join(
        f"{name}: {len(found)} of {found.min()} to {found.max()} patients, {found.sum():,} in all"
        for name in groups(review)
        if name in by_group.groups
        for found in [by_group.get_group(name)]
    )
    return figure(
        _dots(studies, groups(review), title),
        name="patients",
        alt=f"{title}. The largest: {joined(largest)}. {spans}.",
        caption=f"Each dot is one of {len(studies)} distinct studies, by its printed patients; "
        "dots that would touch stand above each other. A study printed in two rows counts once, "
        f"by its last row. {_treated(studies)}",
    )


def _treated(studies: pd.DataFrame) -> str:
    compared = studies[studies["comparators"].map(bool)]
    printed = int(compared["patients_treated"].notna().sum())
    return (
        f"How many patients got the treatment is printed for {printed} of the {len(compared)} "
        "studies with a comparator, and not known for the others."
    )


def _dots(studies: pd.DataFrame, names: list[str], title: str) -> alt.Chart:
    """Return one lane of dots per group, as high as its tallest stack."""
    import altair as alt

    ordered = studies.sort_values(["group", "patients"], kind="stable")
    slots = [slot for _, found in ordered.groupby("group") for slot in _slots(found["patients"])]
    dots = ordered.assign(slot=slots)
    reach = dots["slot"].abs().groupby(dots["group"]).max().reindex(names, fill_value=0)
    heights = 2 * reach + 4
    centres = heights.cumsum() - heights / 2
    dots = dots.assign(lane=dots["group"].map(centres) + dots["slot"])
    labels = json.dumps(
        {f"{centre:g}": textwrap.wrap(str(name), 13) for name, centre in centres.items()}
    )
    axis = alt.Axis(values=centres.tolist(), grid=False, labelExpr=f"{labels}['' + datum.value]")
    scale = alt.Scale(domain=[0, float(heights.sum())], reverse=True, nice=False)
    columns = ["study", "patients", "designed", "group", "lane"]
    x = alt.X(
        "patients:Q",
        title="Patients (logarithmic scale)",
        axis=alt.Axis(values=[1, 3, 10, 30, 100, 300, 1000], format="d"),
        scale=alt.Scale(type="log", domainMin=0.9, nice=False),
    )
    chart: alt.Chart = (
        alt.Chart(dots[columns])
        .mark_point(size=50)
        .encode(
            x=x,
            y=alt.Y("lane:Q", title=None, axis=axis, scale=scale),
            color=colours("group", names).legend(None),
            tooltip=tips(("group", "group")),
        )
        .properties(title=title, height=float(8 * heights.sum()))
    )
    return chart


def _slots(patients: pd.Series[int]) -> list[int]:
    """Return for each dot, smallest first, how far above or below its lane's middle it stands."""
    placed: list[tuple[float, int]] = []
    for number in patients:
        place = math.log10(number)
        taken = {slot for other, slot in placed if place - other < DOT}
        outwards = (sign * step for step in itertools.count() for sign in (1, -1))
        placed.append((place, next(slot for slot in outwards if slot not in taken)))
    return [slot for _, slot in placed]


def guidance_chart(review: Review) -> Html:
    """Return the distinct studies by guidance; a study with two counts under both."""
    studies = studies_shown(review)
    listed = studies.assign(
        term=studies["guidance"], words=as_printed(review, studies["row"], "guidance")
    ).explode("term")
    counts = listed["term"].value_counts()
    unknown = [word for word in (NOT_STATED, MISSING) if word in counts]
    named = counts.drop(unknown)
    order = [*sorted(named.index, key=lambda term: (-named[term], term)), *unknown]
    silent = int(counts[unknown].sum())
    title = (
        f"Most used guidance: {joined(named.index[named == named.max()])}, {named.max()} of "
        f"{len(studies)} studies; {silent} {'does' if silent == 1 else 'do'} not say"
    )
    cells = in_cells(listed, "term", "group", groups(review))
    chart = cell_bars(
        cells,
        order,
        colours("group", groups(review)),
        tips(("group", "group"), ("row", "guidance"), ("words", "guidance as printed")),
        title=title,
    )
    two = int(listed["key"].duplicated().sum())
    return figure(
        chart,
        name="guidance",
        alt=f"{title}. Studies by guidance: {tally(counts[order])}.",
        caption=f"Each cell is one of {len(studies)} distinct studies; those with two kinds of "
        f"guidance, {two}, count under both. "
        "“Not stated” is printed as such; “missing” is a blank cell.",
    )


def regions_chart(review: Review) -> Html:
    """Return the distinct studies by region of the body, each with its nerves and structures."""
    placed = _placed(review)
    regions = placed[placed["level"] == "region"]
    nerves = placed[placed["level"] == "nerve"]
    sizes = regions["name"].value_counts()
    top = sizes.index[sizes == sizes.max()]
    in_trials = nerves.loc[nerves["design_group"] == "trial", "name"].nunique()
    total, studies = nerves["name"].nunique(), regions["key"].nunique()
    title = (
        f"Most treated region: {joined(top).lower()}, {sizes.max()} of {studies} studies; "
        f"{total - in_trials} of {total} nerves and structures were in no trial"
    )
    lines = in_lines(placed["name"], 28)
    cells = in_cells(
        placed.assign(label=placed["name"].map(lines)), "label", "group", groups(review)
    )
    headings = json.dumps([lines[name] for name in sizes.index])
    bold = {"test": f"indexof({headings}, datum.value) >= 0", "value": 700}
    order = [lines[name] for name in _by_region(placed)]
    chart = cell_bars(
        cells,
        order,
        colours("group", groups(review)),
        tips(
            ("group", "group"),
            ("name", "treated"),
            ("region", "region"),
            ("words", "targets as printed"),
        ),
        title=title,
        axis={"labelFontWeight": {"condition": bold, "value": 400}},
        height=28,
    )
    return figure(
        chart,
        name="regions",
        alt=f"{title}. Studies by region: {tally(sizes)}.",
        caption=f"In bold the regions, below each its nerves and structures. Each cell is one of "
        f"{studies} distinct studies; a study of several nerves stands at each of them, and once "
        f"in each region. A nerve counts its branches, which have bars of their own too. "
        f"{_counted(review)}",
    )


def _placed(review: Review) -> pd.DataFrame:
    """Return one row per distinct study and region, and per distinct study and nerve.

    Columns beside those of the study: ``name``, ``level`` (region, nerve), ``region``.
    """
    terms = review.source.vocabulary.nerves.by_name
    targets = review.targets
    whole = targets["part_of"].dropna()
    parts = [
        targets.assign(name=targets["region"].str.capitalize(), level="region"),
        targets.assign(name=targets["nerve"], level="nerve"),
        targets.loc[whole.index].assign(
            name=whole, region=whole.map(lambda name: terms[name].region), level="nerve"
        ),
    ]
    found = pd.concat(parts).drop_duplicates(["key", "name"])
    studies = studies_shown(review)
    studies = studies.assign(words=as_printed(review, studies["row"], "targets"))
    return found[["key", "name", "level", "region"]].merge(studies, on="key")


def _by_region(placed: pd.DataFrame) -> list[str]:
    """Return the names of the bars: regions by their studies, each before its nerves."""
    counts = placed.groupby(["region", "level", "name"]).size().reset_index(name="studies")
    sizes = counts[counts["level"] == "region"].set_index("region")["studies"]
    counts = counts.assign(
        size=-counts["region"].map(sizes), nerve=counts["level"] == "nerve", less=-counts["studies"]
    )
    return list(counts.sort_values(["size", "region", "nerve", "less", "name"])["name"])


def _counted(review: Review) -> str:
    """Return how many of the studies of several nerves print the patients of each."""
    targets = review.targets
    several = targets[targets.groupby("row")["nerve"].transform("nunique") > 1]
    counted = several[several["patients"].notna()]["key"].nunique()
    return (
        f"How many patients were treated at each nerve is printed for {counted} of "
        f"{several['key'].nunique()} studies of several nerves, and not known for the others."
    )
