"""How things are shown: tables, one interactive table, charts, words and links."""

from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.table import interactive, table

__all__ = ["Html", "figure", "interactive", "table"]
