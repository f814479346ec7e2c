from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from station.charts import fonts
from station.charts.sheet import Sheet


def written(kind: type[Canvas], texts: list[tuple[str, float, float, float]], face: str, **how: object) -> bytes:
    fonts.prepare()
    to = BytesIO()
    canvas = kind(to, pageCompression=0, invariant=1)
    for text, size, x, y in texts:
        canvas.setFont(face, size)
        canvas.drawString(x, y, text, **how)
    canvas.save()
    return to.getvalue()


PLACES = st.floats(-1000, 1000).map(lambda value: round(value, 2))
TEXTS = st.lists(st.tuples(st.text(max_size=40), st.floats(3, 90).map(lambda size: round(size, 1)), PLACES, PLACES), max_size=20)


@given(TEXTS, st.sampled_from([fonts.REGULAR, fonts.BOLD, "Helvetica"]))
def test_a_sheet_writes_what_a_canvas_of_reportlab_does(texts: list[tuple[str, float, float, float]], face: str) -> None:
    assert written(Canvas, texts, face) == written(Sheet, texts, face)


def test_more_letters_than_a_subset_of_a_face_holds_are_parted_as_reportlab_does() -> None:
    many = "".join(chr(code) for code in range(0x20, 0x250))
    texts = [(many, 7.3, 40.0, 800.0), (many[::-1], 7.3, 40.0, 780.0)]

    assert written(Canvas, texts, fonts.REGULAR) == written(Sheet, texts, fonts.REGULAR)


def test_what_is_asked_for_beyond_a_plain_text_is_reportlabs_own() -> None:
    texts = [("stamp", 96.0, 0.0, 0.0)]

    assert written(Canvas, texts, fonts.BOLD, mode=1) == written(Sheet, texts, fonts.BOLD, mode=1)
    assert written(Sheet, texts, fonts.BOLD, mode=1) != written(Sheet, texts, fonts.BOLD)
