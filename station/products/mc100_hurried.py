"""Hurry the MC-100's timer through its service port, and see the counter cut the output off; leave service mode for sure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from station.core.equipment import PulseLog
from station.core.errors import UnfitError
from station.core.verdict import Verdict
from station.products.mc100_behind import judge, listened, stopped_by_force
from station.products.mc100_course import begin, run_time, wait_in_run, watch, woke
from station.products.mc100_looks import by_looks
from station.products.mc100_parts import believe_pulses, believe_silence, flowing, held, no_output
from station.products.mc100_recorded import STARTED, measure_record, recorded
from station.products.mc100_shut_off_looked import judge_behind, residual_behind
from station.sequencer.sequence import step
from station.sequencer.unit import Unit

FACTOR = 60  # by which the timer is hurried
CENSORED = 23.0  # s after the first pulse: stopped by force
LEVEL_AT = 8.0  # s into the run, where its level is changed


@step("Accelerated shut-off", "TIM.020")
def accelerated(unit: Unit) -> None:
    """Let the timer count sixty times as fast, and see the counter cut the output off."""
    if by_looks(unit):
        accelerated_by_record(unit)
        return
    with held(unit), service_mode(unit):
        log = _hurried(unit)
        if log is not None and (log.first is None or (log.state == "off" and _would_fail(unit, log))):
            believe_silence(unit, flowing(unit))
        if log is not None and log.state == "running":
            believe_pulses(unit)
    if _lasted(unit, log, "TIM.020") and log is not None:
        unit.measure("TIM.020", *run_time(unit, log))


@step("Accelerated shut-off with a level change", "TIM.020", "LEK.010", "TIM.040")
def accelerated_alone(unit: Unit) -> None:
    """Do the same where no shut-off in real time follows: change the level meanwhile, and listen whether it stays off."""
    if by_looks(unit):
        accelerated_alone_by_record(unit)
        return
    with held(unit), service_mode(unit):
        log = _hurried(unit, _change_level)
        if log is not None and log.first is None:
            believe_silence(unit, flowing(unit))
        if log is not None and log.state == "running":
            believe_pulses(unit)
        seen = None if log is None or log.first is None or log.state == "running" else listened(unit, log)
    if not _lasted(unit, log, "TIM.020", "LEK.010", "TIM.040") or log is None:
        return
    if seen is None:
        stopped_by_force(unit, log, "TIM.020")
    else:
        judge(unit, "TIM.020", log, seen)


@contextmanager
def service_mode(unit: Unit) -> Iterator[None]:
    """Leave service mode whatever happened in it, with the unit off: what follows must meet a unit as the customer does."""
    try:
        yield
    finally:
        unit.nest.press("stop")
        left = obeyed(unit, "EXIT")
    if not left and not unit.nest.loopback():
        raise UnfitError("the slot's UART fails its own loop-back test: have the fixture checked")


def obeyed(unit: Unit, command: str) -> bool:
    """Return whether the unit does what it is told on its service port; it is told twice before it counts as deaf."""
    return any(unit.nest.tell(command) == "OK" for _ in range(2))


def _hurried(unit: Unit, meanwhile: Callable[[Unit], None] | None = None) -> PulseLog | None:
    """Run the unit hurried, doing something `meanwhile`, and return its log; None of one that does not let itself be hurried."""
    if not _ready(unit):
        return None
    pressed = unit.nest.press("start", level=3)
    unit.wait(STARTED)
    woke(unit, pressed, unit.nest.pulses())
    if meanwhile is not None:
        meanwhile(unit)
    return watch(unit, CENSORED)


def _would_fail(unit: Unit, log: PulseLog) -> bool:
    """Return whether the unit went off at the wrong time by the comparator alone: then the DMM is asked too."""
    return unit.limits["TIM.020"].judge(*run_time(unit, log))[0] is not Verdict.PASS


def accelerated_by_record(unit: Unit) -> None:
    """Do the same where the fixture has no timer: one record of the oscilloscope sees both ends."""
    with held(unit), service_mode(unit):
        if not _ready(unit):
            _lasted(unit, None, "TIM.020")
            return
        seen = recorded(unit)
        if seen is None:
            no_output(unit, "TIM.020")
            return
        if not seen.forced:
            believe_silence(unit, flowing(unit), seen.back)
    measure_record(unit, "TIM.020", seen)


def accelerated_alone_by_record(unit: Unit) -> None:
    """Change the level meanwhile, and look for ten seconds whether it stays off."""
    rows = ("TIM.020", "LEK.010", "TIM.040")
    with held(unit), service_mode(unit):
        if not _ready(unit):
            _lasted(unit, None, *rows)
            return
        seen = recorded(unit, _change_level_by_host, silence=True)
        if seen is None:
            no_output(unit, *rows)
            return
        behind = None if seen.forced else residual_behind(unit, seen)
    measure_record(unit, "TIM.020", seen)
    judge_behind(unit, seen, behind)


def _ready(unit: Unit) -> bool:
    """Make the unit ready to run hurried; return whether it obeys."""
    unit.nest.connect(load=2_000)
    begin(unit)
    return obeyed(unit, f"ACC {FACTOR}")


def _change_level(unit: Unit) -> None:
    wait_in_run(unit, LEVEL_AT)
    unit.nest.press("level", level=2)


def _change_level_by_host(unit: Unit) -> None:
    unit.wait(LEVEL_AT)  # no timer tells when the first pulse came
    unit.nest.press("level", level=2)


def _lasted(unit: Unit, log: PulseLog | None, *ids: str) -> bool:
    """Fail the rows of a unit that was not hurried, or gave nothing; return whether there was a run to time."""
    if log is None:
        for row_id in ids:
            unit.fail(row_id, f"the unit does not obey ACC {FACTOR} on its service port, whose loop-back test passed")
    elif log.first is None:
        no_output(unit, *ids)
    return log is not None and log.first is not None
