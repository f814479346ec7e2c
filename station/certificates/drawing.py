"""Draw a document: its pieces on pages, its furniture on every page, the same bytes for the same content."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from station.certificates import furniture, pictures, sections
from station.certificates.content import Content
from station.certificates.head import banner, head
from station.certificates.layout import Page, Piece, closed, gap, paginate
from station.certificates.result_table import result_table
from station.certificates.template import Template
from station.charts import fonts
from station.charts.oscillogram import Samples
from station.charts.paper import Paper
from station.charts.sheet import Sheet
from station.charts.surface import Box, Surface

_SIDE, _TOP, _BOTTOM, _FOOT = 40.0, 28.0, 28.0, 24.0  # pt
_PAPER = {"A4": A4, "letter": LETTER}
_CLOSER = 5  # the first looks in which a document may be set closer
_ENOUGH = 2  # pages: as many as a product's full table and all the rest take; a document that takes more is tried closer


def page_box(template: Template) -> Box:
    """Return the page, from its lower left corner, in pt."""
    return Box(0, 0, *(round(edge, 2) for edge in _PAPER[template.paper]))


def pages(content: Content, waveforms: Mapping[str, Samples], template: Template) -> tuple[Page, ...]:
    """Return the pieces of the document on its pages, set closer where that saves one."""
    placed = paged(_pieces(content, waveforms, template, close=False), template)
    if len(placed) <= _ENOUGH or content.looks < _CLOSER:
        return placed
    closer = paged(_pieces(content, waveforms, template, close=True), template)
    return closer if len(closer) < len(placed) else placed


def page_width(template: Template) -> float:
    """Return how wide the body of a page is, in pt."""
    return page_box(template).width - 2 * _SIDE


def paged(pieces: Iterable[Piece], template: Template) -> tuple[Page, ...]:
    """Return `pieces` on pages of the template's paper."""
    body = page_box(template).height - _TOP - _BOTTOM
    return paginate(pieces, body, body - furniture.RUNNING)


def _pieces(content: Content, waveforms: Mapping[str, Samples], template: Template, *, close: bool) -> list[Piece]:
    width = page_width(template)
    made = {
        "unit": sections.facts(content, width),
        "failures": sections.failures(content, template, width),
        "results": [*result_table(content, template, width, close=close), gap(4)],
        "shut_off": pictures.time_line(content, template, close=close),
        "waveforms": pictures.waveforms(content, waveforms, template, width, close=close),
        "instruments": sections.equipment(content, template, width, close=close),
        "statements": sections.statements(content, template, width, close=close),
        "signatures": sections.signatures(template, width, close=close),
    }
    opening = [head(content, template.label("number"), template.logo, width), banner(content, width)]
    pieces, end = [*opening, *(piece for name in template.order for piece in made[name])], sections.end_mark(content)
    return closed(pieces, end) if content.looks >= _CLOSER else [*pieces, end]


def draw_page(surface: Surface, content: Content, template: Template, placed: Page, page: int, count: int) -> None:
    """Draw page number `page` of `count` on `surface`."""
    paper = page_box(template)
    furniture.beneath(surface, paper, content)
    body = paper.inner(_SIDE, _BOTTOM, _SIDE, _TOP)
    if page > 1:
        furniture.running_head(surface, body, content)
        body = body.inner(0, 0, 0, furniture.RUNNING)
    for one in placed:
        piece = one.piece
        piece.draw(surface, Box(body.x, body.top - one.top - piece.height, body.width, piece.height))
    foot = Box(body.x, 0, body.width, _FOOT)
    furniture.foot(surface, foot, content, template.label("page", page=page, pages=count))
    furniture.above(surface, paper, content)


def draw(content: Content, waveforms: Mapping[str, Samples], template: Template) -> bytes:
    """Return the document as the bytes of a PDF."""
    return drawn(content, pages(content, waveforms, template), template)


def drawn(content: Content, placed: Sequence[Page], template: Template) -> bytes:
    """Return pages that are laid out already as the bytes of a PDF."""
    fonts.prepare()
    rl_config.useA85 = 0  # text armour would double the time and add a quarter to the size; read by reportlab on saving
    to = BytesIO()
    canvas = _canvas(to, content, template)
    surface = Paper(canvas)
    for number, page in enumerate(placed, 1):
        draw_page(surface, content, template, page, number, len(placed))
        canvas.showPage()
    canvas.save()
    return to.getvalue()


def _canvas(to: BytesIO, content: Content, template: Template) -> Canvas:
    page = page_box(template)
    canvas = Sheet(
        to,
        pagesize=(page.width, page.height),
        pageCompression=0,
        invariant=1,
        pdfVersion=(1, 7),
        lang=template.language,
        initialFontName=fonts.REGULAR,
    )
    canvas.setTitle(f"{content.title} {content.number}")
    canvas.setAuthor(content.maker)
    canvas.setSubject(f"{content.word} {content.serial}{' ' + content.stamp if content.stamp else ''}")
    canvas.setCreator("station")
    canvas.setProducer("reportlab")
    canvas.setKeywords("")
    canvas.setDateFormatter(lambda *_now: _pdf_date(content.ended))
    return canvas


def _pdf_date(ended: str) -> str:
    """Return 2026-11-22 08:14:05 UTC as PDF writes it; the run's end dates the document, whenever it is drawn."""
    digits = "".join(sign for sign in ended if sign.isdecimal())
    return f"D:{digits}+00'00'"
