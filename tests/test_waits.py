"""Nothing in the station waits without an end: every call that could, and every loop of a room that waits, says why it ends."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import Site, sites

STATION = Path(__file__).parents[1] / "station"
PURE = {"core", "signals", "charts", "certificates", "quality"}
"""Rooms whose loops go over what is there and wait for nobody; calls that wait are looked for in them all the same."""
OTHER = {"simulator"}
"""A program of its own: a server, which waits for whoever comes, and which no verdict waits for but with a deadline."""

ENDS = {
    "cli/bench_process.py::simulator: Popen": "its `with` ends it: asked, after 5 s killed",
    "cli/bench_process.py::first_line: while": "ends with its deadline, which select is given, or with the child",
    "cli/bench_process.py::_first_line: poll": "asks for the exit code, and does not wait",
    "cli/program.py::_open_streams: while": "each turn opens the next free descriptor, until there are three; waits for nobody",
    "cli/teller.py::Outlet.write: while": "each piece is taken by the reader, or he is given up",
    "cli/teller.py::Outlet._await_reader: while": "ends once the reader is given up: 5 s behind the end of the tray",
    "cli/teller.py::Teller._tell: while": "ends with its stop, which the wait in it hears",
    "cli/teller.py::Teller._next: wait_for": "hears the stop of the crew that it works in",
    "cli/hand.py::_told: readline": "the simulator's hand: its socket has a time-out of 5 s",
    "clocks/baton.py::Seat.__init__: acquire": "a lock of its own, which nobody has yet",
    "clocks/baton.py::Baton.enlist.in_turn: acquire": "the virtual clock, which no real bench has: a baton that nobody "
    "passes on is found as a deadlock",
    "clocks/baton.py::Baton._await_turn: acquire": "the virtual clock: see above",
    "clocks/steady.py::SteadyMonitor.__enter__: acquire": "whoever is inside only looks and notes, or waits, which lets in",
    "hardware/fixture.py::Fixture.heartbeat: while": "ends with its stop, which the wait in it hears",
    "hardware/fixture_line.py::FixtureLine.pump: while": "ends with its stop, which the wait in it hears",
    "hardware/fixture_line.py::FixtureLine._exchange: while": "ends with its deadline of 1 s",
    "hardware/fixture_line.py::FixtureLine._await_reply: while": "ends with its deadline of 150 ms",
    "hardware/link.py::Link.resync: while": "each line is read with what is left until one deadline",
    "hardware/polling.py::poll: while": "ends with its patience, hears the stop",
    "charts/fonts.py::beside: get": "the value of a context variable: there is nothing to wait for",
    "hardware/bench.py::StationBench._usable: while": "each turn sets one instrument of a pool aside, or raises",
    "hardware/scpi.py::Scpi._refuse: while": "ends after 20 entries",
    "hardware/scpi_text.py::split: while": "each turn goes on in a text that has an end, and waits for nobody",
    "hardware/stream.py::StreamWire.line: while": "each piece is read with what is left until one deadline",
    "hardware/stream.py::StreamWire.exactly: while": "each piece is read with what is left until one deadline",
    "hardware/stream.py::StreamWire.leftover: while": "waits for nothing, and gives up after 1 MB",
    "hardware/tcp.py::TcpStream.write: sendall": "a time-out is set before it, and holds for the whole",
    "hardware/tcp.py::TcpStream.read_into: recv_into": "the socket does not block: waiting is done by poll, with its time",
    "hardware/visa.py::VisaWire.line: while": "each piece is read with what is left until one deadline",
    "hardware/visa.py::VisaWire.exactly: while": "each piece is read with what is left until one deadline",
    "hardware/visa.py::VisaWire.leftover: while": "waits for nothing, and gives up after 4 kB",
    "hardware/windows.py::Windows._wait: while": "ends with its patience; each wait in it has an end, and hears the stop",
    "hardware/watchdog.py::_ask: while": "ends with its deadline of 1 s",
    "store/inbox.py::Inbox.kept: while": "forgets the oldest of a list until it is short enough, and waits for nobody",
    "products/mc100_looked.py::follow: while": "each turn waits and hears the stop, until the unit is off or stopped by force",
    "hardware/watchdog.py::_reply: while": "ends with its deadline of 150 ms",
    "hardware/uart.py::Uart.tell: while": "ends with its patience; each reading is a call of 1 s at most",
    "line/crew.py::Crew.join: wait_for": "the threads it waits for hear the crew's stop, and all that they wait for has an end",
    "line/crew.py::Crew._forget_the_gone: join": "the thread has said that it is gone",
    "line/crew.py::Crew.__exit__: join": "see Crew.join",
    "line/station.py::Station._guard: wait_for": "hears the halt, which the station sets on every exit",
    "line/tray.py::Tray.test: while": "ends when no slot tests any more; a slot's thread tells of its end whatever it was",
    "line/tray.py::Tray._turn: while": "each turn begins one unit fewer that waits",
    "products/mc100_course.py::watch: while": "ends at 1230 s of the fixture's clock, hears the stop; a clock that stands still "
    "ends the fixture's session at a heartbeat",
    "store/archive.py::Archive.runs: while": "goes over pages, and ends at an empty one",
    "store/inbox.py::Inbox._any: wait_for": "the pump waits for work; it hears the stop that ends it",
    "store/stray_log.py::_committed: while": "each turn reads the next frame of a file that nobody writes",
    "store/journal.py::Journal._serve: while": "ends once its stop is set and every run has ended, or has been silent for 20 s",
}
"""Every place that could wait without an end, and why it does not."""


def room(path: Path) -> str:
    return path.relative_to(STATION).parts[0]


def named(path: Path, site: Site) -> str:
    return f"{path.relative_to(STATION).as_posix()}::{site.function}: {site.what}"


def found() -> Iterator[tuple[str, int]]:
    for path in sorted(STATION.rglob("*.py")):
        if room(path) not in OTHER:
            loops = room(path) not in PURE and room(path) != "clocks"
            yield from ((named(path, site), site.line) for site in sites(path.read_text(encoding="utf-8"), loops=loops))


FOUND = list(found())


@pytest.mark.hazard("TR-11")
def test_whatever_could_wait_for_ever_says_why_it_does_not() -> None:
    times = Counter(name for name, _ in FOUND)
    unsaid = [f"{name} (line {line})" for name, line in FOUND if name not in ENDS or times[name] > 1]

    assert [] == unsaid, "give it an end, or say in ENDS why it has one"


def test_nothing_is_allowed_that_is_not_there_any_more() -> None:
    assert [] == sorted(set(ENDS) - {name for name, _ in FOUND})


WAITING = [
    "monitor.wait_for(ready, None)",
    "monitor.wait_for(ready)",
    "monitor.wait_for(ready, seconds=None, stop=stop)",
    "thread.join()",
    "event.wait()",
    "condition.acquire()",
    "queue.get()",
    "waiting.poll()",
    "select.select([a], [], [])",
    "child.communicate()",
    "subprocess.run(words)",
    "subprocess.Popen(words)",
    "socket.create_connection(place)",
    "raw.settimeout(None)",
    "raw.recv(100)",
    "file.readline()",
    "server.accept()",
    "fcntl.flock(file, fcntl.LOCK_EX)",
    "rm.open_resource(address)",
    "serial_for_url(address, timeout=None)",
    "input()",
]
BOUNDED = [
    "monitor.wait_for(ready, 1.0)",
    "monitor.wait_for(ready, seconds=left)",
    "', '.join(words)",
    "child.wait(5.0)",
    "condition.acquire(blocking=False)",
    "says.get(key)",
    "select.poll()",
    "waiting.poll(10)",
    "select.select([a], [], [], 1.0)",
    "subprocess.run(words, timeout=5)",
    "socket.create_connection(place, 3.0)",
    "raw.settimeout(0.5)",
    "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)",
    "rm.open_resource(address, open_timeout=3000)",
    "run(sequence, unit)",
]


@pytest.mark.parametrize("line", WAITING)
def test_what_may_wait_for_ever_is_found(line: str) -> None:
    assert 1 == len(list(sites(f"def f():\n    {line}\n", loops=False)))


@pytest.mark.parametrize("line", BOUNDED)
def test_what_has_an_end_is_left_alone(line: str) -> None:
    assert [] == list(sites(f"def f():\n    {line}\n", loops=False))


def test_a_loop_is_found_where_loops_are_looked_for() -> None:
    text = "class Loop:\n  def f(self):\n    while True:\n      pass\n"

    assert [Site("Loop.f", "while", 3)] == list(sites(text, loops=True))
    assert [] == list(sites(text, loops=False))


@pytest.mark.hazard("TR-11")
def test_every_wire_is_read_and_written_with_a_deadline() -> None:
    """`line`, `exactly`, `read_into` and `write` of links and streams have no default that could be left out."""
    for path in sorted((STATION / "hardware").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in ("line", "exactly", "read_into") and node.args.args[:1]:
                assert "seconds" == node.args.args[-1].arg, f"{path.name}:{node.lineno}"
                assert [] == node.args.defaults, f"{path.name}:{node.lineno}"
