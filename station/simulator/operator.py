"""The operator's hand: a line of text puts a unit in, takes it out, moves the lid or hits the E-stop."""

import json
import math
import re
from collections.abc import Callable

from station.simulator.bench import Bench
from station.simulator.fixture import Fixture
from station.simulator.physics.defects import DEFECTS
from station.simulator.physics.draw import Process
from station.simulator.shelf import Shelf
from station.simulator.truth import TruthFile, truth

GOOD = "good"
"""The word for a unit that is forced to have no defect."""
_SERIAL = re.compile(r"[!-~]{1,20}")
_LONGEST = 200
_WIDEST, _FURTHEST = 10.0, 0.5
_HELP = (
    "PLACE slot serial [defect[,defect]] | REMOVE slot | LOT spread shift | LID open|closed | ESTOP press|release | DEFECTS? | "
    "LOOK slot | TRUTH slot | HELP"
)


class ClumsyError(Exception):
    """The hand was asked for something it cannot do; the text says why."""


class Hand:
    """A device of plain text lines: each is answered `OK ...` or `ERR why`."""

    def __init__(self, bench: Bench, fixture: Fixture, shelf: Shelf, truth_file: TruthFile) -> None:
        self._bench = bench
        self._fixture = fixture
        self._shelf = shelf
        self._truth_file = truth_file
        self._line = bytearray()
        self._out = bytearray()
        self._commands: dict[str, Callable[[list[str], float], str]] = {
            "PLACE": self._place,
            "REMOVE": self._remove,
            "LOT": self._lot,
            "LID": self._lid,
            "ESTOP": self._stop_button,
            "DEFECTS?": lambda _, __: " ".join((GOOD, *DEFECTS)),
            "LOOK": self._look,
            "TRUTH": self._truth,
            "HELP": lambda _, __: _HELP,
        }

    def opened(self, _now: float) -> None:
        """Begin with an empty line."""
        self._line.clear()
        self._out.clear()

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes as they come; a line ends with LF, a CR before it is ignored."""
        for byte in data:
            if byte == ord("\n"):
                line, self._line = bytes(self._line), bytearray()
                self._out += f"{self._answer(line, now)}\n".encode()
            else:
                self._line.append(byte)
                del self._line[_LONGEST:]

    def poll(self, _now: float) -> bytes:
        """Return the answers that wait."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def wake(self) -> float | None:
        """Return None: the hand never moves by itself."""
        return None

    def closed(self, now: float) -> None:
        """Do nothing: what is placed stays placed."""

    def _answer(self, line: bytes, now: float) -> str:
        words = line.decode("ascii", "replace").split()
        command = self._commands.get(words[0].upper()) if words else None
        if command is None:
            return f"ERR unknown command; {_HELP}"
        try:
            return f"OK {command(words[1:], now)}".strip()
        except ClumsyError as why:
            return f"ERR {why}"

    def _place(self, words: list[str], now: float) -> str:
        if len(words) not in (2, 3) or not _SERIAL.fullmatch(words[1]):
            raise ClumsyError("say PLACE slot serial [defect]; a serial has 1 to 20 characters")
        number, serial = self._slot(words[0]), words[1]
        self._check_free(number, serial)
        forced = _defects(words[2]) if len(words) == 3 else None
        known = self._shelf.defects(serial)
        if forced is not None and known is not None and set(forced) != set(known):
            raise ClumsyError(f"{serial} exists already, as {','.join(known) or GOOD}")
        self._bench.place(number, self._shelf.unit(serial, forced, now), now)
        self._truth_file.write(self._tell(number, now))
        return f"slot={number} serial={serial}"

    def _remove(self, words: list[str], now: float) -> str:
        number = self._slot(words[0] if len(words) == 1 else "")
        unit = self._bench.remove(number, now)
        if unit is None:
            raise ClumsyError(f"slot {number} is empty")
        return f"slot={number} serial={unit.serial}"

    def _lot(self, words: list[str], _: float) -> str:
        """Say how far the production of all units that are new from now on is out of control."""
        spread, shift = (_number(word) for word in (words if len(words) == 2 else ("", "")))
        if not (0 <= spread <= _WIDEST and abs(shift) <= _FURTHEST):
            raise ClumsyError(
                f"say LOT spread shift, from 0 to {_WIDEST:g} times and from -{_FURTHEST:g} to {_FURTHEST:g}: LOT 2 0.06"
            )
        self._shelf.produce(Process(spread, shift))
        return f"spread={spread:g} shift={shift:g}"

    def _lid(self, words: list[str], now: float) -> str:
        if words not in (["open"], ["closed"]):
            raise ClumsyError("say LID open or LID closed")
        self._fixture.lid(words == ["open"], now)
        return f"lid={words[0]}"

    def _stop_button(self, words: list[str], now: float) -> str:
        if words not in (["press"], ["release"]):
            raise ClumsyError("say ESTOP press or ESTOP release")
        self._fixture.stop_button(words == ["press"], now)
        return f"estop={words[0]}ed" if words == ["press"] else "estop=released"

    def _look(self, words: list[str], now: float) -> str:
        """Tell what an eye on the slot sees, without a word to the fixture: its watchdog is not fed by it."""
        slot = self._bench.slot(self._slot(words[0] if len(words) == 1 else ""), now)
        serial, on = (slot.unit.serial, slot.unit.engine.on) if slot.unit else ("-", False)
        buses = ",".join(bus.name for bus in self._bench.routed(slot)) or "-"
        return f"serial={serial} on={int(on)} load={slot.load} charger={int(slot.charging)} buses={buses}"

    def _truth(self, words: list[str], now: float) -> str:
        number = self._slot(words[0] if len(words) == 1 else "")
        if self._bench.slots[number - 1].unit is None:
            raise ClumsyError(f"slot {number} is empty")
        return json.dumps(self._tell(number, now))

    def _tell(self, number: int, now: float) -> dict[str, object]:
        unit = self._bench.slot(number, now).unit
        if unit is None:
            raise ClumsyError(f"slot {number} is empty")
        return truth(unit, self._shelf.defects(unit.serial) or (), number)

    def _slot(self, word: str) -> int:
        count = len(self._bench.slots)
        if not (word.isascii() and word.isdecimal() and len(word) < 4 and 1 <= int(word) <= count):
            raise ClumsyError(f"no such slot: 1 to {count}")
        return int(word)

    def _check_free(self, number: int, serial: str) -> None:
        for slot in self._bench.slots:
            if slot.unit and slot.number == number:
                raise ClumsyError(f"slot {number} is occupied by {slot.unit.serial}")
            if slot.unit and slot.unit.serial == serial:
                raise ClumsyError(f"{serial} is in slot {slot.number}")


def _number(word: str) -> float:
    """Return what `word` says, NaN where it is no number."""
    try:
        return float(word)
    except ValueError:
        return math.nan


def _defects(word: str) -> tuple[str, ...]:
    """Return the defects that `word` names, with commas between them; `good` is none."""
    names = () if word == GOOD else tuple(word.split(","))
    for name in names:
        if name not in DEFECTS:
            raise ClumsyError(f"no such defect: {name}; ask DEFECTS?")
    return names
