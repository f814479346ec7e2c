"""Measure what the MC-100 gives while it works: shape, noise, currents at three levels into four loads, charge and balance."""

from station.core.budget import within
from station.core.equipment import PulseLog
from station.core.errors import UndecidedError
from station.core.uncertainty import Reading, Term, combine, derived, ratio, scaled
from station.products.mc100_parts import (
    CREST,
    L3,
    LOWEST,
    NEGATIVE,
    PERIOD,
    PHASE,
    both_known,
    faded,
    held,
    silent,
    zero_of_path,
)
from station.products.mc100_phases import measure_peak, negative_peak, positive_peak
from station.products.mc100_tallest import measure_plateau, of_start, tallest
from station.products.microcurrent import (
    asymmetry,
    height,
    mean_current,
    net_charge_of,
    noise_current,
    phase_charge_of,
    pulse_record,
    pulses_of,
    rms_current,
    timed,
)
from station.sequencer.sequence import step
from station.sequencer.unit import Unit
from station.signals.pulses import Pulses
from station.signals.timing import frequency, gap, missing, negative_width, positive_width

OFF_FREQUENCY = 0.3  # Hz by which a unit inside its limits may be off its nominal frequency


@step("Pulse shape", "WAV.010", "WAV.020", "WAV.021", "WAV.030")
def shape(unit: Unit) -> None:
    """Look at twenty pulses on the sense resistor."""
    ids = ("WAV.010", "WAV.020", "WAV.021", "WAV.030")
    if silent(unit, *ids):
        return
    with unit.scope() as scope, held(unit):
        floor = height(unit.nest.sense, scope, unit.nest.comparator)
        before = unit.nest.pulses()
        scope.arm(span=2.0, before=0.02, peak=height(unit.nest.sense, scope, 1.5 * L3))
        wave = pulse_record(scope, unit.nest)
        after = unit.nest.pulses()
    if faded(unit, *ids) or wave is None:
        return
    pulses = pulses_of(wave, floor)
    budget = "edges at half height, scope"
    readings = (
        _in_a_second(timed(frequency(pulses, wave.dt), scope, "Hz", "regressed edges, scope"), pulses, before, after),
        timed(positive_width(pulses, wave.dt), scope, "s", budget),
        timed(negative_width(pulses, wave.dt), scope, "s", budget),
        timed(gap(pulses, wave.dt), scope, "s", budget),
    )
    evidence = (unit.keep(wave, "Output at L3 into 2 kΩ"),)
    for row_id, reading in zip(ids, readings, strict=True):
        unit.measure(row_id, *reading, evidence=evidence)


def _in_a_second(beat: Reading, pulses: Pulses, before: PulseLog, after: PulseLog) -> Reading:
    """Return how many pulses come in a second, in Hz: their `beat`, less those that it lacks by oscilloscope and comparator.

    Raises UndecidedError where the comparator's logs around the record lack none: then the path to the oscilloscope lost them.
    """
    lost = missing(pulses)
    if not lost:
        return beat
    if before.last is None or after.last is None or beat.value * (after.last - before.last) < after.count - before.count + 0.5:
        raise UndecidedError(f"{lost} pulses are missing in the record, and the comparator missed none: check its path")
    steps = pulses.count - 1
    return scaled(beat, steps / (steps + lost), "Hz", beat.u.budget)


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
        positive = positive_peak(dmm, unit.nest, span)
        negative = negative_peak(dmm, unit.nest, span, count=10)
        rms = rms_current(dmm, unit.nest.sense, unit.span("CUR.320"), lowest=LOWEST, crest=CREST)
    if faded(unit, "CUR.311", "WAV.070", "CUR.320"):
        return
    measure_plateau(unit, "CUR.311", positive, of_start(unit))
    unit.measure("WAV.070", *asymmetry(positive, negative))
    unit.measure("CUR.320", *rms)


