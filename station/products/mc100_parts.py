"""Offer what the steps of the MC-100's test share: is the unit silent or did we lose it, when is it off, what still flows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import copysign

from station.core.errors import UndecidedError
from station.core.instruments import PulseLog
from station.core.uncertainty import Part, Reading, combine, rectangular
from station.core.verdict import Verdict
from station.products.microcurrent import (
    current,
    everything,
    peak_current,
    rms_current,
    zeroed,
)
from station.sequencer.unit import Unit

SETTLED = 0.4e-3  # s after an edge: six time constants of 30 kΩ and 2 nF
APERTURE = 4.1e-3  # s of plateau that even a phase at its low limit has left
LOWEST = 8.0  # Hz: no unit, however wrong its oscillator, has a component below
CREST = 3.2  # of the output at every level
OFF_AFTER = 0.6  # s without a pulse means off: five periods at the lowest frequency of any unit, and a little
LEVELS_FROM = 120.5  # s after the first pulse: 120, and what two clocks that differ by 0.1 % need
CENSORED = 1230.0  # s after the first pulse: a unit that still runs is stopped by force
RESIDUAL_AT = 5.0  # s behind the last pulse
NO_OUTPUT = "no output"


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


def zero_of_path(unit: Unit) -> Reading:
    """Return the voltage in V that the path itself makes; raises UndecidedError when it was not read."""
    if "zero" not in unit.notes:
        raise UndecidedError("the path to the slot was not zeroed")
    return unit.notes["zero"]


def without_output(unit: Unit, row_id: str, when: str) -> None:
    """Start the unit where it must give nothing, and look for pulses with the comparator and for less with the DMM.

    The DMM reads the AC part and the mean: a direct current is output too, and a true-RMS meter is blind to it.
    """
    unit.nest.arm(gap=OFF_AFTER)
    with unit.dmm() as dmm, held(unit), switched_on(unit):
        sense, span = unit.nest.sense, unit.span(row_id)
        alternating = rms_current(dmm, sense, span, lowest=LOWEST, crest=CREST)
        volts = dmm.dc_voltage(range=span * sense.ohm)
        direct = current(volts, sense, dmm.input_ohm, "direct current, DMM over sense resistor")
        times = unit.nest.pulses().count
    if times:
        unit.fail(row_id, f"its current rose above {unit.nest.comparator * 1e6:g} µA {times} times {when}")
    else:
        detail = {"alternating": alternating.value, "direct": direct.value}
        unit.measure(row_id, *everything(alternating, direct), detail=detail)


@contextmanager
def switched_on(unit: Unit) -> Iterator[None]:
    """Switch the unit on, and off again whatever happens: what follows must meet a unit that is off."""
    unit.nest.press("start", level=3)
    try:
        yield
    finally:
        unit.nest.press("stop")


@contextmanager
def charging(unit: Unit) -> Iterator[None]:
    """Connect the charger, and disconnect it whatever happens: a unit on the charger gives no output."""
    unit.nest.charger(on=True)
    try:
        yield
    finally:
        unit.nest.charger(on=False)


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


def measure_peak(unit: Unit, load: float, row_id: str) -> None:
    """Measure the plateau current into `load` ohm as row `row_id`."""
    if silent(unit, row_id):
        return
    unit.nest.connect(load=load)
    with unit.dmm() as dmm, held(unit):
        reading = peak_current(dmm, unit.nest, unit.span(row_id), delay=SETTLED, aperture=APERTURE)
    if not faded(unit, row_id):
        unit.measure(row_id, *reading)


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
    over = unit.nest.pulses().now
    unit.wait(2.0 / LOWEST)
    log = unit.nest.pulses()
    if log.last is None or log.last < over:
        unit.wait(OFF_AFTER)  # for the log to decide
    return silent(unit, *ids)


def no_output(unit: Unit, *ids: str) -> None:
    """Fail the rows of a unit that gives nothing; raise UndecidedError when it was the fixture that lost it or is deaf."""
    flows = flowing(unit)
    log, contact = unit.nest.pulses(), unit.nest.contact()
    if contact.opens or not contact.closed:
        raise UndecidedError("the fixture's needles lost contact: seat the unit again")
    start = unit.measurements.get("CUR.350")
    if log.first is None and start is not None and start.verdict is Verdict.INCONCLUSIVE:
        raise UndecidedError("the unit's start was undecided, and it has not given a pulse since")
    believe_silence(unit, flows)
    lasted = "" if log.first is None or log.last is None else f": it went off {log.last - log.first:.1f} s after its first pulse"
    for row_id in ids:
        unit.fail(row_id, NO_OUTPUT + lasted + (", and came back" if log.after else ""))


def flowing(unit: Unit) -> Reading:
    """Return the AC part in A of what flows, by the DMM: the second witness of a silence that the comparator tells of."""
    with unit.dmm() as dmm:
        return rms_current(dmm, unit.nest.sense, unit.nest.comparator, lowest=LOWEST, crest=CREST)


def believe_silence(unit: Unit, flows: Reading) -> None:
    """Raise UndecidedError when the DMM reads what the comparator must have seen, and it counted no pulse that came back."""
    if flows.value > unit.nest.comparator and not unit.nest.pulses().after:
        seen = f"the DMM reads {flows.value * 1e6:.0f} µA where the fixture's comparator sees no pulses"
        raise UndecidedError(f"{seen}: have the comparator checked")


@contextmanager
def held(unit: Unit) -> Iterator[None]:
    """Let a measurement count only when the fixture's needles held the unit all the while."""
    before = unit.nest.contact()
    yield
    after = unit.nest.contact()
    if not (before.closed and after.closed) or after.opens != before.opens:
        raise UndecidedError("the fixture's needles lost contact during the measurement: seat the unit again")


