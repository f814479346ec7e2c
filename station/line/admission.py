"""Decide which serials may be tested now; a refusal says why and what to do, and is never a verdict."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station.core.serial import serial_fault
from station.store.history import History

_RESEATS = 2
_ANOTHER = 0  # no slot has this number


@dataclass(frozen=True, slots=True)
class Refusal:
    """A serial that is not tested, and why; `code` is the exit code that this alone calls for."""

    slot: int
    serial: str
    why: str
    code: int = 2

    @property
    def where(self) -> str:
        """Return the slot that it was meant for, or its place among those that wait for one."""
        return f"slot {self.slot}" if self.slot >= 0 else f"{self.serial}, number {-self.slot} of those that wait,"


def tray_refusals(tray: Mapping[int, str], slots: int, history: Mapping[str, History]) -> list[Refusal]:
    """Return every refusal for a `tray` of serials by slot, given what each serial went through before.

    Negative numbers are no slots but places among those that wait for one, -1 first.
    """
    twice = {serial for serial, times in Counter(tray.values()).items() if times > 1}
    refusals = []
    for slot, serial in sorted(tray.items()):
        why = _fault(slot, serial, slots, twice) or _past(serial, slot, history)
        if why is not None:
            refusals.append(Refusal(slot, serial, why))
    return refusals


def _fault(slot: int, serial: str, slots: int, twice: Iterable[str]) -> str | None:
    if slot == 0 or slot > slots:
        return f"the fixture has slots 1 to {slots}, not {slot}"
    if serial in twice:
        return "the serial stands in more than one slot: scan each unit once"
    fault = serial_fault(serial)
    return None if fault is None else f"{fault}: scan the label again"


def _past(serial: str, slot: int, history: Mapping[str, History]) -> str | None:
    return history_refusal(serial, slot, history[serial]) if serial in history else None


def kept_from_slot_alone(serial: str, slot: int, history: History) -> bool:
    """Return whether `slot` may not test `serial`, and another may: the retest of a unit that failed there."""
    return history_refusal(serial, slot, history) is not None and history_refusal(serial, _ANOTHER, history) is None


def history_refusal(serial: str, slot: int, history: History) -> str | None:
    """Return why the floor's rules forbid another run of `serial` in `slot`, or None.

    A passed serial is not tested again. A safety fail ever: quarantine. A parametric fail: one more run, in another slot. A fault
    of the station (error, inconclusive, stopped): seat it again, at most twice.
    """
    if history.passed:
        return f"{serial} has passed already: a serial passes once"
    if history.failed_safety:
        failed = f"{serial} failed {history.failed_safety[0]}, a safety row: it is quarantined"
        return f"{failed}, which this version cannot lift: keep it apart, and have quality decide what becomes of it"
    fails = [run for run in history.runs if run.outcome == "FAIL"]
    if len(fails) > 1:
        return f"{serial} failed twice: there is one retest, and it was used. Keep it apart for quality"
    if fails and fails[-1].slot == slot:
        return f"{serial} failed in slot {slot}: its retest must be in another slot"
    undecided = sum(run.outcome not in ("PASS", "FAIL") for run in history.runs)  # a try-out that passed came to a verdict
    if undecided > _RESEATS:
        return f"{serial} came to no verdict {undecided} times: no further run of it is allowed. Keep it apart for quality"
    return None
