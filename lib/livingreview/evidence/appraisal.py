"""Appraisals as rows of evidence: a judgement a domain, or why a study is not assessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from livingreview.data.appraisals import FULL_TEXT, OVERALL, Answer, Appraisal
from livingreview.data.files import name_of
from livingreview.data.source import Source
from livingreview.data.tools import Tool
from livingreview.tables import Appraised
from livingreview.words import listed

NOT_ASSESSED = "not assessed"
NO_JUDGEMENT = "no judgement"  # of a tool that only asks

# Why a study is not assessed, by how far it was read.
BECAUSE = {
    "review table": "nothing of the study itself was read",
    "not read": "nothing of the study itself was read",
    "full text": "its full text was read, and no tool's questions were answered yet",
}


def appraisals_of(source: Source, key: str, design: str, read_as: str) -> list[Appraised]:
    """Return one row for each domain of a study's appraisal and one overall, or why there is none.

    ``design`` is the code of its design, ``read_as`` how far it was read.
    """
    appraisal = source.appraisals.get(key)
    if appraisal is not None:
        return list(_judged(source, appraisal))
    fitting = [tool.name for tool in source.tools.values() if design in tool.for_designs]
    why = BECAUSE.get(read_as, f"no more than its {read_as} was read")
    values: dict[str, Any] = {
        "key": key,
        "tool": fitting[0] if fitting else None,
        "domain": OVERALL,
        "judgement": NOT_ASSESSED,
        "reasons": why if fitting or read_as != FULL_TEXT else "no tool is at hand",
        "read_as": read_as,
        "source": name_of(source.folder / f"studies/{key}.yml"),
        "locator": "read_as",
    }
    return [Appraised(**values)]


def _judged(source: Source, appraisal: Appraisal) -> Iterator[Appraised]:
    """Yield a row a domain, then one of all domains."""
    tool = source.tools[appraisal.tool]
    standing = appraisal.standing(tool)
    letters = {name: given.answer for name, given in standing.items()}
    differing = appraisal.differing(tool)
    judgements = []
    for name, domain in tool.domains.items():
        found = tool.judge(name, letters)
        override = appraisal.overrides.get(name)
        judgement = override.judgement if override else found.judgement or NO_JUDGEMENT
        judgements.append(judgement)
        said = [words(tool, asked, standing[asked]) for asked in found.path if asked in standing]
        said += [f"{asked}: not answered" for asked in found.missing]
        if override:
            said.append(f"in place of {found.judgement}: {override.because}")
        yield Appraised(
            **_of(source, appraisal),
            domain=name,
            about=domain.about,
            judgement=judgement,
            reasons=listed(said),
            differed=tuple(asked for asked in found.path if asked in differing),
            locator=name,
        )
    override = appraisal.overrides.get(OVERALL)
    worst = tool.worst(judgements) if tool.judgements else NO_JUDGEMENT
    yield Appraised(
        **_of(source, appraisal),
        domain=OVERALL,
        about="All domains",
        judgement=override.judgement if override else worst,
        reasons=override.because if override else "the worst of the domains",
        locator=OVERALL,
    )


def _of(source: Source, appraisal: Appraisal) -> dict[str, Any]:
    """Return what all rows of an appraisal have in common."""
    result = appraisal.result
    return {
        "key": appraisal.key,
        "arm_words": result.arm if result else None,
        "measure": result.measure if result else None,
        "months": result.months if result else None,
        "tool": source.tools[appraisal.tool].name,
        "status": appraisal.status,
        "read_as": appraisal.read_as,
        "source": name_of(source.folder / f"appraisals/{appraisal.key}.yml"),
    }


def words(tool: Tool, number: str, given: Answer) -> str:
    """Return an answer in words: number, answer, reason, place."""
    _, said = tool.answers[given.answer]
    at = f" ({given.at})" if given.at else ""
    return f"{number} {said}: {given.because.rstrip('.')}{at}"
