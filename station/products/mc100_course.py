"""Follow the course of one output run by the fixture's timer: when it began, where it stands, when it was over.

A lift-off interrupts the pulses, and the timer's log ends at the first such gap. What it said until then is kept in the unit's
notes, and the log that goes on behind the new contact is read together with it: one run, however often it was lifted.
"""

from dataclasses import replace

from station.core.budget import within
from station.core.equipment import PulseLog, Witness
from station.core.errors import UndecidedError
from station.core.uncertainty import Reading, Uncertainty, combine, rectangular
from station.products.microcurrent_budget import timer_lines
from station.sequencer.unit import Unit

OFF_AFTER = 0.6  # s without a pulse means off: five periods at the lowest frequency of any unit, and a little
TWO_MINUTES = 120.5  # s after the first pulse: 120, and what two clocks that differ by 0.1 % need
CENSORED = 1230.0  # s after the first pulse: a unit that still runs is stopped by force
RARELY = 90.0  # s between two looks at a unit whose end the fixture will tell: its news may get lost
LIFTED_FOR = 2.5  # s that the probes stay lifted, and that a unit has to come back: more than any limit of either
STAMP = 1e-6  # s, the steps of the fixture's clock
RELAY = 1e-3  # s between the stamp of a relay and the moment its contact has moved, at most
STARTED_NOTE = "first pulse by a look"  # by the line's clock, where the fixture has no timer
_NOTES = ("first", "last", "count")
_PAUSED = "without skin"
_WOKE = "key to first pulse"
_ALIKE = 0.06  # s by which two starts of one unit may differ: less than the period of any unit, so that no pulse was missed


def course(unit: Unit) -> PulseLog:
    """Return the pulse log of the whole run, with what was logged before the last lift-off."""
    log = unit.nest.pulses()
    if "first" not in unit.notes:
        return log
    first, last, count = (unit.notes[name].value for name in _NOTES)
    return replace(log, first=first, last=last if log.last is None else log.last, count=round(count) + log.count)


def begin(unit: Unit) -> None:
    """Arm the fixture's timer for a new run."""
    for name in (*_NOTES, _PAUSED, STARTED_NOTE):
        unit.notes.pop(name, None)
    unit.nest.arm(gap=OFF_AFTER)


def woke(unit: Unit, pressed: float, log: PulseLog) -> None:
    """Raise UndecidedError when the first pulse of `log` came later or sooner behind its key than at the unit's first start.

    `pressed` is when the key was, by the fixture's clock. Then the comparator did not see one of the two runs begin, and whatever
    it timed there is too short.
    """
    if log.first is None:
        return
    took = log.first - pressed
    once = unit.notes.setdefault(_WOKE, Reading(took, Uncertainty(rectangular(STAMP), "s", "key to pulse"))).value
    if abs(took - once) > _ALIKE:
        contact = unit.nest.contact()
        if contact.opens or not contact.closed:
            raise UndecidedError("the fixture's needles lost contact: seat the unit again")
        seen = f"its first pulse was seen {took:.2f} s behind the key, and {once:.2f} s at its first start"
        raise UndecidedError(f"{seen}: have the comparator checked, and test the unit again")


def interrupt(unit: Unit) -> None:
    """Keep what the log of a lifted unit says, and arm it for what comes behind the new contact."""
    log, without = course(unit), paused(unit)
    if log.first is not None and log.last is not None:
        for name, value in zip((*_NOTES, _PAUSED), (log.first, log.last, float(log.count), without), strict=True):
            unit.notes[name] = Reading(value, Uncertainty(rectangular(STAMP), "s", "pulse log"))
    unit.nest.arm(gap=OFF_AFTER)


def paused(unit: Unit) -> float:
    """Return how many s of the run passed between the last pulse before a lift-off and the first one behind it."""
    before = unit.notes[_PAUSED].value if _PAUSED in unit.notes else 0.0
    first = unit.nest.pulses().first
    return before if first is None or "last" not in unit.notes else before + first - unit.notes["last"].value


def wait_in_run(unit: Unit, moment: float) -> None:
    """Wait until `moment` s after the first pulse, by the fixture's clock; not at all when the unit is off.

    Where looks time the run the line's clock does, whatever became of the unit.
    """
    if unit.nest.witness is Witness.LOOKS and STARTED_NOTE in unit.notes:
        unit.wait_until(unit.notes[STARTED_NOTE].value + moment)
        return
    log = course(unit)
    if log.first is not None and log.state == "running":
        unit.wait(max(0.0, log.first + moment - log.now))


def watch(unit: Unit, censored: float = CENSORED) -> PulseLog:
    """Return the pulse log once the unit is off, or still running `censored` s after its first pulse.

    The fixture tells that it went off: whatever must be seen of a unit that should not be silent yet can be seen at once. It is
    asked now and then all the same.
    """
    while True:
        log = course(unit)
        if log.state != "running" or log.first is None:
            return log
        left = log.first + censored - log.now
        if left <= 0.0:
            return log
        unit.nest.await_off(min(RARELY, left + STAMP), unit.stop)


def wait_behind(unit: Unit, log: PulseLog, seconds: float) -> None:
    """Wait until `seconds` have passed behind the last pulse of `log`, by the fixture's clock."""
    if log.last is not None:
        unit.wait(max(0.0, log.last + seconds - unit.nest.pulses().now))


def run_time(unit: Unit, log: PulseLog) -> Reading:
    """Return the time from the first to the last pulse; of a unit that still runs, the time it has run until now."""
    first, last = log.first or 0.0, log.last or 0.0
    lasted = log.now - first if log.state == "running" else last - first
    return Reading(lasted, combine("fixture timer", "s", timer_lines(unit.nest, lasted)))


def timer_reading(unit: Unit, seconds: float, relay: float) -> Reading:
    """Return a time from a relay to a pulse; the relay's contact moves at most `relay` s behind its stamp."""
    moved = within("relay's contact", relay, unit="s", source="bounce and travel of the fixture's relay behind its stamp")
    return Reading(seconds, combine("fixture timer, relay to pulse", "s", (*timer_lines(unit.nest, seconds), moved)))


def timeline(log: PulseLog, after: PulseLog) -> dict[str, float | int | str | bool | None]:
    """Return what the fixture's timer saw, in s of its clock, for the record and the drawing of the shut-off."""
    return {
        "first": log.first, "last": log.last, "count": log.count, "after": after.after, "off_seen": log.now,
        "silent_until": after.now, "forced": log.state == "running",
    }  # fmt: skip
