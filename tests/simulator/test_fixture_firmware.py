"""The fixture's firmware against its page: sessions, at most once, watchdog, interlocks, commands and events."""

import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.simulator.bench import Bench
from station.simulator.fixture import Fixture
from station.simulator.frames import encode
from station.simulator.physics.defects import apply
from station.simulator.physics.parts import PERFECT
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit


@dataclass
class Host:
    """A host on a memory line; its `time` is that of the wire and of the simulator alike."""

    bench: Bench
    time: float = 1.0
    sequence: int = 0
    events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fixture = Fixture(self.bench, lambda: self.time)

    def ask(self, body: str, after: float = 0.01) -> str:
        """The reply's body to a request that is sent `after` seconds."""
        self.time += after
        self.fixture.receive(encode(">", self.sequence, body), self.time)
        reply = self.listen()
        assert reply.startswith(f"<{self.sequence:02X} ")
        self.sequence = (self.sequence + 1) % 256
        return reply[4:]

    def listen(self) -> str:
        """The last reply that waits, without its checksum; events go to `events`."""
        frames = [line[:-5] for line in self.fixture.poll(self.time).decode().splitlines()]
        self.events += [line[4:] for line in frames if line[0] == "!"]
        return next((line for line in reversed(frames) if line[0] == "<"), "")

    def wait(self, seconds: float) -> None:
        """Let time pass with heartbeats."""
        end = self.time + seconds
        while self.time < end:
            self.ask("PING", min(0.5, end - self.time + 1e-9))

    def value(self, body: str, key: str) -> str:
        return fields(self.ask(body))[key]


def fields(reply: str) -> dict[str, str]:
    assert reply.startswith("OK"), reply
    return dict(word.split("=", 1) for word in reply.split(" ")[1:])


def fresh(*defects: str, slot: int = 3) -> Host:
    """A host that has said HELLO to a fixture with a unit in slot 3."""
    host = Host(Bench(1, 8))
    unit = Unit("U1", apply(PERFECT, defects, 1, "U1"), host.bench.climate, stream("noise"), 0.0)
    host.bench.place(slot, unit, 0.5)
    host.ask("HELLO 1 9F3A11C0")
    return host


def run(host: Host, level: int = 3) -> None:
    """Start the unit into 2 kilohm with the pulse log armed."""
    for body in ("LOAD 3 2000", "ROUTE D1 3 sense", "SYNC D1 3", "ARM 3 500000", f"KEY 3 start {level}"):
        assert host.ask(body).startswith("OK"), body


def test_hello_says_who_it_is() -> None:
    host = Host(Bench(1, 8))

    reply = fields(host.ask("HELLO 1 9F3A11C0"))

    assert reply.pop("t").isdecimal()
    assert reply == {
        "proto": "1", "model": "EOL8", "serial": "SIMFX-0001", "fw": "1.2.0", "slots": "8", "buses": "D1,S1",
        "boots": "1", "reset": "power",
    }  # fmt: skip


def test_nothing_but_hello_is_done_before_hello() -> None:
    host = Host(Bench(1, 8))

    assert host.ask("PING").startswith("ERR 40 ")
    assert host.ask("LOAD 1 500").startswith("ERR 40 ")
    assert host.ask("NONSENSE").startswith("ERR 40 ")


@pytest.mark.parametrize("body", ["HELLO 2 9F3A11C0", "HELLO 1 9F3A", "HELLO 1", "HELLO 1 9F3A11CG"])
def test_a_wrong_hello_starts_nothing(body: str) -> None:
    host = Host(Bench(1, 8))

    assert host.ask(body).startswith("ERR 13 ")
    assert host.ask("PING").startswith("ERR 40 ")


def test_a_heartbeat_tells_how_things_are() -> None:
    reply = fields(fresh().ask("PING"))

    assert reply.pop("t").isdecimal()
    assert 22 < float(reply.pop("temp")) < 24
    assert reply == {
        "boots": "1", "lid": "closed", "estop": "released", "latch": "none", "wdt": "ok", "ev": "01",
    }  # fmt: skip


