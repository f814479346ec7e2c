"""Read station.toml: who this station is, what it tests, and where its instruments are."""

import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path

from station.core.canonical import digest
from station.core.document import Document
from station.core.document_name import document_name
from station.core.equipment import Certificate, name_of
from station.core.gs1 import gtin_fault
from station.core.recipe import Recipe
from station.core.table import Table

PYVISA_PY = "@py"  # the VISA library that is installed with us
_MOST_INSTRUMENTS = 8  # of a kind
_LONGEST = 105  # characters of a file's name with the id alone: of 255, prefix, number, serial and a draft's ending need the rest
_LABEL = ("01", "11", "10", "21")  # GTIN, production date, lot, serial: what a GS1 label carries unless station.toml says less


@dataclass(frozen=True, slots=True)
class InstrumentConfig:
    """One instrument: its model, its VISA address, the serial that must answer there, and its calibration certificate.

    `role` says of which kind it is (dmm, scope), `number` which one of its kind, from 1.
    """

    role: str
    model: str
    address: str
    serial: str
    certificate: Certificate
    number: int = 1

    @property
    def name(self) -> str:
        """Return what it is called: dmm, dmm2, scope."""
        return name_of(self.role, self.number)

    @property
    def simulated(self) -> bool:
        """Return whether the serial is a simulated instrument's."""
        return self.serial.startswith("SIM")


