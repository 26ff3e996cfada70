"""Answers by clinical question: the map of all, and what each page shows of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.audit.claims import audits
from livingreview.evidence.edition import distinct_studies
from livingreview.pages.context import ongoing_rows
from livingreview.show import links
from livingreview.show.forest import interval
from livingreview.show.html import Html
from livingreview.show.table import table
from livingreview.show.words import design_words, labels, of_some, size_words, targets_of, told
from livingreview.synthesis.certainty import NONE, certainty
from livingreview.synthesis.contrasts import PAIN, contrasts, unfound
from livingreview.synthesis.groups import syntheses
from livingreview.synthesis.overlaps import DIFFERENT, overlaps
from livingreview.words import LISTED, known, number, when

if TYPE_CHECKING:
    from livingreview.data.questions import Question
    from livingreview.review import Review

BETTER, WORSE = "\N{BLACK RIGHT-POINTING TRIANGLE}", "\N{BLACK LEFT-POINTING TRIANGLE}"
SAME, DIFFER, OPEN = "=", BETTER + WORSE, "?"
BY_SOURCE = "said by the source review alone"
SAID = {
    "favours treatment": (BETTER, "better with {treatment}"),
    "favours comparator": (WORSE, "worse with {treatment}"),
    "no difference": (SAME, "no difference shown"),
    "results differ": (DIFFER, "results differ"),
}


def question_of(review: Review, name: str) -> Question:
    """Return a clinical question by its id; raises ``LookupError`` for an unknown one."""
    found = {asked.id: asked for asked in review.source.questions}
    if name not in found:
        raise LookupError(f"question one of {', '.join(found)}; not {name}")
    return found[name]


def head(review: Review, question: str, leaflet: bool = True) -> Html:
    """Return what an answer begins with: where links lead, other names, its studies, its leaflet.

    ``leaflet`` is false where the question has no page of its own, and so none.
    """
    asked = question_of(review, question)
    studies = studies_of(review, asked)
    also = f" Also looked for as: {', '.join(asked.also)}." if asked.also else ""
    what = f"{of_some(len(studies), 'study', 'studies')} of this review.{also}"
    paper = Markup(
        '<span class="noprint"> <a href="../leaflets/{}.pdf">On one sheet of paper (PDF)</a>, '
        'and <a href="../leaflets.pdf">all answers so (PDF)</a>.</span>'
    ).format(asked.id)
    html = Markup('<p id="question-{}" class="asked">{}{}</p>').format(
        asked.id, what, paper if leaflet else ""
    )
    return Html(str(html), what)


def studies_of(review: Review, asked: Question) -> pd.DataFrame:
    """Return the studies of a question in the living edition, each once."""
    studies = distinct_studies(review.living.studies)
    return studies[studies["key"].isin(asked.studies)]


def compared_table(review: Review, question: str) -> Html:
    """Return each contrast that decides on a study, on its own scale, better to one side.

    The drawing shows the interval against no difference, and shaded what is too small to matter;
    a contrast without numbers has none.
    """
    rows = _contrasts_of(review, question)
    if rows.empty:
        treatment = review.source.protocol.treatment
        text = f"No study of this question compares {treatment} with anything."
        return Html(str(Markup("<p>{}</p>").format(text)), text)
    what = "What decides: the primary endpoint, or pain at all times"
    return _compared(review, rows[_shown_first(rows)], what)


def other_contrasts_table(review: Review, question: str) -> Html:
    """Return the other contrasts of a question: later times, other measures, parts of arms."""
    rows = _contrasts_of(review, question)
    rows = rows[~_shown_first(rows)]
    if rows.empty:
        text = "These studies compare nothing else."
        return Html(str(Markup("<p>{}</p>").format(text)), text)
    return _compared(review, rows, "Other comparisons of the same studies")


def _shown_first(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return, per contrast, whether it decides, of pain where that was compared of its arms."""
    first = pd.Series(False, index=rows.index)
    for _, own in rows[rows["decides"]].groupby(["key", "comparator"]):
        pain = own[own["measure_class"] == PAIN]
        first |= first.index.isin((own if pain.empty else pain).index)
    return first


def _contrasts_of(review: Review, question: str) -> pd.DataFrame:
    rows = contrasts(review.living)
    return rows[rows["question"] == question_of(review, question).id]


