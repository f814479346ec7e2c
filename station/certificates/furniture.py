"""Draw what stands on every page: the running head, the foot with the page number, the edge of a bad verdict, the stamp."""

from station.certificates.cells import figure
from station.certificates.content import Content
from station.certificates.head import ground
from station.charts.ink import BAD, BLACK, GOOD, GREY, RULE, STAMP, STAMP_PALE
from station.charts.legible import fitting, shortened
from station.charts.surface import Box, Look, Stroke, Surface

RUNNING = 25.0  # pt: the height of the head of every page but the first
_SMALLEST = 6.0  # pt: so a number and a serial as long as GS1 allows stand there whole
_EDGE = 12.0
_CLEAR = (8.0, 24.0, 8.0, 76.0)  # pt: the stamp keeps off the code in the corner, which must stay readable


def beneath(surface: Surface, page: Box, content: Content) -> None:
    """Draw what lies under the page's text: the striped edge of a nonconformance report, the stamp's pale letters."""
    if not content.passed:
        ground(surface, Box(page.x, page.y, _EDGE, page.height), content)
    if content.stamp:
        surface.stamp(content.stamp, page.inner(*_CLEAR), fill=STAMP_PALE)


def above(surface: Surface, page: Box, content: Content) -> None:
    """Draw what lies over the page's text: the outline of the stamp's letters, which nothing can hide."""
    if content.stamp:
        surface.stamp(content.stamp, page.inner(*_CLEAR), stroke=Stroke(STAMP, 0.5))


def running_head(surface: Surface, box: Box, content: Content) -> None:
    """Draw the head of a page after the first into the top of `box`: title, number and serial, and the verdict's word."""
    third, base = box.width / 3, box.top - 12
    tone = GOOD if content.passed else BAD
    _short(surface, Box(box.x, base, third - 6, 12), content.title, Look(9, BLACK, bold=True))
    middle = Box(box.x + third, base, 1.4 * third - 6, 12)
    told = f"{content.number}  ·  {content.serial}"
    size = 8.5 if content.looks == 2 else fitting(told, middle.width, 8.5, _SMALLEST)
    _short(surface, middle, told, Look(size, GREY, align="center"))
    right = Box(box.x + 2.4 * third, base, 0.6 * third, 12)
    _short(surface, right, content.word, Look(9, tone, bold=True, align="right"))
    surface.path([(box.x, box.top - 19), (box.right, box.top - 19)], Stroke(RULE, 0.6))


def foot(surface: Surface, box: Box, content: Content, page: str) -> None:
    """Draw the foot of a page into `box`: number, serial and maker, and `page` ("Page 1 of 2"); the stamp in words."""
    surface.path([(box.x, box.top), (box.right, box.top)], Stroke(RULE, 0.4))
    share = 0.8 if content.looks > 3 and not content.stamp else 0.5  # of the width: the stamp stands beside it
    left = Box(box.x, box.top - 10, share * box.width - 4, 8)
    _short(surface, left, f"{content.number}  ·  {content.serial}  ·  {content.maker}", Look(6.5, GREY))
    middle = Box(box.x + 0.5 * box.width, box.top - 10, 0.3 * box.width, 8)
    _short(surface, middle, content.stamp, Look(6.5, STAMP, bold=True, align="center"))
    right = Box(box.x + 0.8 * box.width, box.top - 10, 0.2 * box.width, 8)
    _short(surface, right, page, Look(6.5, GREY, align="right"))


def _short(surface: Surface, box: Box, text: str, look: Look) -> None:
    """Set on one line what the first page says in full."""
    figure(surface, box, shortened(text, box.width, look.size, bold=look.bold), look)
