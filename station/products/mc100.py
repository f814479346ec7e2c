"""Test the MC-100 microcurrent massager: biphasic pulses at 10 Hz, three levels, off by itself after 1170 s.

The order matters: what needs no output first; then one start, whose 20 minutes are the shut-off test, inside which everything
that needs the output is measured. Level changes come at 120 s and later, so that a timer restarted by one shows.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import copysign

from station.core.errors import UndecidedError
from station.core.instruments import PulseLog
from station.core.uncertainty import Part, Reading, combine, ratio, rectangular
from station.core.verdict import Verdict
from station.products.microcurrent import (
    asymmetry,
    current,
    everything,
    height,
    mean_current,
    net_charge_of,
    noise_current,
    path_zero,
    peak_current,
    phase_charge_of,
    pulse_record,
    pulses_of,
    rms_current,
    timed,
    zeroed,
)
from station.sequencer.sequence import Sequence, step
from station.sequencer.unit import Unit
from station.signals.soft_start import first_pulse_ratio
from station.signals.timing import frequency, gap, negative_width, positive_width

PERIOD = 0.1  # s, nominal
PHASE = 5.0e-3  # s, nominal width of a phase
NEGATIVE = 5.5e-3  # s from the edge of a pulse to the start of its negative phase
SETTLED = 0.4e-3  # s after an edge: six time constants of 30 kΩ and 2 nF
APERTURE = 4.1e-3  # s of plateau that even a phase at its low limit has left
LOWEST = 8.0  # Hz: no unit, however wrong its oscillator, has a component below
CREST = 3.2  # of the output at every level
L3 = 400e-6  # A, nominal: for ranges only
OFF_AFTER = 0.6  # s without a pulse means off: five periods at the lowest frequency of any unit, and a little
LEVELS_FROM = 120.5  # s after the first pulse: 120, and what two clocks that differ by 0.1 % need
CENSORED = 1230.0  # s after the first pulse: a unit that still runs is stopped by force
SILENCE = 10.0  # s that must stay silent behind the last pulse
RESIDUAL_AT = 5.0  # s behind the last pulse
NO_OUTPUT = "no output"
WARM = (20.0, 26.0)  # degC: between them the limits hold, and the accuracy that the instruments promise


@step("Seat and identity", "ID.010", "ID.020", "ID.030")
def identity(unit: Unit) -> None:
    """Prove the slot healthy, then ask the unit who it is; silence on a healthy line is the unit's fault."""
    unit.nest.arm(gap=OFF_AFTER)  # from here on the fixture counts how often its needles lose the unit
    contact = unit.nest.contact()
    if not contact.present or not contact.closed:
        raise UndecidedError("the fixture finds no unit, or its needles do not touch: seat the unit again")
    if not unit.nest.loopback():
        raise UndecidedError("the slot's UART fails its own loop-back test: have the fixture checked")
    warm = unit.nest.temperature()
    if not WARM[0] <= warm <= WARM[1]:
        raise UndecidedError(f"it is {warm:g} °C at the slots; the limits hold from {WARM[0]:g} to {WARM[1]:g} °C")
    with _held(unit):
        asked = {ask: unit.nest.tell(f"{ask}?") for ask in ("SN", "VER", "CRC", "TIMER")}
    serial, version, crc, timer = (_payload(ask, answer) for ask, answer in asked.items())
    if serial == unit.serial:
        unit.measure("ID.010", True, detail={"serial": serial})
    else:
        unit.fail("ID.010", _unanswered(asked, "SN") or f"the unit says it is {serial!r}, its label says {unit.serial!r}")
    if version is None or crc is None:
        unit.fail("ID.020", _unanswered(asked, "VER", "CRC"))
    else:
        unit.measure("ID.020", f"{version} {crc}", detail={"temperature": warm})
    if timer is None:
        unit.fail("ID.030", _unanswered(asked, "TIMER"))
    else:
        unit.measure("ID.030", int(timer))


@step("Battery and zero of the path", "BAT.010")
def battery(unit: Unit) -> None:
    """Read the relays' own voltage, which later DC readings are freed of, and the battery at rest."""
    with unit.dmm("zero") as dmm:
        unit.notes["zero"] = path_zero(dmm)
    with unit.dmm("battery") as dmm, _held(unit):
        volts = dmm.dc_voltage(range=unit.span("BAT.010"))
    unit.measure("BAT.010", *volts)


@step("No output without skin", "CON.020")
def without_skin(unit: Unit) -> None:
    """Start it with its probes not bridged: it must only sense for contact."""
    unit.nest.connect(load=200_000)
    _without_output(unit, "CON.020", "although its probes are not bridged")


