"""Write a value with the digits that its uncertainty earns, and never so that the figures contradict the verdict."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext

_BOUND = 12  # digits: enough for any limit a person wrote, too few to show how a float stores it
_PLAIN = 12  # signs: longer figures are written with a power of ten
_WITHOUT_U = 6
_FULL = 17  # digits: as many as tell any two floats apart
_EXACT = 60  # digits: more than any float written in any of our units has, so that scaling is exact
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value is judged by, in the row's SI unit; None where there is no such bound."""

    low: float | None
    high: float | None
    accept_low: float | None
    accept_high: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A row's figures as they are printed, in the row's own unit; empty where there is none."""

    value: str
    u: str
    low: str
    high: str
    accept_low: str
    accept_high: str


@dataclass(frozen=True, slots=True)
class _Scaled:
    low: Decimal | None
    high: Decimal | None
    accept_low: Decimal | None
    accept_high: Decimal | None

    def sides(self, value: Decimal) -> tuple[bool, ...]:
        """Return on which side of each bound `value` lies."""
        below = [bound is not None and value < bound for bound in (self.low, self.accept_low)]
        return (*below, *(bound is not None and value > bound for bound in (self.high, self.accept_high)))


def figures(value: float | int | None, expanded: float | None, bounds: Bounds, scale: str) -> Figures:
    """Return what to print for `value` with the expanded uncertainty `expanded` (k = 2), in SI; one printed unit is `scale` SI.

    The value is rounded to the second digit of U; where that would move it across a bound, it gets as many digits more as it
    takes. A value that is no number is left empty.
    """
    with localcontext(Context(prec=_EXACT)):
        unit = Decimal(scale)
        exact = _bounds(bounds, unit, None)
        short = _bounds(bounds, unit, _BOUND)
        if value is None or not math.isfinite(value):
            return _figures("", "", short)
        counted = Decimal(value) if isinstance(value, int) else None
        scaled = Decimal(repr(float(value))) / unit if counted is None else counted / unit
        return _consistent(scaled, _amount(expanded, unit), exact, short, counted=counted is not None)


def _consistent(value: Decimal, u: Decimal | None, exact: _Scaled, short: _Scaled, *, counted: bool) -> Figures:
    said = "" if u is None else plain(_two(u))
    truth = exact.sides(value)
    for candidate in [value] if counted and value.adjusted() < _PLAIN else _candidates(value, u):
        if short.sides(candidate) == truth:
            return _figures(plain(candidate), said, short)
    return _figures(plain(value), said, exact)


def _candidates(value: Decimal, u: Decimal | None) -> Iterator[Decimal]:
    """Yield `value` with more and more digits, from the second digit of `u` on."""
    if not value and not u:
        yield Decimal(0)
    coarsest = _two(u).adjusted() - 1 if u else value.adjusted() - _WITHOUT_U + 1
    start = max(coarsest, value.adjusted() - _BOUND + 1)
    for exponent in range(start, min(start, value.adjusted() - _FULL) - 1, -1):
        yield value.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_EVEN)
    yield value


def _amount(expanded: float | None, unit: Decimal) -> Decimal | None:
    if expanded is None or not math.isfinite(expanded) or expanded < 0:
        return None
    return Decimal(repr(float(expanded))) / unit


def _bounds(bounds: Bounds, unit: Decimal, digits: int | None) -> _Scaled:
    return _Scaled(*(_bound(one, unit, digits) for one in (bounds.low, bounds.high, bounds.accept_low, bounds.accept_high)))


def _bound(bound: float | None, unit: Decimal, digits: int | None) -> Decimal | None:
    if bound is None or not math.isfinite(bound):
        return None
    scaled = Decimal(repr(float(bound))) / unit
    return (scaled if digits is None else _digits(scaled, digits, ROUND_HALF_EVEN)).normalize()


def _two(u: Decimal) -> Decimal:
    """Return `u` with two digits, the second also where it is 0."""
    short = _digits(u, 2, ROUND_HALF_UP)
    return short.quantize(Decimal(1).scaleb(short.adjusted() - 1)) if short else short.normalize()


def _digits(value: Decimal, digits: int, rounding: str) -> Decimal:
    return Context(prec=digits, rounding=rounding).plus(value)


def _figures(value: str, u: str, bounds: _Scaled) -> Figures:
    said = ["" if one is None else plain(one) for one in (bounds.low, bounds.high, bounds.accept_low, bounds.accept_high)]
    return Figures(value, u, *said)


def plain(number: Decimal) -> str:
    """Return `number` for people: a real minus sign, a power of ten where it would be long, no minus before zero."""
    number = abs(number) if number.is_zero() else number
    written = f"{number:f}"
    if len(written.strip("-").replace(".", "")) > _PLAIN or number.adjusted() < -5:
        written = _with_power(number)
    return written.replace("-", "−")


def _with_power(number: Decimal) -> str:
    if number.is_zero():
        return "0"
    power = number.adjusted()
    mantissa = f"{number.scaleb(-power):f}"
    return f"{mantissa}×10" + str(power).translate(_RAISED) if power else mantissa
