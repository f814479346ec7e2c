"""The host's end of the fixture's protocol, against a fixture in memory whose line misbehaves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.clocks.steady import SteadyClock
from station.core.clock import Stop
from station.core.equipment import Contact, PulseLog
from station.core.errors import (
    IdentityError,
    InstrumentError,
    InterlockError,
    LinkError,
    RefusedError,
    SequenceError,
    StationError,
    Stopped,
)
from station.core.fixture_file import FixtureFile, parse_fixture
from station.hardware.bench import StationBench
from station.hardware.fixture import Fixture
from station.hardware.fixture_line import FixtureLine
from station.hardware.lending import Lending
from station.hardware.nest import SlotNest
from station.hardware.replies import FixtureEvent, parse_reply
from station.hardware.timer import Bracket, Drift, drift, unsound
from tests.hardware.conftest import Spawn
from tests.hardware.fake_fixture import FakeFixture
from tests.hardware.fakes import hurried
from tests.hardware.simulated import HOME

FILE = parse_fixture((HOME / "fixtures/eol8.toml").read_bytes(), "fixtures/eol8.toml")
FATES = ["ok", "lose_request", "lose_reply", "garble_request", "garble_reply", "double_reply", "echo_reply"]


@dataclass
class Held:
    """A fixture with its memory line, and the news it told."""

    fixture: Fixture
    far: FakeFixture
    clock: SteadyClock
    news: list[FixtureEvent] = field(default_factory=list)
    opened: list[FakeFixture] = field(default_factory=list)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until the pump has brought something about."""
        with self.clock.monitor() as monitor:
            for _ in range(1000):
                if holds():
                    return
                monitor.wait_for(lambda: False, 0.1)
        pytest.fail("it did not come about")


@contextmanager
def holding(
    spawn: Spawn, file: FixtureFile = FILE, fates: list[str] | None = None, clock: SteadyClock | None = None
) -> Iterator[Held]:
    clock = clock or hurried()
    opened: list[FakeFixture] = []

    def open_stream() -> FakeFixture:
        opened.append(FakeFixture(clock, fates or []))
        return opened[-1]

    news: list[FixtureEvent] = []
    fixture = Fixture(open_stream, file, clock, clock, lambda: b"\x9f\x3a\x11\xc0", news.append)
    ending = clock.stop()
    spawn("pump", lambda _: fixture.pump(ending))
    try:
        yield Held(fixture, opened[0], clock, news, opened)
    finally:
        ending.set("the test is over")
        fixture.close()


@pytest.fixture
def held(spawn: Spawn) -> Iterator[Held]:
    with holding(spawn) as made:
        made.fixture.begin()
        yield made


@pytest.fixture
def nest(held: Held) -> SlotNest:
    return SlotNest(held.fixture, FILE, 3, held.clock)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(st.sampled_from(FATES), max_size=12))
@pytest.mark.hazard("TR-16")
def test_every_call_is_executed_once_and_answered_by_its_own_reply_or_fails(spawn: Spawn, fates: list[str]) -> None:
    clock = hurried()
    far = FakeFixture(clock, fates)
    line = FixtureLine(lambda: far, clock, clock, lambda _: None, lambda _: None)
    ending = clock.stop()
    spawn("pump", lambda _: line.pump(ending))
    answered: dict[str, int] = {}

    try:
        for number in range(6):
            body = f"KEY 3 level {number}"
            far.answers[body] = lambda number=number: f"OK t={number}"  # type: ignore[misc]  # mypy infers no lambda with defaults
            try:
                answered[body] = line.call(body).whole("t")
            except LinkError:
                continue
    finally:
        ending.set("over")
        line.close()

    assert all(far.executed.count(body) <= 1 for body in far.executed)
    assert answered == {f"KEY 3 level {number}": number for number in range(6) if f"KEY 3 level {number}" in answered}
    assert all(body in far.executed for body in answered)
    assert len(answered) == 6 or len(fates) >= 6


@pytest.mark.hazard("TR-11")
def test_a_silent_fixture_is_a_link_error_after_one_second(held: Held) -> None:
    held.far.silent = True
    started = held.clock.now()

    with pytest.raises(LinkError, match="did not answer 'SAFE 3'"):
        held.fixture.ask("SAFE 3")

    assert 1.0 <= held.clock.now() - started < 10.0


