"""Be the slot that a nominal unit sits in: keys, loads, charger, comparator and UART, as the fixture would."""

from collections.abc import Mapping

import numpy as np

from station.core.clock import Stop
from station.core.equipment import Contact, PulseLog, Sense
from station.core.errors import SequenceError
from station.core.fixture_file import FixtureFile
from station.products.on_paper.unit import Nominal

_TOLD = 0.05  # s until the news has come that the unit is off


class PaperNest:
    """The slot that it sits in."""

    def __init__(self, unit: Nominal, file: FixtureFile, answers: Mapping[str, str], number: int) -> None:
        self.number = number
        self._unit = unit
        self._file = file
        self._answers = answers
        self.comparator = file.comparator
        self.timer_accuracy = file.timer.accuracy
        self.witness = file.timer.witness

    @property
    def sense(self) -> Sense:
        """Return the sense resistor of the load that is closed."""
        if self._unit.load is None:
            raise SequenceError("no load is closed")
        return self._unit.resistor(self._unit.load)

    def shunt(self, path: str) -> Sense:
        """Return the resistor in the battery lead that `path` lies over."""
        return self._file.shunts[self.number, path]

    def connect(self, *, load: float) -> float:
        """Close a load; a unit that is on begins when it feels skin and halts when it feels none."""
        felt, self._unit.load = self._unit.bridged, load
        if felt and not self._unit.bridged:
            self._unit.lose()
        elif self._unit.bridged and not felt:
            self._unit.begin()
        return self._unit.now()

    def disconnect(self) -> None:
        """Open the load."""
        self._unit.halt()
        self._unit.load = None

    def press(self, key: str, *, level: int | None = None) -> float:
        """Press a key; return when, in s of the unit's clock."""
        unit, at = self._unit, self._unit.now()
        unit.level = level or unit.level
        if key == "start" and (not unit.powered or unit.now() >= unit.ends):
            unit.switch_on()
        elif key == "stop":
            unit.halt()
            unit.powered = False
        return at

    def press_later(self, key: str, *, after: float) -> None:
        """Press a key in `after` s, with an edge on SYNC."""
        if key == "haptic":
            self._unit.shaken = self._unit.now() + after

    def charger(self, *, on: bool) -> None:
        """Apply or remove VBUS: a unit on the charger gives no output."""
        self._unit.charging = on
        if on:
            self._unit.halt()

    def contact(self) -> Contact:
        """Return that it touches."""
        return Contact(present=True, closed=True, opens=0)

    def arm(self, *, gap: float) -> None:
        """Clear the pulse log."""
        self._unit.armed, self._unit.gap = self._unit.now(), gap

    def pulses(self) -> PulseLog:
        """Return the pulse log."""
        unit, now = self._unit, self._unit.now()
        times = unit.pulses(unit.armed, now)
        if times.size == 0:
            return PulseLog("armed", None, None, 0, 0, 0, now)
        gaps = np.flatnonzero(np.diff(times) >= unit.gap)
        count = int(gaps[0]) + 1 if gaps.size else int(times.size)
        last, after = float(times[count - 1]), int(times.size) - count
        state = "off" if after or now - last >= unit.gap else "running"
        return PulseLog(state, float(times[0]), last, count, after, 0, now)

    def await_off(self, seconds: float, stop: Stop) -> None:
        """Let time pass until the unit is off, at most `seconds`."""
        stop.check()
        told = self._unit.ends + self._unit.gap + _TOLD
        self._unit.wait(min(seconds, max(_TOLD, told - self._unit.now())))

    def loopback(self) -> bool:
        """Return that the UART is sound."""
        return True

    def tell(self, line: str, *, patience: float = 0.5) -> str | None:
        """Answer what is asked; the hurry of the accelerated test is taken up, and ends with service mode."""
        word, _, rest = line.partition(" ")
        if word in ("ACC", "EXIT"):
            self._unit.hurry = float(rest or 1.0)
        self._unit.wait(patience / 10.0)
        return self._answers.get(line, "OK")

    def temperature(self) -> float:
        """Return 23 degC."""
        return 23.0

    def safe(self) -> None:
        """Leave everything off."""
        self.press("stop")
        self.charger(on=False)
        self.disconnect()
