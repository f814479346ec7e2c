"""What our link adds to a socket: questions and blocks through Link, Scpi and TcpStream, beside the bare calls of `socket`."""

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers.instrument import KINDS
from benchmarks.report import median_pair, say
from station.clocks.steady import SteadyClock
from station.hardware.link import Link
from station.hardware.scpi import Scpi
from station.hardware.stream import StreamWire
from station.hardware.tcp import connect

_ROOT = Path(__file__).parents[1]
_ADDED = 15e-6  # s that a question may take longer than over a raw socket: a setting and the question behind it twice that
_SLOWER = 2.0  # times as long as `recv_into` a block may take
_SETTING = ":VOLT:DC:RANG 1"
_BURSTS, _BURST = 60, 50  # bursts of questions, ours and the raw socket's in turn, and how many questions each has
_SIZES = ((1_000_000, 100), (10_000_000, 40))  # bytes of a block, and how often it is asked for


def run() -> None:
    """Print the figures."""
    with _instrument() as port, _ours(port) as scpi, _instrument() as other, _raw(other) as raw:
        ours, theirs = _question_pair(lambda: scpi.ask("*IDN?"), lambda: _line(raw, b"*IDN?\n"))
        _say_added("*IDN?", ours, theirs, 1)
        bare = f"{_SETTING}\n".encode(), b"*ESR?;:SYST:ERR?\n"
        ours, theirs = _question_pair(lambda: scpi.command(_SETTING), lambda: _write_and_ask(raw, *bare))
        _say_added("a setting, then the error queue", ours, theirs, 2)
        for size, times in _SIZES:
            for kind in KINDS:
                _block(scpi, raw, size, kind, times)


def _say_added(what: str, ours: float, raw: float, messages: int) -> None:
    say("links", f"{what}, beside a raw socket", ours, "s", raw, None)
    say("links", f"{what}, what our link adds, beside 15 µs a message", ours - raw, "s", messages * _ADDED, 1.0)


def _question_pair(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """Return the median times in s of one question: bursts of both in turn, the median of each burst, the median of these."""
    medians: tuple[list[float], list[float]] = ([], [])
    for _ in range(_BURSTS):
        for ask, into in zip((ours, peer), medians, strict=True):
            into.append(statistics.median(_timed(ask) for _ in range(_BURST)))
    return statistics.median(medians[0]), statistics.median(medians[1])


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _block(scpi: Scpi, raw: socket.socket, size: int, kind: str, times: int) -> None:
    question = f"BLK? {size} {kind}"
    whole = memoryview(bytearray(len(f"#{len(str(size))}{size}") + size + 1))

    def bare() -> None:
        raw.sendall(f"{question}\n".encode())
        got = 0
        while got < len(whole):
            got += raw.recv_into(whole[got:])

    def ours() -> None:
        scpi.block(question)

    ours()
    bare()  # the instrument makes each block once
    took, other = median_pair(ours, bare, times)
    name = f"a block of {size // 1_000_000} MB, {'random bytes' if kind == 'random' else 'all 0x0A'}"
    say("links", f"{name}, beside recv_into", took, "s", other, _SLOWER)


def _line(raw: socket.socket, question: bytes) -> bytes:
    raw.sendall(question)
    answer = raw.recv(4096)
    while not answer.endswith(b"\n"):
        answer += raw.recv(4096)
    return answer


def _write_and_ask(raw: socket.socket, setting: bytes, question: bytes) -> bytes:
    raw.sendall(setting)
    return _line(raw, question)


@contextmanager
def _instrument() -> Iterator[int]:
    """Run an instrument in a process of its own and yield its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peers.instrument"], stdout=subprocess.PIPE, text=True, cwd=_ROOT
    ) as child:
        try:
            yield int(child.stdout.readline() if child.stdout else "")
        finally:
            child.terminate()


@contextmanager
def _ours(port: int) -> Iterator[Scpi]:
    clock = SteadyClock()
    scpi = Scpi(Link(StreamWire(connect("127.0.0.1", port), clock), clock, "benchmark"), clock)
    try:
        scpi.identify()
        yield scpi
    finally:
        scpi.close()


@contextmanager
def _raw(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield raw
