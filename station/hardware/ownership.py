"""Keep two processes of one host from using one instrument at the same time: a lock file, and a name in the system itself."""

import errno
import fcntl
import hashlib
import os
import re
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pyvisa.rname import ResourceName, TCPIPSocket

from station.core.errors import LinkError

_PORT = re.compile(r"(?:ASRL)?(/.*?)(?:::INSTR)?", re.IGNORECASE)
_HERE = r"(?:LOCALHOST|127\.0\.0\.1|::1)"


@contextmanager
def owned(address: str) -> Iterator[None]:
    """Own `address` for the length of the `with`; raises LinkError when another process does. It ends with the process."""
    # VISA cannot lock a raw socket, and two clients would read each other's answers without any error.
    name = hashlib.sha256(_spelled(address).encode()).hexdigest()[:16]
    with _file(address, name), _mark(address, name):
        yield


def _spelled(address: str) -> str:
    """Return the one spelling of an address: a port's is the device that its links lead to, a socket's its host and port.

    Any other is as PyVISA writes it out; capitals say nothing. What nobody can read is an address of its own.
    """
    if port := _PORT.fullmatch(address):
        return os.path.realpath(port[1])
    try:
        if "://" in address:
            url = urlsplit(address)
            return _socket(url.hostname or "", url.port or 0) if url.netloc else os.path.realpath(url.path)
        name = ResourceName.from_string(address.upper())
        if isinstance(name, TCPIPSocket):
            return _socket(name.host_address, int(name.port))
    except ValueError:  # PyVISA's own of a name that it cannot read is one
        return address.upper()
    return re.sub(f"(?<=::){_HERE}(?=::)", "LOCALHOST", str(name).upper())


def _socket(host: str, port: int) -> str:
    return f"{re.sub(f'^{_HERE}$', 'LOCALHOST', host.upper().rstrip('.'))}:{port}"


@contextmanager
def _file(address: str, name: str) -> Iterator[None]:
    """Lock a file: it keeps this user's other programs away."""
    path = Path(tempfile.gettempdir()) / f"eol-station-{os.getuid()}-{name}.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(address) from error
        yield
    finally:
        os.close(handle)


@contextmanager
def _mark(address: str, name: str) -> Iterator[None]:
    """Take a name in Linux's abstract namespace: other users, and services with folders of their own, do not see our files."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as mark:
        if sys.platform == "linux":
            try:
                mark.bind(f"\0eol-station-{name}")
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise LinkError(f"{address} cannot be kept from other programs: {error}") from error
                raise _taken(address) from error
        yield


def _taken(address: str) -> LinkError:
    return LinkError(f"another station program on this host uses {address}; end it first")
