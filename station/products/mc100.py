"""Test the MC-100 microcurrent massager: biphasic pulses at 10 Hz, three levels, off by itself after 1170 s.

The order matters: what needs no output first; then one start, whose 20 minutes are the shut-off test, inside which everything
that needs the output is measured. Level changes come at 120 s and later, so that a timer restarted by one shows.
"""

from station.core.errors import SequenceError, UndecidedError
from station.core.uncertainty import Part, combine, ratio, rectangular
from station.products.mc100_parts import (
    APERTURE,
    CREST,
    LOWEST,
    OFF_AFTER,
    SETTLED,
    believe_silence,
    both_known,
    charging,
    faded,
    flowing,
    held,
    measure_peak,
    no_output,
    payload,
    shut_off_time,
    silent,
    still_flowing,
    stopped_by_force,
    timeline,
    unanswered,
    wait_behind,
    wait_for_levels,
    watch,
    without_output,
    zero_of_path,
)
from station.products.microcurrent import (
    asymmetry,
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
)
from station.sequencer.sequence import Sequence, step
from station.sequencer.unit import Unit
from station.signals.soft_start import first_pulse_ratio
from station.signals.timing import frequency, gap, negative_width, positive_width

PERIOD = 0.1  # s, nominal
PHASE = 5.0e-3  # s, nominal width of a phase
NEGATIVE = 5.5e-3  # s from the edge of a pulse to the start of its negative phase
L3 = 400e-6  # A, nominal: for ranges only
SILENCE = 10.0  # s that must stay silent behind the last pulse
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
    with held(unit):
        asked = {ask: unit.nest.tell(f"{ask}?") for ask in ("SN", "VER", "CRC", "TIMER")}
    serial, version, crc, timer = (payload(ask, answer) for ask, answer in asked.items())
    if serial == unit.serial:
        unit.measure("ID.010", True, detail={"serial": serial})
    else:
        unit.fail("ID.010", unanswered(asked, "SN") or f"the unit says it is {serial!r}, its label says {unit.serial!r}")
    if version is None or crc is None:
        unit.fail("ID.020", unanswered(asked, "VER", "CRC"))
    else:
        unit.measure("ID.020", f"{version} {crc}", detail={"temperature": warm})
    if timer is None:
        unit.fail("ID.030", unanswered(asked, "TIMER"))
    elif unit.limits["ID.030"].unit.si != "s":
        raise SequenceError("ID.030 must have the unit s: the unit tells its timer's constant in whole seconds")
    else:
        unit.measure("ID.030", int(timer))


@step("Battery and zero of the path", "BAT.010")
def battery(unit: Unit) -> None:
    """Read the relays' own voltage, which later DC readings are freed of, and the battery at rest."""
    with unit.dmm("zero") as dmm:
        unit.notes["zero"] = path_zero(dmm)
    with unit.dmm("battery") as dmm, held(unit):
        volts = dmm.dc_voltage(range=unit.span("BAT.010"))
    unit.measure("BAT.010", *volts)


@step("No output without skin", "CON.020")
def without_skin(unit: Unit) -> None:
    """Start it with its probes not bridged: it must only sense for contact."""
    unit.nest.connect(load=200_000)
    without_output(unit, "CON.020", "although its probes are not bridged")


@step("No output while charging", "CHG.010")
def while_charging(unit: Unit) -> None:
    """Start it with the charger connected: it must stay off."""
    unit.nest.connect(load=2_000)
    with charging(unit):
        without_output(unit, "CHG.010", "while the charger is connected")


@step("Soft start", "CUR.350")
def soft_start(unit: Unit) -> None:
    """Start the 20 minutes at the highest level, watched from the first pulse on."""
    unit.nest.connect(load=2_000)
    unit.nest.arm(gap=OFF_AFTER)
    with unit.scope() as scope, held(unit):
        sense = unit.nest.sense
        scope.arm(span=2.0, before=0.1, peak=height(sense, scope, 1.5 * L3))
        unit.nest.press("start", level=3)
        unit.wait(2.5)
        wave = None if unit.nest.pulses().first is None else pulse_record(scope, unit.nest)
        nominal = height(sense, scope, L3)
    if faded(unit, "CUR.350") or wave is None:
        return
    found = first_pulse_ratio(pulses_of(wave, 0.01 * nominal, share=0.1))
    parts = (Part("scatter", found.u), Part("converter step", rectangular(0.5 * wave.step) / nominal))
    u = combine("first pulse over steady pulses, scope", "1", parts)
    unit.measure("CUR.350", found.value, u, evidence=(unit.keep(wave, "Soft start at L3 into 2 kΩ"),))


@step("Pulse shape", "WAV.010", "WAV.020", "WAV.021", "WAV.030")
def shape(unit: Unit) -> None:
    """Look at twenty pulses on the sense resistor."""
    ids = ("WAV.010", "WAV.020", "WAV.021", "WAV.030")
    if silent(unit, *ids):
        return
    with unit.scope() as scope, held(unit):
        floor = height(unit.nest.sense, scope, unit.nest.comparator)
        scope.arm(span=2.0, before=0.02, peak=height(unit.nest.sense, scope, 1.5 * L3))
        wave, base = pulse_record(scope, unit.nest), scope.time_accuracy
    if faded(unit, *ids) or wave is None:
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
    if silent(unit, "WAV.080"):
        return
    with unit.scope() as scope, held(unit):
        scope.arm(span=0.06, before=-0.02, peak=0.02, points=60_000)
        wave = pulse_record(scope, unit.nest)
        reading = None if wave is None else noise_current(wave, unit.nest.sense, scope, floor=wave.step / 12.0**0.5)
    if faded(unit, "WAV.080") or wave is None or reading is None:
        return
    unit.measure("WAV.080", *reading, evidence=(unit.keep(wave, "Between pulses, L3 into 2 kΩ"),))