@step("No output while charging", "CHG.010")
def while_charging(unit: Unit) -> None:
    """Start it with the charger connected: it must stay off."""
    unit.nest.connect(load=2_000)
    with _charging(unit):
        _without_output(unit, "CHG.010", "while the charger is connected")


@step("Soft start", "CUR.350")
def soft_start(unit: Unit) -> None:
    """Start the 20 minutes at the highest level, watched from the first pulse on."""
    unit.nest.connect(load=2_000)
    unit.nest.arm(gap=OFF_AFTER)
    with unit.scope() as scope, _held(unit):
        sense = unit.nest.sense
        scope.arm(span=2.0, before=0.1, peak=height(sense, scope, 1.5 * L3))
        unit.nest.press("start", level=3)
        unit.wait(2.5)
        wave = None if unit.nest.pulses().first is None else pulse_record(scope, unit.nest)
        nominal = height(sense, scope, L3)
    if _faded(unit, "CUR.350") or wave is None:
        return
    found = first_pulse_ratio(pulses_of(wave, 0.01 * nominal, share=0.1))
    parts = (Part("scatter", found.u), Part("converter step", rectangular(0.5 * wave.step) / nominal))
    u = combine("first pulse over steady pulses, scope", "1", parts)
    unit.measure("CUR.350", found.value, u, evidence=(unit.keep(wave, "Soft start at L3 into 2 kΩ"),))


@step("Pulse shape", "WAV.010", "WAV.020", "WAV.021", "WAV.030")
def shape(unit: Unit) -> None:
    """Look at twenty pulses on the sense resistor."""
    ids = ("WAV.010", "WAV.020", "WAV.021", "WAV.030")
    if _silent(unit, *ids):
        return
    with unit.scope() as scope, _held(unit):
        floor = height(unit.nest.sense, scope, unit.nest.comparator)
        scope.arm(span=2.0, before=0.02, peak=height(unit.nest.sense, scope, 1.5 * L3))
        wave, base = pulse_record(scope, unit.nest), scope.time_accuracy
    if _faded(unit, *ids) or wave is None:
        return
    pulses = pulses_of(wave, floor)
    budget = "edges at half height, scope"
    readings = (
        timed(frequency(pulses, wave.dt), base, "Hz", "regressed edges, scope"),
        timed(positive_width(pulses, wave.dt), base, "s", budget),
        timed(negative_width(pulses, wave.dt), base, "s", budget),
        timed(gap(pulses, wave.dt), base, "s", budget),
    )
    evidence = (unit.keep(wave, "Output at L3 into 2 kΩ"),)
    for row_id, reading in zip(ids, readings, strict=True):
        unit.measure(row_id, *reading, evidence=evidence)


@step("Noise between pulses", "WAV.080")
def noise(unit: Unit) -> None:
    """Look between the pulses at high gain; the noise of the converter's step is taken off."""
    if _silent(unit, "WAV.080"):
        return
    with unit.scope() as scope, _held(unit):
        scope.arm(span=0.06, before=-0.02, peak=0.02, points=60_000)
        wave = pulse_record(scope, unit.nest)
        reading = None if wave is None else noise_current(wave, unit.nest.sense, scope, floor=wave.step / 12.0**0.5)
    if _faded(unit, "WAV.080") or wave is None or reading is None:
        return
    unit.measure("WAV.080", *reading, evidence=(unit.keep(wave, "Between pulses, L3 into 2 kΩ"),))


@step("Highest level into 2 kΩ", "CUR.311", "WAV.070", "CUR.320")
def level_3(unit: Unit) -> None:
    """Measure both plateaus and the RMS current."""
    if _silent(unit, "CUR.311", "WAV.070", "CUR.320"):
        return
    with unit.dmm() as dmm, _held(unit):
        span = unit.span("CUR.311")
        positive = peak_current(dmm, unit.nest, span, delay=SETTLED, aperture=APERTURE)
        negative = peak_current(dmm, unit.nest, span, delay=NEGATIVE + SETTLED, aperture=APERTURE)
        rms = rms_current(dmm, unit.nest.sense, unit.span("CUR.320"), lowest=LOWEST, crest=CREST)
    if _faded(unit, "CUR.311", "WAV.070", "CUR.320"):
        return
    unit.measure("CUR.311", *positive)
    unit.measure("WAV.070", *asymmetry(positive, negative))
    unit.measure("CUR.320", *rms)


