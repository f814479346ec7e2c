"""Read station.toml: who this station is, what it tests, and where its instruments are."""

import zoneinfo
from dataclasses import dataclass
from pathlib import Path

from station.core.canonical import digest
from station.core.document import Document, Table
from station.core.instruments import Certificate


@dataclass(frozen=True, slots=True)
class InstrumentConfig:
    """One instrument: its model, its VISA address, the serial that must answer there, and its calibration certificate."""

    role: str
    model: str
    address: str
    serial: str
    certificate: Certificate

    @property
    def simulated(self) -> bool:
        """Return whether the serial is a simulated instrument's."""
        return self.serial.startswith("SIM")


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What station.toml says; paths are absolute."""

    id: str
    name: str
    site: str
    maker: str
    timezone: str
    mains_hz: int
    sequence: str
    limits: Path
    certificate: Path
    fixture: Path
    fixture_address: str
    dmm: InstrumentConfig
    scope: InstrumentConfig
    store: Path
    evidence: Path
    issued: Path
    operator_address: str
    digest: str
    home: Path


def parse_station(text: str | bytes, file: str, home: Path) -> StationConfig:
    """Read the station file `text` of the station at home in `home`; raises DocumentError with all that is wrong."""
    document = Document(text, file)
    root = document.root
    station, product, fixture = root.table("station"), root.table("product"), root.table("fixture")
    instruments, paths = root.table("instruments"), root.table("paths")
    simulator = root.table("simulator", optional=True)
    config = StationConfig(
        id=station.text("id"),
        name=station.text("name"),
        site=station.text("site"),
        maker=station.text("maker"),
        timezone=_timezone(station),
        mains_hz=_mains(station),
        sequence=product.text("sequence"),
        limits=home / product.text("limits"),
        certificate=home / product.text("certificate"),
        fixture=home / fixture.text("file"),
        fixture_address=fixture.text("address"),
        dmm=_instrument("dmm", instruments.table("dmm")),
        scope=_instrument("scope", instruments.table("scope")),
        store=home / paths.text("store"),
        evidence=home / paths.text("evidence"),
        issued=home / paths.text("issued"),
        operator_address=simulator.text("operator", default=""),
        digest=digest(text.encode() if isinstance(text, str) else text),
        home=home,
    )
    for table in (station, product, fixture, instruments, paths, simulator, root):
        table.done()
    document.finish()
    return config


def _timezone(station: Table) -> str:
    name = station.text("timezone")
    try:
        zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        station.problem("timezone", f"{name!r} is not a time zone we know", 'Give one like "Europe/Berlin"')
    return name


def _mains(station: Table) -> int:
    mains = station.whole("mains_hz", low=50, high=60)
    if mains not in (50, 60):
        station.problem("mains_hz", f"is {mains}", "Give 50 or 60")
    return mains


def _instrument(role: str, table: Table) -> InstrumentConfig:
    certificate = Certificate(table.text("certificate"), table.day("calibrated"), table.day("due"))
    config = InstrumentConfig(role, table.text("model"), table.text("address"), table.text("serial"), certificate)
    table.done()
    return config
