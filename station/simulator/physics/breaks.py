"""An intermittent contact: it opens once a minute, for 50 ms to 2 s."""

from bisect import bisect_right

from numpy.random import Generator

_MINUTE = 60.0


class Breaks:
    """The moments at which a loose contact opens and closes, drawn minute by minute from `born` (seconds) on."""

    def __init__(self, generator: Generator, born: float) -> None:
        self._generator = generator
        self._born = born
        self._opens: list[float] = []
        self._closes: list[float] = []

    def open_at(self, moment: float) -> bool:
        """Tell whether the contact is open at `moment`."""
        self._draw_past(moment)
        index = bisect_right(self._opens, moment) - 1
        return index >= 0 and moment < self._closes[index]

    def next_change(self, moment: float) -> float:
        """Return when the contact opens or closes next, later than `moment`."""
        self._draw_past(moment)
        index = bisect_right(self._opens, moment)
        if index and moment < self._closes[index - 1]:
            return self._closes[index - 1]
        return self._opens[index]

    def count(self, start: float, end: float) -> int:
        """Return how often the contact opened with start < time <= end."""
        self._draw_past(end)
        return bisect_right(self._opens, end) - bisect_right(self._opens, start)

    def _draw_past(self, moment: float) -> None:
        while not self._opens or self._opens[-1] <= moment:
            begin = self._born + _MINUTE * len(self._opens)
            self._opens.append(begin + float(self._generator.uniform(1.0, 57.0)))
            self._closes.append(self._opens[-1] + float(self._generator.uniform(0.05, 2.0)))
