"""The words after a command: slots, buses and numbers."""

from station.simulator.bus import Bus
from station.simulator.firmware.controller import Controller
from station.simulator.firmware.refusal import RefusedError
from station.simulator.slot import Slot

_DIGITS = 10


def number_of(word: str) -> int:
    """Return the number that `word` writes in decimal digits."""
    if not (word.isascii() and word.isdecimal() and len(word) <= _DIGITS):
        raise RefusedError(13, "not a number")
    return int(word)


def slot_of(controller: Controller, word: str, now: float) -> Slot:
    """Return the slot that `word` numbers, from 1, as it is at `now`."""
    number = number_of(word)
    if not 1 <= number <= len(controller.bench.slots):
        raise RefusedError(14, "no such slot")
    return controller.bench.slot(number, now)


def bus_of(controller: Controller, word: str) -> Bus:
    """Return the bus that `word` names."""
    if word not in controller.bench.buses:
        raise RefusedError(14, "no such bus")
    return controller.bench.buses[word]
