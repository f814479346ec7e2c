"""Take a nominal unit through the steps of the real test, on paper, to the row whose budget is wanted."""

from collections.abc import Mapping

from station.core.clock import Clock
from station.core.errors import StationError, UndecidedError
from station.core.fixture_file import FixtureFile
from station.core.limit import Limit
from station.core.measurement import Evidence, Measurement
from station.core.waveform import Waveform
from station.hardware.truevolt_budget import Surroundings
from station.products.on_paper.bench import SLOT, PaperBench
from station.products.on_paper.unit import Nominal
from station.sequencer.sequence import Sequence, Step
from station.sequencer.unit import Unit

_SERIAL = "ON-PAPER"
_PLATEAUS = {
    (level, load): f"CUR.{level}1{number}"
    for level in (1, 2, 3)
    for number, load in enumerate((500.0, 2_000.0, 10_000.0, 30_000.0))
}


def on_paper(
    row_id: str,
    sequence: Sequence,
    limits: Mapping[str, Limit],
    file: FixtureFile,
    mains_hz: int,
    surroundings: Surroundings,
    clock: Clock,
) -> Measurement | str:
    """Return row `row_id` as a nominal unit would be measured by `sequence`, or why paper cannot tell.

    `clock` is one that nobody else waits on, so that its seconds take none. The verdict of the measurement means nothing.
    """
    unit = _unit(limits, file, mains_hz, surroundings, clock)
    said = f"no step of {sequence.product} measures it"
    for step in sequence.steps:
        trouble = _taken(step, unit)
        if row_id in unit.measurements:
            return unit.measurements[row_id]
        if row_id in step.ids:
            said = trouble or f"step {step.title!r} left it out"
    return said


def _taken(step: Step, unit: Unit) -> str:
    """Take the unit through `step`; return what broke it off. Rows that need what it left out will say so."""
    unit.declared = step.ids
    try:
        step.body(unit)
    except (StationError, UndecidedError, KeyError) as error:  # a row that was not measured is missing in `measurements`
        return f"step {step.title!r} on paper: {error}"
    return ""


def _unit(limits: Mapping[str, Limit], file: FixtureFile, mains_hz: int, surroundings: Surroundings, clock: Clock) -> Unit:
    stop = clock.stop()
    plateaus = {
        key: nominal for key, row_id in _PLATEAUS.items() if row_id in limits and (nominal := limits[row_id].nominal) is not None
    }
    nominal_unit = Nominal(clock, stop, plateaus, lambda load: file.sense[SLOT, load])
    bench = PaperBench(nominal_unit, file, _answers(limits), mains_hz, surroundings)
    return Unit(_SERIAL, SLOT, 1, limits=limits, bench=bench, clock=clock, stop=stop, keep=_keep, ask=lambda _: "yes")


def _answers(limits: Mapping[str, Limit]) -> dict[str, str]:
    """Return what a nominal unit answers on its service port, as its limits want it."""
    version = limits["ID.020"].expect if "ID.020" in limits else ""
    firmware, _, crc = str(version).partition(" ")
    timer = limits["ID.030"].nominal if "ID.030" in limits else None
    answers = {"SN": _SERIAL, "VER": firmware, "CRC": crc, "TIMER": f"{timer or 1170:g}", "MODE": "NORMAL"}
    return {f"{ask}?": f"{ask} {answer}" for ask, answer in answers.items()}


def _keep(waveform: Waveform, title: str) -> Evidence:
    return Evidence("", title, "application/x-npz", waveform.volts.nbytes)
