"""The wire under PyVISA and pyserial on real sockets and ptys: the traps of INSTRUMENTS.md, chapter 3, each with its cure."""

import os
import pty
import socket
import struct
import sys
import tempfile
import tty
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import cast

import pytest
import pyvisa
from pyvisa.resources import MessageBasedResource

from station.clocks.steady import SteadyClock
from station.core.clock import Stop
from station.core.errors import LinkError, Stopped
from station.hardware.link import Link, Wire
from station.hardware.ownership import owned
from station.hardware.serial_port import open_serial
from station.hardware.stream import StreamWire
from station.hardware.tcp import TcpStream, connect
from station.hardware.visa import VisaWire, open_visa, visa_library
from tests.hardware.conftest import Spawn

CLOCK = SteadyClock()


def visa_address(listener: socket.socket) -> str:
    return f"TCPIP0::127.0.0.1::{listener.getsockname()[1]}::SOCKET"


@pytest.fixture
def ends(rm: pyvisa.ResourceManager, listener: socket.socket) -> Iterator[tuple[Wire, socket.socket]]:
    with closing(open_visa(rm, visa_address(listener), CLOCK)) as wire:
        peer, _ = listener.accept()
        with peer:
            yield wire, peer


def options(raw: socket.socket) -> tuple[int, ...]:
    names = (socket.TCP_NODELAY, socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
    return tuple(raw.getsockopt(socket.IPPROTO_TCP, name) for name in names)


@pytest.mark.hazard("TR-01")
def test_nagle_is_off_and_a_dead_peer_is_found_in_seconds_on_a_visa_socket(
    rm: pyvisa.ResourceManager, listener: socket.socket
) -> None:
    with closing(open_visa(rm, visa_address(listener), CLOCK)):
        sessions = [session for session in rm.visalib.sessions.values() if hasattr(session, "interface")]  # type: ignore[attr-defined]  # pyvisa-py's own attribute
        (raw,) = [session.interface for session in sessions]

        assert options(raw) == (1, 5, 2, 3, 10_000)
        assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1


@pytest.mark.hazard("TR-01")
def test_nagle_is_off_on_the_fixtures_socket(listener: socket.socket) -> None:
    ours = socket.create_connection(listener.getsockname())

    with closing(TcpStream(ours, "here")):
        assert options(ours) == (1, 5, 2, 3, 10_000)


@pytest.mark.hazard("TR-02")
def test_a_dead_port_is_refused_at_opening(rm: pyvisa.ResourceManager) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = visa_address(gone)
    before = dict(rm.visalib.sessions)  # type: ignore[attr-defined]  # pyvisa-py's own attribute

    with pytest.raises(LinkError, match="nothing answers"):
        open_visa(rm, address, CLOCK)

    assert rm.visalib.sessions == before  # type: ignore[attr-defined]  # pyvisa-py's own attribute


def test_an_address_that_is_none_is_refused(rm: pyvisa.ResourceManager) -> None:
    with pytest.raises(LinkError, match=r"NONSENSE cannot be opened \(it is no VISA address like TCPIP0::.*::SOCKET,"):
        open_visa(rm, "NONSENSE", CLOCK)


def test_a_port_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match=f"^{tmp_path}/tty cannot be opened: No such file or directory; is the cable in"):
        open_serial(f"{tmp_path}/tty")


def test_thirty_opens_leave_no_session_behind(rm: pyvisa.ResourceManager, listener: socket.socket) -> None:
    before = dict(rm.visalib.sessions)  # type: ignore[attr-defined]  # pyvisa-py's own attribute

    for _ in range(30):
        with closing(open_visa(rm, visa_address(listener), CLOCK)):
            listener.accept()[0].close()

    assert rm.visalib.sessions == before  # type: ignore[attr-defined]  # pyvisa-py's own attribute