def test_a_fixture_without_news_has_no_last_event() -> None:
    host = Host(Bench(1, 8))
    host.ask("HELLO 1 9F3A11C0")

    assert host.value("PING", "ev") == "-"


@pytest.mark.hazard("TR-16")
def test_a_repeated_request_gets_the_same_reply_and_is_not_done_again() -> None:
    host = fresh()
    run(host)
    frame = encode(">", 0x70, "ARM 3 500000")
    host.fixture.receive(frame, host.time)
    first = host.listen()
    host.wait(2.0)
    host.fixture.receive(encode(">", 0x71, "UART 3 SEND 0A"), host.time)
    host.listen()
    host.fixture.receive(encode(">", 0x71, "UART 3 SEND 0A"), host.time + 0.3)

    assert host.listen() == "<71 OK"
    assert first.startswith("<70 OK opens=0 t=")
    assert int(host.value("PULSES? 3", "count")) > 10


def test_the_cached_reply_is_the_old_one() -> None:
    host = fresh()
    frame = encode(">", 0x42, "PING")
    host.fixture.receive(frame, host.time)
    first = host.listen()
    host.time += 1.0
    host.fixture.receive(frame, host.time)

    assert host.listen() == first


def test_a_used_number_with_another_body_is_refused() -> None:
    host = fresh()
    host.fixture.receive(encode(">", 0x42, "PING"), host.time)
    host.listen()
    host.fixture.receive(encode(">", 0x42, "SAFE all"), host.time)

    assert host.listen() == "<42 ERR 12 sequence number reused with another body"


def test_a_hello_with_a_new_nonce_is_never_taken_from_the_cache() -> None:
    host = fresh()
    host.fixture.receive(encode(">", 5, "HELLO 1 00000001"), 2.0)
    first = host.listen()
    host.fixture.receive(encode(">", 5, "HELLO 1 00000002"), 3.0)
    second = host.listen()
    host.fixture.receive(encode(">", 5, "HELLO 1 00000002"), 4.0)

    assert first != second
    assert int(fields(second[4:])["t"]) - int(fields(first[4:])["t"]) == pytest.approx(1e6, rel=1e-4)
    assert host.listen() == second


REPEATS = st.lists(st.sampled_from(["again", "garbled", "noise", "half"]), max_size=6)


@given(st.lists(st.tuples(st.sampled_from(["LEVEL 1", "START", "STOP"]), REPEATS), max_size=6))
def test_on_a_bad_line_each_request_is_executed_exactly_once(talk: list[tuple[str, list[str]]]) -> None:
    host = fresh()
    for word, spoils in talk:
        frame = encode(">", host.sequence, f"UART 3 SEND {word.encode().hex()}0A")
        spoiled = {"again": frame, "garbled": frame[:6] + b"?" + frame[7:], "noise": b"\x00\xff*\n", "half": frame[:9]}
        for spoil in spoils:
            host.fixture.receive(spoiled[spoil], host.time)
        assert host.ask(f"UART 3 SEND {word.encode().hex()}0A") == "OK"

    answers = bytes.fromhex(host.value("UART 3 READ", "data")) if talk else b""

    assert answers == b"OK\n" * len(talk)


@pytest.mark.hazard("SP-03")
def test_the_watchdog_makes_safe_after_two_seconds_of_silence() -> None:
    host = fresh()
    run(host)
    host.time += 1.9
    host.listen()
    ran = host.bench.slots[2].unit
    assert ran is not None
    still_on = ran.engine.on
    host.time += 0.2
    host.listen()

    assert still_on
    assert not ran.engine.on
    assert host.events[-1] == "WATCHDOG"
    assert host.ask("LOAD 3 500").startswith("ERR 20 ")
    assert host.ask("LOAD 3 open").startswith("OK")
    assert host.value("PING", "wdt") == "tripped"
    host.ask("HELLO 1 00000002")
    assert host.ask("LOAD 3 500").startswith("OK")


