"""Tell whoever watches a tray what happens, in a thread of its own: he may pause (Ctrl-S, `less`), the journal may not."""

import logging
import os
import select
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from station.core.clock import Clock, Stop
from station.core.errors import Stopped
from station.core.events import Event
from station.line.crew import Crew

_log = logging.getLogger(__name__)
ROOM = 16384  # events that wait for a reader who pauses: a full line's for some hours
GRACE = 5.0  # s of the host that he has at the end to read what is left
_LOOK = 0.2  # s between two looks whether he reads again or is waited for no more
_PIECE = 512  # bytes that a pipe or terminal which takes anything takes at once (POSIX: PIPE_BUF is no less)


class Teller:
    """Passes on to `listener` what it hears, as fast as that takes it; what there is no room for is counted and left out."""

    def __init__(self, clock: Clock, listener: Callable[[Event], None]) -> None:
        self._monitor = clock.monitor()
        self._grace = GRACE * clock.speed
        self._listener = listener
        self._untold: deque[Event] = deque()
        self._telling = False
        self._left_out = 0

    def hear(self, event: Event) -> None:
        """Take an event to be told; it never waits for whoever listens."""
        with self._monitor:
            if len(self._untold) < ROOM:
                self._untold.append(event)
                self._monitor.notify()
            else:
                self._left_out += 1

    @contextmanager
    def at_work(self, clock: Clock, give_up: Callable[[], None]) -> Iterator[None]:
        """Tell for the length of a `with`, and to the end what was heard in it; call `give_up` when the listener never ends."""
        with Crew(clock) as crew:
            crew.start("teller", self._tell)
            try:
                yield
            finally:
                self._hear_out(give_up)

    def _hear_out(self, give_up: Callable[[], None]) -> None:
        """Wait a while for the listener; however that ends, nobody waits for him afterwards."""
        is_done = False
        try:
            with self._monitor:
                is_done = self._monitor.wait_for(lambda: not self._untold and not self._telling, self._grace)
        finally:  # a second Ctrl-C breaks the wait off, and the crew that joins the teller would wait on
            with self._monitor:
                untold = len(self._untold) + self._left_out
                self._untold.clear()
            if not is_done:
                give_up()
            if untold:
                _log.error("%d events were not shown: whoever reads them did not; the records hold them all", untold)

    def _tell(self, stop: Stop) -> None:
        while (event := self._next(stop)) is not None:
            self._listener(event)

    def _next(self, stop: Stop) -> Event | None:
        with self._monitor:
            self._telling = False
            self._monitor.notify()
            try:
                self._monitor.wait_for(lambda: bool(self._untold), None, stop)
            except Stopped:
                return None
            self._telling = True
            return self._untold.popleft()


class Outlet:
    """Writes text to `stream` while whoever reads it reads; a pause is waited out until `give_up`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_given_up = False

    def give_up(self) -> None:
        """Wait for the reader no more: what is written from now on, or just now, is lost."""
        self._is_given_up = True

    def write(self, text: str) -> None:
        """Write `text` at once; raises BlockingIOError when it was given up, and OSError as the stream does."""
        self._stream.flush()
        try:
            descriptor = self._stream.fileno()
        except OSError:  # no file of the system: it takes anything at once
            self._stream.write(text)
            self._stream.flush()
            return
        left = memoryview(text.encode(self._stream.encoding, self._stream.errors or "strict"))
        while left:
            self._await_reader(descriptor)
            left = left[os.write(descriptor, left[:_PIECE]) :]

    def _await_reader(self, descriptor: int) -> None:
        while not select.select([], [descriptor], [], _LOOK)[1]:
            if self._is_given_up:
                raise BlockingIOError("whoever reads this has paused for too long")
