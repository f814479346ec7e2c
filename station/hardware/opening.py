"""Open the bench of a station and close it again, safe at both ends."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date
from typing import TypeVar

from station.core.clock import Clock, Stop
from station.core.config import InstrumentConfig, StationConfig
from station.core.equipment import Equipment
from station.core.errors import IdentityError, InstrumentError, InterlockError, LockedError
from station.core.fixture_file import FixtureFile
from station.hardware import infiniivision, truevolt
from station.hardware.bench import StationBench
from station.hardware.calibration import surroundings
from station.hardware.fixture import Fixture, News
from station.hardware.instrument import Driver, Instrument
from station.hardware.lending import LoanEntry, lending
from station.hardware.link import Link, Sink
from station.hardware.plugs import Plugs
from station.hardware.routes import even_so
from station.hardware.scpi import Scpi

_Driver = TypeVar("_Driver", bound=Driver)
Spawn = Callable[[str, Callable[[Stop], None]], None]
"""Starts a named thread that runs a function; given by the line's crew, which joins it after the bench has closed."""
Transcript = Callable[[str], Sink]
"""Gives the sink for one device's exchanges, by its name: dmm, dmm2, scope, fixture."""


@contextmanager
def open_bench(
    config: StationConfig,
    file: FixtureFile,
    clock: Clock,
    plugs: Plugs,
    *,
    spawn: Spawn,
    nonces: Callable[[], bytes],
    news: News,
    log: Callable[[LoanEntry], None],
    transcript: Transcript | None = None,
) -> Iterator[StationBench]:
    """Open fixture, DMMs and oscilloscopes, check who they are, and make every slot safe; on every exit all is made safe again.

    `nonces` gives 4 fresh random bytes a call. `news` hears the fixture's events, must be quick, and may not ask. `log`
    hears each loan that ended. Of several instruments of a kind those are left out that do not answer: `missing` names them.
    An open lid or a pressed E-stop does not keep the bench closed: `halted` says so until `restore`.
    """
    transport = clock.transport
    with ExitStack() as stack:
        for address in (config.fixture_address, *(one.address for one in config.instruments)):
            stack.enter_context(plugs.own(address))
        fixture = Fixture(
            lambda: plugs.stream(config.fixture_address), file, clock, transport, nonces, news, _sink(transcript, "fixture")
        )
        stack.enter_context(_running(fixture, clock, spawn))
        with suppress(InterlockError):  # the lid may be open: `halted` says so
            fixture.begin()

        def connect(instrument: InstrumentConfig) -> Callable[[], Scpi]:
            return lambda: _scpi(instrument, plugs, clock, transport, _sink(transcript, instrument.name))

        def meter(one: InstrumentConfig) -> Instrument[truevolt.Truevolt]:
            return Instrument(_known(one, truevolt.MODELS), connect(one), _meter(one, config.mains_hz, today, clock), transport)

        def screen(one: InstrumentConfig) -> Instrument[infiniivision.InfiniiVision]:
            known = _known(one, infiniivision.MODELS)
            return Instrument(known, connect(one), lambda scpi: infiniivision.InfiniiVision(scpi, clock), transport)

        today, missing = date.fromisoformat(clock.utc()[:10]), dict[str, str]()
        dmms, scopes = _there(stack, config.dmms, meter, missing), _there(stack, config.scopes, screen, missing)
        pools = {"dmm": tuple(dmms), "scope": tuple(scopes)}
        bench = StationBench(fixture, file, dmms, scopes, lending(clock, log, pools), clock, missing)
        refuse_hurry(bench.equipment(1), clock)
        with _safe_at_the_end(bench):
            if fixture.fault is None:
                with suppress(InterlockError):  # the lid may have been opened: `restore` proves it then
                    bench.restore()
            yield bench


def _there(
    stack: ExitStack,
    pool: Iterable[InstrumentConfig],
    opened: Callable[[InstrumentConfig], Instrument[_Driver]],
    missing: dict[str, str],
) -> dict[str, Instrument[_Driver]]:
    """Return those of a pool that answer, by name, and put into `missing` why the others are left out.

    Raises what the last one raised when none of them answers; and at once when a stranger answers, or one that has no driver:
    then the documents are wrong, and nobody knows what else is.
    """
    there: dict[str, Instrument[_Driver]] = {}
    fault: InstrumentError | None = None
    for one in pool:
        try:
            there[one.name] = stack.enter_context(closing(opened(one)))
        except IdentityError:
            raise
        except InstrumentError as error:
            fault = error
            missing[one.name] = f"{one.name} (serial {one.serial}) cannot be used: {error}"
    if fault is not None and not there:
        raise fault
    return there


@contextmanager
def _running(fixture: Fixture, clock: Clock, spawn: Spawn) -> Iterator[None]:
    """Run the fixture's two threads until the end of the `with`: they outlive the crew's stop, because making safe needs them."""
    ending = clock.stop()
    try:
        spawn("fixture pump", lambda _: fixture.pump(ending))
        spawn("fixture heartbeat", lambda _: fixture.heartbeat(ending))
        yield
    finally:
        ending.set("the bench closes")
        fixture.close()


@contextmanager
def _safe_at_the_end(bench: StationBench) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        even_so(error, bench.safe)
        raise
    bench.safe()


def _sink(transcript: Transcript | None, role: str) -> Sink | None:
    return None if transcript is None else transcript(role)


def _scpi(config: InstrumentConfig, plugs: Plugs, clock: Clock, transport: Clock, sink: Sink | None) -> Scpi:
    name = f"{config.name} {config.model}"
    return Scpi(Link(plugs.wire(config.address), transport, name, sink), clock)


def _meter(config: InstrumentConfig, mains_hz: int, today: date, clock: Clock) -> Callable[[Scpi], truevolt.Truevolt]:
    """Return what makes the driver of a DMM: its specification ages, and its errors are its own."""
    around = surroundings(config, today)
    return lambda scpi: truevolt.Truevolt(scpi, clock, mains_hz, around)


def _known(config: InstrumentConfig, models: tuple[str, ...]) -> InstrumentConfig:
    if config.model not in models:
        raise IdentityError(
            f"there is no driver for a {config.role} {config.model}; station.toml may name {', '.join(models)} in "
            f"[instruments.{config.role}]"
        )
    return config


def refuse_hurry(equipment: Iterable[Equipment], clock: Clock) -> None:
    """Raise LockedError when the clock is hurried and any of `equipment` is real: only a simulation can be."""
    real = [one.role for one in equipment if not one.simulated]
    if clock.speed != 1.0 and real:
        raise LockedError(f"a hurried clock is refused with real equipment: {', '.join(real)}; run without --speed")
