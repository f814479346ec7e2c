"""How near to what is possible are frequency and width read, beside the Cramér-Rao bound, the sampling bound and an FFT's peak?

For each cell of a grid of waveform, length and signal-to-noise ratio, units are drawn (frequency, place in the record, noise)
from fixed seeds. Printed are the standard deviation over the bound, the bias over the bound, and our error over that of the
largest bin of an FFT of the same records; then the time that a record of 100,000 points takes.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.timing import timed
from benchmarks.report import say
from benchmarks.signal_bounds import cramer_rao, sampling
from station.core.waveform import Waveform
from station.signals.analysis import Analysis, analyse
from station.signals.durations import pulse_frequency
from station.signals.train import take_apart
from tests.signals.waveforms import Shape, square

Floats = NDArray[np.float64]
_UNITS = 150  # drawn for each cell: a standard deviation is then known to 6 %
_BOUNDED = 25  # of them whose bound is worked out: it hardly varies
_SAMPLES = 200.0  # of a period for each sample of a time constant, so that a phase of 5 % has settled
_HERTZ = 10.0
_FLOOR = 0.05  # V
_AT_MOST = 1.2  # times the bound
_UNBIASED = 0.3  # times the bound: three standard deviations of a mean of 150 are 0.25
_TIMES = 15  # a record is analysed for its time
_EDGES, _FIT = 5e-3, 30e-3  # s, allowed for a record of 100,000 points


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid: waveform by its duty, length in periods, signal-to-noise ratio in dB, time constant over interval."""

    duty: float
    periods: int
    decibel: int
    resolved: float

    @property
    def name(self) -> str:
        """Name the cell for the report."""
        kind = "square" if self.duty == 0.5 else "biphasic"
        return f"{kind} of {self.duty:.0%}, {self.periods} periods, {self.decibel} dB, tau = {self.resolved:g} dt"

    def shape(self) -> Shape:
        """Return the nominal unit."""
        samples = round(_SAMPLES * max(self.resolved, 2.0))
        dt = 1.0 / _HERTZ / samples
        common = {
            "dt": dt,
            "points": self.periods * samples,
            "tau": self.resolved * dt,
            "noise": 0.4 / 10.0 ** (self.decibel / 20.0),
        }
        if self.duty == 0.5:
            return square(_HERTZ, **common)
        wide = 0.5 * self.duty / _HERTZ
        return replace(Shape(hertz=_HERTZ, width=wide, second=wide, gap=0.4 * wide), **common)

    def unit(self, seed: int) -> Shape:
        """Return a unit as drawn: lengths are no whole number of sampling intervals."""
        drawn = self.shape().drawn(seed)
        rng = np.random.default_rng((seed, 1))
        stretch = rng.uniform(0.98, 1.02, 3)
        return replace(drawn, width=drawn.width * stretch[0], second=drawn.second * stretch[1], gap=drawn.gap * stretch[2])


def fft_peak(wave: Waveform) -> float:
    """Return the frequency in Hz of the largest bin of an FFT, its mean taken off: the estimator that we are measured beside."""
    power = np.abs(np.fft.rfft(wave.volts - np.mean(wave.volts)))
    return float(np.argmax(power)) / (wave.volts.size * wave.dt)


def _errors(cell: Cell) -> tuple[Floats, Floats, Floats]:
    """Return the errors of our frequency (Hz), our width (s) and the FFT's frequency (Hz), (units,) each."""
    rows = []
    for seed in range(_UNITS):
        unit = cell.unit(seed)
        wave = unit.wave()
        found: Analysis = analyse(wave, _FLOOR)
        rows.append((found.frequency.value - unit.hertz, found.positive_width.value - unit.width, fft_peak(wave) - unit.hertz))
    columns = np.array(rows, dtype=np.float64).T
    return columns[0], columns[1], columns[2]


def _bounds(cell: Cell) -> tuple[float, float]:
    """Return the bound of frequency (Hz) and width (s), RMS over the units."""
    bound = cramer_rao if cell.resolved >= 2.0 else sampling
    found = [bound(cell.unit(seed)) for seed in range(_BOUNDED)]
    return _rms(np.array([each["hertz"] for each in found])), _rms(np.array([each["width"] for each in found]))


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _measure(cell: Cell) -> None:
    frequency, width, peak = _errors(cell)
    hertz, seconds = _bounds(cell)
    bound = "Cramér-Rao bound" if cell.resolved >= 2.0 else "sampling bound"
    say("signals", f"frequency, std beside the {bound}: {cell.name}", float(np.std(frequency)), "Hz", hertz, _AT_MOST)
    say("signals", f"width, std beside the {bound}: {cell.name}", float(np.std(width)), "s", seconds, _AT_MOST)
    say("signals", f"frequency, bias beside the {bound}: {cell.name}", abs(float(np.mean(frequency))), "Hz", hertz, _UNBIASED)
    say("signals", f"width, bias beside the {bound}: {cell.name}", abs(float(np.mean(width))), "s", seconds, _UNBIASED)
    say("signals", f"frequency, RMS error beside an FFT's peak: {cell.name}", _rms(frequency), "Hz", _rms(peak), 0.01)


def _speed(name: str, shape: Shape) -> None:
    """Print what a record costs: by the processor's time, which a busy host does not spoil, and by the wall beside an FFT."""
    wave = shape.wave()
    edges = timed(lambda: pulse_frequency(take_apart(wave, _FLOOR)), _TIMES)
    whole = timed(lambda: analyse(wave, _FLOOR), _TIMES)
    peer = timed(partial(np.fft.rfft, wave.volts), _TIMES)
    say("signals", f"edges of 100,000 points, processor, beside 5 ms: {name}", edges.cpu, "s", _EDGES, 1.0)
    say("signals", f"whole analysis of 100,000 points, processor, beside 30 ms: {name}", whole.cpu, "s", _FIT, 1.0)
    say("signals", f"whole analysis of 100,000 points, wall, beside 30 ms: {name}", whole.wall, "s", _FIT, None)
    say("signals", f"whole analysis of 100,000 points, processor, beside one FFT: {name}", whole.cpu, "s", peer.cpu, 40.0)


def run() -> None:
    """Print the figures."""
    for resolved in (2.0, 5.0):
        for duty in (0.1, 0.3, 0.5):
            for periods in (5, 20, 100) if resolved == 2.0 else (20,):
                for decibel in (24, 40, 60):
                    _measure(Cell(duty, periods, decibel, resolved))
    for duty in (0.1, 0.3, 0.5):
        for decibel in (24, 60):
            _measure(Cell(duty, 20, decibel, 0.2))
    base = Shape(points=100_000, noise=2e-3, step=4.7e-3)
    _speed("20 pulses", base)
    _speed("200 pulses", replace(base, hertz=100.0, width=1e-3, second=1e-3, gap=2e-4, tau=4e-5))
    _speed("20 pulses, edges between samples", replace(base, tau=4e-6))
