"""Draw a unit: every part with its spread, every defect with its share, all from seed and serial."""

from dataclasses import dataclass

from numpy.random import Generator

from station.simulator.physics.battery import MAH
from station.simulator.physics.defects import DEFECTS, apply
from station.simulator.physics.parts import Parts
from station.simulator.physics.streams import stream

NATURAL = "natural"
"""The word for defects drawn with the shares of production."""
NONE = "none"
"""The word for units without any defect."""


@dataclass(frozen=True, slots=True)
class Process:
    """How far a production is out of control: spreads `spread` times as wide, the current command off by the share `shift`.

    How full the cell is delivered, and where in its range contact is felt, are no spread of parts: they stay as they are.
    """

    spread: float = 1.0
    shift: float = 0.0


IN_CONTROL = Process()
"""A production as the drawing wants it."""


def draw(seed: int, serial: str, defects: tuple[str, ...] | None, process: Process = IN_CONTROL) -> tuple[Parts, tuple[str, ...]]:
    """Return the parts and the defects' names of a unit; None lets chance decide about the defects."""
    names = _chance(stream(seed, serial, "fate")) if defects is None else defects
    return apply(_good(stream(seed, serial, "parts"), process), names, seed, serial), names


def _chance(generator: Generator) -> tuple[str, ...]:
    """Return at most one defect: their shares are far too small for two to matter."""
    dice = float(generator.random())
    for name, defect in DEFECTS.items():
        dice -= defect.share
        if dice < 0:
            return (name,)
    return ()


def _good(generator: Generator, process: Process) -> Parts:
    """Return the parts of a unit without defect, with the spreads of `process`."""
    uniform, spread = generator.uniform, process.spread

    def normal(mean: float, sigma: float) -> float:
        return float(generator.normal(mean, spread * sigma))

    def lognormal(sigma: float) -> float:
        return float(generator.lognormal(0, spread * sigma))

    return Parts(
        gain=float(spread * uniform(-0.01, 0.01) + normal(0, 0.0115) + normal(0, 0.0135) + process.shift),
        level_gains=(normal(0, 0.006), normal(0, 0.004), normal(0, 0.003)),
        offset=normal(0, 0.6e-6),
        per_kelvin=normal(0, 150e-6),
        detune=normal(0, 0.0035),
        detune_per_kelvin=normal(0, 50e-6),
        detune_per_volt=normal(0, 0.001),
        asymmetry=normal(0, 0.005),
        direct=normal(0, 0.05e-6),
        noise=0.3e-6,
        leakage=20e-9 * lognormal(0.8),
        contact_ohm=float(uniform(48e3, 72e3)),
        soc=float(uniform(0.45, 0.75)),
        capacity=normal(500, 15) * MAH,
        resistance=max(0.05, normal(0.25, 0.05)),
        running=normal(14e-3, 0.2e-3),
        quiescent=4e-6 * lognormal(0.1),
    )
