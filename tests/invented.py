"""Four invented studies, one of each kind that screening decides on, to add to a copy of a review.

Their numbers are made up; the words of closed lists are those of the review under test.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from livingreview.contribute import version
from livingreview.data.source import load_source
from livingreview.data.study import unread
from project import ROOT

COPIED = (
    "data", "chapters", "docs", ".github", "index.md", "references.bib", "CITATION.cff",
    "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "Makefile", "_config.yml", "_toc.yml",
)  # fmt: skip
ENTRY = (
    "@article{{{key},\n  author = {{{author}}},\n  title = {{{title}}},\n"
    "  year = {{{year}}},\n{doi}}}\n"
)


def copy_of_review(folder: Path) -> Path:
    """Copy what makes the review under test into a folder, and return it."""
    for name in COPIED:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, folder / name)
        elif path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder)
    return folder


def decided(decision: str) -> dict[str, Any]:
    """Return a block ``screening``."""
    return {"decision": decision, "reason": f"It is {decision}.", "found_by": "other methods"}


def studies(data: Path) -> dict[str, dict[str, Any]]:
    """Return the invented studies by key, as their files have them."""
    source = load_source(data)
    words, day = source.vocabulary, source.versions.present.date
    nerves, guides = [*words.nerves.by_name], [*words.guidance.by_name]
    sham = next(name for name in words.comparators.by_name if name != "treatment")
    group = {term.group: term.name for term in reversed([*words.designs.by_name.values()])}
    items = [*words.reporting.by_name]
    rules = source.protocol.eligibility.asked
    blank = unread("x", None, items, rules).model_dump(exclude_unset=True)
    del blank["ref"]
    read = (
        "design", "comparators", "patients", "condition", "nerves", "guidance", "followup_months",
        *(f"reporting.{item}" for item in items),
    )  # fmt: skip
    arms = [{"name": "treatment", "patients": 50}, {"name": sham, "patients": 48}]
    trial = blank | {
        "key": "aaa", "doi": "10.1000/aaa", "publication": "article", "year": day.year,
        "published_on": str(day)[:7], "screening": decided("included"), "read_as": "full text",
        "read_from": {name: {"how": "full text", "at": "Methods"} for name in read},
        "read_on": day, "design": group["trial"], "design_words": "trial", "patients": 98,
        "comparators": [sham], "comparator_words": "the other", "arms": arms,
        "condition": "pain: chronic", "nerves": nerves[:2], "guidance": guides[:1],
        "reporting": dict.fromkeys(items, "a word"), "followup_months": 12,
        "outcomes": [
            {"arm": f"treatment vs {sham}", "measure": "NRS", "kind": "between-group difference",
             "primary_endpoint": True, "months": 6, "estimate": -1.5, "scale": "points",
             "better": "lower", "ci_low": -2.5, "ci_high": -0.5, "p_value": "<0.001",
             "direction": "favours treatment", "at": "Table 2"},
            {"arm": "treatment", "measure": "NRS", "kind": "responder", "months": 6,
             "threshold_percent": 50, "threshold_rule": ">", "responders": 30, "evaluated": 45,
             "at": "Table 2"},
            {"arm": sham, "measure": "NRS", "kind": "responder", "months": 6,
             "threshold_percent": 50, "threshold_rule": ">", "responders": 12, "evaluated": 44,
             "at": "Table 2"},
        ],
        "adverse_events": [
            {"event": "bruise", "arm": "treatment", "patients": 2, "at_risk": 50, "at": "Table 3"}
        ],
        "eligibility": {item: answer for item, (_, answer) in rules.items()},
    }  # fmt: skip
    # As little as an abstract may tell: no DOI, year, patients, comparator, nerve or time.
    cohort = blank | {
        "key": "bbb", "publication": "not stated", "year": "not stated", "patients": "not stated",
        "screening": decided("included"), "read_as": "abstract", "read_on": day,
        "design": group["cohort"], "arms": [{"name": "treatment", "patients": "not stated"}],
        "followup_months": "not stated", "outcomes": [
            {"arm": "treatment", "measure": "VAS", "kind": "relief", "direction": "improved"},
        ],
    }  # fmt: skip
    case = blank | {
        "key": "ccc", "publication": "article", "year": 2020, "patients": 1,
        "screening": decided("included"), "read_as": "registry", "read_on": day,
        "design": group["case report"], "comparators": [], "nerves": nerves[-1:],
        "arms": [{"name": "treatment", "patients": 1}], "guidance": "not stated",
        "followup_months": 0, "outcomes": [
            {"arm": "treatment", "measure": "pain, in words", "kind": "other", "months": 0,
             "estimate": 3, "scale": "points"},
        ],
        "adverse_events": [{"event": "any adverse event", "patients": 0}],
    }  # fmt: skip
    waiting = blank | {"key": "ddd", "screening": decided("awaiting full text")}
    return {study["key"]: study for study in (trial, cohort, case, waiting)}


def add_to(folder: Path) -> None:
    """Add the invented studies to a copy of a review: files, references, a version of theirs."""
    newest = load_source(folder / "data").versions.present
    if newest.kept is None:
        version.cut(folder, newest.version, str(newest.date))
    found = studies(folder / "data")
    entries = []
    for key, study in found.items():
        text = yaml.safe_dump(study, sort_keys=False)
        head = "# yaml-language-server: $schema=../study.schema.json\n"
        (folder / f"data/studies/{key}.yml").write_text(head + text, "utf-8")
        year = study["year"] if isinstance(study["year"], int) else "n.d."
        author = "Aaa, B. and others" if key != "bbb" else "{Authors not in the part read}"
        doi = f"  doi = {{{study['doi']}}},\n" if "doi" in study else ""
        entries.append(
            ENTRY.format(key=key, author=author, title=f"Study {key}", year=year, doi=doi)
        )
    path = folder / "data/questions.yml"
    listed = yaml.safe_load(path.read_text("utf-8"))
    listed["questions"][-1]["studies"] |= dict.fromkeys(("aaa", "bbb", "ccc"), "invented")
    path.write_text(yaml.safe_dump(listed, sort_keys=False), "utf-8")
    path = folder / "references.bib"
    path.write_text(path.read_text("utf-8") + "\n" + "\n".join(entries), "utf-8")
    version.cut(folder, "99.0.0", str(newest.date))
