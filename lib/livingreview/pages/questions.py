"""All clinical questions side by side: what was asked of each, and why nothing is averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.pages.answers import studies_of, way
from livingreview.show import links
from livingreview.show.html import Html
from livingreview.show.table import interactive, table
from livingreview.show.words import of_some
from livingreview.synthesis.certainty import NONE, certainty
from livingreview.synthesis.contrasts import contrasts
from livingreview.synthesis.groups import REFUSALS, syntheses

if TYPE_CHECKING:
    from livingreview.data.questions import Question
    from livingreview.review import Review

SHAM = "sham"  # a name that trials of every treatment share
DESIGNS = {"cohort": "One arm, cohorts", "case report": "Reports and series"}


def evidence_map(review: Review) -> Html:
    """Return one row per question: studies and patients by what they compare, and how sure."""
    living = review.living
    found, judged = contrasts(living), certainty(living)
    rows = []
    for asked in _by_patients(review):
        studies = studies_of(review, asked)
        own = found[(found["question"] == asked.id) & found["decides"]]
        trials = {*studies.loc[studies["randomised"], "key"]}
        sham = own[own["comparator"] == SHAM]
        other = own[(own["comparator"] != SHAM) & own["key"].isin(trials)]
        cohort = own[~own["key"].isin(trials)]
        alone = studies[~studies["key"].isin(own["key"])]
        levels = judged[(judged["question"] == asked.id) & (judged["comparator"] != NONE)]
        rows.append(
            {
                "Question": links.question(asked.id, asked.label),
                "Against sham, trials": _cell(review, studies, sham),
                "Against other treatment, trials": _cell(review, studies, other),
                "Compared, not randomised": _cell(review, studies, cohort),
                **{
                    title: _counted(alone[alone["design_group"] == group])
                    for group, title in DESIGNS.items()
                },
                "Under way": _planned(review, asked),
                "Certainty at most": _levels(levels),
            }
        )
    caption = (
        "What has been asked of each clinical question, the largest first; "
        "patients are those of the studies, all arms"
    )
    return table(pd.DataFrame(rows), caption, missing="none")


def _by_patients(review: Review) -> list[Question]:
    sizes = {
        asked.id: studies_of(review, asked)["patients"].sum() for asked in review.source.questions
    }
    return sorted(review.source.questions, key=lambda asked: -sizes[asked.id])


def _counted(studies: pd.DataFrame) -> str | None:
    """Return "2 studies, 87 patients"; None where there is none."""
    if studies.empty:
        return None
    number_of = of_some(len(studies), "study", "studies")
    return f"{number_of}, {of_some(int(studies['patients'].sum()), 'patient')}"


def _cell(review: Review, studies: pd.DataFrame, rows: pd.DataFrame) -> Markup | None:
    """Return studies and patients with the direction of what decides; None where there is none."""
    if rows.empty:
        return None
    counted = _counted(studies[studies["key"].isin(rows["key"])])
    said = {frozenset(own.dropna()) for _, own in rows.groupby("key")["reported"]}
    if len(said) > 1 or len(next(iter(said))) > 1:
        return Markup("{}<br>{}").format(counted, way(review, "results differ"))
    only = [*next(iter(said))]
    return Markup("{}<br>{}").format(counted, way(review, only[0] if only else None))


def _planned(review: Review, asked: Question) -> str | None:
    awaited = [t for t in review.source.ongoing if t.id in asked.registered and t.awaited]
    if not awaited:
        return None
    planned = sum(trial.planned_patients or 0 for trial in awaited)
    return f"{of_some(len(awaited), 'trial')}, {of_some(planned, 'patient')} planned"


def _levels(judged: pd.DataFrame) -> Markup | str:
    if judged.empty:
        return "very low: nothing compares"
    said = [f"{row.comparator}: {row.ceiling}" for row in judged.itertuples()]
    return Markup("<br>").join(said)


def names_table(review: Review) -> Html:
    """Return each nerve and each other name of a question, with the questions it leads to."""
    living = review.living
    asked = {key: q for q in review.source.questions for key in q.studies}
    leads: dict[str, dict[str, Markup]] = {}
    for row in living.targets.itertuples():
        question = asked.get(str(row.key))
        if question is not None:
            named = links.question(question.id, question.label)
            leads.setdefault(str(row.nerve), {})[question.id] = named
    for question in review.source.questions:
        for name in question.also:
            named = links.question(question.id, question.label)
            leads.setdefault(name, {})[question.id] = named
    ordered = sorted(leads, key=str.casefold)
    frame = pd.DataFrame(
        {
            "Name": ordered,
            "Leads to": [Markup("; ").join(leads[name].values()) for name in ordered],
        }
    )
    return interactive(frame, "Find the question by another name", name="names")


def refusals_table(review: Review) -> Html:
    """Return each reason not to pool, with the groups that it stops."""
    rows = syntheses(review.living)
    frame = pd.DataFrame(
        {
            "Reason": list(REFUSALS.values()),
            "Groups": [
                int(rows["codes"].map(lambda codes, code=code: code in codes).sum())
                for code in REFUSALS
            ],
        }
    )
    return table(
        frame, f"Why {len(rows)} groups of like results are not pooled", row_header="Reason"
    )
