"""The server: one client a port, bytes in order, and the faults that a script asks for."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from station.simulator.clock import Clock
from station.simulator.faults import KINDS, Fault, FaultFileError, read_faults
from station.simulator.outlet import Outlet
from station.simulator.server import Server


@dataclass
class Echo:
    """A device that gives back each line in upper case, and remembers what happened to it."""

    said: bytes = b""
    heard: bytearray = field(default_factory=bytearray)
    story: list[str] = field(default_factory=list)
    due: float | None = None
    receipts: int = 0

    def opened(self, now: float) -> None:
        self.story.append("opened")
        self.heard.clear()

    def receive(self, data: bytes, now: float) -> None:
        self.heard += data
        self.receipts += 1
        while b"\n" in self.heard:
            line, _, rest = bytes(self.heard).partition(b"\n")
            self.heard = bytearray(rest)
            self.said += line.upper() + b"\n"

    def poll(self, now: float) -> bytes:
        said, self.said = self.said, b""
        return said

    def wake(self) -> float | None:
        return self.due

    def closed(self, now: float) -> None:
        self.story.append("closed")

    def reboot(self, now: float) -> None:
        self.story.append("reboot")


@dataclass
class Line:
    """A server with one device, and clients in the same thread."""

    server: Server
    device: Echo
    port: int

    def client(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.setblocking(False)
        self.turn()
        return connection

    def turn(self, times: int = 5) -> None:
        for _ in range(times):
            self.server.turn(0.001)

    def ask(self, client: socket.socket, data: bytes) -> bytes | None:
        """What is answered to `data`, once the device has it."""
        before = self.device.receipts
        client.send(data)
        for _ in range(2000):
            if self.device.receipts > before:
                break
            self.turn(1)
        return self.hear(client)

    def hear(self, client: socket.socket) -> bytes | None:
        """What has come, b"" after an orderly end, None for nothing."""
        got: bytes | None = None
        for _ in range(20):
            self.turn(1)
            try:
                more = client.recv(10_000_000)
            except BlockingIOError:
                continue
            got = (got or b"") + more
            if not more or got.endswith(b"\n"):
                break
        return got


@contextmanager
def serving(*faults: Fault) -> Iterator[Line]:
    device, clock = Echo(), Clock(1.0)
    with Server(clock) as server:
        outlet = Outlet(device, clock, list(faults), device.reboot)
        yield Line(server, device, server.listen(outlet, 0))


def fault(kind: str, exchange: int = 1, seconds: float = 0.0) -> Fault:
    return Fault("dmm", exchange, kind, seconds)


def test_a_client_is_answered() -> None:
    with serving() as line, closing(line.client()) as client:
        assert line.ask(client, b"hello\n") == b"HELLO\n"
        assert client.getpeername()[0] == "127.0.0.1"


def test_a_second_client_is_refused_and_the_first_goes_on() -> None:
    with serving() as line, closing(line.client()) as first, closing(line.client()) as second:
        assert line.hear(second) == b""
        assert line.ask(first, b"still here\n") == b"STILL HERE\n"
        assert line.device.story == ["opened"]


def test_the_next_client_is_served_as_soon_as_the_first_has_closed() -> None:
    with serving() as line:
        with closing(line.client()) as first:
            line.ask(first, b"half a li")
        with closing(line.client()) as second:
            assert line.ask(second, b"whole\n") == b"WHOLE\n"
        line.turn(50)
        assert line.device.story == ["opened", "closed", "opened", "closed"]


def test_a_client_gets_the_descriptor_that_another_device_s_client_has_just_given_back() -> None:
    clock, devices = Clock(1.0), [Echo(), Echo()]
    with Server(clock) as server:
        ports = [server.listen(Outlet(device, clock, [], device.reboot), 0) for device in devices]
        leaver = socket.create_connection(("127.0.0.1", ports[1]))
        for _ in range(5):
            server.turn(0.001)
        leaver.close()  # seen in the same turn in which the other device's client comes, and before it
        with closing(socket.create_connection(("127.0.0.1", ports[0]))) as client:
            client.sendall(b"hello\n")
            for _ in range(5):
                server.turn(0.001)

            assert [["opened"], ["opened", "closed"]] == [device.story for device in devices]
            assert client.recv(100) == b"HELLO\n"


def test_what_a_client_said_before_it_closed_is_still_heard() -> None:
    with serving() as line:
        client = line.client()
        client.send(b"last words")
        client.close()
        line.turn(50)

        assert bytes(line.device.heard) == b"last words"


def test_a_reset_by_the_client_is_an_end() -> None:
    with serving() as line:
        client = line.client()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()
        line.turn(50)

        assert line.device.story == ["opened", "closed"]


def test_a_client_that_does_not_read_blocks_nobody_and_gets_all_in_the_end() -> None:
    with serving() as line, closing(line.client()) as client:
        line.device.said = bytes(range(256)) * 40_000
        line.turn()
        got = bytearray()
        while len(got) < 10_240_000:
            got += line.hear(client) or b""
            line.turn(1)

        assert bytes(got) == bytes(range(256)) * 40_000


def test_a_client_that_asks_and_never_reads_is_made_to_wait_and_fills_no_memory() -> None:
    with serving() as line, closing(line.client()) as client:
        line.device.said = b"x" * 40_000_000
        line.turn()
        before = line.device.receipts

        client.send(b"more\n")
        line.turn()

        assert before == line.device.receipts
        got = 0
        while got < 40_000_005:
            got += len(line.hear(client) or b"")
        assert before + 1 == line.device.receipts


def test_a_client_that_never_stops_talking_leaves_others_their_turn() -> None:
    with serving() as line, closing(line.client()) as client:
        client.setblocking(True)
        client.settimeout(0.05)
        with suppress(TimeoutError):
            while True:  # until the system takes no more
                client.send(b"x" * 65_536)
        before = line.device.receipts

        line.turn(1)

        assert line.device.receipts - before <= 4


def test_a_device_without_a_client_talks_to_nobody() -> None:
    with serving() as line:
        line.device.said = b"lost\n"
        line.turn()
        with closing(line.client()) as client:
            assert line.ask(client, b"kept\n") == b"KEPT\n"


def test_a_port_that_is_taken_is_an_error() -> None:
    with serving() as line, Server(Clock(1.0)) as other:
        outlet = Outlet(Echo(), Clock(1.0), [], lambda now: None)

        with pytest.raises(OSError, match="in use"):
            other.listen(outlet, line.port)


def test_waits_are_those_of_the_device() -> None:
    device, clock = Echo(due=100.0), Clock(10.0)
    outlet = Outlet(device, clock, [], device.reboot)

    wait = outlet.wait()

    assert wait is not None
    assert 9.0 < wait <= 10.0


def test_a_hurried_clock_runs_ahead_of_the_wire() -> None:
    clock = Clock(1000.0)

    wire, simulator = clock.transport(), clock.now()

    assert simulator >= 1000 * wire
    assert clock.wait(simulator - 1) == 0.0


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("silence", None, b"TWO\n"),
        ("duplicate", b"ONE\nONE\n", b"TWO\n"),
        ("truncate", b"ON\n", b"TWO\n"),
        ("garble", b"ON" + bytes([ord("E") ^ 0x15]) + b"\n", b"TWO\n"),
        ("flip", b"OND\n", b"TWO\n"),
        ("extra_line", b"+1.23456789E-04\nONE\n", b"TWO\n"),
        ("late", b"ONE\n", b"TWO\n"),
        ("one_byte", b"ONE\n", b"TWO\n"),
        ("half_then_stall", b"ONE\n", b"TWO\n"),
        ("wrong_idn", b"ONE\n", b"TWO\n"),
    ],
)
def test_a_fault_happens_once_and_where_it_was_asked_for(kind: str, first: bytes | None, second: bytes) -> None:
    with serving(fault(kind, exchange=2)) as line, closing(line.client()) as client:
        assert line.ask(client, b"zero\n") == b"ZERO\n"
        assert line.ask(client, b"one\n") == first
        assert line.ask(client, b"two\n") == second


def test_a_late_answer_comes_late_and_all_after_it_behind_it() -> None:
    with serving(fault("late", seconds=3600.0)) as line, closing(line.client()) as client:
        assert line.ask(client, b"one\n") is None
        assert line.ask(client, b"two\n") is None


def test_half_an_answer_and_then_nothing() -> None:
    with serving(fault("half_then_stall", seconds=3600.0)) as line, closing(line.client()) as client:
        assert line.ask(client, b"longer\n") == b"LON"
        assert line.ask(client, b"two\n") is None


def test_an_orderly_end_instead_of_an_answer() -> None:
    with serving(fault("close")) as line:
        with closing(line.client()) as client:
            assert line.ask(client, b"one\n") == b""
        with closing(line.client()) as again:
            assert line.ask(again, b"two\n") == b"TWO\n"


def test_a_reset_instead_of_an_answer() -> None:
    with serving(fault("reset")) as line, closing(line.client()) as client, pytest.raises(ConnectionResetError):
        line.ask(client, b"one\n")


def test_a_reboot_restarts_the_device_and_ends_the_connection() -> None:
    with serving(fault("reboot")) as line, closing(line.client()) as client:
        assert line.ask(client, b"one\n") == b""
        assert line.device.story == ["opened", "reboot", "closed"]


def test_a_swapped_instrument_has_another_serial_from_then_on() -> None:
    with serving(fault("wrong_idn", exchange=2)) as line, closing(line.client()) as client:
        answers = [line.ask(client, b"maker,34461A,sim34461a1,a.02\n") for _ in range(3)]

    assert answers == [b"MAKER,34461A,SIM34461A1,A.02\n"] + 2 * [b"MAKER,34461A,SIM34461A9,A.02\n"]


def test_faults_are_read_from_toml_and_json(tmp_path: Path) -> None:
    toml, js = tmp_path / "faults.toml", tmp_path / "faults.json"
    toml.write_text('[[fault]]\nlink = "dmm"\nexchange = 12\nkind = "late"\nseconds = 2.5\n')
    js.write_text('{"fault": [{"link": "fixture", "exchange": 1, "kind": "silence"}]}')

    assert read_faults(toml) == [Fault("dmm", 12, "late", 2.5)]
    assert read_faults(js)[0].kind == "silence"


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "fault = 3",
        '[[fault]]\nlink = "dmm"\nkind = "late"',
        '[[fault]]\nlink = "dmm"\nkind = "late"\nexchange = 0',
        '[[fault]]\nlink = "dmm"\nkind = "late"\nexchange = 1\nseconds = -1',
        '[[fault]]\nlink = "coffee"\nkind = "late"\nexchange = 1',
        '[[fault]]\nlink = "dmm"\nkind = "tired"\nexchange = 1',
        '[[fault]]\nlink = "dmm"\nkind = "late"\nexchange = 1\nmood = 1',
    ],
)
def test_a_bad_file_of_faults_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "faults.toml"
    file.write_text(text)

    with pytest.raises(FaultFileError, match=r"faults\.toml"):
        read_faults(file)


def test_a_missing_file_of_faults_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultFileError, match=r"none\.toml"):
        read_faults(tmp_path / "none.toml")


def test_every_kind_of_fault_is_tried_here() -> None:
    tried = {"silence", "late", "duplicate", "truncate", "garble", "extra_line", "half_then_stall", "close", "reset",
             "one_byte", "wrong_idn", "reboot", "flip"}  # fmt: skip

    assert set(KINDS) == tried
