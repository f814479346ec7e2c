"""Let one at a time do what keeps the host busy, so that whoever measures meanwhile is slowed by one only."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from station.core.clock import Clock

_P = ParamSpec("_P")
_T = TypeVar("_T")


class OneByOne:
    """A narrow door: of all that is done behind it one thing goes on at a time; who comes meanwhile waits."""

    def __init__(self, clock: Clock) -> None:
        self._monitor = clock.monitor()
        self._taken = False

    def behind(self, work: Callable[_P, _T]) -> Callable[_P, _T]:
        """Return `work`, done behind this door; whatever it raises opens the door too."""

        @wraps(work)
        def alone(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            with self._monitor:
                self._monitor.wait_for(lambda: not self._taken, None)
                self._taken = True
            try:
                return work(*args, **kwargs)
            finally:
                with self._monitor:
                    self._taken = False
                    self._monitor.notify()

        return alone
