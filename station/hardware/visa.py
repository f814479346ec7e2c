"""Open an instrument by its VISA address: raw sockets hardened and read at full speed, the rest by plain PyVISA calls."""

import contextlib
import socket
from collections.abc import Iterator

import pyvisa
from pyvisa.resources import MessageBasedResource

from station.core.clock import Clock
from station.core.errors import LinkError
from station.hardware.link import Wire
from station.hardware.stream import StreamWire
from station.hardware.tcp import TcpStream

_OPEN_MS = 3000
_CHUNK = 262_144


def open_visa(rm: pyvisa.ResourceManager, address: str, transport: Clock) -> Wire:
    """Open `address` with the given resource manager, which stays the caller's to close, last of all."""
    with _as_link_error(f"{address} cannot be opened"):
        resource = rm.open_resource(address, open_timeout=_OPEN_MS)
    if not isinstance(resource, MessageBasedResource):
        resource.close()
        raise LinkError(f"{address} does not take messages; give the address of a DMM or an oscilloscope")
    raw = getattr(_session_of(resource), "interface", None)
    if not isinstance(raw, socket.socket):
        return VisaWire(resource)
    try:
        return StreamWire(TcpStream(raw, address, lambda: _close(resource)), transport)
    except LinkError:
        _close(resource)
        raise


def _sessions(resource: MessageBasedResource) -> dict[int, object]:
    found: dict[int, object] = getattr(resource.visalib, "sessions", {})  # pyvisa-py has it, vendors' VISAs have not
    return found


def _session_of(resource: MessageBasedResource) -> object:
    session = _sessions(resource).get(resource.session)
    return session if type(session).__name__ == "TCPIPSocketSession" else None


def _close(resource: MessageBasedResource) -> None:
    sessions, number = _sessions(resource), resource.session
    try:
        with _as_link_error("it would not close"):
            resource.close()
    finally:
        sessions.pop(number, None)  # pyvisa-py keeps every closed session for ever


@contextlib.contextmanager
def _as_link_error(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # back ends raise VisaIOError, OSError, RuntimeError and bare Exception alike
        raise LinkError(f"{what}: {error}") from error


class VisaWire:
    """A wire over any VISA resource; what frames messages itself (HiSLIP, VXI-11, USBTMC) needs no more than this."""

    def __init__(self, resource: MessageBasedResource) -> None:
        self._resource = resource
        self._open = True

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data` within `seconds`."""
        with self._within(seconds):
            self._resource.write_raw(data)

    def line(self, seconds: float) -> bytes:
        """Return the next line without its end within `seconds`."""
        with self._within(seconds):
            self._resource.read_termination = "\n"
            return self._resource.read_raw().removesuffix(b"\n").removesuffix(b"\r")

    def exactly(self, count: int, seconds: float) -> bytearray:
        """Return the next `count` bytes; with termination off, because a block may hold any byte."""
        with self._within(seconds):
            self._resource.read_termination = None
            return bytearray(self._resource.read_bytes(count, chunk_size=_CHUNK))

    def leftover(self) -> bytes:
        """Return nothing: such protocols drop stale replies by themselves, and the rest is found by resynchronising."""
        return b""

    def close(self) -> None:
        """Close the resource; a second time does nothing."""
        if self._open:
            self._open = False
            _close(self._resource)

    @contextlib.contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        with _as_link_error(str(self._resource.resource_name)):
            self._resource.timeout = max(1, round(seconds * 1000))
            yield
