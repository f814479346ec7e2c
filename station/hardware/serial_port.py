"""Open the fixture's serial port: a device path, a pty, or `socket://host:port` for the same bytes over TCP."""

import os
import urllib.parse

import serial

from station.core.errors import LinkError
from station.hardware.stream import Stream
from station.hardware.tcp import connect

_BAUD = 115_200
_WRITE_SECONDS = 0.5


def open_serial(address: str) -> Stream:
    """Open `address` as a stream; raises LinkError when it is not there or somebody else has it."""
    if address.startswith("socket://"):
        return _open_socket(address)
    try:
        return SerialStream(_port(address), address)
    except (OSError, ValueError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        advice = "is the cable in, and does no other program use it?"
        raise LinkError(f"{address} cannot be opened: {why}; {advice}") from error


def _open_socket(address: str) -> Stream:
    # Not by pyserial: its socket leaves Nagle on and hands out one byte a call.
    place = urllib.parse.urlsplit(address)
    try:
        host, port = place.hostname, place.port
    except ValueError:
        host, port = None, None
    if host is None or port is None:
        raise LinkError(f"{address} is not an address; write it like socket://127.0.0.1:5030")
    return connect(host, port)


def _port(address: str) -> serial.Serial:
    port: serial.Serial = serial.serial_for_url(
        address, do_not_open=True, baudrate=_BAUD, timeout=0.0, write_timeout=_WRITE_SECONDS
    )
    port.exclusive = True
    port.dtr = False  # raised at opening, it would reset many controllers
    port.open()
    return port


class SerialStream:
    """An open serial port as a stream."""

    def __init__(self, port: serial.Serial, address: str) -> None:
        self._port = port
        self._address = address

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data` within `seconds`."""
        try:
            if self._port.write_timeout != seconds:
                self._port.write_timeout = seconds
            self._port.write(data)
        except (OSError, serial.SerialException) as error:
            raise self._lost(error) from error

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        """Wait at most `seconds` for bytes and return how many came: whatever is there, in one go."""
        try:
            waiting = self._port.in_waiting
            if not waiting and seconds <= 0:
                return 0
            if not waiting and self._port.timeout != seconds:
                self._port.timeout = seconds
            got = self._port.read(min(waiting or 1, len(buffer)))
        except (OSError, TypeError) as error:  # TypeError: pyserial's way to say that it was closed meanwhile
            raise self._lost(error) from error
        buffer[: len(got)] = got
        return len(got)

    def close(self) -> None:
        """Close; a second time does nothing."""
        self._port.close()

    def _lost(self, error: Exception) -> LinkError:
        return LinkError(f"the connection to {self._address} is lost: {error}; is the cable in?")
