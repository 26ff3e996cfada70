"""Facts on what was found: responders, mean changes, relief, improvement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.facts import values
from livingreview.facts.printed import titled
from livingreview.facts.registry import OF_PRINT, fact
from livingreview.facts.select import number_of, of_rows, parts, results, select, terms_of
from livingreview.facts.values import Value
from livingreview.reading.results import whole_counts
from livingreview.synthesis.intervals import responders_text
from livingreview.tables import TREATMENT
from livingreview.words import listed

if TYPE_CHECKING:
    from livingreview.evidence.edition import Edition


MEANS = {"mean change", "mean relief"}


def _one(rows: pd.DataFrame) -> Any:
    """Return the first row, by time; None without rows."""
    return rows.sort_values("months", kind="stable").iloc[0] if len(rows) else None


@fact(
    "Responders of {key} at the latest time stated, with their denominator and 95% Wilson "
    "interval where patients are counted"
)
def responders(edition: Edition, key: str, arm: str = TREATMENT) -> Value:
    """Return the percentage of responders; the text adds counts and interval."""
    terms_of("arm", arm, {"not stated", *edition.source.vocabulary.comparators.by_name})
    rows = results(edition, select(edition, key=key), "responder", arm=arm)
    rows = rows.sort_values("months", na_position="first", kind="stable").iloc[-1:]
    row = _one(rows)
    if row is None or pd.isna(row["percent"]):
        return Value(None, "not stated", values.names(rows))
    text = responders_text(row["responders"], row["evaluated"], row["percent"])
    return Value(float(row["percent"]), text, values.names(rows))


@fact("Responders of {key} at the latest time stated, in percent of the patients treated")
def responders_of_treated(edition: Edition, key: str) -> Value:
    """Return a percentage; those who were treated and not evaluated count as no responders."""
    studies = select(edition, key=key)
    rows = results(edition, studies, "responder")
    rows = rows[rows["responders"].notna()]
    rows = rows.sort_values("months", na_position="first", kind="stable").iloc[-1:]
    row, treated = _one(rows), studies["patients_treated"].max()
    if row is None or pd.isna(treated):
        return Value(None, "not stated", values.names(rows))
    share = round(100 * row["responders"] / treated, 1)
    text = f"{share:g}% ({row['responders']} of {treated})"
    return Value(float(share), text, values.names(rows), base=values.names(studies))


@fact("Patients of {key} above relief of {percent}%")
def responder_count(edition: Edition, key: str, percent: str) -> Value:
    """Return the number of patients above exactly this threshold."""
    rows = results(edition, select(edition, key=key), "responder")
    rows = rows[(rows["threshold_percent"] == number_of(percent)) & (rows["threshold_rule"] == ">")]
    row = _one(rows)
    if row is None or pd.isna(row["responders"]):
        return Value(None, "not stated", values.names(rows))
    text = f"{row['responders']} of {row['evaluated']}"
    return Value(int(row["responders"]), text, values.names(rows), of=int(row["evaluated"]))


@fact("Relief threshold in percent of the responders of {key}")
def responder_threshold(edition: Edition, key: str) -> Value:
    """Return the threshold of the first responder result."""
    rows = results(edition, select(edition, key=key), "responder").iloc[:1]
    row = _one(rows)
    return values.number(None if row is None else row["threshold_percent"], rows, "%")


@fact("Latest time at which responders are printed for {key}")
def responder_months(edition: Edition, key: str) -> Value:
    """Return months of the latest responder result with a share."""
    rows = results(edition, select(edition, key=key), "responder")
    latest = rows[rows["months"] == rows["months"].max()]
    return values.number(rows["months"].max(), latest, "months")


@fact("Latest time at which a mean reduction is printed for {key}")
def mean_change_months(edition: Edition, key: str) -> Value:
    """Return months of the latest mean change."""
    rows = results(edition, select(edition, key=key), "mean change")
    rows = rows[rows["estimate"] < 0]
    latest = rows[rows["months"] == rows["months"].max()]
    return values.number(rows["months"].max(), latest, "months")


@fact("Latest time at which mean relief of {percent}% or more is printed for {key}")
def mean_relief_months(edition: Edition, key: str, percent: str) -> Value:
    """Return months of the latest mean relief at or above the threshold.

    Up to the end of the follow-up it may have lasted where nothing later is printed.
    """
    studies = select(edition, key=key)
    rows = results(edition, studies, "mean relief")
    above = rows["threshold_rule"].isin([">", ">=", "="])
    kept = rows[above & (rows["threshold_percent"] >= number_of(percent))]
    latest = kept[kept["months"] == kept["months"].max()]
    value = values.number(kept["months"].max(), latest, "months")
    end = studies["followup_max_months"].max()
    if value.value is None or rows["months"].max() > value.value or not end > value.value:
        return value
    text = f"{value.text}, later ones not stated"
    return replace(value, text=text, most=float(end), base=values.names(studies))


@fact("Relief from baseline printed for {key}, at its last time")
def relief_percent(edition: Edition, key: str) -> Value:
    """Return the relief in percent that the patients are said to have."""
    rows = results(edition, select(edition, key=key), "relief", "responder")
    rows = rows[rows["threshold_percent"].notna()].sort_values("months", kind="stable").iloc[-1:]
    row = _one(rows)
    return values.number(None if row is None else row["threshold_percent"], rows, "%")


@fact("Distinct studies that count patients above exactly {percent}% relief")
def studies_counting_above(edition: Edition, percent: str, group: str | None = None) -> Value:
    """Count studies with a responder result at this threshold, compared by "more than"."""
    studies = select(edition, group=group)
    rows = results(edition, studies, "responder")
    rows = rows[(rows["threshold_percent"] == number_of(percent)) & (rows["threshold_rule"] == ">")]
    value = values.share(of_rows(studies, rows), studies)
    return values.apart(value, rows)


@fact("Distinct studies without a responder threshold in percent")
def studies_without_cutoff(edition: Edition, group: str | None = None) -> Value:
    """Count studies that count no responders at all.

    One that counts them against points, or does not say against what, is undecided.
    """
    studies = select(edition, group=group)
    rows = results(edition, studies, "responder")
    with_cutoff = of_rows(studies, rows[rows["threshold_percent"].notna()])
    others = studies.drop(index=with_cutoff.index)
    counting = of_rows(others, rows)
    return values.share(others.drop(index=counting.index), studies, undecided=counting)


@fact("Reference numbers of the studies that count patients above a threshold in percent")
def cutoff_refs(edition: Edition, group: str | None = None) -> Value:
    """List reference numbers."""
    studies = select(edition, group=group)
    rows = results(edition, studies, "responder")
    found = of_rows(studies, rows[rows["threshold_percent"].notna()])
    return values.cited(found)


@fact("Distinct studies whose only results are means, in points or in percent")
def mean_only_studies(edition: Edition, group: str | None = None) -> Value:
    """Count studies that print means and neither responders nor relief nor duration."""
    studies = select(edition, group=group)
    rows = results(edition, studies)
    rows = rows[~rows["kind"].isin(["completers", "statement"])]
    only = rows.groupby("row")["kind"].agg(lambda kinds: set(kinds) <= MEANS)
    return values.share(studies[studies["row"].isin(only[only].index)], studies)


@fact(
    "Distinct studies whose mean changes are all on {measure}, of those that print a mean change",
    edition=OF_PRINT,
)
def mean_changes_on(edition: Edition, measure: str, group: str | None = None) -> Value:
    """Count studies by the score of their mean changes."""
    studies = select(edition, group=group)
    terms_of("measure", measure, edition.source.vocabulary.measures.by_name)
    rows = results(edition, studies, "mean change")
    other = of_rows(studies, rows[rows["measure"] != measure])
    base = of_rows(studies, rows)
    return values.share(base.drop(index=other.index), base)


@fact("Smallest and largest mean reduction of a pain score")
def mean_reductions(
    edition: Edition, group: str | None = None, measure: str | None = None
) -> Value:
    """Return points; each printed time counts, on one score or on all."""
    rows = results(edition, select(edition, group=group), "mean change")
    scores = [term.name for term in edition.source.vocabulary.measures.entries]
    scores = scores if measure is None else terms_of("measure", measure, scores)
    rows = rows[rows["estimate"].notna() & rows["measure"].isin(scores)]
    return values.span(-rows["estimate"], rows, "points")


@fact(
    "Study with the highest percentage of patients above {percent}% relief or a stricter threshold"
)
def best_responders(edition: Edition, percent: str, group: str | None = None) -> Value:
    """Return the key of the study, or keys joined by '; ' if several share the highest."""
    rows = results(edition, select(edition, group=group), "responder")
    rows = rows[(rows["threshold_percent"] >= number_of(percent)) & rows["percent"].notna()]
    rows = rows[(rows["threshold_rule"] == ">") | (rows["threshold_percent"] > number_of(percent))]
    best = rows[rows["percent"] == rows["percent"].max()]
    return values.word(listed(best["key"].unique()) or None, best)


@fact("Of the studies with the highest percentage above {percent}%, those titled {terms}")
def best_titled(edition: Edition, percent: str, terms: str, group: str | None = None) -> Value:
    """Count the best studies whose title in the reference list holds one of some words."""
    best = best_responders(edition, percent, group)
    studies = select(edition, group=group)
    studies = studies[studies["key"].isin(edition.keys_of(best.rows))]
    titles = studies["key"].map(edition.references.set_index("key")["title"])
    return values.share(studies[titled(titles, terms)], studies)


def improved(rows: pd.DataFrame, everyone: bool) -> pd.Series[bool]:
    """Return, per result, whether it is an improvement, of every patient or of more than half.

    An improvement is a fall of a mean score, mean relief above a threshold, relief stated for the
    patients (in percent, in words, as a low final score or as a duration), or responders: all of
    those evaluated if ``everyone``, otherwise more than half of them. Of what counts no patients,
    the direction that the study states decides: a score that rises may be an improvement.
    """
    responders = rows["kind"] == "responder"
    limit = rows["percent"] >= 100 if everyone else rows["percent"] > 50
    above = rows["threshold_rule"].isin([">", ">=", "="])
    relief = rows["kind"].isin(["relief", "mean relief"]) & above
    words = rows["kind"].isin(["statement", "duration"])
    low = (rows["kind"] == "final level") & rows["threshold_rule"].isin(["<", "<="])
    computed = relief | words | low | (rows["estimate"] < 0)
    stated = rows["direction"].isin(["improved", "not improved"]) & ~responders
    return (responders & limit) | computed.where(~stated, rows["direction"] == "improved")


@fact("Distinct studies whose outcome is an improvement, at some time")
def studies_improved(edition: Edition, group: str | None = None) -> Value:
    """Count studies with a fall of a mean, relief in the patients, or more than half responders.

    A study without any result of its treated arm is undecided: a contrast says nothing of it.
    """
    studies = select(edition, group=group)
    rows = _found(edition, studies)
    good = rows[improved(rows, everyone=False)]
    without = studies[~studies["row"].isin(rows["row"])]
    value = values.share(of_rows(studies, good), studies, undecided=without)
    return replace(value, rows=values.names(good))


@fact("Distinct studies whose outcome at the last time stated is an improvement")
def studies_improved_at_last(edition: Edition, group: str | None = None) -> Value:
    """Count studies with an improvement among their latest results.

    A result without a time is the last where no other has one; beside others it may be, and a
    duration says only that relief ended: such studies are undecided, as those without results.
    """
    studies = select(edition, group=group)
    rows = _found(edition, studies)
    lasting = rows[rows["kind"] != "duration"]
    latest = lasting["row"].map(lasting.groupby("row")["months"].max())
    last = lasting[latest.isna() | (lasting["months"] == latest)]
    good = last[improved(last, everyone=False)]
    untimed = rows[rows["months"].isna() & improved(rows, everyone=False)]
    without = ~studies["row"].isin(rows["row"])
    open_ = studies[without | studies["row"].isin(untimed["row"])]
    value = values.share(of_rows(studies, good), studies, undecided=open_)
    return replace(value, rows=values.names(good))


def _found(edition: Edition, studies: pd.DataFrame) -> pd.DataFrame:
    """Return the results of the treated arm that say whether patients got better.

    A level alone does not, nor what is of no kind of result, unless its direction is stated.
    """
    rows = results(edition, studies)
    silent = rows["direction"].isna() & rows["threshold_rule"].isna()
    levels = rows["kind"].isin(["final level", "other", "re-treatment"]) & silent
    return rows[(rows["kind"] != "completers") & ~levels]


@fact("Of the nerves {nerves}, those for which some study prints an improvement", needs="nerves")
def nerves_improved(edition: Edition, nerves: str) -> Value:
    """Count nerves with a study whose outcome is an improvement, branches included."""
    found = {}
    for nerve in parts(nerves):
        studies = select(edition, nerve=nerve)
        rows = results(edition, studies)
        found[nerve] = rows[improved(rows, everyone=False)]
    good = [nerve for nerve, rows in found.items() if len(rows)]
    text = f"{len(good)} of {len(found)}"
    return Value(len(good), text, values.names(*found.values()), len(found))


@fact("Printed rows whose outcome is an improvement in every patient at every printed time")
def rows_improved_in_all(edition: Edition, group: str | None = None) -> Value:
    """Count rows, none of whose results leaves a patient without improvement.

    A row without any result is none of those that are counted; one that prints only how long
    relief lasted says nothing of a time, and is undecided.
    """
    studies = select(edition, group=group)
    rows = _found(edition, studies)
    studies = of_rows(studies, rows)
    timed = rows[rows["kind"] != "duration"]
    every = improved(timed, everyone=True).groupby(timed["row"]).all()
    open_ = studies[~studies["row"].isin(timed["row"])]
    found = studies[studies["row"].isin(every[every].index)]
    return values.share(found, studies, column=None, undecided=open_)


@fact("Distinct studies that print complete relief of pain in some patients")
def studies_with_complete_relief(edition: Edition, group: str | None = None) -> Value:
    """Count studies with relief of 100%, or with patients free of pain.

    Undecided are studies that say no more than that relief exceeds an amount, or that there was
    relief; one that prints relief of exactly an amount below 100% is not.
    """
    studies = select(edition, group=group)
    rows = results(edition, studies)
    relief = rows[rows["kind"].isin(["relief", "responder"])]
    complete = relief[(relief["threshold_percent"] == 100) & (relief["percent"].fillna(1) > 0)]
    exact = relief[relief["threshold_rule"].isin(["=", "<", "<="])]
    exact = exact[exact["threshold_percent"] < 100]
    found = of_rows(studies, complete)
    may = studies[~studies["row"].isin(exact["row"])]
    value = values.share(found, studies, undecided=may)
    return replace(value, rows=values.names(complete))


def unfitting(outcomes: pd.DataFrame) -> pd.Series[bool]:
    """Return, per result with percentage and denominator, whether no count gives it."""
    fits = [
        not whole_counts(percent, int(evaluated))
        for percent, evaluated in zip(outcomes["percent"], outcomes["evaluated"], strict=True)
    ]
    return pd.Series(fits, index=outcomes.index, dtype=bool)


@fact("Printed percentages of responders that no whole number of the study's patients gives")
def impossible_percentages(edition: Edition) -> Value:
    """Count results with a percentage and a denominator, but without any count that fits."""
    rows = results(edition, edition.studies, "responder")
    rows = rows[rows["percent"].notna() & rows["evaluated"].notna()]
    return values.share(rows[unfitting(rows)], rows, column=None)


@fact("Distinct studies that print that pain was not measured or no score was reported")
def studies_without_scores(edition: Edition) -> Value:
    """Count studies with a result that the table says was not measured."""
    rows = edition.outcomes
    return values.distinct(rows[rows["status"] == "not measured"])


@fact("Distinct studies whose outcome cell is blank in some row")
def blank_outcomes(edition: Edition) -> Value:
    """Count studies with a missing outcome."""
    rows = edition.outcomes
    return values.distinct(rows[rows["status"] == "missing"])


@fact("Distinct studies with a result printed later than their own follow-up")
def results_after_followup(edition: Edition) -> Value:
    """Count studies whose outcome time exceeds the longest printed follow-up."""
    studies = edition.studies
    latest = edition.outcomes.groupby("row")["months"].max()
    after = studies["row"].map(latest) > studies["followup_max_months"] + 0.1
    return values.distinct(studies[after])


@fact("Distinct studies that print responders without a time and without one stated follow-up")
def responders_without_time(edition: Edition) -> Value:
    """Count studies whose responders cannot be placed in time."""
    rows = results(edition, edition.studies, "responder")
    rows = rows[rows["months"].isna()]
    studies = of_rows(edition.studies, rows)
    return values.distinct(studies[studies["followup_status"] != "stated"])
