"""Prove that the MC-100 switches itself off, by looks of the oscilloscope where the fixture has no timer."""

from station.core.equipment import PulseLog
from station.core.errors import UndecidedError
from station.core.uncertainty import Reading
from station.products.mc100_behind import still_flowing, stopped_as_another
from station.products.mc100_course import OFF_AFTER
from station.products.mc100_interval import measure_shut_off
from station.products.mc100_looked import Seen, follow, judge_silence, never_lost
from station.products.mc100_looks import Bracket, first_pulse
from station.products.mc100_parts import believe_silence, flowing, held, no_output
from station.products.mc100_phases import LATE, changed
from station.sequencer.unit import Unit

_OVER = PulseLog("off", None, None, 0, 0, 0, 0.0)  # of a run that no timer timed: nothing has to be waited for behind it
Residual = tuple[Reading, dict[str, float]]


def shut_off_by_looks(unit: Unit, row_id: str) -> None:
    """Follow the unit to its end, look for ten seconds whether it stays off, and measure what still flows."""
    began = _began(unit, row_id, "LEK.010", "TIM.040")
    if began is None:
        return
    with held(unit):
        seen = follow(unit, row_id, began, LATE)
        if why := changed(unit) if seen.forced else "":
            stopped_as_another(unit, row_id, why)
            return
        seen = follow(unit, row_id, began, before=seen) if seen.forced else seen
        behind = None if seen.forced else residual_behind(unit, seen)
    if not seen.forced:  # that it ran too long is sound, whatever its contact did meanwhile
        never_lost(unit)
    else:
        unit.nest.press("stop")
    measure_shut_off(unit, row_id, seen)
    judge_behind(unit, seen, behind)


def again_by_looks(unit: Unit, row_id: str) -> None:
    """Follow a second run to its end, and measure how long it was."""
    began = _began(unit, row_id)
    if began is None:
        return
    seen = follow(unit, row_id, began)
    if not seen.forced:
        never_lost(unit)
        if seen.back or seen.unwatched > OFF_AFTER:
            raise UndecidedError(f"{seen.back} pulses came back behind a silence, or nobody looked: it may not have been over")
        believe_silence(unit, flowing(unit), seen.back)
    unit.nest.press("stop")
    measure_shut_off(unit, row_id, seen)


def residual_behind(unit: Unit, seen: Seen) -> Residual:
    """Return what still flows behind the ten seconds of looks, by the DMM: it is the second witness of the silence too."""
    alternating = flowing(unit)
    believe_silence(unit, alternating, seen.back)
    return still_flowing(unit, _OVER, alternating)


def judge_behind(unit: Unit, seen: Seen, behind: Residual | None) -> None:
    """Measure what came and what flowed behind the shut-off; of a unit stopped by force only what flows."""
    if behind is None:
        unit.nest.press("stop")
        unit.undecided("TIM.040", "it did not switch itself off: there was no shut-off to look behind")
        with held(unit):
            behind = still_flowing(unit, _OVER, flowing(unit))
    else:
        judge_silence(unit, seen)
    residual, detail = behind
    unit.measure("LEK.010", *residual, detail=detail)


def _began(unit: Unit, *ids: str) -> Bracket | None:
    """Return between which moments the run began; None where its rows failed since it gives nothing."""
    began = first_pulse(unit)
    if began is None and unit.nest.pulses().state != "running":
        no_output(unit, *ids)
        return None
    if began is None:
        raise UndecidedError("no look saw the first pulse of this run")
    return began
