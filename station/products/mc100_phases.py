"""See whether the MC-100's negative phase is like the positive one where no row reads it, and whether its output stays as it was.

The rows of current read positive plateaus, each once: a unit may be out of balance at another level, or change in the minutes
behind.
"""

from station.core.instruments import Dmm, Nest
from station.core.uncertainty import Reading
from station.products.mc100_interval import outside
from station.products.mc100_parts import APERTURE, NEGATIVE, SETTLED, faded, held, silent, still_on
from station.products.mc100_tallest import FLAT
from station.products.microcurrent import peak_current
from station.sequencer.unit import Unit

FEW = 3  # pulses that tell one phase from another: by per cents, not by what a row's budget asks for
LATE = 800.0  # s after the first pulse: the output is looked at once more, late, and with time to wait for the DMM
_SOON = 250.0  # s that it may be waited for: the unit must not go off by itself before


def positive_peak(dmm: Dmm, nest: Nest, span: float, count: int = 10) -> Reading:
    """Return the plateau current in A of the positive phase, of `count` pulses; `span` is the largest that must be shown."""
    return peak_current(dmm, nest, span, delay=SETTLED, aperture=APERTURE, count=count)


def negative_peak(dmm: Dmm, nest: Nest, span: float, count: int = FEW) -> Reading:
    """Return that of the negative phase, which is below 0."""
    return peak_current(dmm, nest, span, delay=NEGATIVE + SETTLED, aperture=APERTURE, count=count)


def uneven(unit: Unit, row_id: str, positive: Reading, negative: Reading) -> str:
    """Say how the negative phase differs from the positive one; nothing where it may.

    It may by what WAV.070 allows, and stand above the positive one as high as row `row_id` lets the current be.
    """
    up, down = positive.value, -negative.value
    if not up > 0:  # the row itself says so
        return ""
    allowed, high = unit.limits.get("WAV.070"), unit.limits[row_id].high if row_id in unit.limits else None
    share = 2.0 * (up - down) / (up + down) if up + down > 0 else 2.0
    odd = allowed is not None and outside(allowed, share, share)
    if odd or (high is not None and down > max(high, FLAT * up)):
        return f"its negative phase is of {abs(down) * 1e6:.1f} µA, its positive one of {up * 1e6:.1f} µA"
    return ""


def changed(unit: Unit) -> str:
    """Say how the output at L3 into 2 kohm is no more what CUR.311 and WAV.070 allow; nothing where it is.

    Nothing either where the unit goes off meanwhile: its time tells.
    """
    row = unit.limits.get("CUR.311")
    if row is None:
        return ""
    with unit.dmm(before=unit.now() + _SOON) as dmm, held(unit):
        positive, negative = positive_peak(dmm, unit.nest, row.span, FEW), negative_peak(dmm, unit.nest, row.span)
    if not still_on(unit):
        return ""
    if (row.low is not None and positive.value < row.low) or (row.high is not None and positive.value > row.high):
        return f"its current is {positive.value * 1e6:.1f} µA late in its run"
    return uneven(unit, row.id, positive, negative)


def measure_peak(unit: Unit, load: float, row_id: str, *, both: bool = False) -> None:
    """Measure the plateau current into `load` ohm as row `row_id`; with `both`, fail it where the negative phase is another."""
    if silent(unit, row_id):
        return
    unit.nest.connect(load=load)
    with unit.dmm() as dmm, held(unit):
        reading = positive_peak(dmm, unit.nest, unit.span(row_id))
        why = uneven(unit, row_id, reading, negative_peak(dmm, unit.nest, unit.span(row_id))) if both else ""
    if faded(unit, row_id):
        return
    if why:
        unit.fail(row_id, why)
    else:
        unit.measure(row_id, *reading)
