"""How to cite the review, in the usual styles and formats."""

from __future__ import annotations

from livingreview.data.citation import Citation
from livingreview.publish.bibliography import Item, bibtex_entry, ris
from livingreview.words import slug

MOST_NAMED = 6  # authors that the Vancouver style names


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


def vancouver(citation: Citation) -> str:
    """Return the citation in the style of the National Library of Medicine, for a web resource."""
    names = [
        author.name or f"{author.family} {''.join(author.initials)}".strip()
        for author in citation.authors
    ]
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], "et al"]
    day = f"{citation.date.year} {MONTHS[citation.date.month - 1][:3]} {citation.date.day}"
    parts = [", ".join(names), f"{citation.title} [Internet]", f"Version {citation.version}", day]
    text = ". ".join(parts) + "."
    return f"{text} Available from: {citation.address}" if citation.address else text


def apa(citation: Citation) -> str:
    """Return the citation in the style of the American Psychological Association, for data."""
    names = [
        author.name or f"{author.family}, {' '.join(f'{i}.' for i in author.initials)}".strip(", ")
        for author in citation.authors
    ]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
    end = "" if listed.endswith(".") else "."
    text = (
        f"{listed}{end} ({citation.date.year}). {citation.title} "
        f"(Version {citation.version}) [Data set]."
    )
    return f"{text} {citation.address}" if citation.address else text


def key(citation: Citation) -> str:
    """Return the key of the citation in a bibliography: first author and year."""
    first = citation.authors[0]
    return f"{slug(first.family or first.whole)}-{citation.date.year}"


def as_csl(citation: Citation) -> Item:
    """Return the citation as an entry of CSL-JSON."""
    date = citation.date
    item: Item = {
        "id": key(citation),
        "type": "dataset",
        "title": citation.title,
        "author": [
            {"literal": author.name}
            if author.name
            else {"family": author.family, "given": author.given}
            for author in citation.authors
        ],
        "issued": {"date-parts": [[date.year, date.month, date.day]]},
        "version": citation.version,
    }
    more = {"DOI": citation.doi, "URL": citation.address}
    return item | {name: value for name, value in more.items() if value}


def as_bibtex(citation: Citation) -> str:
    """Return the citation as an entry of BibTeX."""
    authors = " and ".join(
        f"{{{author.name}}}" if author.name else f"{author.family}, {author.given}"
        for author in citation.authors
    )
    fields = {
        "author": authors,
        "title": citation.title,
        "year": str(citation.date.year),
        "month": f"{citation.date.month:02d}",
        "note": f"Version {citation.version}, {citation.date.isoformat()}",
        "doi": citation.doi,
        "url": citation.address,
    }
    given = {name: text for name, text in fields.items() if text}
    return bibtex_entry("misc", key(citation), given)


def as_ris(citation: Citation) -> str:
    """Return the citation as RIS."""
    return ris([as_csl(citation)])