@dataclass(frozen=True, slots=True)
class KeysConfig:
    """Where the station's keys are; what is empty or None is not used.

    `passphrase` is a file with the passphrase of its key; `timestamp` the address of a time-stamp server; `module`, `token` and
    `label` say which key of which security module (PKCS#11) seals in place of a key in a file.
    """

    folder: Path
    passphrase: Path | None
    timestamp: str
    module: str
    token: str
    label: str


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What station.toml says; paths are absolute.

    `gtin` is the product's, empty where labels are not scanned; `label` the GS1 application identifiers that each label carries.
    `visa` is the VISA library through which the instruments are reached, as PyVISA names one.
    """

    id: str
    name: str
    site: str
    maker: str
    timezone: str
    mains_hz: int
    sequence: str
    recipe: Recipe
    limits: Path
    certificate: Path
    gtin: str
    label: tuple[str, ...]
    fixture: Path
    fixture_address: str
    visa: str
    dmms: tuple[InstrumentConfig, ...]
    scopes: tuple[InstrumentConfig, ...]
    store: Path
    evidence: Path
    issued: Path
    operator_address: str
    keys: KeysConfig
    digest: str
    home: Path

    @property
    def instruments(self) -> tuple[InstrumentConfig, ...]:
        """Return all DMMs, and then all oscilloscopes."""
        return (*self.dmms, *self.scopes)


def parse_station(text: str | bytes, file: str, home: Path) -> StationConfig:
    """Read the station file `text` of the station at home in `home`; raises DocumentError with all that is wrong."""
    document = Document(text, file)
    root = document.root
    station, product, fixture = root.table("station"), root.table("product"), root.table("fixture")
    instruments, paths = root.table("instruments"), root.table("paths")
    simulator, keys = root.table("simulator", optional=True), root.table("keys", optional=True)
    config = StationConfig(
        id=_id(station),
        name=station.text("name"),
        site=station.text("site"),
        maker=station.text("maker"),
        timezone=_timezone(station),
        mains_hz=_mains(station),
        sequence=product.text("sequence"),
        recipe=Recipe(product.text("recipe", default=Recipe.REAL_TIME, choices=tuple(Recipe))),
        limits=home / product.text("limits"),
        certificate=home / product.text("certificate"),
        gtin=_gtin(product),
        label=_label(product),
        fixture=home / fixture.text("file"),
        fixture_address=fixture.text("address"),
        visa=_visa(instruments),
        dmms=_pool("dmm", instruments, taken := _Taken()),
        scopes=_pool("scope", instruments, taken),
        store=home / paths.text("store"),
        evidence=home / paths.text("evidence"),
        issued=home / paths.text("issued"),
        operator_address=simulator.text("operator", default=""),
        keys=_keys(keys, home),
        digest=digest(text.encode() if isinstance(text, str) else text),
        home=home,
    )
    for table in (station, product, fixture, instruments, paths, simulator, keys, root):
        table.done()
    document.finish()
    return config


def _id(station: Table) -> str:
    name = station.text("id")
    if name.startswith("."):
        station.problem("id", f"is {name!r}: documents whose names begin with a point are hidden", 'Give one like "EOL-01"')
    if not name.isprintable() or name != name.strip():
        station.problem("id", f"is {name!r}, with a sign that does not print or a blank at an end", 'Give one like "EOL-01"')
    if len(document_name(name, "")) > _LONGEST:
        station.problem("id", "is too long: it stands in the name of each document's file", 'Give one like "EOL-01"')
    if "|" in name:
        station.problem("id", f"is {name!r}, and | parts what is in the code on paper", 'Give one like "EOL-01"')
    return name


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


def _visa(instruments: Table) -> str:
    visa = instruments.text("visa", default=PYVISA_PY)
    if not visa.strip():
        instruments.problem("visa", "is empty", f'Give "{PYVISA_PY}", "@ivi" or the file of a VISA library, or leave it out')
    return visa


def _gtin(product: Table) -> str:
    gtin = product.text("gtin", default="")
    if gtin and (fault := gtin_fault(gtin)):
        product.problem("gtin", fault, 'Give the 14 digits of the product\'s GTIN, as in "04012345678901", or leave it out')
    return gtin


def _label(product: Table) -> tuple[str, ...]:
    label = product.texts("label", default=_LABEL)
    if not {"01", "21"} <= set(label) <= set(_LABEL):
        given, known = ", ".join(label) or "nothing", ", ".join(_LABEL)
        product.problem(
            "label", f"is {given}", f"Give what each label carries: 01 and 21, and whichever others of {known} it has"
        )
    return label


@dataclass(slots=True)
class _Taken:
    """Which addresses and serials stand in the file already, and under which name: a second one would be the same instrument."""

    addresses: dict[str, str] = field(default_factory=dict)
    serials: dict[str, str] = field(default_factory=dict)


def _pool(role: str, instruments: Table, taken: _Taken) -> tuple[InstrumentConfig, ...]:
    """Read [instruments.dmm], or several [[instruments.dmm]]: a pool of which any may measure."""
    tables = instruments.one_or_more(role, most=_MOST_INSTRUMENTS)
    return tuple(_instrument(role, number, table, taken) for number, table in enumerate(tables, 1))


def _instrument(role: str, number: int, table: Table, taken: _Taken) -> InstrumentConfig:
    certificate = Certificate(table.text("certificate"), table.day("calibrated"), table.day("due"))
    config = InstrumentConfig(role, table.text("model"), table.text("address"), table.text("serial"), certificate, number)
    for key, value, others in (("address", config.address, taken.addresses), ("serial", config.serial, taken.serials)):
        if value and (other := others.setdefault(value, config.name)) != config.name:
            table.problem(key, f"is {value!r}, which is that of {other}", f"Give the {key} of this one: each is listed once")
    table.done()
    return config


def _keys(table: Table, home: Path) -> KeysConfig:
    timestamp = table.text("timestamp", default="")
    if timestamp and not timestamp.startswith(("http://", "https://")):
        table.problem("timestamp", f"is {timestamp!r}", 'Give the address of a server, as in "http://time.plant.example/tsa"')
    module = {key: table.text(key, default="") for key in ("module", "token", "label")}
    if any(module.values()) and not all(module.values()):
        missing = ", ".join(key for key, value in module.items() if not value)
        table.problem("module", f"comes without {missing}", "Give module, token and label, or none of them")
    passphrase = table.text("passphrase", default="")
    folder = home / (table.text("folder", default="") or "keys")
    return KeysConfig(
        folder, home / passphrase if passphrase else None, timestamp, module["module"], module["token"], module["label"]
    )
