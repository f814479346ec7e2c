"""Examine the station: documents, folders, calibration dates, instruments and fixture, with a remedy for each fault."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from station.cli import assemble, elsewhere
from station.cli.aftermath import aftermath
from station.cli.bench_process import simulator
from station.cli.calibrated import calibration_findings
from station.cli.findings import Finding, said, tried
from station.cli.home import Home, find, read, shown
from station.cli.tray import same_speed
from station.clocks.steady import SteadyClock
from station.core.errors import StationError
from station.hardware import watchdog
from station.hardware.ownership import owned
from station.hardware.serial_port import open_serial


def examine(home_option: Path | None, simulate: bool, speed: float) -> int:
    """Look at everything a tray would need, print what was found, and return 0 when a tray could be tested now."""
    folder = find(home_option)
    home = read(folder)
    worst = 0
    for finding in _findings(home, simulate, speed):
        sign = {"ok": "ok     ", "warning": "WARNING", "fault": "FAULT  "}[finding.state]
        sys.stdout.write(f"{sign}  {finding.what:<12} {finding.said}\n")
        worst = max(worst, 3 if finding.state == "fault" else 0)
    sys.stdout.write("A tray could be tested now.\n" if worst == 0 else "No tray can be tested until the faults are mended.\n")
    return worst


def _findings(home: Home, simulate: bool, speed: float) -> Iterator[Finding]:
    folder = home.config.home
    yield Finding(
        "ok", "documents", f"station.toml, {shown(home.config.limits, folder)}, {shown(home.config.fixture, folder)} can be read"
    )
    yield tried("sequence", lambda: f"{assemble.sequence_of(home).product}: flow and limits fit, {len(home.limits.limits)} rows")
    yield tried("template", lambda: f"{shown(home.config.certificate, folder)}, language {assemble.template_of(home).language}")
    yield _released(home, simulate)
    yield from calibration_findings(home, simulate)
    yield tried("keys", lambda: assemble.sealing(home))
    for name, path in (("store", home.config.store.parent), ("evidence", home.config.evidence), ("issued", home.config.issued)):
        yield tried(name, partial(_writable, path))
    yield from aftermath(home.config)
    yield from _bench(home, simulate, speed)


def _released(home: Home, simulate: bool) -> Finding:
    limits, unreleased = home.limits, home.limits.unreleased_for(home.today, simulated=simulate or home.simulated)
    if unreleased is None:
        names = ", ".join(one.name for one in limits.releasing)
        return Finding("ok", "limits", f"{limits.product} revision {limits.revision}, released by {names}")
    remedy = "it runs in engineering mode and earns no certificate; limits/README.md says how it is released"
    return Finding("warning", "limits", f"{limits.file}: {unreleased}; {remedy}")


def _writable(path: Path) -> str:
    path.mkdir(parents=True, exist_ok=True)
    probe = path / ".doctor"
    probe.write_bytes(b"probe")
    probe.unlink()
    return f"{path} can be written"


def _bench(home: Home, simulate: bool, speed: float) -> Iterator[Finding]:
    with ExitStack() as stack:
        try:
            looked = _simulated(home, speed, stack) if simulate else home
        except (StationError, OSError) as error:
            yield Finding("fault", "bench", said(error))
            return
        yield tried("watchdog", partial(_watchdog, looked))
        yield from _answering(looked, speed)


def _simulated(home: Home, speed: float, stack: ExitStack) -> Home:
    mains = home.config.mains_hz
    dmms, scopes = len(home.config.dmms), len(home.config.scopes)
    started = simulator(slots=home.fixture.slots, speed=speed, seed=1, mains_hz=mains, truth=None, dmms=dmms, scopes=scopes)
    return elsewhere.simulated(home, stack.enter_context(started))


def _watchdog(home: Home) -> str:
    address = home.config.fixture_address
    with owned(address), closing(open_serial(address)) as stream:
        return watchdog.tried(stream, SteadyClock(), secrets.token_bytes(4))


def _answering(home: Home, speed: float) -> Iterator[Finding]:
    clock = SteadyClock(speed)
    try:
        with assemble.bench_of(home, clock) as bench:
            if home.fixture.simulated:
                same_speed(bench, clock, speed)
            if bench.halted is not None:
                yield Finding("fault", "bench", f"the fixture is not ready: {bench.halted}")
                return
            who = {f"{one.model} {one.serial}": None for one in bench.equipment(1)}
            yield Finding("ok", "bench", f"{', '.join(who)} answer, and every slot is safe")
            for why in bench.missing.values():
                yield Finding("warning", "bench", f"{why}. A tray would be tested without it, in more time")
            yield tried("wiring", bench.wiring.prove_all)
    except (StationError, OSError) as error:
        yield Finding("fault", "bench", said(error))
