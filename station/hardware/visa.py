"""Open an instrument by its VISA address: raw sockets hardened and read at full speed, the rest by plain PyVISA calls."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pyvisa
from pyvisa.constants import StatusCode
from pyvisa.resources import MessageBasedResource, SerialInstrument, TCPIPSocket
from pyvisa.rname import ResourceName

from station.core.clock import Clock
from station.core.errors import LinkError
from station.hardware.link import Wire
from station.hardware.stream import StreamWire
from station.hardware.tcp import TcpStream

_OPEN_MS = 3000
_CHUNK = 262_144
_MOST_LEFT = 4096


@contextlib.contextmanager
def visa_library(name: str, home: Path) -> Iterator[pyvisa.ResourceManager]:
    """Open the VISA library that PyVISA calls `name`, and close it last of all; a file may be named relative to `home`."""
    file, sign, back_end = name.rpartition("@") if "@" in name else (name, "", "")
    at_home = str(home / file) if file and (home / file).exists() else file
    try:
        manager = pyvisa.ResourceManager(f"{at_home}{sign}{back_end}")
    except Exception as error:  # a library that is not there, is for another processor, or breaks while it starts
        remedy = 'install it, or correct visa in [instruments] of station.toml ("@py" needs nothing more)'
        raise LinkError(f"the VISA library {name!r} cannot be used: {_brief(error)}; {remedy}") from error
    with contextlib.closing(manager):
        yield manager


def open_visa(rm: pyvisa.ResourceManager, address: str, transport: Clock) -> Wire:
    """Open `address` with the given resource manager, which stays the caller's to close, last of all."""
    with _as_link_error(f"{address} cannot be opened{_unread(address)}"):
        resource = rm.open_resource(address, open_timeout=_OPEN_MS)
    if not isinstance(resource, MessageBasedResource):
        resource.close()
        raise LinkError(f"{address} does not take messages; give the address of a DMM or an oscilloscope")
    raw = getattr(_session_of(resource), "interface", None)
    if not isinstance(raw, socket.socket):
        return VisaWire(resource, transport)
    try:
        return StreamWire(TcpStream(raw, address, lambda: _close(resource)), transport)
    except LinkError:
        _close(resource)
        raise


def _unread(address: str) -> str:
    """Return what is to be said of an address that is none of VISA's; a library of a vendor may know it as a name."""
    try:
        ResourceName.from_string(address)
    except ValueError:
        return " (it is no VISA address like TCPIP0::192.168.1.20::5025::SOCKET, and no name that VISA knows)"
    return ""


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
        raise LinkError(f"{what}: {_brief(error)}") from error


def _brief(error: Exception) -> str:
    """Return what `error` says in its first line, without the traceback that some libraries put behind it."""
    said = str(error).partition("Traceback")[0].strip().partition("\n")[0]
    return said.rstrip(" .'") or type(error).__name__


class VisaWire:
    """A wire over any VISA resource, with any VISA library below."""

    def __init__(self, resource: MessageBasedResource, transport: Clock) -> None:
        self._resource = resource
        self._transport = transport
        self._open = True

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data` within `seconds`."""
        with self._said():
            self._wait_until(self._transport.now() + seconds)
            self._resource.write_raw(data)

    def line(self, seconds: float) -> bytes:
        """Return the next line without its end within `seconds`; of a raw socket some libraries give it piece by piece."""
        end, line = self._transport.now() + seconds, bytearray()
        with self._said():
            self._resource.read_termination = "\n"
            while not line.endswith(b"\n"):
                self._wait_until(end)
                line += self._resource.read_raw()
        return bytes(line.removesuffix(b"\n").removesuffix(b"\r"))

    def exactly(self, count: int, seconds: float) -> bytearray:
        """Return the next `count` bytes; with termination off, because a block may hold any byte."""
        end, data = self._transport.now() + seconds, bytearray()
        with self._said():
            self._resource.read_termination = None
            while len(data) < count:
                self._wait_until(end)
                data += self._resource.read_bytes(min(count - len(data), _CHUNK), break_on_termchar=True)
        return data

    def leftover(self) -> bytes:
        """Return what waits on a raw socket or a serial line; other protocols drop stale replies by themselves."""
        if not isinstance(self._resource, TCPIPSocket | SerialInstrument):
            return b""
        left = bytearray()
        with self._said():
            self._resource.read_termination = None
            self._resource.timeout = 0
            while len(left) < _MOST_LEFT and (byte := self._byte()):
                left += byte
        return bytes(left)

    def _byte(self) -> bytes:
        """Return the next byte if one waits: of several, some libraries lose what has come when the last one has not."""
        try:
            return self._resource.read_bytes(1)
        except pyvisa.VisaIOError as error:
            if error.error_code != StatusCode.error_timeout:
                raise
            return b""

    def close(self) -> None:
        """Close the resource; a second time does nothing."""
        if self._open:
            self._open = False
            _close(self._resource)

    def _said(self) -> AbstractContextManager[None]:
        return _as_link_error(str(self._resource.resource_name))

    def _wait_until(self, end: float) -> None:
        """Let the next call take until `end`, on the clock of the wire; raises TimeoutError when that is over."""
        left = end - self._transport.now()
        if left <= 0:
            raise TimeoutError("no whole reply came in time")
        self._resource.timeout = max(1, round(left * 1000))
