"""Let exactly one of many threads run: who waits passes the baton on, and time jumps when everyone waits."""

import heapq
import math
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


class DeadlockError(RuntimeError):
    """Everyone waits for somebody else, and nobody for time: a bug of the program under this clock."""


class Seat:
    """A thread's place in the round: its gate opens when the baton is its."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.gate = threading.Lock()
        self.gate.acquire()


@dataclass(slots=True, eq=False)
class Sleeper:
    """One sleep of one thread: it ends when `wakes()` is found to hold, or time has come to `end` (s of the host)."""

    seat: Seat
    wakes: Callable[[], bool]
    end: float
    over: bool = field(default=False)


class Baton:
    """The round of threads on one time `now`, in s; the thread that makes it holds the baton first."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps = 0
        self._seats = threading.local()
        self._seats.mine = Seat(threading.current_thread().name)
        self._awake: deque[Sleeper] = deque()
        self._timed: list[tuple[float, int, Sleeper]] = []
        self._asleep: dict[Sleeper, None] = {}
        self._number = 0
        self._deadlock: str | None = None

    def me(self) -> Seat:
        """Return the seat of the thread that asks; raises RuntimeError for one that never enlisted: it would run beside us."""
        seat: Seat | None = getattr(self._seats, "mine", None)
        if seat is None:
            raise RuntimeError(f"the thread {threading.current_thread().name!r} waits on a virtual clock and never enlisted")
        return seat

    def after(self, seconds: float) -> float:
        """Return the moment `seconds` from now; later than now however short they are, or a loop would never end."""
        end = self.now + seconds
        return math.nextafter(self.now, math.inf) if seconds > 0 and end <= self.now else end

    def look_again(self, sleepers: Iterable[Sleeper]) -> None:
        """Have `sleepers` looked at, in their order, before time goes on: what they wait for may hold now."""
        self._awake.extend(sleepers)

    def sleep(self, mine: Sleeper) -> None:
        """Pass the baton on and come back when `mine` has ended; raises DeadlockError when nobody could ever wake anybody."""
        self.sleeps += 1
        self._asleep[mine] = None
        if mine.end < math.inf:
            self._number += 1
            heapq.heappush(self._timed, (mine.end, self._number, mine))
        self._pass_on(mine)
        if self._deadlock is not None:
            raise DeadlockError(self._deadlock)

    def enlist(self, body: Callable[[], None]) -> Callable[[], None]:
        """Return `body` for a thread of its own, which takes its turn when the baton comes to it."""
        seat = Seat("a new thread")
        begin = Sleeper(seat, lambda: True, math.inf)
        self._asleep[begin] = None
        self._awake.append(begin)

        def in_turn() -> None:
            seat.gate.acquire()
            seat.name, self._seats.mine = threading.current_thread().name, seat
            try:
                body()
            finally:
                self._pass_on(None)

        return in_turn

    def _pass_on(self, mine: Sleeper | None) -> None:
        chosen = self._next()
        if chosen is None or chosen is mine:
            return
        chosen.seat.gate.release()
        if mine is not None:
            self._await_turn(mine)

    def _await_turn(self, mine: Sleeper) -> None:
        try:
            mine.seat.gate.acquire()
        except BaseException as error:  # a Ctrl-C or a test's time-out: from now on nobody may go on as if nothing were
            self._deadlock = f"the round was broken off in {mine.seat.name}: {error!r}"
            raise

    def _next(self) -> Sleeper | None:
        """Choose who runs next and take it out of the sleepers; None when nobody is left."""
        chosen = self._woken() or self._due()
        if chosen is None and self._asleep:
            names = ", ".join(sorted(sleeper.seat.name for sleeper in self._asleep))
            self._deadlock = self._deadlock or f"nothing can go on: all wait for each other ({names})"
            chosen = next(iter(self._asleep))
        if chosen is not None:
            chosen.over = True
            del self._asleep[chosen]
        return chosen

    def _woken(self) -> Sleeper | None:
        while self._awake:
            sleeper = self._awake.popleft()
            if not sleeper.over and sleeper.wakes():
                return sleeper
        return None

    def _due(self) -> Sleeper | None:
        while self._timed:
            end, _, sleeper = heapq.heappop(self._timed)
            if not sleeper.over:
                self.now = max(self.now, end)
                return sleeper
        return None
