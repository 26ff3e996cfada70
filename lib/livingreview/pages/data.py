"""Data: files to take along, the dictionary of columns, and how to cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livingreview.audit.claims import audits
from livingreview.data import citation
from livingreview.data.citation import read_citation
from livingreview.derived import DERIVED
from livingreview.evidence.printings import of_printings
from livingreview.frames import dictionary
from livingreview.show.html import Html, render
from livingreview.show.table import table
from livingreview.synthesis import derived
from livingreview.tables import TABLES

if TYPE_CHECKING:
    from livingreview.review import Review

OF_PRINTINGS = {
    "changes": "cells and parts of references, compared between printings of the source review",
    "slips": "slips of its tables, and what became of each",
    "figures": "numbers of its figures that others determine",
}


def downloads_table(review: Review) -> Html:
    """Return the evidence tables with their rows and files, per edition, and what they hold."""
    editions = {"Printed edition": review.printed, "Living edition": review.living}
    rows = []
    for name, model in TABLES.items():
        about = (model.__doc__ or "").splitlines()[0].rstrip(".").replace("*", "")
        files = [_files(edition, name) for edition in editions.values()]
        rows.append((name, *files, about))
    for name, frame in derived(review.living).items():
        about = (DERIVED[name].__doc__ or "").splitlines()[0].rstrip(".").replace("*", "")
        rows.append((name, None, _file(len(frame), review.living.name, name), about))
    return table(
        pd.DataFrame(rows, columns=["Table", *editions, "A row is"]), "Evidence tables to download"
    )


def _files(review: Review, name: str) -> Markup | None:
    """Return the rows of a table, counted, and a link to its file; None for an empty table."""
    return _file(len(review.table(name)), review.name, name)


def _file(count: int, edition: str, name: str) -> Markup | None:
    if not count:
        return None
    link = _link(f"{edition}/{name}.csv", "CSV", f"of {name}, {edition}")
    return Markup("{} rows: {}").format(count, link)


def files_table(review: Review) -> Html:
    """Return the other files to download and what they hold."""
    studies = len({*review.printed.studies["key"], *review.living.studies["key"]})
    files = {
        ("datapackage.json",): "The descriptor of all tables, as a Frictionless data package: "
        "type, limits and meaning of each column",
        ("references.bib", "references.ris", "references.csl.json"): f"The references of the "
        f"{studies} included studies, for reference managers (BibTeX, RIS, CSL-JSON)",
        ("facts.json",): "Every fact of both editions with value, definition and rows",
        (
            "claims.csv",
            "judgements.csv",
        ): f"{len(audits(review))} claims, each printing's own, with "
        "their computed verdicts, and what readers judged of them",
        ("disagreements.csv",): f"{len(review.disagreements)} values that a study disputes",
        ("dictionary.csv",): f"{len(dictionary())} columns with their meaning",
        ("study.schema.json",): "The declaration of a study file, for editors",
    }
    for name, frame in of_printings(review).items():
        if not frame.empty:
            files[(f"{name}.csv",)] = f"{len(frame)} {OF_PRINTINGS[name]}"
    rows = [
        (Markup(", ").join(_link(name, name, "") for name in names), about)
        for names, about in files.items()
    ]
    return table(pd.DataFrame(rows, columns=["File", "What it holds"]), "Other files to download")


def _link(path: str, label: str, of: str) -> Markup:
    named = Markup(' aria-label="{} {}"').format(label, of) if of else ""
    return Markup('<a href="../data/{}" download{}>{}</a>').format(path, named, label)


def how_to_cite(review: Review) -> Html:
    """Return the citation of the present version as a sentence, with its files."""
    text = citation.in_one_line(read_citation(review.source.folder.parent))
    files = Markup(" or ").join(
        _link(f"citation.{end}", name, "") for end, name in (("bib", "BibTeX"), ("ris", "RIS"))
    )
    return Html(render("cite.html", citation=text, files=files), text)


def dictionary_table(review: Review, name: str) -> Html:
    """Return the columns of one evidence table: type, unit, allowed values, meaning."""
    rows = dictionary()
    rows = rows[rows["table"] == name]
    kinds = rows["type"] + rows["unit"].map(lambda unit: f", {unit}" if unit else "")
    frame = pd.DataFrame(
        {
            "Column": rows["column"],
            "Meaning": rows["meaning"],
            "Type": kinds,
            "Allowed": rows["allowed"],
            "May be empty": rows["may be empty"],
        }
    )
    about = ((TABLES | DERIVED)[name].__doc__ or "").splitlines()[0].rstrip(".")
    return table(frame, f"{name}: a row is {about[0].lower()}{about[1:]}")
