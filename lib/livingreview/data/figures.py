"""The figures of a printing as data: its flow of studies, and its count of targets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.data.vocabulary import NerveList
from livingreview.problems import Problem, explained, nearest, quoted

Step = Literal["identified", "screened", "sought", "assessed", "included"]  # in PRISMA's order
MOST = 1_000_000  # a larger number is a slip of the keyboard


class Leaving(Declared):
    """Records that leave the flow beside a box, and what else was included may be held against.

    ``no_score``: the reason is that no score was taken; ``title_names``: a word for the reason.
    """

    reason: str = Field(min_length=1)
    records: int = Field(ge=0, le=MOST, strict=True)
    no_score: bool = False
    title_names: str | None = Field(None, min_length=1)


class FlowBox(Declared):
    """One box of the main line of a flow of studies."""

    step: Step
    words: str = Field(min_length=1)
    records: int = Field(ge=0, le=MOST, strict=True)
    leaving: tuple[Leaving, ...] = ()


class DrawnFlow(Declared):
    """A flow of studies as drawn, from top to bottom."""

    locator: str = Field(min_length=1)
    boxes: tuple[FlowBox, ...] = Field(min_length=1)


class Slice(Declared):
    """One part of a count of targets: its nerves or regions, neither for the rest."""

    label: str = Field(min_length=1)
    studies: int = Field(ge=0, le=MOST, strict=True)
    nerves: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def is_rest(self) -> bool:
        """Whether it holds what no other part does."""
        return not self.nerves and not self.regions


class DrawnTargets(Declared):
    """A count of studies by target, as drawn."""

    locator: str = Field(min_length=1)
    slices: tuple[Slice, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_rest(self) -> DrawnTargets:
        rest = [part.label for part in self.slices if part.is_rest]
        if len(rest) > 1:
            raise ValueError(
                f"{' and '.join(rest)} without target", "nerves or regions but for one"
            )
        return self


class Figures(Declared):
    """The file ``figures.yml`` of a printing."""

    flow: DrawnFlow
    targets: DrawnTargets


def read_figures(path: Path, nerves: NerveList, problems: list[Problem]) -> Figures | None:
    """Return the figures of a printing; None where it has no such file, or one that is malformed.

    Numbers that do not add up are no problem: they are what the figures are read for.
    """
    parts: dict[str, type[BaseModel]] = {"": Figures, "flow": DrawnFlow, "targets": DrawnTargets}
    parts |= {"flow.boxes": FlowBox, "targets.slices": Slice}
    explain: Any = partial(explained, parts=parts)
    found = read_yaml(path, Figures, problems, explain=explain, optional=True)
    if found is None:
        return None
    problems.extend(
        Problem(name_of(path), place, None, *said) for place, *said in _unknown(found, nerves)
    )
    return found


def _unknown(figures: Figures, nerves: NerveList) -> Iterator[tuple[str, str, str]]:
    """Yield each nerve and region that the vocabulary does not have: place, found, allowed."""
    if not nerves.entries:  # there is none, or it cannot be read, which is said elsewhere
        return
    known = {"nerves": [*nerves.by_name], "regions": sorted({t.region for t in nerves.entries})}
    for number, part in enumerate(figures.targets.slices, start=1):
        for field, names in known.items():
            for name in getattr(part, field):
                if name not in names:
                    place = f"targets.slices[{number}].{field}"
                    yield place, quoted(name), nearest(name, names)
