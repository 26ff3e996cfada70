"""What one clause tells: the functions that the patterns of ``source/phrases.yml`` name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from livingreview.data.vocabulary import PHRASES, Builder, Term, TermList, Vocabulary
from livingreview.problems import problems_of
from livingreview.reading.cells import Unreadable, to_months
from livingreview.results import SIGNS, OutcomeKind, Result, Rule
from livingreview.tables import TREATMENT

CONTROL = "control"


class Finding(Result):
    """One result that a clause tells of one arm or contrast.

    ``arm`` is *treatment*, a comparator, *not stated*, or ``treatment vs <comparator>``, where
    *control* stands for the comparator of the study's own design.
    """

    arm: str = TREATMENT


@dataclass(frozen=True)
class Reading:
    """The named parts of one clause, turned into values on request."""

    parts: dict[str, str | None]
    words: str
    vocabulary: Vocabulary
    find_comparators: Callable[[str, TermList[Term]], tuple[str, ...]]

    def found(self, kind: OutcomeKind, **values: Any) -> Finding:
        """Return a result of this clause; raises ``Unreadable`` for a number that none can be."""
        try:
            return Finding(kind=kind, words=self.words, **values)
        except ValidationError as error:
            first = problems_of(error, "")[0]
            allowed = f"{first.column} of {first.allowed}" if first.column else first.allowed
            raise Unreadable(self.words, allowed) from None

    def text(self, name: str) -> str:
        """Return a part that the builder needs; raises ``Unreadable`` if it is not there."""
        value = self.parts.get(name)
        if value is None:
            raise Unreadable(self.words, f"a phrase of {PHRASES} that captures {name}")
        return value

    def has(self, name: str) -> bool:
        """Return whether the clause holds this part."""
        return self.parts.get(name) is not None

    def number(self, name: str) -> float | None:
        """Return a part as a number, or None if it is not there."""
        value = self.parts.get(name)
        return None if value is None else float(value)

    def count(self, *names: str) -> int | None:
        """Return the first of several parts that is there, as a whole number."""
        return next((int(self.text(name)) for name in names if self.has(name)), None)

    def months(self, value: str = "t", unit: str = "u") -> float | None:
        """Return a time in months, or None if the clause states none."""
        return to_months(self.text(value), self.text(unit)) if self.has(value) else None

    def measure(self, name: str = "measure") -> str | None:
        """Return the name of the measure in the vocabulary."""
        term = self.vocabulary.measures.find(self.text(name))
        return term.name if term else None

    def relief_measure(self) -> str:
        """Return the measure that stands for relief in percent of baseline."""
        for term in self.vocabulary.measures.entries:
            if term.type == "relief":
                return term.name
        raise Unreadable(self.words, "a measure of type relief in the vocabulary")

    def rule(self, default: Rule = "=") -> Rule:
        """Return the printed comparison; ``default`` where only a number is printed."""
        return SIGNS[self.text("rule")] if self.has("rule") else default

    def comparators(self, name: str) -> tuple[str, ...]:
        """Return the comparators that a part names."""
        return self.find_comparators(self.text(name), self.vocabulary.comparators)


def threshold(reading: Reading) -> dict[str, Any]:
    """Return the threshold as percent of baseline or as points, with its comparison."""
    if not reading.has("threshold"):
        return {}
    points = reading.parts.get("scale") == "points"
    name = "threshold_points" if points else "threshold_percent"
    return {name: reading.number("threshold"), "threshold_rule": reading.rule()}


def responders(reading: Reading) -> list[Finding]:
    """Build the share or count of patients above a threshold, in one arm."""
    arm = reading.comparators("arm")[0] if reading.has("arm") else TREATMENT
    if reading.has("nodiff"):
        arm = "not stated"
    found = reading.found(
        "responder",
        arm=arm,
        measure=reading.measure() if reading.has("measure") else None,
        months=reading.months(),
        responders=reading.count("k"),
        evaluated=reading.count("n"),
        percent=100.0 if reading.has("all") else reading.number("percent"),
        **threshold(reading),
    )
    results = [found]
    if reading.has("nodiff"):
        results.append(contrast(CONTROL, "no difference", reading))
    if reading.has("later"):
        later = reading.months("later", "later_unit")
        results.append(
            reading.found(
                "responder",
                status="not stated",
                measure=found.measure,
                months=later,
                **threshold(reading),
            )
        )
    return results


def contrast(comparator: str, direction: Any, reading: Reading) -> Finding:
    """Build the comparison of the treatment with one comparator."""
    return reading.found(
        "between-group difference",
        arm=f"{TREATMENT} vs {comparator}",
        months=reading.months(),
        direction=direction,
    )


def no_improvement(reading: Reading) -> list[Finding]:
    """Build one contrast for each comparator that the treatment did not beat."""
    return [contrast(name, "no difference", reading) for name in reading.comparators("controls")]


def responders_twice(reading: Reading) -> list[Finding]:
    """Build responders at two times from relief that lasted for two times.

    Those whose relief lasted for the longer time had it at the shorter time too.
    """
    first, second = reading.count("k") or 0, reading.count("k2") or 0
    times = reading.months() or 0.0, reading.months("t2", "u2") or 0.0
    counts = [
        sum(n for n, lasted in zip((first, second), times, strict=True) if lasted >= at)
        for at in times
    ]
    return [
        reading.found(
            "responder",
            measure=reading.measure(),
            months=at,
            responders=n,
            **threshold(reading),
        )
        for n, at in zip(counts, times, strict=True)
    ]


def pain_free(reading: Reading) -> list[Finding]:
    """Build the count of patients without pain: relief of the whole of it."""
    return [
        reading.found(
            "responder",
            measure=reading.relief_measure(),
            threshold_percent=100.0,
            threshold_rule="=",
            months=reading.months(),
            responders=reading.count("k"),
            evaluated=reading.count("n"),
        )
    ]


def mean_change(reading: Reading) -> list[Finding]:
    """Build mean changes in points, a fall negative, and the relief that a bracket compares."""
    times = [(reading.number("x"), reading.months())]
    if reading.has("y"):
        unit = reading.text("u")
        times = [
            (reading.number("x"), to_months(reading.text("t"), unit)),
            (reading.number("y"), to_months(reading.text("t2"), unit)),
        ]
    found = [
        reading.found(
            "mean change",
            measure=reading.measure(),
            months=months,
            estimate=-value if value is not None else None,
            scale="points",
            direction="improved" if value else None,
        )
        for value, months in times
    ]
    return found + (mean_relief(reading) if reading.has("threshold") else [])


def change_from_to(reading: Reading) -> list[Finding]:
    """Build a mean change from two means: from 7 to 5 is a change of -2."""
    change = round((reading.number("end") or 0.0) - (reading.number("start") or 0.0), 2)
    return [
        reading.found(
            "mean change",
            measure=reading.measure(),
            estimate=change,
            scale="points",
            direction="improved" if change < 0 else "not improved",
        )
    ]


def mean_relief(reading: Reading) -> list[Finding]:
    """Build a group's mean relief compared with a threshold; no patients are counted."""
    return [
        reading.found(
            "mean relief",
            measure=reading.measure(),
            months=reading.months(),
            **threshold(reading),
        )
    ]


