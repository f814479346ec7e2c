"""Wait for an instrument to be done: in short looks, on the line's clock, with an end, and hearing a stop."""

from collections.abc import Callable

from station.core.clock import Clock, Stop

_FIRST, _LONGEST = 0.002, 0.05
_RARELY = 0.02  # of the patience: who may have to wait for long is not asked more often than that


def poll(clock: Clock, stop: Stop, done: Callable[[], bool], *, expected: float, patience: float, pause: float = _FIRST) -> bool:
    """Wait `expected` s, then look until `done()`, at most `patience` s in all; return whether it is done.

    The looks become rarer, from `pause` to 50 ms or a fiftieth of the patience, so that what is nearly ready is not kept
    waiting and what is not is left alone. The last look begins after `patience` has passed, however slow the host is.
    """
    end, longest = clock.now() + patience, max(_LONGEST, _RARELY * patience)
    clock.wait(min(expected, patience), stop)
    while True:
        late = clock.now() >= end
        if done():
            return True
        if late:
            return False
        clock.wait(pause, stop)
        pause = min(longest, 1.5 * pause)
