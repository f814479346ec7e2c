"""Choose how results are written."""

import os
import sys
from enum import StrEnum


class Mode(StrEnum):
    """How results are written: rich on a terminal and plain elsewhere (auto), or one of them, or JSON."""

    AUTO = "auto"
    RICH = "rich"
    PLAIN = "plain"
    JSON = "json"

    def chosen(self) -> "Mode":
        """Return the mode that auto stands for here."""
        if self is not Mode.AUTO:
            return self
        dumb = os.environ.get("TERM") == "dumb" or "NO_COLOR" in os.environ
        return Mode.RICH if sys.stderr.isatty() and not dumb else Mode.PLAIN
