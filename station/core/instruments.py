"""Say what a step may ask of a nest, a DMM, an oscilloscope and the bench that lends them: verbs and SI units, no model names."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from station.core.clock import Stop
from station.core.equipment import Contact, Equipment, PulseLog, Sense, Witness
from station.core.uncertainty import Reading
from station.core.waveform import Waveform


class Nest(Protocol):
    """One slot of the fixture and the unit in it. Every verb raises InterlockError when lid, E-stop or watchdog made it safe."""

    @property
    def number(self) -> int:
        """Return the slot's number, from 1."""
        ...

    @property
    def sense(self) -> Sense:
        """Return the sense resistor of the load that is closed; raises SequenceError while none is."""
        ...

    def shunt(self, path: str) -> Sense:
        """Return the resistor in the battery lead that the DMM's `path` (shunt1, shunt1k) lies over."""
        ...

    @property
    def comparator(self) -> float:
        """Return the output current in A above which the fixture's comparator sees a pulse."""
        ...

    @property
    def witness(self) -> Witness:
        """Return who times the shut-off."""
        ...

    @property
    def timer_accuracy(self) -> float:
        """Return the standard uncertainty of the clock of that witness, as a fraction of the time."""
        ...

    def connect(self, *, load: float) -> float:
        """Close the load of `load` ohm, make before break; return when, in s of the fixture's clock."""
        ...

    def disconnect(self) -> None:
        """Open the load."""
        ...

    def press(self, key: str, *, level: int | None = None) -> float:
        """Press `start`, `level` (each with the level wanted), `stop` or `haptic`; return when, in s of the log's clock."""
        ...

    def press_later(self, key: str, *, after: float) -> None:
        """Let the fixture press `haptic` in `after` s, with an edge on SYNC: for what must be measured at that very moment."""
        ...

    def charger(self, *, on: bool) -> None:
        """Apply or remove VBUS."""
        ...

    def contact(self) -> Contact:
        """Return whether a unit is present and touches, and how often the needles lost it since `arm`."""
        ...

    def arm(self, *, gap: float) -> None:
        """Clear the pulse log and start logging; no pulse for `gap` s means off."""
        ...

    def pulses(self) -> PulseLog:
        """Return the pulse log."""
        ...

    def await_off(self, seconds: float, stop: Stop) -> None:
        """Wait until the fixture tells that the unit went off, at most `seconds`; news may get lost, the pulse log does not."""
        ...

    def loopback(self) -> bool:
        """Return whether the slot's UART passes its own self test."""
        ...

    def tell(self, line: str, *, patience: float = 0.5) -> str | None:
        """Send `line` to the unit's service UART and return its answer, or None when it stays silent for `patience` s."""
        ...

    def temperature(self) -> float:
        """Return the temperature at the slots in degC."""
        ...

    def safe(self) -> None:
        """Bring the slot to its safe state: unit off, load open, charger off."""
        ...


class Dmm(Protocol):
    """A multimeter routed to the slot; readings are in V, with the instrument's own budget (specification, scatter)."""

    @property
    def serial(self) -> str:
        """Return which one it is: what two readings of one meter share, those of two meters do not."""
        ...

    @property
    def input_ohm(self) -> float:
        """Return the input resistance in ohm, which loads what is measured."""
        ...

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        """Return the mean of `count` readings of at least `aperture` s each, on the smallest range that holds `range` V."""
        ...

    def zero_voltage(self, *, range: float, count: int = 1) -> Reading:
        """Return what the relays of the path make by themselves, as this meter reads it: shorted at the slot meanwhile."""
        ...

    def triggered_voltage(
        self, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
        """Return the mean of `count` readings, each of `aperture` s begun `delay` s after an edge on SYNC.

        `aperture` is an upper bound: the driver takes the longest integration that fits in. Raises NoTriggerError when
        the edges do not come within `patience` s. None are looked for in the first `after` s.
        """
        ...

    def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
        """Return the true RMS of the AC part of a signal that has no component below `lowest` Hz, settled."""
        ...


class Scope(Protocol):
    """An oscilloscope routed to the slot."""

    @property
    def serial(self) -> str:
        """Return which one it is."""
        ...

    @property
    def input_ohm(self) -> float:
        """Return the input resistance in ohm, which loads what is measured."""
        ...

    @property
    def gain_accuracy(self) -> float:
        """Return the standard uncertainty of the vertical gain, as a fraction of the reading."""
        ...

    @property
    def offset_accuracy(self) -> float:
        """Return the standard uncertainty of the vertical offset, as a fraction of full scale (both polarities together)."""
        ...

    @property
    def time_accuracy(self) -> float:
        """Return the standard uncertainty of the time base, as a fraction of the time."""
        ...

    def arm(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000) -> None:
        """Wait for the next edge on SYNC: a record of `span` s, `before` s of it earlier, holding +-`peak` V."""
        ...

    def read(self, *, patience: float) -> Waveform:
        """Return the record that `arm` asked for; raises NoTriggerError when no edge came within `patience` s."""
        ...

    def capture(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000, patience: float) -> Waveform:
        """Arm and read: `span` s, `before` s of it earlier than the edge that comes within `patience` s, holding +-`peak` V."""
        ...

    def look(self, *, span: float, peak: float, points: int = 100_000) -> Waveform:
        """Return a record of `span` s that holds +-`peak` V, taken at once, triggered by nothing."""
        ...


class Bench(Protocol):
    """Everything a run may use; instruments are lent: a turn plus the closed relay, given back at the end of the `with`.

    `before` is the moment of the line's clock (s) by which a loan must have begun: who might miss it goes first, and who misses
    it gets a LoanError.
    """

    def nest(self, slot: int) -> Nest:
        """Return slot number `slot`."""
        ...

    def dmm(self, slot: int, stop: Stop, path: str = "sense", before: float | None = None) -> AbstractContextManager[Dmm]:
        """Lend a DMM, any that is free, routed to `path` (sense, zero, battery, shunt1, shunt1k) of the slot."""
        ...

    def scope(self, slot: int, stop: Stop, before: float | None = None) -> AbstractContextManager[Scope]:
        """Lend an oscilloscope, any that is free, routed to the slot's sense resistor."""
        ...

    def both(self, slot: int, stop: Stop, before: float | None = None) -> AbstractContextManager[tuple[Dmm, Scope]]:
        """Lend one of each at once, for a step that needs both."""
        ...

    def open_window(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        """Wait until `loans` fit into the next `seconds` s beside those of the others; return when they must have begun.

        `loans` says how many of each kind (dmm, scope) are needed. `waits` is told when that cannot be at once, and in about how
        many s it will be; and 0 once it was.
        """
        ...

    def close_window(self, slot: int) -> None:
        """Say that the slot needs no loan any more that must have begun by a certain moment; does nothing where none was said."""
        ...

    def fault(self, slot: int) -> str | None:
        """Return what makes all that was measured in this slot's run worthless, or None.

        Such are a fixture timer that disagrees with the host's clock, an instrument that was power-cycled or whose settings
        changed under us, a controller that restarted.
        """
        ...

    def equipment(self, slot: int) -> tuple[Equipment, ...]:
        """Return what may measure in this slot: DMMs, oscilloscopes, fixture timer, sense resistors."""
        ...
