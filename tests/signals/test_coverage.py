"""Stated uncertainties are true: errors in units of them scatter by about one. Drawn units, fixed seeds."""

from dataclasses import replace

import numpy as np
import pytest

from station.signals.analysis import analyse
from tests.signals.waveforms import Shape, square

FLOOR = 0.05
UNITS = 60
BIPHASIC = Shape(width=13e-3, second=13e-3, gap=3e-3, dt=1e-4, points=10_000)
RESOLVED = {
    "biphasic": BIPHASIC,
    "biphasic, noisy": replace(BIPHASIC, noise=0.03),
    "biphasic, 8 bits that noise spreads": replace(BIPHASIC, step=4.7e-3, noise=3e-3),
    "reversing": replace(BIPHASIC, family="reversing", burst=2),
    "square": square(10.0, dt=1e-4, points=10_000),
    "modulated": replace(BIPHASIC, swing=0.4),
}
NAMES = ("frequency", "positive_width", "negative_width", "gap", "phase_charge", "net_charge", "noise", "tau")


def pulls(shape: Shape) -> dict[str, np.ndarray]:
    """Return by how many of its uncertainties each quantity of many units was found wrong, (UNITS,) each."""
    found: dict[str, list[float]] = {}
    for seed in range(UNITS):
        unit = shape.drawn(seed)
        analysed = analyse(unit.wave(), FLOOR)
        for name, true in truth(unit).items():
            value = analysed.values.get(name)
            if value is not None:
                found.setdefault(name, []).append((value.value - true) / value.u)
    return {name: np.array(each) for name, each in found.items()}


def truth(unit: Shape) -> dict[str, float]:
    """Return what `unit` really is, as far as it is one number; a unit that is modulated has no one charge."""
    known = {
        "frequency": unit.hertz,
        "positive_width": unit.width,
        "tau": unit.tau,
        "noise": (unit.noise**2 + unit.step**2 / 12) ** 0.5,
    }
    if unit.family == "monophasic":
        return known
    known["negative_width"] = unit.second if unit.family == "biphasic" else unit.width
    if unit.family == "biphasic":
        known |= {"gap": unit.gap, "net_charge": 0.0}
    return known if unit.swing else known | {"phase_charge": unit.width * unit.high}


@pytest.mark.parametrize("tau", [2e-4, 6e-4])
@pytest.mark.parametrize("name", RESOLVED)
def test_what_the_template_says_is_right_within_its_uncertainty(name: str, tau: float) -> None:
    shape = RESOLVED[name]
    shape = replace(shape, tau=tau, noise=shape.noise or 2e-3)

    errors = pulls(shape)

    assert "tau" in errors, "the template was never taken"
    for quantity, each in errors.items():
        least = 0.3 if quantity == "net_charge" else 0.7  # sampling of edges is a bound for an integral, not an estimate
        assert least < np.std(each) < 1.3, quantity
        assert abs(np.mean(each)) < 0.5, quantity


@pytest.mark.parametrize("name", ["biphasic", "reversing", "square"])
@pytest.mark.parametrize("noise", [1e-4, 2e-3])
def test_what_edges_between_samples_say_is_never_less_certain_than_stated(name: str, noise: float) -> None:
    shape = replace(RESOLVED[name], tau=5e-6, noise=noise)

    errors = pulls(shape)

    assert "tau" not in errors
    for quantity, each in errors.items():
        assert np.sqrt(np.mean(each**2)) < 1.3, quantity
        assert np.max(np.abs(each)) < 3.5, quantity


@pytest.mark.parametrize("name", ["biphasic", "square"])
def test_codes_that_no_noise_spreads_are_in_the_uncertainty(name: str) -> None:
    rng = np.random.default_rng(7)
    errors: list[tuple[float, float]] = []
    for seed in range(UNITS):
        step = 4.7e-3
        unit = replace(RESOLVED[name], tau=3e-4, step=step, high=0.4 + step * rng.uniform(), offset=step * rng.uniform()).drawn(
            seed
        )
        found = analyse(unit.wave(), FLOOR)
        frequency, width = found.frequency, found.positive_width
        errors.append(((frequency.value - unit.hertz) / frequency.u, (width.value - unit.width) / width.u))

    assert (np.std(errors, axis=0) < 1.3).all()
    assert (np.std(errors, axis=0) > 0.3).all()