@pytest.mark.hazard("TR-16")
def test_the_reply_that_comes_after_the_call_was_given_up_is_never_anothers(held: Held) -> None:
    held.far.silent = True
    with pytest.raises(LinkError):
        held.fixture.ask("PULSES? 3")
    held.far.silent = False
    held.far.say(b"<03 OK t=666*0000\n")

    assert held.fixture.ask("PULSES? 4").whole("t") != 666


def test_many_threads_get_their_own_replies(spawn: Spawn) -> None:
    wrong: list[str] = []
    done: list[int] = []

    def ask(held: Held, slot: int) -> Callable[[Stop], None]:
        def body(_: Stop) -> None:
            for number in range(50):
                held.far.answers[f"ASK {slot} {number}"] = partial("OK slot={} number={}".format, slot, number)
                reply = held.fixture.ask(f"ASK {slot} {number}")
                wrong.extend([reply.text] if (reply.whole("slot"), reply.whole("number")) != (slot, number) else [])
            done.append(slot)

        return body

    with holding(spawn, clock=SteadyClock()) as held:  # eight wait for one line: no time to be short of
        held.fixture.begin()
        for slot in range(1, 9):
            spawn(f"slot {slot}", ask(held, slot))
        held.until(lambda: len(done) == 8)

    assert wrong == []


def test_a_session_begins_safe(held: Held) -> None:
    assert held.far.executed == ["HELLO 1 9F3A11C0", "SAFE all", "PING"]
    assert (held.fixture.fault, held.fixture.session) == (None, 1)


@pytest.mark.parametrize(
    ("file", "what"),
    [
        (replace(FILE, serial="SIMFX-0002"), "SIMFX-0002.*Put the right fixture in"),
        (replace(FILE, model="EOL9"), "expected is EOL9"),
        (replace(FILE, slots=64), "lacks slots"),
        (replace(FILE, buses={"dmm": ("D7",), "scope": ("S1",)}), "lacks slots or buses"),
    ],
)
@pytest.mark.hazard("EQ-06")
def test_another_fixture_than_the_files_is_refused(spawn: Spawn, file: FixtureFile, what: str) -> None:
    with holding(spawn, file) as held, pytest.raises(IdentityError, match=what):
        held.fixture.begin()


ENDS: list[tuple[str, type[StationError], str]] = [
    ("BOOT boots=18 reset=brownout", InstrumentError, "restarted"),
    ("WATCHDOG", InterlockError, "2 s"),
    ("LID open", InterlockError, "lid was opened"),
    ("ESTOP pressed", InterlockError, "E-stop was pressed"),
]


@pytest.mark.parametrize(("event", "kind", "why"), ENDS)
@pytest.mark.hazard("SP-03")
def test_news_that_ends_the_session_ends_every_later_call(
    held: Held, nest: SlotNest, event: str, kind: type[StationError], why: str
) -> None:
    held.far.event(event)
    held.until(lambda: held.fixture.fault is not None)

    with pytest.raises(kind, match=why):
        nest.contact()
    with pytest.raises(kind, match=why):
        SlotNest(held.fixture, FILE, 4, held.clock)
    nest.safe()

    assert held.far.executed[-2:] == ["SAFE 3", "SLOT? 3"]
    assert held.news[-1].name == event.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    "event", ["LID closed", "ESTOP released", "PRESENT 3 1", "CONTACT 3 0", "FIRST 3 t=12", "OFF 3 t=13", "WHATEVER"]
)
def test_other_news_is_only_told(held: Held, nest: SlotNest, event: str) -> None:
    held.far.event(event)
    held.until(lambda: bool(held.news))

    assert held.news == [FixtureEvent(event.split(maxsplit=1)[0], tuple(event.split()[1:]), 0)]
    assert nest.contact() == Contact(True, True, 2)


@pytest.mark.parametrize(
    ("change", "kind", "why"),
    [
        ({"boots": 18}, InstrumentError, "restarted"),
        ({"wdt": "tripped"}, InterlockError, "2 s"),
        ({"latch": "lid"}, InterlockError, "lid"),
        ({"latch": "estop"}, InterlockError, "E-stop"),
        ({"latch": "both"}, InterlockError, "E-stop"),
    ],
)
@pytest.mark.hazard("SP-03")
def test_the_heartbeat_finds_what_no_event_told(
    held: Held, nest: SlotNest, change: dict[str, str | int], kind: type[StationError], why: str
) -> None:
    for name, value in change.items():
        setattr(held.far, name, value)

    held.fixture.ping()

    with pytest.raises(kind, match=why):
        nest.arm(gap=0.6)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("ERR 20 watchdog", InterlockError),
        ("ERR 21 estop", InterlockError),
        ("ERR 22 lid", InterlockError),
        ("ERR 40 hello", InstrumentError),
    ],
)
def test_a_refusal_that_ends_the_session_is_final(held: Held, nest: SlotNest, answer: str, kind: type[StationError]) -> None:
    held.far.answers["CHARGER 3 on"] = lambda: answer

    with pytest.raises(kind):
        nest.charger(on=True)
    with pytest.raises(kind):
        nest.charger(on=False)


