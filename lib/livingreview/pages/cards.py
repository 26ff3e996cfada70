"""Study cards: everything that is known of one study, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from livingreview.data.study import NOT_READ, TREATMENT, StudyFile, known
from livingreview.evidence.disagreements import OPTIONAL
from livingreview.evidence.living import was_read
from livingreview.show import links
from livingreview.show.html import Html, plain, render
from livingreview.show.rows import row_id, study_name, with_ids
from livingreview.show.timeline import Lane, timeline
from livingreview.show.words import design_words, event_words, labels, outcome_words
from livingreview.tables import NOT_STATED
from livingreview.words import in_months, listed, slug

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
    "printed_verdicts",
    "references",
)
PRINTED = "as printed"
READ = "as read"
SILENT = "silent"
BOTH_EDITIONS = "counts in both editions"
ADDED = "counts in the living edition only"
HARM_ONLY = "cited outside of the tables: its reports of harm count in the living edition"
CITED_ONLY = "cited outside of the tables, not read: counts in neither edition"
STANDINGS = (BOTH_EDITIONS, ADDED, HARM_ONLY, CITED_ONLY)
DIFFERS = "differs"
AGREES = "agrees"
NOT_COMPARED = "not compared"
NONE = "none"
Rows = dict[str, pd.DataFrame]  # the rows of one study, by table


def standing(review: Review, key: str) -> str:
    """Return in which editions a study counts: one of ``STANDINGS``, or what screening decided."""
    if key in set(review.printed.studies["key"]):
        return BOTH_EDITIONS
    if key in set(review.living.studies["key"]):
        return ADDED
    decided = {candidate.key: candidate.decision for candidate in review.source.screening}
    if key in decided:
        return f"{decided[key]}: counts in neither edition"
    return HARM_ONLY if was_read(review.source.studies.get(key)) else CITED_ONLY


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


def study_cards(review: Review, *, counted: bool = True) -> Html:
    """Return the cards in the order of their names, with a list that leads to each.

    counted: whether to show the studies of the living edition, or the others, which have a file
        and do not count as studies.
    """
    present = set(review.living.studies["key"])
    names = labels(review.printed) | labels(review.living)
    named = {
        key: names.get(key) or study_name(review, key)
        for key in _keys(review)
        if (key in present) == counted
    }
    tables = [_by_key(review.printed, *TABLES, "disagreements"), _by_key(review.living, *TABLES)]
    cards = [
        _card(review, key, name, _rows(tables[0], key), _rows(tables[1], key))
        for key, name in sorted(named.items(), key=lambda item: (item[1].casefold(), item[0]))
    ]
    html = render("cards.html", cards=cards)
    return Html(html, "\n\n".join(map(_as_text, cards)))


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
    }


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
            words(row) + (f" (read in: {row['read_as']})" if row["read_as"] != usual else ""),
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
        timed = [(n, float(m)) for n, m in enumerate(rows["months"], start=1) if pd.notna(m)]
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
    for part in ("results", "events"):
        for how, rows in card[part].items():
            said += [f"{how}: {words}" for _, words in rows if words]
    return "\n".join(said)


@dataclass(frozen=True)
class Line:
    """One field: as printed, as read, how they stand to each other, and the ids of its rows."""

    field: str
    printed: str
    read: str
    stand: str
    ids: tuple[str, ...] = ()


def followup_words(row: Any) -> str:
    """Return the follow-up of a row of studies: a time, a range, a mean, or why there is none."""
    low, high = row["followup_min_months"], row["followup_max_months"]
    if pd.isna(high):
        return str(row["followup_status"])
    if row["followup_status"] == "mean":
        return f"mean {in_months(high)}"
    return in_months(high) if low == high else f"{low:g} to {in_months(high)}"


def lines(review: Review, key: str, printed: Rows, living: Rows) -> list[Line]:
    """Return the fields of a study, printed and read; a side that is not there is empty.

    Where both sides stand, they differ if ``Review.disagreements`` says so: it knows which
    differences are none, like a branch named for its nerve.
    """
    file = review.source.studies.get(key)
    shown = _printed(review, printed, living) if not printed["studies"].empty else {}
    read = _read(review, file, living) if file is not None and was_read(file) else {}
    disputed = {row["field"]: (str(name), row) for name, row in printed["disagreements"].iterrows()}
    made = []
    untold = [field for field, of in OPTIONAL.items() if not review.source.tells(of)]
    for field in dict.fromkeys([*shown, *read]):
        if field in untold:
            continue
        left, right = shown.get(field, ""), read.get(field, "")
        name, _ = disputed.pop(field, ("", None))
        ids = tuple(row_id(edition, name) for edition in ("printed", "living") if name)
        made.append(Line(field, left, right, _stand(left, right, bool(name)), ids))
    for field, (name, row) in disputed.items():
        ids = tuple(row_id(edition, name) for edition in ("printed", "living"))
        left, right = row["printed"], row["primary"]
        if row["read_as"] == "reference list":
            left, right = f"{left}; the reference list: {right}", "as in the reference list"
        made.append(Line(field, left, right if read else "", DIFFERS, ids))
    return made + list(_verdicts(review, key, printed, living, bool(read)))


def _stand(printed: str, read: str, disputed: bool) -> str:
    if disputed:
        return DIFFERS
    unknown = {NOT_STATED, NOT_READ, "", "no column for it", "only the total is printed"}
    return NOT_COMPARED if {str(printed), str(read)} & unknown else AGREES


def _printed(review: Review, rows: Rows, living: Rows) -> dict[str, str]:
    """Return the printed value of each field; of a study printed twice, that of its last row."""
    row = rows["studies"].iloc[-1]
    treated = row["patients_treated"]
    copied = {} if states_nerves(review, row["key"]) else _copies(living["targets"])
    nerves = Markup("; ").join(
        with_ids([row_id("printed", str(name)), *copied.pop(target["nerve"], [])], _target(target))
        for name, target in rows["targets"].iterrows()
    )
    return {
        "design": design_words(review.source.vocabulary, row["design"]),
        "comparator": listed(row["comparators"] or ()) or NONE,
        "patients": str(row["patients"]),
        "treated patients": "only the total is printed" if pd.isna(treated) else str(treated),
        "condition": "no column for it",
        "nerve": nerves,
        "guidance": listed(row["guidance"]),
        "follow-up": followup_words(row),
    }


def states_nerves(review: Review, key: str) -> bool:
    """Return whether the nerves of a study are those that its own report states."""
    file = review.source.studies.get(key)
    return file is not None and was_read(file) and bool(known(file.nerves))


def _target(target: Any) -> str:
    count = target["patients"]
    return target["nerve"] if pd.isna(count) else f"{target['nerve']} ({count} patients)"


def _copies(living: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of living targets, by nerve, of a study whose nerves are as printed."""
    found: dict[str, list[str]] = {}
    for name, nerve in living["nerve"].items():
        found.setdefault(nerve, []).append(row_id("living", str(name)))
    return found


