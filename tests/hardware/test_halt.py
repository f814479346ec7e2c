"""All slots are stopped while calls are out, wait for the line, or are about to be made: nothing is energised behind it."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field

import pytest

from station.core.clock import Stop
from station.core.config import parse_station
from station.core.errors import InterlockError, LinkError
from station.hardware.bench import StationBench
from station.hardware.fixture_line import FixtureLine
from station.hardware.lending import Lending
from station.hardware.link import Wire
from station.hardware.nest import SlotNest
from station.hardware.opening import open_bench
from station.hardware.plugs import Plugs
from tests.hardware.conftest import Spawn
from tests.hardware.fake_fixture import FakeFixture
from tests.hardware.fakes import hurried
from tests.hardware.simulated import HOME
from tests.hardware.test_fixture import FILE, Held, holding


@pytest.fixture
def held(spawn: Spawn) -> Iterator[Held]:
    with holding(spawn) as made:
        made.fixture.begin()
        yield made


def bench_on(held: Held) -> StationBench:
    return StationBench(held.fixture, FILE, {}, {}, Lending(held.clock, lambda _: None), held.clock)


@dataclass
class Jam:
    """A line whose fixture takes its time with one request, while others come and wait."""

    spawn: Spawn
    far: FakeFixture = field(init=False)
    over: bool = False

    def __post_init__(self) -> None:
        self.clock = hurried()
        self.far = FakeFixture(self.clock)
        self.far.answers["SLOW"] = self._slow
        self.line = FixtureLine(lambda: self.far, self.clock, self.clock, lambda _: None, lambda _: None)
        self.spawn("slow", lambda _: self.ask("SLOW"))
        self.until(lambda: "SLOW" in self.far.executed)

    def _slow(self) -> str:
        self.until(lambda: self.over)
        return "OK"

    def ask(self, body: str) -> None:
        self.line.call(body)

    def queue(self, body: str) -> None:
        """Ask from a thread of its own, and come back when it waits for the line."""
        before = self.waiting()
        self.spawn(body, lambda _: self.ask(body))
        self.until(lambda: self.waiting() > before)

    def waiting(self) -> int:
        return len(self.line._queue)  # noqa: SLF001 - who waits shows nowhere else

    def until(self, holds: Callable[[], bool]) -> None:
        with self.clock.monitor() as monitor:
            assert monitor.wait_for(holds, 100.0)


@pytest.mark.hazard("SP-03")
def test_who_makes_safe_goes_before_all_who_wait_for_the_line_and_the_others_as_they_came(spawn: Spawn) -> None:
    jam = Jam(spawn)
    for body in ("SLOT? 1", "SLOT? 2", "SAFE 3", "SLOT? 4", "SAFE all"):
        jam.queue(body)

    jam.over = True
    jam.until(lambda: len(jam.far.executed) == 6)

    assert jam.far.executed == ["SLOW", "SAFE all", "SAFE 3", "SLOT? 1", "SLOT? 2", "SLOT? 4"]


@pytest.mark.hazard("SP-03")
def test_a_press_that_waits_for_the_line_is_not_sent_behind_the_halt(held: Held) -> None:
    nest = SlotNest(held.fixture, FILE, 3, held.clock)

    def refuse() -> None:
        held.fixture.halt("stopped by Ctrl-C")  # between our turn and our request, as another thread would
        held.fixture.refuse_over(nest.session)

    with pytest.raises(InterlockError, match=r"stopped by Ctrl-C"):
        held.fixture._line.call("KEY 3 start 3", refuse)  # noqa: SLF001 - the moment between turn and request shows nowhere else

    assert "KEY 3 start 3" not in held.far.executed


@pytest.mark.hazard("SP-03")
def test_after_a_halt_no_verb_of_a_run_energises_anything_and_all_can_still_be_made_safe(held: Held) -> None:
    bench = bench_on(held)
    nest = bench.nest(3)

    bench.halt("stopped by Ctrl-C")

    for verb in (lambda: nest.press("start", level=3), lambda: nest.connect(load=2_000), lambda: nest.charger(on=True)):
        with pytest.raises(InterlockError, match=r"stopped by Ctrl-C"):
            verb()
    nest.safe()
    assert held.far.executed[-2:] == ["SAFE 3", "SLOT? 3"]
    assert not [body for body in held.far.executed if body.startswith(("KEY", "LOAD", "CHARGER"))]
    assert bench.fault(3) is None  # what was measured before stays


@pytest.mark.hazard("SP-03")
def test_a_unit_that_was_silenced_by_a_halt_is_not_called_silent(held: Held) -> None:
    nest = SlotNest(held.fixture, FILE, 3, held.clock)

    def silenced() -> str:
        held.fixture.halt("stopped by Ctrl-C")
        return "OK data=-"

    held.far.answers["UART 3 READ"] = silenced

    with pytest.raises(InterlockError, match=r"stopped by Ctrl-C"):
        nest.tell("SN?")


@pytest.mark.hazard("SP-03")
def test_a_unit_that_fell_silent_because_the_lid_was_opened_is_not_called_silent_although_the_news_was_lost(held: Held) -> None:
    nest = SlotNest(held.fixture, FILE, 3, held.clock)
    held.far.answers["UART 3 READ"] = lambda: "OK data=-"
    held.far.latch = "lid"
    held.far.event("LID open", lost=True)

    with pytest.raises(InterlockError, match="lid was opened"):
        nest.tell("SN?")


@pytest.mark.hazard("SP-03")
def test_all_can_be_made_safe_although_the_thread_that_reads_the_news_has_gone(spawn: Spawn) -> None:
    clock = hurried()
    far = FakeFixture(clock)
    line = FixtureLine(lambda: far, clock, clock, lambda _: None, lambda _: None)
    ending, gone = clock.stop(), list[bool]()

    def pump(_: object) -> None:
        line.pump(ending)
        gone.append(True)

    ending.set("it broke")
    spawn("pump", pump)
    with clock.monitor() as monitor:
        assert monitor.wait_for(lambda: bool(gone), 100.0)

    line.call("SAFE all")

    assert far.executed == ["SAFE all"]
    line.close()
    with pytest.raises(LinkError):
        line.call("PING")


def test_a_system_without_a_thread_for_the_heartbeat_leaves_neither_the_other_thread_nor_the_port(spawn: Spawn) -> None:
    clock = hurried()
    far, started = FakeFixture(clock), list[str]()

    def start(name: str, body: Callable[[Stop], None]) -> None:
        if started:
            raise RuntimeError("can't start new thread")
        started.append(name)
        spawn(name, body)

    config = parse_station((HOME / "station.toml").read_text(), "station.toml", HOME)
    plugs = Plugs(_no_wire, lambda _: far, lambda _: nullcontext())
    bench = open_bench(config, FILE, clock, plugs, spawn=start, nonces=lambda: b"1234", news=lambda _: None, log=lambda _: None)

    with pytest.raises(RuntimeError, match="new thread"), bench:
        pytest.fail("it opened")

    with pytest.raises(LinkError, match="closed"):
        far.write(b"", 0.1)


def _no_wire(address: str) -> Wire:
    raise LinkError(f"nothing answers at {address}")
