"""Tables of the review's method: what it states where, its rules, its flow, the status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.facts.printed import disagreeing
from livingreview.show import links
from livingreview.show.html import Html
from livingreview.show.table import is_missing, shown, table
from livingreview.words import slug

if TYPE_CHECKING:
    from livingreview.review import Review

NOT_REPORTED = "not reported in the text"


def statements_table(review: Review, only_differing: bool = False) -> Html:
    """Return what each place of the review states on each item, and whether the places agree."""
    rows = review.statements
    differ = disagreeing(rows)
    if not only_differing:  # both tables may stand on one page: the whole one is linked to
        cells = [_linked_to(str(name), value) for name, value in rows["value"].items()]
        rows = rows.assign(value=pd.Series(cells, index=rows.index, dtype=object))
    wide = rows.pivot(index=["item", "what"], columns="place", values="value").reset_index()
    wide = wide.set_index("item").loc[list(dict.fromkeys(rows["item"]))]
    words = {item: "no" if differs else "yes" for item, differs in differ.items()}
    places = [place for place in PLACES if place in wide.columns]
    frame = wide[places].rename(columns=str.capitalize)
    frame.insert(0, "Item", wide["what"])
    frame["Places agree"] = [words.get(item, "one place only") for item in wide.index]
    if only_differing:
        frame = frame[frame["Places agree"] == "no"].dropna(axis="columns", how="all")
    caption = "Items that the review states differently in different places"
    if not only_differing:
        caption = "What the review states of its method, place by place"
    return table(frame, caption, missing="not stated")


def _linked_to(name: str, value: object) -> object:
    """Return a cell with the id of its row of the evidence."""
    return value if is_missing(value) else links.anchor(f"row-printed-{slug(name)}", shown(value))


PLACES = ("title", "abstract", "introduction", "methods", "results", "discussion")


def eligibility_table(review: Review) -> Html:
    """Return the review's rules of inclusion and exclusion, and where each is stated."""
    rules = review.source.protocol.eligibility
    frame = pd.DataFrame(
        {"Rule": rule.rule, "Effect": effect, "Stated in": ", ".join(rule.stated_in)}
        for effect, group in (("included", rules.include), ("excluded", rules.exclude))
        for rule in group
    )
    return table(frame, "Rules of inclusion and exclusion, in our words")


def rule_table(review: Review) -> Html:
    """Return the limits of the long-term rule in force on this page and in the protocol."""
    printed = review.source.protocol.long_term_rule
    used = review.rule
    frame = pd.DataFrame(
        [
            {
                "Part of the rule": "follow-up",
                "As the review states it": f"{printed.minimum_followup_months:g} months or more",
                "Used on these pages": f"{used.minimum_followup_months:g} months or more",
            },
            {
                "Part of the rule": "meaningful relief",
                "As the review states it": f"{printed.relief_rule} "
                f"{printed.relief_threshold_percent:g}% of baseline pain",
                "Used on these pages": f"{used.relief_rule} "
                f"{used.relief_threshold_percent:g}% of baseline pain",
            },
            {
                "Part of the rule": "positive outcome",
                "As the review states it": f"{printed.positive_rule} "
                f"{printed.positive_share_percent:g}% of patients with meaningful relief",
                "Used on these pages": f"{used.positive_rule} "
                f"{used.positive_share_percent:g}% of patients with meaningful relief",
            },
        ]
    )
    return table(frame, "The review's rule for the long term")


def flow_table(review: Review) -> Html:
    """Return the steps of the flow of studies: what the text does not carry is said to be so."""
    values = review.source.protocol.flow.values or {}
    steps = ("Records identified", "Duplicates removed", "Records screened", "Records excluded",
             "Full texts sought", "Full texts assessed", "Full texts excluded")  # fmt: skip
    rows = [{"Step": step, "Number": values.get(step, NOT_REPORTED)} for step in steps]
    rows.append(
        {"Step": "Rows in the first table", "Number": review.fact("printed_rows").value.text}
    )
    rows.append({"Step": "Distinct studies in it", "Number": review.fact("studies").value.text})
    return table(pd.DataFrame(rows), "Flow of studies in the source review", numeric=())


def attribution(review: Review) -> Html:
    """Return the credit that the source review's licence asks for."""
    source = review.source.protocol.source
    where = links.doi(source.doi)
    text = Markup("<blockquote><p>{} {}</p></blockquote>").format(source.attribution, where)
    return Html(str(text), source.attribution)
