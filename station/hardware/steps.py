"""Round up to the steps 1-2-5 of an instrument's knobs."""

import math

_NEARLY = 1 - 1e-9  # a value that is a step already, but for its last bits, stays where it is


def step_up(value: float) -> float:
    """Return the smallest of ... 0.1, 0.2, 0.5, 1, 2, 5 ... that is not below `value`; raises ValueError unless it is above 0."""
    if not 0 < value < math.inf:
        raise ValueError(f"there is no step for {value!r}")
    decade = math.floor(math.log10(value))
    for exponent in (decade, decade + 1):
        for digit in (1, 2, 5):
            step = float(f"{digit}e{exponent}")
            if step >= value * _NEARLY:
                return step
    raise AssertionError("the next decade begins above any value")
