"""How long a certificate takes to draw, seal and verify, beside a bare reportlab page with as many words and lines.

The certificate is a real one: a whole station in memory tests a simulated MC-100, all rows and six waveforms.
"""

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from benchmarks.report import median_pair, say
from station.certificates.carried import Carried, read_carried
from station.certificates.issue import document, issue
from station.certificates.opened import opened
from station.certificates.verify import verify
from tests.certificates.sealing import AT, sealing, trusted
from tests.world.world import world

_WORDS, _LINES = 900, 300  # on the two pages of an MC-100's certificate, about
_TIMES = 15
_WARM, _MANY = 1_000, 10_000  # documents until the caches of texts are full; those of which memory is told
_ISSUE, _QUICK, _WHOLE = 0.060, 0.020, 0.060  # s: what a line of 32 slots allows on a core it shares
_USUAL = 0.006  # s that a bare page takes on a host of usual speed: what these times are of it holds on any host
_LEAK = 500.0  # bytes a document: ten thousand may leave five megabytes, which a heap that settles takes; a leak takes more
_SEED = 22  # all its good units lie well inside their tolerances


def _bare() -> None:
    canvas = Canvas(io.BytesIO())
    for page in range(2):
        for number in range(_WORDS // 2):
            canvas.drawString(40 + 60 * (number % 9), 800 - 15 * (number // 9), f"word {page} {number}")
        for number in range(_LINES // 2):
            canvas.line(40, 5 * number, 550, 5 * number)
        canvas.showPage()
    canvas.save()


def real() -> Carried:
    """Return all that the certificate of a simulated unit is made from, after it was tested in memory."""
    with tempfile.TemporaryDirectory() as folder:
        with world(Path(folder), seed=_SEED, slots=1) as made:
            (outcome,) = made.test({1: "SN26-100401"})
        if outcome.issued is None:
            raise RuntimeError(f"the unit earned no certificate: {outcome.verdict.name}")
        return read_carried(opened(Path(outcome.issued.path).read_bytes()).files)


def run() -> None:
    """Print the figures."""
    parts, seal, authority = real(), sealing(), trusted()
    draw = partial(document, parts.record, parts.curves, parts.sources.template, parts.number)
    made = partial(issue, parts, seal, AT)
    content = made()  # fonts and versions are looked up once
    quick, whole = partial(verify, content, authority, redraw=False), partial(verify, content, authority)

    for name, act, most in (
        ("draw a certificate of two pages", draw, _ISSUE),
        ("draw, archive and seal", made, _ISSUE),
        ("verify", quick, _QUICK),
        ("verify and draw again", whole, _WHOLE),
    ):
        took, bare = median_pair(act, _bare, _TIMES)
        say("certificates", f"{name}, beside a bare one", took, "s", bare, round(most / _USUAL, 2))
    for name, act, most in (
        ("draw, archive and seal", made, _ISSUE),
        ("verify", quick, _QUICK),
        ("verify and draw again", whole, _WHOLE),
    ):
        say("certificates", f"{name}: time of a core", _core(act), "s", most, 1.0)
    say("certificates", "15 certificates: time of a core", 15 * _core(made), "s", 1.0, 1.0)
    say("certificates", "size of a certificate", float(len(content)), "bytes", 80_000.0, 1.0)
    say("certificates", f"memory that each of {_MANY:,} certificates leaves behind", _left(parts), "bytes", _LEAK, 1.0)


def _core(act: Callable[[], object]) -> float:
    """Return the median time in s that `act` keeps a core busy, which other programs on this machine change little."""
    taken = []
    for _ in range(_TIMES):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def _left(parts: Carried) -> float:
    """Return how many bytes the process holds more for each of many certificates, every one of another number and serial."""
    before = 0
    for number in range(_WARM + _MANY):
        if number == _WARM:
            before = _held()
        started = replace(parts.record.started, serial=f"SN26-{number:06}")
        record = replace(parts.record, started=started)
        issue(replace(parts, number=f"{parts.number[:-6]}{number:06}", record=record, read=b""), sealing(), AT)
    return max(0.0, float(_held() - before)) / _MANY


def _held() -> int:
    """Return how many bytes of memory the process holds now."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise OSError("this system does not say how much memory a process holds")
