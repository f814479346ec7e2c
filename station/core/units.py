"""Turn what people write (90 uA) into what we compute with (9e-05 A), and back: the only place with prefixes."""

from dataclasses import dataclass
from decimal import Decimal

_PREFIXES = {"p": -12, "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6}
_SYMBOLS = {
    "A": ("n", "u", "m", ""),
    "V": ("u", "m", ""),
    "C": ("n", "u", "m", ""),
    "s": ("n", "u", "m", ""),
    "Hz": ("m", "", "k", "M"),
    "ohm": ("m", "", "k", "M"),
    "F": ("p", "n", "u"),
    "W": ("m", ""),
}
_PRINTED = {"ohm": "Ω", "degC": "°C", "%": "%", "1": "–"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a limit file spells it: `symbol` ("uA"), its SI unit `si` ("A"), and how many SI units one of it is."""

    symbol: str
    si: str
    scale: Decimal

    def to_si(self, amount: float) -> float:
        """Return `amount` of this unit in its SI unit, correctly rounded (90 uA is 9e-05 A and not 8.999e-05 A)."""
        return float(Decimal(repr(float(amount))) * self.scale)

    def from_si(self, value: float) -> float:
        """Return the SI `value` counted in this unit, correctly rounded."""
        return float(Decimal(repr(float(value))) / self.scale)

    @property
    def printed(self) -> str:
        """Return the sign that people read: µA, kΩ, %, –."""
        if self.symbol in _PRINTED:
            return _PRINTED[self.symbol]
        prefix = self.symbol.removesuffix(self.si)
        return prefix.replace("u", "µ") + _PRINTED.get(self.si, self.si)


def _table() -> dict[str, Unit]:
    units = {
        prefix + si: Unit(prefix + si, si, Decimal(1).scaleb(_PREFIXES[prefix]))
        for si, prefixes in _SYMBOLS.items()
        for prefix in prefixes
    }
    units["%"] = Unit("%", "1", Decimal("0.01"))
    units["1"] = Unit("1", "1", Decimal(1))
    units["degC"] = Unit("degC", "degC", Decimal(1))
    units["pulses"] = Unit("pulses", "pulses", Decimal(1))
    return units


UNITS: dict[str, Unit] = _table()


def unit(symbol: str) -> Unit:
    """Return the unit that `symbol` names; raises KeyError for one we do not know."""
    return UNITS[symbol]