def test_a_request_that_waited_while_the_simulator_was_kept_from_looking_is_no_silence() -> None:
    host = fresh()
    run(host)

    assert host.ask("PING", after=5.0).startswith("OK")

    assert "WATCHDOG" not in host.events
    host.time += 2.1
    host.listen()
    assert host.events[-1] == "WATCHDOG"


def test_noise_on_the_line_feeds_no_watchdog() -> None:
    host = fresh()
    host.time += 2.1
    host.fixture.receive(b">00 PING*0000\n", host.time)
    host.listen()

    assert host.events[-1] == "WATCHDOG"


def test_the_watchdog_lives_in_the_time_of_the_wire() -> None:
    bench = Bench(1, 1)
    fixture = Fixture(bench, lambda: 0.5)
    fixture.receive(encode(">", 0, "HELLO 1 00000001"), 1.0)
    fixture.poll(1000.0)
    fixture.receive(encode(">", 1, "PING"), 1000.0)

    assert b"wdt=ok" in fixture.poll(1000.0)


def test_the_watchdog_does_not_bite_before_the_first_hello() -> None:
    host = Host(Bench(1, 1))
    host.time = 100.0
    host.listen()

    assert host.events == []


def test_the_safe_state_is_safe() -> None:
    host = fresh()
    run(host)
    host.ask("CHARGER 3 on")
    host.ask("UART 3 SEND 5645523F0A")
    host.wait(0.1)

    assert host.ask("SAFE 3").startswith("OK t=")

    state = fields(host.ask("SLOT? 3"))
    del state["t"]
    assert state == {
        "present": "1", "contact": "1", "load": "open", "charger": "0", "buses": "-", "uart": "idle", "opens": "0",
    }  # fmt: skip
    assert host.bench.buses["D1"].follows is None


def test_a_slot_reads_back_what_it_was_told() -> None:
    host = fresh()
    run(host)
    host.ask("ROUTE S1 3 sense")
    host.ask("CHARGER 3 on")
    state = fields(host.ask("SLOT? 3"))

    assert (state["load"], state["buses"], state["charger"]) == ("2000", "D1,S1", "1")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("DANCE", 11),
        ("LOAD 3", 13),
        ("LOAD x 500", 13),
        ("LOAD 3 501", 14),
        ("LOAD 0 500", 14),
        ("LOAD 9 500", 14),
        ("LOAD 4 500", 23),
        ("ROUTE D2 3 sense", 14),
        ("ROUTE S1 3 battery", 14),
        ("ROUTE D1 3 nowhere", 14),
        ("ROUTE D1 4 sense", 23),
        ("ROUTE D1 3", 13),
        ("SYNC D9 off", 14),
        ("KEY 3 start 4", 13),
        ("KEY 3 start", 13),
        ("KEY 4 start 1", 23),
        ("CHARGER 3 maybe", 13),
        ("CHARGER 4 on", 23),
        ("ARM 3 0", 13),
        ("ARM 3 x", 13),
        ("UART 3 SEND 0", 13),
        ("UART 3 SEND GG", 13),
        ("UART 3 SEND " + "00" * 61, 13),
        ("UART 3 SING", 13),
        ("UART 4 SEND 00", 23),
        ("SAFE 77", 14),
        ("PULSES? 12345678901234", 13),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(body: str, code: int) -> None:
    assert fresh().ask(body).startswith(f"ERR {code} ")


def test_a_bus_that_is_elsewhere_must_be_turned_off_first() -> None:
    host = fresh()
    host.bench.place(4, Unit("U2", PERFECT, host.bench.climate, stream("noise"), 0.0), host.time)
    host.ask("ROUTE D1 3 sense")

    assert host.ask("ROUTE D1 4 sense").startswith("ERR 24 ")
    assert host.ask("ROUTE D1 3 battery") == "OK bus=D1 slot=3 path=battery"
    assert host.ask("ROUTE D1 off") == "OK bus=D1 slot=- path=-"
    assert host.ask("ROUTE D1 4 sense") == "OK bus=D1 slot=4 path=sense"


