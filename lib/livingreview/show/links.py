"""Links to a study, a row, a fact or a claim; the build turns them into real addresses."""

from dataclasses import replace

from markupsafe import Markup, escape

from livingreview.facts import Fact


def study(key: str, label: str) -> Markup:
    """Return a link to a study's card."""
    return Markup('<a href="study:{}">{}</a>').format(key, label)


def row(edition: str, name: str, label: object) -> Markup:
    """Return a link to a row of the evidence, on the card of its study.

    edition: printed or living; name: that of the row in its table, like ``outcomes:12``.
    """
    return Markup('<a href="row:{}/{}">{}</a>').format(edition, name, label)


def claim(name: str, label: str) -> Markup:
    """Return a link to a claim in the audit."""
    return Markup('<a href="claim:{}">{}</a>').format(name, label)


def question(name: str, label: str) -> Markup:
    """Return a link to the answer to a clinical question."""
    return Markup('<a href="question:{}">{}</a>').format(name, label)


def fact(found: Fact, label: str = "") -> Markup:
    """Return a fact's value as a link to its entry, as it reads in prose or as labelled."""
    if label:
        found = replace(found, value=replace(found.value, text=label))
    return Markup(found._repr_html_())  # noqa: S704 - escapes its parts itself


def doi(value: object, label: str = "") -> Markup:
    """Return a link to a DOI, or an empty text where none is printed: blank, or no text at all."""
    if not isinstance(value, str) or not value:
        return Markup("")
    return Markup('<a href="https://doi.org/{}">{}</a>').format(value, label or f"doi:{value}")


def anchor(name: str, label: object) -> Markup:
    """Return a label that links can point to."""
    return Markup('<span id="{}">{}</span>').format(name, escape(label))
