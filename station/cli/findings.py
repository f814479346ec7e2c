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
        return Finding("fault", what, said(error))


def said(error: StationError | OSError) -> str:
    """Return what is wrong and what to do; what the system refused names its file."""
    if isinstance(error, StationError):
        return str(error)
    if error.filename is None:
        return f"{error.strerror or error}. Start the station again; if it stays so, have its computer looked at"
    return unusable(error) or f"{error.filename}: {error.strerror}. Correct its path in station.toml, or put it there"
