"""Prove that the MC-100 switches itself off, in its own time and for good, whatever its user does."""

from station.core.equipment import PulseLog
from station.core.errors import UndecidedError
from station.core.uncertainty import Term, derived
from station.products.mc100_behind import SILENCE, force, judge, listened, never_lost, stopped_as_another, stopped_by_force
from station.products.mc100_course import (
    LIFTED_FOR,
    begin,
    course,
    interrupt,
    paused,
    run_time,
    timeline,
    wait_behind,
    wait_in_run,
    watch,
    woke,
)
from station.products.mc100_interval import half_width, measure_interval
from station.products.mc100_looks import by_looks, start_and_look
from station.products.mc100_parts import believe_silence, both_known, flowing, held, no_output
from station.products.mc100_phases import LATE, changed
from station.products.mc100_shut_off_looked import again_by_looks, shut_off_by_looks
from station.sequencer.sequence import step
from station.sequencer.unit import Unit

STARTED = 2.0  # s until a unit that starts has started
ODD = 10  # pulses of a run by which the comparator's count may differ from what the unit's frequency gives: a second of them
LEVEL_AT, BACK_AT, LIFT_AT = 300.0, 302.0, 600.0  # s into the second twenty minutes: what a user might do


@step("Auto shut-off", "TIM.010", "LEK.010", "TIM.040")
def shut_off(unit: Unit) -> None:
    """Wait for the unit to switch itself off, then listen for ten seconds whether it stays off; look at its output meanwhile."""
    unit.close_window()
    unit.nest.press("level", level=3)  # whatever level and load an undecided step left behind
    unit.nest.connect(load=2_000)
    if by_looks(unit):
        shut_off_by_looks(unit, "TIM.010")
        return
    log = watch(unit, LATE)
    if log.state == "running" and log.first is not None:
        if why := changed(unit):
            stopped_as_another(unit, "TIM.010", why)
            return
        log = watch(unit)
    if log.first is None or log.last is None:
        no_output(unit, "TIM.010", "LEK.010", "TIM.040")
        return
    if log.state == "running":
        force(unit)
        stopped_by_force(unit, log, "TIM.010")
        return
    with held(unit):
        seen = listened(unit, log)
    never_lost(unit)
    judge(unit, "TIM.010", log, seen)


@step("Pulses until shut-off", "TIM.030")
def pulses_until_off(unit: Unit) -> None:
    """Multiply frequency and shut-off time: one oscillator makes both, so the product is a whole number of its own."""
    pair = both_known(unit, "TIM.030", "WAV.010", "TIM.010")
    if pair is None:
        return
    hertz, seconds = pair
    if not by_looks(unit):
        _counted(unit, hertz.value, seconds.value)
    terms = (Term(seconds.value, hertz, "frequency"), Term(hertz.value, seconds, "shut-off time"))
    product = derived(hertz.value * seconds.value, "frequency times time", "pulses", terms)
    half = hertz.value * half_width(seconds)
    measure_interval(unit, "TIM.030", (product.value - half, product.value + half), product)


def _counted(unit: Unit, hertz: float, seconds: float) -> None:
    """Raise UndecidedError where the comparator counted another number of pulses in a run of `seconds` s than `hertz` makes.

    Between the records that the oscilloscope takes nobody else sees whether the unit still runs: it may have paused, or been off
    while pulses of another slot were counted.
    """
    due, count = hertz * (seconds - paused(unit)), course(unit).count
    if abs(count - due) > ODD:
        said = f"the comparator counted {count} pulses where {hertz:.3f} Hz make {due:.0f}"
        raise UndecidedError(f"{said}: the unit paused, or pulses were missed or not its own; have the comparator checked")


@step("Shut-off although the user plays with it", "TIM.050")
def shut_off_again(unit: Unit) -> None:
    """Run a second twenty minutes, with a level change and a lift-off at other moments than in the first."""
    unit.nest.connect(load=2_000)
    begin(unit)
    if not _started(unit):
        no_output(unit, "TIM.050")
        return
    wait_in_run(unit, LEVEL_AT)
    unit.nest.press("level", level=2)
    wait_in_run(unit, BACK_AT)
    unit.nest.press("level", level=3)
    wait_in_run(unit, LIFT_AT)
    _lift_and_touch(unit)
    if by_looks(unit):
        again_by_looks(unit, "TIM.050")
        return
    log = watch(unit)
    after = log
    if log.state != "running":  # that it ran too long is sound, whatever its contact did meanwhile
        never_lost(unit)
        after = _stayed_off(unit, log)
        unit.nest.press("stop")
        if (hertz := unit.reading("WAV.010")) is not None:
            _counted(unit, hertz.value, run_time(unit, log).value)
    else:
        force(unit)
    unit.measure("TIM.050", *run_time(unit, log), detail=timeline(log, after))


def _stayed_off(unit: Unit, log: PulseLog) -> PulseLog:
    """Return the log ten seconds behind a silence; raise UndecidedError where it was not the end of the run."""
    believe_silence(unit, flowing(unit))
    wait_behind(unit, log, SILENCE + 0.5)
    after = unit.nest.pulses()
    if after.after:
        raise UndecidedError(f"{after.after} pulses came back behind a silence: it was not over, or some were missed")
    never_lost(unit)
    return after


def _started(unit: Unit) -> bool:
    """Start the unit at its highest level; return whether it gives pulses."""
    if by_looks(unit):
        with unit.scope() as scope:
            return bool(start_and_look(unit, scope, STARTED)[0].pulses)
    pressed = unit.nest.press("start", level=3)
    unit.wait(STARTED)
    log = unit.nest.pulses()
    woke(unit, pressed, log)
    return log.first is not None


def _lift_and_touch(unit: Unit) -> None:
    """Lift the probes of a running unit and bridge them again; one that is off already, by the witness, stays as it is."""
    if not by_looks(unit) and unit.nest.pulses().state != "running":
        return
    unit.nest.connect(load=200_000)
    unit.wait(LIFTED_FOR)
    interrupt(unit)
    unit.nest.connect(load=2_000)
    unit.wait(STARTED)
