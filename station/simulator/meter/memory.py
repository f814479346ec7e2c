"""The reading memory: 10,000 readings, the oldest overwritten, and the texts in which they leave it."""

from collections import deque
from collections.abc import Callable, Sequence

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.numbers import NOT_A_NUMBER, block, real
from station.simulator.scpi.table import Reply

CAPACITY = 10_000


class Memory:
    """Readings in the order they were taken, leaving by `encode`; `lost`: one was overwritten since the last `clear`."""

    def __init__(self, encode: Callable[[Sequence[float]], Reply]) -> None:
        self._encode = encode
        self._readings: deque[float] = deque(maxlen=CAPACITY)
        self._last: str | None = None
        self.lost = False

    def __len__(self) -> int:
        """Return how many readings there are."""
        return len(self._readings)

    def clear(self) -> None:
        """Forget all readings."""
        self._readings.clear()
        self._last = None
        self.lost = False

    def add(self, reading: float, label: str) -> None:
        """Keep a reading; `label` is its unit as `DATA:LAST?` prints it."""
        self.lost = self.lost or len(self._readings) == CAPACITY
        self._readings.append(reading)
        self._last = f"{real(reading)} {label}"

    def fetch(self) -> Reply:
        """Return all readings and keep them; -230 when there are none."""
        if not self._readings:
            raise ScpiError(-230)
        return self._encode(list(self._readings))

    def last(self) -> str:
        """Return the last reading with its unit, or not-a-number."""
        return self._last or real(NOT_A_NUMBER)

    def remove(self, count: int) -> Reply:
        """Take the `count` oldest readings out; -222 when there are fewer."""
        if len(self._readings) < count:
            raise ScpiError(-222)
        return self._encode([self._readings.popleft() for _ in range(count)])

    def read_out(self, most: int) -> bytes:
        """Take up to `most` of the oldest readings out, as a definite-length block even where they are text."""
        taken = self.remove(min(most, len(self._readings)))
        return block(taken.encode()) if isinstance(taken, str) else taken or b""