def test_a_missing_unit_is_an_interlock_of_its_slot_only(held: Held, nest: SlotNest) -> None:
    held.far.answers["KEY 3 start 3"] = lambda: "ERR 23 empty"

    with pytest.raises(InterlockError, match="no unit"):
        nest.press("start", level=3)

    assert held.fixture.fault is None


def test_any_other_refusal_says_its_code(held: Held, nest: SlotNest) -> None:
    held.far.answers["CHARGER 3 on"] = lambda: "ERR 30 relay"

    with pytest.raises(RefusedError, match="30 relay"):
        nest.charger(on=True)


@pytest.mark.hazard("SP-03")
def test_after_a_new_session_the_runs_of_the_old_one_stay_over(held: Held, nest: SlotNest) -> None:
    held.far.event("LID open")
    held.far.latch = "lid"
    held.until(lambda: held.fixture.fault is not None)

    held.fixture.begin()

    assert held.fixture.fault is None
    with pytest.raises(InterlockError, match="lid"):
        nest.connect(load=2000)
    assert SlotNest(held.fixture, FILE, 3, held.clock).connect(load=2000) > 0


def test_a_lid_that_is_still_open_keeps_the_next_session_from_beginning(held: Held) -> None:
    held.far.event("LID open")
    held.far.latch = held.far.lid = "lid"
    held.far.lid = "open"
    held.until(lambda: held.fixture.fault is not None)

    with pytest.raises(InterlockError, match="lid"):
        held.fixture.begin()

    assert held.fixture.fault == "the lid was opened; close it, then continue"


def test_a_lost_port_ends_the_session_and_is_opened_again_by_the_next(held: Held, nest: SlotNest) -> None:
    held.far.vanish("the cable is out")
    held.until(lambda: held.fixture.fault is not None)

    with pytest.raises(LinkError, match="cable is out"):
        nest.contact()
    held.fixture.begin()

    assert len(held.opened) == 2
    assert held.opened[1].executed[:2] == ["HELLO 1 9F3A11C0", "SAFE all"]


def test_a_port_that_is_lost_inside_a_call_ends_the_call_at_once(held: Held, spawn: Spawn) -> None:
    held.far.silent = True
    errors: list[LinkError] = []

    def ask(_: Stop) -> None:
        try:
            held.fixture.ask("SAFE 1")
        except LinkError as error:
            errors.append(error)

    spawn("asking", ask)
    held.until(lambda: held.fixture._line._awaited is not None)  # noqa: SLF001 - the call must be under way
    held.far.vanish("the cable is out")
    held.until(lambda: bool(errors))

    assert "the fixture's line is lost: the cable is out; is it switched on and the cable in?" == str(errors[0])


def test_a_lost_event_is_noticed_by_its_number(held: Held) -> None:
    held.far.event("PRESENT 3 1", lost=True)

    held.fixture.ping()
    held.fixture.ping()

    assert held.news == [FixtureEvent("MISSED", (), 0)]


def test_the_heartbeat_beats_until_it_is_stopped(held: Held, spawn: Spawn) -> None:
    stop = held.clock.stop()
    before = held.far.executed.count("PING")
    spawn("heartbeat", lambda _: held.fixture.heartbeat(stop))

    held.until(lambda: held.far.executed.count("PING") >= before + 3)
    stop.set("over")


def test_the_heartbeat_survives_a_fixture_that_is_silent_for_a_while(held: Held, spawn: Spawn) -> None:
    stop = held.clock.stop()
    held.far.silent = True
    spawn("heartbeat", lambda _: held.fixture.heartbeat(stop))
    held.until(lambda: held.clock.now() > 3.0)
    held.far.silent = False
    before = held.far.executed.count("PING")

    held.until(lambda: held.far.executed.count("PING") > before)
    stop.set("over")


