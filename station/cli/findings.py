"""Say what was looked at and what was found: the lines of the doctor's report."""

from collections.abc import Callable
from dataclasses import dataclass

from station.cli.unusable import unusable
from station.core.errors import StationError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, warning or fault."""

    state: str
    what: str
    said: str


def tried(what: str, look: Callable[[], str]) -> Finding:
    """Return what `look` says, or the fault that it raises."""
    try:
        return Finding("ok", what, look())
    except (StationError, OSError) as error:
        return Finding("fault", what, unusable(error) or str(error))
