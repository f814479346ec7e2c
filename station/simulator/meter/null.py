"""The null of a function: a value taken off every reading, typed or caught from the next reading."""

from station.simulator.meter.functions import OVERRANGE, Function
from station.simulator.scpi.kinds import Real, Switch
from station.simulator.scpi.settings import Settings


class Null:
    """Switching it on takes the next reading as zero; a typed value stays. Where a function has none, it is never on."""

    def __init__(self, function: Function, settings: Settings, under: str) -> None:
        limit = function.most * OVERRANGE
        value = Real(0.0, -limit, limit, function.suffix)
        if "NULL" not in function.settings:
            self._on, self._catch, self._value = settings.keep(Switch(False)), settings.keep(Switch(False)), settings.keep(value)
            return
        self._on = settings.add(f"{under}NULL[:STATe]", Switch(False), changed=self._switched)
        self._catch = settings.add(f"{under}NULL:VALue:AUTO", Switch(False))
        self._value = settings.add(f"{under}NULL:VALue", value, changed=self._typed)

    def apply(self, reading: float) -> float:
        """Return `reading`, in the function's unit, with the null taken off."""
        if not self._on.value:
            return reading
        if self._catch.value:
            self._value.value = reading
            self._catch.value = False
        return reading - self._value.value

    def _switched(self) -> None:
        self._catch.value = self._on.value

    def _typed(self) -> None:
        self._catch.value = False