@step("Highest level into 500 Ω", "CUR.310", "WAV.060", "WAV.040", "WAV.050")
def level_3_low_load(unit: Unit) -> None:
    """Measure plateau, DC component and charge where the current is largest."""
    if _silent(unit, "CUR.310", "WAV.060", "WAV.040", "WAV.050"):
        return
    unit.nest.connect(load=500)
    with unit.dmm() as dmm, _held(unit):
        peak = peak_current(dmm, unit.nest, unit.span("CUR.310"), delay=SETTLED, aperture=APERTURE)
        direct = mean_current(
            dmm, unit.nest, _zero(unit), span=1.25 * L3, quiet_after=2.0 * (NEGATIVE + PHASE), period=PERIOD, count=5
        )
    with unit.scope() as scope, _held(unit):
        floor = height(unit.nest.sense, scope, unit.nest.comparator)
        scope.arm(span=1.0, before=0.02, peak=height(unit.nest.sense, scope, 1.5 * L3))
        wave = pulse_record(scope, unit.nest)
    if _faded(unit, "CUR.310", "WAV.060", "WAV.040", "WAV.050") or wave is None:
        return
    unit.measure("CUR.310", *peak)
    unit.measure("WAV.060", *direct)
    pulses = pulses_of(wave, floor)
    evidence = (unit.keep(wave, "Output at L3 into 500 Ω"),)
    unit.measure("WAV.040", *phase_charge_of(wave, pulses, peak, PHASE), evidence=evidence)
    unit.measure("WAV.050", *net_charge_of(wave, pulses, peak, PHASE), evidence=evidence)


@step("Highest level into 10 and 30 kΩ", "CUR.312", "CUR.313", "CUR.330")
def level_3_high_load(unit: Unit) -> None:
    """Measure the plateau towards the limit of compliance."""
    for load, row_id in ((10_000, "CUR.312"), (30_000, "CUR.313")):
        _peak(unit, load, row_id)
    if pair := _both_known(unit, "CUR.330", "CUR.312", "CUR.310"):
        regulation = ratio(*pair, "ratio of two plateau currents")
        unit.measure("CUR.330", regulation.value - 1.0, regulation.u)


@step("Levels 1 and 2", "CUR.110", "CUR.111", "CUR.112", "CUR.210", "CUR.211", "CUR.212")
def lower_levels(unit: Unit) -> None:
    """Change the level, not before 120 s, and measure the plateaus into three loads."""
    _wait_for_levels(unit)
    for level in (1, 2):
        unit.nest.press("level", level=level)
        for number, load in enumerate((500, 2_000, 10_000)):
            _peak(unit, load, f"CUR.{level}1{number}")


@step("Level ratios", "CUR.340", "CUR.341")
def level_ratios(unit: Unit) -> None:
    """Compare the levels with each other."""
    for row_id, top, bottom in (("CUR.340", "CUR.211", "CUR.111"), ("CUR.341", "CUR.311", "CUR.211")):
        if pair := _both_known(unit, row_id, top, bottom):
            unit.measure(row_id, *ratio(*pair, "ratio of two plateau currents"))


@step("Auto shut-off", "TIM.010", "LEK.010", "TIM.040")
def shut_off(unit: Unit) -> None:
    """Wait for the unit to switch itself off, then listen for ten seconds whether it stays off."""
    unit.nest.press("level", level=3)  # whatever level and load an undecided step left behind
    unit.nest.connect(load=2_000)
    log = _watch(unit)
    if log.first is None or log.last is None:
        _no_output(unit, "TIM.010", "LEK.010", "TIM.040")
        return
    if log.state != "off":
        _stopped_by_force(unit, log)
        return
    with _held(unit):
        alternating = _flowing(unit)
        _believe_silence(unit, alternating)
        residual, detail = _residual(unit, log, alternating)
    _wait_behind(unit, log, SILENCE + 0.5)
    after, contact = unit.nest.pulses(), unit.nest.contact()
    if after.opens or not contact.closed:
        raise UndecidedError(f"the fixture's needles lost contact {max(1, after.opens)} times: seat the unit again")
    unit.measure("TIM.010", *_shut_off_time(unit, log), detail=_timeline(log, after))
    unit.measure("LEK.010", *residual, detail=detail)
    unit.measure("TIM.040", after.after)


@step("Pulses until shut-off", "TIM.030")
def pulses_until_off(unit: Unit) -> None:
    """Multiply frequency and shut-off time: one oscillator makes both, so the product is a whole number of its own."""
    pair = _both_known(unit, "TIM.030", "WAV.010", "TIM.010")
    if pair is None:
        return
    hertz, seconds = pair
    parts = (Part("frequency", seconds.value * hertz.u.u), Part("shut-off time", hertz.value * seconds.u.u))
    unit.measure("TIM.030", hertz.value * seconds.value, combine("frequency times time", "pulses", parts))