def _compared(review: Review, rows: pd.DataFrame, what: str) -> Html:
    living = review.living
    order = [*review.source.vocabulary.comparators.by_name]
    rank = rows["comparator"].map(lambda names: order.index(names.split(LISTED)[0]))
    rows = rows.assign(rank=rank).sort_values(["rank", "key", "months"], kind="stable")
    reported = [living.outcomes.loc[str(name)] for name in rows.index]
    names, absent = labels(living), unfound(living)
    each = [*zip(_each(rows), reported, strict=True)]
    frame = pd.DataFrame(
        {
            "Study": [links.study(key, names[key]) for key in rows["key"]],
            "Against": [_against(row) for row, _ in each],
            "Measure": [_measure(row) for row, _ in each],
            "Worse | better": [interval(row) for row, _ in each],
            "Result": [_result(row, read) for row, read in each],
            "Direction": [
                BY_SOURCE if name in absent else way(review, row.reported)
                for name, (row, _) in zip(rows.index, each, strict=True)
            ],
            "Cautions": [_cautions(read) for _, read in each],
        }
    )
    caption = f"{what}; each on its own scale, lengths on different scales do not compare"
    return table(frame, caption, missing="not stated")


def _against(row: Any) -> str:
    return f"{row.comparator}, {when(row.months) or 'time not stated'}"


def _measure(row: Any) -> str:
    part = "" if known(row.part) is None else f", {row.part}"
    counted = ", from the counts of both arms" if row.computed else ""
    return f"{known(row.measure) or 'not stated'}{part}{counted}"


def _result(row: Any, reported: Any) -> str:
    """Return the numbers in words, as printed or as computed from counts."""
    if not row.computed:
        return size_words(reported)
    limits = f"{number(round(row.ci_low, 1))} to {number(round(row.ci_high, 1))}"
    return f"{number(round(row.estimate, 1))} percentage points, 95% CI {limits}; counted here"


def _each(frame: pd.DataFrame) -> list[Any]:
    return [*frame.itertuples()]


def way(review: Review, reported: object) -> Markup:
    """Return which way a result points as sign and words; *not stated* where nobody says."""
    sign, words = SAID.get(str(reported), (OPEN, "direction not stated"))
    words = words.format(treatment=review.source.protocol.treatment)
    return Markup('<span class="way"><i aria-hidden="true">{}</i> {}</span>').format(sign, words)


def _cautions(row: Any) -> str:
    said = [*row["cautions"], *([] if known(row["note"]) is None else [row["note"]])]
    read = [] if row["read_as"] == "full text" else [f"read in: {row['read_as']}"]
    return "; ".join([*said, *read]) or "none noted"


def certainty_table(review: Review, question: str) -> Html:
    """Return, by comparator, the level to start from, why it is lowered, and what is not judged."""
    judged = certainty(review.living)
    judged = judged[judged["question"] == question_of(review, question).id]
    names = labels(review.living)
    frame = pd.DataFrame(
        {
            "Against": judged["comparator"].replace(NONE, "nothing"),
            "Studies that decide": [
                Markup(", ").join(links.study(key, names[key]) for key in keys)
                for keys in judged["studies"]
            ],
            "Patients": judged["patients"],
            "Starts at": judged["start"],
            "Lowered for": [", ".join(reasons) for reasons in judged["lowered_for"]],
            "At most": judged["ceiling"],
            "Not judged": [", ".join(_named(names, open_)) for open_ in judged["not_assessed"]],
        }
    )
    return table(frame, "How sure this can be at most, and why", missing="none")


def _named(names: dict[str, str], parts: tuple[str, ...]) -> list[str]:
    """Return what is not judged, with studies by their names."""
    return [" ".join(names.get(word, word) for word in part.split(" ")) for part in parts]


def harms_table(review: Review, question: str) -> Html:
    """Return what the studies of a question say of harm; the last row counts those unknown."""
    from livingreview.pages.safety import harms_of

    return harms_of(review, question_of(review, question))


def treated_table(review: Review, question: str) -> Html:
    """Return who was treated and how: condition, nerves, guidance, and what a report should say."""
    asked = question_of(review, question)
    studies, living = studies_of(review, asked), review.living
    names, nerves, guided = labels(living), targets_of(living), studies["guidance"]
    stated = living.reporting.set_index(["key", "item"])
    frame = {
        "Study": [links.study(key, names[key]) for key in studies["key"]],
        "Condition": studies["condition"],
        "Nerves": studies["row"].map(nerves),
        "Guidance": guided,
    }
    for item in review.source.vocabulary.reporting.entries:
        frame[f"{(item.meaning or item.name)[:1].upper()}{(item.meaning or item.name)[1:]}"] = [
            _item(stated, key, item.name) for key in studies["key"]
        ]
    shown = told(review, pd.DataFrame(frame))
    return table(shown, f"Who was treated, and how: {asked.label}", missing="not read")


def _item(stated: pd.DataFrame, key: str, item: str) -> str:
    if (key, item) not in stated.index:
        return "not read"
    row: Any = stated.loc[(key, item)]
    return str(known(row["value"]) or row["status"])


