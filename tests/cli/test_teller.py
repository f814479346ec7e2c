"""Whoever watches a tray may pause for as long as he likes: the journal goes on, and its end waits for him a while only."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import pytest

from station.cli import teller
from station.cli.assemble import kept, new_ids
from station.cli.home import make, read
from station.cli.show import JsonLines, Sturdy
from station.cli.teller import Outlet, Teller
from station.clocks.steady import SteadyClock, SteadyMonitor
from station.clocks.virtual import VirtualClock
from station.core.clock import Stop
from station.core.errors import StoreError
from station.core.events import Event, StepStarted
from station.line.crew import Crew
from tests.store.stories import ids, story

EVENTS = [StepStarted("run", number, "2026-11-22T08:00:00.000000Z", 5.0, "Soft start", 13, ("CUR.350",)) for number in range(9)]


@pytest.fixture
def pipe() -> Iterator[tuple[int, TextIO]]:
    """Return the end of a pipe to be read, and what writes into its other end."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="ascii") as stream:
        try:
            yield reading, stream
        finally:
            os.close(reading)


def fill(stream: TextIO) -> int:
    """Write into a pipe until nothing more goes in; return how many bytes did."""
    os.set_blocking(stream.fileno(), False)
    written = 0
    try:
        while True:
            written += os.write(stream.fileno(), b"." * 512)
    except BlockingIOError:
        os.set_blocking(stream.fileno(), True)
    return written


def test_what_is_heard_is_told_in_order_and_to_the_end() -> None:
    clock, told = VirtualClock(), list[Event]()
    one = Teller(clock, told.append)

    with one.at_work(clock, lambda: pytest.fail("nobody paused")):
        for event in EVENTS:
            one.hear(event)

    assert EVENTS == told


def test_a_listener_that_pauses_keeps_nobody_waiting_and_is_given_up_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    clock, told = VirtualClock(), list[Event]()
    monitor, is_given_up = clock.monitor(), list[float]()

    def pauses(event: Event) -> None:
        told.append(event)
        with monitor:
            monitor.wait_for(lambda: bool(is_given_up), None)

    def give_up() -> None:
        with monitor:
            is_given_up.append(clock.now())
            monitor.notify()

    one = Teller(clock, pauses)
    with one.at_work(clock, give_up):
        for event in EVENTS:
            one.hear(event)
        clock.wait(1.0, clock.stop())

    assert EVENTS[:1] == told
    assert [pytest.approx(1.0 + teller.GRACE)] == is_given_up
    assert ["8 events were not shown: whoever reads them did not; the records hold them all"] == caplog.messages


class Impatient(SteadyMonitor):
    """A monitor in which a Ctrl-C comes as soon as somebody waits for a while."""

    def wait_for(self, holds: Callable[[], bool], seconds: float | None, stop: Stop | None = None) -> bool:
        if seconds is not None:
            raise KeyboardInterrupt
        return super().wait_for(holds, seconds, stop)


class ImpatientClock(SteadyClock):
    """A clock with such monitors."""

    def monitor(self) -> Impatient:
        return Impatient(1.0)


def test_a_ctrl_c_while_a_paused_reader_is_waited_for_gives_him_up() -> None:
    clock = SteadyClock()
    monitor, is_given_up, waited = clock.monitor(), list[bool](), list[bool]()

    def pauses(_: Event) -> None:
        with monitor:
            waited.append(monitor.wait_for(lambda: bool(is_given_up), 20.0))

    def give_up() -> None:
        with monitor:
            is_given_up.append(True)
            monitor.notify()

    one = Teller(ImpatientClock(), pauses)
    one.hear(EVENTS[0])
    with pytest.raises(KeyboardInterrupt), one.at_work(clock, give_up):
        pass

    assert [True] == is_given_up
    assert waited in ([], [True])


def test_what_there_is_no_room_for_is_counted(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(teller, "ROOM", 4)
    clock, told = VirtualClock(), list[Event]()
    one = Teller(clock, told.append)

    for event in EVENTS:
        one.hear(event)
    with one.at_work(clock, lambda: None):
        pass

    assert EVENTS[:4] == told
    assert ["5 events were not shown: whoever reads them did not; the records hold them all"] == caplog.messages


def test_a_reader_that_comes_back_reads_all(pipe: tuple[int, TextIO]) -> None:
    reading, stream = pipe
    clock, before = SteadyClock(), fill(stream)
    text = "".join(f"line {number}\n" for number in range(4000))

    with Crew(clock) as crew:
        crew.start("writer", lambda _: Outlet(stream).write(text))
        got = b""
        while len(got) < before + len(text):
            got += os.read(reading, 4096)

    assert text == got[before:].decode()


def test_a_reader_that_never_comes_back_is_given_up(pipe: tuple[int, TextIO]) -> None:
    _, stream = pipe
    fill(stream)
    out = Outlet(stream)
    out.give_up()

    with pytest.raises(BlockingIOError, match="paused for too long"):
        out.write("a line\n")


def test_what_is_no_file_takes_a_line_at_once() -> None:
    text = io.StringIO()

    Outlet(text).write("a line\n")

    assert "a line\n" == text.getvalue()


def test_a_pipe_that_nobody_reads_stops_no_journal(
    tmp_path: Path, pipe: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    _, stream = pipe
    fill(stream)
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setattr(teller, "GRACE", 0.01)
    clock, told, shown = SteadyClock(), story(ids().new()), JsonLines()
    one = Teller(clock, Sturdy(shown.event))

    with kept(read(tmp_path).config, clock, new_ids(clock), (one.hear,)) as store, one.at_work(clock, shown.give_up):
        for event in told:
            store.journal.write(event)
        store.journal.settle(told[0].run_id)
        assert told[0].run_id == store.archive.record(told[0].run_id).started.run_id


def test_those_who_mourn_the_journal_hear_why_nothing_more_is_kept(tmp_path: Path) -> None:
    make(tmp_path)
    clock, told, said = SteadyClock(), story(ids().new()), list[str]()

    def broken(_: Event) -> None:
        raise ZeroDivisionError("a bug")

    monitor = clock.monitor()

    def mourn(why: str) -> None:
        with monitor:
            said.append(why)
            monitor.notify()

    def write() -> None:
        with kept(read(tmp_path).config, clock, new_ids(clock), (broken,)) as store:
            store.mourners.append(mourn)
            for event in told:
                store.journal.write(event)
            with monitor:
                assert monitor.wait_for(lambda: bool(said), 20.0)
            with pytest.raises(StoreError, match="It broke: a bug"):
                store.journal.certify(told[0].run_id, "X-", lambda _: pytest.fail("drawn for a store that keeps nothing"))

    with pytest.raises(ZeroDivisionError):
        write()

    assert ["a bug"] == said
