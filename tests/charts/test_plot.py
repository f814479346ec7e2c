import numpy as np
from numpy.typing import NDArray

from station.charts.model import Axis, Band, Chart, Marker, Series
from station.charts.oscillogram import oscillogram
from station.charts.plot import draw
from station.charts.surface import Box
from station.core.waveform import Waveform
from tests.charts.recorder import Recorder

BOX = Box(40, 100, 250, 110)


def _wave(volts: NDArray[np.float64]) -> Waveform:
    return Waveform(volts, 1e-5, -0.01, 0.004, False, "CH1")


def _drawn(chart: Chart) -> Recorder:
    surface = Recorder()
    draw(surface, BOX, chart)
    return surface


def test_a_long_waveform_becomes_a_short_path_inside_its_frame() -> None:
    volts = np.sin(np.linspace(0, 60, 500_000))

    surface = _drawn(oscillogram("Pulses", "time", "volts", _wave(volts)))

    line = max(surface.paths, key=len)
    assert 500 < len(line) < 2000
    assert surface.clips
    frame = surface.clips[0]
    assert line[:, 0].min() >= frame.x
    assert line[:, 0].max() <= frame.right
    assert line[:, 1].min() >= frame.y
    assert line[:, 1].max() <= frame.top


def test_no_label_of_a_plot_runs_into_another() -> None:
    for volts in (np.zeros(10), np.linspace(-1e-7, 3e-7, 100), np.array([1e6, -1e6]), np.full(5, 5.0)):
        surface = _drawn(oscillogram("A title that is much too long for its plot " * 4, "time", "volts", _wave(volts)))

        assert surface.collisions() == []
        assert surface.outside(Box(BOX.x - 2, BOX.y, BOX.width + 12, BOX.height)) == []


def test_samples_that_are_not_numbers_are_left_out_and_none_at_all_is_an_empty_frame() -> None:
    empty, holes = np.full(100, np.nan), np.array([0.0, np.nan, 1.0, np.inf, 0.5])

    assert max(len(path) for path in _drawn(oscillogram("t", "x", "y", _wave(empty))).paths) == 2
    assert max(len(path) for path in _drawn(oscillogram("t", "x", "y", _wave(holes))).paths) == 3
    assert _drawn(oscillogram("t", "x", "y", _wave(np.array([])))).texts


def test_bands_and_markers_are_drawn_with_their_names() -> None:
    x = np.linspace(0.0, 1.0, 20)
    chart = Chart(
        "C", Axis("time", "s", 0.0, 1.0), Axis("current", "A", 0.0, 1e-3), (Series("I", x, x * 1e-3),),
        bands=(Band("allowed", 2e-4, 8e-4),), markers=(Marker("trigger", 0.98), Marker("beyond", 7.0)),
    )  # fmt: skip

    said = _drawn(chart).said()

    assert "allowed" in said
    assert "trigger" in said
    assert "beyond" not in said
    assert "current / mA" in said
