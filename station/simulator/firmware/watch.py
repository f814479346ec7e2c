"""What the fixture notices by itself and tells unasked: units, contacts, first pulses and ends of output."""

import math

from station.simulator.firmware.controller import Controller
from station.simulator.pulselog import Pulses
from station.simulator.slot import Slot


class Watch:
    """Compares each slot with how it was at the last look."""

    def __init__(self, controller: Controller, now: float) -> None:
        self._controller = controller
        slots = controller.bench.slots
        self._present = [slot.unit is not None for slot in slots]
        self._contact = [slot.contact(now) for slot in slots]
        self._first: list[float | None] = [None] * len(slots)
        self._off: list[float | None] = [None] * len(slots)
        self._quiet = [-math.inf] * len(slots)  # until when there can be no news of a slot that nobody touches
        self._next = -math.inf

    def look(self, now: float) -> None:
        """Tell what has changed by `now`."""
        bench = self._controller.bench
        touched = bench.restless()
        if not touched and now < self._next:
            return
        for number in sorted({*touched, *(index + 1 for index, moment in enumerate(self._quiet) if moment <= now)}):
            self._look_at(number - 1, bench.slots[number - 1], now)
        self._next = min(self._quiet)

    def _look_at(self, index: int, slot: Slot, now: float) -> None:
        slot.reach(now)
        self._look_at_unit(index, slot, now)
        self._look_at_pulses(index, slot.log.read(now))
        self._quiet[index] = slot.quiet_until(now)

    def _look_at_unit(self, index: int, slot: Slot, now: float) -> None:
        present, contact = slot.unit is not None, slot.contact(now)
        if present != self._present[index]:
            self._present[index] = present
            self._controller.news.tell(f"PRESENT {slot.number} {int(present)}")
        if contact != self._contact[index]:
            self._contact[index] = contact
            self._controller.news.tell(f"CONTACT {slot.number} {int(contact)}")

    def _look_at_pulses(self, index: int, pulses: Pulses) -> None:
        if pulses.first != self._first[index]:
            self._first[index] = pulses.first
            self._tell("FIRST", index, pulses.first)
        off = pulses.last if pulses.state == "off" else None
        if off != self._off[index]:
            self._off[index] = off
            self._tell("OFF", index, off)

    def _tell(self, what: str, index: int, moment: float | None) -> None:
        if moment is not None:
            self._controller.news.tell(f"{what} {index + 1} t={self._controller.stamp(moment)}")
