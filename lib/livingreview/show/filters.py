"""What a study is, in terms that a reader may choose, and how many studies each term has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.show.words import design_words
from livingreview.tables import ReadAs
from livingreview.words import slug

if TYPE_CHECKING:
    from livingreview.review import Review

PRINTED = "printed"
LIVING = "living"
# Classes of the longest follow-up: name, and the months below which a study falls in it.
FOLLOWUPS = (
    ("under 3 months", 3.0),
    ("3 to under 6 months", 6.0),
    ("6 to under 12 months", 12.0),
    ("12 to under 24 months", 24.0),
    ("24 months or more", float("inf")),
)
UNTIMED = ("variable", "not stated", "not read", "missing")
BY_RULE = {"yes": "positive", "no": "not positive"}
RULES = ("positive", "not positive", "does not qualify", "unclear")
LISTED = {"yes": "printed YES", "no": "printed NO", "not listed": "not listed"}
UNREAD = "not read"
READ = tuple(how for how in get_args(ReadAs) if how != "review table")
Terms = dict[str, list[str]]


@dataclass(frozen=True)
class Filter:
    """One choice of the form: its name in the address, its label, its options by heading."""

    name: str
    label: str
    options: dict[str, list[tuple[str, str, int]]]  # heading: (term, words, studies)


def followup_class(row: Any) -> str:
    """Return the class of a study's longest follow-up, or the word that stands for it."""
    months = row["followup_max_months"]
    if pd.isna(months):
        return str(row["followup_status"])
    return next(name for name, limit in FOLLOWUPS if months < limit)


def rule_class(answer: Any) -> str:
    """Return what the review's rule says of a study: one of ``RULES``."""
    return BY_RULE.get(answer["verdict"], str(answer["verdict"]))


def terms(edition: Review) -> dict[str, Terms]:
    """Return, by study, the terms of each filter in one edition; one printed twice by its last row.

    Keys of the inner mapping: region, nerve, design, guidance, followup, verdict, read.
    """
    studies = distinct_studies(edition.studies)
    answers = edition.long_term.set_index("key")
    targets = dict(iter(edition.targets.groupby("key")))
    read = edition.living.studies.set_index("key")["read_as"]
    found = {}
    for _, row in studies.iterrows():
        key, own = row["key"], targets.get(row["key"])
        answer = answers.loc[key]
        verdicts = [rule_class(answer)]
        if pd.notna(answer["agreement"]):  # None for a study that the review does not hold
            verdicts.append(LISTED[answer["printed"]])
        found[key] = {
            "region": [] if own is None else sorted(set(own["region"])),
            "nerve": [] if own is None else sorted({*own["nerve"], *own["part_of"].dropna()}),
            "design": [row["design"]],
            "guidance": list(row["guidance"]),
            "followup": [followup_class(row)],
            "verdict": verdicts,
            "read": [UNREAD if read[key] == "review table" else read[key]],
        }
    return found


def records(review: Review) -> list[dict[str, Any]]:
    """Return each study of both editions: key, patients, and its terms per edition.

    ``patients`` are those of the living edition, None where not known; an edition that does not
    hold a study is None.
    """
    editions = {PRINTED: terms(review.printed), LIVING: terms(review.living)}
    rows = review.living.studies
    patients = dict(zip(rows["key"], rows["patients"], strict=True))
    return [
        {
            "key": slug(key),
            "patients": None if pd.isna(patients[key]) else int(patients[key]),
            **{name: by_key.get(key) for name, by_key in editions.items()},
        }
        for key in patients
    ]


def filters(review: Review, studies: list[dict[str, Any]]) -> list[Filter]:
    """Return the choices of the form, each term with the studies that either edition gives it."""
    words = review.source.vocabulary
    regions: dict[str, list[str]] = {}
    for term in sorted(words.nerves.entries, key=lambda entry: entry.name.casefold()):
        regions.setdefault(term.region, []).append(term.name)
    designs = [term.name for term in words.designs.entries]
    guidance = [*words.guidance.by_name, "not stated", UNREAD, "missing"]
    groups: list[tuple[str, str, dict[str, Iterable[str]]]] = [
        ("region", "Region", {"": sorted(regions)}),
        ("nerve", "Nerve or structure", {name: regions[name] for name in sorted(regions)}),
        ("design", "Design", {"": [*designs, "not stated"]}),
        ("guidance", "Guidance", {"": guidance}),
        ("followup", "Longest follow-up", {"": [*(name for name, _ in FOLLOWUPS), *UNTIMED]}),
        (
            "verdict",
            "Long-term verdict",
            {"By the rule of the review": RULES, "In its second table": LISTED.values()},
        ),
        ("read", "Primary study", {"": (*READ, UNREAD)}),
    ]
    made = []
    for name, label, headed in groups:
        counts = _counts(studies, name)
        options = {
            heading: [
                (t, design_words(words, t) if name == "design" else t, counts[t])
                for t in listed
                if t in counts
            ]
            for heading, listed in headed.items()
        }
        made.append(Filter(name, label, {h: found for h, found in options.items() if found}))
    return [choice for choice in made if choice.options]


def _counts(studies: list[dict[str, Any]], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for study in studies:
        held = (study[edition][name] for edition in (PRINTED, LIVING) if study[edition])
        for term in {term for terms in held for term in terms}:
            found[term] = found.get(term, 0) + 1
    return found
