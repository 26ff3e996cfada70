"""Appraisals of studies: a tool's questions answered twice, and what was agreed.

``data/appraisals/<key>.yml`` holds that of one study, of one of its results. A set of answers
walks the tool's graphs by itself, so each set answers what its own answers ask, and no more. What
both sets answer alike needs no agreement; anything else does, with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field, field_validator

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.data.study import StudyFile, known
from livingreview.data.surroundings import Key, Text
from livingreview.data.tools import Tool
from livingreview.problems import Problem, nearest, quoted

FULL_TEXT = "full text"
OVERALL = "overall"


class Answer(Declared):
    """One answer with its reason; where the study does not say, the reason says that."""

    answer: Text
    because: Text
    at: Text | None = Field(None, description="Section, table, figure or page of the article")


class AnswerSet(Declared):
    """The answers of one reading."""

    by: Text = Field(description="Who answered, or from what")
    answers: dict[str, Answer]

    @property
    def letters(self) -> dict[str, str]:
        """Question to answer."""
        return {name: given.answer for name, given in self.answers.items()}


class Override(Declared):
    """A judgement that a person puts in place of that of the graph."""

    judgement: Text
    because: Text


class AppraisedResult(Declared):
    """The result that is appraised."""

    arm: Text = Field(description="Arm or contrast, as the study's file names it")
    measure: Text = Field(description="What was measured, in words")
    months: float | None = Field(None, ge=0, description="When, as the study's file has it")

    def is_in(self, file: StudyFile) -> bool:
        """Return whether the study's file holds results of these arms at this time, or at none."""
        outcomes = known(file.outcomes) or ()
        return any(row.arm == self.arm and row.months in (self.months, None) for row in outcomes)


class Appraisal(Declared):
    """The file ``data/appraisals/<key>.yml``."""

    key: Key
    tool: Text
    result: AppraisedResult | None = Field(None, description="Result; none: the study as a whole")
    read_as: str = Field(description="full text: nothing less can be appraised")
    read_on: dt.date
    status: Text = Field(description="How far it can be relied on")
    checked: Text = Field(description="What was held against the article")
    sets: tuple[AnswerSet, ...] = Field(min_length=1, max_length=2)
    agreed: dict[str, Answer] = Field({}, description="Where the sets differ: what stands, and why")
    overrides: dict[str, Override] = Field({}, description="By domain, or overall")

    @field_validator("read_as")
    @classmethod
    def _needs_the_full_text(cls, value: str) -> str:
        if value != FULL_TEXT:
            raise ValueError(quoted(value), f"{FULL_TEXT}: less than that cannot be appraised")
        return value

    def differing(self, tool: Tool) -> tuple[str, ...]:
        """Return the questions that one set answers otherwise than another, or not at all.

        Probably yes and yes are one kind of answer: they do not differ.
        """
        return tuple(name for name in tool.questions if len(self._kinds(tool, name)) > 1)

    def _kinds(self, tool: Tool, question: str) -> set[str | None]:
        letters = [given.letters.get(question) for given in self.sets]
        return {letter and tool.kind(letter) for letter in letters}

    def standing(self, tool: Tool) -> dict[str, Answer]:
        """Return the answers that stand: agreed, or that of the last set where the sets agree."""
        differing = self.differing(tool)
        last = self.sets[-1].answers
        return {
            name: self.agreed.get(name) or last[name]
            for name in tool.questions
            if name in self.agreed or (name in last and name not in differing)
        }


def load_appraisals(
    folder: Path, tools: Mapping[str, Tool], studies: Mapping[str, StudyFile], found: list[Problem]
) -> dict[str, Appraisal]:
    """Return the appraisals by study; notes what is wrong with each."""
    appraisals = {}
    for path in sorted(folder.glob("*.yml")) if folder.is_dir() else ():
        appraisal = read_yaml(path, Appraisal, found)
        if appraisal is None:
            continue
        found += [
            Problem(name_of(path), None, column, was, allowed)
            for column, was, allowed in faults(appraisal, path.stem, tools, studies)
        ]
        appraisals[appraisal.key] = appraisal
    return appraisals


Fault = tuple[str, str, str]  # field, found, allowed


def faults(
    appraisal: Appraisal, name: str, tools: Mapping[str, Tool], studies: Mapping[str, StudyFile]
) -> Iterator[Fault]:
    """Yield what is wrong with an appraisal that reads well; ``name`` is that of its file."""
    file = studies.get(appraisal.key)
    if file is None or appraisal.key != name:
        yield "key", quoted(appraisal.key), "a study with a file, as this file is named"
    tool = tools.get(appraisal.tool)
    if tool is None:
        yield "tool", quoted(appraisal.tool), nearest(appraisal.tool, tools)
        return
    if file is not None:
        if file.design not in tool.for_designs:
            yield "tool", f"{tool.name} for a {file.design}", f"for {', '.join(tool.for_designs)}"
        if appraisal.result is not None and not appraisal.result.is_in(file):
            found = f"{quoted(appraisal.result.arm)} at {appraisal.result.months} months"
            yield "result", found, "arms and time of a result of the study's file"
    unknown = list(_unknown(appraisal, tool))
    yield from unknown
    if not unknown:  # what is no answer leads nowhere
        yield from _off_the_path(appraisal, tool)
    for domain, override in appraisal.overrides.items():
        if domain not in (*tool.domains, OVERALL):
            yield "overrides", quoted(domain), nearest(domain, (*tool.domains, OVERALL))
        if override.judgement not in tool.judgements:
            allowed = nearest(override.judgement, tool.judgements)
            yield f"overrides.{domain}", quoted(override.judgement), allowed


def _given(appraisal: Appraisal) -> Iterator[tuple[str, Mapping[str, Answer]]]:
    for number, given in enumerate(appraisal.sets, start=1):
        yield f"sets[{number}]", given.answers
    yield "agreed", appraisal.agreed


def _unknown(appraisal: Appraisal, tool: Tool) -> Iterator[Fault]:
    for place, answers in _given(appraisal):
        for question, given in answers.items():
            if question not in tool.questions:
                yield place, f"question {quoted(question)}", nearest(question, tool.questions)
            elif given.answer not in tool.options(question):
                allowed = f"one of {', '.join(tool.options(question))}"
                yield f"{place}.{question}", quoted(given.answer), allowed


def _off_the_path(appraisal: Appraisal, tool: Tool) -> Iterator[Fault]:
    for number, given in enumerate(appraisal.sets, start=1):
        asked = path_of(tool, given.letters)
        for question in given.answers:
            if question not in asked:
                yield f"sets[{number}].{question}", "an answer off the path", "no answer here"
    differing = appraisal.differing(tool)
    standing = {name: given.answer for name, given in appraisal.standing(tool).items()}
    asked = path_of(tool, standing)
    for question in appraisal.agreed:
        if question not in differing:
            yield f"agreed.{question}", "an agreement where the sets agree", "none"
        elif question not in asked:
            yield f"agreed.{question}", "an answer off the path", "no answer here"
    for question in sorted({*differing} & asked - {*appraisal.agreed}):
        if all(question in given.answers for given in appraisal.sets):
            yield f"agreed.{question}", "nothing", "what stands where the sets differ, and why"


def path_of(tool: Tool, answers: Mapping[str, str]) -> set[str]:
    """Return the questions that some answers ask, in all domains."""
    return {question for domain in tool.domains for question in tool.judge(domain, answers).path}
