"""A living review: evidence tables, facts, claims and guards, computed from ``data/``."""

from livingreview import pages, show
from livingreview.chapter import guard, publish
from livingreview.review import open_review

__all__ = ["guard", "open_review", "pages", "publish", "show"]
