"""The fixture's end of a unit's service UART: a small buffer that can overrun."""

from station.simulator.firmware.refusal import RefusedError
from station.simulator.physics.unit import Unit

_BUFFER = 256
_PAGE = 60


class Uart:
    """Keeps what the unit said until the host reads it."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._overrun = False

    @property
    def state(self) -> str:
        """Return `idle`, `data` when something waits to be read, or `overrun`."""
        if self._overrun:
            return "overrun"
        return "data" if self._heard else "idle"

    def drop(self, unit: Unit | None, now: float) -> None:
        """Forget what the unit has said by `now`."""
        self.listen(unit, now)
        self._heard.clear()
        self._overrun = False

    def listen(self, unit: Unit | None, now: float) -> None:
        """Take what the unit has said by `now`."""
        if unit:
            self._heard += unit.service.say(now)
        if len(self._heard) > _BUFFER:
            del self._heard[_BUFFER:]
            self._overrun = True

    def read(self, unit: Unit | None, now: float) -> str:
        """Return the oldest bytes in hexadecimal, `-` for none; an overrun is told once, instead."""
        self.listen(unit, now)
        if self._overrun:
            self.drop(unit, now)
            raise RefusedError(31, "UART overrun")
        page = bytes(self._heard[:_PAGE])
        del self._heard[:_PAGE]
        return page.hex().upper() or "-"
