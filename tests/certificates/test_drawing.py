from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from station.certificates.content import Content, content
from station.certificates.drawing import draw, draw_page, page_box, pages
from station.certificates.head import code
from station.certificates.layout import paginate
from station.certificates.template import SECTIONS, Template
from station.charts.surface import Box
from station.core.measurement import Evidence
from station.core.waveform import Waveform
from tests.certificates.records import (
    HOME,
    Sample,
    changed,
    exact_row,
    mc100,
    number_row,
    record,
    stopped_after,
    template,
    waveforms,
)
from tests.charts.recorder import Recorder

HOSTILE = "<img src=x onerror=alert(1)> שלום مرحبا 中文 Z\u0334\u0351a \u202egnirts\u200b tab\tnew\nline 😀 ő Ж"
FAILED = stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310")


def _drawn(told: Content, held: dict[str, Waveform], by: Template) -> list[Recorder]:
    placed = pages(told, held, by)
    surfaces = [Recorder() for _ in placed]
    for number, (surface, page) in enumerate(zip(surfaces, placed, strict=True), 1):
        draw_page(surface, told, by, page, number, len(placed))
    return surfaces


def _pages(samples: list[Sample], held: dict[str, Waveform] | None = None, paper: str = "A4", **how: object) -> list[Recorder]:
    by = replace(template(), paper=paper)
    told = content(record(samples, **how), by, "EOL-01-2026-000042")
    return _drawn(told, waveforms() if held is None else held, by)


def _clean(surfaces: list[Recorder], paper: str = "A4") -> None:
    sheet = page_box(replace(template(), paper=paper)).inner(30, 10, 30, 20)
    for surface in surfaces:
        assert surface.collisions() == []
        assert surface.outside(sheet) == []


def _rows(count: int) -> list[Sample]:
    return [number_row(f"CUR.{number:03}", f"Current number {number}") for number in range(count)]


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize("samples", [mc100(), FAILED, changed(mc100(), "TIM.010", 312.4)])
@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_nothing_overlaps_and_nothing_leaves_the_page(samples: list[Sample], simulated: bool, paper: str) -> None:
    _clean(_pages(samples, simulated=simulated, because="CUR.310", paper=paper), paper)


@pytest.mark.parametrize("last", SECTIONS)
def test_the_end_mark_stands_alone_on_no_page(last: str) -> None:
    order, places = (*(name for name in SECTIONS if name != last), last), ("Tested",) if last == "signatures" else ()
    by = replace(template(), order=order, signatures=places)
    told = content(record(changed(_rows(12), "CUR.003", 500e-6)), by, "NCR-EOL-01-2026-000042")
    (whole,) = paginate([one.piece for page in pages(told, waveforms(), by) for one in page], 10_000.0, 10_000.0)

    for room in range(120, 500):  # little: what is to stay together is more than that
        surface = Recorder()
        for one in paginate([one.piece for one in whole], room, room)[-1]:
            one.piece.draw(surface, Box(0, 0, 500, one.piece.height))
        assert len(surface.texts) > 1, room


def test_a_good_mc100_takes_two_pages() -> None:
    assert len(_pages(mc100(), simulated=False)) == 2
    assert len(_pages(mc100(), simulated=True)) == 2


@pytest.mark.parametrize("count", [1, 2, 20, 26, 27, 28, 29, 30, 31, 32, 60])
def test_each_row_is_drawn_once_and_each_page_of_the_table_has_its_head(count: int) -> None:
    surfaces = _pages(_rows(count))

    _clean(surfaces)
    texts = [text.text for surface in surfaces for text in surface.texts]
    assert [f"CUR.{number:03}" for number in range(count)] == [text for text in texts if text.startswith("CUR.")]
    for surface in surfaces:
        here = [text.text for text in surface.texts]
        if any(text.startswith("CUR.") for text in here):
            assert here.count("Measurement") == 1
            assert here.index("Measurement") < next(number for number, text in enumerate(here) if text.startswith("CUR."))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_up_to_four_waveforms_find_their_place(count: int) -> None:
    evidence = tuple(Evidence(f"sha256:{number:064}", f"Waveform {number}", "application/x-npz", 1) for number in range(count))
    volts = np.sin(np.linspace(0, 30, 5000))
    held = {one.digest: Waveform(volts, 1e-4, 0.0, 0.01, False, "CH1") for one in evidence}

    surfaces = _pages([replace(number_row(), evidence=evidence)], held)

    _clean(surfaces)
    assert sum("Waveform " in text.text for surface in surfaces for text in surface.texts) == count
    assert sum(len(path) > 500 for surface in surfaces for path in surface.paths) == count


def test_a_waveform_that_is_not_at_hand_is_said_to_be_missing() -> None:
    surfaces = _pages(mc100(), {})

    _clean(surfaces)
    assert "is not at hand" in " ".join(surface.said() for surface in surfaces).replace("\n", " ")


def test_every_page_is_numbered_and_the_end_is_marked_once_at_the_end() -> None:
    surfaces = _pages(_rows(60))

    assert [f"Page {number} of {len(surfaces)}" in surface.said() for number, surface in enumerate(surfaces, 1)] == [True] * len(
        surfaces
    )
    assert [surface.said().count("End of certificate EOL-01-2026-000042") for surface in surfaces] == [0] * (
        len(surfaces) - 1
    ) + [1]


