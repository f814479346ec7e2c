"""Prove that each instrument hangs on the fixture's bus that the documents name: a crossed pair would measure each other's unit.

A bus that is turned to its zero is shorted: the meter on it sees that, and no other one. A SYNC line that is raised for a moment
triggers the instrument on it, and no other one. Neither needs a unit. That an oscilloscope's input hangs on its bus shows nowhere
without a unit: only its trigger is proven.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from station.core.clock import Clock, Stop
from station.core.errors import InterlockError, RefusedError, WiringError
from station.hardware.fixture import Fixture
from station.hardware.polling import poll
from station.hardware.scpi_text import Identity

_SHORT = 1e3  # ohm: relays and leads have less than 1, an open bus more than any range
_SLOT = 1  # whose zero a bus is turned to
_PATIENCE = 1.0  # s for an edge that goes over a wire
_SETTLING = 0.05  # s that a meter's relays need before it hears a trigger
_READING = 0.05  # s that the reading at an edge takes


class Hearing(Protocol):
    """What the driver of any instrument with a trigger offers."""

    def await_edge(self, stop: Stop) -> None:
        """Be triggered by the next edge on SYNC."""
        ...

    def saw_edge(self) -> bool:
        """Return whether that edge has come."""
        ...

    def rest(self) -> None:
        """Wait for nothing any more."""
        ...


class Meter(Hearing, Protocol):
    """What the driver of a meter offers besides."""

    def resistance(self, stop: Stop) -> float:
        """Return what lies across the terminals, in ohm."""
        ...


_Driver_co = TypeVar("_Driver_co", bound=Hearing, covariant=True)


class Wired(Protocol[_Driver_co]):
    """An instrument that is open."""

    @property
    def driver(self) -> _Driver_co:
        """Return its driver of now: it is another one after trouble."""
        ...

    @property
    def identity(self) -> Identity:
        """Return who it says that it is."""
        ...


Seen = Mapping[str, tuple[str, ...]]
"""By instrument: the buses at which it saw what one bus alone was to show; "" is none."""


@dataclass(slots=True)
class Wiring:
    """The cables between instruments and fixture; `buses` says by name on which bus each instrument is to hang.

    `missing` counts the instruments that are left out: what is there may hang on the bus of one of them. `is_proven`
    says whether the pools were: what there is only one of cannot be crossed, and is proven when somebody asks.
    """

    fixture: Fixture
    dmms: Mapping[str, Wired[Meter]]
    scopes: Mapping[str, Wired[Hearing]]
    buses: Mapping[str, str]
    clock: Clock
    missing: int = field(default=0)
    is_proven: bool = field(default=False)

    def prove_pools(self) -> None:
        """Prove the kinds of which there are several, once; nothing may be lent meanwhile. Raises WiringError."""
        if not self.is_proven:
            self._prove(dmms=len(self.dmms) + self.missing > 1, scopes=len(self.scopes) + self.missing > 1)
            self.is_proven = True

    def prove_all(self) -> str:
        """Prove what can be proven, and say what was; nothing may be lent meanwhile. Raises WiringError."""
        self._prove(dmms=True, scopes=True)
        inputs = ", ".join(f"{name} on {self.buses[name]}" for name in self.dmms)
        triggers = ", ".join(f"{name} by {self.buses[name]}" for name in (*self.dmms, *self.scopes))
        return f"inputs: {inputs}; triggers: {triggers}; not proven without a unit: the input of {' and '.join(self.scopes)}"

    def _prove(self, *, dmms: bool, scopes: bool) -> None:
        stop, faults = self.clock.stop(), list[str]()
        if dmms:
            faults += self._faults("input", self._inputs(stop))
            faults += self._faults("trigger", self._triggers(self.dmms, stop))
        if scopes:
            faults += self._faults("trigger", self._triggers(self.scopes, stop))
        if faults:
            raise WiringError(f"cables are not where the documents say: {'; '.join(faults)}. Then run `station doctor`")

    def _inputs(self, stop: Stop) -> Seen:
        seen: dict[str, tuple[str, ...]] = dict.fromkeys(self.dmms, ())
        for bus in ("", *(self.buses[name] for name in self.dmms)):
            with self._shorted(bus):
                for name, meter in self.dmms.items():
                    if meter.driver.resistance(stop) < _SHORT:
                        seen[name] += (bus,)
        return seen

    @contextmanager
    def _shorted(self, bus: str) -> Iterator[None]:
        if not bus:
            yield
            return
        try:
            self._ask(f"ROUTE {bus} {_SLOT} zero")
            yield
        finally:
            self.fixture.ask(f"ROUTE {bus} off")

    def _triggers(self, instruments: Mapping[str, Wired[Hearing]], stop: Stop) -> Seen:
        seen: dict[str, tuple[str, ...]] = dict.fromkeys(instruments, ())
        drivers = {name: one.driver for name, one in instruments.items()}
        for own, its in drivers.items():
            for driver in drivers.values():
                driver.await_edge(stop)
            self.clock.wait(_SETTLING, stop)
            self._ask(f"SYNC {self.buses[own]} pulse")
            heard = {own} if poll(self.clock, stop, its.saw_edge, expected=_READING, patience=_PATIENCE) else set()
            heard |= {name for name, driver in drivers.items() if driver is not its and driver.saw_edge()}
            for name in heard:
                seen[name] += (self.buses[own],)
        for driver in drivers.values():
            driver.rest()
        return seen

    def _ask(self, body: str) -> None:
        try:
            self.fixture.ask(body, self.fixture.session)
        except (RefusedError, InterlockError) as error:
            if self.fixture.fault is not None:
                raise
            raise WiringError(
                f"how the instruments are wired cannot be proven: {error}. The fixture's firmware must turn a bus to zero where "
                "there is no unit, and know SYNC pulse: fixtures/README.md"
            ) from error

    def _faults(self, what: str, seen: Seen) -> list[str]:
        wrong = {name: buses for name, buses in seen.items() if buses != (self.buses[name],)}
        owner = {bus: name for name, bus in self.buses.items()}
        swapped = {name: owner[buses[0]] for name, buses in wrong.items() if len(buses) == 1 and buses[0] in owner}
        crossed = [(one, other) for one, other in swapped.items() if one < other and swapped.get(other) == one]
        alone = set(wrong) - {name for pair in crossed for name in pair}
        return [
            *(self._crossed(what, *pair) for pair in crossed),
            *(self._fault(what, name, wrong[name]) for name in sorted(alone)),
        ]

    def _crossed(self, what: str, one: str, other: str) -> str:
        named = f"the {what}s of {self._named(one)} and {self._named(other)} are crossed"
        hang = f"{one} hangs on {self.buses[one]} and {other} on {self.buses[other]}"
        return f"{named}: swap their two {what} cables, so that {hang}"

    def _fault(self, what: str, name: str, buses: tuple[str, ...]) -> str:
        own = self.buses[name]
        if "" in buses:
            return f"the {what} of {self._named(name)} is shorted although no bus is: look at its cable"
        found = f"shows on {' and '.join(buses)}" if buses else "shows on no bus"
        return f"the {what} of {self._named(name)} {found}: plug its {what} cable in at {own}, and nothing else there"

    def _named(self, name: str) -> str:
        serial = {**self.dmms, **self.scopes}[name].identity.serial
        return f"{name} (serial {serial})"