def its_studies_table(review: Review, question: str) -> Html:
    """Return the studies of a question in five columns, the best design first."""
    asked = question_of(review, question)
    living = review.living
    studies = studies_of(review, asked)
    order = ["trial", "cohort", "case report"]
    rank = studies["design_group"].map(order.index)
    studies = studies.assign(rank=rank).sort_values(["rank", "patients"], ascending=[True, False])
    names, words = labels(living), review.source.vocabulary
    reports = living.reports.set_index("key")
    frame = pd.DataFrame(
        {
            "Study": [links.study(key, names[key]) for key in studies["key"]],
            "Design": [design_words(words, code) for code in studies["design"]],
            "Patients": [_patients(row) for row in _each(studies)],
            "Followed": [when(months) for months in studies["followup_max_months"]],
            "Funding and interests": [_funding(reports, key) for key in studies["key"]],
            "Read as": studies["read_as"],
        }
    )
    return table(frame, f"The studies: {asked.label}", missing="not stated")


def _patients(row: Any) -> str | None:
    treated, everyone = known(row.patients_treated), known(row.patients)
    if everyone is None:
        return None
    if treated is None or treated == everyone:
        return str(everyone) if treated is not None else f"{everyone}, treated not stated"
    return f"{treated} treated of {everyone}"


def _funding(reports: pd.DataFrame, key: str) -> str:
    return str(reports["funding"].get(key, "not read"))


def under_way_table(review: Review, question: str) -> Html:
    """Return the registered trials that ask the question and are awaited, or a sentence."""
    asked = question_of(review, question)
    awaited = [t for t in review.source.ongoing if t.id in asked.registered and t.awaited]
    if not awaited:
        text = "No registered trial of this question is known to this review."
        return Html(str(Markup("<p>{}</p>").format(text)), text)
    caption = f"{of_some(len(awaited), 'registered trial')} that could change this answer"
    return table(ongoing_rows(awaited), caption, missing="not stated")


def source_claims_table(review: Review, question: str) -> Html:
    """Return the claims of the source review's last printing that rest on this question alone."""
    keys = {*question_of(review, question).studies}
    printings = [*review.source.printings]
    found = audits(review)
    found = found[(found["printing"] == printings[-1]) & (found["matters"] != "bookkeeping")]
    rows = [row for row in _each(found) if _rests_on(review, row, keys)]
    if not rows:
        text = "None of the claims that were checked rests on studies of this question alone."
        return Html(str(Markup("<p>{}</p>").format(text)), text)
    frame = pd.DataFrame(
        {
            "The source review says": [links.claim(str(row.id), str(row.says)) for row in rows],
            "In its own tables": [row.computed for row in rows],
            "As its studies were read": [known(row.as_read) for row in rows],
            "Verdict": [row.verdict for row in rows],
        }
    )
    caption = "What the source review says of it, and whether it holds, by the studies that it has"
    return table(frame, caption, missing="not read")


def _rests_on(review: Review, claim: Any, keys: set[str]) -> bool:
    """Return whether a claim is answered from rows of these studies alone, its base included."""
    if known(claim.fact) is None:
        return False
    fact = review.fact(str(claim.fact))
    asked = review.in_edition(fact.edition)
    named = {*asked.keys_of(fact.value.rows), *asked.keys_of(fact.value.base)}
    return bool(named) and named <= keys


def hangs_on(review: Review, question: str) -> Html:
    """Return what the answer hangs on: single studies, and patients who may count twice."""
    living = review.living
    asked = question_of(review, question)
    names = labels(living)
    said: list[Markup] = []
    judged = certainty(living)
    for row in _each(judged[judged["question"] == asked.id]):
        if len(row.studies) == 1:
            (key,) = row.studies
            said.append(
                Markup("Against {} the answer rests on one study: {}.").format(
                    row.comparator, links.study(key, names[key])
                )
            )
    for row in _each(overlaps(living)):
        if row.question == asked.id and row.judged != DIFFERENT:
            said.append(
                Markup("{} and {} may share patients ({}); {}.").format(
                    links.study(row.key, names[row.key]),
                    links.study(row.other, names[row.other]),
                    row.reason,
                    row.judged,
                )
            )
    refused = syntheses(living)
    own = refused[refused["question"] == asked.id]
    pooled = int((own["decision"] == "pooled").sum())
    said.append(
        Markup("Of {} groups of like results {} pooled.").format(
            len(own), f"{pooled} are" if pooled else "none is"
        )
    )
    items = Markup("").join(Markup("<li>{}</li>").format(part) for part in said)
    text = "\n".join(part.striptags() for part in said)
    return Html(str(Markup("<ul>{}</ul>").format(items)), text)
