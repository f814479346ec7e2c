"""The shape of the pulses: soft start, edges, widths, gap, period and ripple, by oscilloscope, meter and fixture's timer.

PRODUCT.md, "Model of a unit", the rows *osc*, *phase* and *edges*, and "Good-unit spread".
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.closed_forms import paper
from tests.closed_forms.bench import Bench

pytestmark = pytest.mark.process

SPEED = 50.0
TIME_BASE = 50e-6
"""Of the oscilloscope, part of a time (docs/explanation/uncertainty.md)."""


@pytest.mark.parametrize("level", [1, 3])
def test_the_first_pulses_grow_by_15_percent_from_25(bench: Bench, level: int) -> None:
    # A_n = min(1, 0.25 + 0.15 n), n = 0 first: 25, 40, 55, 70, 85, 100, 100 % ("edges"). The meter takes the plateau of each, the
    # direct current (some 0.05 uA) and the step of 10 uV at 0.02 NPLC are 0.2 % of 100 uA.
    bench.operator.place(1, f"SOFT-{level}")
    bench.fixture.do("LOAD 1 2000")
    bench.look(1)
    bench.arm(1, nplc=0.02, delay=1e-3, count=9)

    bench.fixture.do(f"KEY 1 start {level}")
    volts = bench.meter.numbers("FETC?")
    bench.stop(1)

    assert volts[:7] / volts[7:].mean() == pytest.approx(np.array(paper.SOFT_START), abs=0.6e-3 * 4 / level)


def test_soft_start_begins_anew_when_contact_is_made_again(bench: Bench) -> None:
    # "Re-armed at each re-contact" ("edges"): lift-off is a switch to 200 kohm, more than R_off = 1.6·60 kohm, that lasts.
    bench.operator.place(2, "LIFTED")
    bench.start(2, 2000)
    bench.fixture.do("LOAD 2 200000")
    bench.wait(2)
    bench.look(2)
    bench.arm(1, nplc=0.02, delay=1e-3, count=9)

    bench.fixture.do("LOAD 2 2000")
    volts = bench.meter.numbers("FETC?")
    bench.stop(2)

    assert volts[:7] / volts[7:].mean() == pytest.approx(np.array(paper.SOFT_START), abs=0.6e-3)


@pytest.mark.parametrize("serial", ["SHAPE-1", "SHAPE-2", "SHAPE-3"])
def test_phases_and_gap_last_what_the_oscillator_makes_of_5_and_half_a_millisecond(bench: Bench, serial: str) -> None:
    # PW = PW0/(1 + d) and f = f0(1 + d), so PW·f = 0.05 whatever d is ("osc"). At half height an edge is tau·ln 2 late, rising or
    # falling: widths keep their length. One sample (0.2 us) at each end, and 50 ppm of the time base.
    truth = bench.operator.place(3, serial)
    width = 0.05 / truth["WAV.010"]
    bench.start(3, 2000)

    bench.watch(3, 0.2, 2e-3, before=4e-3)
    seconds, volts = bench.record(100_000)
    bench.stop(3)

    up = np.flatnonzero(volts > 0.19)  # nearly half of 400 mV: the same fraction at both ends of a phase
    down = np.flatnonzero(volts < -0.19)
    step = 2 * (seconds[1] - seconds[0])
    assert seconds[up[-1]] - seconds[up[0]] == pytest.approx(width, abs=step + 0.3e-6)
    assert seconds[down[-1]] - seconds[down[0]] == pytest.approx(width, abs=step + 0.3e-6)
    # The gap is said to be 0.50 ms, not how it follows the oscillator: within its 1 %. The edges into and out of it are 0.5 tau
    # apart.
    assert seconds[down[0]] - seconds[up[-1]] == pytest.approx(0.5e-3, abs=5e-6)


def test_the_timer_sees_the_pulses_one_period_apart(bench: Bench) -> None:
    # f·(last - first) is the number of periods between: 2 us of stamps, and what the crystals disagree about.
    frequency = bench.operator.place(4, "PERIOD")["WAV.010"]
    bench.start(4, 2000)
    bench.wait(20)
    log = bench.fixture.do("PULSES? 4")
    bench.stop(4)

    seconds = (int(log["last"]) - int(log["first"])) / 1e6
    assert frequency * seconds == pytest.approx(int(log["count"]) - 1, rel=paper.CRYSTALS)


@pytest.mark.parametrize(("load", "tau"), [(10_000, 20e-6), (30_000, 60e-6)])
def test_an_edge_is_one_pole_of_load_and_output_capacitance(bench: Bench, load: int, tau: float) -> None:
    # tau = R_load·C_out, 2 nF ("edges"). What is missing of the height falls as e^(-t/tau): a straight line of slope -1/tau on
    # paper. The ripple, 0.7 uA of 400 at a period of 7 us, bends one line by up to 3 %; in the mean of eight its phase is by
    # chance, and a third is left.
    bench.operator.place(5, f"EDGE-{load}")
    bench.start(5, load)
    slopes = []

    for _ in range(8):
        bench.watch(5, 0.2, 2 * tau, before=2 * tau, kind="HRES")
        slopes.append(_slope(*bench.record(100_000), tau))
    bench.stop(5)

    assert -1 / np.mean(slopes) == pytest.approx(tau, rel=0.01)


def _slope(seconds: NDArray[np.float64], volts: NDArray[np.float64], tau: float) -> float:
    """Return the slope of the logarithm of what is missing of the height, in 1/s, 0.2 to 1.5 `tau` behind the trigger."""
    height = volts[seconds > 12 * tau].mean()
    quiet = volts[seconds < -0.2 * tau].mean()
    rising = (seconds > 0.2 * tau) & (seconds < 1.5 * tau)
    missing = (height - volts[rising]) / (height - quiet)
    return float(np.polyfit(seconds[rising], np.log(missing), 1)[0])


def test_between_the_pulses_the_converter_ripples_with_half_a_microampere_at_150_kilohertz(bench: Bench) -> None:
    # 0.5 uA rms ("Good-unit spread") over 1 kohm; 3 % is the oscilloscope's gain, the rest its noise within that line.
    bench.operator.place(6, "RIPPLE")
    bench.start(6, 2000)

    bench.watch(6, 0.005, 5e-3, before=-15e-3)
    seconds, volts = bench.record(100_000)
    bench.stop(6)

    frequencies, squares = _spectrum(volts, seconds[1] - seconds[0])
    line = np.abs(frequencies - 150e3) < 100
    assert float(np.sqrt(squares[line].sum())) / 1000 == pytest.approx(0.5e-6, rel=0.06)


def _spectrum(volts: NDArray[np.float64], dt: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return frequencies in hertz and the mean square at each (n/2,), which add up to that of `volts` without its mean."""
    parts = np.abs(np.fft.rfft(volts - volts.mean())) ** 2
    return np.asarray(np.fft.rfftfreq(volts.size, dt), np.float64), 2 * parts / volts.size**2
