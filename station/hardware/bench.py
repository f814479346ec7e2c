"""Put the bench together: fixture, DMMs and oscilloscopes, opened, identified, safe; lent in turn; safe again on every exit."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import MappingProxyType

from station.core.clock import Clock, Stop
from station.core.equipment import Equipment, named
from station.core.errors import IdentityError, InstrumentError, NoTriggerError, StationError
from station.core.fixture_file import FixtureFile
from station.hardware.fixture import Fixture
from station.hardware.infiniivision import InfiniiVision
from station.hardware.instrument import Instrument
from station.hardware.inventory import of_slot
from station.hardware.lending import Lending, Loan
from station.hardware.lent import Guard, LentDmm, LentScope
from station.hardware.nest import SlotNest
from station.hardware.routes import Routes
from station.hardware.scpi import ChangedError
from station.hardware.timer import Bracket, Drift, drift, unsound
from station.hardware.truevolt import Truevolt
from station.hardware.wiring import Wiring

NOTHING: Mapping[str, str] = MappingProxyType({})
_log = logging.getLogger(__name__)


class StationBench:
    """Everything a run may use: nests for good, instruments as loans, and the equipment for the record.

    `missing` says by name why an instrument of a pool is left out: it did not answer when the bench was opened.
    """

    def __init__(
        self,
        fixture: Fixture,
        file: FixtureFile,
        dmms: Mapping[str, Instrument[Truevolt]],
        scopes: Mapping[str, Instrument[InfiniiVision]],
        lending: Lending,
        clock: Clock,
        missing: Mapping[str, str] = NOTHING,
    ) -> None:
        self.missing = missing
        self._fixture = fixture
        self._file = file
        self._dmms = dmms
        self._scopes = scopes
        self._lending = lending
        self._buses = {
            name: bus
            for kind, names in (("dmm", dmms), ("scope", scopes))
            for name, bus in zip(named(kind, len(file.buses[kind])), file.buses[kind], strict=True)
            if name in names
        }
        self._clock = clock
        self.wiring = Wiring(fixture, dmms, scopes, self._buses, clock, len(missing))
        self._nests: dict[int, SlotNest] = {}
        self._marks: dict[int, Bracket] = {}
        self._had: dict[int, set[str]] = {}  # the instruments that a slot's run was lent
        self._voided: dict[int, str] = {}
        self._routes = Routes(fixture)

    @property
    def halted(self) -> str | None:
        """Return why no run can go on or begin (lid, E-stop, watchdog, restart, lost line, a stop of all), or None."""
        return self._fixture.fault

    def fault(self, slot: int) -> str | None:
        """Return what makes all that was measured in this slot's run worthless, or None.

        Such are an instrument that was power-cycled, swapped or moved under us, a controller that restarted, and a timer that
        disagrees with the host's clock.
        """
        if slot not in self._nests:
            return None
        return self._voided.get(slot) or self._fixture.untimed_in(self._nests[slot].session) or unsound(self.timer_drift(slot))

    def restore(self) -> None:
        """Open a new session with the fixture after a fault; raises StationError while its cause is still there.

        Runs of the old session stay over. Does nothing while there is no fault. Before the first run of all it proves how the
        instruments of a pool are wired: the halt lasts while that is wrong.
        """
        if self._fixture.fault is not None:
            self._fixture.begin()
        try:
            self.wiring.prove_pools()
        except StationError as error:
            self._fixture.halt(str(error))
            raise

    def present(self, slot: int) -> bool:
        """Return whether a unit is in a slot; it can be asked under an open lid too, where no run can."""
        return self._fixture.ask(f"SLOT? {slot}").word("present") == "1"

    def nest(self, slot: int) -> SlotNest:
        """Return slot number `slot`, bound to the fixture's session of now: ask for it afresh at the start of each run."""
        self._nests[slot] = SlotNest(self._fixture, self._file, slot, self._clock)
        self._voided.pop(slot, None)
        self._had[slot] = set()
        self.mark_timer(slot)
        return self._nests[slot]

    @contextmanager
    def dmm(self, slot: int, stop: Stop, path: str = "sense", before: float | None = None) -> Iterator[LentDmm]:
        """Lend a DMM, routed to `path` of the slot."""
        with self._lent(slot, stop, {"dmm": path}, before) as loan:
            yield self._lent_dmm(loan, slot, stop, path)

    @contextmanager
    def scope(self, slot: int, stop: Stop, before: float | None = None) -> Iterator[LentScope]:
        """Lend an oscilloscope, routed to the slot's sense resistor."""
        with self._lent(slot, stop, {"scope": "sense"}, before) as loan:
            yield self._lent_scope(loan, slot, stop)

    @contextmanager
    def both(self, slot: int, stop: Stop, before: float | None = None) -> Iterator[tuple[LentDmm, LentScope]]:
        """Lend one of each at once."""
        with self._lent(slot, stop, {"dmm": "sense", "scope": "sense"}, before) as loan:
            yield self._lent_dmm(loan, slot, stop, "sense"), self._lent_scope(loan, slot, stop)

    def _lent_dmm(self, loan: Loan, slot: int, stop: Stop, path: str) -> LentDmm:
        meter, session, bus = self._dmms[loan.lent["dmm"]], self._session_of(slot), self._buses[loan.lent["dmm"]]
        return LentDmm(
            meter.driver, meter.identity.serial, stop, Guard(loan, self._fixture, session),
            lambda: self._routes.rerouted(loan, bus, path, session),
        )  # fmt: skip

    def _lent_scope(self, loan: Loan, slot: int, stop: Stop) -> LentScope:
        scope, session = self._scopes[loan.lent["scope"]], self._session_of(slot)
        return LentScope(scope.driver, scope.identity.serial, stop, Guard(loan, self._fixture, session))

    def open_window(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        """Wait until `loans` fit into the next `seconds` s beside those of the others; return when they must have begun."""
        return self._lending.windows.open(slot, stop, seconds=seconds, loans=loans, waits=waits)

    def close_window(self, slot: int) -> None:
        """Let others have the time that was kept for the slot."""
        self._lending.windows.close(slot)

    @contextmanager
    def _lent(self, slot: int, stop: Stop, paths: Mapping[str, str], before: float | None) -> Iterator[Loan]:
        session = self._session_of(slot)
        with (
            self._usable(slot, frozenset(paths), stop, before) as loan,
            self._suspected(slot, loan.lent.values()),
            ExitStack() as routes,
        ):
            loan.begin()
            for kind, name in loan.lent.items():
                routes.enter_context(self._routes.routed(self._buses[name], slot, paths[kind], session))
            yield loan

    @contextmanager
    def _usable(self, slot: int, kinds: frozenset[str], stop: Stop, before: float | None) -> Iterator[Loan]:
        """Lend instruments that can be used; one that cannot be brought back is set aside while there are others of its kind."""
        tried: set[str] = set()
        with ExitStack() as kept:
            while True:
                loan = kept.enter_context(self._lending.turn(slot, kinds, stop, before))
                broken = self._not_ready(slot, loan, stop, tried)
                if broken is None:
                    break
                kept.close()  # and another one, in turn: nothing was measured yet in this loan
                tried.add(broken)
                _log.warning("%s is set aside: it cannot be used now", broken)
            yield loan

    def _not_ready(self, slot: int, loan: Loan, stop: Stop, tried: Collection[str]) -> str | None:
        """Make all that was lent ready; return the name of an instrument that was set aside instead, None where none was.

        Raises where one was `tried` before or is the last of its kind, and where another instrument answers for one that this run
        has measured with.
        """
        for name in loan.lent.values():
            try:
                with self._suspected(slot, [name]):
                    self._instrument(name).ready(stop)
            except InstrumentError as error:
                tainted = isinstance(error, ChangedError | IdentityError) and name in self._had.get(slot, ())
                if tainted or name in tried or not self._lending.set_aside(name):
                    raise
                return name
            self._lending.is_back(name)
            self._had.setdefault(slot, set()).add(name)
        return None

    def _session_of(self, slot: int) -> int:
        return (self._nests.get(slot) or self.nest(slot)).session

    def _instrument(self, name: str) -> Instrument[Truevolt] | Instrument[InfiniiVision]:
        return self._dmms[name] if name in self._dmms else self._scopes[name]

    @contextmanager
    def _suspected(self, slot: int, names: Collection[str]) -> Iterator[None]:
        try:
            yield
        except NoTriggerError:
            raise
        except InstrumentError as error:
            if isinstance(error, ChangedError | IdentityError) and self._had.get(slot, set()) & set(names):
                self._voided[slot] = str(error)
            for name in names:
                self._instrument(name).suspect(str(error))
            raise

    def mark_timer(self, slot: int) -> None:
        """Remember the fixture's and the host's time now, for `timer_drift` of this slot."""
        self._marks[slot] = self._fixture.bracket()

    def timer_drift(self, slot: int) -> Drift:
        """Return how the fixture's timer ran against the host's clock since `mark_timer` of this slot."""
        return drift(self._marks[slot], self._fixture.bracket())

    def equipment(self, slot: int) -> tuple[Equipment, ...]:
        """Return what may measure in this slot: DMMs, oscilloscopes, fixture timer, sense resistors."""
        meters, scopes = (one.equipment() for one in self._dmms.values()), (one.equipment() for one in self._scopes.values())
        return (*meters, *scopes, *of_slot(self._file, self._fixture.identity, slot))

    def halt(self, reason: str) -> None:
        """End every run because of `reason`, then make all safe: no verb of a run that has not heard of it energises it again."""
        self._fixture.halt(reason)
        self.safe()

    def safe(self) -> None:
        """Bring every slot to its safe state and open all buses."""
        self._fixture.ask("SAFE all")
        for buses in self._file.buses.values():
            for bus in buses:
                self._routes.open(bus)
