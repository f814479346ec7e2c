"""Read a fixture file: slots, loads, certified sense resistors, the timer, and how SYNC is wired."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from station.core.canonical import digest
from station.core.document import Document
from station.core.equipment import Certificate, Sense, Witness
from station.core.finite import finite
from station.core.table import Table

_MOST_SLOTS = 64
SHUNTS = ("shunt1", "shunt1k")  # the paths of a D bus that lie over a resistor in the battery lead


@dataclass(frozen=True, slots=True)
class Timer:
    """What times the shut-off: its `witness`, and the standard uncertainty of that one's clock as a fraction.

    The clock is the fixture's pulse timer, or the host's where looks of the oscilloscope are the witness.
    """

    accuracy: float
    certificate: Certificate
    witness: Witness = Witness.COMPARATOR


@dataclass(frozen=True, slots=True)
class FixtureFile:
    """One fixture: who it is, what its loads are, and what its parts are certified for.

    `comparator` is in A. `loads` are in ohm. `sense` maps slot and load to the certified sense resistor, `shunts` slot and
    path to the certified resistor in the battery lead. `buses` maps the kinds of instrument (dmm, scope) to the fixture's buses:
    the first is wired to the station's first instrument of that kind, with its SYNC output to that one's trigger, and so on.
    """

    model: str
    serial: str
    slots: int
    comparator: float
    loads: tuple[float, ...]
    timer: Timer
    buses: Mapping[str, tuple[str, ...]]
    sense: Mapping[tuple[int, float], Sense]
    shunts: Mapping[tuple[int, str], Sense]
    digest: str
    file: str

    @property
    def simulated(self) -> bool:
        """Return whether the fixture says that it is a simulated one."""
        return self.serial.startswith("SIM")


def parse_fixture(text: str | bytes, file: str) -> FixtureFile:
    """Read the fixture file `text`; raises DocumentError with all that is wrong."""
    document = Document(text, file)
    root = document.root
    head = root.table("fixture")
    model, serial = head.text("model"), head.text("serial")
    slots = head.whole("slots", low=1, high=_MOST_SLOTS)
    comparator = head.number("comparator_uA", low=0.1, high=1000.0) * 1e-6
    loads = _loads(head)
    head.done()
    timer, buses = _timer(root.table("timer")), _buses(root.table("sync"))
    drift, per_kelvin = _stability(root.table("resistors"))
    slot_tables = root.table("slot")  # which of them there must be is known only from a sound [fixture]
    resistors = _Resistors({}, {}) if head.faulty else _resistors(slot_tables, slots, loads, drift, per_kelvin)
    root.done()
    document.finish()
    data = text.encode() if isinstance(text, str) else text
    return FixtureFile(
        model, serial, slots, comparator, loads, timer, MappingProxyType(buses),
        MappingProxyType(resistors.sense), MappingProxyType(resistors.shunts), digest(data), file,
    )  # fmt: skip


def _loads(head: Table) -> tuple[float, ...]:
    listed = head.raw("loads_ohm")
    if not isinstance(listed, list) or not listed or not all(finite(load) and load > 0 for load in listed):
        head.problem("loads_ohm", "is not a list of resistances", "Give a list like [500, 2000, 10000]")
        return ()
    if len({_load_name(load) for load in listed}) < len(listed):
        head.problem("loads_ohm", "names one load twice", "Give each load once, as its table load_… spells it")
    return tuple(float(load) for load in listed)


def _load_name(load: float) -> str:
    return f"load_{load:g}"


def _certificate(table: Table) -> Certificate:
    return Certificate(table.text("certificate"), table.day("calibrated"), table.day("due"))


def _timer(table: Table) -> Timer:
    accuracy = table.number("U_ppm", low=0.001, high=1000.0) * 1e-6 / 2.0
    witness = Witness(table.text("witness", default=Witness.COMPARATOR, choices=tuple(Witness)))
    timer = Timer(accuracy, _certificate(table), witness)
    table.done()
    return timer


def _buses(table: Table) -> dict[str, tuple[str, ...]]:
    buses = {kind: _buses_of(table, kind, letter) for kind, letter in (("dmm", "D"), ("scope", "S"))}
    table.done()
    return buses


def _buses_of(table: Table, kind: str, letter: str) -> tuple[str, ...]:
    """Read one bus, or a list of buses in the order of the station's instruments."""
    given = table.text_or_texts(kind)
    if len(set(given)) < len(given):
        table.problem(kind, "names one bus twice", "Give each instrument a bus of its own")
    if wrong := [bus for bus in given if not (bus[:1] == letter and bus[1:].isascii() and bus[1:].isdecimal())]:
        table.problem(
            kind, f"names {wrong[0]!r}", f'Give buses as the fixture calls them: "{letter}1", or ["{letter}1", "{letter}2"]'
        )
    return given


def _stability(table: Table) -> tuple[float, float]:
    """Return by which fraction the sense resistors drift between calibrations at most, and by which for each kelvin."""
    drift = table.number("drift_ppm", low=0.0, high=1000.0) * 1e-6
    per_kelvin = table.number("temperature_ppm_per_K", low=0.0, high=1000.0) * 1e-6
    table.done()
    return drift, per_kelvin


@dataclass(frozen=True, slots=True)
class _Resistors:
    """All certified resistors: those of the loads by slot and load, those in the battery leads by slot and path."""

    sense: dict[tuple[int, float], Sense]
    shunts: dict[tuple[int, str], Sense]


def _resistors(slots_table: Table, slots: int, loads: tuple[float, ...], drift: float, per_kelvin: float) -> _Resistors:
    found = _Resistors({}, {})
    for slot in range(1, slots + 1):
        table = slots_table.table(str(slot))
        for load in loads:
            found.sense[slot, load] = _resistor(table.table(_load_name(load)), "sense_ohm", 1.0, load, drift, per_kelvin)
        for path in SHUNTS:
            found.shunts[slot, path] = _resistor(table.table(path), "ohm", 0.1, 1e6, drift, per_kelvin)
        table.done()
    slots_table.done()
    return found


def _resistor(row: Table, key: str, low: float, high: float, drift: float, per_kelvin: float) -> Sense:
    """Read a resistor of `low` to `high` ohm: one that a current is sensed with is part of its load, and no more than that."""
    ohm, expanded = row.number(key, low=low, high=high), row.number("U_ohm", low=1e-6, high=1e4)
    resistor = Sense(ohm, expanded / 2.0, _certificate(row), drift, per_kelvin)
    row.done()
    return resistor
