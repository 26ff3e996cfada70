"""The font of text and charts: its own files, so that no installed font changes what is built."""

from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "typefaces"
FAMILY = "Review Sans"
# Where a picture is taken away and the family is not at hand; laid out for these it would be cut.
STACK = f"{FAMILY}, Inter, DejaVu Sans, Arial, sans-serif"


@cache
def renderer() -> Any:
    """Return the library that draws charts and pictures, with the family registered."""
    import vl_convert

    vl_convert.register_font_directory(str(FOLDER))
    return vl_convert
