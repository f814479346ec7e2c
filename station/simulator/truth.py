"""The truth about a unit: its true values and the verdict it deserves; only demonstrations and studies read it."""

import json
from typing import TextIO

from station.simulator.physics.parts import Loose
from station.simulator.physics.unit import Unit
from station.simulator.tolerances import outside
from station.simulator.worth import worth


def truth(unit: Unit, defects: tuple[str, ...], slot: int) -> dict[str, object]:
    """Return what is true of `unit` in `slot`: values by row, the verdict it deserves, and because of what."""
    values = worth(unit.parts, unit.history.last.drain.soc)
    deserves, because = _verdict(unit, defects, outside(values))
    return {
        "serial": unit.serial,
        "slot": slot,
        "defects": list(defects),
        "values": values,
        "deserves": deserves,
        "because": because,
    }


def _verdict(unit: Unit, defects: tuple[str, ...], rows: list[str]) -> tuple[str, str]:
    """Judge by the product's rule; a contact fault of the fixture's slot is no fault of the unit."""
    own = [name for name in defects if name != "contact_slot"]
    if own or rows:
        return "FAIL", "; ".join([*(f"defect {name}" for name in own), *(f"{row} outside tolerance" for row in rows)])
    if unit.parts.loose is Loose.NEEDLES and unit.at_needles:
        return "INCONCLUSIVE", "the needles of this slot lose contact now and then; the unit is good"
    return "PASS", "every true value is inside its tolerance"


class TruthFile:
    """Writes one line of JSON for each unit that is placed; without a file it writes nothing."""

    def __init__(self, file: TextIO | None) -> None:
        self._file = file

    def write(self, line: dict[str, object]) -> None:
        """Write `line` and flush it: a reader sees it as soon as the unit is in."""
        if self._file:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
