"""Name what belongs to a slot and measures there: the timer and the resistors of its fixture, with their certificates."""

from station.core.equipment import Certificate, Equipment, Witness
from station.core.fixture_file import FixtureFile
from station.hardware.scpi_text import Identity


def of_slot(file: FixtureFile, fixture: Identity, slot: int) -> tuple[Equipment, ...]:
    """Return what times and what is measured over in `slot`, as it goes on record; `fixture` is who answered."""
    clock = "fixture timer" if file.timer.witness is Witness.COMPARATOR else "host's clock"
    resistors = (
        _equipment(f"sense resistor, slot {slot}, load {load:g} ohm", fixture, sense.certificate)
        for (number, load), sense in sorted(file.sense.items())
        if number == slot
    )
    shunts = (
        _equipment(f"battery resistor, slot {slot}, {path}", fixture, shunt.certificate)
        for (number, path), shunt in sorted(file.shunts.items())
        if number == slot
    )
    return (_equipment(clock, fixture, file.timer.certificate), *resistors, *shunts)


def _equipment(role: str, who: Identity, certificate: Certificate) -> Equipment:
    calibrated, due = certificate.calibrated.isoformat(), certificate.due.isoformat()
    return Equipment(role, who.maker, who.model, who.serial, who.firmware, certificate.number, calibrated, due, who.simulated)
