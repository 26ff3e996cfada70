"""Load the source of a review whole, and report everything that is wrong with it at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from livingreview.data.appraisals import Appraisal, load_appraisals
from livingreview.data.claims import Claim, Claims, Judgement, Judgements, misjudged, misplaced
from livingreview.data.elsewhere import (
    BiasFacts,
    OtherHarm,
    OtherTreatment,
    load_bias_facts,
    load_harms,
    load_other_treatment,
)
from livingreview.data.files import fingerprint_of, name_of, read_yaml
from livingreview.data.printed import (
    Difference,
    PrintedTable,
    Printing,
    read_differences,
    read_printings,
)
from livingreview.data.protocol import Protocol
from livingreview.data.questions import Question, load_questions
from livingreview.data.references import Reference, read_references
from livingreview.data.screening import Candidate, candidates
from livingreview.data.searches import Searches, load_searches, overstated
from livingreview.data.studies import load_studies
from livingreview.data.study import StudyFile
from livingreview.data.surroundings import OtherReview, RegisteredTrial, load_ongoing, load_reviews
from livingreview.data.tools import Tool, load_tools
from livingreview.data.versions import AS_OF, Versions, load_versions
from livingreview.data.vocabulary import (
    CautionTerm,
    DesignTerm,
    EventTerm,
    MeasureClass,
    MeasureTerm,
    NerveList,
    Term,
    TermList,
    Vocabulary,
    read_phrases,
)
from livingreview.problems import InvalidData, Problem, quoted

CLAIMS, JUDGEMENTS = "source/claims.yml", "source/judgements.yml"

VOCABULARY: dict[str, type[BaseModel]] = {
    "designs": TermList[DesignTerm],
    "comparators": TermList[Term],
    "guidance": TermList[Term],
    "nerves": NerveList,
    "measures": TermList[MeasureTerm],
    "events": TermList[EventTerm],
    "measure_classes": TermList[MeasureClass],
    "reporting": TermList[Term],
    "cautions": TermList[CautionTerm],
}


@dataclass(frozen=True)
class Source:
    """The files of ``data/`` as read: tables as printed text, everything else checked."""

    folder: Path
    printings: dict[str, Printing]
    differences: tuple[Difference, ...]
    references: dict[str, Reference]
    vocabulary: Vocabulary
    protocol: Protocol
    claims: tuple[Claim, ...]
    judgements: tuple[Judgement, ...]
    studies: dict[str, StudyFile]
    screening: tuple[Candidate, ...]
    versions: Versions
    ongoing: tuple[RegisteredTrial, ...]
    reviews: tuple[OtherReview, ...]
    harms: tuple[OtherHarm, ...]
    other_treatment: tuple[OtherTreatment, ...]
    bias_facts: dict[str, BiasFacts]
    tools: dict[str, Tool]
    appraisals: dict[str, Appraisal]
    questions: tuple[Question, ...]
    searches: Searches

    def file(self, name: str) -> str:
        """Return the name of one of its files as contributors know it."""
        return name_of(self.folder / name)

    def tells(self, of: str) -> bool:
        """Return whether the review tells anything of a closed list, or of one of these.

        *claims*, *table2*, *printings* (more than one), *figures* (of any printing), *searches* (a
        strategy of ours).
        """
        if of == "claims":
            return bool(self.claims)
        if of == "table2":
            return bool(self.table2.columns)
        if of == "searches":
            return self.searches.strategy is not None
        if of == "printings":
            return len(self.printings) > 1
        if of == "figures":
            return any(printing.figures for printing in self.printings.values())
        return bool(getattr(self.vocabulary, of).entries)

    @property
    def printing(self) -> Printing:
        """The printing that this review starts from: what the printed edition holds."""
        return next(iter(self.printings.values()))

    @property
    def table1(self) -> PrintedTable:
        """The table of studies of that printing."""
        return self.printing.table1

    @property
    def table2(self) -> PrintedTable:
        """The table of verdicts of that printing; without columns where there is none."""
        return self.printing.table2


def fingerprint(folder: Path) -> str:
    """Return a text that is another as soon as anything is that ``load_source`` depends on."""
    files = filter(Path.is_file, [*folder.rglob("*"), folder.parent / "references.bib"])
    return fingerprint_of(files, folder.parent, os.environ.get(AS_OF, ""))


def load_source(data_dir: Path | str) -> Source:
    """Return the source of the review in ``data_dir``, with ``references.bib`` beside it.

    Raises ``InvalidData`` with every problem of every file.
    """
    folder = Path(data_dir).resolve()
    problems: list[Problem] = []
    protocol = read_yaml(folder / "protocol.yml", Protocol, problems)
    references = read_references(folder.parent / "references.bib", problems)
    vocabulary = _read_vocabulary(folder, problems)
    imprints = protocol.source.printings if protocol else ()
    printings = read_printings(folder, imprints, references, vocabulary.nerves, problems)
    differences = read_differences(folder, printings, problems) if printings else ()
    claims, judgements = _read_claims(folder, problems)
    listed = {"protocol.yml": protocol.items if protocol else (), CLAIMS: claims}
    _note_repeated(listed, folder, problems)
    if printings:  # without a protocol it is not known which there are
        _note_misjudged(claims, judgements, [*printings], folder, problems)
    if problems or protocol is None:
        raise InvalidData(problems)
    studies = load_studies(folder / "studies", vocabulary, references, protocol, problems)
    tools = load_tools(folder / "tools", problems)
    ongoing = load_ongoing(folder / "ongoing.yml", problems)
    versions = load_versions(folder / "versions.yml", problems)
    source = Source(
        folder=folder,
        printings=printings,
        differences=differences,
        references=references,
        vocabulary=vocabulary,
        protocol=protocol,
        claims=claims,
        judgements=judgements,
        studies=studies,
        screening=candidates(studies, protocol.searched_through),
        versions=versions,
        ongoing=ongoing,
        reviews=load_reviews(folder / "reviews.yml", problems),
        harms=load_harms(folder / "harms.yml", problems),
        other_treatment=load_other_treatment(folder / "other_treatment.yml", problems),
        bias_facts=load_bias_facts(folder / "risk_of_bias_facts", {*references}, problems),
        tools=tools,
        appraisals=load_appraisals(folder / "appraisals", tools, studies, problems),
        questions=load_questions(folder / "questions.yml", {*references}, ongoing, problems),
        searches=_read_searches(folder, studies, references, protocol, versions, problems),
    )
    if problems:
        raise InvalidData(problems)
    return source


def _read_claims(
    folder: Path, problems: list[Problem]
) -> tuple[tuple[Claim, ...], tuple[Judgement, ...]]:
    """Return the claims of the source review and what readers judged of them; none without."""
    stated = read_yaml(folder / CLAIMS, Claims, problems, wrap="claims", optional=True)
    read = read_yaml(folder / JUDGEMENTS, Judgements, problems, wrap="judgements", optional=True)
    return (stated.claims if stated else ()), (read.judgements if read else ())


def _note_misjudged(
    claims: tuple[Claim, ...],
    judgements: tuple[Judgement, ...],
    printings: list[str],
    folder: Path,
    problems: list[Problem],
) -> None:
    """Note claims and judgements that do not fit the printings, or one another."""
    problems += misplaced(claims, printings, name_of(folder / CLAIMS))
    if not problems:  # what is wrong with a claim is said once
        problems += misjudged(judgements, claims, printings, name_of(folder / JUDGEMENTS))


def _read_searches(
    folder: Path,
    studies: dict[str, StudyFile],
    references: dict[str, Reference],
    protocol: Protocol,
    versions: Versions,
    problems: list[Problem],
) -> Searches:
    """Return what was searched and found; a version that says more than was searched is noted."""
    listed = {key for key, entry in references.items() if entry.number is not None}
    found = load_searches(folder / "search", studies, listed, versions.as_of, problems)
    file = name_of(folder / "versions.yml")
    problems += overstated(versions.entries, found, protocol.searched_through, file)
    return found


def _read_vocabulary(folder: Path, problems: list[Problem]) -> Vocabulary:
    """Return closed lists and phrases; those that cannot be read become problems."""
    lists = {
        name: read_yaml(
            folder / f"vocabulary/{name}.yml",
            model,
            problems,
            optional=not Vocabulary.model_fields[name].is_required(),
        )
        for name, model in VOCABULARY.items()
    }
    declared = {name: found for name, found in lists.items() if found is not None}
    return Vocabulary.model_construct(**declared, phrases=read_phrases(folder, problems))  # type: ignore[arg-type]


def _note_repeated(
    listed: dict[str, tuple[Any, ...]], folder: Path, problems: list[Problem]
) -> None:
    """Note each id that stands twice in one file; ``listed`` are entries by the name of theirs."""
    for name, entries in listed.items():
        ids = [entry.id for entry in entries]
        for number, found in enumerate(ids, start=1):
            if found in ids[: number - 1]:
                place = name_of(folder / name)
                problems.append(Problem(place, str(number), "id", quoted(found), "each id once"))
