"""The WAVeform commands: which part of a record leaves the scope, in which format, and the preamble that explains it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from station.simulator.scope.acquiring import DEPTH, SHOWN
from station.simulator.scope.acquisition import STOP, Acquisition
from station.simulator.scope.record import Record, Trace, thinned
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice, Real, Switch
from station.simulator.scpi.numbers import block, real, whole
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Call, Table

_FORMATS = {"BYTE": 0, "WORD": 1, "ASC": 4}
_TYPES = {"NORM": 0, "PEAK": 1, "AVER": 2, "HRES": 3}
_LENGTH_DIGITS = 8  # an InfiniiVision always writes #8 and eight digits
_LEAST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """What is transferred: a thinned trace, seconds between samples, and the time of the first, after the trigger."""

    trace: Trace
    interval: float
    origin: float
    kind: str
    count: int


class Waveform:
    """Answers from the record of `acquisition`."""

    def __init__(self, table: Table, settings: Settings, acquisition: Acquisition) -> None:
        self._acquisition = acquisition
        channels = tuple(f"CHANnel{number}" for number in (1, 2, 3, 4))
        self.source = settings.add("WAVeform:SOURce", Choice("CHAN1", channels))
        self.format = settings.add("WAVeform:FORMat", Choice("BYTE", ("BYTE", "WORD", "ASCii")))
        self.order = settings.add("WAVeform:BYTeorder", Choice("MSBF", ("MSBFirst", "LSBFirst")))
        self.unsigned = settings.add("WAVeform:UNSigned", Switch(True))
        self.mode = settings.add("WAVeform:POINts:MODE", Choice("NORM", ("NORMal", "MAXimum", "RAW")))
        words = {"NORMal": SHOWN, "RAW": DEPTH}
        self.points = settings.keep(Real(1000, _LEAST_POINTS, 8_000_000, words=words))
        settings.add("WAVeform:VIEW", Choice("MAIN", ("MAIN", "ALL")))
        table.add("WAVeform:POINts", order=self._order_points, query=self._query_points)
        table.add("WAVeform:DATA", query=self._data)
        table.ask("WAVeform", lambda: ";".join(each for each in settings.learn() if each.startswith(":WAV:")))
        self._install_preamble(table)

    def _install_preamble(self, table: Table) -> None:
        table.add("WAVeform:PREamble", query=lambda call: ",".join(self._preamble(call)))
        for place, word in enumerate(("FORMat", "TYPE", "POINts", "COUNt")):
            if word in {"TYPE", "COUNt"}:
                table.add(f"WAVeform:{word}", query=self._field(place))
        for place, word in enumerate(("XINCrement", "XORigin", "XREFerence", "YINCrement", "YORigin", "YREFerence")):
            table.add(f"WAVeform:{word}", query=self._field(place + 4))

    def _field(self, place: int) -> Callable[[Call], str]:
        def field(call: Call) -> str:
            text = self._preamble(call)[place]
            return {v: k for k, v in _TYPES.items()}[int(text)] if place == 1 else text

        return field

    def _order_points(self, call: Call) -> None:
        """Take a number of points, or the mode in whose record all points are wanted, as older drivers say it."""
        (text,) = call.exactly(1)
        self.points.value = self.points.kind.read(text)
        if text.upper() in {"RAW", "NORM", "NORMAL"}:
            self.mode.value = self.mode.kind.read(text)

    def _query_points(self, call: Call) -> str:
        """Say how many points a transfer would have now; before the first record, how many were asked for."""
        call.at_most(1)
        record = self._record(call.now)
        return whole(min(self.points.value, SHOWN) if record is None else len(self._part(call).trace))

    def _record(self, now: float) -> Record | None:
        if self.mode.value == "RAW" and self._acquisition.state != STOP:
            raise ScpiError(-221)
        return self._acquisition.record(now)

    def _part(self, call: Call) -> Part:
        """Return what would be transferred; -230 when there is nothing."""
        record, number = self._record(call.now), int(self.source.value[-1])
        if record is None or number not in record.traces:
            raise ScpiError(-230)
        group = -(-record.points // int(min(self.points.value, self._most())))
        trace = thinned(record.traces[number], group, record.kind)
        return Part(trace, record.interval * group, record.left, record.kind, record.count)

    def _most(self) -> int:
        whole_memory = self.mode.value == "RAW" or (self.mode.value == "MAX" and self._acquisition.state == STOP)
        return DEPTH if whole_memory else SHOWN

    def _preamble(self, call: Call) -> list[str]:
        """Return the ten fields of the preamble."""
        call.exactly(0)
        part = self._part(call)
        bits = 8 if self.format.value == "BYTE" else 16
        numbers = (_FORMATS[self.format.value], _TYPES[part.kind], len(part.trace), part.count)
        reference = 1 << (bits - 1) if self.unsigned.value else 0
        screen = part.trace.screen
        return [
            *map(whole, numbers),
            _long(part.interval),
            _long(part.origin),
            whole(0),
            _long(screen.height / (1 << bits)),
            _long(screen.offset),
            whole(reference),
        ]

    def _data(self, call: Call) -> bytes:
        """Return the samples as a block: codes of one or two bytes, or volts as text."""
        call.exactly(0)
        trace = self._part(call).trace
        if self.format.value == "ASC":
            return block(",".join(real(value, 6) for value in trace.volts).encode(), _LENGTH_DIGITS)
        codes = trace.codes if self.unsigned.value else trace.codes ^ np.uint16(0x8000)
        if self.format.value == "BYTE":
            return block((codes >> 8).astype(np.uint8).tobytes(), _LENGTH_DIGITS)
        return block(codes.astype("<u2" if self.order.value == "LSBF" else ">u2").tobytes(), _LENGTH_DIGITS)


def _long(value: float) -> str:
    """Print a real number with an exponent of three digits, as preambles have them."""
    mantissa, exponent = f"{value:+.8E}".split("E")
    return f"{mantissa}E{exponent[0]}{int(exponent[1:]):03d}"
