"""How long a certificate takes to draw, beside a bare reportlab page with as many words and lines."""

import io
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from benchmarks.report import median_pair, say
from station.certificates.issue import document
from tests.certificates.records import mc100, record, template, waveforms

_WORDS, _LINES = 900, 300  # on the two pages of an MC-100's certificate, about


def _bare() -> None:
    canvas = Canvas(io.BytesIO())
    for page in range(2):
        for number in range(_WORDS // 2):
            canvas.drawString(40 + 60 * (number % 9), 800 - 15 * (number // 9), f"word {page} {number}")
        for number in range(_LINES // 2):
            canvas.line(40, 5 * number, 550, 5 * number)
        canvas.showPage()
    canvas.save()


def run() -> None:
    """Print the figure."""
    kept, words = record(mc100()), template()
    draw = partial(document, kept, waveforms(), words, "SIM-EOL-01-2026-000001")
    draw()  # the fonts are registered once

    took, bare = median_pair(draw, _bare, 15)
    say("certificates", "draw a certificate of two pages", took, "s", bare, 12.0)