@step("Highest level into 500 Ω", "CUR.310", "WAV.060", "WAV.040", "WAV.050")
def level_3_low_load(unit: Unit) -> None:
    """Measure plateau, DC component and charge where the current is largest."""
    if silent(unit, "CUR.310", "WAV.060", "WAV.040", "WAV.050"):
        return
    unit.nest.connect(load=500)
    with unit.dmm() as dmm, held(unit):
        peak = positive_peak(dmm, unit.nest, unit.span("CUR.310"))
        direct = mean_current(
            dmm, unit.nest, zero_of_path(unit, dmm), span=1.25 * L3, quiet_after=2.0 * (NEGATIVE + PHASE), period=PERIOD, count=2
        )
    with unit.scope() as scope, held(unit):
        floor = height(unit.nest.sense, scope, unit.nest.comparator)
        scope.arm(span=1.0, before=0.02, peak=height(unit.nest.sense, scope, 1.5 * L3))
        wave = pulse_record(scope, unit.nest)
    if faded(unit, "CUR.310", "WAV.060", "WAV.040", "WAV.050") or wave is None:
        return
    if wave.clipped:
        unit.measure("CUR.310", *peak)
    pulses = pulses_of(wave, floor)
    measure_plateau(unit, "CUR.310", peak, tallest(wave, pulses))
    evidence = (unit.keep(wave, "Output at L3 into 500 Ω"),)
    net = net_charge_of(wave, pulses, peak, PHASE)
    unit.measure("WAV.040", *phase_charge_of(wave, pulses, peak, PHASE), evidence=evidence)
    unit.measure("WAV.050", *net, evidence=evidence)
    unit.measure("WAV.060", *at_its_frequency(direct, net, unit.reading("WAV.010")))


def at_its_frequency(direct: Reading, net: Reading, hertz: Reading | None) -> Reading:
    """Return the mean in A at the unit's own frequency `hertz`: `direct` was taken over whole periods of the nominal one.

    What the pulses' net charge `net` in C adds to the mean grows with their number in a second. Where the frequency was not
    measured, the budget bears what a unit inside its limits may be off.
    """
    budget = direct.u.budget
    if hertz is None:
        odd = within("frequency of the pulses", OFF_FREQUENCY, unit="Hz", sensitivity=net.value, source="not measured")
        return Reading(direct.value, combine(budget, "A", (*direct.u.parts, odd)))
    more = hertz.value - 1.0 / PERIOD
    terms = (Term(1.0, direct, ""), Term(more, net, "net charge"), Term(net.value, hertz, "frequency"))
    return derived(direct.value + net.value * more, budget, "A", terms)


@step("Highest level into 10 and 30 kΩ", "CUR.312", "CUR.313", "CUR.330")
def level_3_high_load(unit: Unit) -> None:
    """Measure the plateau towards the limit of compliance."""
    measure_peak(unit, 10_000, "CUR.312")
    measure_peak(unit, 30_000, "CUR.313", both=True)  # a leg that is too weak shows where the voltage is highest
    if pair := both_known(unit, "CUR.330", "CUR.312", "CUR.310"):
        regulation = ratio(*pair, "ratio of two plateau currents")
        unit.measure("CUR.330", regulation.value - 1.0, regulation.u)


@step("Levels 1 and 2", "CUR.110", "CUR.111", "CUR.112", "CUR.210", "CUR.211", "CUR.212")
def lower_levels(unit: Unit) -> None:
    """Change the level and measure the plateaus into three loads, of both phases into the highest."""
    for level in (1, 2):
        unit.nest.press("level", level=level)
        for number, load in enumerate((500, 2_000, 10_000)):
            measure_peak(unit, load, f"CUR.{level}1{number}", both=load == 10_000)


@step("Level ratios", "CUR.340", "CUR.341")
def level_ratios(unit: Unit) -> None:
    """Compare the levels with each other."""
    for row_id, top, bottom in (("CUR.340", "CUR.211", "CUR.111"), ("CUR.341", "CUR.311", "CUR.211")):
        if pair := both_known(unit, row_id, top, bottom):
            unit.measure(row_id, *ratio(*pair, "ratio of two plateau currents"))