def test_every_page_of_a_simulated_record_is_stamped_over_and_under_its_text() -> None:
    for samples in (mc100(), FAILED):
        for surface in _pages(samples, simulated=True):
            assert surface.stamps == [("SIMULATED – NOT VALID", False), ("SIMULATED – NOT VALID", True)]
            assert "SIMULATED – NOT VALID" in surface.said()


def test_no_page_of_a_real_record_is_stamped() -> None:
    assert [surface.stamps for surface in _pages(mc100(), simulated=False)] == [[], []]


def test_every_page_of_a_nonconformance_report_is_striped_and_says_fail_and_no_certificate_is() -> None:
    for surface in _pages(FAILED, simulated=False, because="CUR.310"):
        assert len(surface.shapes) > 20
        assert "Nonconformance report" in surface.said()
        assert "FAIL" in surface.said()
        assert "Final test certificate" not in surface.said()
    assert "Nonconformance" not in "".join(surface.said() for surface in _pages(mc100(), simulated=False))


def test_every_verdict_stands_in_words_beside_its_sign() -> None:
    surfaces = _pages(mc100(), simulated=False)

    signs = sum(len(path) == 3 for surface in surfaces for path in surface.paths)
    words = sum(text.text == "PASS" for surface in surfaces for text in surface.texts)
    assert signs == 39 + 1  # a tick each, and the banner's
    assert words == 39 + 2  # the banner's, and the second page's head


def test_hostile_texts_are_shown_and_break_nothing() -> None:
    rows = [number_row(title=HOSTILE * 3, method=HOSTILE, condition="Donaudampfschifffahrtsgesellschaft" * 4)]
    rows.append(exact_row("ID.020", HOSTILE, "x" * 300, "y" * 300))
    equipment = tuple(
        replace(one, maker=HOSTILE, model=HOSTILE, serial="9" * 90, certificate="Z" * 90)
        for one in record([number_row()]).started.equipment
    )
    names = ["serial", "lot", "operator", "maker", "site", "station_name", "product", "sequence", "timezone", "retest_reason"]
    hostile: dict[str, object] = dict.fromkeys(names, HOSTILE * 4)

    surfaces = _pages(rows, None, "A4", equipment=equipment, **hostile)

    _clean(surfaces)
    said = "".join(surface.said() for surface in surfaces)
    assert "<img" in said
    assert "[U+4E2D]" in said
    assert "[U+202E]" in said


values = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-1e3, 1e3))
titles = st.text(st.characters(codec="utf-8"), max_size=150)


@st.composite
def samples(chosen: st.DrawFn) -> Sample:
    title, row_id = chosen(titles), f"CUR.{chosen(st.integers(0, 999)):03}"
    if chosen(st.booleans()) and chosen(st.booleans()):
        return exact_row(row_id, title, chosen(titles), chosen(titles), condition=chosen(titles))
    low, high = sorted(chosen(st.tuples(st.floats(-1e200, 1e200), st.floats(-1e200, 1e200))))
    value, u = chosen(values), chosen(st.one_of(st.floats(0, 10), st.floats(0, 1e250)))
    symbol = chosen(st.sampled_from(["uA", "1", "%", "s", "pulses", "ohm"]))
    made = number_row(row_id, title, symbol, low, high, value=1.0, u=1.0, method=chosen(titles))
    return replace(made, value=value, u=u)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(samples(), min_size=1, max_size=12), titles, titles, st.booleans())
def test_whatever_was_measured_the_document_is_in_order(told: list[Sample], serial: str, maker: str, simulated: bool) -> None:
    _clean(_pages(told, serial=serial, maker=maker, simulated=simulated))


def test_the_code_on_the_page_is_the_code_of_its_text() -> None:
    surface = Recorder()
    text = "EOL1|EOL-01-2026-000042|SN26-100401|0123456789abcdef"

    code(surface, Box(100, 200, 68, 68), text)

    matrix = segno.make_qr(text, error="m").matrix
    size = 68 / len(matrix)
    dark = {(row, column) for row, line in enumerate(matrix) for column, bit in enumerate(line) if bit}
    drawn = set()
    for box in surface.many[0]:
        row, column = round((268 - box.top) / size), round((box.x - 100) / size)
        drawn |= {(row, column + step) for step in range(round(box.width / size))}
    assert dark == drawn


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_takes_its_place_and_moves_the_head_down(kind: str) -> None:
    picture = BytesIO()
    Image.new("RGB", (300, 80), (10, 60, 120)).save(picture, kind)
    by = replace(template(), logo=picture.getvalue())
    told = content(record(mc100()), by, "EOL-01-2026-000042")

    surfaces = _drawn(told, waveforms(), by)

    _clean(surfaces)
    assert len(surfaces[0].images) == 1
    assert draw(told, waveforms(), by).startswith(b"%PDF-1.7")


def test_the_sections_stand_in_the_order_of_the_template() -> None:
    by = template((HOME / "reports" / "certificate.toml").read_text(encoding="utf-8").replace(
        'order = ["unit", "failures", "results", "shut_off", "waveforms", "instruments", "statements", "signatures"]',
        'order = ["signatures", "statements", "instruments", "waveforms", "shut_off", "results", "failures", "unit"]',
    ))  # fmt: skip
    said = "\n".join(surface.said() for surface in _drawn(content(record(mc100()), by, "N-1"), waveforms(), by))

    places = [
        said.index(word)
        for word in ("Signatures", "Statements", "Measuring equipment", "Waveforms", "Automatic shut-off\n", "Lot")
    ]
    assert sorted(places) == places
