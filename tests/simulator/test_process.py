"""The simulator as the process that others start: its first line, its ports, its end."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from station.simulator.frames import encode

pytestmark = pytest.mark.process
_PATIENCE = 30.0


@contextmanager
def simulator(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A running simulator with its addresses; it is gone afterwards, whatever happened."""
    command = [sys.executable, "-m", "station.simulator", "--until-eof", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()
            process.wait(_PATIENCE)


def run_once(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "station.simulator", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE, stdin=subprocess.DEVNULL)


def port_of(address: str) -> int:
    return int(address.split("::")[2] if "::" in address else address.rsplit(":", 1)[1])


def connect(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(address)), timeout=_PATIENCE)


def ask(connection: socket.socket, line: str) -> str:
    connection.sendall(line.encode() + b"\n")
    return line_from(connection)


def line_from(connection: socket.socket) -> str:
    data = b""
    while not data.endswith(b"\n"):
        more = connection.recv(1)
        assert more, data
        data += more
    return data.decode().strip()


def test_it_serves_all_four_and_ends_when_its_parent_closes_stdin() -> None:
    with simulator() as (process, addresses):
        assert list(addresses) == ["dmm", "scope", "fixture", "operator"]
        assert addresses["dmm"].startswith("TCPIP0::127.0.0.1::")
        assert addresses["fixture"].startswith("socket://127.0.0.1:")
        with closing(connect(addresses["dmm"])) as dmm, closing(connect(addresses["scope"])) as scope:
            assert ask(dmm, "*IDN?").split(",")[2] == "SIM34461A1"
            assert ask(scope, "*IDN?").split(",")[2] == "SIMDSOX1204G1"
        with closing(connect(addresses["operator"])) as operator, closing(connect(addresses["fixture"])) as fixture:
            assert ask(operator, "PLACE 8 MC1") == "OK slot=8 serial=MC1"
            assert line_from(fixture)[4:].startswith("PRESENT 8 1")
            assert line_from(fixture)[4:].startswith("CONTACT 8 1")
            fixture.sendall(encode(">", 0, "HELLO 1 00000001"))
            assert "serial=SIMFX-0001" in line_from(fixture)

        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(_PATIENCE) == 0
        assert process.stdout is not None
        assert process.stdout.read() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_0(number: signal.Signals) -> None:
    with simulator("--slots", "1") as (process, addresses), closing(connect(addresses["fixture"])):
        process.send_signal(number)

        assert process.wait(_PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_was_put_off_while_it_started_ends_it_with_0(number: signal.Signals) -> None:
    said = (
        f"import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [{number:d}]); signal.raise_signal({number:d}); "
        "os.execv(sys.executable, [sys.executable, '-m', 'station.simulator', '--slots', '1'])"
    )

    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False, timeout=20)

    assert (0, "") == (done.returncode, done.stderr)


def test_the_fixture_can_be_a_terminal() -> None:
    with simulator("--pty") as (_, addresses):
        assert addresses["fixture"].startswith("/dev/")
        descriptor = os.open(addresses["fixture"], os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(descriptor, encode(">", 0, "HELLO 1 00000001"))
            with os.fdopen(os.dup(descriptor), "rb") as lines:
                assert lines.readline().startswith(b"<00 OK proto=1")
        finally:
            os.close(descriptor)


def test_the_truth_is_on_disk_when_the_unit_is_in(tmp_path: Path) -> None:
    file = tmp_path / "truth.jsonl"
    with simulator("--truth", str(file)) as (_, addresses), closing(connect(addresses["operator"])) as operator:
        ask(operator, "PLACE 1 MC1 noisy")

        assert json.loads(file.read_text())["deserves"] == "FAIL"


def test_a_hurried_simulator_shuts_off_in_a_moment(tmp_path: Path) -> None:
    with (
        simulator("--speed", "2000") as (_, addresses),
        closing(connect(addresses["operator"])) as operator,
        closing(connect(addresses["fixture"])) as fixture,
    ):
        ask(operator, "PLACE 1 MC1")
        for number, body in enumerate(("HELLO 1 00000001", "LOAD 1 2000", "ARM 1 500000", "KEY 1 start 3")):
            fixture.sendall(encode(">", number, body))
        line = line_from(fixture)
        while not line.startswith("!") or " OFF 1 " not in line:
            line = line_from(fixture)
        fixture.sendall(encode(">", 9, "PULSES? 1"))
        reply = line_from(fixture)

    assert "state=off" in reply
    assert "count=11700" in reply


def test_scripted_faults_reach_the_wire(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text('[[fault]]\nlink = "dmm"\nexchange = 2\nkind = "close"\n')
    with simulator("--faults", str(file)) as (_, addresses), closing(connect(addresses["dmm"])) as dmm:
        assert ask(dmm, "*IDN?").startswith("Keysight")
        dmm.sendall(b"*IDN?\n")

        assert dmm.recv(100) == b""


@pytest.mark.parametrize(
    ("option", "remedy"),
    [("--truth", "Name a file that can be read, or one to write in a folder"), ("--faults", "Name a file of faults")],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(tmp_path: Path, option: str, remedy: str) -> None:
    done = run_once(option, str(tmp_path))

    assert 2 == done.returncode
    assert done.stderr.startswith(f"simulator: {tmp_path}: Is a directory. {remedy}")


def test_an_address_that_is_taken_is_named_with_what_to_do_and_no_usage() -> None:
    with simulator() as (_, addresses):
        port = port_of(addresses["dmm"])

        done = run_once("--dmm-port", str(port))

    assert 2 == done.returncode
    assert (
        f"simulator: 127.0.0.1:{port} is taken: another program serves there. End it, or take free ports: --port 0\n"
        == done.stderr
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--slots", "0"], "1 to 64"),
        (["--speed", "nan"], "0.01 to 10000"),
        (["--personality", "rigol"], "invalid choice"),
        (["--mains", "55"], "invalid choice"),
        (["--faults", "/nowhere.toml"], "/nowhere.toml"),
        (["--truth", "/nowhere/truth"], "/nowhere/truth"),
        (["--dmm-port", "99999999"], "port"),
    ],
)
def test_a_wrong_option_is_explained(options: list[str], said: str) -> None:
    done = run_once(*options)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_an_example() -> None:
    assert "example: python -m station.simulator" in run_once("--help").stdout
