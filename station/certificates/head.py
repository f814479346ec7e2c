"""Draw the head of the first page: who says so, what this is, the code to check it by, and the verdict."""

from itertools import groupby

import segno

from station.certificates.cells import Lines, figure, lines
from station.certificates.content import Content
from station.certificates.layout import Piece
from station.charts import fonts, signs
from station.charts.ink import BAD, BAD_DARK, BLACK, GOOD, GREY, STAMP, WHITE, Ink
from station.charts.legible import legible
from station.charts.surface import Box, Look, Surface

_CODE = 68.0
_BANNER = 42.0
_LOGO = 26.0
_ROOM = 9.0
_STRIPE = 11.0


def head(content: Content, number_label: str, logo: bytes | None, width: float) -> Piece:
    """Return the head: maker or logo, title, number and place, with the code at the right."""
    title = lines(content.title, width - _CODE - 20, Look(21, BLACK, bold=True), most=16)
    maker = lines(content.maker, width - _CODE - 20, Look(9, GREY, bold=True), most=16)
    number = lines(f"{number_label} {content.number}", width - _CODE - 20, Look(10.5, _tone(content), bold=True), most=16)
    place = lines(content.place, width - _CODE - 20, Look(8, GREY), most=16)
    above = _LOGO + 6 if logo else 0.0
    stamp = lines(
        f"{content.stamp}. {content.note}" if content.stamp else "", width - _CODE - 20, Look(8.5, STAMP, bold=True), most=16
    )
    blocks = (maker, title, number, place, stamp)
    height = max(_CODE + 8, above + sum(block.height for block in blocks) + 8) + _ROOM

    def draw(surface: Surface, box: Box) -> None:
        code(surface, Box(box.right - _CODE, box.top - _CODE, _CODE, _CODE), content.code)
        caption = Look(5.5, GREY, align="center")
        figure(surface, Box(box.right - _CODE, box.top - _CODE - 8, _CODE, 6), content.code.rpartition("|")[2], caption)
        if logo:
            surface.image(logo, Box(box.x, box.top - _LOGO, width - _CODE - 20, _LOGO))
        _stack(surface, box, box.top - above, blocks)

    return Piece(height, draw, keep=True)


def _stack(surface: Surface, box: Box, top: float, blocks: tuple[Lines, ...]) -> None:
    for block in blocks:
        block.draw(surface, box.x, top)
        top -= block.height + 2


def _tone(content: Content) -> Ink:
    return GOOD if content.passed else BAD


def code(surface: Surface, box: Box, text: str) -> None:
    """Draw `text` as a QR code that fills `box`, as one path of the dark stretches of its lines."""
    matrix = segno.make_qr(text, error="m").matrix
    size = box.width / len(matrix)
    stretches = []
    for number, row in enumerate(matrix, 1):
        column = 0
        for dark, modules in groupby(row):
            length = len(tuple(modules))
            if dark:
                stretches.append(Box(box.x + column * size, box.top - number * size, length * size, size))
            column += length
    surface.boxes(stretches, BLACK)


def banner(content: Content, width: float) -> Piece:
    """Return the verdict: sign and word, and the claim beside it."""
    word = Look(28, WHITE, bold=True)
    said = min(fonts.width(legible(content.word), word.size, bold=True), 0.4 * width)
    claim = lines(content.claim, width - said - 100, Look(9, WHITE, align="right"), most=3)

    def draw(surface: Surface, box: Box) -> None:
        field = Box(box.x, box.y + _ROOM, box.width, _BANNER)
        ground(surface, field, content)
        sign = signs.tick if content.passed else signs.cross
        sign(surface, field.x + 16, field.y + 11, 24, WHITE)
        figure(surface, Box(field.x + 54, field.y + 13, said, 28), content.word, word)
        claim.draw(surface, field.right - 16, field.y + (field.height + claim.height + 11) / 2)
        below = field.y + (field.height - claim.height - 11) / 2 + 2
        surface.text(field.right - 16, below, content.ended, Look(9, WHITE, align="right"))

    return Piece(_BANNER + _ROOM, draw)


def ground(surface: Surface, field: Box, content: Content) -> None:
    """Fill `field` with the colour of the verdict; a bad verdict has stripes too, for eyes and copiers without colour."""
    if content.passed:
        surface.box(field, fill=GOOD, radius=4)
        return
    surface.box(field, fill=BAD)
    with surface.clipped(field):
        x = field.x - field.height
        while x < field.right:
            lean = field.height
            surface.shape(
                [(x, field.y), (x + _STRIPE, field.y), (x + _STRIPE + lean, field.top), (x + lean, field.top)], BAD_DARK
            )
            x += 2.4 * _STRIPE
