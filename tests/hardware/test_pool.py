"""A bench with two DMMs and two oscilloscopes against the simulator's process: real sockets, one bus each, the same unit."""

from collections.abc import Iterator

import pytest
import pyvisa

from tests.hardware.conftest import Spawn
from tests.hardware.simulated import simulated
from tests.hardware.test_bench import Open, opening, started

pytestmark = pytest.mark.process


@pytest.fixture
def opened(spawn: Spawn, rm: pyvisa.ResourceManager) -> Iterator[Open]:
    with simulated("--dmms", "2", "--scopes", "2") as simulator, opening(simulator, spawn, rm) as made:
        yield made


def test_two_slots_are_measured_at_once_each_with_instruments_and_buses_of_its_own(opened: Open) -> None:
    started(opened, 1)
    started(opened, 2)
    stop = opened.clock.stop()

    with opened.bench.both(1, stop) as (one, screen), opened.bench.both(2, stop) as (other, display):
        volts = [dmm.triggered_voltage(range=0.5, delay=4e-4, aperture=4.1e-3, count=5, patience=3.0) for dmm in (one, other)]
        waves = [scope.look(span=0.2, peak=0.6, points=20_000) for scope in (screen, display)]

    assert ["SIM34461A1", "SIM34461A2"] == [one.serial, other.serial]
    assert ["SIMDSOX1204G1", "SIMDSOX1204G2"] == [screen.serial, display.serial]
    for reading, wave in zip(volts, waves, strict=True):
        assert reading.value == pytest.approx(0.4, rel=0.08)
        assert wave.volts.max() == pytest.approx(reading.value, rel=0.1)


def test_the_zero_of_a_path_is_read_inside_the_loan_and_the_path_comes_back(opened: Open) -> None:
    opened.place(1, "SN1")
    opened.bench.nest(1)

    with opened.bench.dmm(1, opened.clock.stop(), "battery") as dmm:
        before = dmm.dc_voltage(range=5.0)
        zero = dmm.zero_voltage(range=0.1, count=2)
        after = dmm.dc_voltage(range=5.0)

    assert abs(zero.value) < 20e-6
    assert before.value == pytest.approx(after.value, rel=1e-4)


def test_the_equipment_on_record_is_all_that_may_measure(opened: Open) -> None:
    serials = [one.serial for one in opened.bench.equipment(1)]

    assert ["SIM34461A1", "SIM34461A2", "SIMDSOX1204G1", "SIMDSOX1204G2"] == serials[:4]


def test_each_instrument_has_a_transcript_of_its_own(opened: Open) -> None:
    assert {b"dmm", b"dmm2", b"scope", b"scope2"} <= {told.split(b">")[0].split(b"<")[0] for told in opened.told}
