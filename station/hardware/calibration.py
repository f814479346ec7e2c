"""Say which certificates are past due or come due soon: instruments, sense resistors, and the fixture's timer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from station.core.config import InstrumentConfig, StationConfig
from station.core.equipment import Certificate
from station.core.fixture_file import FixtureFile
from station.hardware.truevolt_budget import Surroundings

WARNINGS = (14, 7, 1)  # days before the due date at which a warning becomes louder


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate that needs attention: `days` until it is due, below 0 when past; `warning` is 14, 7, 1, or 0 for past."""

    what: str
    certificate: str
    due: date
    days: int
    warning: int

    @property
    def past(self) -> bool:
        """Return whether it may not be used any more; on the due date itself it still may."""
        return self.days < 0


def due(certificates: Iterable[tuple[str, Certificate]], today: date) -> tuple[Due, ...]:
    """Return what is past due or due within 14 days of `today`, the most urgent first."""
    found = (_due(what, certificate, today) for what, certificate in certificates)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.days))


def _due(what: str, certificate: Certificate, today: date) -> Due | None:
    days = (certificate.due - today).days
    if days > max(WARNINGS):
        return None
    warning = 0 if days < 0 else min(limit for limit in WARNINGS if days <= limit)
    return Due(what, certificate.number, certificate.due, days, warning)


def surroundings(instrument: InstrumentConfig, today: date) -> Surroundings:
    """Return how old the calibration of `instrument` is: its specification ages with it.

    A simulated one does not age: its certificate is an example. Before the calibration it counts as fresh.
    """
    certificate = instrument.certificate
    years = max(0.0, (today - certificate.calibrated).days / 365.25)
    return Surroundings(min(years, 1.0) if instrument.simulated else years, meter=instrument.serial)


def certificates(config: StationConfig, file: FixtureFile) -> Iterator[tuple[str, Certificate]]:
    """Yield every certificate that this station relies on, with the name of what it is for."""
    for instrument in config.instruments:
        yield _of_instrument(instrument)
    yield from _of_fixture(file)


def examples(config: StationConfig, file: FixtureFile) -> Iterator[tuple[str, Certificate]]:
    """Yield the certificates of real equipment that are examples, by their number, with the name of what each is for."""
    yield from ((what, certificate) for what, certificate in _real(config, file) if certificate.example)


def ahead(config: StationConfig, file: FixtureFile, today: date) -> Iterator[tuple[str, Certificate]]:
    """Yield the certificates of real equipment that say it will be calibrated after `today`: how old they are nobody knows."""
    yield from ((what, certificate) for what, certificate in _real(config, file) if certificate.calibrated > today)


def _real(config: StationConfig, file: FixtureFile) -> Iterator[tuple[str, Certificate]]:
    for instrument in config.instruments:
        if not instrument.simulated:
            yield _of_instrument(instrument)
    if not file.simulated:
        yield from _of_fixture(file)


def _of_instrument(instrument: InstrumentConfig) -> tuple[str, Certificate]:
    return f"{instrument.name} {instrument.model}, serial {instrument.serial}", instrument.certificate


def _of_fixture(file: FixtureFile) -> Iterator[tuple[str, Certificate]]:
    yield f"timer of fixture {file.serial}", file.timer.certificate
    for (slot, load), sense in file.sense.items():
        yield f"sense resistor of slot {slot}, load {load:g} ohm", sense.certificate
    for (slot, path), shunt in file.shunts.items():
        yield f"resistor of slot {slot}, path {path}", shunt.certificate
