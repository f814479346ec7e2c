"""How long a certificate takes to draw, seal and verify, beside a bare reportlab page with as many words and lines."""

import io
import resource
import statistics
import time
from collections.abc import Callable
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from benchmarks.report import median_pair, say
from station.certificates.issue import document, issue
from station.certificates.verify import verify
from tests.certificates.sealing import AT, carried, sealing, trusted

_WORDS, _LINES = 900, 300  # on the two pages of an MC-100's certificate, about
_TIMES = 15
_MANY = 300  # documents, of which the memory that each leaves behind is told
_ISSUE, _QUICK, _WHOLE = 0.060, 0.020, 0.060  # s: what a line of 32 slots allows on a core it shares
_LEAK = 1_000.0  # bytes a document: ten thousand may leave ten megabytes, no more


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
    """Print the figures."""
    parts, seal, authority = carried(simulated=True), sealing(), trusted()
    draw = partial(document, parts.record, parts.curves, parts.sources.template, parts.number)
    made = partial(issue, parts, seal, AT)
    content = made()  # fonts and versions are looked up once
    quick, whole = partial(verify, content, authority, redraw=False), partial(verify, content, authority)

    took, bare = median_pair(draw, _bare, _TIMES)
    say("certificates", "draw a certificate of two pages, beside a bare one", took, "s", bare, 12.0)
    took, bare = median_pair(made, _bare, _TIMES)
    say("certificates", "draw, archive and seal, beside a bare one", took, "s", bare, 15.0)
    for name, act, most in (
        ("draw, archive and seal", made, _ISSUE),
        ("verify", quick, _QUICK),
        ("verify and draw again", whole, _WHOLE),
    ):
        say("certificates", f"{name}: time of a core", _core(act), "s", most, 1.0)
    say("certificates", "15 certificates: time of a core", 15 * _core(made), "s", 1.0, 1.0)
    say("certificates", "size of a certificate", float(len(content)), "bytes", 80_000.0, 1.0)
    say("certificates", f"memory that each of {_MANY} certificates leaves behind", _left(made), "bytes", _LEAK, 1.0)


def _core(act: Callable[[], object]) -> float:
    """Return the median time in s that `act` keeps a core busy, which other programs on this machine change little."""
    taken = []
    for _ in range(_TIMES):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def _left(act: partial[bytes]) -> float:
    """Return how many bytes the peak of the process grows for each of many documents, after the first fifty."""
    for _ in range(50):
        act()
    before = _peak()
    for _ in range(_MANY):
        act()
    return (_peak() - before) / _MANY


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0
