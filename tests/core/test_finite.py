import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from station.core.finite import finite


@pytest.mark.parametrize("value", [0, -1, 0.0, 1e308, 5e-324, 2**1023, np.float64(1.0)])
def test_a_number_is_finite(value: object) -> None:
    assert finite(value)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, True, False, None, "1", 10**400, 1j, Decimal(1), Fraction(1), np.float32(1), np.int64(1), [1]]
)
def test_everything_else_is_not(value: object) -> None:
    assert not finite(value)
