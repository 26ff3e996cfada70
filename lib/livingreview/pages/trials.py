"""Randomised trials: what they found, held against their comparators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.data.appraisals import OVERALL
from livingreview.evidence.appraisal import NOT_ASSESSED
from livingreview.frames import is_contrast
from livingreview.pages.outcomes import results_of
from livingreview.results import ratio
from livingreview.show import links
from livingreview.show.figure import figure
from livingreview.show.html import Html, render
from livingreview.show.marks import BLUE, in_lines, rows_axis, vertical_line
from livingreview.show.table import table
from livingreview.show.words import labels, size_words, targets_of, told
from livingreview.words import in_months, known, number, p_value, slug, span, when

if TYPE_CHECKING:
    from livingreview.data.appraisals import Answer, Appraisal
    from livingreview.data.tools import Tool
    from livingreview.review import Review

# By the place of a judgement among those of its tool; what is no judgement stands apart.
SIGNS = ("+", "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}")
OPEN, UNFINISHED = "\N{NO-BREAK SPACE}", "\N{HORIZONTAL ELLIPSIS}"

RATIO_TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]


def contrasts_table(review: Review) -> Html:
    """Return every printed comparison with another arm, whatever the design."""
    rows = results_of(review, None, "between-group difference")
    designs = review.studies.set_index("row")["design"]
    frame = pd.DataFrame(
        {
            "Study": rows["Study"],
            "Design": rows["row"].map(designs),
            "Nerves": rows["Nerves"],
            "Contrast": rows["arm_words"],
            "Printed direction": rows["direction"],
            "Words of the row": rows["words"],
        }
    )
    caption = "Comparisons with another treatment or sham that the table prints"
    return table(told(review, frame), caption)


def trials_table(review: Review) -> Html:
    """Return one row per randomised trial with its comparators and computed verdict."""
    from livingreview.evidence.trials import verdicts

    said = verdicts(review)
    trials = review.studies.loc[said.index]
    names = labels(review)
    nerves = targets_of(review)
    words = review.outcomes.groupby("row")["words"].agg(
        lambda texts: "; ".join(dict.fromkeys(texts.dropna()))
    )
    frame = pd.DataFrame(
        {
            "Trial": [links.study(key, names[key]) for key in trials["key"]],
            "Nerves": trials["row"].map(nerves),
            "Patients": trials["patients"],
            "Followed": [when(months) for months in trials["followup_max_months"]],
            "Against": trials["comparators"],
            "Outcome, as printed": trials["row"].map(words),
            "Read as": said,
        }
    )
    return table(told(review, frame), "The randomised trials as the review prints them")


def contrasts_reported_table(
    review: Review, comparator: str | None = None, months: float = 0
) -> Html:
    """Return each contrast of the randomised trials on its own scale, at a time or later."""
    rows = trial_contrasts(review.living, comparator, months)
    names = labels(review.living)
    endpoint = {True: "primary", False: "secondary"}
    frame = pd.DataFrame(
        {
            "Trial": [links.study(key, names[key]) for key in rows["key"]],
            "Contrast": rows["arm_words"],
            "Measure": rows["measure"],
            "Endpoint": [
                endpoint.get(mark, "not stated") if pd.notna(mark) else "not stated"
                for mark in rows["primary_endpoint"]
            ],
            "At": [when(months) for months in rows["months"]],
            "Estimate": [size_words(row) for row in rows.itertuples()],
            "P": [p_value(row.p_value, row.p_rule) for row in rows.itertuples()],
            "Direction": rows["direction"],
            "Caution": [_cautions(row) or "none noted" for row in rows.itertuples()],
            "Read in": rows["read_as"],
        }
    )
    against = f" against {comparator}" if comparator else ""
    against += f" at {in_months(months)} or later" if months else ""
    return table(
        frame,
        f"Contrasts of the randomised trials{against}, each on its own scale",
        missing="not stated",
    )


def trial_contrasts(
    living: Review, comparator: str | None = None, months: float = 0
) -> pd.DataFrame:
    """Return the contrasts of the treated arm in randomised trials, at a time or later.

    With a time, those whose time is not stated are left out.
    """
    studies = living.studies
    trials = studies[studies["randomised"]]
    rows = living.outcomes
    rows = rows[rows["row"].isin(trials["row"]) & (rows["kind"] == "between-group difference")]
    rows = rows[is_contrast(rows)]
    if comparator is not None:
        rows = rows[is_contrast(rows, (comparator,))]
    return rows[rows["months"] >= months] if months else rows


def living_trials_table(review: Review) -> Html:
    """Return one row per randomised trial of the living edition with its verdict."""
    from livingreview.evidence.trials import verdicts

    living = review.living
    said = verdicts(living)
    trials = living.studies.loc[said.index]
    names = labels(living)
    reports = living.reports.set_index("key")
    frame = pd.DataFrame(
        {
            "Trial": [links.study(key, names[key]) for key in trials["key"]],
            "Condition": trials["condition"],
            "Arms": [reports["arms"].get(key) for key in trials["key"]],
            "Followed": [in_months(months) for months in trials["followup_max_months"]],
            "Result": said,
            "From": trials["added_in"],
        }
    )
    caption = (
        "The randomised trials, printed and added; result at the primary endpoint, "
        "or in all contrasts where none is marked"
    )
    return table(frame, caption, missing="not stated")


def contrast_charts(review: Review) -> Html:
    """Return one chart per trial and scale, of the contrasts with an interval."""
    rows = trial_contrasts(review.living)
    rows = rows[rows["ci_low"].notna() & rows["ci_high"].notna()]
    rows = rows.assign(scale=rows["scale"].fillna("scale not stated"))
    names = labels(review.living)
    charts = [
        _contrasts(names[str(key)], str(key), str(unit), group)
        for (key, unit), group in rows.groupby(["key", "scale"], sort=False)
    ]
    html = Markup("\n").join(Markup(chart.html) for chart in charts)  # noqa: S704 - our own figures
    return Html(str(html), "\n\n".join(map(repr, charts)))


def _contrasts(study: str, key: str, unit: str, rows: pd.DataFrame) -> Html:
    import altair as alt

    none = 1.0 if ratio(unit) else 0.0
    data = rows.assign(row=[_row_name(row) for row in rows.itertuples()])
    data["row"] = data["row"].map(in_lines(data["row"], 30))
    titles = {
        "row": "result",
        "arm_words": "comparison",
        "told": unit,
        "ci_low": "95% CI from",
        "ci_high": "95% CI to",
        "direction": "direction as reported",
    }
    data["told"] = [_told(estimate) for estimate in data["estimate"]]
    data = data[["estimate", *titles]].fillna({"direction": "not stated"})
    clear = int(((data["ci_low"] > none) | (data["ci_high"] < none)).sum())
    title = f"{study}: {clear} of {len(data)} intervals exclude no difference ({unit})"
    x = alt.X("ci_low:Q", title=unit, scale=alt.Scale(zero=True))
    if none:
        x = x.scale(type="log", nice=False).axis(values=RATIO_TICKS, format="~g")
    tooltip = [alt.Tooltip(f"{field}:N", title=words) for field, words in titles.items()]
    y = rows_axis(list(data["row"]))
    lines = (
        alt.Chart(data)
        .mark_rule(strokeWidth=2, color=BLUE)
        .encode(x=x, x2="ci_high:Q", y=y, tooltip=tooltip)
    )
    points = (
        alt.Chart(data)
        .mark_point(filled=True, size=90, color=BLUE)
        .encode(x=alt.X("estimate:Q", title=unit), y=y, tooltip=tooltip)
    )
    layers = [lines, points, vertical_line(none, unit)]
    if data["estimate"].isna().all():  # only intervals are reported: their ends are marked
        ends = alt.Chart(data).mark_tick(thickness=2, color=BLUE)
        for end in ("ci_low:Q", "ci_high:Q"):
            layers.append(ends.encode(x=alt.X(end, title=unit), y=y, tooltip=tooltip))
    chart = alt.LayerChart(layer=layers, title=title, height=alt.Step(60))
    notes = "; ".join(dict.fromkeys(filter(None, map(_cautions, rows.itertuples()))))
    return figure(
        chart,
        name=f"contrasts-{slug(key)}-{slug(unit)}",
        alt=f"{title}. {'; '.join(_in_words(row) for row in data.itertuples())}.",
        caption="Lines are 95% confidence intervals as reported, dashed is no difference. "
        f"Which sign favours the treatment differs between trials. Notes: {notes or 'none'}.",
    )


def _cautions(row: Any) -> str:
    """Return what must be known of a number wherever it is shown; empty where there is nothing."""
    return "; ".join(str(part) for part in (*row.cautions, known(row.note)) if part)


def _row_name(row: Any) -> str:
    time = "" if pd.isna(row.months) else f" at {in_months(row.months)}"
    marked = pd.notna(row.primary_endpoint) and bool(row.primary_endpoint)
    part = "" if pd.isna(row.part) else f", {row.part}"
    read = "" if row.read_as == "full text" else f", read in: {row.read_as}"
    return f"{row.measure}{part}{time}{', primary endpoint' if marked else ''}{read}"


def _in_words(row: Any) -> str:
    name = str(row.row).replace("\n", " ")
    return f"{name}: {row.told}, {span(row.ci_low, row.ci_high)}"


def _told(estimate: float) -> str:
    return "no estimate" if pd.isna(estimate) else number(estimate)


def appraisals_table(review: Review) -> Html:
    """Return the risk of bias of each randomised trial of the living edition, by domain.

    Each cell has a sign, a colour and the word; a trial that is not assessed says why. A review
    without a tool for its trials shows no domains.
    """
    living = review.living
    studies = living.studies
    trials = studies[studies["randomised"]]
    tool = _tool_for(review, set(trials["design"]))
    names, found = labels(living), living.appraisals
    by_key = {key: rows.set_index("domain") for key, rows in found.groupby("key")}
    columns: dict[str, list[object]] = {"Trial": [], "Overall": []}
    domains = tool.domains if tool else {}
    columns |= {domain.about: [] for domain in domains.values()}
    for key in trials["key"]:
        rows = by_key[key]
        overall = rows.loc[OVERALL]
        study = links.study(key, names[key])
        columns["Trial"].append(Markup("{} <small>{}</small>").format(study, _appraised(overall)))
        columns["Overall"].append(_light(tool, str(overall["judgement"])))
        for name, domain in domains.items():
            said = rows["judgement"].get(name, NOT_ASSESSED)
            columns[domain.about].append(_light(tool, str(said)))
    by = f", by {tool.name}, for one result each" if tool else ""
    caption = f"Risk of bias in the randomised trials{by}"
    return table(pd.DataFrame(columns), caption)


def _tool_for(review: Review, designs: set[str]) -> Tool | None:
    """Return the tool that judges studies of these designs, if there is one."""
    for tool in review.source.tools.values():
        if tool.judgements and designs & {*tool.for_designs}:
            return tool
    return None


def _appraised(overall: Any) -> str:
    """Return what was appraised, or why nothing was."""
    if overall["judgement"] == NOT_ASSESSED:
        return f"{NOT_ASSESSED}, because {overall['reasons']}"
    at = "" if pd.isna(overall["months"]) else f" at {in_months(overall['months'])}"
    return f"{overall['arm_words']}: {overall['measure']}{at}"


def _light(tool: Tool | None, judgement: str) -> Markup:
    known = dict(zip(tool.judgements, SIGNS, strict=True)) if tool else {}
    signs = known | {NOT_ASSESSED: OPEN}
    return Markup('<span class="light light-{}"><i aria-hidden="true">{}</i> {}</span>').format(
        slug(judgement), signs.get(judgement, UNFINISHED), judgement
    )


def bias_details(review: Review) -> Html:
    """Return, by study, the facts that a judgement of bias rests on, and the answers; trials first.

    Where the two sets of answers differ both are shown.
    """
    living = review.living
    studies = living.studies.sort_values("randomised", ascending=False, kind="stable")
    names, found = labels(living), living.appraisals
    overall = found[found["domain"] == OVERALL].set_index("key")
    entries = [
        {
            "id": slug(key),
            "name": names[key],
            "facts": review.source.bias_facts.get(key),
            "judgement": overall.at[key, "judgement"],
            "result": _appraised(overall.loc[key]),
            **_answers(review, key),
        }
        for key in studies["key"]
        if key in review.source.bias_facts or key in review.source.appraisals
    ]
    text = "\n".join(f"{entry['name']}: {entry['judgement']}" for entry in entries)
    return Html(render("bias.html", studies=entries), text)


def _answers(review: Review, key: str) -> dict[str, object]:
    appraisal = review.source.appraisals.get(key)
    if appraisal is None:
        return {"domains": []}
    tool = review.source.tools[appraisal.tool]
    rows = review.living.appraisals
    judged = rows[rows["key"] == key].set_index("domain")["judgement"]
    return {
        "status": appraisal.status,
        "checked": appraisal.checked,
        "domains": [
            {
                "about": domain.about,
                "judgement": judged[name],
                "lines": _lines(tool, appraisal, name),
            }
            for name, domain in tool.domains.items()
        ],
    }


def _lines(tool: Tool, appraisal: Appraisal, domain: str) -> list[dict[str, object]]:
    """Return a line for each question that was asked: the answer that stands, or the sets."""
    standing, differing = appraisal.standing(tool), appraisal.differing(tool)
    asked = tool.judge(domain, {name: given.answer for name, given in standing.items()}).path
    return [
        {
            "number": number,
            "gist": tool.questions[number].gist,
            "stands": _said(tool, standing[number]),
            "sets": [
                (given.by, _said(tool, given.answers[number]) if number in given.answers else None)
                for given in appraisal.sets
                if number in differing
            ],
        }
        for number in asked
        if number in standing
    ]


def _said(tool: Tool, given: Answer) -> dict[str, object]:
    because = given.because[:1].lower() + given.because[1:]
    return {"said": tool.answers[given.answer][1], "because": because, "at": given.at}