@pytest.mark.hazard("TR-17")
def test_a_load_is_read_back(held: Held, nest: SlotNest) -> None:
    before = held.far.ticks

    assert before / 1e6 <= nest.connect(load=2000) <= held.far.ticks / 1e6
    assert nest.sense == FILE.sense[3, 2000.0]


@pytest.mark.hazard("TR-17")
def test_a_relay_that_does_not_follow_is_an_instrument_error(held: Held, nest: SlotNest) -> None:
    held.far.answers["SLOT? 3"] = lambda: "OK present=1 contact=1 load=500 charger=0 buses=- uart=idle opens=0 t=1"

    with pytest.raises(InstrumentError, match="read back 500"):
        nest.connect(load=2000)
    with pytest.raises(SequenceError, match="no load closed"):
        _ = nest.sense


@pytest.mark.parametrize("stuck", ["load=500 charger=0 buses=-", "load=open charger=1 buses=-", "load=open charger=0 buses=D1"])
def test_a_slot_that_does_not_read_back_as_safe_is_an_instrument_error(held: Held, nest: SlotNest, stuck: str) -> None:
    held.far.answers["SLOT? 3"] = lambda: f"OK present=1 contact=1 {stuck} uart=idle opens=0 t=1"

    with pytest.raises(InstrumentError, match=r"told to be safe and reads back .* service the fixture"):
        nest.safe()


def test_a_load_that_does_not_exist_is_the_steps_fault(nest: SlotNest) -> None:
    with pytest.raises(SequenceError, match="no load of 1234"):
        nest.connect(load=1234)


def test_without_a_load_there_is_no_sense_resistor(nest: SlotNest) -> None:
    nest.connect(load=500)
    nest.disconnect()

    with pytest.raises(SequenceError):
        _ = nest.sense


@pytest.mark.parametrize(
    ("key", "level"), [("start", None), ("start", 4), ("stop", 1), ("haptic", 1), ("bang", None), ("level", 0)]
)
def test_a_key_that_does_not_exist_is_the_steps_fault(nest: SlotNest, key: str, level: int | None) -> None:
    with pytest.raises(SequenceError, match="no key"):
        nest.press(key, level=level)


@pytest.mark.parametrize(("key", "after"), [("start", 2.0), ("haptic", 0.0), ("haptic", 61.0), ("haptic", float("nan"))])
def test_a_press_that_the_fixture_cannot_make_later_is_the_steps_fault(nest: SlotNest, key: str, after: float) -> None:
    with pytest.raises(SequenceError, match="no key"):
        nest.press_later(key, after=after)


def test_a_resistor_in_the_battery_lead_is_the_certified_one_of_the_slot(nest: SlotNest) -> None:
    assert FILE.shunts[3, "shunt1k"] == nest.shunt("shunt1k")
    with pytest.raises(SequenceError, match="no resistor on the path 'sense'"):
        nest.shunt("sense")


def test_verbs_become_requests(held: Held, nest: SlotNest) -> None:
    held.far.answers["LOOP 3"] = lambda: "OK loop=fail"
    held.far.answers["PULSES? 3"] = lambda: "OK state=off first=1000000 last=1171000000 count=11700 after=0 opens=0 t=1181000000"
    began = len(held.far.executed)

    nest.press("start", level=3)
    nest.press("level", level=1)
    nest.press("haptic")
    nest.press_later("haptic", after=2.0)
    nest.press("stop")
    nest.charger(on=True)
    nest.arm(gap=0.6)

    assert held.far.executed[began:] == [
        "KEY 3 start 3", "KEY 3 level 1", "KEY 3 haptic", "KEY 3 haptic 2000000", "KEY 3 stop", "CHARGER 3 on", "ARM 3 600000",
    ]  # fmt: skip
    assert nest.loopback() is False
    assert nest.pulses() == PulseLog("off", 1.0, 1171.0, 11700, 0, 0, 1181.0)
    assert nest.temperature() == 23.4
    assert (nest.comparator, nest.timer_accuracy) == (FILE.comparator, FILE.timer.accuracy)


