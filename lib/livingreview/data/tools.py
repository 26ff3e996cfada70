"""Tools that appraise a study: their questions, and the way from answers to a judgement.

``data/tools/<id>.yml`` declares one. A *part* of a domain is a decision graph: each step asks one
question, and the answer leads to another step or to a judgement. A tool without graphs asks its
questions and judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, model_validator

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.data.surroundings import Text
from livingreview.problems import Problem, quoted

INCOMPLETE = "incomplete"
ELSE = "else"


class Question(Declared):
    """One question of a tool, by its number there."""

    gist: Text = Field(description="What it asks, in our own words")
    never: tuple[str, ...] = Field((), description="Answers that the tool does not offer here")


class Step(Declared):
    """One step of a decision graph: what is asked, and where each kind of answer leads."""

    ask: str | None = Field(None, description="Question, where the step has another name")
    to: dict[str, str] = Field(
        min_length=1, description="Kind of answer, or else, to a step or a judgement"
    )

    def next_after(self, kind: str) -> str | None:
        """Return the step or judgement that a kind of answer leads to; None: nowhere."""
        return self.to.get(kind, self.to.get(ELSE))


class Part(Declared):
    """One decision graph; ``steps`` are by name, the first is where it starts."""

    steps: dict[str, Step] = Field(min_length=1)

    @property
    def first(self) -> str:
        """The name of the step that it starts from."""
        return next(iter(self.steps))


class Domain(Declared):
    """One domain: its questions, and the graphs whose worst end is its judgement."""

    about: Text = Field(description="What it is on, in our own words")
    questions: dict[str, Question] = Field(min_length=1)
    parts: tuple[Part, ...] = ()


class Judged(NamedTuple):
    """Where answers lead in one domain.

    ``path`` are the questions asked on the way, ``missing`` those of them without an answer; with
    one missing the judgement is *incomplete*.
    """

    judgement: str
    path: tuple[str, ...]
    missing: tuple[str, ...]


class Tool(Declared):
    """The file ``data/tools/<id>.yml``."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: Text
    version: Text
    for_designs: tuple[str, ...] = Field(description="Codes of the designs that it is made for")
    effect: str | None = Field(None, description="Effect of interest that its graphs are for")
    source: Text = Field(description="Where the tool is published")
    address: Text
    licence: Text = Field(description="Licence of the tool, and what that means for these words")
    answers: dict[str, tuple[str, str]] = Field(description="Answer to its kind and its words")
    judgements: tuple[str, ...] = Field((), description="Best first; empty: it judges nothing")
    domains: dict[str, Domain] = Field(min_length=1)

    @model_validator(mode="after")
    def _graphs_lead_somewhere(self) -> Tool:
        kinds = {kind for kind, _ in self.answers.values()} | {ELSE}
        for name, domain in self.domains.items():
            if bool(domain.parts) != bool(self.judgements):
                raise ValueError(f"domain {name}", "graphs if the tool judges, and none if not")
            for part in domain.parts:
                for step_name, step in part.steps.items():
                    where = f"domain {name}, step {quoted(step_name)}"
                    if (step.ask or step_name) not in domain.questions:
                        raise ValueError(where, "a step that asks a question of its domain")
                    if unknown := {*step.to} - kinds:
                        raise ValueError(f"{where}: {sorted(unknown)[0]}", f"one of {kinds}")
                    for end in step.to.values():
                        if end not in part.steps and end not in self.judgements:
                            raise ValueError(f"{where}: {quoted(end)}", "a step or a judgement")
        return self

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by their numbers, in order."""
        return {
            number: question
            for domain in self.domains.values()
            for number, question in domain.questions.items()
        }

    def kind(self, answer: str) -> str:
        """Return the kind of an answer: probably yes is a yes."""
        return self.answers[answer][0]

    def options(self, question: str) -> tuple[str, ...]:
        """Return the answers that the tool offers to a question."""
        return tuple(name for name in self.answers if name not in self.questions[question].never)

    def walk(self, part: Part, answers: Mapping[str, str]) -> Judged:
        """Follow one graph by the answers, question to answer.

        Raises ``ValueError`` for an answer on the way that the tool does not offer there.
        """
        path: list[str] = []
        here = part.first
        while here in part.steps:
            step = part.steps[here]
            question = step.ask or here
            path.append(question)
            answer = answers.get(question)
            if answer is None:
                return Judged(INCOMPLETE, tuple(path), (question,))
            if answer not in self.options(question):
                raise ValueError(f"{question}: {answer}", ", ".join(self.options(question)))
            following = step.next_after(self.kind(answer))
            if following is None:
                raise ValueError(f"{question}: {answer}", "an answer that its graph knows")
            here = following
        return Judged(here, tuple(path), ())

    def judge(self, domain: str, answers: Mapping[str, str]) -> Judged:
        """Return where the answers lead in a domain: the worst end of its graphs.

        A domain without graphs has every question on its path and the judgement *incomplete*, or
        no judgement (an empty text) once all are answered.
        """
        declared = self.domains[domain]
        if not declared.parts:
            missing = tuple(name for name in declared.questions if name not in answers)
            return Judged(INCOMPLETE if missing else "", tuple(declared.questions), missing)
        ends = [self.walk(part, answers) for part in declared.parts]
        path = tuple(dict.fromkeys(question for end in ends for question in end.path))
        missing = tuple(question for end in ends for question in end.missing)
        return Judged(self.worst([end.judgement for end in ends]), path, missing)

    def worst(self, judgements: list[str]) -> str:
        """Return the worst of several judgements; *incomplete* if one of them is."""
        if INCOMPLETE in judgements:
            return INCOMPLETE
        return max(judgements, key=self.judgements.index)


def load_tools(folder: Path, problems: list[Problem]) -> dict[str, Tool]:
    """Return the tools by id; none where the review has no such folder."""
    found = {}
    for path in sorted(folder.glob("*.yml")) if folder.is_dir() else ():
        tool = read_yaml(path, Tool, problems)
        if tool is None:
            continue
        if tool.id != path.stem:
            problems.append(
                Problem(name_of(path), None, "id", quoted(tool.id), "as the file is named")
            )
        found[tool.id] = tool
    return found
