"""Look behind a shut-off of the MC-100: what still flows five seconds later, and whether it stays off for ten."""

from math import copysign
from typing import NamedTuple

from station.core.equipment import PulseLog
from station.core.errors import UndecidedError
from station.core.uncertainty import Reading
from station.products.mc100_course import run_time, timeline, wait_behind
from station.products.mc100_parts import believe_pulses, believe_silence, flowing, held, zero_of_path
from station.products.microcurrent import current, everything, zeroed
from station.sequencer.unit import Unit

SILENCE = 10.0  # s that must stay silent behind the last pulse
RESIDUAL_AT = 5.0  # s behind the last pulse


class Behind(NamedTuple):
    """What was seen behind a shut-off: the current that still flows in A, its parts, and the log ten seconds later."""

    residual: Reading
    detail: dict[str, float]
    after: PulseLog


def judge(unit: Unit, row_id: str, log: PulseLog, seen: Behind) -> None:
    """Measure the shut-off time as row `row_id`, and what was `seen` behind it."""
    unit.measure(row_id, *run_time(unit, log), detail=timeline(log, seen.after))
    unit.measure("LEK.010", *seen.residual, detail=seen.detail)
    unit.measure("TIM.040", seen.after.after)


def listened(unit: Unit, log: PulseLog) -> Behind:
    """Return what was seen until ten seconds behind the last pulse of `log`."""
    alternating = flowing(unit)
    believe_silence(unit, alternating)
    residual, detail = still_flowing(unit, log, alternating)
    wait_behind(unit, log, SILENCE + 0.5)
    return Behind(residual, detail, unit.nest.pulses())


def never_lost(unit: Unit) -> None:
    """Raise UndecidedError when the fixture's needles lost the unit at any time in its run: its timer could not be followed."""
    opens, contact = unit.nest.pulses().opens, unit.nest.contact()
    if opens or not contact.closed:
        raise UndecidedError(f"the fixture's needles lost contact {max(1, opens)} times: seat the unit again")


def still_flowing(unit: Unit, log: PulseLog, alternating: Reading) -> tuple[Reading, dict[str, float]]:
    """Return all that still flows in A, with the sign of its direct part, and both parts.

    `alternating` was read into 2 kΩ: balanced pulses too low for the comparator have no direct part. That is read into 500 Ω,
    5 s behind the last pulse, or later when others have the DMM.
    """
    unit.nest.connect(load=500)
    wait_behind(unit, log, RESIDUAL_AT)
    with unit.dmm() as dmm:
        volts = zeroed(dmm.dc_voltage(range=0.1, count=3), zero_of_path(unit, dmm))
        direct = current(volts, unit.nest.sense, dmm, "direct current, DMM over sense resistor")
    whole = everything(alternating, direct)
    return Reading(copysign(whole.value, direct.value), whole.u), {"alternating": alternating.value, "direct": direct.value}


def force(unit: Unit) -> None:
    """Stop a unit that still runs by the comparator, once the DMM has seen so; raise UndecidedError where it has not."""
    try:
        believe_pulses(unit)
    finally:
        unit.nest.press("stop")


def stopped_as_another(unit: Unit, row_id: str, why: str) -> None:
    """Stop a unit whose output changed while it ran, and fail row `row_id`: that is not the output whose shut-off it promises."""
    unit.nest.press("stop")
    unit.fail(row_id, why)
    for other in ("LEK.010", "TIM.040"):
        unit.undecided(other, "it was stopped since its output had changed: there was no shut-off to listen behind")


def stopped_by_force(unit: Unit, log: PulseLog, row_id: str) -> None:
    """Measure a unit that did not switch itself off and was stopped; that it ran too long is sound, whatever its contact did."""
    unit.measure(row_id, *run_time(unit, log), detail=timeline(log, log))
    unit.undecided("TIM.040", "it did not switch itself off: there was no shut-off to listen behind")
    with held(unit):
        residual, detail = still_flowing(unit, log, flowing(unit))
    unit.measure("LEK.010", *residual, detail=detail)