@step("Highest level into 2 kΩ", "CUR.311", "WAV.070", "CUR.320")
def level_3(unit: Unit) -> None:
    """Measure both plateaus and the RMS current."""
    if silent(unit, "CUR.311", "WAV.070", "CUR.320"):
        return
    with unit.dmm() as dmm, held(unit):
        span = unit.span("CUR.311")
        positive = peak_current(dmm, unit.nest, span, delay=SETTLED, aperture=APERTURE)
        negative = peak_current(dmm, unit.nest, span, delay=NEGATIVE + SETTLED, aperture=APERTURE)
        rms = rms_current(dmm, unit.nest.sense, unit.span("CUR.320"), lowest=LOWEST, crest=CREST)
    if faded(unit, "CUR.311", "WAV.070", "CUR.320"):
        return
    unit.measure("CUR.311", *positive)
    unit.measure("WAV.070", *asymmetry(positive, negative))
    unit.measure("CUR.320", *rms)


@step("Highest level into 500 Ω", "CUR.310", "WAV.060", "WAV.040", "WAV.050")
def level_3_low_load(unit: Unit) -> None:
    """Measure plateau, DC component and charge where the current is largest."""
    if silent(unit, "CUR.310", "WAV.060", "WAV.040", "WAV.050"):
        return
    unit.nest.connect(load=500)
    with unit.dmm() as dmm, held(unit):
        peak = peak_current(dmm, unit.nest, unit.span("CUR.310"), delay=SETTLED, aperture=APERTURE)
        direct = mean_current(
            dmm, unit.nest, zero_of_path(unit), span=1.25 * L3, quiet_after=2.0 * (NEGATIVE + PHASE), period=PERIOD, count=5
        )
    with unit.scope() as scope, held(unit):
        floor = height(unit.nest.sense, scope, unit.nest.comparator)
        scope.arm(span=1.0, before=0.02, peak=height(unit.nest.sense, scope, 1.5 * L3))
        wave = pulse_record(scope, unit.nest)
    if faded(unit, "CUR.310", "WAV.060", "WAV.040", "WAV.050") or wave is None:
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
        measure_peak(unit, load, row_id)
    if pair := both_known(unit, "CUR.330", "CUR.312", "CUR.310"):
        regulation = ratio(*pair, "ratio of two plateau currents")
        unit.measure("CUR.330", regulation.value - 1.0, regulation.u)


@step("Levels 1 and 2", "CUR.110", "CUR.111", "CUR.112", "CUR.210", "CUR.211", "CUR.212")
def lower_levels(unit: Unit) -> None:
    """Change the level, not before 120 s, and measure the plateaus into three loads."""
    wait_for_levels(unit)
    for level in (1, 2):
        unit.nest.press("level", level=level)
        for number, load in enumerate((500, 2_000, 10_000)):
            measure_peak(unit, load, f"CUR.{level}1{number}")


@step("Level ratios", "CUR.340", "CUR.341")
def level_ratios(unit: Unit) -> None:
    """Compare the levels with each other."""
    for row_id, top, bottom in (("CUR.340", "CUR.211", "CUR.111"), ("CUR.341", "CUR.311", "CUR.211")):
        if pair := both_known(unit, row_id, top, bottom):
            unit.measure(row_id, *ratio(*pair, "ratio of two plateau currents"))


@step("Auto shut-off", "TIM.010", "LEK.010", "TIM.040")
def shut_off(unit: Unit) -> None:
    """Wait for the unit to switch itself off, then listen for ten seconds whether it stays off."""
    unit.nest.press("level", level=3)  # whatever level and load an undecided step left behind
    unit.nest.connect(load=2_000)
    log = watch(unit)
    if log.first is None or log.last is None:
        no_output(unit, "TIM.010", "LEK.010", "TIM.040")
        return
    if log.state != "off":
        stopped_by_force(unit, log)
        return
    with held(unit):
        alternating = flowing(unit)
        believe_silence(unit, alternating)
        residual, detail = still_flowing(unit, log, alternating)
    wait_behind(unit, log, SILENCE + 0.5)
    after, contact = unit.nest.pulses(), unit.nest.contact()
    if after.opens or not contact.closed:
        raise UndecidedError(f"the fixture's needles lost contact {max(1, after.opens)} times: seat the unit again")
    unit.measure("TIM.010", *shut_off_time(unit, log), detail=timeline(log, after))
    unit.measure("LEK.010", *residual, detail=detail)
    unit.measure("TIM.040", after.after)


@step("Pulses until shut-off", "TIM.030")
def pulses_until_off(unit: Unit) -> None:
    """Multiply frequency and shut-off time: one oscillator makes both, so the product is a whole number of its own."""
    pair = both_known(unit, "TIM.030", "WAV.010", "TIM.010")
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
