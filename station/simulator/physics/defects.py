"""What can be wrong with a unit: each defect by name, with its share of production and its size."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from numpy.random import Generator

from station.simulator.physics.battery import MAH, UVLO_OFF, state_of_charge
from station.simulator.physics.parts import Loose, Parts
from station.simulator.physics.streams import stream


@dataclass(frozen=True, slots=True)
class Defect:
    """One way to be wrong: `share` of all units, what it looks like, and what it does to the parts."""

    share: float
    story: str
    change: Callable[[Parts, Generator], Parts]


def apply(parts: Parts, names: tuple[str, ...], seed: int, serial: str) -> Parts:
    """Return `parts` with the named defects in them; their sizes come from seed and serial."""
    for name in names:
        parts = DEFECTS[name].change(parts, stream(seed, serial, "defect", name))
    return parts


def _either_sign(generator: Generator, low: float, high: float) -> float:
    return float(generator.uniform(low, high) * generator.choice((-1.0, 1.0)))


def _weak_cell(parts: Parts, generator: Generator) -> Parts:
    """Leave 1 to 4 mAh until the under-voltage lock-out, though the open-circuit voltage looks healthy."""
    resistance = float(generator.uniform(2, 6))
    empty = state_of_charge(UVLO_OFF + parts.running * resistance)
    left = float(generator.uniform(1, 4)) * MAH
    return replace(parts, resistance=resistance, capacity=left / (parts.soc - empty))


def _swap_two(parts: Parts, generator: Generator) -> Parts:
    maps = ((2, 1, 3), (1, 3, 2), (3, 2, 1))
    return replace(parts, level_map=maps[int(generator.integers(3))])


DEFECTS: dict[str, Defect] = {
    "dead": Defect(0.003, "no output, UART silent", lambda parts, _: replace(parts, dead=True)),
    "weak_cell": Defect(0.004, "sags under load, gives up before 1140 s", _weak_cell),
    "wrong_sense": Defect(
        0.003,
        "all levels x 0.82 or x 1.22",
        lambda parts, chance: replace(parts, sense_factor=float(chance.choice((0.82, 1.22)))),
    ),
    "oscillator": Defect(
        0.003,
        "frequency, width and shut-off off by 4 to 12 %, their product right",
        lambda parts, chance: replace(parts, detune=_either_sign(chance, 0.04, 0.12)),
    ),
    "stuck_fet": Defect(
        0.001,
        "5 to 200 uA direct current, also after off",
        lambda parts, chance: replace(parts, stuck=_either_sign(chance, 5e-6, 200e-6)),
    ),
    "bridge_leg": Defect(0.002, "no negative phase: peak looks normal", lambda parts, _: replace(parts, negative_leg=False)),
    "no_shutoff": Defect(0.001, "never switches itself off", lambda parts, _: replace(parts, shuts_off=False)),
    "early_shutoff": Defect(
        0.002,
        "gives up after 30 to 1100 s, battery healthy",
        lambda parts, chance: replace(parts, early=float(chance.uniform(30, 1100))),
    ),
    "dc_imbalance": Defect(
        0.004,
        "phases differ by 8 to 20 %",
        lambda parts, chance: replace(parts, asymmetry=_either_sign(chance, 0.08, 0.20)),
    ),
    "noisy": Defect(
        0.003,
        "5 to 30 uA rms between the pulses",
        lambda parts, chance: replace(parts, noise=float(chance.uniform(5e-6, 30e-6))),
    ),
    "contact_slot": Defect(
        0.0035,
        "opens once a minute at the needles of the first slot it is placed in",
        lambda parts, _: replace(parts, loose=Loose.NEEDLES),
    ),
    "contact_unit": Defect(0.0015, "opens once a minute inside the unit", lambda parts, _: replace(parts, loose=Loose.INSIDE)),
    "contact_always": Defect(0.001, "full output into 200 kohm", lambda parts, _: replace(parts, senses_contact=False)),
    "level_map": Defect(0.001, "two levels swapped", _swap_two),
    "no_soft_start": Defect(0.001, "the first pulse has its full height", lambda parts, _: replace(parts, soft_start=False)),
    "charge_interlock": Defect(0.0005, "output while charging", lambda parts, _: replace(parts, charge_interlock=False)),
    "service_mode": Defect(
        0.001, "starts in service mode: off after 19.5 s", lambda parts, _: replace(parts, service_stuck=True)
    ),
    "timer_restart": Defect(0.001, "a level change restarts the timer", lambda parts, _: replace(parts, restarts_timer=True)),
}
"""Every defect by name; `contact_slot` is the fixture's fault, all others are the unit's."""