def wait_for_levels(unit: Unit) -> None:
    """Wait until the level may be changed, by the fixture's clock."""
    log = unit.nest.pulses()
    if log.first is not None and log.state == "running":
        unit.wait(max(0.0, log.first + LEVELS_FROM - log.now))


def watch(unit: Unit) -> PulseLog:
    """Return the pulse log once the unit is off, or still running when its time is up."""
    while True:
        log = unit.nest.pulses()
        if log.state in ("off", "idle") or log.first is None:
            return log
        age = log.now - log.first
        if age >= CENSORED:
            return log
        unit.wait(1.0 if age > 1100.0 else min(10.0, 1100.5 - age))


def wait_behind(unit: Unit, log: PulseLog, seconds: float) -> None:
    """Wait until `seconds` have passed behind the last pulse of `log`, by the fixture's clock."""
    if log.last is not None:
        unit.wait(max(0.0, log.last + seconds - unit.nest.pulses().now))


def still_flowing(unit: Unit, log: PulseLog, alternating: Reading) -> tuple[Reading, dict[str, float]]:
    """Return all that still flows in A, with the sign of its direct part, and both parts.

    `alternating` was read into 2 kΩ: balanced pulses too low for the comparator have no direct part. That is read into 500 Ω,
    5 s behind the last pulse, or later when others have the DMM.
    """
    unit.nest.connect(load=500)
    wait_behind(unit, log, RESIDUAL_AT)
    with unit.dmm() as dmm:
        volts = zeroed(dmm.dc_voltage(range=0.1, count=3), zero_of_path(unit))
        direct = current(volts, unit.nest.sense, dmm.input_ohm, "direct current, DMM over sense resistor")
    whole = everything(alternating, direct)
    return Reading(copysign(whole.value, direct.value), whole.u), {"alternating": alternating.value, "direct": direct.value}


def stopped_by_force(unit: Unit, log: PulseLog) -> None:
    """Stop a unit that did not switch itself off; that it ran too long is sound, whatever its contact did meanwhile."""
    unit.nest.press("stop")
    unit.measure("TIM.010", *shut_off_time(unit, log), detail=timeline(log, log))
    unit.undecided("TIM.040", "it did not switch itself off: there was no shut-off to listen behind")
    with held(unit):
        residual, detail = still_flowing(unit, log, flowing(unit))
    unit.measure("LEK.010", *residual, detail=detail)


def shut_off_time(unit: Unit, log: PulseLog) -> Reading:
    """Return the time from the first to the last pulse; of a unit stopped by force, the time it had run until then."""
    first, last = log.first or 0.0, log.last or 0.0
    lasted = last - first if log.state == "off" else log.now - first
    parts = (Part("fixture timer", lasted * unit.nest.timer_accuracy), Part("resolution", rectangular(1e-6)))
    return Reading(lasted, combine("fixture timer", "s", parts))


def timeline(log: PulseLog, after: PulseLog) -> dict[str, float | int | str | bool | None]:
    """Return what the fixture's timer saw, in s of its clock, for the record and the drawing of the shut-off."""
    return {
        "first": log.first, "last": log.last, "count": log.count, "after": after.after, "off_seen": log.now,
        "silent_until": after.now, "forced": log.state != "off",
    }  # fmt: skip
