"""Lid, E-stop and watchdog: what keeps the fixture from energising a slot."""

from station.simulator.firmware.refusal import RefusedError

_PATIENCE = 2.0
"""Seconds of transport time without a valid request after which the watchdog trips."""


class Interlocks:
    """The two switches with their latches: a cause must be gone and cleared."""

    def __init__(self) -> None:
        self.lid_open = False
        self.pressed = False
        self._lid_latched = False
        self._stop_latched = False

    @property
    def latch(self) -> str:
        """Return what waits for CLEAR: `none`, `lid`, `estop` or `both`."""
        names = {(False, False): "none", (True, False): "lid", (False, True): "estop", (True, True): "both"}
        return names[self._lid_latched, self._stop_latched]

    def lid(self, is_open: bool) -> bool:
        """Move the lid; tell whether it was in the other position."""
        moved = is_open != self.lid_open
        self.lid_open = is_open
        self._lid_latched |= is_open
        return moved

    def stop(self, pressed: bool) -> bool:
        """Move the E-stop; tell whether it was in the other position."""
        moved = pressed != self.pressed
        self.pressed = pressed
        self._stop_latched |= pressed
        return moved

    def clear(self) -> None:
        """Forget each cause that is gone; refuse if one is still there."""
        self._lid_latched, self._stop_latched = self.lid_open, self.pressed
        self.check()

    def check(self) -> None:
        """Refuse while anything is latched."""
        if self._stop_latched:
            raise RefusedError(21, "E-stop is pressed" if self.pressed else "E-stop was pressed: CLEAR")
        if self._lid_latched:
            raise RefusedError(22, "lid is open" if self.lid_open else "lid was open: CLEAR")


class Watchdog:
    """Trips when the host is silent for 2 s; its times are seconds of transport, never hurried."""

    def __init__(self) -> None:
        self.tripped = False
        self._deadline: float | None = None

    def begin(self, transport: float) -> None:
        """Watch from a HELLO on."""
        self.tripped = False
        self._deadline = transport + _PATIENCE

    def feed(self, transport: float) -> None:
        """Take notice of a valid request."""
        if self._deadline is not None:
            self._deadline = transport + _PATIENCE

    def trips(self, transport: float) -> bool:
        """Tell whether it trips now: once, until the next HELLO."""
        if self._deadline is None or transport < self._deadline:
            return False
        self._deadline = None
        self.tripped = True
        return True

    def check(self) -> None:
        """Refuse after it has tripped."""
        if self.tripped:
            raise RefusedError(20, "the watchdog has tripped: say HELLO")
