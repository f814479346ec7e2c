"""Draw a unit: every part with its spread, every defect with its share, all from seed and serial."""

from numpy.random import Generator

from station.simulator.physics.battery import MAH
from station.simulator.physics.defects import DEFECTS, apply
from station.simulator.physics.parts import Parts
from station.simulator.physics.streams import stream

NATURAL = "natural"
"""The word for defects drawn with the shares of production."""
NONE = "none"
"""The word for units without any defect."""


def draw(seed: int, serial: str, defects: tuple[str, ...] | None) -> tuple[Parts, tuple[str, ...]]:
    """Return the parts and the defects' names of a unit; None lets chance decide about the defects."""
    names = _chance(stream(seed, serial, "fate")) if defects is None else defects
    return apply(_good(stream(seed, serial, "parts")), names, seed, serial), names


def _chance(generator: Generator) -> tuple[str, ...]:
    """Return at most one defect: their shares are far too small for two to matter."""
    dice = float(generator.random())
    for name, defect in DEFECTS.items():
        dice -= defect.share
        if dice < 0:
            return (name,)
    return ()


def _good(generator: Generator) -> Parts:
    """Return the parts of a good unit, with the spreads of a production in control."""
    normal = generator.normal
    uniform = generator.uniform
    return Parts(
        gain=float(uniform(-0.01, 0.01) + normal(0, 0.0115) + normal(0, 0.0135)),
        level_gains=(float(normal(0, 0.006)), float(normal(0, 0.004)), float(normal(0, 0.003))),
        offset=float(normal(0, 0.6e-6)),
        per_kelvin=float(normal(0, 150e-6)),
        detune=float(normal(0, 0.0035)),
        detune_per_kelvin=float(normal(0, 50e-6)),
        detune_per_volt=float(normal(0, 0.001)),
        asymmetry=float(normal(0, 0.005)),
        direct=float(normal(0, 0.05e-6)),
        noise=0.3e-6,
        leakage=float(20e-9 * generator.lognormal(0, 0.8)),
        contact_ohm=float(uniform(48e3, 72e3)),
        soc=float(uniform(0.45, 0.75)),
        capacity=float(normal(500, 15) * MAH),
        resistance=max(0.05, float(normal(0.25, 0.05))),
        running=float(normal(14e-3, 0.2e-3)),
        quiescent=float(4e-6 * generator.lognormal(0, 0.1)),
    )
