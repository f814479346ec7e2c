"""Start threads that somebody joins: a `with` block whose end stops everyone, waits for them and raises what they raised."""

import logging
import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from station.core.clock import Clock, Stop
from station.core.errors import Stopped

_log = logging.getLogger(__name__)


class Crew:
    """A group of threads that come and go together.

    A body hears `stop`; when one raises, the others are stopped, and the end of the `with` raises it again (several as an
    ExceptionGroup). A body that ends by Stopped has done what it was asked.
    """

    def __init__(self, clock: Clock, broken: Callable[[BaseException], None] | None = None) -> None:
        self.stop: Stop = clock.stop()
        self._clock = clock
        self._broken = broken
        self._monitor = clock.monitor()
        self._gone: list[threading.Thread] = []
        self._threads: list[threading.Thread] = []
        self._errors: list[Exception] = []

    def start(self, name: str, body: Callable[[Stop], None]) -> None:
        """Start `body` in a thread of its own; it gets the crew's stop."""
        self._forget_the_gone()
        thread = threading.Thread(target=self._clock.enlist(partial(self._work, body)), name=name, daemon=False)
        self._threads.append(thread)  # first: a Ctrl-C may break off `start`, and the thread runs all the same
        try:
            thread.start()
        except RuntimeError:  # the system has no thread left
            self._threads.remove(thread)
            raise

    def _work(self, body: Callable[[Stop], None]) -> None:
        try:
            body(self.stop)
        except Stopped:
            pass
        except Exception as error:
            _log.debug("a thread of the crew broke", exc_info=True)
            self._errors.append(error)
            self.stop.set(f"another thread broke: {error}")
            if self._broken is not None:
                self._broken(error)
        finally:
            with self._monitor:
                self._gone.append(threading.current_thread())
                self._monitor.notify()

    def _forget_the_gone(self) -> None:
        """Join who has come to the end: a line that runs for weeks starts a thread for each unit."""
        with self._monitor:
            gone, self._gone = self._gone, []
        for thread in gone:
            thread.join()
            self._threads.remove(thread)

    def join(self) -> None:
        """Wait until every thread has ended by itself."""
        # Not by Thread.join: CPython 3.11 takes a thread for ended once a Ctrl-C has broken off a join on it.
        with self._monitor:
            self._monitor.wait_for(lambda: len(self._gone) == len(self._threads), None)
        self._forget_the_gone()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop everyone, wait for them, and raise what they raised unless the block itself raised."""
        self.stop.set("the crew goes home")
        self.join()
        if error is not None:
            for broken in self._errors:  # the block's own error goes on; these would be lost
                _log.error("and beside it: %s", broken)
        if error is not None or not self._errors:
            return
        if len(self._errors) == 1:
            raise self._errors[0]
        raise ExceptionGroup("several threads broke", self._errors)
