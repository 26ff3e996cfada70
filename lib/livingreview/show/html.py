"""A piece of a page as HTML and as text."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


class Html:
    """A piece of a page, with the plain text that a terminal or an executed notebook shows."""

    def __init__(self, html: str, text: str) -> None:
        """Hold the safe HTML and its plain-text reading."""
        self.html = html
        self.text = text

    def _repr_html_(self) -> str:
        return self.html

    def __html__(self) -> str:
        """Let a template, or Markup, take this piece in without escaping it again."""
        return self.html

    def __repr__(self) -> str:
        """Return the plain-text reading."""
        return self.text


def plain(text: str) -> str:
    """Return a text without markup: Markup loses its tags, any other text is already plain."""
    return text.striptags() if isinstance(text, Markup) else text


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("livingreview.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    return environment


def render(template: str, **values: Any) -> str:
    """Return the named template of this package, filled in; whatever is not Markup is escaped."""
    return _environment().get_template(template).render(values)
