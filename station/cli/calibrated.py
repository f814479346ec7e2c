"""Say which calibrations cannot be relied on, past due, still to come or an example's, and lock the station that would."""

from collections.abc import Iterator
from datetime import date

from station.cli.findings import Finding
from station.cli.home import Home, shown
from station.core.equipment import Certificate
from station.core.errors import LockedError
from station.hardware.calibration import Due, ahead, certificates, due, examples

_MOST = 5  # pieces that are named: one file has more than fifty resistors
_RIGHT = "Correct the date calibrated, or this computer's clock"
_TRIAL = "; `run --simulate` tests all the same"


def refuse_uncalibrated(home: Home, today: date) -> None:
    """Raise LockedError when a calibration is past due, still to come, or the starter's example where nothing is simulated."""
    if late := [one for one in due(certificates(home.config, home.fixture), today) if one.past]:
        named = "; ".join(f"{one.what} (certificate {one.certificate}) was due on {one.due}" for one in late)
        raise LockedError(
            f"calibration past due: {named}. Have it calibrated, and write its new certificate and due date into the file; "
            "this version knows no extension"
        )
    if borrowed := list(examples(home.config, home.fixture)):
        raise LockedError(f"calibration by an example: {_named(borrowed)}. {_own(home)}")
    if early := list(ahead(home.config, home.fixture, today)):
        raise LockedError(f"calibration on a day after {today}: {_named(early)}. {_RIGHT}")


def calibration_findings(home: Home, simulate: bool) -> Iterator[Finding]:
    """Yield what is to be said of every certificate; what locks a real tray is but a warning where one is simulated."""
    late = due(certificates(home.config, home.fixture), home.today)
    borrowed = list(examples(home.config, home.fixture))
    locks, trial = ("warning", _TRIAL) if simulate else ("fault", "")
    for one in late:
        yield Finding(locks if one.past else "warning", "calibration", f"{_said(one)}{trial if one.past else ''}")
    if borrowed:
        said = f"the starter's example vouches for no real equipment: {_named(borrowed)}. {_own(home)}{trial}"
        yield Finding(locks, "calibration", said)
    if early := list(ahead(home.config, home.fixture, home.today)):
        yield Finding(locks, "calibration", f"calibrated on a day after {home.today}: {_named(early)}. {_RIGHT}{trial}")
    if not late and not borrowed and not early:
        yield Finding("ok", "calibration", "nothing comes due within 14 days")


def _said(one: Due) -> str:
    name = f"{one.what}, certificate {one.certificate}"
    if one.past:
        return f"{name}: past due for {_days(-one.days)}: have it calibrated, or correct the date"
    return f"{name}: due on {one.due}, {'today' if one.days == 0 else f'{_days(one.days)} from now'}"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _named(borrowed: list[tuple[str, Certificate]]) -> str:
    named = "; ".join(f"{what} (certificate {certificate.number})" for what, certificate in borrowed[:_MOST])
    return named if len(borrowed) <= _MOST else f"{named}; and {len(borrowed) - _MOST} more"


def _own(home: Home) -> str:
    files = f"station.toml and {shown(home.config.fixture, home.config.home)}"
    return f"Write each one's own certificate, with its dates, into {files}"
