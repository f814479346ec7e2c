from io import BytesIO

import pymupdf_fonts
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from station.charts import fonts
from station.charts.sheet import Sheet
from station.charts.slim import slim


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
WORDS = st.text(max_size=40) | st.text(st.characters(max_codepoint=0x7F), max_size=40) | st.text("()\\ 7mA", max_size=40)
TEXTS = st.lists(st.tuples(WORDS, st.floats(3, 90).map(lambda size: round(size, 1)), PLACES, PLACES), max_size=20)


@given(TEXTS, st.sampled_from([fonts.REGULAR, fonts.BOLD, "Helvetica"]))
def test_a_sheet_writes_what_a_canvas_of_reportlab_does(texts: list[tuple[str, float, float, float]], face: str) -> None:
    assert written(Canvas, texts, face) == written(Sheet, texts, face)


def test_more_letters_than_a_subset_of_a_face_holds_are_parted_as_reportlab_does() -> None:
    many = "".join(chr(code) for code in range(0x20, 0x250))
    texts = [(many, 7.3, 40.0, 800.0), (many[::-1], 7.3, 40.0, 780.0)]

    assert written(Canvas, texts, fonts.REGULAR) == written(Sheet, texts, fonts.REGULAR)


def test_a_face_that_lacks_a_letter_of_ascii_sets_its_blank_in_its_place() -> None:
    lacking = TTFont("Lacking", BytesIO(slim(pymupdf_fonts.myfont("figo"))))
    del lacking.face.charToGlyph[ord("A")]
    pdfmetrics.registerFont(lacking)
    texts = [("7 mA (peak)", 7.3, 40.0, 800.0)]

    assert written(Canvas, texts, "Lacking") == written(Sheet, texts, "Lacking")


def test_pages_with_signs_beyond_ascii_are_written_as_reportlab_does() -> None:
    def two_pages(kind: type[Canvas]) -> bytes:
        to = BytesIO()
        canvas = kind(to, pageCompression=0, invariant=1)
        canvas.addLiteral("% ä")
        canvas.showPage()
        canvas.drawString(10, 10, "plain")
        canvas.showPage()
        canvas.save()
        return to.getvalue()

    assert two_pages(Canvas) == two_pages(Sheet)


def test_what_is_asked_for_beyond_a_plain_text_is_reportlabs_own() -> None:
    texts = [("stamp", 96.0, 0.0, 0.0)]

    assert written(Canvas, texts, fonts.BOLD, mode=1) == written(Sheet, texts, fonts.BOLD, mode=1)
    assert written(Sheet, texts, fonts.BOLD, mode=1) != written(Sheet, texts, fonts.BOLD)
