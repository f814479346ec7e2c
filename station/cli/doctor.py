"""Examine the station: documents, folders, calibration dates, instruments and fixture, with a remedy for each fault."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from station.cli import assemble
from station.cli.bench_process import simulator
from station.cli.home import Home, find, read, shown
from station.clocks.steady import SteadyClock
from station.core.errors import StationError
from station.hardware.calibration import certificates, due


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, warning or fault."""

    state: str
    what: str
    said: str


def examine(home_option: Path | None, simulate: bool) -> int:
    """Look at everything a tray would need, print what was found, and return 0 when a tray could be tested now."""
    folder = find(home_option)
    home = read(folder)
    worst = 0
    for finding in _findings(home, simulate):
        sign = {"ok": "ok     ", "warning": "WARNING", "fault": "FAULT  "}[finding.state]
        sys.stdout.write(f"{sign}  {finding.what:<12} {finding.said}\n")
        worst = max(worst, 3 if finding.state == "fault" else 0)
    sys.stdout.write("A tray could be tested now.\n" if worst == 0 else "No tray can be tested until the faults are mended.\n")
    return worst


def _findings(home: Home, simulate: bool) -> Iterator[Finding]:
    folder = home.config.home
    yield Finding(
        "ok", "documents", f"station.toml, {shown(home.config.limits, folder)}, {shown(home.config.fixture, folder)} can be read"
    )
    yield _tried("sequence", lambda: f"{assemble.sequence_of(home).product}: flow and limits fit, {len(home.limits.limits)} rows")
    yield _tried("template", lambda: f"{shown(home.config.certificate, folder)}, language {assemble.template_of(home).language}")
    yield _released(home)
    yield from _due(home, datetime.now(UTC).date())
    for name, path in (("store", home.config.store.parent), ("evidence", home.config.evidence), ("issued", home.config.issued)):
        yield _tried(name, partial(_writable, path))
    yield _bench(home, simulate)


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding("ok", what, look())
    except (StationError, OSError) as error:
        return Finding("fault", what, str(error))


def _released(home: Home) -> Finding:
    limits = home.limits
    if limits.unreleased is None:
        names = ", ".join(one.name for one in limits.approvals if one.digest == limits.digest)
        return Finding("ok", "limits", f"{limits.product} revision {limits.revision}, released by {names}")
    remedy = "it runs in engineering mode and earns no certificate; limits/README.md says how it is released"
    return Finding("warning", "limits", f"{limits.file}: {limits.unreleased}; {remedy}")


def _due(home: Home, today: date) -> Iterator[Finding]:
    late = due(certificates(home.config, home.fixture), today)
    for one in late:
        said = f"{one.what}, certificate {one.certificate}: due on {one.due}, {one.days} days from now"
        yield Finding("fault" if one.past else "warning", "calibration", said)
    if not late:
        yield Finding("ok", "calibration", "nothing comes due within 14 days")


def _writable(path: Path) -> str:
    path.mkdir(parents=True, exist_ok=True)
    probe = path / ".doctor"
    probe.write_bytes(b"probe")
    probe.unlink()
    return f"{path} can be written"


def _bench(home: Home, simulate: bool) -> Finding:
    def look() -> str:
        with ExitStack() as stack:
            looked = home
            if simulate:
                config = home.config
                addresses = stack.enter_context(
                    simulator(slots=home.fixture.slots, speed=1.0, seed=1, mains_hz=config.mains_hz, truth=None)
                )
                looked = assemble.simulated(home, addresses)
            bench = stack.enter_context(assemble.bench_of(looked, SteadyClock()))
            if bench.halted is not None:
                raise StationError(f"the fixture is not ready: {bench.halted}")
            who = {f"{one.model} {one.serial}": None for one in bench.equipment(1)}
            return f"{', '.join(who)} answer, and every slot is safe"

    return _tried("bench", look)
