"""How readings leave a Truevolt: as numbers in text, or as a block of eight-byte floats."""

from collections.abc import Sequence

import numpy as np

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice, Whole
from station.simulator.scpi.numbers import block, real
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Call, Reply, Table

_LENGTH = Whole(0, 0, 64)


class Format:
    """FORMat:DATA and FORMat:BORDer of one meter."""

    def __init__(self, table: Table, settings: Settings) -> None:
        self._kind = settings.add("FORMat[:DATA]", Choice("ASC", ("ASCii", "REAL")), changed=_unmoved)
        self._order = settings.add("FORMat:BORDer", Choice("NORM", ("NORMal", "SWAPped")), changed=_unmoved)
        table.add("FORMat[:DATA]", order=self._choose, query=self._say)

    def encode(self, readings: Sequence[float]) -> Reply:
        """Return readings the way they are to leave: comma-joined text, or floats with the first byte first unless swapped."""
        if self._kind.value == "ASC":
            return ",".join(map(real, readings))
        return block(np.array(readings, dtype="<f8" if self._order.value == "SWAP" else ">f8").tobytes())

    def _choose(self, call: Call) -> None:
        """Take ASCii or REAL; of a REAL there are only those of 64 bits."""
        kind, *length = call.at_most(2) or ("",)
        chosen = self._kind.kind.read(kind)
        if length and chosen == "REAL" and _LENGTH.read(length[0]) != 64:
            raise ScpiError(-224)
        self._kind.value = chosen

    def _say(self, call: Call) -> str:
        call.exactly(0)
        return "REAL,64" if self._kind.value == "REAL" else "ASC"


def _unmoved() -> None:
    """Leave readings under way alone."""