def finish(unit: Unit) -> None:
    """Leave the slot safe, whatever happened."""
    unit.nest.safe()


SEQUENCE = Sequence(
    product="MC-100",
    version="1.0.0",
    recipe="real-time shut-off",
    steps=(
        identity, battery, without_skin, while_charging, soft_start, shape, noise, level_3, level_3_low_load,
        level_3_high_load, lower_levels, level_ratios, shut_off, pulses_until_off,
    ),
    finish=finish,
)  # fmt: skip


def _payload(ask: str, answer: str | None) -> str | None:
    """Return what follows the word in an answer like `VER 1.4.2`; of `TIMER` only a plain number."""
    word, _, rest = (answer or "").partition(" ")
    if ask == "TIMER" and not (rest.isascii() and rest.isdecimal()):
        return None
    return rest if word == ask and rest else None


def _unanswered(asked: Mapping[str, str | None], *asks: str) -> str:
    """Say what is wrong with the first of the answers to `asks` that makes no sense; nothing when all do."""
    for ask in asks:
        if _payload(ask, asked[ask]) is None:
            said = "does not answer" if asked[ask] is None else f"answers {asked[ask]!r} to {ask}?"
            return f"the unit {said} on its service port, whose loop-back test passed"
    return ""


def _zero(unit: Unit) -> Reading:
    if "zero" not in unit.notes:
        raise UndecidedError("the path to the slot was not zeroed")
    return unit.notes["zero"]


def _without_output(unit: Unit, row_id: str, when: str) -> None:
    """Start the unit where it must give nothing, and look for pulses with the comparator and for less with the DMM.

    The DMM reads the AC part and the mean: a direct current is output too, and a true-RMS meter is blind to it.
    """
    unit.nest.arm(gap=OFF_AFTER)
    with unit.dmm() as dmm, _held(unit), _switched_on(unit):
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
def _switched_on(unit: Unit) -> Iterator[None]:
    """Switch the unit on, and off again whatever happens: what follows must meet a unit that is off."""
    unit.nest.press("start", level=3)
    try:
        yield
    finally:
        unit.nest.press("stop")


@contextmanager
def _charging(unit: Unit) -> Iterator[None]:
    """Connect the charger, and disconnect it whatever happens: a unit on the charger gives no output."""
    unit.nest.charger(on=True)
    try:
        yield
    finally:
        unit.nest.charger(on=False)


def _both_known(unit: Unit, row_id: str, top: str, bottom: str) -> tuple[Reading, Reading] | None:
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


def _peak(unit: Unit, load: float, row_id: str) -> None:
    if _silent(unit, row_id):
        return
    unit.nest.connect(load=load)
    with unit.dmm() as dmm, _held(unit):
        reading = peak_current(dmm, unit.nest, unit.span(row_id), delay=SETTLED, aperture=APERTURE)
    if not _faded(unit, row_id):
        unit.measure(row_id, *reading)


def _silent(unit: Unit, *ids: str) -> bool:
    """Fail the rows of a unit that gives no pulses any more, on a slot that touches it; return whether it is so."""
    if unit.nest.pulses().state == "running":
        return False
    _no_output(unit, *ids)
    return True


def _faded(unit: Unit, *ids: str) -> bool:
    """Fail the rows of a unit that went off before their measurement was over: no pulse came behind it; return whether so.

    Without this a unit that gives up while it is measured, or whose contact comes and goes while it waits its turn, would fail
    by a number that means nothing.
    """
    over = unit.nest.pulses().now
    unit.wait(2.0 / LOWEST)
    log = unit.nest.pulses()
    if log.last is None or log.last < over:
        unit.wait(OFF_AFTER)  # for the log to decide
    return _silent(unit, *ids)


def _no_output(unit: Unit, *ids: str) -> None:
    """Fail the rows of a unit that gives nothing; raise UndecidedError when it was the fixture that lost it or is deaf."""
    flows = _flowing(unit)
    log, contact = unit.nest.pulses(), unit.nest.contact()
    if contact.opens or not contact.closed:
        raise UndecidedError("the fixture's needles lost contact: seat the unit again")
    start = unit.measurements.get("CUR.350")
    if log.first is None and start is not None and start.verdict is Verdict.INCONCLUSIVE:
        raise UndecidedError("the unit's start was undecided, and it has not given a pulse since")
    _believe_silence(unit, flows)
    lasted = "" if log.first is None or log.last is None else f": it went off {log.last - log.first:.1f} s after its first pulse"
    for row_id in ids:
        unit.fail(row_id, NO_OUTPUT + lasted + (", and came back" if log.after else ""))