def relief(reading: Reading) -> list[Finding]:
    """Build relief printed for the patient, or for all patients alike, without a count."""
    found = [
        reading.found(
            "relief",
            measure=reading.measure(),
            months=reading.months(),
            direction="improved",
            **threshold(reading),
        )
    ]
    if reading.has("threshold2"):
        found.append(
            reading.found(
                "relief",
                measure=reading.measure(),
                months=reading.months("t2", "u2"),
                threshold_percent=reading.number("threshold2"),
                threshold_rule="<",
            )
        )
    if reading.has("better"):
        for name in reading.comparators("better"):
            last = reading.months("t2", "u2")
            worse = contrast(name, "favours comparator", reading)
            found.append(worse.model_copy(update={"months": last}))
    return found


def duration(reading: Reading) -> list[Finding]:
    """Build how long relief lasted, in months: a mean, a range, or an upper limit."""
    unit = reading.text("u")
    value, low, high = (
        to_months(reading.text(name), unit) if reading.has(name) else None
        for name in ("x", "low", "high")
    )
    return [
        reading.found(
            "duration",
            measure=reading.measure(),
            estimate=value,
            low=low,
            high=high,
            scale="months",
        )
    ]


def final_level(reading: Reading) -> list[Finding]:
    """Build a score at the end that is compared with a number: ``NRS < 2``."""
    value = {"estimate": reading.number("x"), "threshold_rule": reading.rule(), "scale": "points"}
    return [reading.found("final level", measure=reading.measure(), **value)]


def in_words(reading: Reading) -> list[Finding]:
    """Build relief stated in words only, and the score that was not reported with it."""
    found = [reading.found("statement", measure=reading.measure(), direction="improved")]
    return found + (not_measured(reading) if reading.has("unmeasured") else [])


def not_measured(reading: Reading) -> list[Finding]:
    """Build a measure that was not recorded."""
    name = reading.measure("unmeasured")
    return [reading.found("statement", status="not measured", measure=name)]


def no_reduction(reading: Reading) -> list[Finding]:
    """Build a time at which no significant change was left."""
    return [
        reading.found(
            "mean change",
            months=reading.months(),
            direction="not improved",
        )
    ]


def definition_not_stated(reading: Reading) -> list[Finding]:
    """Build the remark that a responder is not defined."""
    return [reading.found("statement", status="not stated")]


def completers(reading: Reading) -> list[Finding]:
    """Build the number of patients who were followed to the end, or to a time."""
    return [
        reading.found(
            "completers",
            months=reading.months(),
            evaluated=reading.count("k"),
        )
    ]


def arm_sizes(reading: Reading) -> dict[str, int]:
    """Return the number of patients in each arm that a note counts."""
    pairs = (("k", "arm"), ("k2", "arm2"))
    return {reading.comparators(arm)[0]: int(reading.text(count)) for count, arm in pairs}


def compared(reading: Reading) -> tuple[str, ...]:
    """Return what a note says that the treatment was compared with."""
    return reading.comparators("controls")


def adverse_events(reading: Reading) -> list[tuple[str, int]]:
    """Return each event with its number of patients; none for "no adverse events"."""
    events = reading.vocabulary.events
    pairs = (("event", "k"), ("event2", "k2"))
    found = [(events.find(reading.text(e)), k) for e, k in pairs if reading.has(e)]
    return [(term.name, int(reading.text(k))) for term, k in found if term]


BUILDERS: dict[Builder, Callable[[Reading], Any]] = {
    "responders": responders,
    "responders_twice": responders_twice,
    "pain_free": pain_free,
    "mean_change": mean_change,
    "change_from_to": change_from_to,
    "mean_relief": mean_relief,
    "relief": relief,
    "duration": duration,
    "final_level": final_level,
    "in_words": in_words,
    "no_improvement": no_improvement,
    "no_reduction": no_reduction,
    "definition_not_stated": definition_not_stated,
    "not_measured": not_measured,
    "completers": completers,
    "arm_sizes": arm_sizes,
    "compared": compared,
    "adverse_events": adverse_events,
}
