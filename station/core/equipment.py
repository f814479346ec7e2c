"""What is measured with and what it says of itself: certificates, resistors, the fixture's pulse log, equipment on record."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


def name_of(kind: str, number: int) -> str:
    """Return what instrument `number` of a kind is called, from 1: dmm, dmm2, dmm3."""
    return kind if number == 1 else f"{kind}{number}"


def named(kind: str, count: int) -> tuple[str, ...]:
    """Return what `count` instruments of a kind are called."""
    return tuple(name_of(kind, number) for number in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Certificate:
    """A calibration certificate: its number, when it was made and until when it is valid."""

    number: str
    calibrated: date
    due: date

    @property
    def example(self) -> bool:
        """Return whether it is an example for simulated equipment: it vouches for nothing."""
        return self.number.startswith("SIM")


@dataclass(frozen=True, slots=True)
class Sense:
    """A sense resistor: certified `ohm`, its standard uncertainty `u` in ohm, and the certificate.

    `drift` is the most by which it may change between two calibrations and `per_kelvin` the most by which it changes for each
    kelvin of difference to that calibration's temperature, both as fractions.
    """

    ohm: float
    u: float
    certificate: Certificate
    drift: float = 0.0
    per_kelvin: float = 0.0


class Witness(StrEnum):
    """Who times the shut-off in a fixture: its comparators with their timer, or looks of the oscilloscope in turn."""

    COMPARATOR = "comparator"
    LOOKS = "looks"


@dataclass(frozen=True, slots=True)
class PulseLog:
    """What the fixture's comparator and timer saw since they were armed; times in s of the fixture's clock, None for never."""

    state: str  # idle | armed | running | off
    first: float | None
    last: float | None
    count: int
    after: int
    opens: int
    now: float


@dataclass(frozen=True, slots=True)
class Contact:
    """What the fixture senses of the unit in a slot."""

    present: bool
    closed: bool
    opens: int


@dataclass(frozen=True, slots=True)
class Equipment:
    """One piece of measuring equipment as it goes on record: who it is and until when it can be trusted.

    One that is `lent` measured only where a step says so; what belongs to the slot always did.
    """

    role: str
    maker: str
    model: str
    serial: str
    firmware: str
    certificate: str
    calibrated: str
    due: str
    simulated: bool
    lent: bool = False
