"""The fit itself: exact where there is no noise, as certain as the Cramér-Rao bound allows, and honest where it cannot tell."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.signal_bounds import cramer_rao
from station.core.errors import UndecidedError
from station.signals.analysis import analyse
from station.signals.running import Running
from station.signals.template import Layout, Samples, fit
from tests.signals.waveforms import Shape, square

FLOOR = 0.03
BIPHASIC = Shape(width=13e-3, second=11e-3, gap=3e-3, dt=1e-4, points=10_000, tau=3.1e-4, start=0.0217)
STEPS = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0]])


def one_pulse(begin: float, end: float, tau: float, height: float) -> np.ndarray:
    """Return 400 samples, one a second, of one pulse through one pole."""
    times = np.arange(400.0)
    rise, fall = (1.0 - np.exp(-np.maximum(times - moment, 0.0) / tau) for moment in (begin, end))
    return np.asarray(height * (rise - fall))


@pytest.mark.parametrize("tau", [2.0, 7.3, 20.0])
def test_a_fit_without_noise_is_exact(tau: float) -> None:
    record = Running(one_pulse(100.4, 260.9, tau, 0.7) + 0.05, 1.0, 0.0)

    found = fit(Samples(record, 0, 400), Layout(np.eye(2), STEPS), np.array([99.0, 262.0]), 1.3 * tau, np.array([0.0, 0.6]))

    assert [100.4, 260.9] == pytest.approx(found.timing.tolist(), abs=1e-4)
    assert tau == pytest.approx(found.tau, rel=1e-5)
    assert [0.05, 0.7] == pytest.approx(found.level.tolist(), abs=1e-6)
    assert found.rms < 1e-6


def test_a_fit_knows_how_well_it_knows() -> None:
    errors = []
    for seed in range(100):
        noisy = one_pulse(100.4, 260.9, 5.0, 0.7) + np.random.default_rng(seed).normal(0.0, 0.02, 400)
        found = fit(
            Samples(Running(noisy, 1.0, 0.0), 0, 400),
            Layout(np.eye(2), STEPS),
            np.array([99.0, 262.0]),
            4.0,
            np.array([0.0, 0.6]),
        )
        estimates = np.concatenate((found.timing, [np.log(found.tau)], found.level))
        u = found.rms * np.sqrt(np.diag(found.covariance))
        errors.append((estimates - np.array([100.4, 260.9, np.log(5.0), 0.0, 0.7])) / u)

    assert (np.abs(np.std(errors, axis=0) - 1.0) < 0.25).all()
    assert (np.abs(np.mean(errors, axis=0)) < 0.3).all()


def test_unknowns_that_the_record_does_not_tell_apart_are_refused() -> None:
    twice = np.hstack((STEPS, STEPS[:, 1:]))
    record = Running(one_pulse(100.4, 260.9, 5.0, 0.7), 1.0, 0.0)

    with pytest.raises(UndecidedError, match=r"tell the template's unknowns apart|does not settle"):
        fit(Samples(record, 0, 400), Layout(np.eye(2), twice), np.array([99.0, 262.0]), 4.0, np.array([0.0, 0.3, 0.3]))


@pytest.mark.parametrize(
    "shape",
    [BIPHASIC, replace(BIPHASIC, family="monophasic"), square(10.0, dt=1e-4, points=10_000, tau=3.1e-4)],
    ids=["biphasic", "monophasic", "square"],
)
@pytest.mark.parametrize("noise", [1e-3, 1e-2])
def test_the_stated_uncertainty_is_the_cramer_rao_bound(shape: Shape, noise: float) -> None:
    noisy = replace(shape, noise=noise)
    bound = cramer_rao(noisy)

    found = analyse(noisy.wave(), FLOOR)

    assert bound["hertz"] == pytest.approx(found.frequency.u, rel=0.15)
    assert bound["width"] == pytest.approx(found.positive_width.u, rel=0.15)
    assert bound["tau"] == pytest.approx(found.tau.u, rel=0.15)


@pytest.mark.parametrize("gap", [0.0, 1e-4, 5e-4, 3e-3])
def test_a_gap_shorter_than_an_edge_is_still_told(gap: float) -> None:
    shape = replace(BIPHASIC, gap=gap, noise=1e-3)

    found = analyse(shape.wave(), FLOOR)

    assert abs(found.gap.value - gap) <= 4.0 * found.gap.u
    assert abs(found.positive_width.value - shape.width) <= 4.0 * found.positive_width.u


@pytest.mark.parametrize("cut", np.arange(-0.03, 0.03, 2.3e-3))
@pytest.mark.parametrize("shape", [BIPHASIC, square(10.0, dt=1e-4, points=10_000, tau=3.1e-4)], ids=["biphasic", "square"])
def test_pulses_cut_off_by_the_ends_of_the_record_do_not_spoil_the_fit(shape: Shape, cut: float) -> None:
    whole = replace(shape, start=cut, noise=2e-4)

    found = analyse(whole.wave(), FLOOR)

    assert "template" == found.tier, found.reason
    assert abs(found.frequency.value - whole.hertz) <= 4.0 * found.frequency.u
    assert abs(found.positive_width.value - whole.width) <= 4.0 * found.positive_width.u
