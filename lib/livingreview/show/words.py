"""Studies, results and adverse events in words: every answer told apart, also no number."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import pandas as pd

from livingreview.evidence.edition import distinct_studies
from livingreview.synthesis.intervals import wilson
from livingreview.words import in_months, known, listed, number, p_value, span

if TYPE_CHECKING:
    from livingreview.data.vocabulary import Vocabulary
    from livingreview.review import Review

MOST_WORDS = 3  # a longer name is that of an institution, or says that no author is known
PLURALS = {"case report": "case reports and series"}
BLANK = "(blank)"
SERIOUS = {True: "serious", False: "not serious"}
ENDPOINTS = {True: "primary endpoint", False: "secondary endpoint"}
NO_EVENT = {
    "no adverse events": "none, it says",
    "not mentioned": "nothing is said of adverse events",
    "not reported": "the full text reports nothing of adverse events",
    "not in the part read": "nothing of adverse events in the part read",
    "not read": "not read for adverse events",
}


OF_LISTS = {
    "Nerves": "nerves",
    "Nerves and structures": "nerves",
    "Region": "nerves",
    "Guidance": "guidance",
}


def told(review: Review, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of a page without the columns of which the review tells nothing."""
    untold = [title for title, of in OF_LISTS.items() if not review.source.tells(of)]
    return frame.drop(columns=untold, errors="ignore")


def label(study: Any) -> str:
    """Return author and year as the row prints them; the key in words where no author is known.

    A year that is not known is said to be so.
    """
    if len(study.first_author.split()) > MOST_WORDS:
        return str(study.key).replace("-", " ").capitalize()
    year = "(year not known)" if pd.isna(study.year) else study.year
    return f"{study.first_author} {year}"


def labels(review: Review) -> dict[str, str]:
    """Return the label of each study by key, each of its own.

    The number of the source review's list tells its studies apart; others of one author and year
    have letters.
    """
    rows, letter = distinct_studies(review.studies), letters(review)
    return {
        str(row["key"]): f"{label(row)}{letter.get(str(row['key']), '')}"
        if pd.isna(row["ref"])
        else f"{label(row)} [{row['ref']}]"
        for _, row in rows.iterrows()
    }


def letters(review: Review) -> dict[str, str]:
    """Return a, b, ... by key for studies beyond the list that share first author and year.

    They stand in the order of their keys, so that a study is named alike on every page.
    """
    found: dict[tuple[str, int], list[str]] = {}
    for key, file in sorted(review.source.studies.items()):
        reference = review.source.references[key]
        if file.ref is None and reference.year is not None and reference.surnames:
            found.setdefault((reference.surnames[0], reference.year), []).append(key)
    return {
        key: letter
        for (author, _), same in found.items()
        if len(same) > 1 and len(author.split()) <= MOST_WORDS
        for key, letter in zip(same, ascii_lowercase, strict=False)
    }


def targets_of(review: Review, column: str = "nerve") -> pd.Series[str]:
    """Return, per printed row, the names of its targets joined by ', '."""
    named: pd.Series[str] = review.targets.groupby("row")[column].agg(
        lambda names: ", ".join(dict.fromkeys(names))
    )
    return named


def plural(group: str) -> str:
    """Return a group of designs in the plural."""
    return PLURALS.get(group, f"{group}s")


def as_printed(review: Review, rows: pd.Series[int], column: str) -> pd.Series[str]:
    """Return a cell of the review's first table for each printed row, blank ones named."""
    cells = review.source.table1.rows
    texts = [
        BLANK if pd.isna(row) else cells[row - 1].get(column, "").strip() or BLANK for row in rows
    ]
    return pd.Series(texts, index=rows.index, dtype="str")


def tally(counts: pd.Series[int]) -> str:
    """Return "a: 12; b: 3" of counts by name."""
    return "; ".join(f"{name}: {count}" for name, count in counts.items())


def of_some(number: int, one: str, many: str | None = None) -> str:
    """Return "1 study", "2 studies"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def design_words(vocabulary: Vocabulary, code: str) -> str:
    """Return a design in words; *not stated* and *not read* stay."""
    term = vocabulary.designs.by_name.get(code)
    return term.meaning or code if term else code


def time_words(months: Any, written: Any = None) -> str:
    """Return the time of a result: "at 6 months", the study's words where they differ, or none."""
    as_written = known(written)
    if pd.isna(months):
        return as_written or "at a time that is not stated"
    found = f"at {in_months(months)}" if months else "at the start"
    told = as_written in (None, in_months(months))
    return found if told else f"{found} ({as_written})"


def caution_words(row: Any) -> str:
    """Return the cautions that belong to a number; nothing where there are none."""
    return f"caution: {', '.join(row.cautions)}" if row.cautions else ""


def better_words(row: Any) -> str:
    """Return which way is better on the scale of a contrast, where its source says so."""
    way = known(row.better)
    return f"better is {way}" if way in ("higher", "lower") and row.against else ""


def units_words(row: Any) -> str:
    """Return a count of limbs, nerves or procedures beside that of patients."""
    unit, of, k = known(row.unit_of_analysis), known(row.units), known(row.units_responding)
    if unit is None:
        return ""
    patients = known(row.evaluated)
    among = "" if patients is None else f", of {of_some(patients, 'patient')}"
    return f"{of} {unit}{among}" if k is None else f"{k} of {of} {unit}{among}"