def test_two_meters_are_never_on_one_slot_and_on_two_they_are_at_once() -> None:
    host = Host(Bench(1, 3, ("D1", "D2", "S1")))
    for slot in (1, 2):
        host.bench.place(slot, Unit(f"U{slot}", PERFECT, host.bench.climate, stream("noise", slot), 0.0), host.time)
    host.ask("HELLO 1 00000001")
    host.ask("ROUTE D1 1 sense")

    assert host.ask("ROUTE D2 1 battery").startswith("ERR 24 ")
    assert host.ask("ROUTE S1 1 sense") == "OK bus=S1 slot=1 path=sense"
    assert host.ask("ROUTE D2 2 battery") == "OK bus=D2 slot=2 path=battery"


def test_sync_says_whom_it_follows_and_goes_with_the_route() -> None:
    host = fresh()
    host.ask("ROUTE D1 3 sense")

    assert host.ask("SYNC D1 3") == "OK bus=D1 sync=3"
    host.ask("ROUTE D1 off")
    assert host.bench.buses["D1"].follows is None
    assert host.ask("SYNC D1 off") == "OK bus=D1 sync=-"


def test_a_bus_is_turned_to_zero_without_a_unit_and_the_meter_on_it_sees_the_short() -> None:
    host = fresh()
    bus = host.bench.buses["D1"]

    assert host.ask("ROUTE D1 4 zero") == "OK bus=D1 slot=4 path=zero"
    shorted_at = host.time
    host.ask("ROUTE D1 off")

    assert 1.0 > bus.ohms(shorted_at + 1e-3, shorted_at + 2e-3)
    assert math.inf == bus.ohms(shorted_at + 1e-3, host.time + 1e-3)  # it opens meanwhile


def test_sync_is_raised_for_a_moment_whatever_it_follows_and_on_that_bus_alone() -> None:
    host = Host(Bench(1, 3, ("D1", "D2")))
    host.ask("HELLO 1 00000001")
    before = host.time

    assert host.ask("SYNC D2 pulse").startswith("OK bus=D2 t=")

    assert [host.time] == host.bench.buses["D2"].triggers(before, host.time)
    assert [] == host.bench.buses["D1"].triggers(before, host.time)
    assert host.bench.buses["D2"].follows is None


@pytest.mark.parametrize(("cause", "code", "latch"), [("lid", 22, "lid"), ("estop", 21, "estop")])
@pytest.mark.hazard("SP-03")
def test_an_interlock_makes_safe_and_holds_until_it_is_cleared(cause: str, code: int, latch: str) -> None:
    host = fresh()
    run(host)
    move = host.fixture.lid if cause == "lid" else host.fixture.stop_button
    move(True, host.time)
    unit = host.bench.slots[2].unit

    assert unit is not None
    assert not unit.engine.on
    assert host.ask("LOAD 3 500").startswith(f"ERR {code} ")
    assert host.ask("CLEAR").startswith(f"ERR {code} ")
    move(False, host.time)
    assert host.ask("KEY 3 start 3").startswith(f"ERR {code} ")
    assert host.ask("KEY 3 stop").startswith("OK")
    assert host.value("PING", "latch") == latch
    assert host.ask("CLEAR") == "OK"
    assert host.ask("LOAD 3 500").startswith("OK")


def test_both_causes_are_told_and_cleared_one_by_one() -> None:
    host = fresh()
    host.fixture.lid(True, host.time)
    host.fixture.stop_button(True, host.time)
    both = host.value("PING", "latch")
    host.fixture.stop_button(False, host.time)

    assert both == "both"
    assert host.ask("CLEAR").startswith("ERR 22 ")
    assert host.value("PING", "latch") == "lid"


def test_events_tell_what_moved() -> None:
    host = fresh()
    host.fixture.lid(True, host.time)
    host.fixture.lid(True, host.time)
    host.fixture.lid(False, host.time)
    host.fixture.stop_button(True, host.time)
    host.fixture.stop_button(False, host.time)
    host.bench.remove(3, host.time)
    host.listen()

    assert host.events == [
        "PRESENT 3 1", "CONTACT 3 1", "LID open", "LID closed", "ESTOP pressed", "ESTOP released",
        "PRESENT 3 0", "CONTACT 3 0",
    ]  # fmt: skip


