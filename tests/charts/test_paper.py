"""A path stands on paper with the same digits, however many points it has."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from station.charts.ink import BLACK
from station.charts.paper import Paper
from station.charts.surface import Stroke

_COORDINATES = st.floats(-1_000.0, 1_000.0) | st.integers(-100_000, 100_000).map(lambda whole: whole / 1_000)
_POINTS = st.lists(st.tuples(_COORDINATES, _COORDINATES), min_size=2, max_size=8)


def _drawn(points: list[tuple[float, float]]) -> str:
    """Return the code of the path through `points`."""
    file = BytesIO()
    canvas = Canvas(file, pageCompression=0)
    Paper(canvas).path(points, Stroke(BLACK, 1.0))
    canvas.save()
    return next(line for line in file.getvalue().decode("latin-1").splitlines() if line.startswith("n "))


@given(_POINTS)
def test_a_path_of_few_points_begins_as_one_of_many_that_goes_on(points: list[tuple[float, float]]) -> None:
    assert _drawn(points + points + points + points + points)[: len(_drawn(points))] == _drawn(points)
