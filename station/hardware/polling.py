"""Wait for an instrument to be done: in short looks, on the line's clock, with an end, and hearing a stop."""

from collections.abc import Callable

from station.core.clock import Clock, Stop

_FIRST, _LONGEST = 0.002, 0.05


def poll(
    clock: Clock, stop: Stop, done: Callable[[], bool], *, expected: float, patience: float, pause: float = _FIRST
) -> bool:
    """Wait `expected` s, then look until `done()`, at most `patience` s in all; return whether it is done.

    The looks become rarer from `pause` to 50 ms, so that what is nearly ready is not kept waiting and what is not is left alone. The
    last look begins after `patience` has passed, however slow the host is.
    """
    end = clock.now() + patience
    clock.wait(min(expected, patience), stop)
    while True:
        late = clock.now() >= end
        if done():
            return True
        if late:
            return False
        clock.wait(pause, stop)
        pause = min(_LONGEST, 1.5 * pause)
