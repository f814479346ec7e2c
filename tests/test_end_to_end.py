"""The whole station against the simulator's process, as a person runs it: commands, streams, exit codes, what is on disk."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from station.certificates.carried import read_carried
from station.certificates.issue import unsealed
from station.certificates.opened import opened
from station.cli.bench_process import simulator
from station.cli.home import make
from station.core.event_json import from_json
from station.core.record import RunRecord, replay
from station.core.verdict import Verdict
from station.store.archive import Archive
from tests.certificates.records import in_language

pytestmark = pytest.mark.process

FAST = ("--speed", "120")  # a whole run in ten seconds: a busy host is still quick enough to measure everything in its time
STATION = (sys.executable, "-c", "from station.cli import main; main()")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make(tmp_path)
    return tmp_path


def station(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*STATION, *words], capture_output=True, text=True, check=False, timeout=100)


@contextmanager
def started(*words: str) -> "Iterator[subprocess.Popen[str]]":
    """Run a station's command beside the test, and end it at the end, whatever happens."""
    with subprocess.Popen(
        [*STATION, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
                child.communicate(timeout=60)


def records(home: Path, serial: str) -> list[RunRecord]:
    return list(Archive(home / "records" / "station.sqlite").records(serial))


def wait_for(child: "subprocess.Popen[str]", word: str) -> None:
    """Read the child's stderr until a line holds `word`."""
    assert child.stderr is not None
    for line in child.stderr:
        if word in line:
            return
    raise AssertionError(f"{word!r} never came")


def test_the_demonstration_gives_every_unit_the_verdict_it_deserves(home: Path) -> None:
    done = station("demo", "--home", str(home), "--speed", "80", "-o", "plain")

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "All 8 units got the verdict they deserve" in done.stdout
    assert 4 == done.stdout.count("  PASS  SIM-EOL-01-")
    assert 4 == done.stdout.count("  FAIL  SIM-NCR-EOL-01-")
    assert 8 == len(list((home / "demo").glob("*/issued/**/*.pdf")))
    assert "step 19/21  Auto shut-off" in done.stderr


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    """A home in which SN26-1 has passed, and what the run printed."""
    folder = tmp_path_factory.mktemp("passed")
    make(folder)
    told = ("--transcript", str(folder / "told"))
    return folder, station("run", "--simulate", *FAST, "--home", str(folder), "-o", "json", *told, "SN26-1")


def test_events_as_json_replay_to_the_verdict_on_record(passed: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    home, done = passed

    record = replay([from_json(json.loads(line)) for line in done.stdout.splitlines()])

    (kept,) = records(home, "SN26-1")
    assert 0 == done.returncode, done.stderr
    assert Verdict.PASS == record.verdict
    assert kept == record
    assert record.started.simulated


def test_a_transcript_tells_what_went_over_each_link(passed: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    home, _ = passed

    told = {path.name: path.read_text(encoding="utf-8") for path in (home / "told").iterdir()}

    assert {"dmm.txt", "scope.txt", "fixture.txt"} == set(told)
    assert r" > *IDN?\n" in told["dmm.txt"]
    assert " bytes, sha256:" in told["scope.txt"]
    assert " < <00 OK proto=1 model=EOL8 " in told["fixture.txt"]


@pytest.mark.hazard("SN-03")
def test_a_serial_that_passed_is_refused_the_next_time(passed: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    home, _ = passed

    done = station("run", "--simulate", *FAST, "--home", str(home), "SN26-1")

    assert 2 == done.returncode
    assert "has passed already" in done.stderr
    assert 1 == len(records(home, "SN26-1"))


def test_yield_counts_what_was_run_and_keeps_simulated_apart(passed: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    home, _ = passed

    real, simulated = station("yield", "--home", str(home)), station("yield", "--home", str(home), "--simulated")

    assert "nothing that counts" in real.stdout
    assert "100.0%  (1 of 1" in simulated.stdout


@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_real_certificate_takes_two_pages_and_80_kb_in_every_language(
    passed: tuple[Path, "subprocess.CompletedProcess[str]"], language: str, paper: str
) -> None:
    home, _ = passed
    (file,) = (home / "reports" / "issued").rglob("*.pdf")
    document = opened(file.read_bytes())
    carried = read_carried(document.files)
    sources = replace(carried.sources, template=replace(in_language(language), paper=paper))

    drawn = unsealed(replace(carried, sources=sources), document.seal.at, document.seal.size)

    assert 2 == len(PdfReader(BytesIO(drawn)).pages)
    assert len(drawn) < 80_000
    assert 43 == len(carried.record.rows)


def simulate(home: Path, *more: str) -> "tuple[str, ...]":
    return ("simulate", "--home", str(home), "--port", "0", *FAST, *more)


@pytest.mark.parametrize("more", [(), ("--pty",)])
def test_run_works_against_a_simulator_started_by_hand(home: Path, more: tuple[str, ...]) -> None:
    bench = home / "bench.json"
    with started(*simulate(home, *more)) as child:
        assert child.stdout is not None
        bench.write_text(child.stdout.readline(), encoding="utf-8")

        done = station("run", "--home", str(home), "--bench", str(bench), *FAST, "SN26-1", "--slot", "7=SN26-7")

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "slot 1  SN26-1  PASS" in done.stdout
    assert "slot 7  SN26-7  PASS" in done.stdout
    assert bench.read_text().count("/dev/pts") == len(more)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_safely_with_130_and_a_record(home: Path, number: signal.Signals) -> None:
    with started("run", "--simulate", "--speed", "20", "--home", str(home), "-o", "plain", "SN26-1", "SN26-2") as child:
        wait_for(child, "Pulse shape")
        os.kill(child.pid, number)
        output, errors = child.communicate(timeout=60)

    assert 130 == child.returncode, errors
    assert "Traceback" not in errors
    assert 2 == output.count("ABORTED")
    for serial in ("SN26-1", "SN26-2"):
        (record,) = records(home, serial)
        assert Verdict.ABORTED == record.verdict
        assert record.ended is not None


@pytest.mark.hazard("ST-05")
def test_a_station_that_was_killed_says_so_at_the_next_start(home: Path) -> None:
    with started("run", "--simulate", "--speed", "20", "--home", str(home), "-o", "plain", "SN26-1") as child:
        wait_for(child, "Pulse shape")
        os.kill(child.pid, signal.SIGKILL)
        child.communicate(timeout=60)

    done = station("run", "--simulate", *FAST, "--home", str(home), "SN26-1")

    first, second = records(home, "SN26-1")
    assert 0 == done.returncode, done.stderr
    assert "the run of SN26-1 in slot 1 was cut off" in done.stderr
    assert (Verdict.ABORTED, Verdict.PASS) == (first.verdict, second.verdict)
    assert 2 == second.started.attempt


@pytest.mark.hazard("ST-04")
def test_a_document_that_could_not_be_filed_is_issued_at_the_next_start(home: Path) -> None:
    folder = home / "reports" / "issued"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    first = station("run", "--simulate", *FAST, "--home", str(home), "-o", "plain", "SN26-1")
    folder.unlink()

    second = station("run", "--simulate", *FAST, "--home", str(home), "-o", "plain", "SN26-1")

    assert 3 == first.returncode
    assert "SN26-1  PASS  the record is kept, but its document could not be issued" in first.stdout
    assert "was never issued; it is now: SIM-EOL-01-" in second.stderr
    assert "has passed already" in second.stderr
    assert 1 == len(list(folder.rglob("SIM-EOL-01-*-000001_SN26-1.pdf")))


def test_a_bench_that_dies_leaves_records_a_summary_and_a_remedy(home: Path) -> None:
    bench = home / "bench.json"
    with started(*simulate(home)) as simulator:
        assert simulator.stdout is not None
        bench.write_text(simulator.stdout.readline(), encoding="utf-8")
        with started("run", "--home", str(home), "--bench", str(bench), *FAST, "-o", "plain", "SN26-1", "SN26-2") as child:
            wait_for(child, "Pulse shape")
            os.killpg(simulator.pid, signal.SIGKILL)
            output, errors = child.communicate(timeout=60)

    assert 3 == child.returncode
    assert 2 == output.count("  ERROR  ")
    assert "is it switched on and the cable in?" in errors
    assert "Traceback" not in errors
    assert {Verdict.ERROR} == {record.verdict for serial in ("SN26-1", "SN26-2") for record in records(home, serial)}


def test_a_simulator_that_is_told_to_end_leaves_no_process_behind(home: Path) -> None:
    with started(*simulate(home)) as child:
        assert child.stdout is not None
        port = int(json.loads(child.stdout.readline())["operator"].rpartition(":")[2])
        os.kill(child.pid, signal.SIGTERM)
        child.communicate(timeout=60)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 30)


@pytest.mark.parametrize("step", ["Battery", "No output while charging"])
@pytest.mark.hazard("SN-12")
def test_a_unit_that_is_changed_for_another_during_its_run_does_not_pass(home: Path, step: str) -> None:
    bench = home / "bench.json"
    with started(*simulate(home)) as simulator:
        assert simulator.stdout is not None
        bench.write_text(simulator.stdout.readline(), encoding="utf-8")
        port = int(json.loads(bench.read_text())["operator"].rpartition(":")[2])
        with started("run", "--home", str(home), "--bench", str(bench), *FAST, "-o", "plain", "SN26-1") as child:
            wait_for(child, step)
            with socket.create_connection(("127.0.0.1", port), 30) as hand, hand.makefile("rw") as lines:
                lines.write("REMOVE 1\nPLACE 1 OTHER\n")
                lines.flush()
                assert ["OK", "OK"] == [lines.readline()[:2] for _ in range(2)]
            child.communicate(timeout=60)

    (record,) = records(home, "SN26-1")
    assert Verdict.PASS != record.verdict
    assert not list(home.rglob("*.pdf"))


def test_doctor_finds_a_simulated_bench_healthy(home: Path) -> None:
    done = station("doctor", "--simulate", "--home", str(home))

    assert 0 == done.returncode, done.stdout
    assert "A tray could be tested now" in done.stdout
    assert "watchdog     trips after 2.2 s of silence; before that, no station had talked to the fixture" in done.stdout
    assert "wiring       inputs: dmm on D1; triggers: dmm by D1, scope by S1" in done.stdout
    assert "FAULT" not in done.stdout


def test_doctor_wants_the_speed_of_a_simulator_as_run_does(home: Path) -> None:
    with simulator(slots=8, speed=40.0, seed=1, mains_hz=50, truth=None) as addresses:
        file = home / "station.toml"
        text = file.read_text(encoding="utf-8").replace("socket://127.0.0.1:5030", addresses.fixture)
        text = text.replace("TCPIP0::127.0.0.1::5025::SOCKET", addresses.dmms[0])
        file.write_text(text.replace("TCPIP0::127.0.0.1::5026::SOCKET", addresses.scopes[0]), encoding="utf-8")

        without = station("doctor", "--home", str(home))
        hurried = station("doctor", "--home", str(home), "--speed", "40")

    assert 3 == without.returncode
    assert "FAULT    bench        the simulator runs 4" in without.stdout
    assert "times as fast as real time: say --speed with that" in without.stdout
    assert "service the fixture" not in without.stdout
    assert 0 == hurried.returncode, hurried.stdout
    assert "A tray could be tested now" in hurried.stdout
