"""How much hangs on choices: conclusions under all combinations, and those a reader chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.facts.choices import percent_words
from livingreview.show.html import Html, render
from livingreview.show.table import table
from livingreview.synthesis.multiverse import (
    ANSWERS,
    CONCLUSIONS,
    NEGATIVE,
    OF_RULE,
    OF_STUDIES,
    OPEN,
    POSITIVE,
    UNSETTLED,
    Multiverse,
    multiverse,
    shares_of,
)
from livingreview.words import in_months

if TYPE_CHECKING:
    from livingreview.review import Review

SAID = {
    "treated arms": "Most of the studies that qualify are positive",
    "comparison arms": "The rule calls some comparison arm positive, too",
}
COUNTED = {POSITIVE: "Positive", NEGATIVE: "Not positive", OPEN: "Not settled"}
AS_IN_PROTOCOL = "as in the protocol"
LABELS = {
    "minimum_followup_months": "Followed for at least",
    "of_several": "Of several results",
    "relief_threshold_percent": "Relief that counts",
    "relief_rule": "The relief must be",
    "positive_share_percent": "Share of patients",
    "positive_rule": "The share must be",
    "designs": "Designs",
    "only_read": "Primary studies",
    "least_patients": "Patients in the study",
}


def level_words(choice: str, level: Any) -> str:
    """Return how a level of a choice reads in a list of levels."""
    if choice == "minimum_followup_months":
        return in_months(level)
    if choice in ("relief_threshold_percent", "positive_share_percent"):
        return f"{level:g}%"
    if choice in ("relief_rule", "positive_rule"):
        return {">": "more than that", ">=": "that or more"}[level]
    if choice == "only_read":
        return "only those that were read" if level else "read or not"
    if choice == "least_patients":
        return f"{level} or more" if level else "any number"
    return f"the {level}" if choice == "of_several" else str(level)


def _of_living(review: Review) -> dict[str, Multiverse]:
    return {arms: multiverse(review.living, arms) for arms in CONCLUSIONS}


def conclusions_table(review: Review) -> Html:
    """Return, per conclusion and way with unsettled studies, the share of choices per answer."""
    rows = []
    found = _of_living(review)
    for arms, universe in found.items():
        for unsettled in UNSETTLED:
            counts = shares_of(universe.answers(unsettled))
            shares = {
                name.capitalize(): percent_words(100 * count / universe.size)
                for name, count in counts.items()
            }
            rows.append({"Conclusion": SAID[arms], "Studies not settled": unsettled, **shares})
    first = found["treated arms"]
    caption = (
        f"Of {first.size:,} combinations of choices, the share under which a conclusion holds; "
        f"{first.distinct:,} of them differ in what they say of any study"
    )
    frame = pd.DataFrame(rows)
    return table(frame, caption, numeric=[name.capitalize() for name in ANSWERS])


def steps_table(review: Review) -> Html:
    """Return the counts of treated arms with each choice changed alone, from the protocol's."""
    universe = _of_living(review)["treated arms"]
    rows = [_step(universe, "None", AS_IN_PROTOCOL, universe.at())]
    for choice in (*OF_RULE, *OF_STUDIES):
        for level in getattr(universe.choices, choice):
            place = universe.at(**{choice: level})
            if place != universe.at():
                rows.append(_step(universe, LABELS[choice], level_words(choice, level), place))
    return table(pd.DataFrame(rows), f"{SAID['treated arms']}: each choice changed alone")


def _step(universe: Multiverse, label: str, level: str, place: tuple[int, ...]) -> dict[str, Any]:
    counts = {word: int(universe.counts[code][place]) for code, word in COUNTED.items()}
    answer = ANSWERS[universe.answers()[place]]
    return {"Changed": label, "To": level, **counts, "Conclusion": answer}


def choices_form(review: Review) -> Html:
    """Return controls for every choice, and the conclusions under the chosen ones.

    Without a script it is the conclusions under the protocol's own choices. The data are counts
    and answers in the order of the arrays; the script only looks them up.
    """
    found = _of_living(review)
    first = found["treated arms"]
    own = first.at()
    controls = [
        {
            "name": choice,
            "label": LABELS[choice],
            "own": own[place],
            "levels": [level_words(choice, level) for level in getattr(first.choices, choice)],
        }
        for place, choice in enumerate((*OF_RULE, *OF_STUDIES))
    ]
    conclusions = [
        {
            "said": SAID[arms],
            "answer": ANSWERS[universe.answers()[own]],
            "counts": [int(universe.counts[code][own]) for code in COUNTED],
        }
        for arms, universe in found.items()
    ]
    data = {
        "answers": ANSWERS,
        "conclusions": [
            {
                "counts": [universe.counts[code].ravel().tolist() for code in COUNTED],
                "answers": [
                    "".join(map(str, universe.answers(way).ravel().tolist())) for way in UNSETTLED
                ],
            }
            for universe in found.values()
        ],
    }
    html = render(
        "choices.html",
        controls=controls,
        unsettled=UNSETTLED,
        counted=[*COUNTED.values()],
        conclusions=conclusions,
        data=data,
    )
    said = "\n".join(f"{one['said']}: {one['answer']}" for one in conclusions)
    return Html(html, said)
