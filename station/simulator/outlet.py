"""One device on one connection: what it says goes out in order, with the faults that are scripted for it."""

from collections import deque
from collections.abc import Callable

from station.simulator.faults import LASTING, Act, Fault
from station.simulator.ports import Device, Time
from station.simulator.streams import Stream

_PAGES = 4  # of 4 KiB
_MOST_OUT = 32_000_000  # bytes: twice the longest record as text


class Outlet:
    """A device, its faults, and the one client it may have; `reboot` restarts the device. `exchanges` counts its answers."""

    def __init__(self, device: Device, clock: Time, faults: list[Fault], reboot: Callable[[float], None]) -> None:
        self._device = device
        self._clock = clock
        self._faults = faults
        self._reboot = reboot
        self.exchanges = 0
        self._asked = False
        self._queue: deque[tuple[float, Act]] = deque()
        self._out = bytearray()
        self.stream: Stream | None = None

    @property
    def full(self) -> bool:
        """Tell whether so much waits for the client to read that nothing more is heard from it: TCP makes it wait."""
        return len(self._out) > _MOST_OUT

    @property
    def clogged(self) -> bool:
        """Tell whether bytes wait for the client to read."""
        return bool(self._out)

    def attach(self, stream: Stream, now: float) -> None:
        """Serve a client from `now` on (simulator seconds, like all that is called `now`)."""
        self.stream = stream
        self._queue.clear()
        self._out.clear()
        self._asked = False
        self._device.opened(now)

    def detach(self, now: float, hard: bool = False) -> None:
        """Let the client go, orderly or with a reset (`hard`)."""
        if self.stream:
            self.stream.close(hard)
            self.stream = None
            self._device.closed(now)

    def hear(self, now: float, pages: int = _PAGES) -> None:
        """Take what has arrived, at most some `pages` at once: who never stops talking must not keep others from their turn.

        It also notices that the client has gone.
        """
        for _ in range(pages):
            if self.stream is None or self.full:
                return
            data = self.stream.read()
            if data is None:
                return
            if not data:
                self.detach(now)
                return
            self._asked = True
            self._device.receive(data, now)
            self._collect(now)

    def tick(self, now: float) -> None:
        """Let the device do what is due, and send what may go out."""
        self._collect(now)
        self.send(now)

    def send(self, now: float) -> None:
        """Send what may go out of what the device has said."""
        while self.stream and self._queue and self._queue[0][0] <= self._clock.transport():
            self._perform(self._queue.popleft()[1], now)
        self._flush()

    def wait(self) -> float | None:
        """Return how many seconds of the wire may pass until the next tick, None for any number."""
        moment = self._device.wake()
        waits = [] if moment is None else [self._clock.wait(moment)]
        if self._queue:
            waits.append(max(0.0, self._queue[0][0] - self._clock.transport()))
        return min(waits) if waits else None

    def _collect(self, now: float) -> None:
        """Queue what the device says; a device without a client talks to nobody."""
        answer = self._device.poll(now)
        if answer and self.stream:
            begin = self._clock.transport()
            self._queue.extend((begin + act.delay, act) for act in self._acts(answer, now))

    def _acts(self, answer: bytes, now: float) -> list[Act]:
        if not self._asked:
            return [Act(answer)]
        self._asked = False
        self.exchanges += 1
        for fault in self._faults:
            late = self.exchanges > fault.exchange and fault.kind in LASTING
            if self.exchanges == fault.exchange or late:
                if fault.kind == "reboot":
                    self._reboot(now)
                return fault.acts(answer)
        return [Act(answer)]

    def _perform(self, act: Act, now: float) -> None:
        self._out += act.data
        self._flush()
        if act.ending:
            self.detach(now, hard=act.ending == "reset")

    def _flush(self) -> None:
        if self.stream and self._out:
            del self._out[: self.stream.write(bytes(self._out[:1_000_000]))]
