"""No byte of a sealed document can be changed, added or removed unseen, and nothing in it can be swapped for something else."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream

from station.certificates.archival import Place, archival
from station.certificates.carried import Carried
from station.certificates.container import taken_apart
from station.certificates.findings import Finding, Report
from station.certificates.issue import document as drawn
from station.certificates.issue import issue, unsealed
from station.certificates.opened import opened, unpadded
from station.certificates.release import appended, released
from station.certificates.seal import padded, sealed
from station.certificates.template import parse_template
from station.certificates.tools import producer
from station.certificates.verify import verify
from station.certificates.xmp import About
from station.core.canonical import digest
from tests.certificates.records import changed, mc100, number_row
from tests.certificates.sealing import AT, carried, document, sealing, trusted

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
MANY = settings(max_examples=60, deadline=None)


def quick(content: bytes) -> Report:
    return verify(content, trusted(), redraw=False)


def finding(report: Report, what: str) -> Finding:
    return next(one for one in report.findings if one.what == what)


def test_a_sealed_document_holds_in_every_point() -> None:
    report = verify(document(), trusted())

    assert [] == [one for one in report.findings if one.holds is not True]
    assert ["seal", "seal: bytes", "seal: chain", "seal: holder", "record", "limits", "template", "drawing"] == [
        one.what for one in report.findings
    ]
    assert ("EOL-01-2026-000042", "SN26-100401", "PASS") == (report.number, report.serial, report.verdict)


@MANY
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_changed_byte_is_detected(place: float, flip: int) -> None:
    content = bytearray(document())
    content[int(place * len(content))] ^= flip

    assert not quick(bytes(content)).holds


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_a_changed_byte_never_breaks_the_verifier_itself(place: float, flip: int) -> None:
    content = bytearray(document())
    content[int(place * len(content))] ^= flip

    assert not verify(bytes(content), trusted()).holds


@MANY
@given(st.floats(0, 1), st.binary(min_size=1, max_size=3))
def test_any_added_byte_is_detected(place: float, more: bytes) -> None:
    content = document()
    at = int(place * len(content))

    assert not quick(content[:at] + more + content[at:]).holds


@MANY
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 3))
def test_any_removed_byte_is_detected(place: float, many: int) -> None:
    content = document()
    at = int(place * len(content))

    assert not quick(content[:at] + content[at + many :]).holds


def test_every_byte_of_the_seal_itself_is_accounted_for() -> None:
    content, seal = document(), opened(document()).seal

    unseen = [
        at
        for at in (*range(seal.begin, seal.end, 23), *range(seal.end - 12, seal.end))
        for other in (b"0", b"A")
        if content[at : at + 1] != other and quick(content[:at] + other + content[at + 1 :]).holds
    ]

    assert [] == unseen


def with_container(content: bytes, container: bytes) -> bytes:
    seal = opened(content).seal
    return content[: seal.begin] + padded(container, seal.size) + content[seal.end :]


def test_the_other_signature_that_holds_for_the_same_bytes_is_refused() -> None:
    found = taken_apart(unpadded(opened(document()).seal.container))
    r, s = decode_dss_signature(found.signature)
    other = replace(found, signature=encode_dss_signature(r, ORDER - s))
    size = opened(document()).seal.size
    if len(other.dump()) > size:
        pytest.skip("this other signature is a byte longer than its place")

    assert finding(quick(with_container(document(), other.dump())), "seal").holds is False


def test_a_seal_from_another_file_is_detected() -> None:
    other = issue(carried(number="000043"), sealing(), AT)
    seal = opened(other).seal

    report = quick(with_container(document(), unpadded(seal.container)))

    assert "the document is not the one that was signed" in finding(report, "seal").said


def test_a_seal_by_somebody_else_is_detected() -> None:
    report = quick(issue(carried(), sealing("EOL-01", by="Somebody"), AT))

    assert finding(report, "seal").holds
    assert "certified by none of the authorities" in finding(report, "seal: chain").said
    assert not report.holds


def test_a_seal_of_a_time_at_which_its_key_was_not_valid_is_detected() -> None:
    report = quick(issue(carried(), sealing(), AT.replace(year=2031)))

    assert "is valid 2026-11-22 to 2028-11-21, and the signature is of 2031-11-22" in finding(report, "seal: chain").said


def forged(shown: Carried, inside: Carried) -> bytes:
    """Return a document that shows one record and carries another, sealed with the station's own key."""
    template = shown.sources.template
    about = About(shown.number, "T", "M", "S", template.language, producer(shown.tools), AT)
    drawing = drawn(shown.record, shown.curves, template, shown.number)
    place = Place(AT, "forged", sealing().size)
    return sealed(archival(drawing, about, inside.files(), place), place.size, sealing().container)


