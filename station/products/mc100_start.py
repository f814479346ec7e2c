"""Start the MC-100, and let its skin come and go: no jolt at the first pulse, output only while it is felt."""

from dataclasses import replace

from station.core.errors import UndecidedError
from station.core.instruments import Scope
from station.core.uncertainty import combine
from station.core.waveform import Waveform
from station.products.mc100_course import LIFTED_FOR, RELAY, TWO_MINUTES, begin, interrupt, timer_reading, wait_in_run, woke
from station.products.mc100_looks import by_looks, missed_start, start_and_look
from station.products.mc100_parts import L3, PERIOD, faded, held, no_output, silent
from station.products.mc100_tallest import remember, stands_out, tallest
from station.products.microcurrent import height, pulse_record, pulses_of
from station.products.microcurrent_budget import scatter_line, step_line
from station.sequencer.sequence import step
from station.sequencer.unit import Unit
from station.signals.estimate import Estimate
from station.signals.pulses import Pulses
from station.signals.soft_start import first_pulse_ratio

MEASURED_BY = 1090.0  # s after the start: every loan that needs the output has begun, and is over before the unit may go off
LOANS = {"dmm": 12, "scope": 6}  # that a unit needs between its start and its last level
RECORD = 2.0  # s of a record that holds the first pulse
BEFORE = 0.35  # s of it before the trigger: pulses that the comparator, which triggers it, did not see
STARTED = 2.5  # s until that record is full, whatever the unit does


@step("Soft start", "CUR.350")
def soft_start(unit: Unit) -> None:
    """Start the 20 minutes at the highest level, watched from the first pulse on, once there is room for all their loans."""
    unit.open_window(seconds=MEASURED_BY, loans=LOANS)
    unit.nest.connect(load=2_000)
    begin(unit)
    with unit.scope() as scope, held(unit):
        wave, seen_whole = _looked(unit, scope) if by_looks(unit) else (_started(unit, scope), True)
        nominal = height(unit.nest.sense, scope, L3)
    if faded(unit, "CUR.350"):
        return
    if not seen_whole:
        raise UndecidedError("the look that was to see the first pulse began too late, or the unit started behind it")
    if wave is None:
        raise UndecidedError(f"the unit gives pulses, but gave none in the {STARTED:g} s behind its key, or none was recorded")
    _measure_first(unit, "CUR.350", wave, nominal, "Soft start at L3 into 2 kΩ")


def _started(unit: Unit, scope: Scope) -> Waveform | None:
    """Start the unit, and return the record that its first pulse triggers."""
    _arm(unit, scope)
    pressed = unit.nest.press("start", level=3)
    unit.wait(STARTED)
    log = unit.nest.pulses()
    woke(unit, pressed, log)
    return None if log.first is None else pulse_record(scope, unit.nest)


def _looked(unit: Unit, scope: Scope) -> tuple[Waveform | None, bool]:
    """Start the unit and look at once; return the record, and whether it begins before the first pulse and holds it."""
    look, wave = start_and_look(unit, scope, RECORD)
    return wave, bool(look.pulses) and not missed_start(look)


@step("Two minutes of output")
def two_minutes(unit: Unit) -> None:
    """Wait until level and load may be changed, so that a timer which that restarts shows in the shut-off time of every unit."""
    wait_in_run(unit, TWO_MINUTES)


@step("Lift-off and new contact", "CON.040", "CON.030", "CUR.351")
def lift_off(unit: Unit) -> None:
    """Lift the probes until the output stops, and bridge them again: it must come back, and softly."""
    if silent(unit, "CON.040", "CON.030", "CUR.351"):
        return
    unit.nest.connect(load=2_000)
    with held(unit):
        lifted = unit.nest.connect(load=200_000)
        unit.wait(LIFTED_FOR)
        log = unit.nest.pulses()
    stopped = log.state != "running" and not log.after
    lasted = (log.last or lifted) if stopped else log.now
    if lasted <= lifted:  # its detector needs three pulses more to feel that there is no skin
        unit.undecided("CON.040", "the comparator saw no pulse behind the lift-off, and missed what there was: have it checked")
    else:
        unit.measure("CON.040", *timer_reading(unit, lasted - lifted, RELAY), detail={"stopped": stopped})
    interrupt(unit)
    _new_contact(unit)


def _new_contact(unit: Unit) -> None:
    with unit.scope() as scope, held(unit):
        unit.nest.connect(load=200_000)
        _arm(unit, scope)
        touched = unit.nest.connect(load=2_000)
        unit.wait(STARTED)
        log = unit.nest.pulses()
        wave = None if log.first is None else pulse_record(scope, unit.nest)
        nominal = height(unit.nest.sense, scope, L3)
    if log.first is None or wave is None:
        no_output(unit, "CON.030", "CUR.351")
        return
    unit.measure("CON.030", *timer_reading(unit, log.first - touched, RELAY))
    if not faded(unit, "CUR.351"):
        _measure_first(unit, "CUR.351", wave, nominal, "New contact at L3 into 2 kΩ")


def _arm(unit: Unit, scope: Scope) -> None:
    scope.arm(span=RECORD, before=BEFORE, peak=height(unit.nest.sense, scope, 1.5 * L3))


def _measure_first(unit: Unit, row_id: str, wave: Waveform, nominal: float, title: str) -> None:
    """Measure the first pulse of `wave` over its steady ones as row `row_id`; `nominal` is their height in V.

    No later one may stand above what CUR.311 allows either: a jolt may come with the second.
    """
    pulses = pulses_of(wave, 0.01 * nominal, share=0.1)
    turned = pulses_of(replace(wave, volts=-wave.volts), 0.01 * nominal, share=0.1)
    begins = min((each.rise[0] for each in (pulses, turned) if each.count), default=0.0)
    if not by_looks(unit) and pulses.count and wave.start + begins < -PERIOD / 2.0:
        raise UndecidedError("the oscilloscope saw a pulse before the first one of the comparator: have the comparator checked")
    found, seen, known = _first(pulses, turned), tallest(wave, pulses), unit.reading("CUR.311")
    if known is None:
        remember(unit, seen)
    elif stands_out(unit, row_id, "CUR.311", known, seen):
        return
    parts = (
        scatter_line("scatter", found.u, "1", "pulses of the record"),
        step_line("converter step", wave.step, 1.0 / nominal),
    )
    u = combine("first pulse over steady pulses, scope", "1", parts)
    unit.measure(row_id, found.value, u, evidence=(unit.keep(wave, title),))


def _first(pulses: Pulses, turned: Pulses) -> Estimate:
    """Return the first pulse over the steady ones, by the larger of its phases; a bridge with a dead leg has but one."""
    positive = first_pulse_ratio(pulses)
    return max(positive, first_pulse_ratio(turned), key=lambda found: found.value) if turned.count else positive
