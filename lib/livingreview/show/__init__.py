"""What chapters show: tables, one interactive table, charts."""

from livingreview.show.bigtable import interactive
from livingreview.show.figure import figure
from livingreview.show.html import Html
from livingreview.show.table import table

__all__ = ["Html", "figure", "interactive", "table"]