@pytest.mark.hazard("SN-12")
def test_contact_that_was_lost_is_remembered_over_every_arm_of_a_run_but_not_from_before_it(held: Held, nest: SlotNest) -> None:
    opens = [7]
    held.far.answers["SLOT? 3"] = lambda: f"OK present=1 contact=1 load=open charger=0 buses=- uart=idle opens={opens[0]} t=1"
    held.far.answers["PULSES? 3"] = lambda: f"OK state=armed first=- last=- count=0 after=0 opens={opens[0]} t=5"

    held.far.answers["ARM 3 600000"] = lambda: f"OK opens={opens[0]} t=4"

    nest.arm(gap=0.6)
    opens[:] = [1]  # somebody takes the unit out and puts another one in
    nest.arm(gap=0.6)
    opens[:] = [0]
    lost = nest.contact().opens, nest.pulses().opens
    opens[:] = [2]

    assert (1, 1) == lost
    assert (3, 3) == (nest.contact().opens, nest.pulses().opens)


def test_contact_that_is_lost_between_a_question_and_the_next_arm_is_not_forgotten(held: Held, nest: SlotNest) -> None:
    held.far.answers["ARM 3 600000"] = lambda: "OK opens=0 t=4"
    nest.arm(gap=0.6)
    held.far.answers["SLOT? 3"] = lambda: "OK present=1 contact=1 load=open charger=0 buses=- uart=idle opens=0 t=1"
    seen = nest.contact().opens
    held.far.answers["ARM 3 600000"] = lambda: "OK opens=2 t=4"  # lost behind the question

    nest.arm(gap=0.6)

    assert (0, 2) == (seen, nest.contact().opens)


def test_no_pulse_is_none_and_not_zero(held: Held, nest: SlotNest) -> None:
    held.far.answers["PULSES? 3"] = lambda: "OK state=armed first=- last=- count=0 after=0 opens=0 t=5"

    assert nest.pulses() == PulseLog("armed", None, None, 0, 0, 0, 5e-6)


@pytest.mark.parametrize("answer", ["OK", "OK state=off first=x last=1 count=1 after=0 opens=0 t=1", "what", "OK state"])
def test_a_pulse_log_that_makes_no_sense_is_a_link_error(held: Held, nest: SlotNest, answer: str) -> None:
    held.far.answers["PULSES? 3"] = lambda: answer

    with pytest.raises(LinkError):
        nest.pulses()


def a_talkative_unit(held: Held, answers: list[str]) -> list[str]:
    left = list(answers)
    held.far.answers["UART 3 READ"] = lambda: f"OK data={left.pop(0) if left else '-'}"
    return left


def test_a_units_answer_is_collected_from_pieces(held: Held, nest: SlotNest) -> None:
    a_talkative_unit(held, [b"old news\n".hex(), "-", "-", b"SN S".hex(), b"N123\r\nmore".hex()])

    assert nest.tell("SN?") == "SN SN123"
    assert "UART 3 SEND 534E3F0A" in held.far.executed


def test_a_silent_unit_gives_none_after_its_patience(held: Held, nest: SlotNest) -> None:
    a_talkative_unit(held, [])
    started = held.clock.now()

    assert nest.tell("SN?", patience=0.5) is None
    assert held.clock.now() - started >= 0.5


def test_a_unit_that_never_stops_talking_gives_a_wrong_answer_and_not_our_error(held: Held, nest: SlotNest) -> None:
    held.far.answers["UART 3 READ"] = lambda: "OK data=626C61680A"

    assert nest.tell("SN?") == "blah"


