"""The whole bench against the simulator's process: the real links, the real drivers, the faults of real wires."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pyvisa

from station.clocks.steady import SteadyClock
from station.core.config import StationConfig
from station.core.errors import (
    IdentityError,
    InstrumentError,
    InterlockError,
    LinkError,
    LoanError,
    LockedError,
    NoTriggerError,
    SequenceError,
    Stopped,
)
from station.hardware.bench import StationBench
from station.hardware.lending import LoanEntry
from station.hardware.opening import open_bench, refuse_hurry
from station.hardware.plugs import of_this_host
from station.hardware.replies import FixtureEvent
from tests.hardware.conftest import Spawn
from tests.hardware.simulated import Simulated, simulated

pytestmark = pytest.mark.process


@dataclass
class Open:
    """An open bench on a running simulator."""

    bench: StationBench
    simulator: Simulated
    clock: SteadyClock
    news: list[FixtureEvent]
    log: list[LoanEntry]
    told: list[bytes] = field(default_factory=list)

    def place(self, slot: int = 1, serial: str = "SN1") -> None:
        assert self.simulator.operate(f"PLACE {slot} {serial} good").startswith("OK")

    def polled(self, event: str) -> bool:
        stop = self.clock.stop()
        for _ in range(200):
            if any(one.name == event for one in self.news):
                return True
            self.clock.transport.wait(0.01, stop)
        return False


@contextmanager
def opening(
    simulator: Simulated, spawn: Spawn, rm: pyvisa.ResourceManager, config: StationConfig | None = None
) -> Iterator[Open]:
    clock, news, log, told = SteadyClock(simulator.speed), list[FixtureEvent](), list[LoanEntry](), list[bytes]()
    with open_bench(
        config or simulator.config(), simulator.file(), clock, of_this_host(rm, clock.transport), spawn=spawn,
        nonces=lambda: os.urandom(4), news=news.append, log=log.append,
        transcript=lambda role: lambda direction, data, _: told.append(role.encode() + direction.encode() + data),
    ) as bench:  # fmt: skip
        yield Open(bench, simulator, clock, news, log, told)


@pytest.fixture
def opened(simulator: Simulated, spawn: Spawn, rm: pyvisa.ResourceManager) -> Iterator[Open]:
    with opening(simulator, spawn, rm) as made:
        yield made


def started(opened: Open, slot: int = 1, level: int = 3) -> None:
    opened.place(slot, f"SN{slot}")
    nest = opened.bench.nest(slot)
    nest.connect(load=2000)
    nest.arm(gap=0.6)
    nest.press("start", level=level)
    opened.clock.wait(2.0, opened.clock.stop())


def test_the_plateau_of_a_good_unit_is_what_its_label_says(opened: Open) -> None:
    started(opened)

    with opened.bench.dmm(1, opened.clock.stop()) as dmm:
        reading = dmm.triggered_voltage(range=0.5, delay=4e-4, aperture=4.1e-3, count=10, patience=3.0)

    assert reading.value == pytest.approx(0.4, rel=0.08)
    assert reading.u.u < 1e-3


def test_the_rms_of_a_good_unit_is_what_its_label_says(opened: Open) -> None:
    started(opened)

    with opened.bench.dmm(1, opened.clock.stop()) as dmm:
        reading = dmm.ac_voltage(range=0.14, lowest=10.0)

    assert reading.value == pytest.approx(0.1265, rel=0.1)


def test_a_record_shows_twenty_pulses_and_is_not_clipped(opened: Open) -> None:
    started(opened)

    with opened.bench.scope(1, opened.clock.stop()) as scope:
        wave = scope.capture(span=2.0, peak=0.6, before=0.02, patience=3.0)

    rising = ((wave.volts[1:] > 0.2) & (wave.volts[:-1] <= 0.2)).sum()
    assert (rising, wave.clipped, wave.volts.size) == (20, False, 100_000)
    assert wave.start == pytest.approx(-0.02)


def test_a_record_on_too_fine_a_scale_is_clipped(opened: Open) -> None:
    started(opened)

    with opened.bench.scope(1, opened.clock.stop()) as scope:
        assert scope.capture(span=0.2, peak=0.05, points=10_000, patience=3.0).clipped


def test_the_quiet_part_is_seen_at_high_gain(opened: Open) -> None:
    started(opened)

    with opened.bench.scope(1, opened.clock.stop()) as scope:
        wave = scope.capture(span=0.06, before=-0.02, peak=0.018, points=60_000, patience=3.0)

    assert wave.start == pytest.approx(0.02, abs=1e-5)
    assert not wave.clipped
    assert abs(wave.volts).max() < 0.02


def test_both_are_lent_at_once_and_see_the_same_pulse(opened: Open) -> None:
    started(opened)

    with opened.bench.both(1, opened.clock.stop()) as (dmm, scope):
        volts = dmm.triggered_voltage(range=0.5, delay=4e-4, aperture=4.1e-3, count=5, patience=3.0)
        wave = scope.look(span=0.2, peak=0.6, points=20_000)

    assert wave.volts.max() == pytest.approx(volts.value, rel=0.06)


def test_a_silent_slot_gives_no_trigger_on_either_instrument(opened: Open) -> None:
    opened.place()
    opened.bench.nest(1).connect(load=2000)

    with opened.bench.both(1, opened.clock.stop()) as (dmm, scope):
        with pytest.raises(NoTriggerError):
            dmm.triggered_voltage(range=0.5, delay=4e-4, aperture=4.1e-3, count=5, patience=1.0)
        with pytest.raises(NoTriggerError):
            scope.capture(span=0.2, peak=0.6, patience=1.0)
        assert abs(dmm.dc_voltage(range=0.1).value) < 1e-3


def test_a_unit_answers_on_its_service_port(opened: Open) -> None:
    opened.place(2, "SN77")
    nest = opened.bench.nest(2)

    assert nest.loopback()
    assert nest.tell("SN?") == "SN SN77"
    assert nest.contact().closed


def test_an_empty_slot_is_an_interlock(opened: Open) -> None:
    with pytest.raises(InterlockError, match="no unit"):
        opened.bench.nest(1).press("start", level=1)


def test_a_nested_loan_is_the_steps_fault(opened: Open) -> None:
    opened.place()
    stop = opened.clock.stop()

    with opened.bench.dmm(1, stop), pytest.raises(SequenceError, match="inside a loan"), opened.bench.scope(1, stop):
        pass


@pytest.mark.hazard("TR-18")
def test_an_instrument_cannot_be_used_after_its_loan(opened: Open) -> None:
    opened.place()
    with opened.bench.dmm(1, opened.clock.stop(), "battery") as dmm:
        assert dmm.dc_voltage(range=5.0).value == pytest.approx(3.8, abs=0.3)

    with pytest.raises(LoanError):
        dmm.dc_voltage(range=5.0)
    assert [(entry.slot, entry.instruments) for entry in opened.log] == [(1, ("dmm",))]
    assert opened.told[-1].startswith(b"fixture<") or b"ROUTE D1 off" in b"".join(opened.told)


def test_the_route_is_opened_when_a_step_raises(opened: Open) -> None:
    opened.place()
    opened.place(2, "SN2")
    stop = opened.clock.stop()

    with pytest.raises(ZeroDivisionError), opened.bench.dmm(1, stop, "battery"):
        _ = 1 / 0

    with opened.bench.dmm(2, stop, "battery") as dmm:
        assert dmm.dc_voltage(range=5.0).value > 3.0


def test_a_stop_is_heard_inside_a_long_reading(opened: Open, spawn: Spawn) -> None:
    opened.place()
    stop = opened.clock.stop()

    with opened.bench.dmm(1, stop, "battery") as dmm:
        spawn("stopper", lambda _: stop.set("enough"))
        with pytest.raises(Stopped):
            dmm.dc_voltage(range=5.0, aperture=2.0, count=1000)

    assert opened.log[-1].gave_back - opened.log[-1].asked < 20.0


@pytest.mark.hazard("SP-03")
def test_the_lid_ends_every_run_and_a_new_session_begins_after_it_was_closed(opened: Open) -> None:
    started(opened)
    nest = opened.bench.nest(1)
    opened.simulator.operate("LID open")
    assert opened.polled("LID")

    with pytest.raises(InterlockError, match="lid"):
        nest.pulses()
    with pytest.raises(InterlockError, match="lid"), opened.bench.dmm(1, opened.clock.stop()):
        pytest.fail("it was lent")
    with pytest.raises(InterlockError, match="lid"):
        opened.bench.restore()
    opened.simulator.operate("LID closed")
    opened.bench.restore()

    assert opened.bench.halted is None
    with pytest.raises(InterlockError, match="lid"):
        nest.pulses()
    assert opened.bench.nest(1).contact().present


@pytest.mark.hazard("SP-03")
def test_a_reading_during_which_the_lid_opened_is_void(opened: Open) -> None:
    started(opened)

    with opened.bench.dmm(1, opened.clock.stop()) as dmm:
        opened.simulator.operate("LID open")
        with pytest.raises(InterlockError, match="lid"):
            dmm.dc_voltage(range=0.5)


def test_a_lid_that_is_open_at_the_start_is_a_fault_and_not_a_failure_to_open(
    simulator: Simulated, spawn: Spawn, rm: pyvisa.ResourceManager
) -> None:
    simulator.operate("LID open")

    with opening(simulator, spawn, rm) as opened:
        assert "lid" in str(opened.bench.halted)
        simulator.operate("LID closed")
        opened.bench.restore()
        assert opened.bench.halted is None


def test_the_timer_keeps_step_with_the_host(opened: Open) -> None:
    opened.bench.mark_timer(3)
    opened.clock.wait(20.0, opened.clock.stop())

    found = opened.bench.timer_drift(3)

    assert found.over >= 20.0
    assert abs(found.fraction) <= found.bound + 1e-4
    assert found.bound < 0.02


def test_the_equipment_of_a_slot_is_on_record(opened: Open) -> None:
    equipment = opened.bench.equipment(3)

    assert [one.model for one in equipment[:3]] == ["34461A", "DSOX1204G", "EOL8"]
    assert [one.certificate for one in equipment[3:]] == [
        f"SIM-SR-{number}" for number in (3000500, 3002000, 3010000, 3030000, 3200000, 3000001, 3001000)
    ]
    assert all(one.simulated and one.due == "2099-12-31" for one in equipment)


@pytest.mark.parametrize("role", ["dmm", "scope"])
@pytest.mark.hazard("EQ-05")
def test_another_instrument_than_the_stations_is_refused(
    simulator: Simulated, spawn: Spawn, rm: pyvisa.ResourceManager, role: str
) -> None:
    config = simulator.config()
    dmms, scopes = (
        tuple(replace(one, serial="MY12345678") if one.role == role else one for one in pool)
        for pool in (config.dmms, config.scopes)
    )

    with pytest.raises(IdentityError, match=r"SIM.*expected.*MY12345678.*station\.toml"), opening(
        simulator, spawn, rm, replace(config, dmms=dmms, scopes=scopes)
    ):  # fmt: skip
        pytest.fail("it was opened")


def test_a_model_without_a_driver_is_refused(simulator: Simulated, spawn: Spawn, rm: pyvisa.ResourceManager) -> None:
    config = simulator.config()

    with pytest.raises(IdentityError, match="no driver"), opening(
        simulator, spawn, rm, replace(config, dmms=(replace(config.dmms[0], model="3458A"),))
    ):  # fmt: skip
        pytest.fail("it was opened")


@pytest.mark.hazard("TR-18")
def test_two_benches_cannot_have_the_same_instruments(opened: Open, spawn: Spawn, rm: pyvisa.ResourceManager) -> None:
    with pytest.raises(LinkError, match="another station program"), opening(opened.simulator, spawn, rm):
        pytest.fail("it was opened")


@pytest.mark.hazard("SP-02")
def test_everything_is_safe_after_a_step_that_raised(simulator: Simulated, spawn: Spawn, rm: pyvisa.ResourceManager) -> None:
    benches: list[Open] = []

    def fail() -> None:
        with opening(simulator, spawn, rm) as opened:
            benches.append(opened)
            started(opened)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    told = b"".join(benches[0].told)
    after = told[told.rindex(b"KEY 1 start") :]
    assert after.index(b"SAFE all") < after.index(b"ROUTE D1 off") < after.index(b"ROUTE S1 off")


QUICK = [(kind, at) for kind in ("truncate", "duplicate", "extra_line", "close", "reset", "reboot") for at in (8, 10, 12)]
SLOW = [("silence", 8), ("half_then_stall", 8)]


@pytest.mark.parametrize(("kind", "exchange"), QUICK + SLOW)
@pytest.mark.hazard("TR-04", "TR-14")
def test_after_a_fault_on_the_meters_wire_there_is_no_wrong_value_and_the_next_loan_works(
    spawn: Spawn, rm: pyvisa.ResourceManager, tmp_path: Path, kind: str, exchange: int
) -> None:
    script = tmp_path / "faults.toml"
    script.write_text(f'[[fault]]\nlink = "dmm"\nexchange = {exchange}\nkind = "{kind}"\nseconds = 4.0\n')
    values: list[float] = []

    def three_readings(opened: Open) -> None:
        with opened.bench.dmm(1, opened.clock.stop(), "battery") as dmm:
            for _ in range(3):
                values.append(dmm.dc_voltage(range=5.0).value)

    with simulated("--faults", str(script)) as simulator, opening(simulator, spawn, rm) as opened:
        opened.place()
        with pytest.raises(InstrumentError):
            three_readings(opened)
        three_readings(opened)

    assert 3 <= len(values) <= 5
    assert values == pytest.approx([values[-1]] * len(values), abs=0.01)


@pytest.mark.parametrize(("kind", "exchange"), [("truncate", 13), ("duplicate", 13), ("close", 13), ("half_then_stall", 13)])
@pytest.mark.hazard("TR-04", "TR-14")
def test_after_a_fault_on_the_scopes_wire_there_is_no_record_and_the_next_loan_works(
    spawn: Spawn, rm: pyvisa.ResourceManager, tmp_path: Path, kind: str, exchange: int
) -> None:
    script = tmp_path / "faults.toml"
    script.write_text(f'[[fault]]\nlink = "scope"\nexchange = {exchange}\nkind = "{kind}"\nseconds = 4.0\n')
    points: list[int] = []

    def look(opened: Open) -> None:
        with opened.bench.scope(1, opened.clock.stop()) as scope:
            points.append(scope.look(span=0.1, peak=0.5, points=10_000).volts.size)

    with simulated("--faults", str(script)) as simulator, opening(simulator, spawn, rm) as opened:
        opened.place()
        with pytest.raises(InstrumentError):
            look(opened)
        assert points == []
        look(opened)

    assert points == [10_000]


def test_the_fixture_may_be_on_a_serial_port(spawn: Spawn, rm: pyvisa.ResourceManager) -> None:
    with simulated("--pty") as simulator, opening(simulator, spawn, rm) as opened:
        opened.place()

        assert simulator.addresses["fixture"].startswith("/dev/")
        assert opened.bench.nest(1).connect(load=500) > 0


@pytest.mark.hazard("EQ-05")
def test_a_swapped_meter_is_noticed_when_it_is_reached_again_and_voids_the_run(
    spawn: Spawn, rm: pyvisa.ResourceManager, tmp_path: Path
) -> None:
    script = tmp_path / "faults.toml"
    faults = [("close", 9), ("wrong_idn", 10)]
    script.write_text("".join(f'[[fault]]\nlink = "dmm"\nexchange = {at}\nkind = "{kind}"\n' for kind, at in faults))

    def read(opened: Open) -> None:
        with opened.bench.dmm(1, opened.clock.stop(), "battery") as dmm:
            dmm.dc_voltage(range=5.0)
            dmm.dc_voltage(range=5.0)

    with simulated("--faults", str(script)) as simulator, opening(simulator, spawn, rm) as opened:
        opened.place()
        opened.bench.nest(1)
        with pytest.raises(LinkError):
            read(opened)
        assert opened.bench.fault(1) is None
        with pytest.raises(IdentityError):
            read(opened)

        assert "expected is 34461A" in str(opened.bench.fault(1))
        assert opened.bench.fault(2) is None


@pytest.mark.hazard("EQ-09")
def test_a_hurried_clock_is_refused_with_a_real_instrument(
    simulator: Simulated, spawn: Spawn, rm: pyvisa.ResourceManager
) -> None:
    with opening(simulator, spawn, rm) as opened:
        real = [replace(one, simulated=False) for one in opened.bench.equipment(1)]

        with pytest.raises(LockedError, match="hurried clock"):
            refuse_hurry(real, opened.clock)
        refuse_hurry(real, SteadyClock())
