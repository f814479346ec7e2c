"""The trigger system of a Truevolt: idle, waiting for a trigger, measuring; it works its readings through in time."""

from collections.abc import Callable, Iterator

from station.simulator.meter.converter import RANGE_CHANGE_S, Converter, Moment
from station.simulator.meter.setup import Setup
from station.simulator.ports import Terminals
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice, Real, Switch, Whole
from station.simulator.scpi.numbers import OVERLOAD
from station.simulator.scpi.settings import Settings

LOOK_EVERY_S = 0.005  # how often the external trigger is looked at; the edges found keep their own times
_MOST = 1_000_000


class TriggerSettings:
    """How triggers and samples are counted, and how long after a trigger a reading begins."""

    def __init__(self, settings: Settings) -> None:
        self.source = settings.add("TRIGger:SOURce", Choice("IMM", ("IMMediate", "BUS", "EXTernal")))
        self.count = settings.add("TRIGger:COUNt", Real(1, 1, _MOST, words={"INFinity": OVERLOAD}))
        self.slope = settings.add("TRIGger:SLOPe", Choice("NEG", ("POSitive", "NEGative")))
        self.delay = settings.add("TRIGger:DELay", Real(0, 0, 3600, "S"), changed=self._typed)
        self.auto_delay = settings.add("TRIGger:DELay:AUTO", Switch(True))
        self.samples = settings.add("SAMPle:COUNt", Whole(1, 1, _MOST))

    def settle_again(self) -> None:
        """Bring the automatic delay back, as a change of integration time or filter does."""
        self.auto_delay.value = True

    def _typed(self) -> None:
        self.auto_delay.value = False


class TriggerSystem:
    """Runs from `initiate` until all readings are taken; `setup` tells how, `taken` is given each reading."""

    def __init__(
        self,
        settings: TriggerSettings,
        terminals: Terminals,
        converter: Converter,
        setup: Callable[[], Setup],
        taken: Callable[[float], None],
    ) -> None:
        self._settings = settings
        self._terminals = terminals
        self._converter = converter
        self._setup = setup
        self._taken = taken
        self._relays: tuple[str, float] | None = None
        self.abort()

    @property
    def busy(self) -> bool:
        """Readings are under way or a trigger is waited for."""
        return self._triggers_left > 0

    @property
    def waiting(self) -> bool:
        """A trigger is waited for."""
        return self._reading is None and self._triggers_left > 0

    def abort(self) -> None:
        """Return to idle; a reading under way is lost."""
        self._triggers_left = 0.0
        self._samples_left = 0
        self._reading: Iterator[Moment] | None = None
        self._due = 0.0

    def initiate(self, now: float) -> None:
        """Leave idle at `now`; -213 when it was left before."""
        if self.busy:
            raise ScpiError(-213)
        self._triggers_left = self._settings.count.value
        self._armed = now + self._switching()
        self.advance(now)

    def bus(self, now: float) -> None:
        """Take a trigger from the bus at `now`; -211 when none is waited for."""
        if not self.waiting or self._settings.source.value != "BUS":
            raise ScpiError(-211)
        self._trigger(max(now, self._armed))

    def advance(self, now: float) -> None:
        """Do all that is due by `now`, each at its own moment."""
        while self._triggers_left > 0:
            if self._reading is None and not self._triggered(now):
                return
            if self._due > now:
                return
            self._go_on()

    def look(self, now: float) -> None:
        """Notice an external trigger that has come by `now`; its readings begin at its own moment."""
        if self.waiting and self._settings.source.value == "EXT":
            self._triggered(now)

    def due(self) -> float | None:
        """Return when the next step of a reading is due, in seconds, or None."""
        return self._due if self.busy and not self.waiting else None

    def wake(self) -> float | None:
        """Return when to go on, in seconds, or None when only a command can bring that about."""
        if not self.busy:
            return None
        if not self.waiting:
            return self._due
        return self._armed + LOOK_EVERY_S if self._settings.source.value == "EXT" else None

    def _switching(self) -> float:
        """Return how long the input relays need since the last reading, in seconds."""
        relays = (self._setup().function.name, self._setup().used.full_scale)
        moved, self._relays = self._relays not in {None, relays}, relays
        return RANGE_CHANGE_S if moved else 0.0

    def _triggered(self, now: float) -> bool:
        """Look for the trigger up to `now`; begin its readings when it came."""
        if self._settings.source.value == "IMM":
            self._trigger(self._armed)
        elif self._settings.source.value == "EXT" and now > self._armed:
            edges = self._terminals.triggers(self._armed, now)
            self._armed = now
            if edges:
                self._trigger(edges[0])
        return not self.waiting

    def _trigger(self, moment: float) -> None:
        self._samples_left = self._settings.samples.value
        self._begin(moment)

    def _begin(self, moment: float) -> None:
        """Begin a reading whose delay starts at `moment`."""
        auto = self._settings.auto_delay.value
        delay = self._converter.delay(self._setup()) if auto else self._settings.delay.value
        self._reading = self._converter.reading(self._setup(), moment + delay)
        self._due = next(self._reading).time

    def _go_on(self) -> None:
        """Take the next step of the reading; at its end begin the next one or count the trigger."""
        if self._reading is None:
            return
        step = next(self._reading)
        if step.value is None:
            self._due = step.time
            return
        self._taken(step.value)
        self._samples_left -= 1
        if self._samples_left > 0:
            self._begin(self._due)
            return
        self._reading = None
        self._triggers_left -= 1
        self._armed = self._due
