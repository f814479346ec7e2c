"""Put a home on another bench than its own: a simulator's, a wider one, or the same instruments at other addresses."""

from dataclasses import replace
from datetime import date

from station.cli.bench_process import Addresses
from station.cli.home import Home
from station.core.canonical import digest
from station.core.config import PYVISA_PY, InstrumentConfig
from station.core.equipment import Certificate, Sense
from station.core.errors import UsageError
from station.core.fixture_file import FixtureFile

_SIMULATED = Certificate("SIMULATED", date(2026, 1, 1), date(2099, 12, 31))


def simulated(home: Home, addresses: Addresses) -> Home:
    """Return `home` with a simulator's instruments in place of its own: at `addresses`, with simulated identities."""
    config = home.config
    return replace(
        home,
        config=replace(
            config,
            visa=PYVISA_PY,
            dmms=_simulated_pool("dmm", "34461A", addresses.dmms),
            scopes=_simulated_pool("scope", "DSOX1204G", addresses.scopes),
            fixture_address=addresses.fixture,
            operator_address=addresses.operator,
        ),
        fixture=_wired(_simulated_fixture(home.fixture), addresses),
    )


def _simulated_fixture(fixture: FixtureFile) -> FixtureFile:
    """Return `fixture` as the simulator plays it: of simulated parts, whose certificates are examples and never come due."""
    return replace(
        fixture,
        serial="SIMFX-0001",
        timer=replace(fixture.timer, certificate=_example(fixture.timer.certificate)),
        sense={place: replace(one, certificate=_example(one.certificate)) for place, one in fixture.sense.items()},
        shunts={place: replace(one, certificate=_example(one.certificate)) for place, one in fixture.shunts.items()},
    )


def _example(certificate: Certificate) -> Certificate:
    """Return an example of the same resistor or timer: by its number budgets know which readings share one."""
    number = certificate.number if certificate.example else f"SIM {certificate.number}"
    return replace(certificate, number=number, due=_SIMULATED.due)


def _simulated_pool(kind: str, model: str, addresses: tuple[str, ...]) -> tuple[InstrumentConfig, ...]:
    return tuple(
        InstrumentConfig(kind, model, address, f"SIM{model}{number}", _SIMULATED, number)
        for number, address in enumerate(addresses, 1)
    )


def _wired(fixture: FixtureFile, addresses: Addresses) -> FixtureFile:
    """Return `fixture` with a bus for each of the simulator's instruments; its name and digest say which its file has not."""
    pools = (("dmm", "D", len(addresses.dmms)), ("scope", "S", len(addresses.scopes)))
    short = [(kind, letter, count) for kind, letter, count in pools if count > len(fixture.buses[kind])]
    if not short:
        return fixture
    made = {kind: tuple(f"{letter}{number}" for number in range(1, count + 1)) for kind, letter, count in short}
    said = " and ".join(f"{count} buses {letter}" for _, letter, count in short)
    mark = digest(f"{fixture.digest} simulated {said}".encode())
    return replace(fixture, buses={**fixture.buses, **made}, file=f"{fixture.file}, simulated with {said}", digest=mark)


def widened(home: Home, slots: int) -> Home:
    """Return `home` with a simulated fixture of `slots` slots: those that the file lacks repeat its own, as simulated parts.

    Its name and digest say so: a record never claims the file for what is not in it.
    """
    fixture = home.fixture
    if slots == fixture.slots:
        return home
    numbers = {slot: (slot - 1) % fixture.slots + 1 for slot in range(1, slots + 1)}
    sense = {
        (slot, load): _copied(one, slot) if slot > fixture.slots else one
        for slot, file in numbers.items() for (of, load), one in fixture.sense.items() if of == file
    }  # fmt: skip
    shunts = {
        (slot, path): _copied(one, slot) if slot > fixture.slots else one
        for slot, file in numbers.items() for (of, path), one in fixture.shunts.items() if of == file
    }  # fmt: skip
    name, mark = f"{fixture.file}, simulated with {slots} slots", digest(f"{fixture.digest} simulated {slots}".encode())
    return replace(home, fixture=replace(fixture, slots=slots, sense=sense, shunts=shunts, file=name, digest=mark))


def _copied(one: Sense, slot: int) -> Sense:
    """Return a made-up resistor like `one`, with a number of its own: two that share one would share their error in budgets."""
    return replace(one, certificate=replace(_SIMULATED, number=f"SIM {one.certificate.number} slot {slot}"))


def at(home: Home, addresses: Addresses) -> Home:
    """Return `home` with other addresses; who must answer there stays as station.toml says."""
    config = home.config
    dmms, scopes = _moved(config.dmms, addresses.dmms), _moved(config.scopes, addresses.scopes)
    return replace(
        home,
        config=replace(config, dmms=dmms, scopes=scopes, fixture_address=addresses.fixture, operator_address=addresses.operator),
    )


def _moved(instruments: tuple[InstrumentConfig, ...], addresses: tuple[str, ...]) -> tuple[InstrumentConfig, ...]:
    if len(instruments) != len(addresses):
        kind = instruments[0].role
        raise UsageError(
            f"{len(addresses)} addresses of a {kind} were given, station.toml names {len(instruments)}: give one each"
        )
    return tuple(replace(one, address=address) for one, address in zip(instruments, addresses, strict=True))
