"""Clinical questions, and the one that each study informs: ``data/questions.yml``."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import Field

from livingreview.data.files import name_of, read_yaml
from livingreview.data.protocol import Declared
from livingreview.data.surroundings import RegisteredTrial
from livingreview.problems import Problem, quoted

Text = Annotated[str, Field(min_length=1)]


class Apart(Declared):
    """Two studies that a person found to have no patients in common, and why."""

    studies: tuple[Text, Text]
    because: Text


class Question(Declared):
    """What a clinician would ask, of a condition and a site, and the studies that inform it."""

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    label: Text
    asks: Text
    also: tuple[Text, ...] = Field((), description="Other names by which it is looked for")
    registered: tuple[Text, ...] = Field((), description="Registered trials that ask it")
    different_patients: tuple[Apart, ...] = Field((), description="Pairs without common patients")
    studies: dict[str, Text] = Field(description="Key of each study, and why it is here")


class QuestionList(Declared):
    """The file ``data/questions.yml``."""

    questions: tuple[Question, ...] = Field(min_length=1)


def load_questions(
    path: Path,
    known: Collection[str],
    trials: Collection[RegisteredTrial],
    problems: list[Problem],
) -> tuple[Question, ...]:
    """Return the questions; none where the review has no such file.

    ``known`` are the keys of the bibliography, ``trials`` the registered trials. A repeated id, an
    unknown study or trial and a study or trial under two questions are problems.
    """
    listed = read_yaml(path, QuestionList, problems, optional=True)
    questions = listed.questions if listed else ()
    places: dict[str, str] = {}
    ids: set[str] = set()
    registered = {trial.id for trial in trials}
    for number, question in enumerate(questions, start=1):
        row = f"questions[{number}]"
        if question.id in ids:
            problems.append(Problem(name_of(path), row, "id", quoted(question.id), "each id once"))
        ids.add(question.id)
        for key in (key for apart in question.different_patients for key in apart.studies):
            if key not in question.studies:
                allowed = f"a study under {question.id}"
                problems.append(
                    Problem(name_of(path), row, "different_patients", quoted(key), allowed)
                )
        named = [("studies", key, known, "a key of references.bib") for key in question.studies]
        allowed = "an id of data/ongoing.yml"
        named += [("registered", key, registered, allowed) for key in question.registered]
        for column, key, known_keys, allowed in named:
            if key not in known_keys:
                problems.append(Problem(name_of(path), row, column, quoted(key), allowed))
            elif key in places:
                found = f"{quoted(key)} under {places[key]} and {question.id}"
                problems.append(Problem(name_of(path), row, column, found, "one question"))
            places[key] = question.id
    return questions


def without_a_question(
    questions: Collection[Question], studies: Collection[str], file: str
) -> list[Problem]:
    """Return a problem for each included study that has no question, where questions are asked."""
    placed = {key for question in questions for key in question.studies}
    allowed = f"one of {', '.join(question.id for question in questions)}, with its reason"
    return [
        Problem(file, None, "studies", f"{quoted(key)} under no question", allowed)
        for key in studies
        if questions and key not in placed
    ]