def _flowing(unit: Unit) -> Reading:
    """Return the AC part in A of what flows, by the DMM: the second witness of a silence that the comparator tells of."""
    with unit.dmm() as dmm:
        return rms_current(dmm, unit.nest.sense, unit.nest.comparator, lowest=LOWEST, crest=CREST)


def _believe_silence(unit: Unit, flows: Reading) -> None:
    """Raise UndecidedError when the DMM reads what the comparator must have seen, and it counted no pulse that came back."""
    if flows.value > unit.nest.comparator and not unit.nest.pulses().after:
        seen = f"the DMM reads {flows.value * 1e6:.0f} µA where the fixture's comparator sees no pulses"
        raise UndecidedError(f"{seen}: have the comparator checked")


@contextmanager
def _held(unit: Unit) -> Iterator[None]:
    """Let a measurement count only when the fixture's needles held the unit all the while."""
    before = unit.nest.contact()
    yield
    after = unit.nest.contact()
    if not (before.closed and after.closed) or after.opens != before.opens:
        raise UndecidedError("the fixture's needles lost contact during the measurement: seat the unit again")


def _wait_for_levels(unit: Unit) -> None:
    log = unit.nest.pulses()
    if log.first is not None and log.state == "running":
        unit.wait(max(0.0, log.first + LEVELS_FROM - log.now))


def _watch(unit: Unit) -> PulseLog:
    """Return the pulse log once the unit is off, or still running when its time is up."""
    while True:
        log = unit.nest.pulses()
        if log.state in ("off", "idle") or log.first is None:
            return log
        age = log.now - log.first
        if age >= CENSORED:
            return log
        unit.wait(1.0 if age > 1100.0 else min(10.0, 1100.5 - age))


def _wait_behind(unit: Unit, log: PulseLog, seconds: float) -> None:
    """Wait until `seconds` have passed behind the last pulse of `log`, by the fixture's clock."""
    if log.last is not None:
        unit.wait(max(0.0, log.last + seconds - unit.nest.pulses().now))


def _residual(unit: Unit, log: PulseLog, alternating: Reading) -> tuple[Reading, dict[str, float]]:
    """Return all that still flows in A, with the sign of its direct part, and both parts.

    `alternating` was read into 2 kΩ: balanced pulses too low for the comparator have no direct part. That is read into 500 Ω,
    5 s behind the last pulse, or later when others have the DMM.
    """
    unit.nest.connect(load=500)
    _wait_behind(unit, log, RESIDUAL_AT)
    with unit.dmm() as dmm:
        volts = zeroed(dmm.dc_voltage(range=0.1, count=3), _zero(unit))
        direct = current(volts, unit.nest.sense, dmm.input_ohm, "direct current, DMM over sense resistor")
    whole = everything(alternating, direct)
    return Reading(copysign(whole.value, direct.value), whole.u), {"alternating": alternating.value, "direct": direct.value}


def _stopped_by_force(unit: Unit, log: PulseLog) -> None:
    """Stop a unit that did not switch itself off; that it ran too long is sound, whatever its contact did meanwhile."""
    unit.nest.press("stop")
    unit.measure("TIM.010", *_shut_off_time(unit, log), detail=_timeline(log, log))
    unit.undecided("TIM.040", "it did not switch itself off: there was no shut-off to listen behind")
    with _held(unit):
        residual, detail = _residual(unit, log, _flowing(unit))
    unit.measure("LEK.010", *residual, detail=detail)


def _shut_off_time(unit: Unit, log: PulseLog) -> Reading:
    """Return the time from the first to the last pulse; of a unit stopped by force, the time it had run until then."""
    first, last = log.first or 0.0, log.last or 0.0
    lasted = last - first if log.state == "off" else log.now - first
    parts = (Part("fixture timer", lasted * unit.nest.timer_accuracy), Part("resolution", rectangular(1e-6)))
    return Reading(lasted, combine("fixture timer", "s", parts))


def _timeline(log: PulseLog, after: PulseLog) -> dict[str, float | int | str | bool | None]:
    return {
        "first": log.first, "last": log.last, "count": log.count, "after": after.after, "off_seen": log.now,
        "silent_until": after.now, "forced": log.state != "off",
    }  # fmt: skip
