"""Study cards: everything that is known of one study, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.data.reports import CORRECTIONS, NOT_READ, StudyReport
from livingreview.data.study import StudyFile, known
from livingreview.evidence.living import retracted, was_read
from livingreview.show import links
from livingreview.show.beside import Lane, Rows, followup_words, lines, timeline
from livingreview.show.html import Html, plain, render
from livingreview.show.rows import row_id, study_name
from livingreview.show.words import design_words, event_words, labels, outcome_words, place_words
from livingreview.tables import sides_of
from livingreview.words import joined, listed, slug
from livingreview.words import known as known_cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from livingreview.review import Review

TABLES = (
    "studies",
    "targets",
    "outcomes",
    "adverse_events",
    "reports",
    "reporting",
    "readings",
    "named_reports",
    "printed_verdicts",
    "references",
)
PRINTED = "as printed"
READ = "as read"
SILENT = "silent"
BOTH_EDITIONS = "counts in both editions"
ADDED = "counts in the living edition only"
HARM_ONLY = "cited outside of the tables: its reports of harm count in the living edition"
CITED_ONLY = "cited outside of the tables: counts in neither edition"
RETRACTED = "retracted: counts in the printed edition only"
STANDINGS = (BOTH_EDITIONS, ADDED, HARM_ONLY, CITED_ONLY, RETRACTED)


def standing(review: Review, key: str) -> str:
    """Return in which editions a study counts: one of ``STANDINGS``, or what screening decided."""
    if key in set(review.printed.studies["key"]):
        return RETRACTED if retracted(review.source, key) else BOTH_EDITIONS
    if key in set(review.living.studies["key"]):
        return ADDED
    decided = {candidate.key: candidate.decision for candidate in review.source.screening}
    if key in decided:
        return f"{decided[key]}: counts in neither edition"
    return HARM_ONLY if key in set(review.living.reports["key"]) else CITED_ONLY


def standings_table(review: Review) -> Html:
    """Return how many studies have a card, by whether and where they count."""
    from livingreview.show.table import table

    counted = pd.Series([standing(review, key) for key in _keys(review)]).value_counts()
    order = [name for name in STANDINGS if name in counted]
    rows = [(name, counted[name]) for name in [*order, *sorted(set(counted.index) - set(order))]]
    frame = pd.DataFrame(rows, columns=["Studies that", "Cards"])
    return table(frame, f"The {counted.sum()} studies that have a card")


def _keys(review: Review) -> list[str]:
    return list(dict.fromkeys([*review.living.studies["key"], *review.source.studies]))


def study_cards(review: Review, *groups: str, counted: bool = True) -> Html:
    """Return the cards in the order of their names, with a list that leads to each.

    groups: of designs, to choose among the studies of the living edition; none for all.
    counted: whether to show the studies of the living edition, or the others, which have a file
        and do not count as studies.
    """
    group = review.living.studies.set_index("key")["design_group"].to_dict()
    names = labels(review.printed) | labels(review.living)
    named = {
        key: names.get(key) or study_name(review, key)
        for key in _keys(review)
        if (key in group) == counted and (not groups or group[key] in groups)
    }
    tables = [_by_key(review.printed, *TABLES, "disagreements"), _by_key(review.living, *TABLES)]
    cards = [
        _card(review, key, name, _rows(tables[0], key), _rows(tables[1], key))
        for key, name in sorted(named.items(), key=lambda item: (item[1].casefold(), item[0]))
    ]
    html = render("cards.html", cards=cards)
    return Html(html, "\n\n".join(map(_as_text, cards)))


def moved_cards(review: Review, *groups: str) -> Html:
    """Return links to the cards on other pages, where the addresses that they had lead on.

    groups: of designs of the living edition whose cards stand on the page that shows the list.
    """
    living = review.living.studies
    here = set(living.loc[living["design_group"].isin(groups), "key"])
    names = labels(review.printed) | labels(review.living)
    elsewhere = {
        key: names.get(key) or study_name(review, key) for key in _keys(review) if key not in here
    }
    items = [
        Markup('<li id="{}">{}</li>').format(slug(key), links.study(key, name))
        for key, name in sorted(elsewhere.items(), key=lambda item: (item[1].casefold(), item[0]))
    ]
    html = Markup('<ul class="card-badges noprint">{}</ul>').format(Markup("").join(items))
    return Html(str(html), ", ".join(elsewhere.values()))


def _by_key(review: Review, *tables: str) -> dict[str, dict[str, pd.DataFrame]]:
    """Return the rows of each table by study."""
    found = {name: review.table(name) for name in tables}
    return {
        name: {str(key): group for key, group in rows.groupby("key", sort=False)}
        | {"": rows.iloc[:0]}
        for name, rows in found.items()
        if rows is not None
    }


def _rows(tables: dict[str, dict[str, pd.DataFrame]], key: str) -> Rows:
    return {name: groups.get(key, groups[""]) for name, groups in tables.items()}


def _card(review: Review, key: str, name: str, printed: Rows, living: Rows) -> dict[str, Any]:
    file = review.source.studies.get(key)
    reference = review.source.references[key]
    read = file is not None and was_read(file)
    usual = file.read_as if file is not None else ""
    return {
        "id": slug(key),
        "key": key,
        "name": name,
        "title": reference.title.strip("[]"),
        "doi": links.doi(reference.doi),
        "cite": _citation(reference),
        "standing": standing(review, key),
        "decision": next((c for c in review.source.screening if c.key == key), None),
        "badges": _badges(review, file, living),
        "read": read,
        "file": file,
        "lines": lines(review, key, printed, living),
        "ids": _head_ids(printed, living),
        "results": _both(printed["outcomes"], living["outcomes"], outcome_words, usual),
        "timeline": timeline(_lanes(printed, living)),
        "events": _both(printed["adverse_events"], living["adverse_events"], event_words, usual),
        "events_read": _events_read(file),
        "reporting": _reporting(review, living),
        "where": _where(printed),
        "corrections": _corrections(file),
        "reports": _named_reports(living),
        "readings": _readings(living),
        "shares": _shares_patients(review, file),
        "allocation": _allocation(file),
    }


def _corrections(file: StudyFile | None) -> list[StudyReport]:
    """Return retractions, expressions of concern and errata: what a reader must know first."""
    reports = () if file is None else file.reports
    found = [report for report in reports if report.kind in CORRECTIONS]
    return sorted(found, key=lambda report: -CORRECTIONS.index(report.kind))


def _named_reports(living: Rows) -> list[tuple[str, str]]:
    """Return id and words of each report of a study."""
    found: list[tuple[str, str]] = []
    for row_name, row in living["named_reports"].iterrows():
        place = links.doi(known_cell(row["doi"]), row["doi"]) or known_cell(row["registration"])
        place = place or row["citation"]
        parts = [row["kind"] if row["kind"] != row["name"] else None, known_cell(row["date"])]
        read = "not read" if row["read_as"] == NOT_READ else f"read as {row['read_as']}"
        more = ", ".join(str(part) for part in (*parts, read) if part)
        words = Markup("{}: {} ({})").format(row["name"], place, more)
        found.append((row_id("living", str(row_name)), words))
    return found


def _readings(living: Rows) -> list[tuple[str, str, bool]]:
    """Return id and words of where each field stands, and whether it is another reading."""
    found = []
    for row_name, row in living["readings"].iterrows():
        field = str(row["field"]).removeprefix("reporting.").replace("_", " ")
        where = place_words(row)
        words = f"{field}: {where}" if row["stands"] else f"{field}: {row['value']} ({where})"
        found.append((row_id("living", str(row_name)), words, not row["stands"]))
    return found


def _shares_patients(review: Review, file: StudyFile | None) -> list[str]:
    """Return with which studies a study has patients in common, and why that is thought."""
    return [
        f"{study_name(review, other.key)}: "
        + ("some" if other.patients is None else str(other.patients))
        + f" of the same patients ({other.reason})"
        for other in (file.overlaps_with if file else ())
    ]


def _allocation(file: StudyFile | None) -> list[str]:
    """Return how patients came into their arms, and which arm stands in several comparisons."""
    if file is None:
        return []
    said, given = [], file.allocation
    if given is not None:
        units = f", {given.units} {given.unit}" if given.unit and given.units else ""
        periods = f", {given.periods} periods" if given.periods else ""
        each = "; each patient is in every arm and counts once" if given.in_each_arm else ""
        said.append(f"Allocation: {given.design}{units}{periods}{each}.")
    sides = {(arm, other) for arm, other, _ in map(sides_of, (o.arm for o in file.outcomes))}
    for name in dict.fromkeys(arm.name for arm in file.arms):
        others = sorted({side for pair in sides if (name,) in pair for side in pair} - {(name,)})
        held = [joined(side) for side in others if side]
        if len(held) > 1:
            said.append(f"The arm {name} is held against {joined(held)}: its patients count once.")
    return said


def _head_ids(printed: Rows, living: Rows) -> dict[str, list[str]]:
    """Return the ids of the rows that stand as a whole: of the heads of columns, and of parts."""

    def ids(edition: str, rows: Rows, table: str) -> list[str]:
        return [row_id(edition, str(name)) for name in rows[table].index]

    references = [*ids("printed", printed, "references"), *ids("living", living, "references")]
    return {
        "printed": ids("printed", printed, "studies"),
        "living": ids("living", living, "studies"),
        "references": references,
        "reports": ids("living", living, "reports"),
    }


def _both(
    printed: pd.DataFrame, living: pd.DataFrame, words: Callable[[Any], str], usual: str
) -> dict[str, list[tuple[list[str], str]]]:
    """Return the rows as printed and as read, each with its ids and words.

    Living rows of what was not read are copies of printed ones, and shown once; of a study that
    is not printed, they stand under the third name. ``usual``: how the study as a whole was read.
    """
    own = living["read_as"] != "review table"
    copies: dict[Any, list[str]] = {}
    for name, row in living[~own].iterrows():
        copies.setdefault(_place(row), []).append(row_id("living", str(name)))
    shown = []
    for name, row in printed.iterrows():
        twins = copies.get(_place(row), [])
        shown.append(([row_id("printed", str(name)), *twins[:1]], words(row)))
        del twins[:1]
    read = [
        (
            [row_id("living", str(name))],
            words(row) + (f" (read in: {where})" if (where := place_words(row, usual)) else ""),
        )
        for name, row in living[own].iterrows()
    ]
    silent = [(twins, "") for twins in copies.values() if twins]
    return {PRINTED: shown, READ: read, SILENT: silent}


def _place(row: Any) -> tuple[str, str]:
    return row["source"], row["locator"]


def _lanes(printed: Rows, living: Rows) -> list[Lane]:
    own = living["outcomes"]
    own = own[own["read_as"] != "review table"]
    lanes = []
    for name, rows, studies in (
        (PRINTED, printed["outcomes"], printed["studies"]),
        (READ, own, living["studies"]),
    ):
        if rows.empty and (name == READ or studies.empty):
            continue
        end = None if studies.empty else known(studies["followup_max_months"].iloc[-1])
        timed = [float(months) for months in rows["months"].dropna()]
        lanes.append(Lane(name, timed, None if pd.isna(end) else float(end)))
    return lanes


def _events_read(file: StudyFile | None) -> str:
    """Return why no adverse event was read: not read, not stated; empty where some were."""
    if file is None or not was_read(file):
        return "not read"
    return "" if known(file.adverse_events) else f"{file.adverse_events} in the part read"


def _how_many(patients: Any, file: StudyFile | None) -> str:
    """Return the patients of a study, or why their number is not known."""
    if pd.isna(patients):
        return f"patients: {NOT_READ if file is None else file.patients}"
    return f"{patients} patient{'s' if patients != 1 else ''}"


def _badges(review: Review, file: StudyFile | None, living: Rows) -> list[str]:
    """Return what a study is, in a few words each, as the living edition has it."""
    if living["studies"].empty:
        return []
    row, vocabulary = living["studies"].iloc[0], review.source.vocabulary
    regions = list(dict.fromkeys(living["targets"]["region"]))
    told = {
        "nerves": ", ".join(regions) or "region not stated",
        "guidance": f"guidance: {listed(row['guidance'])}",
    }
    return [
        design_words(vocabulary, row["design"]),
        _how_many(row["patients"], file),
        *(words for name, words in told.items() if review.source.tells(name)),
        f"follow-up: {followup_words(row)}",
        "not read: the review's table only"
        if row["read_as"] == "review table"
        else f"read: {row['read_as']}",
    ]


def _reporting(review: Review, living: Rows) -> list[tuple[str, str, str]]:
    """Return id, meaning and value of each item that a report should state."""
    meanings = review.source.vocabulary.reporting.by_name
    return [
        (
            row_id("living", str(name)),
            meanings[row["item"]].meaning or row["item"],
            row["status"] if pd.isna(row["value"]) else row["value"],
        )
        for name, row in living["reporting"].iterrows()
    ]


def _where(printed: Rows) -> str:
    """Return the printed rows that a study has, in words."""
    first = [f"row {n} of the first table" for n in printed["studies"]["row"]]
    second = [f"row {n} of the second" for n in printed["printed_verdicts"]["row"]]
    return ", ".join([*first, *second])


def _citation(reference: Any) -> str:
    """Return a reference as one line of text."""
    authors = ", ".join(reference.surnames) or "Authors not known"
    year = reference.year or "year not known"
    doi = f" doi:{reference.doi}" if reference.doi else ""
    return f"{authors} ({year}). {reference.title.strip('[]').rstrip('.')}.{doi}"


def _as_text(card: dict[str, Any]) -> str:
    said = [f"{card['name']}: {card['standing']}", *card["badges"]]
    said += [
        f"{line.field}: {plain(line.printed)} | {plain(line.read)} ({line.stand})"
        for line in card["lines"]
    ]
    said += card["allocation"]
    for part in ("results", "events"):
        for how, rows in card[part].items():
            said += [f"{how}: {words}" for _, words in rows if words]
    return "\n".join(said)
