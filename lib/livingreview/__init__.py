"""A living review: evidence tables, facts, claims and guards, computed from ``data/``."""

from livingreview import pages, show
from livingreview.chapter import open_chapter
from livingreview.review import open_review

__all__ = ["open_chapter", "open_review", "pages", "show"]
