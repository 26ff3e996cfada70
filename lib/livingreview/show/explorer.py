"""The explorer: every study of both editions in one table, with filters and charts that follow.

The page holds the whole table; ``assets/explorer.js`` shows the form and applies its filters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.evidence.edition import distinct_studies
from livingreview.evidence.trials import verdicts
from livingreview.frames import is_of
from livingreview.show import links
from livingreview.show.bigtable import interactive
from livingreview.show.card_values import design_words, followup_words, states_nerves
from livingreview.show.explorer_terms import LIVING, PRINTED, UNREAD, filters, records, rule_class
from livingreview.show.html import Html, render
from livingreview.show.results import count_words, threshold_words
from livingreview.show.row_words import size_words, time_words
from livingreview.show.studies import labels
from livingreview.tables import TREATMENT
from livingreview.words import listed

if TYPE_CHECKING:
    from livingreview.review import Review


def explorer(review: Review) -> Html:
    """Return the form, the charts, and the table of every study of both editions."""
    from livingreview.show.charts_explorer import explorer_charts

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
        patients=sum(study["patients"] for study in studies),
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
        frame,
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
        "Design": _beside("" if old is None else design_words(words, old["design"]),
                          design_words(words, new["design"])),
        "Patients": new["patients"],
        "Nerves": nerves,
        "Region": regions,
        "Guidance": guided,
        "Follow-up": _beside("" if old is None else followup_words(old), followup_words(new)),
        "Long term, by the rule": Markup("{}; the review prints {}").format(by_rule, said.iloc[0])
        if len(said) else by_rule,
        "Read as": UNREAD if read == "review table" else read,
    }  # fmt: skip


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
    """Return a study's finding: a trial's verdict, else its latest share of responders or change.

    Of the treated arm, in the living edition; later results stand in for earlier ones.
    """
    living = review.living
    rows = living.outcomes[is_of(living.outcomes, TREATMENT)]
    rows = rows.sort_values("months", kind="stable", na_position="first")
    shares = rows[(rows["kind"] == "responder") & rows["percent"].notna()]
    changes = rows[(rows["kind"] == "mean change") & rows["estimate"].notna()]
    found = {
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
