"""The fixture's resistors: nominal values, and true values inside their certificates."""

from dataclasses import dataclass

from numpy.random import Generator

_SENSE_OHM = {"500": 100.0, "2000": 1e3, "10000": 1e3, "30000": 1e3, "200000": 1e3}
"""The low side of each load by the load's name."""
LOADS = ("open", *_SENSE_OHM)
"""The names of the loads, as the line protocol spells them."""
_CERTIFICATE = 1e-4
"""Standard uncertainty of a certificate: U (k = 2) is 0.02 %."""
_ORDINARY = 5e-4
"""Spread of the part of a load that nobody measures with."""


@dataclass(frozen=True, slots=True)
class Load:
    """One load of one slot: true ohm of the whole and of its low side, the sense resistor."""

    ohm: float
    sense_ohm: float


@dataclass(frozen=True, slots=True)
class Resistors:
    """All resistors of one slot: loads by name, and the two shunts in the battery lead, in ohm."""

    loads: dict[str, Load]
    shunts: dict[str, float]


def resistors(generator: Generator) -> Resistors:
    """Return the resistors of one slot, with their true values drawn."""

    def true(nominal: float) -> float:
        return nominal * (1 + max(-2 * _CERTIFICATE, min(2 * _CERTIFICATE, float(generator.normal(0, _CERTIFICATE)))))

    def load(name: str, sense: float) -> Load:
        low_side = true(sense)
        return Load(ohm=low_side + (float(name) - sense) * (1 + float(generator.normal(0, _ORDINARY))), sense_ohm=low_side)

    loads = {name: load(name, sense) for name, sense in _SENSE_OHM.items()}
    return Resistors(loads=loads, shunts={"shunt1": true(1.0), "shunt1k": true(1e3)})
