"""Offer what the steps of the MC-100's test share: is the unit silent or did we lose it, and does a reading count at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from station.core.equipment import PulseLog
from station.core.errors import UndecidedError
from station.core.instruments import Dmm
from station.core.uncertainty import Reading
from station.core.verdict import Verdict
from station.products.mc100_course import OFF_AFTER, course
from station.products.microcurrent import path_zero, rms_current
from station.sequencer.unit import Unit

PERIOD = 0.1  # s, nominal
PHASE = 5.0e-3  # s, nominal width of a phase
NEGATIVE = 5.5e-3  # s from the edge of a pulse to the start of its negative phase
L3 = 400e-6  # A, nominal: for ranges only
SETTLED = 0.4e-3  # s after an edge: six time constants of 30 kΩ and 2 nF
APERTURE = 4.1e-3  # s of plateau that even a phase at its low limit has left
LOWEST = 8.0  # Hz: no unit, however wrong its oscillator, has a component below
CREST = 3.2  # of the output at every level
NO_OUTPUT = "no output"
LEAST_SHARE = 0.1  # of the comparator's threshold: less RMS than one pulse of its height makes each 0.6 s


def payload(ask: str, answer: str | None) -> str | None:
    """Return what follows the word in an answer like `VER 1.4.2`; of `TIMER` only a plain number."""
    word, _, rest = (answer or "").partition(" ")
    if ask == "TIMER" and not (rest.isascii() and rest.isdecimal()):
        return None
    return rest if word == ask and rest else None


def unanswered(asked: Mapping[str, str | None], *asks: str) -> str:
    """Say what is wrong with the first of the answers to `asks` that makes no sense; nothing when all do."""
    for ask in asks:
        if payload(ask, asked[ask]) is None:
            said = "does not answer" if asked[ask] is None else f"answers {asked[ask]!r} to {ask}?"
            return f"the unit {said} on its service port, whose loop-back test passed"
    return ""


def zero_of_path(unit: Unit, dmm: Dmm) -> Reading:
    """Return the voltage in V that the path to `dmm` makes by itself, read once in a run by each meter that needs it.

    Another meter has other relays before it and another offset in it: its zero is none of this one's.
    """
    note = f"zero of {dmm.serial}"
    if note not in unit.notes:
        unit.notes[note] = path_zero(dmm)
    return unit.notes[note]


def both_known(unit: Unit, row_id: str, top: str, bottom: str) -> tuple[Reading, Reading] | None:
    """Return the two readings that row `row_id` is derived from; fail it where the unit gave none, or nothing to divide by.

    Raises UndecidedError where one of the two rows itself allowed no verdict.
    """
    for one in (top, bottom):
        if unit.measurements[one].verdict is Verdict.INCONCLUSIVE:
            raise UndecidedError(f"{one}, which this row is derived from, is undecided")
    over, under = unit.reading(top), unit.reading(bottom)
    if over is None or under is None or under.value == 0:
        unit.fail(row_id, NO_OUTPUT)
        return None
    return over, under


def silent(unit: Unit, *ids: str) -> bool:
    """Fail the rows of a unit that gives no pulses any more, on a slot that touches it; return whether it is so."""
    if unit.nest.pulses().state == "running":
        return False
    no_output(unit, *ids)
    return True


def faded(unit: Unit, *ids: str) -> bool:
    """Fail the rows of a unit that went off before their measurement was over: no pulse came behind it; return whether so.

    Without this a unit that gives up while it is measured, or whose contact comes and goes while it waits its turn, would fail
    by a number that means nothing.
    """
    if still_on(unit):
        return False
    no_output(unit, *ids)
    return True


def still_on(unit: Unit) -> bool:
    """Return whether the unit gives pulses still, once the log has had the time to decide that it does not."""
    over = unit.nest.pulses().now
    unit.wait(2.0 / LOWEST)
    log = unit.nest.pulses()
    if log.last is None or log.last < over:
        unit.wait(OFF_AFTER)  # for the log to decide
    return unit.nest.pulses().state == "running"


def no_output(unit: Unit, *ids: str) -> None:
    """Fail the rows of a unit that gives nothing; raise UndecidedError when it was the fixture that lost it or is deaf."""
    flows = flowing(unit)
    log, contact = course(unit), unit.nest.contact()
    if contact.opens or not contact.closed:
        raise UndecidedError("the fixture's needles lost contact: seat the unit again")
    start = unit.measurements.get("CUR.350")
    if log.first is None and start is not None and start.verdict is Verdict.INCONCLUSIVE:
        raise UndecidedError("the unit's start was undecided, and it has not given a pulse since")
    believe_silence(unit, flows)
    if _has_served(unit, log):
        raise UndecidedError("the unit switched itself off in its time, before it could be measured: test it again")
    lasted = "" if log.first is None or log.last is None else f": it went off {log.last - log.first:.1f} s after its first pulse"
    for row_id in ids:
        unit.fail(row_id, NO_OUTPUT + lasted + (", and came back" if log.after else ""))


def _has_served(unit: Unit, log: PulseLog) -> bool:
    """Return whether the unit ran as long as its timer must let it: then it is the station that came too late."""
    shut_off = unit.limits.get("TIM.010")
    if shut_off is None or shut_off.low is None or log.first is None or log.last is None:
        return False
    return log.last - log.first >= shut_off.low


def flowing(unit: Unit) -> Reading:
    """Return the AC part in A of what flows, by the DMM: the second witness of a silence that the comparator tells of."""
    with unit.dmm() as dmm:
        return rms_current(dmm, unit.nest.sense, unit.nest.comparator, lowest=LOWEST, crest=CREST)


def believe_silence(unit: Unit, flows: Reading, back: int | None = None) -> None:
    """Raise UndecidedError when the DMM reads what the comparator must have seen, and it counted no pulse that came back.

    Where looks are the witness, `back` is how many pulses they saw come back.
    """
    if flows.value > unit.nest.comparator and not (unit.nest.pulses().after if back is None else back):
        witness = "fixture's comparator sees" if back is None else "oscilloscope's looks see"
        seen = f"the DMM reads {flows.value * 1e6:.0f} µA where the {witness} no pulses"
        raise UndecidedError(f"{seen}: have the {'comparator' if back is None else 'path to the oscilloscope'} checked")


def believe_pulses(unit: Unit) -> None:
    """Raise UndecidedError when the comparator goes on telling of pulses where the DMM reads less than any would make.

    To be asked while the unit is on: a comparator that rings, or sees another slot's pulses, must not fail a unit that went off.
    One that goes off while the DMM reads is given the time in which the comparator says so.
    """
    flows = flowing(unit)
    if flows.value >= LEAST_SHARE * unit.nest.comparator:
        return
    unit.wait(OFF_AFTER)
    if unit.nest.pulses().state == "running":
        seen = f"the fixture's comparator goes on seeing pulses where the DMM reads {flows.value * 1e6:.1f} µA"
        raise UndecidedError(f"{seen}: have the comparator checked")


@contextmanager
def held(unit: Unit) -> Iterator[None]:
    """Let a measurement count only when the fixture's needles held the unit all the while."""
    before = unit.nest.contact()
    yield
    after = unit.nest.contact()
    if not (before.closed and after.closed) or after.opens != before.opens:
        raise UndecidedError("the fixture's needles lost contact during the measurement: seat the unit again")
