"""Close the relays that lead a bus to a slot for as long as a loan lasts, and open them behind it, whatever happened."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from station.core.errors import StationError
from station.hardware.fixture import Fixture
from station.hardware.lending import Loan

_log = logging.getLogger(__name__)


class Routes:
    """The buses of a fixture; one that did not open is opened before it is led to another slot."""

    def __init__(self, fixture: Fixture) -> None:
        self._fixture = fixture
        self._stuck: set[str] = set()

    @contextmanager
    def routed(self, bus: str, slot: int, path: str, session: int) -> Iterator[None]:
        """Lead `bus` to `path` of a slot while the `with` lasts, and its trigger with it."""
        if bus in self._stuck:
            self.open(bus)
        try:
            self._fixture.ask(f"ROUTE {bus} {slot} {path}", session)
            self._fixture.ask(f"SYNC {bus} {slot}", session)
            yield
        except BaseException as error:
            even_so(error, lambda: self.open(bus))
            raise
        self.open(bus)

    @contextmanager
    def rerouted(self, loan: Loan, bus: str, path: str, session: int) -> Iterator[None]:
        """Turn a bus that is routed to `path` to the zero of the same relays meanwhile; the loan is over when that fails."""
        try:
            self._fixture.ask(f"ROUTE {bus} {loan.slot} zero", session)
            yield
            self._fixture.ask(f"ROUTE {bus} {loan.slot} {path}", session)
        except BaseException:
            loan.over = True  # whoever goes on all the same must not measure the zero for a unit without output
            raise

    def open(self, bus: str) -> None:
        """Open all relays of `bus`."""
        self._stuck.add(bus)
        self._fixture.ask(f"ROUTE {bus} off")
        self._stuck.discard(bus)


def even_so(error: BaseException, act: Callable[[], None]) -> None:
    """Do `act` although `error` is on its way; what goes wrong now is told, noted on it, and does not replace it."""
    try:
        act()
    except StationError as second:
        _log.error("and then: %s", second)
        error.add_note(f"and then: {second}")
