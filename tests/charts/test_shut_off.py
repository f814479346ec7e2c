import pytest

from station.charts.ink import BAD, TRACE
from station.charts.limit_bar import LimitBar
from station.charts.shut_off import ShutOff, draw
from station.charts.surface import Box
from tests.charts.recorder import Recorder

BOX = Box(40, 100, 515, 70)


def _line(value: float, *, quiet: bool = True) -> ShutOff:
    limits = LimitBar(1140.0, 1200.0, 1140.2, 1199.8, value)
    return ShutOff(
        limits,
        1200.0,
        10.0,
        quiet,
        "first pulse: 0 s",
        f"last pulse {value:.3f} s",
        "1200 s ceiling",
        "then 10 s watched: 0 pulses",
    )


@pytest.mark.parametrize("value", [0.0, 19.5, 312.4, 1100.0, 1140.0, 1170.0, 1199.8, 1200.0, 1200.5, 1230.0, 1e6])
def test_no_label_runs_into_another_wherever_the_last_pulse_was(value: float) -> None:
    surface = Recorder()

    draw(surface, BOX, _line(value))

    assert surface.collisions() == []
    assert surface.outside(BOX.inner(-1, 0, -1, 0)) == []
    assert f"last pulse {value:.3f} s" in surface.said()


def test_the_output_is_drawn_as_long_as_it_lasted() -> None:
    half, whole = Recorder(), Recorder()

    draw(half, BOX, _line(600.0))
    draw(whole, BOX, _line(1200.0))

    on_half = next(box for box, ink in half.filled if ink == TRACE)
    on_whole = next(box for box, ink in whole.filled if ink == TRACE)
    assert on_half.width == pytest.approx(on_whole.width / 2)


def test_a_late_shut_off_is_marked_bad_by_shape_and_a_good_one_by_a_disc() -> None:
    late, good = Recorder(), Recorder()

    draw(late, BOX, _line(1201.0))
    draw(good, BOX, _line(1170.0))

    assert BAD in [ink for _, ink in late.shapes]
    assert not late.discs
    assert BAD not in [ink for _, ink in good.shapes]
    assert good.discs
