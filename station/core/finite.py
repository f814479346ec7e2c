"""Decide what is a finite number: NaN, infinities, true, false and whole numbers too large for a float are none."""

import math
from typing import TypeGuard


def finite(value: object) -> TypeGuard[float]:
    """Return whether `value` is a number that can be computed with and put on record."""
    if not isinstance(value, float) and type(value) is not int:
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number too large for a float
        return False