@pytest.mark.parametrize(
    "other",
    [("serial", "SN26-100402"), ("operator", "0418"), ("at", "2026-11-22T08:14:06.250000Z")],
    ids=["serial", "operator", "start"],
)
def test_a_page_that_does_not_show_what_the_record_says_is_detected_even_under_a_true_seal(other: tuple[str, str]) -> None:
    shown = carried(None, "000042", **dict([other]))

    report = verify(forged(shown, carried()), trusted())

    assert finding(report, "seal").holds
    assert "does not show what its record says: page 1" in finding(report, "drawing").said


def test_one_word_changed_on_a_page_is_detected_even_under_a_true_seal() -> None:
    with Pdf.open(BytesIO(unsealed(carried(), AT, sealing().size))) as pdf:
        page = pdf.pages[0].Contents
        page.write(page.read_bytes().replace(b"(SN26", b"(SN27"))
        to = BytesIO()
        pdf.save(to)
    changed_page = sealed(to.getvalue(), sealing().size, sealing().container)

    report = verify(changed_page, trusted())

    assert finding(report, "seal").holds
    assert "page 1" in finding(report, "drawing").said


def test_a_record_that_was_swapped_is_detected() -> None:
    swapped = carried(changed(mc100(), "CUR.310", 401e-6))

    report = verify(forged(carried(), swapped), trusted())

    assert finding(report, "drawing").holds is False


def test_a_record_that_does_not_bear_out_its_verdict_is_detected_even_under_a_true_seal() -> None:
    parts = carried()
    bad = replace(parts.record.rows[15].measured, value=1.0)  # type: ignore[type-var]  # every row of a good unit is measured
    rows = (*parts.record.rows[:15], replace(parts.record.rows[15], measured=bad), *parts.record.rows[16:])
    lying = replace(parts, record=replace(parts.record, rows=rows))

    report = verify(issue(lying, sealing(), AT), trusted())

    assert "does not prove PASS: CUR.310 claims PASS, which 1.0" in finding(report, "record").said


def test_a_number_of_another_series_than_the_record_s_is_detected_even_under_a_true_seal() -> None:
    report = quick(forged(carried(), replace(carried(), number="SIM-EOL-09-2026-000042")))

    assert "'SIM-EOL-09-2026-000042' is not a number of the series SIM-EOL-01-2026" in finding(report, "record").said
    assert not report.holds


def test_limits_that_did_not_judge_the_rows_are_detected_even_under_a_true_seal() -> None:
    parts, others = carried(), carried(changed(mc100()[:20], "CUR.310", 400e-6))
    mixed = replace(parts, sources=replace(parts.sources, limits=others.sources.limits))

    report = verify(issue(mixed, sealing(), AT), trusted())

    assert "the limit file inside is not the one that the record names" == finding(report, "limits").said


def test_other_words_than_the_template_s_are_detected_even_under_a_true_seal() -> None:
    parts = carried()
    text = parts.sources.template.source.replace(b'"Final test certificate"', b'"Prize"')
    other = replace(parts, sources=replace(parts.sources, template=parse_template(text, "t", held=None)))

    report = verify(issue(other, sealing(), AT), trusted())

    assert finding(report, "template").holds is False


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"hello", bytes(5000)], ids=["nothing", "head", "text", "zeros"])
def test_what_is_no_document_does_not_hold(content: bytes) -> None:
    assert not quick(content).holds


@MANY
@given(st.floats(0, 1))
def test_a_document_that_was_cut_off_does_not_hold(place: float) -> None:
    content = document()

    assert quick(content[: int(place * len(content))]).holds == (int(place * len(content)) == len(content))


