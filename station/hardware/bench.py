"""Put the bench together: fixture, DMM and oscilloscope, opened, identified, safe; lent in turn; safe again on every exit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from station.core.clock import Clock, Stop
from station.core.errors import IdentityError, InstrumentError, NoTriggerError, StationError
from station.core.fixture_file import FixtureFile
from station.core.instruments import Certificate, Equipment, Witness
from station.hardware.fixture import Fixture
from station.hardware.infiniivision import InfiniiVision
from station.hardware.instrument import Instrument
from station.hardware.lending import Lending, Loan
from station.hardware.lent import LentDmm, LentScope
from station.hardware.nest import SlotNest
from station.hardware.scpi import ChangedError
from station.hardware.timer import Bracket, Drift, drift, unsound
from station.hardware.truevolt import Truevolt


class StationBench:
    """Everything a run may use: nests for good, instruments as loans, and the equipment for the record."""

    def __init__(
        self,
        fixture: Fixture,
        file: FixtureFile,
        dmm: Instrument[Truevolt],
        scope: Instrument[InfiniiVision],
        lending: Lending,
        clock: Clock,
    ) -> None:
        self._fixture = fixture
        self._file = file
        self._dmm = dmm
        self._scope = scope
        self._lending = lending
        self._clock = clock
        self._nests: dict[int, SlotNest] = {}
        self._marks: dict[int, Bracket] = {}
        self._voided: dict[int, str] = {}
        self._stuck: set[str] = set()

    @property
    def halted(self) -> str | None:
        """Return why no run can go on or begin (lid, E-stop, watchdog, restart, lost line), or None."""
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

        Runs of the old session stay over. Does nothing while there is no fault.
        """
        if self._fixture.fault is not None:
            self._fixture.begin()

    def nest(self, slot: int) -> SlotNest:
        """Return slot number `slot`, bound to the fixture's session of now: ask for it afresh at the start of each run."""
        self._nests[slot] = SlotNest(self._fixture, self._file, slot, self._clock)
        self._voided.pop(slot, None)
        self.mark_timer(slot)
        return self._nests[slot]

    @contextmanager
    def dmm(self, slot: int, stop: Stop, path: str = "sense", before: float | None = None) -> Iterator[LentDmm]:
        """Lend the DMM, routed to `path` of the slot."""
        with self._lent(slot, stop, {"dmm": path}, before) as guard:
            yield LentDmm(self._dmm.driver, stop, guard)

    @contextmanager
    def scope(self, slot: int, stop: Stop, before: float | None = None) -> Iterator[LentScope]:
        """Lend the oscilloscope, routed to the slot's sense resistor."""
        with self._lent(slot, stop, {"scope": "sense"}, before) as guard:
            yield LentScope(self._scope.driver, stop, guard)

    @contextmanager
    def both(self, slot: int, stop: Stop, before: float | None = None) -> Iterator[tuple[LentDmm, LentScope]]:
        """Lend both at once."""
        with self._lent(slot, stop, {"dmm": "sense", "scope": "sense"}, before) as guard:
            yield LentDmm(self._dmm.driver, stop, guard), LentScope(self._scope.driver, stop, guard)

    def open_window(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        """Wait until `loans` fit into the next `seconds` s beside those of the others; return when they must have begun."""
        return self._lending.windows.open(slot, stop, seconds=seconds, loans=loans, waits=waits)

    def close_window(self, slot: int) -> None:
        """Let others have the time that was kept for the slot."""
        self._lending.windows.close(slot)

    @contextmanager
    def _lent(self, slot: int, stop: Stop, paths: Mapping[str, str], before: float | None) -> Iterator[Callable[[], None]]:
        session, wanted = self._session_of(slot), frozenset(paths)
        with self._lending.turn(slot, wanted, stop, before) as loan, self._suspected(slot, paths), ExitStack() as routes:
            for role in paths:
                self._instrument(role).ready(stop)
            loan.begin()
            for role, path in paths.items():
                routes.enter_context(self._routed(self._file.buses[role], slot, path, session))
            yield lambda: self._guard(loan, session)

    def _session_of(self, slot: int) -> int:
        return (self._nests.get(slot) or self.nest(slot)).session

    def _instrument(self, role: str) -> Instrument[Truevolt] | Instrument[InfiniiVision]:
        return self._dmm if role == "dmm" else self._scope

    def _guard(self, loan: Loan, session: int) -> None:
        loan.check()
        self._fixture.ask("PING", session)

    @contextmanager
    def _routed(self, bus: str, slot: int, path: str, session: int) -> Iterator[None]:
        if bus in self._stuck:
            self._unroute(bus)
        try:
            self._fixture.ask(f"ROUTE {bus} {slot} {path}", session)
            self._fixture.ask(f"SYNC {bus} {slot}", session)
            yield
        except BaseException as error:
            even_so(error, lambda: self._unroute(bus))
            raise
        self._unroute(bus)

    def _unroute(self, bus: str) -> None:
        self._stuck.add(bus)
        self._fixture.ask(f"ROUTE {bus} off")
        self._stuck.discard(bus)

    @contextmanager
    def _suspected(self, slot: int, roles: Mapping[str, str]) -> Iterator[None]:
        try:
            yield
        except NoTriggerError:
            raise
        except InstrumentError as error:
            if isinstance(error, ChangedError | IdentityError):
                self._voided[slot] = str(error)
            for role in roles:
                self._instrument(role).suspect(str(error))
            raise

    def mark_timer(self, slot: int) -> None:
        """Remember the fixture's and the host's time now, for `timer_drift` of this slot."""
        self._marks[slot] = self._fixture.bracket()

    def timer_drift(self, slot: int) -> Drift:
        """Return how the fixture's timer ran against the host's clock since `mark_timer` of this slot."""
        return drift(self._marks[slot], self._fixture.bracket())

    def equipment(self, slot: int) -> tuple[Equipment, ...]:
        """Return what measures in this slot: DMM, oscilloscope, fixture timer, sense resistors."""
        resistors = (
            self._equipment(f"sense resistor, slot {slot}, load {load:g} ohm", sense.certificate)
            for (number, load), sense in sorted(self._file.sense.items())
            if number == slot
        )
        shunts = (
            self._equipment(f"battery resistor, slot {slot}, {path}", shunt.certificate)
            for (number, path), shunt in sorted(self._file.shunts.items())
            if number == slot
        )
        clock = "fixture timer" if self._file.timer.witness is Witness.COMPARATOR else "host's clock"
        timer = self._equipment(clock, self._file.timer.certificate)
        return (self._dmm.equipment(), self._scope.equipment(), timer, *resistors, *shunts)

    def _equipment(self, role: str, certificate: Certificate) -> Equipment:
        who = self._fixture.identity
        calibrated, due = certificate.calibrated.isoformat(), certificate.due.isoformat()
        return Equipment(role, who.maker, who.model, who.serial, who.firmware, certificate.number, calibrated, due, who.simulated)

    def safe(self) -> None:
        """Bring every slot to its safe state and open all buses."""
        self._fixture.ask("SAFE all")
        for bus in self._file.buses.values():
            self._unroute(bus)


def even_so(error: BaseException, act: Callable[[], None]) -> None:
    """Do `act` although `error` is on its way; what goes wrong now is noted on it and does not replace it."""
    try:
        act()
    except StationError as second:
        error.add_note(f"and then: {second}")
