"""What the meter sees of the pulses: means over an aperture somewhere in them or over whole ones, and the RMS without the mean.

PRODUCT.md, "Model of a unit", the rows *phase* and *edges*, and "How to measure it"; INSTRUMENTS.md 1.1.
"""

import pytest

from tests.closed_forms import paper
from tests.closed_forms.bench import Bench

pytestmark = pytest.mark.process

SPEED = 100.0
TRIGGER = 2e-6
"""Seconds by which an aperture may begin late or early: not stated for the meter, but of this order."""


@pytest.fixture
def truth(bench: Bench) -> dict[str, float]:
    """Return the truth about the unit in slot 1, which runs at level 3 through 2 kohm."""
    told = bench.operator.place(1, "METERED")
    bench.start(1, 2000)
    return told


@pytest.mark.parametrize(
    ("delay", "nplc"),
    [
        (0.0, 0.2),  # 4 ms: inside the positive phase
        (2.0e-3, 0.2),  # 2 to 6 ms: 3 ms of it, the gap, 0.5 ms of the negative one: (3 - 0.5)/4 of the height
        (3.25e-3, 0.2),  # 3.25 to 7.25 ms: the gap in its middle, both phases cancel
        (5.1e-3, 0.02),  # 0.4 ms: inside the gap
        (8.0e-3, 0.2),  # 8 to 12 ms: the last 2.5 ms of the negative phase, and quiet: -2.5/4
        (4.0e-3, 1),  # 4 to 24 ms: 1 ms of the positive phase, all 5 ms of the negative one: -4/20
        (0.0, 1),  # 20 ms: the whole pulse, a·I·PW/20 ms
        (15e-3, 1),  # 15 to 35 ms: quiet, the direct current alone
        (2.0e-3, 10),  # 2 to 202 ms: 3 ms of the first pulse, its negative phase, one whole pulse, and 2 ms of the third
    ],
)
def test_an_aperture_weighs_each_phase_by_the_time_it_spends_in_it(
    bench: Bench, truth: dict[str, float], delay: float, nplc: float
) -> None:
    # The mean over the aperture is the integral of a sum of one-pole steps; paper.Train.charge has its derivation.
    train = paper.train_of(truth, 2000)
    expected = train.mean(delay, nplc / 50)

    bench.look(1)
    volts = bench.volts(1, nplc=nplc, delay=delay, count=6, source="EXT")

    # An aperture that begins or ends on a phase is a microsecond of the current more or less: I·trigger/aperture.
    timing = train.positive * TRIGGER / (nplc / 50)
    error = paper.current_error(expected, 1000, 1, paper.standard_error(volts) / 1000) + timing
    assert volts.mean() / 1000 * (1 + 1e-4) == pytest.approx(expected, abs=error)


def test_a_slow_edge_takes_tau_over_the_aperture_from_a_reading_that_begins_on_it(bench: Bench) -> None:
    # 30 kohm·2 nF: tau = 60 us. From the edge's begin the mean over 0.4 ms is I·(1 - (1 - e^-6.7)·60/400) = 0.850 I; from where
    # the current passes the comparator's 15 uA, -tau·ln(1 - 15/391) = 2.3 us later, I·(1 - (e^-0.04 - e^-6.7)·60/400) = 0.856
    # I. How fast comparator and meter's trigger are is not stated: it lies between.
    truth = bench.operator.place(2, "SLOW-EDGE")
    bench.start(2, 30_000)
    bench.look(2)
    volts = bench.volts(1, nplc=0.02, delay=0.0, count=20, source="EXT")
    bench.stop(2)

    train = paper.train_of(truth, 30_000)
    error = paper.current_error(train.positive, 1000, 1, paper.standard_error(volts) / 1000)
    assert train.mean(0.0, 0.4e-3) / train.positive == pytest.approx(0.850, abs=0.001)
    assert train.mean(0.0, 0.4e-3) - error <= volts.mean() / 1000 * (1 + 1e-4) <= train.mean(2.35e-6, 0.4e-3) + error


def test_the_mean_from_quiet_to_quiet_is_the_net_charge_of_the_pulses_between_and_the_direct_current(
    bench: Bench, truth: dict[str, float]
) -> None:
    # From 20 ms behind an edge for 200 ms: two whole pulses and nothing of a third, whatever the frequency (9.7 to 10.3 Hz):
    # 2·a·I·PW/0.2 s + I_dc.
    bench.look(1, "zero")
    zero = bench.volts(1, nplc=10, count=2).mean()
    bench.look(1)
    volts = bench.volts(1, nplc=10, delay=20e-3, count=10, source="EXT") - zero

    train = paper.train_of(truth, 2000)
    expected = 2 * (train.positive - train.negative) * train.width / 0.2 + train.direct
    # Zero and reading share the range's offset; 2 ppm of range is the step at 10 NPLC.
    assert volts.mean() / 1000 == pytest.approx(
        expected, abs=6 * paper.standard_error(volts) / 1000 + 2e-6 / 1000 + 3e-4 * abs(expected)
    )


def test_the_rms_is_that_of_two_phases_in_a_period_without_the_mean(bench: Bench, truth: dict[str, float]) -> None:
    # I·sqrt(2·PW·f)·sqrt(1 - tau/PW) = 400 uA·0.31623·0.9996 ("Reference product", "edges"); paper.Train.rms has the
    # derivation. Noise adds in squares: 0.6²/127² is 1e-5. The 34461A with its 3 Hz filter: 0.35 % of reading between 5 and 10
    # Hz and 0.03 % of range, 0.3 % of reading for a crest factor of 3 to 4 (docs/explanation/uncertainty.md); 1 Mohm beside 1
    # kohm takes 0.1 %.
    train = paper.train_of(truth, 2000)
    assert train.rms() == pytest.approx((train.positive + train.negative) / 2 * 0.1**0.5, rel=5e-4)

    bench.look(1)
    seen = bench.effective(1) / 1000 * (1 + 1e-3)

    assert seen == pytest.approx(train.rms(), abs=0.0065 * train.rms() + 3e-4 * 1 / 1000)
    assert truth["CUR.320"] * 1e-6 == pytest.approx(train.rms(), rel=5e-4)
