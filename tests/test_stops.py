"""Ctrl-C, SIGTERM and SIGHUP at chosen moments of a run: the units are safe, the record says what happened, a FAIL stays a FAIL.

Each signal is sent once an awaited event has been shown, not after some time: the order of things is the same on any host.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from station.cli.home import make
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.store.archive import Archive
from tests.soak.bench import Bench

pytestmark = pytest.mark.process

SPEED = 100.0
STATION = (sys.executable, "-c", "from station.cli import main; main()")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Event = Mapping[str, object]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    make(tmp_path)
    with closing(Bench(tmp_path, SPEED, 1)) as bench:
        bench.start()
        yield bench


@contextmanager
def station(home: Path, addresses: Path, *serials: str) -> "Iterator[subprocess.Popen[str]]":
    words = ("run", "--home", str(home), "--bench", str(addresses), "--speed", f"{SPEED:g}", "-o", "json", *serials)
    pipe = subprocess.PIPE
    with subprocess.Popen([*STATION, *words], stdout=pipe, stderr=pipe, text=True, start_new_session=True) as child:
        try:
            yield child
        finally:
            child.kill()


def shown(child: "subprocess.Popen[str]", wanted: Callable[[Event], bool]) -> None:
    """Return once an event has been shown that is `wanted`."""
    assert child.stdout is not None
    for line in child.stdout:
        if wanted(json.loads(line)):
            return
    raise AssertionError(f"the event never came: {child.communicate()[1]}")


def begins(step: str) -> Callable[[Event], bool]:
    return lambda event: (event["kind"], event.get("step")) == ("StepStarted", step)


def records(home: Path, *serials: str) -> list[RunRecord]:
    archive = Archive(home / "records" / "station.sqlite")
    return [record for serial in serials for record in archive.records(serial)]


def documents(home: Path) -> list[str]:
    return [path.name for path in (home / "reports" / "issued").rglob("*.pdf")]


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (signal.SIGINT, "Seat and identity"),
        (signal.SIGTERM, "Soft start"),
        (signal.SIGHUP, "Highest level into 2 kΩ"),
        (signal.SIGINT, "Auto shut-off"),
        (signal.SIGHUP, "Auto shut-off"),
    ],
)
def test_a_signal_in_any_step_aborts_every_run_on_record_and_leaves_the_units_safe(
    bench: Bench, tmp_path: Path, number: signal.Signals, step: str
) -> None:
    with station(tmp_path, bench.addresses, "SN26-1", "SN26-2") as child:
        shown(child, begins(step))
        os.kill(child.pid, number)
        _, errors = child.communicate(timeout=60)

    assert 130 == child.returncode, errors
    assert [] == bench.unsafe(2)
    assert "Traceback" not in errors
    assert [(Verdict.ABORTED, True)] * 2 == [
        (one.verdict, one.ended is not None) for one in records(tmp_path, "SN26-1", "SN26-2")
    ]
    assert [] == documents(tmp_path)


def test_a_second_ctrl_c_ends_at_once_and_leaves_the_units_just_as_safe_and_the_record_just_as_whole(
    bench: Bench, tmp_path: Path
) -> None:
    with station(tmp_path, bench.addresses, "SN26-1", "SN26-2") as child:
        assert child.stderr is not None
        shown(child, begins("Soft start"))
        os.kill(child.pid, signal.SIGINT)
        while "stopping safely" not in child.stderr.readline():
            pass
        os.kill(child.pid, signal.SIGINT)
        _, errors = child.communicate(timeout=60)

    assert 130 == child.returncode, errors
    assert [] == bench.unsafe(2)
    assert "Traceback" not in errors
    assert [(Verdict.ABORTED, True)] * 2 == [
        (one.verdict, one.ended is not None) for one in records(tmp_path, "SN26-1", "SN26-2")
    ]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_fail_that_was_found_before_the_signal_stays_a_fail_and_gets_its_report(
    bench: Bench, tmp_path: Path, number: signal.Signals
) -> None:
    bench.make("SN26-1", "wrong_sense")
    with station(tmp_path, bench.addresses, "SN26-1", "SN26-2") as child:
        shown(child, lambda event: (event["kind"], event.get("verdict")) == ("Measured", "FAIL"))
        os.kill(child.pid, number)
        _, errors = child.communicate(timeout=60)

    failed, aborted = records(tmp_path, "SN26-1", "SN26-2")
    assert 130 == child.returncode, errors
    assert [] == bench.unsafe(2)
    assert (Verdict.FAIL, Verdict.ABORTED) == (failed.verdict, aborted.verdict)
    assert failed.failing
    assert ["SIM-NCR-EOL-01"] == [name[:14] for name in documents(tmp_path)]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_before_the_first_run_ends_with_130_and_nothing_on_record(tmp_path: Path, number: signal.Signals) -> None:
    make(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        nowhere = {name: f"TCPIP0::127.0.0.1::{port}::SOCKET" for port, name in enumerate(("dmm", "scope"), 1)}
        addresses = tmp_path / "bench.json"
        addresses.write_text(json.dumps({**nowhere, "fixture": f"socket://127.0.0.1:{silent.getsockname()[1]}", "operator": ""}))
        with station(tmp_path, addresses, "SN26-1") as child:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(1), "the station says HELLO, and hears nothing"
                os.kill(child.pid, number)
                output, errors = child.communicate(timeout=60)

    assert 130 == child.returncode, errors
    assert "" == output
    assert "Traceback" not in errors
    assert [] == records(tmp_path, "SN26-1")


def test_a_signal_after_the_verdict_takes_no_verdict_back_and_tears_no_document(bench: Bench, tmp_path: Path) -> None:
    with station(tmp_path, bench.addresses, "SN26-1") as child:
        shown(child, lambda event: event["kind"] == "RunEnded")
        os.kill(child.pid, signal.SIGINT)
        _, errors = child.communicate(timeout=60)

    (record,) = records(tmp_path, "SN26-1")
    assert child.returncode in (0, 130), (
        errors
    )  # 130 when it came before the certificate was drawn, and that waits for the next start
    assert [] == bench.unsafe(1)
    assert Verdict.PASS == record.verdict
    owed = Archive(tmp_path / "records" / "station.sqlite").owed()
    assert 1 == len(documents(tmp_path)) + len(owed)
