"""Context: ongoing and registered trials, and other reviews beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.data.elsewhere import OtherHarm, OtherTreatment
from livingreview.data.surroundings import REVIEWS, OtherReview, RegisteredTrial
from livingreview.evidence.edition import distinct_studies
from livingreview.show import links
from livingreview.show.html import Html
from livingreview.show.rows import study_link
from livingreview.show.table import shown, table
from livingreview.show.words import told
from livingreview.synthesis.contrasts import PAIN, contrasts
from livingreview.words import in_months, known, number, span, when

if TYPE_CHECKING:
    from livingreview.review import Review

NOT_STATED = "not stated"
OURS = "This review"


def ongoing_table(review: Review) -> Html:
    """Return the registered trials whose results would change the answer; the soonest end first."""
    awaited = [trial for trial in review.source.ongoing if trial.awaited]
    awaited.sort(key=lambda trial: (trial.end or "9999", trial.id))
    known = [t.planned_patients for t in awaited if t.planned_patients is not None]
    caption = (
        f"{len(awaited)} registered trials of the question of which no publication was found; "
        f"{len(known)} state their size, {sum(known)} patients in all"
    )
    frame = ongoing_rows(awaited)
    return table(frame, caption, missing=NOT_STATED, numeric=["Patients planned"])


def ongoing_rows(trials: list[RegisteredTrial]) -> pd.DataFrame:
    """Return what is shown of some registered trials, one in a row."""
    columns = [
        "Registration",
        "Condition",
        "Patients planned",
        "Planned end",
        "Treatment",
        "Status",
        "Status as of",
        "Sponsor",
        "Note",
    ]
    rows = [
        [
            _registration(t),
            t.condition,
            shown(t.planned_patients),
            t.end,
            t.treatment,
            t.status,
            t.status_as_of,
            t.sponsor,
            t.note or "no note",
        ]
        for t in trials
    ]
    return pd.DataFrame(rows, columns=columns)


def registered_table(review: Review) -> Html:
    """Return the other registered trials, and why their results are not awaited here."""
    rest = [trial for trial in review.source.ongoing if not trial.awaited]
    columns = ["Registration", "Condition", "Treatment", "Patients", "Status", "Why not awaited"]
    rows = [
        [
            _registration(t),
            t.condition,
            t.treatment,
            shown(t.planned_patients),
            t.status,
            _why_not(review, t),
        ]
        for t in rest
    ]
    caption = f"{len(rest)} registered trials whose results are not awaited"
    frame = pd.DataFrame(rows, columns=columns)
    return table(frame, caption, missing=NOT_STATED, numeric=["Patients"])


def _registration(trial: RegisteredTrial) -> str:
    if trial.id.startswith("doi:"):
        return links.doi(trial.id.removeprefix("doi:"), "protocol, by its DOI")
    return trial.id


def _why_not(review: Review, trial: RegisteredTrial) -> str:
    if trial.published_as is not None:
        return Markup("published: {}").format(study_link(review, trial.published_as))
    if trial.same_question != "yes":
        answers = {"no": "another question", "unclear": "unclear whether it asks the question"}
        return answers.get(trial.same_question, "the question in part")
    return str(trial.status)


def reviews_table(review: Review) -> Html:
    """Return other reviews beside our living edition: their extent, then their numbers and ours.

    The second table states the scale and the contrast of each row: a size of before and after is
    no sham-controlled difference.
    """
    parts = (_extent_table(review), _numbers_table(review))
    return Html("".join(p.html for p in parts), "\n\n".join(p.text for p in parts))


def _extent_table(review: Review) -> Html:
    studies = distinct_studies(review.living.studies)
    through = review.source.versions.present.searched_through
    rows: list[list[Any]] = [
        [
            OURS,
            str(len(studies)),
            f"{int(studies['patients'].sum()):,}",
            str(int(studies["randomised"].sum())),
            shown(through),
            "see the chapters",
            "nothing pooled",
            " ".join(review.source.protocol.question.split()),
            "yes",
        ]
    ]
    rows += [
        [
            _named(review, r),
            shown(r.studies),
            None if r.patients is None else f"{r.patients:,}",
            shown(r.trials),
            r.searched_to,
            r.finding,
            r.caution or "none noted",
            r.scope,
            r.same_question,
        ]
        for r in review.source.reviews
        if r.kind in REVIEWS
    ]
    columns = [
        "Review",
        "Studies",
        "Patients",
        "Trials",
        "Searched to",
        "Finding, in our words",
        "Caution",
        "Scope",
        "Same question",
    ]
    return table(
        pd.DataFrame(rows, columns=columns),
        f"This review and {sum(r.counted for r in review.source.reviews)} others",
        missing=NOT_STATED,
        numeric=["Studies", "Patients", "Trials"],
    )


def _named(review: Review, other: OtherReview) -> str | Markup:
    """Return the name of another review as a link, with that of which it is a second paper."""
    name = links.doi(other.doi, other.name) or other.name
    first = next((r.name for r in review.source.reviews if r.key == other.same_as), None)
    return Markup("{}: the same review as {}").format(name, first) if first else name


def judgements_table(review: Review) -> Html:
    """Return guidelines, consensus, and what payers and regulators say of the treatment."""
    rest = [r for r in review.source.reviews if r.kind not in REVIEWS]
    columns = ["From", "Kind", "Scope", "What it says, in our words", "Caution", "Read as"]
    rows = [
        [
            links.doi(r.doi, r.name) or r.name,
            r.kind,
            r.scope,
            r.finding,
            r.caution or "none noted",
            r.read_as,
        ]
        for r in rest
    ]
    caption = f"{len(rest)} guidelines, payers and regulators: judgements, no evidence of an effect"
    return table(pd.DataFrame(rows, columns=columns), caption, missing=NOT_STATED)


def other_treatment_table(review: Review) -> Html:
    """Return what is reported of a comparator for the same use: context, never counted."""
    columns = [
        "From",
        "Design",
        "Nerves",
        "Patients",
        "Compared with",
        "Found",
        "Limits",
        "Read as",
    ]
    rows = [
        [
            _of_reference(r.first_author, r.year, r.title, r.ref),
            r.design,
            r.nerve,
            shown(r.patients),
            r.comparator,
            "; ".join(part for part in (_shares(r), r.finding) if part) or None,
            r.limits,
            r.read_as,
        ]
        for r in review.source.other_treatment
    ]
    caption = (
        f"{len(rows)} reports of another treatment for the same use: context only, "
        "counted nowhere in this review"
    )
    frame = told(review, pd.DataFrame(rows, columns=columns))
    return table(frame, caption, missing=NOT_STATED, numeric=["Patients"])


def _of_reference(author: str | None, year: int | None, title: str, ref: int | None) -> str:
    name = f"{author} {year or 'year not stated'}: {title}" if author else title
    return name if ref is None else f"{name} [{ref}]"


def _shares(report: OtherTreatment) -> str:
    """Return the responders of each arm and time, with what made one."""
    said = [f"{s.arm} {s.percent:g}% at {in_months(s.months)}" for s in report.shares]
    limit = report.threshold or "threshold not stated"
    return f"responders ({limit}): {', '.join(said)}" if said else ""


def other_harms_table(review: Review) -> Html:
    """Return harm told of elsewhere: other uses of the treatment, and where nothing was found."""
    columns = ["Event", "How often", "Setting", "Nerves", "Of this question", "Note", "From"]
    rows = [
        [
            h.event,
            _how_often(h),
            h.setting,
            h.nerve,
            h.applies,
            h.note,
            links.doi(h.doi, _author_and_year(h)) or _author_and_year(h),
        ]
        for h in review.source.harms
    ]
    caption = "Harm told of elsewhere, in no study that is counted here"
    frame = told(review, pd.DataFrame(rows, columns=columns))
    return table(frame, caption, missing=NOT_STATED)


def _author_and_year(harm: OtherHarm) -> str:
    if harm.first_author is None:
        return harm.citation or harm.key
    return f"{harm.first_author} {harm.year or 'year not stated'}"


def _how_often(harm: OtherHarm) -> str | None:
    """Return a count with what it is of, and a percentage, as far as they are printed."""
    count = None
    if harm.patients is not None:
        of = "" if harm.at_risk is None else f" of {harm.at_risk}"
        count = f"{harm.patients}{of}"
    share = None if harm.percent is None else f"{harm.percent:g}%"
    said = [part for part in (count, share) if part]
    unit = harm.of or ("patients" if said else None)
    return f"{', '.join(said)}; {unit}" if said else None


def _numbers_table(review: Review) -> Html:
    rows = [
        _pooled_row(other, pooled)
        for other in review.source.reviews
        if other.same_as is None
        for pooled in other.pooled
    ]
    rows += _our_rows(review)
    columns = [
        "From",
        "Measure",
        "Time",
        "Estimate",
        "95% CI",
        "Scale",
        "What is compared",
        "Direction and caution",
        "I²",
    ]
    caption = (
        "Numbers of other reviews, and the differences in pain between arms that our studies "
        "report; rows on different scales, or of different contrasts, are not comparable, and a "
        "change from before to after is no difference from sham"
    )
    return table(pd.DataFrame(rows, columns=columns), caption, missing=NOT_STATED)


def _pooled_row(other: OtherReview, pooled: Any) -> list[Any]:
    return [
        f"{other.name} (pooled)",
        pooled.measure,
        when(pooled.months),
        number(pooled.estimate),
        span(pooled.ci_low, pooled.ci_high),
        pooled.scale,
        pooled.contrast,
        other.caution,
        None if pooled.i2_percent is None else f"{pooled.i2_percent:g}%",
    ]


def _our_rows(review: Review) -> list[list[Any]]:
    """Return the differences in pain between whole arms, one study at a time."""
    found = contrasts(review.living)
    found = found[(found["measure_class"] == PAIN) & found["part"].isna() & ~found["computed"]]
    rows = review.living.outcomes.loc[found.index]
    rows = rows[rows["estimate"].notna()]
    return [
        [
            study_link(review, str(row.key)),
            known(row.measure),
            when(row.months),
            number(row.estimate),
            span(row.ci_low, row.ci_high),
            known(row.scale),
            row.arm_words,
            _words_of(row),
            "one study",
        ]
        for _, row in rows.iterrows()
    ]


def _words_of(row: Any) -> str | None:
    """Return whom a difference favours, whether it is the primary endpoint, and its caution."""
    endpoint = known(row.primary_endpoint)
    named = {True: "primary endpoint", False: "secondary endpoint"}.get(endpoint)
    said = [str(part) for part in (known(row.direction), named, known(row.note)) if part]
    return "; ".join(dict.fromkeys("; ".join(said).split("; "))) or None  # each thing once