def _read(review: Review, file: StudyFile, living: Rows) -> dict[str, str]:
    """Return what the study itself states of each field, *not stated* and *not read* included."""
    months, comparators = known(file.followup_months), known(file.comparators)
    treated: Any = file.size(TREATMENT)
    if treated is None:
        treated = file.patients if comparators == () else NOT_STATED
    nerves: str = _joined(file.nerves)
    if known(file.nerves) and not living["targets"].empty:
        nerves = Markup("; ").join(
            with_ids([row_id("living", str(name))], target["nerve"])
            for name, target in living["targets"].iterrows()
        )
    return {
        "design": design_words(review.source.vocabulary, file.design),
        "comparator": _joined(file.comparators) or NONE,
        "patients": str(file.patients),
        "treated patients": str(treated),
        "condition": file.condition,
        "nerve": nerves,
        "guidance": _joined(file.guidance),
        "follow-up": str(file.followup_months) if months is None else in_months(months),
    }


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _verdicts(review: Review, key: str, printed: Rows, living: Rows, read: bool) -> Iterator[Line]:
    """Yield the printed verdict on the long term, and the one that its rule gives."""
    listed = printed["printed_verdicts"]
    for name, row in listed.iterrows():
        ids = tuple(row_id(edition, str(name)) for edition in ("printed", "living"))
        yield Line("verdict of the second table", row["positive"].upper(), "", NOT_COMPARED, ids)
    said = [_rule(edition, key) for edition in (review.printed, review.living)]
    if said[0] and listed.empty and review.source.tells("table2"):
        yield Line("verdict of the second table", "not listed", "", NOT_COMPARED)
    if said[0] or said[1]:
        words = {text.partition(":")[0] for text in said if text}
        stand = NOT_COMPARED if not (read and all(said)) else AGREES if len(words) == 1 else DIFFERS
        yield Line("positive by the review's rule", said[0], said[1] if read else "", stand)


def _rule(review: Review, key: str) -> str:
    """Return the answer of the review's rule with its reason; empty for a study not held."""
    answers = review.long_term
    found = answers[answers["key"] == key]
    return "" if found.empty else ": ".join(found.iloc[0][["verdict", "verdict_reason"]])
