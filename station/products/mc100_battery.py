"""Measure the MC-100's battery: at rest, asleep, under the vibration motor, and while the unit works."""

from station.core.errors import NoTriggerError, UndecidedError
from station.core.instruments import Dmm
from station.core.uncertainty import Reading, Term, derived
from station.products.mc100_parts import faded, held, silent, zero_of_path
from station.products.microcurrent import current, zeroed
from station.sequencer.sequence import step
from station.sequencer.unit import Unit

AHEAD = (2.0, 5.0, 10.0)  # s: so much earlier the motor's key is asked for; more when the DMM was not ready in time
PATIENCE = 3.0  # s that the DMM waits beyond it
INSIDE = 0.1  # s behind the key: the motor runs for 0.2 s, and pulls its full current
SHORT = 0.03  # s: an aperture of one mains period, well inside the motor's time
LEAST_SAG = 2e-3  # V: what the motor's 120 mA make in any cell of more than 17 mohm; less means that it did not run
PERIODS = 0.2  # s: two periods of the output, which the battery's current follows


@step("Battery and zero of the path", "BAT.010")
def battery(unit: Unit) -> None:
    """Read the relays' own voltage, which later DC readings are freed of, and the battery at rest."""
    with unit.dmm("battery") as dmm, held(unit):
        zero_of_path(unit, dmm)
        volts = dmm.dc_voltage(range=unit.span("BAT.010"))
    unit.measure("BAT.010", *volts)


@step("Quiescent current", "BAT.020")
def asleep(unit: Unit) -> None:
    """Read what a unit that was never switched on takes, over 1 kohm in its battery lead."""
    with unit.dmm("shunt1k") as dmm, held(unit):
        reading = battery_current(unit, dmm, "shunt1k", "BAT.020", aperture=PERIODS)
    unit.measure("BAT.020", *reading)


@step("Battery under the vibration motor", "BAT.040")
def under_motor(unit: Unit) -> None:
    """Read the battery at rest and in the middle of a haptic pulse, which the fixture starts at a known moment."""
    with unit.dmm("battery") as dmm, held(unit):
        rest = dmm.dc_voltage(range=unit.span("BAT.010"))
        loaded = _in_haptic_pulse(unit, dmm)
    terms = (Term(1.0, rest, "at rest"), Term(-1.0, loaded, "under the motor"))
    sag = derived(rest.value - loaded.value, "battery, DMM, twice", "V", terms)
    if sag.value < LEAST_SAG:
        unit.fail("BAT.040", "the battery feels no haptic pulse: the motor does not run")
    else:
        unit.measure("BAT.040", *sag, detail={"rest": rest.value, "loaded": loaded.value})


def _in_haptic_pulse(unit: Unit, dmm: Dmm) -> Reading:
    """Return the voltage in V in the middle of a haptic pulse; an edge that came before the DMM was ready gave no reading."""
    for ahead in AHEAD:
        unit.nest.press_later("haptic", after=ahead)
        try:
            return dmm.triggered_voltage(
                range=unit.span("BAT.010"), delay=INSIDE, aperture=SHORT, count=1, patience=ahead + PATIENCE, after=ahead
            )
        except NoTriggerError:
            continue
    raise UndecidedError("no edge of the haptic key reached the DMM: have the SYNC line checked")


@step("Battery while it works", "BAT.030")
def working(unit: Unit) -> None:
    """Read what the unit takes at the highest level into 10 kohm, over 1 ohm in its battery lead."""
    if silent(unit, "BAT.030"):
        return
    unit.nest.connect(load=10_000)
    with unit.dmm("shunt1") as dmm, held(unit):
        reading = battery_current(unit, dmm, "shunt1", "BAT.030", aperture=PERIODS)
    if not faded(unit, "BAT.030"):
        unit.measure("BAT.030", *reading)


def battery_current(unit: Unit, dmm: Dmm, path: str, row_id: str, *, aperture: float) -> Reading:
    """Return the current in A out of the battery, over the resistor of `path`; the path's own voltage is taken off."""
    shunt = unit.nest.shunt(path)
    volts = dmm.dc_voltage(range=unit.span(row_id) * shunt.ohm, aperture=aperture, count=3)
    return current(zeroed(volts, zero_of_path(unit, dmm)), shunt, dmm, "battery current, DMM over 1 ohm or 1 kohm")
