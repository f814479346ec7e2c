"""The settings of one measuring function: range, integration, filter, autozero, input, null."""

from collections.abc import Callable

from station.simulator.meter.accuracy import RESOLUTION, resolution
from station.simulator.meter.functions import OVERRANGE, Function, Range
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Real, Switch
from station.simulator.scpi.numbers import real
from station.simulator.scpi.settings import Setting, Settings
from station.simulator.scpi.table import Call, Table

Changed = Callable[[], None]
CYCLES = tuple(RESOLUTION)
FILTERS = (3.0, 20.0, 200.0)  # Hz: the lowest frequency that an AC function must see


class Setup:
    """How one function is set; `changed` is told of each change, `timing_changed` also that auto delay is back."""

    def __init__(self, function: Function, settings: Settings, changed: Changed, timing_changed: Changed) -> None:
        self.function = function
        self._changed = changed
        under = f"[SENSe]:{function.header}:"
        full_scales = tuple(each.full_scale for each in function.ranges)
        bounds = Real(_default_range(function), function.least, function.most, function.suffix, up_to(full_scales))
        self.range: Setting[float] = settings.add(f"{under}RANGe[:UPPer]", _from_zero(bounds), changed=self._fix_range)
        self.auto = settings.add(f"{under}RANGe:AUTO", Switch(True, also=("ONCE",)))
        self.cycles = _Fixed(10.0) if function.alternating else _cycles(settings, under, timing_changed)
        self.autozero = settings.add(f"{under}ZERO:AUTO", Switch(True, also=("ONCE",)))
        self.filter = settings.add(f"{under}BANDwidth", Real(20, 3, 200, "HZ", _filter), changed=timing_changed)
        self.high_impedance = settings.add(f"{under}IMPedance:AUTO", Switch(False))
        _add_null(self, settings, under)

    def install(self, table: Table) -> None:
        """Put the resolution of this function into `table`: another way to choose its integration time."""
        header = f"[SENSe]:{self.function.header}:RESolution"
        table.add(header, order=self._order_resolution, query=self._query_resolution)

    @property
    def used(self) -> Range:
        """The range in use now."""
        return self.function.at_least(self.range.value)

    @property
    def step(self) -> float:
        """The resolution now, in the function's unit."""
        return resolution(self.function, self.used, self.cycles.value)

    def choose(self, full_scale: str, step: str) -> None:
        """Set range and resolution as typed after CONFigure or MEASure; AUTO, DEF or nothing leave them automatic."""
        if full_scale.upper() not in {"", "AUTO", "DEF", "DEFAULT"}:
            self.range.value = self.range.kind.read(full_scale)
            self.auto.value = False
        if step.upper() not in {"", "DEF", "DEFAULT"}:
            self.cycles.value = self._cycles_for(step)

    def _fix_range(self) -> None:
        self.auto.value = False
        self._changed()

    def _order_resolution(self, call: Call) -> None:
        (text,) = call.exactly(1)
        if self.auto.value:
            raise ScpiError(-221)
        self.cycles.value = self._cycles_for(text)
        self._changed()

    def _query_resolution(self, call: Call) -> str:
        call.at_most(1)
        return real(self.step)

    def _cycles_for(self, text: str) -> float:
        """Return the shortest integration that resolves what was typed; MIN is the finest step, MAX the coarsest."""
        finest, coarsest = (resolution(self.function, self.used, cycles) for cycles in (CYCLES[-1], CYCLES[0]))
        wanted = Real(self.step, finest, coarsest, self.function.suffix).read(text)
        good = (cycles for cycles in CYCLES if resolution(self.function, self.used, cycles) <= wanted * (1 + 1e-9))
        return next(good, CYCLES[-1])


class _Fixed:
    """A value that no command changes."""

    def __init__(self, value: float) -> None:
        self.value = value


def up_to(steps: tuple[float, ...]) -> Callable[[float], float]:
    """Return a rule that brings a number to the next step not below it, as Truevolts do."""

    def snap(value: float) -> float:
        return next((step for step in steps if step >= value * (1 - 1e-9)), steps[-1])

    return snap


def _filter(value: float) -> float:
    """Return the widest filter that still passes `value` Hz."""
    return max(band for band in FILTERS if band <= value)


def _default_range(function: Function) -> float:
    """Return the range after a reset: 10 V, 1 A or 1 kohm."""
    return function.at_least({"V": 10.0, "A": 1.0, "OHM": 1e3}[function.suffix]).full_scale


def _from_zero(bounds: Real) -> Real:
    """Let a range be asked for by any reading it can hold, from zero or below up to full scale."""
    return _SignedRange(bounds.default, bounds.low, bounds.high, bounds.unit, bounds.snap)


class _SignedRange(Real):
    """A range typed as an expected reading: small and negative ones choose the smallest range that holds them."""

    def read(self, text: str) -> float:
        """Return the range for the reading that was typed; -222 beyond 120 % of the largest."""
        free = Real(self.default, -self.high * OVERRANGE, self.high * OVERRANGE, self.unit)
        if text[:1] in "+-.0123456789":
            return self.snap(abs(free.read(text)))
        return Real.read(self, text)


def _cycles(settings: Settings, under: str, timing_changed: Changed) -> Setting[float]:
    return settings.add(f"{under}NPLCycles", Real(10, CYCLES[0], CYCLES[-1], "", up_to(CYCLES)), changed=timing_changed)


def _add_null(setup: Setup, settings: Settings, under: str) -> None:
    """Declare the null of a function: on takes the next reading as zero, a typed value stays."""

    def switched() -> None:
        setup.null_auto.value = setup.null.value

    def typed() -> None:
        setup.null_auto.value = False

    limit = setup.function.most * OVERRANGE
    setup.null = settings.add(f"{under}NULL[:STATe]", Switch(False), changed=switched)
    setup.null_auto = settings.add(f"{under}NULL:VALue:AUTO", Switch(False))
    value = Real(0.0, -limit, limit, setup.function.suffix)
    setup.null_value = settings.add(f"{under}NULL:VALue", value, changed=typed)
