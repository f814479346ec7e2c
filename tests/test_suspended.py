"""A process that is suspended and goes on (SIGSTOP, SIGCONT), as a laptop's lid or a debugger does: no unit is lost silently.

Simulator or station stands still for longer than the fixture's watchdog waits. Whatever the run was doing, it ends in one
recorded verdict that is about us, for a time in which nobody looked proves nothing of a unit; no shut-off time is believed.
A run that a busy host had let end before we came to suspend anything is not among them.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from station.cli.home import make
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.store.archive import Archive
from tests.soak.bench import Bench

pytestmark = pytest.mark.process

SPEED = 150.0
SUSPENDED, HALF_A_MINUTE = 2.6, 30.0  # s: the fixture's watchdog waits 2.0
STATION = (sys.executable, "-c", "from station.cli import main; main()")
UNITS = {"SN26-1": "", "SN26-2": "timer_restart"}  # a defect that only the shut-off shows


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    make(tmp_path)
    with closing(Bench(tmp_path, SPEED, 1)) as bench:
        bench.start()
        for serial, defect in UNITS.items():
            if defect:
                bench.make(serial, defect)
        yield bench


@contextmanager
def station(home: Path, addresses: Path) -> "Iterator[subprocess.Popen[str]]":
    words = ("run", "--home", str(home), "--bench", str(addresses), "--speed", f"{SPEED:g}", "-o", "json", *UNITS)
    pipe = subprocess.PIPE
    with subprocess.Popen([*STATION, *words], stdout=pipe, stderr=pipe, text=True, start_new_session=True) as child:
        try:
            yield child
        finally:
            child.kill()


def shown(child: "subprocess.Popen[str]", step: str) -> None:
    """Return once both units are in `step`, or one of them has come to its end."""
    assert child.stdout is not None
    begun = 0
    for line in child.stdout:
        event: Mapping[str, object] = json.loads(line)
        begun += (event["kind"], event.get("step")) == ("StepStarted", step)
        if begun == len(UNITS) or event["kind"] == "RunEnded":
            return
    raise AssertionError(f"the step never came: {child.communicate()[1]}")


def suspend(pid: int, seconds: float) -> None:
    """Let a process stand still, and go on."""
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)  # the one thing a suspended process can be given is time
    os.kill(pid, signal.SIGCONT)


def records(home: Path) -> dict[str, list[RunRecord]]:
    archive = Archive(home / "records" / "station.sqlite")
    return {serial: list(archive.records(serial)) for serial in UNITS}


def ended(home: Path) -> set[str]:
    """Return the units whose run has come to its end."""
    return {serial for serial, runs in records(home).items() if any(run.ended for run in runs)}


@pytest.mark.parametrize(
    ("victim", "step", "seconds"),
    [
        ("simulator", "Auto shut-off", SUSPENDED),
        ("station", "Auto shut-off", SUSPENDED),
        ("station", "Soft start", SUSPENDED),
        pytest.param("simulator", "Auto shut-off", HALF_A_MINUTE, marks=pytest.mark.hungry),
        pytest.param("station", "Auto shut-off", HALF_A_MINUTE, marks=pytest.mark.hungry),
        pytest.param("station", "Soft start", HALF_A_MINUTE, marks=pytest.mark.hungry),
    ],
)
def test_a_suspended_process_costs_runs_but_no_unit_is_lost_and_none_passes_or_fails_for_it(
    bench: Bench, tmp_path: Path, victim: str, step: str, seconds: float
) -> None:
    with station(tmp_path, bench.addresses) as child:
        shown(child, step)
        done = ended(tmp_path)
        suspend(child.pid if victim == "station" else bench.pid, seconds)
        _, errors = child.communicate(timeout=60)

    assert "Traceback" not in errors
    if len(done) == len(UNITS):
        pytest.skip("HOST TOO BUSY: both runs had ended before anything could be suspended")
    assert child.returncode in (3, 130), errors
    assert [] == bench.unsafe(len(UNITS))
    found = records(tmp_path)
    assert [1] * len(UNITS) == [len(runs) for runs in found.values()]
    assert all(run.ended is not None for runs in found.values() for run in runs)
    for serial in UNITS.keys() - done:
        (run,) = found[serial]
        assert run.verdict in (Verdict.ABORTED, Verdict.ERROR), run.reason
        assert all(row.measured is None for row in run.rows if row.row.id == "TIM.010")