@pytest.mark.hazard("TR-05")
def test_lines_and_blocks_come_whole(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    block = b"\n" * 100_000
    wire.write(b"*IDN?\n", 1.0)

    assert peer.recv(100) == b"*IDN?\n"
    peer.sendall(b"a,b,c,d\r\n#6100000" + block + b"\nnext\n")
    assert wire.line(1.0) == b"a,b,c,d"
    assert wire.exactly(8, 1.0) == b"#6100000"
    assert wire.exactly(len(block), 1.0) == block
    assert wire.line(1.0) == b""
    assert wire.line(1.0) == b"next"


@pytest.mark.hazard("TR-03")
def test_an_orderly_close_is_seen_at_once(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    peer.close()
    started = CLOCK.now()

    with pytest.raises(LinkError, match="closed the connection"):
        wire.line(5.0)

    assert CLOCK.now() - started < 1.0


@pytest.mark.hazard("TR-03")
def test_a_reset_is_seen_at_once(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()

    with pytest.raises(LinkError, match="lost"):
        wire.line(5.0)


@pytest.mark.hazard("TR-03")
def test_the_preflight_finds_a_closed_peer_without_sending(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    link = Link(wire, CLOCK, "dmm")
    peer.close()

    with pytest.raises(LinkError, match="closed"), link.exchange():
        pytest.fail("nothing may be sent")

    assert link.dirty is not None


@pytest.mark.hazard("TR-11")
def test_a_peer_that_stops_reading_cannot_hold_a_write_for_ever(ends: tuple[Wire, socket.socket]) -> None:
    wire, _ = ends

    with pytest.raises(LinkError, match="stopped taking bytes"):
        wire.write(bytes(50_000_000), 0.05)


@pytest.mark.hazard("TR-11")
def test_a_peer_that_takes_bytes_one_sip_after_the_other_cannot_hold_a_write_for_ever_either(
    ends: tuple[Wire, socket.socket], spawn: Spawn
) -> None:
    wire, peer = ends

    def sip(stop: Stop) -> None:
        with suppress(Stopped):
            while peer.recv(262_144):
                CLOCK.wait(0.002, stop)

    spawn("sipping", sip)

    with pytest.raises(LinkError, match="stopped taking bytes"):
        wire.write(bytes(50_000_000), 0.2)


class Babbler:
    """A stream that always has something to say, for 100 MB."""

    def __init__(self) -> None:
        self.left = 100_000_000

    def write(self, data: bytes, seconds: float) -> None:
        pytest.fail("nothing may be sent")

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        got = min(len(buffer), self.left)
        self.left -= got
        return got

    def close(self) -> None:
        return None


@pytest.mark.hazard("TR-11")
def test_a_peer_that_never_stops_talking_cannot_hold_us_for_ever() -> None:
    link = Link(StreamWire(Babbler(), CLOCK), CLOCK, "dmm")

    with pytest.raises(LinkError, match="does not stop talking"), link.exchange():
        pytest.fail("nothing may be sent")

    assert link.dirty is not None


@pytest.mark.hazard("TR-11")
def test_silence_ends_with_its_deadline(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    peer.sendall(b"half a li")

    with pytest.raises(LinkError, match="9 bytes"):
        wire.line(0.02)


@pytest.mark.hazard("TR-12")
def test_a_transcript_holds_both_directions(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    told: list[tuple[str, bytes]] = []
    link = Link(wire, CLOCK, "dmm", lambda direction, data, _: told.append((direction, data)))

    with link.exchange():
        link.send(b"*OPC?\n")
        peer.sendall(b"1\n")
        link.line(1.0)

    assert told == [(">", b"*OPC?\n"), ("<", b"1\n")]


@pytest.fixture
def plain(rm: pyvisa.ResourceManager, listener: socket.socket) -> Iterator[tuple[VisaWire, socket.socket]]:
    resource = rm.open_resource(visa_address(listener))
    assert isinstance(resource, MessageBasedResource)
    peer, _ = listener.accept()
    with peer, closing(VisaWire(resource, CLOCK)) as wire:
        yield wire, peer


@pytest.mark.hazard("TR-05")
def test_plain_visa_calls_read_lines_and_blocks_too(plain: tuple[VisaWire, socket.socket]) -> None:
    wire, peer = plain
    wire.write(b":WAV:DATA?\n", 1.0)
    peer.sendall(b"line\r\n#45000" + b"\n" * 5000 + b"\nafter\n")

    assert peer.recv(100) == b":WAV:DATA?\n"
    assert wire.line(1.0) == b"line"
    assert wire.exactly(6, 1.0) == b"#45000"
    assert wire.exactly(5000, 1.0) == b"\n" * 5000
    assert wire.line(1.0) == b""
    assert wire.line(1.0) == b"after"
    assert wire.leftover() == b""


@pytest.mark.hazard("TR-04")
def test_plain_visa_finds_on_a_raw_socket_what_nobody_asked_for(plain: tuple[VisaWire, socket.socket]) -> None:
    wire, peer = plain
    peer.sendall(b"late\nanswer\n")

    assert wire.line(1.0) == b"late"
    assert wire.leftover() == b"answer\n"
    assert wire.leftover() == b""


class Pieces:
    """A raw socket of a VISA library that gives what has come so far, as some do where nothing marks the end of a message."""

    resource_name = "pieces"

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def read_raw(self) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""

    def read_bytes(self, *_: object, **__: object) -> bytes:
        return self.read_raw()


@pytest.mark.hazard("TR-05")
def test_a_reply_in_pieces_is_no_reply_before_its_line_ends() -> None:
    pieces = Pieces(b"+1.23", b"4E-04\r", b"\n", b"\n\n", b"\n")
    wire = VisaWire(cast(MessageBasedResource, pieces), CLOCK)

    assert wire.line(1.0) == b"+1.234E-04"
    assert wire.exactly(3, 1.0) == b"\n\n\n"
    for read in (lambda: wire.line(0.01), lambda: wire.exactly(1, 0.01)):
        with pytest.raises(LinkError, match="pieces: no whole reply came in time"):
            read()


def test_a_serial_line_of_plain_visa_has_no_leftover_unseen(rm: pyvisa.ResourceManager, terminal: tuple[int, str]) -> None:
    ours, name = terminal

    with closing(open_visa(rm, f"ASRL{name}::INSTR", CLOCK)) as wire:
        assert wire.leftover() == b""
        os.write(ours, b"+1.0\nlate\n")
        assert wire.line(1.0) == b"+1.0"
        assert wire.leftover() == b"late\n"
        assert wire.leftover() == b""


@pytest.mark.parametrize("name", ["@nosuch", "no/such/libvisa.so", "libvisa-of-nobody.so@ivi", "station.toml"])
def test_a_visa_library_that_is_not_there_is_an_error_with_a_remedy(name: str, tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text("no library", encoding="utf-8")

    with pytest.raises(
        LinkError, match=r"the VISA library .* cannot be used: .*; install it, or correct visa in \[instruments\]"
    ):
        visa_library(name, tmp_path).__enter__()


class Breaks(Pieces):
    """A VISA library that puts a traceback into its message, or says nothing at all."""

    def __init__(self, message: str) -> None:
        self.message = message

    def read_raw(self) -> bytes:
        raise OSError(self.message)


@pytest.mark.parametrize(
    ("message", "said"), [("It broke. 'Traceback (most recent call last):\n...", "It broke$"), ("", "OSError$"), ("A.\nB.", "A$")]
)
def test_no_traceback_of_a_visa_library_is_shown(message: str, said: str) -> None:
    wire = VisaWire(cast(MessageBasedResource, Breaks(message)), CLOCK)

    with pytest.raises(LinkError, match=f"pieces: {said}"):
        wire.line(1.0)


def test_the_visa_library_that_comes_with_us_opens_and_closes(tmp_path: Path) -> None:
    with visa_library("@py", tmp_path) as manager:
        assert str(manager.visalib).startswith("Visa Library at py")

    with pytest.raises(pyvisa.errors.InvalidSession):
        assert manager.session


@pytest.mark.hazard("TR-11")
def test_a_time_out_of_plain_visa_is_a_link_error(plain: tuple[VisaWire, socket.socket]) -> None:
    wire, _ = plain

    with pytest.raises(LinkError):
        wire.line(0.02)


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    ours, theirs = pty.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    name = os.ttyname(theirs)
    os.close(theirs)
    yield ours, name
    os.close(ours)


def test_a_pty_is_opened_like_a_serial_port_and_read_in_whole_pieces(terminal: tuple[int, str]) -> None:
    ours, name = terminal

    with closing(open_serial(name)) as stream:
        stream.write(b">00 PING*1234\n", 0.5)
        sent = os.read(ours, 100)
        os.write(ours, b"x" * 300)
        wire = StreamWire(stream, CLOCK)

        assert sent == b">00 PING*1234\n"
        assert wire.exactly(300, 1.0) == b"x" * 300
        assert wire.leftover() == b""


@pytest.mark.hazard("TR-18")
def test_a_serial_port_belongs_to_one_program(terminal: tuple[int, str]) -> None:
    with closing(open_serial(terminal[1])), pytest.raises(LinkError, match="no other program"):
        open_serial(terminal[1])


@pytest.mark.hazard("TR-03")
def test_a_pulled_cable_is_a_link_error() -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    with closing(open_serial(os.ttyname(theirs))) as stream:
        os.close(theirs)
        os.close(ours)

        with pytest.raises(LinkError, match="cable"):
            stream.read_into(memoryview(bytearray(10)), 0.5)


@pytest.mark.parametrize("address", ["/dev/there-is-no-such-port", "socket://127.0.0.1", "socket://127.0.0.1:x", "nonsense://x"])
def test_a_fixture_that_is_not_there_is_a_link_error(address: str) -> None:
    with pytest.raises(LinkError):
        open_serial(address)


@pytest.mark.hazard("TR-02")
def test_nothing_at_the_fixtures_address_is_a_link_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    with pytest.raises(LinkError, match="nothing answers"):
        connect("127.0.0.1", port)


@pytest.mark.hazard("TR-18")
def test_an_address_belongs_to_one_program() -> None:
    address = f"TCPIP0::nowhere::{os.getpid()}::SOCKET"

    with owned(address), pytest.raises(LinkError, match="another station program"), owned(address):
        pass
    with owned(address):
        pass


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TCPIP0::127.0.0.1::{own}::SOCKET", "tcpip::localhost::{own}::socket"),
        ("USB0::0x2A8D::0x0101::MY{own}::INSTR", "USB::0x2a8d::0x0101::MY{own}::INSTR"),
        ("TCPIP0::10.0.0.5::{own}::SOCKET", "TCPIP::10.0.0.5::0{own}::SOCKET"),
        ("TCPIP0::dmm{own}.local::INSTR", "TCPIP::dmm{own}.local::inst0::INSTR"),
        ("TCPIP0::127.0.0.1::gpib0,{own}", "TCPIP::localhost::GPIB0,{own}::INSTR"),
        ("USB0::0x2A8D::0x0101::MY{own}::0::INSTR", "USB::0x2a8d::0x0101::MY{own}"),
        ("GPIB0::1::{own}", "GPIB::1::{own}::INSTR"),
        ("ASRL/dev/ttyEOL{own}", "ASRL/dev/ttyEOL{own}::INSTR"),
        ("/dev/ttyEOL{own}", "ASRL/dev/ttyEOL{own}::INSTR"),
        ("/dev/ttyEOL{own}", "spy:///dev/ttyEOL{own}?file=spied"),
        ("socket://localhost:{own}", "socket://127.0.0.1:{own}/"),
        ("socket://localhost:{own}", "rfc2217://[::1]:{own}?logging=debug"),
        ("socket://serial-server:{own}", "TCPIP0::SERIAL-SERVER.::{own}::SOCKET"),
        ("no address {own}", "No Address {own}"),
        ("socket://[{own}", "SOCKET://[{own}"),
    ],
)
def test_two_spellings_of_an_address_are_one_instrument(one: str, other: str) -> None:
    own = os.getpid()  # tests beside this one may own such an address too

    with owned(one.format(own=own)), pytest.raises(LinkError, match="another station program"), owned(other.format(own=own)):
        pytest.fail("two programs would use it")


def test_a_link_to_a_serial_port_is_that_port(tmp_path: Path) -> None:
    port, link = tmp_path / "ttyUSB0", tmp_path / "by-id"
    link.symlink_to(port)

    with owned(str(port)), pytest.raises(LinkError, match="another station program"), owned(str(link)):
        pytest.fail("two programs would use it")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPIB1::{own}::INSTR", "GPIB0::{own}::INSTR"),
        ("TCPIP0::10.0.0.5::gpib0,{own}::INSTR", "TCPIP0::10.0.0.5::gpib1,{own}::INSTR"),
        ("TCPIP0::10.0.0.5::1{own}::SOCKET", "TCPIP0::10.0.0.5::2{own}::SOCKET"),
        ("/dev/ttyEOL{own}", "/dev/TTYEOL{own}"),
        ("socket://one:{own}", "socket://two:{own}"),
    ],
)
def test_two_instruments_are_not_one(one: str, other: str) -> None:
    own = os.getpid()

    with owned(one.format(own=own)), owned(other.format(own=own)):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that all its users see")
@pytest.mark.hazard("TR-18")
@pytest.mark.parametrize("who", ["another user", "a service with folders of its own"])
def test_an_instrument_has_one_program_whoever_runs_the_other(who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"TCPIP0::{tmp_path.name}::5025::SOCKET"
    with owned(address):
        if who == "another user":
            monkeypatch.setattr(os, "getuid", lambda: 4242)
        else:
            monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

        with pytest.raises(LinkError, match="another station program on this host uses TCPIP0::"), owned(address):
            pass
    with owned(address):
        pass
