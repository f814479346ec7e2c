"""Find the station's home and read its controlled documents."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from station.certificates.template import parse_template
from station.core.canonical import digest
from station.core.config import StationConfig, parse_station
from station.core.errors import UsageError
from station.core.fixture_file import FixtureFile, parse_fixture
from station.core.limit_file import LimitSet, parse
from station.core.lines import Lines
from station.core.problems import DocumentError, Problem
from station.store.archive import Archive

STARTER = ("station.toml", "limits", "fixtures", "reports")


@dataclass(frozen=True, slots=True)
class Home:
    """A station's documents, read and checked."""

    config: StationConfig
    limits: LimitSet
    fixture: FixtureFile
    certificate: bytes
    certificate_digest: str

    @property
    def simulated(self) -> bool:
        """Return whether anything that measures here is simulated: then its runs never count for real ones."""
        return any(one.simulated for one in self.config.instruments) or self.fixture.simulated

    @property
    def unreleased(self) -> str | None:
        """Return why its limits earn no certificate today, or None when they do."""
        return self.limits.unreleased_for(self.today, simulated=self.simulated)

    @property
    def today(self) -> date:
        """Return the day it is now where the station stands: the one that limits take effect on."""
        return datetime.now(ZoneInfo(self.config.timezone)).date()


def find(start: Path | None) -> Path:
    """Return the folder with station.toml: `start`, or the nearest one upwards from here; raises UsageError."""
    here = (start or Path.cwd()).resolve()
    if here.is_file():
        raise UsageError(f"{here} is a file. Name the folder that holds station.toml")
    if start is not None and not (here / "station.toml").is_file():
        raise UsageError(f"{here} holds no station.toml. Make a station's home with `station init {start}`")
    for folder in (here, *here.parents):
        if (folder / "station.toml").is_file():
            return folder
    raise UsageError(f"no station.toml in {here} or above. Go to a station's home, name one with --home, or `station init DIR`")


def read(folder: Path) -> Home:
    """Read every document that station.toml names; raises DocumentError with all that is wrong in the first bad one."""
    config = read_config(folder)
    limits = parse(_bytes(config.limits), shown(config.limits, folder))
    fixture = parse_fixture(_bytes(config.fixture), shown(config.fixture, folder))
    certificate = _bytes(config.certificate)
    _wired(config, fixture)
    return Home(config, limits, fixture, certificate, _certificate_digest(config, certificate))


def read_config(folder: Path) -> StationConfig:
    """Read station.toml alone, for what needs no other document; raises DocumentError with all that is wrong in it."""
    return parse_station(_bytes(folder / "station.toml"), "station.toml", folder)


def _wired(config: StationConfig, fixture: FixtureFile) -> None:
    """Raise DocumentError where the fixture has no bus for an instrument of the station."""
    problems = []
    for kind, instruments in (("dmm", config.dmms), ("scope", config.scopes)):
        buses = fixture.buses[kind]
        if len(instruments) > len(buses):
            what = f"names {len(buses)} bus of the {len(instruments)} that [[instruments.{kind}]] of station.toml need"
            remedy = (
                f"Name one for each, in the order of station.toml, or take instruments out of it: {kind} = [{_listed(buses)}, …]"
            )
            line = Lines(_bytes(config.fixture).decode()).of(("sync", kind))
            problems.append(Problem(fixture.file, line, f"sync.{kind}", what, remedy))
    if problems:
        raise DocumentError(problems)


def _listed(buses: tuple[str, ...]) -> str:
    return ", ".join(f'"{bus}"' for bus in buses)


def _certificate_digest(config: StationConfig, certificate: bytes) -> str:
    """Return the digest of the template and its logo; of a template that cannot be read that of its text."""
    try:
        return parse_template(certificate, config.certificate.name, config.certificate.parent).digest
    except DocumentError:
        return digest(certificate)


def shown(path: Path, folder: Path) -> str:
    """Return `path` as people read it: relative to the home where it lies in it."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def make(folder: Path) -> list[Path]:
    """Make a station's home in `folder` from the starter documents; never touches a file that is there."""
    starter = _starter()
    made = []
    for name in STARTER:
        source = starter / name
        files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
        for file in files:
            target = folder / file.relative_to(starter)
            if target.exists() or "issued" in file.relative_to(starter).parts:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            made.append(target)
    return made


def archive_of(config: StationConfig) -> Archive:
    """Return what the station has on record; raises UsageError while that is nothing."""
    if not config.store.exists():
        raise UsageError(f"no run is on record yet: {config.store} does not exist")
    return Archive(config.store)


def _starter() -> Path:
    """Return where the starter documents are: inside an installed wheel, or the repository that this package stands in."""
    packed = Path(str(resources.files("station"))) / "starter"
    return packed if packed.is_dir() else Path(str(resources.files("station"))).parent


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        closed = isinstance(error, PermissionError)
        remedy = "Let the user who says this read it" if closed else "Correct the path in station.toml, or restore the file"
        problem = Problem(str(path), 1, "", f"cannot be read: {error.strerror}", remedy)
        raise DocumentError([problem]) from error
