"""Turn a step's verbs on one slot into the fixture's requests: seconds and ohms here, microseconds and words on the line."""

from station.core.clock import Clock, Stop
from station.core.equipment import Contact, PulseLog, Sense, Witness
from station.core.errors import InstrumentError, SequenceError
from station.core.fixture_file import FixtureFile
from station.hardware.fixture import Fixture
from station.hardware.replies import Reply
from station.hardware.uart import Uart

_KEYS = {"start": True, "level": True, "stop": False, "haptic": False}
_LEVELS = (1, 2, 3)
_SAFE = ("open", "0", "-")  # load, charger and buses as a slot reads back that is safe
_LATEST = 60.0  # s ahead of which the fixture takes a press


class SlotNest:
    """One slot, bound to the session of the fixture in which its run began: when that is over, every verb says why."""

    def __init__(self, fixture: Fixture, file: FixtureFile, number: int, clock: Clock) -> None:
        self._fixture = fixture
        self._file = file
        self._session = fixture.session
        self._load: float | None = None
        self._opens: int | None = None  # losses of contact before the last ARM of this run, None before its first
        self._uart = Uart(self._ask, number, clock)
        self.number = number
        fixture.refuse_over(self._session)

    @property
    def session(self) -> int:
        """Return the session of the fixture that this nest belongs to."""
        return self._session

    @property
    def sense(self) -> Sense:
        """Return the certified sense resistor of the closed load."""
        if self._load is None:
            raise SequenceError(f"slot {self.number} has no load closed; connect one before measuring")
        return self._file.sense[self.number, self._load]

    def shunt(self, path: str) -> Sense:
        """Return the certified resistor in the battery lead that the DMM's `path` lies over."""
        if (self.number, path) not in self._file.shunts:
            raise SequenceError(f"the fixture has no resistor on the path {path!r} of slot {self.number}")
        return self._file.shunts[self.number, path]

    @property
    def comparator(self) -> float:
        """Return the current in A above which the fixture sees a pulse."""
        return self._file.comparator

    @property
    def witness(self) -> Witness:
        """Return who times the shut-off."""
        return self._file.timer.witness

    @property
    def timer_accuracy(self) -> float:
        """Return the standard uncertainty of the witness's clock as a fraction of the time."""
        return self._file.timer.accuracy

    def connect(self, *, load: float) -> float:
        """Close the load of `load` ohm and read the relays back; return when, in s of the fixture's clock."""
        if (self.number, float(load)) not in self._file.sense:
            raise SequenceError(f"the fixture has no load of {load:g} ohm in slot {self.number}")
        self._load = None
        moved = self._switch(f"{round(load)}")
        self._load = float(load)
        return moved

    def disconnect(self) -> None:
        """Open the load."""
        self._load = None
        self._switch("open")

    def _switch(self, load: str) -> float:
        moved = self._ask(f"LOAD {self.number} {load}").seconds("t")
        seen = self._ask(f"SLOT? {self.number}").word("load")
        if seen != load:
            raise InstrumentError(
                f"slot {self.number}: load {load} was asked for, the relays read back {seen}; service the fixture"
            )
        return moved

    def press(self, key: str, *, level: int | None = None) -> float:
        """Press a key: `start` and `level` with the level wanted, `stop`, `haptic`; return when, in s of the fixture's clock."""
        if key not in _KEYS or _KEYS[key] != (level is not None) or level not in (None, *_LEVELS):
            raise SequenceError(f"there is no key {key!r} with level {level}")
        words = f"KEY {self.number} {key}" + (f" {level}" if level else "")
        return self._fixture.ask(words, None if key == "stop" else self._session).seconds("t")

    def press_later(self, key: str, *, after: float) -> None:
        """Let the fixture press `haptic` in `after` s, with an edge on the SYNC of the buses that are routed to the slot."""
        if key != "haptic" or not 0.0 < after <= _LATEST:
            raise SequenceError(f"there is no key {key!r} that the fixture presses in {after:g} s")
        self._ask(f"KEY {self.number} {key} {round(after * 1e6)}")

    def charger(self, *, on: bool) -> None:
        """Apply or remove VBUS."""
        self._ask(f"CHARGER {self.number} {'on' if on else 'off'}")

    def contact(self) -> Contact:
        """Return whether a unit is present and touches, and how often the needles lost it since the first `arm`."""
        reply = self._ask(f"SLOT? {self.number}")
        return Contact(reply.word("present") == "1", reply.word("contact") == "1", self._lost(reply))

    def arm(self, *, gap: float) -> None:
        """Clear the pulse log and start logging; no pulse for `gap` s means off.

        The fixture forgets its count of lost contacts with ARM; a run must not: whoever changed the unit in between would pass
        another one under the first one's serial. So the count, which the reply tells, goes on from the run's first `arm`.
        """
        reply = self._ask(f"ARM {self.number} {round(gap * 1e6)}")
        self._opens = 0 if self._opens is None else self._opens + reply.whole("opens")

    def _lost(self, reply: Reply) -> int:
        return (self._opens or 0) + reply.whole("opens")

    def pulses(self) -> PulseLog:
        """Return the pulse log, in s of the fixture's clock."""
        reply = self._ask(f"PULSES? {self.number}")
        first, last = reply.maybe_seconds("first"), reply.maybe_seconds("last")
        count, after = reply.whole("count"), reply.whole("after")
        return PulseLog(reply.word("state"), first, last, count, after, self._lost(reply), reply.seconds("t"))

    def await_off(self, seconds: float, stop: Stop) -> None:
        """Wait until the fixture tells that the unit went off, at most `seconds`; the news may get lost."""
        self._fixture.await_off(self.number, self._session, seconds, stop)

    def loopback(self) -> bool:
        """Return whether the slot's UART passes its own self test."""
        return self._ask(f"LOOP {self.number}").word("loop") == "pass"

    def tell(self, line: str, *, patience: float = 0.5) -> str | None:
        """Send `line` to the unit and return its answer, or None when it stays silent for `patience` s."""
        return self._uart.tell(line, patience)

    def temperature(self) -> float:
        """Return the temperature at the slots in degC."""
        self._fixture.refuse_over(self._session)
        word = self._fixture.ping().word("temp")
        try:
            return float(word)
        except ValueError:
            raise InstrumentError(f"the fixture's temperature is {word!r}; service its sensor") from None

    def safe(self) -> None:
        """Bring the slot to its safe state and read it back; possible whatever has happened, as long as the line holds."""
        self._load = None
        self._fixture.ask(f"SAFE {self.number}")
        seen = self._fixture.ask(f"SLOT? {self.number}")
        if (seen.word("load"), seen.word("charger"), seen.word("buses")) != _SAFE:
            raise InstrumentError(
                f"slot {self.number} was told to be safe and reads back load {seen.word('load')}, "
                f"charger {seen.word('charger')}, buses {seen.word('buses')}; take the unit out, and service the fixture"
            )

    def _ask(self, body: str) -> Reply:
        return self._fixture.ask(body, self._session)