def test_the_pulse_log_times_the_shut_off() -> None:
    host = fresh()
    states = [host.value("PULSES? 3", "state")]
    host.ask("LOAD 3 2000")
    host.ask("ARM 3 500000")
    states.append(host.value("PULSES? 3", "state"))
    started = int(host.value("KEY 3 start 3", "t"))
    host.wait(600.0)
    states.append(host.value("PULSES? 3", "state"))
    host.wait(600.0)
    log = fields(host.ask("PULSES? 3"))

    assert [*states, log["state"]] == ["idle", "armed", "running", "off"]
    assert int(log["first"]) - started == pytest.approx(350_000, abs=10)
    assert int(log["last"]) - int(log["first"]) == pytest.approx(1_169_900_000, rel=30e-6)
    assert (log["count"], log["after"], log["opens"]) == ("11700", "0", "0")
    assert [event.split(" ")[0] for event in host.events[-2:]] == ["FIRST", "OFF"]
    assert host.events[-1] == f"OFF 3 t={log['last']}"


def test_pulses_that_come_back_are_counted_apart() -> None:
    host = fresh()
    run(host)
    host.wait(5.0)
    host.ask("LOAD 3 200000")
    host.wait(2.0)
    before = fields(host.ask("PULSES? 3"))
    host.ask("LOAD 3 2000")
    host.wait(2.0)
    after = fields(host.ask("PULSES? 3"))

    assert before["state"] == after["state"] == "off"
    assert before["after"] == "0"
    assert int(after["after"]) > 10
    assert {key: before[key] for key in ("first", "last", "count")} == {key: after[key] for key in ("first", "last", "count")}


@pytest.mark.parametrize("ending", ["KEY 3 stop", "SAFE 3"])
def test_stop_and_safe_freeze_the_log(ending: str) -> None:
    host = fresh()
    run(host)
    host.wait(3.0)
    host.ask(ending)
    host.wait(3.0)
    log = fields(host.ask("PULSES? 3"))

    assert log["state"] == "running"
    assert int(log["count"]) in (27, 28)


def test_the_stop_of_an_idle_log_freezes_nothing() -> None:
    host = fresh()
    host.ask("KEY 3 stop")

    assert host.value("PULSES? 3", "state") == "idle"


@pytest.mark.hazard("SN-12")
@pytest.mark.parametrize("ending", ["KEY 3 stop", "SAFE 3"])
def test_a_unit_that_is_taken_out_behind_a_stop_is_counted_and_told_with_the_next_arm(ending: str) -> None:
    host = fresh()
    run(host)
    host.wait(3.0)
    host.ask(ending)
    host.wait(1.0)
    host.bench.remove(3, host.time)

    assert "1" == host.value("PULSES? 3", "opens") == host.value("ARM 3 600000", "opens")
    assert "0" == host.value("PULSES? 3", "opens")


def test_contact_losses_at_the_needles_are_counted_and_told() -> None:
    host = fresh("contact_slot")
    run(host)
    for _ in range(12_000):
        host.ask("PING", 0.01)
    log = fields(host.ask("PULSES? 3"))

    assert log["opens"] == host.value("SLOT? 3", "opens") == "2"
    assert host.events.count("CONTACT 3 0") == 2


def test_the_uart_goes_through() -> None:
    host = fresh()
    host.ask("UART 3 SEND 5645523F0D0A")
    host.wait(0.05)

    assert host.value("SLOT? 3", "uart") == "data"
    assert bytes.fromhex(host.value("UART 3 READ", "data")) == b"VER 1.4.2\n"
    assert host.ask("UART 3 READ") == "OK data=-"