def place_words(row: Any, usual: str = "") -> str:
    """Return how a row was read, in which report and where; nothing of how where it is usual."""
    parts = (None if row["read_as"] == usual else row["read_as"], row["report"], row["at"])
    return ", ".join(str(part) for part in parts if known(part) is not None)


def outcome_words(row: Any) -> str:
    """Return one row of the outcomes in words: arm, measure, time, result, and its cautions."""
    what = [row.arm_words, known(row.measure), _kind(row), time_words(row.months, row.time_words)]
    what.append("" if known(row.period) is None else f"period {row.period}")
    counted = count_words(row) or units_words(row) or _counted(row)
    result = [size_words(row), counted, _p(row), known(row.direction)]
    result += [known(row.direction_words), ENDPOINTS.get(known(row.primary_endpoint))]
    of = known(row.difference_of)
    result += [f"a difference of {of}" if of else "", better_words(row), caution_words(row)]
    said = [str(part) for part in result if part]
    if row.status != "reported":
        said.append(f"result {row.status}")
    if known(row.words):
        said.append(f"“{row.words}”")
    said += [str(part) for part in (known(row.note),) if part]
    if row.derived:
        said.append(f"computed from the rest of the row: {listed(row.derived).replace('_', ' ')}")
    said = list(dict.fromkeys("; ".join(said).split("; ")))  # a note may repeat a column
    head = ", ".join(str(part) for part in what if part)
    return f"{head}: {'; '.join(said) or 'no number in the part read'}"


def _kind(row: Any) -> str:
    limit = threshold_words(row) or known(row.threshold_words)
    return f"{row.kind} ({limit})" if limit else str(row.kind)


def _counted(row: Any) -> str:
    """Return what is known of a count that has no percentage."""
    k, n = known(row.responders), known(row.evaluated)
    if k is not None:
        return of_some(k, "patient")
    return "" if n is None else f"{of_some(n, 'patient')} evaluated"


def size_words(row: Any) -> str:
    """Return estimate, spread and interval on the scale of the result."""
    unit = f" {row.scale}" if known(row.scale) else ""
    parts = []
    if known(row.estimate) is not None:
        what = "median " if known(row.statistic) == "median" else ""
        parts.append(f"{what}{number(row.estimate)}{unit}")
    if ends := span(row.low, row.high):
        parts.append(f"{known(row.spread) or 'from'} {ends}{unit}")
    if known(row.sd) is not None:
        parts.append(f"SD {number(row.sd)}")
    if limits := span(row.ci_low, row.ci_high):
        parts.append(f"95% CI {limits}")
    return ", ".join(parts)


def _p(row: Any) -> str:
    sign = "P" if known(row.p_rule) else "P ="
    value = p_value(row.p_value, row.p_rule)
    return f"{sign} {value}" if value else ""


def event_words(row: Any) -> str:
    """Return one row of the adverse events in words.

    An event, the absence of one event, the absence of all, and silence are different answers.
    """
    if row.status in NO_EVENT:
        return NO_EVENT[row.status]
    arm = f" ({row.arm_words})" if known(row.arm_words) else ""
    patients, at_risk = known(row.patients), known(row.at_risk)
    if row.status == "none of this kind":
        count = "none" if at_risk is None else f"none of {at_risk} patients"
    elif patients is None:
        count = "number of patients not stated"
    else:
        of = "patients, of how many is not stated" if at_risk is None else f"of {at_risk} patients"
        count = f"{patients} {of}"
    grave = SERIOUS.get(known(row.serious), "seriousness not stated")
    said = [_units_of_event(row) or count, grave, caution_words(row), known(row.note)]
    return f"{row.event}{arm}: {'; '.join(str(part) for part in said if part)}"


def _units_of_event(row: Any) -> str:
    """Return how often an event happened, where that is counted and not patients."""
    if known(row.occurrences) is not None:
        return f"{of_some(row.occurrences, 'event')}, in how many patients is not stated"
    if known(row.unit_of_analysis) is not None:
        return f"{row.units_affected} of {row.units} {row.unit_of_analysis}"
    return ""


def threshold_words(row: Any) -> str:
    """Return what makes a responder: "> 50% relief", "> 2 points", or nothing if not stated."""
    if pd.notna(row.threshold_percent):
        return f"{row.threshold_rule} {row.threshold_percent:g}% relief"
    if pd.notna(row.threshold_points):
        return f"{row.threshold_rule} {row.threshold_points:g} points"
    return ""


def interval_words(row: Any) -> str:
    """Return the 95% Wilson interval in percent, or why there is none."""
    if pd.notna(row.responders) and pd.notna(row.evaluated):
        low, high = wilson(int(row.responders), int(row.evaluated))
        return f"{low:.0f} to {high:.0f}"
    if pd.isna(row.percent):
        return ""
    if pd.isna(row.evaluated):
        return "no denominator printed"
    return "no one count fits"


def count_words(row: Any) -> str:
    """Return responders over their denominator with the percentage, as far as they are known."""
    if pd.isna(row.percent):
        return ""
    if pd.isna(row.evaluated):
        return f"{row.percent:g}%"
    if pd.isna(row.responders):
        return f"{row.percent:g}% of {row.evaluated}"
    return f"{row.responders} of {row.evaluated} ({row.percent:g}%)"
