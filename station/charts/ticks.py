"""Choose round numbers for an axis, and the prefix in which people read them."""

import math
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 5.0, 10.0)
_PREFIXES = {-12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}
_PRINTED = {"ohm": "Ω", "degC": "°C", "1": ""}


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it stands in the axis' SI unit, and the number beside it in the prefixed unit."""

    at: float
    label: str


def step(low: float, high: float, about: int) -> float:
    """Return the round step (1, 2 or 5 times a power of ten) that cuts low … high into about `about` pieces."""
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    return next(one for one in _STEPS if rough <= one * power * (1 + 1e-9)) * power


def rounded(low: float, high: float, about: int = 5) -> tuple[float, float]:
    """Return `low` and `high` moved outward to round numbers; equal ends, or ends too close to tell apart, are moved apart."""
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        half = 0.1 * max(abs(low), abs(high)) or 1.0
        low, high = low - half, high + half
    size = step(low, high, about)
    return math.floor(low / size + 1e-9) * size, math.ceil(high / size - 1e-9) * size


def prefix(low: float, high: float, si: str) -> tuple[float, str]:
    """Return how many SI units the prefixed unit of an axis has, and how it is printed (0.001, "ms")."""
    size = max(abs(low), abs(high))
    if si not in ("s", "V", "A", "Hz", "C", "W", "F", "ohm") or size == 0:
        return 1.0, _PRINTED.get(si, si)
    power = min(max(3 * math.floor(math.log10(size * (1 + 1e-9)) / 3), -12), 9)
    if si == "s" and power > 0:
        power = 0  # nobody reads kiloseconds
    return 10.0**power, _PREFIXES[power] + _PRINTED.get(si, si)


def ticks(low: float, high: float, si: str, about: int = 5) -> tuple[Tick, ...]:
    """Return the marks between `low` and `high` at round numbers of the SI unit `si`, labelled in its prefixed unit."""
    size = step(low, high, about)
    scale, _ = prefix(low, high, si)
    first, last = math.ceil(low / size - 1e-6), math.floor(high / size + 1e-6)
    digits = max(0, -math.floor(math.log10(size / scale) + 1e-9))
    return tuple(Tick(n * size, label(n * size / scale, digits)) for n in range(first, last + 1))


def label(number: float, digits: int) -> str:
    """Return `number` with `digits` digits after the point, a real minus sign, and no minus before zero."""
    said = f"{number:.{digits}f}" if abs(number) < 1e7 and digits < 8 else f"{number:.3g}"
    return said.removeprefix("-") if not said.strip("-0.") else said.replace("-", "−")