def test_a_long_line_is_sent_in_pieces_of_sixty_bytes(held: Held, nest: SlotNest) -> None:
    a_talkative_unit(held, [])

    nest.tell("x" * 100, patience=0.0)

    sent = [body.split()[-1] for body in held.far.executed if " SEND " in body]
    assert [len(piece) // 2 for piece in sent] == [60, 41]


def test_the_drift_of_two_brackets_and_its_bound() -> None:
    found = drift(Bracket(0.0, 0.002, 100.0), Bracket(1000.0, 1000.002, 1100.1))

    assert found == Drift(pytest.approx(1e-4), pytest.approx(2e-6), pytest.approx(1000.0))  # type: ignore[arg-type]  # values by name are untyped here


@pytest.mark.parametrize(
    ("seen", "sound"),
    [
        (Drift(2e-5, 1e-6, 1200.0), True),
        (Drift(0.99e-3, 1e-6, 1200.0), True),
        (Drift(1.01e-3, 1e-6, 1200.0), False),
        (Drift(-1.01e-3, 1e-6, 1200.0), False),
        (Drift(-1.5e-3, 1e-6, 1200.0), False),
        (Drift(1.5e-3, 1e-6, 60.0), False),
        (Drift(5e-3, 1e-2, 1.0), True),
        (Drift(0.0, 2e-3, 1200.0), False),
        (Drift(0.0, float("inf"), 0.0), True),
    ],
)
@pytest.mark.hazard("EQ-07", "EQ-08")
def test_a_timer_that_is_off_or_could_not_be_checked_makes_a_long_run_worthless(seen: Drift, sound: bool) -> None:
    assert (unsound(seen) is None) is sound


@pytest.mark.hazard("EQ-07")
def test_a_timer_that_is_off_strikes_out_all_that_its_slot_measured(held: Held) -> None:
    bench = StationBench(held.fixture, FILE, {}, {}, Lending(held.clock, lambda _: None), held.clock)
    bench.nest(3)
    assert bench.fault(3) is None

    held.far.pace = 1000.0

    assert "0.1 % is allowed" in str(bench.fault(3))
    assert bench.fault(4) is None


@pytest.mark.parametrize(("pace", "off"), [(1.0, False), (1.0009, False), (0.0, True), (0.5, True), (2.0, True)])
@pytest.mark.hazard("EQ-07", "EQ-08", "TR-11")
def test_a_timer_that_runs_off_or_stands_still_ends_the_session_at_a_heartbeat(held: Held, pace: float, off: bool) -> None:
    """Without this, whoever waits for the fixture's clock to reach 1230 s waits for ever on a clock that stands still."""
    nest = SlotNest(held.fixture, FILE, 3, held.clock)
    held.far.pace = pace
    held.far.answers["PULSES? 3"] = lambda: f"OK state=armed first=- last=- count=0 after=0 opens=0 t={held.far.ticks}"

    held.clock.wait(4.0, held.clock.stop())
    held.fixture.ping()

    if off:
        assert held.fixture.untimed_in(held.fixture.session) is not None
        with pytest.raises(
            InstrumentError, match=r"timer ran .* against the host's clock over \d+ s; 0\.1 % is allowed; service"
        ):
            nest.pulses()
    else:
        assert held.fixture.fault is None
        assert nest.pulses().first is None


@pytest.mark.parametrize(
    ("event", "restarted"), [("BOOT boots=18 reset=brownout", True), ("LID open", False), ("WATCHDOG", False)]
)
def test_only_a_restart_makes_the_timers_log_worthless(held: Held, event: str, restarted: bool) -> None:
    held.far.event(event)
    held.until(lambda: held.fixture.fault is not None)

    assert (held.fixture.untimed_in(1) is not None) is restarted
    assert held.fixture.untimed_in(2) is None


def test_the_first_reason_stays_when_others_follow(held: Held) -> None:
    held.far.event("ESTOP pressed")
    held.far.event("LID open")
    held.until(lambda: len(held.news) == 2)

    assert "E-stop" in str(held.fixture.fault)


def test_no_time_gives_no_bound() -> None:
    one = Bracket(5.0, 6.0, 1.0)

    assert drift(one, one).bound == float("inf")


def test_a_bracket_holds_the_moment_of_execution(held: Held) -> None:
    one = held.fixture.bracket()

    assert one.before <= one.middle <= one.after
    assert one.fixture <= held.far.ticks / 1e6
    assert one.before <= one.fixture + 1e-6
    assert one.fixture <= one.after + 1e-6


def test_keys_that_we_do_not_know_are_ignored() -> None:
    assert parse_reply("OK new=1 t=5 loose", 0.0, 0.0, None).seconds("t") == 5e-6


def test_who_waits_for_its_unit_to_go_off_is_woken_by_that_news_and_no_other(held: Held, nest: SlotNest) -> None:
    stop, begun = held.clock.stop(), held.clock.now()
    held.far.event("OFF 4 t=1000")

    nest.await_off(2.0, stop)

    assert held.clock.now() - begun >= 2.0
    held.far.event("OFF 3 t=2000")
    nest.await_off(inf, stop)  # whether the news has come by now or not
    begun = held.clock.now()
    nest.await_off(2.0, stop)  # it is news once
    assert held.clock.now() - begun >= 2.0


def test_who_waits_for_its_unit_to_go_off_hears_why_the_session_is_over(held: Held, nest: SlotNest) -> None:
    held.far.event("LID open")

    with pytest.raises(InterlockError, match="lid was opened"):
        nest.await_off(inf, held.clock.stop())


def test_who_waits_for_its_unit_to_go_off_hears_a_stop(held: Held, nest: SlotNest) -> None:
    stop = held.clock.stop()
    stop.set("enough")

    with pytest.raises(Stopped, match="enough"):
        nest.await_off(inf, stop)