def test_a_document_drawn_by_other_versions_is_compared_by_its_decoded_content() -> None:
    old = replace(carried(), tools={**carried().tools, "qpdf": "9.9.9"})
    content = issue(old, sealing(), AT)

    report = verify(content, trusted())

    assert report.holds
    assert "it was drawn with qpdf 9.9.9, here " in finding(report, "drawing").said


def test_a_document_that_other_versions_drew_otherwise_is_said_not_to_be_comparable() -> None:
    parts = replace(carried(), tools={**carried().tools, "reportlab": "4.0"})

    report = verify(forged(replace(parts, record=carried(operator="1").record), parts), trusted())

    assert finding(report, "drawing").holds is None
    assert "cannot be compared (it was drawn with reportlab 4.0, here" in finding(report, "drawing").said
    assert report.holds


def covered(pdf: Pdf) -> None:
    """Lay a white stamp over the first page."""
    white = Stream(pdf, b"1 g 0 0 500 100 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 500, 100]))
    look = Dictionary(N=pdf.make_indirect(white))
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([40, 600, 540, 700]), F=4, AP=look)
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(stamp))


def turned(pdf: Pdf) -> None:
    pdf.pages[0].obj.Rotate = 180


def cropped(pdf: Pdf) -> None:
    pdf.pages[0].obj.CropBox = Array([0, 0, 100, 100])


def renamed(pdf: Pdf) -> None:
    pdf.trailer.Info.Title = "Prize"


def untouched(_: Pdf) -> None:
    pass


@pytest.mark.parametrize("bend", [covered, turned, cropped, renamed, untouched])
def test_what_is_laid_around_the_pages_is_compared_too_where_other_versions_drew(bend: Callable[[Pdf], None]) -> None:
    old = replace(carried(), tools={**carried().tools, "qpdf": "9.9.9"})
    with Pdf.open(BytesIO(unsealed(old, AT, sealing().size))) as pdf:
        bend(pdf)
        pdf.save(to := BytesIO(), object_stream_mode=ObjectStreamMode.disable)

    found = finding(verify(sealed(to.getvalue(), sealing().size, sealing().container), trusted()), "drawing")

    assert found.holds is (True if bend is untouched else None)
    assert bend is untouched or "): the form differs. Use those versions" in found.said


def test_a_small_record_is_sealed_as_well_as_a_large_one() -> None:
    content = issue(carried([number_row()]), sealing(), AT)

    assert verify(content, trusted()).holds


def released_document() -> bytes:
    return released(document(), sealing("quinn"), AT.replace(hour=9), "Released by quality")


def test_a_release_is_a_second_signature_behind_the_untouched_file() -> None:
    content = released_document()

    report = verify(content, trusted())

    assert content.startswith(document())
    assert report.holds
    assert "by quinn, dated 2026-11-22 09:40:00 UTC" == finding(report, "release").said
    assert "its meaning: Released by quality" in finding(report, "release: addition").said


@MANY
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_changed_byte_of_a_release_is_detected(place: float, flip: int) -> None:
    content = bytearray(released_document())
    start = len(document())
    content[start + int(place * (len(content) - start))] ^= flip

    assert not quick(bytes(content)).holds


@pytest.mark.parametrize("more", [b"\n", b"%%EOF\n", b"7 0 obj\n<< >>\nendobj\n"])
def test_what_stands_behind_the_seal_or_the_release_is_detected(more: bytes) -> None:
    assert not quick(document() + more).holds
    assert not quick(released_document() + more).holds


def test_an_update_that_adds_more_than_a_signature_is_detected_though_it_is_signed() -> None:
    signer = sealing("quinn")
    place = Place(AT, "Released by quality", signer.size)
    update = appended(document(), place).replace(b"endobj\n", b"endobj\n% more\n", 1)
    forgery = sealed(document() + update, place.size, signer.container, len(document()))

    assert not quick(forgery).holds


def test_the_digest_on_paper_is_that_of_the_record_inside() -> None:
    report = quick(document())

    whole = digest(opened(document()).files["record.json"]).removeprefix("sha256:")
    assert f"EOL1|EOL-01-2026-000042|SN26-100401|{whole[:16]}" == report.code
    assert whole in finding(report, "record").said