def test_the_uart_gives_at_most_60_bytes_a_time_and_tells_an_overrun() -> None:
    host = fresh()
    for _ in range(8):
        host.ask("UART 3 SEND 5645523F0A")
    host.wait(0.1)
    pages = [host.value("UART 3 READ", "data") for _ in range(2)]
    for _ in range(40):
        host.ask("UART 3 SEND 5645523F0A")
    host.wait(0.2)

    assert [len(page) // 2 for page in pages] == [60, 20]
    assert host.ask("UART 3 READ").startswith("ERR 31 ")
    assert host.ask("UART 3 READ") == "OK data=-"


def test_the_loop_back_passes_without_a_unit_too() -> None:
    host = fresh()

    assert host.ask("LOOP 3") == host.ask("LOOP 4") == "OK loop=pass"


def test_the_clock_is_wrong_by_a_few_parts_in_a_million() -> None:
    host = fresh()
    begin, at = int(host.value("PING", "t")), host.time
    host.wait(1000.0)
    error = (int(host.value("PING", "t")) - begin) / (host.time - at) / 1e6 - 1

    assert 0 < abs(error) < 25e-6


def test_a_reboot_ends_the_session_and_tells() -> None:
    host = fresh()
    run(host)
    host.fixture.reboot("brownout", host.time)
    host.listen()

    assert host.events[-1] == "BOOT boots=2 reset=brownout"
    assert host.ask("PING").startswith("ERR 40 ")
    reply = fields(host.ask("HELLO 1 00000003"))
    assert (reply["boots"], reply["reset"]) == ("2", "brownout")
    assert host.value("SLOT? 3", "load") == "open"


def test_a_client_that_comes_and_goes_leaves_the_session_to_the_watchdog() -> None:
    host = fresh()
    run(host)
    host.fixture.closed(host.time)
    host.fixture.opened(host.time + 0.5)
    unit = host.bench.slots[2].unit

    assert unit is not None
    assert unit.engine.on
    assert host.fixture.wake() is None
    assert host.ask("PING", 0.6).startswith("OK")


# A key that is pressed later


def awaiting(host: Host, microseconds: int = 2_000_000) -> float:
    """Ask for the haptic key on a battery that D1 looks at; return when it is going to be pressed, in s of the simulator."""
    host.ask("ROUTE D1 3 battery")
    host.ask("SYNC D1 3")
    asked = host.ask(f"KEY 3 haptic {microseconds}")
    assert asked.startswith("OK t=")
    return host.time + microseconds * 1e-6


def test_a_key_that_is_pressed_later_gives_an_edge_on_sync_at_that_moment_and_the_motor_runs_from_then_on() -> None:
    host = fresh()
    moment = awaiting(host)
    host.wait(4.0)

    bus = host.bench.buses["D1"]
    assert [moment] == pytest.approx(bus.triggers(moment - 1.9, host.time), abs=1e-4)
    before, during, after = (bus.mean(moment + at, moment + at + 0.02) for at in (-0.1, 0.1, 0.3))
    assert 0.12 * PERFECT.resistance == pytest.approx(before - during, rel=1e-3)
    assert before == pytest.approx(after, abs=1e-4)


@pytest.mark.parametrize("ending", ["SAFE 3", "SAFE all"])
def test_a_safe_slot_presses_no_key_any_more(ending: str) -> None:
    host = fresh()
    moment = awaiting(host)
    host.ask(ending)
    host.ask("ROUTE D1 3 battery")
    host.ask("SYNC D1 3")
    host.wait(4.0)

    assert [] == host.bench.buses["D1"].triggers(moment - 1.9, host.time)


@pytest.mark.parametrize(
    "body", ["KEY 3 haptic 0", "KEY 3 haptic 60000001", "KEY 3 haptic -1", "KEY 3 haptic soon", "KEY 3 haptic 1 2"]
)
def test_a_press_that_is_not_ahead_is_refused(body: str) -> None:
    assert fresh().ask(body).startswith("ERR 13 ")


def test_a_press_for_later_energises_and_wants_a_unit() -> None:
    host = Host(Bench(1, 8))
    host.ask("HELLO 1 9F3A11C0")

    assert host.ask("KEY 3 haptic 1000").startswith("ERR 23 ")
