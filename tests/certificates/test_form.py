"""The form of a document: PDF/A-3b by judges of their own, what it carries, the same bytes everywhere, and small."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from station.certificates.issue import NoDocumentError, issue
from station.certificates.opened import opened
from station.certificates.release import released
from station.certificates.seal_copy import copied, made_again, read_copy
from station.certificates.signer import der
from station.certificates.verify import verify
from station.certificates.xmp import legal
from tests.certificates.records import HOME, changed, mc100, number_row, stopped_after
from tests.certificates.sealing import AT, authority, carried, document, sealing, trusted
from tests.certificates.validators import pdfsig, qpdf, verapdf

HOSTILE = [
    "[ 0 1000000000 1000000000 1000000000 ]",
    "SN26-100401",
    "a/b\\c",
    '<x a="1">&amp;',
    "ő Ω 中文 \u200b",
    "(((\\",
    "\x00\x1f\ufffe",
    "%PDF-1.7 endobj",
]
SCRIPT = """
import hashlib
from tests.certificates.sealing import AT, carried
from station.certificates.issue import unsealed
print(hashlib.sha256(unsealed(carried(), AT, 700)).hexdigest())
"""


def failed() -> bytes:
    told = stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310")
    return issue(carried(told, simulated=False, because="CUR.310"), sealing(), AT)


@pytest.mark.process
def test_independent_judges_accept_every_kind_of_document(tmp_path: Path) -> None:
    kinds = {
        "certificate": document(),
        "simulated": document(simulated=True),
        "nonconformance": failed(),
        "released": released(document(), sealing("quinn"), AT, "Released by quality"),
        "hostile": issue(carried([number_row()], serial="".join(HOSTILE), maker=HOSTILE[0], operator=HOSTILE[6]), sealing(), AT),
    }
    files = [tmp_path / f"{name}.pdf" for name in kinds]
    for file, content in zip(files, kinds.values(), strict=True):
        file.write_bytes(content)

    assert ["", "", "", "", ""] == [qpdf(file) for file in files]
    assert [["valid"], ["valid"], ["valid"], ["valid", "valid"], ["valid"]] == [pdfsig(file) for file in files]
    assert [f"{file}: 146 rules, compliant" for file in files] == verapdf(files, tmp_path)


@pytest.mark.process
def test_the_judges_refuse_what_is_wrong(tmp_path: Path) -> None:
    plain, spoilt = tmp_path / "plain.pdf", tmp_path / "spoilt.pdf"
    plain.write_bytes(document().replace(b"GTS_PDFA1", b"GTS_PDFX1"))
    spoilt.write_bytes(document().replace(b"sRGB IEC", b"sRGB IEX", 1))

    assert any("6.2.4.3" in line for line in verapdf([plain], tmp_path))
    assert ["Digest Mismatch."] == pdfsig(spoilt)


def test_pyhanko_finds_seal_and_release_valid_and_nothing_else_changed() -> None:
    content = released(document(), sealing("quinn"), AT, "Released by quality")
    root = x509.Certificate.load(der(authority().certificate))

    found = PdfFileReader(BytesIO(content)).embedded_signatures
    judged = [
        validate_pdf_signature(one, ValidationContext(trust_roots=[root], allow_fetching=False, moment=AT)) for one in found
    ]

    assert ["Seal", "Release"] == [one.field_name for one in found]
    assert [True, True] == [one.bottom_line for one in judged]
    assert ["FORM_FILLING", "NONE"] == [one.modification_level.name for one in judged if one.modification_level is not None]


def test_a_sealed_document_has_a_second_place_to_sign_that_is_still_empty() -> None:
    fields = PdfReader(BytesIO(document())).get_fields() or {}

    assert ["Release", "Seal"] == sorted(fields)
    assert "/V" not in fields["Release"]


def test_the_record_travels_inside_and_its_digest_is_the_one_on_paper() -> None:
    reader = PdfReader(BytesIO(document()))
    inside = {name: files[0] for name, files in reader.attachments.items()}

    assert ["certificate.toml", "drawing.json", "limits.toml", "record.json"] == sorted(inside)
    assert "SN26-100401" == json.loads(inside["record.json"])["started"]["serial"]
    printed = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert hashlib.sha256(inside["record.json"]).hexdigest() in printed
    assert "pikepdf" in json.loads(inside["drawing.json"])["tools"]


def test_a_logo_travels_with_its_template(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415 - to make a small picture of

    from station.certificates.template import parse_template  # noqa: PLC0415 - for this test alone

    Image.new("RGB", (4, 3), (1, 2, 3)).save(tmp_path / "logo.png")
    parts = carried()
    source = parts.sources.template.source.replace(b'# logo = "logo.png"', b'logo = "logo.png"')
    words = parse_template(source, "certificate.toml", tmp_path)
    named = replace(parts.record.started.documents, certificate_digest=words.digest)
    record = carried(documents=replace(named)).record
    content = issue(replace(parts, record=record, sources=replace(parts.sources, template=words)), sealing(), AT)

    assert (tmp_path / "logo.png").read_bytes() == opened(content).files["logo"]
    assert verify(content, trusted()).holds


def test_the_text_can_be_selected_in_the_order_in_which_it_is_read() -> None:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(document())).pages)

    order = ["Final test certificate", "Serial number", "ID.020", "CUR.310", "SVC.010", "first pulse", "Soft start", "End of"]
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_the_file_says_who_made_it_with_what_and_when() -> None:
    reader = PdfReader(BytesIO(document()))
    known, xmp = reader.metadata, reader.xmp_metadata

    assert known is not None
    assert xmp is not None
    assert "reportlab 5." in str(known.producer)
    assert datetime(2026, 11, 22, 8, 34, 31, tzinfo=UTC) == known.creation_date
    assert "Final test certificate EOL-01-2026-000042" == known.title == (xmp.dc_title or {})["x-default"]
    assert "EOL-01-2026-000042" == xmp.dc_identifier


@pytest.mark.process
@pytest.mark.parametrize(
    "world",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    ],
)
def test_the_bytes_are_the_same_in_another_process_zone_and_locale(world: dict[str, str]) -> None:
    here = subprocess.run([sys.executable, "-c", SCRIPT], cwd=HOME, capture_output=True, check=True)

    there = subprocess.run([sys.executable, "-c", SCRIPT], env={**os.environ, **world}, cwd=HOME, capture_output=True, check=True)

    assert here.stdout == there.stdout


@pytest.mark.process
def test_the_bytes_are_the_same_without_the_quick_way_to_write_numbers() -> None:
    slow = f"import sys\nsys.modules['_rl_accel'] = None\n{SCRIPT}\nassert 'reportlab' in sys.modules"
    quick = f"{SCRIPT}\nimport _rl_accel"

    drawn = [
        subprocess.run([sys.executable, "-c", script], cwd=HOME, capture_output=True, check=True) for script in (slow, quick)
    ]

    assert drawn[0].stdout == drawn[1].stdout


def test_the_same_document_sealed_again_by_the_same_key_has_the_same_bytes() -> None:
    assert document() == issue(carried(simulated=False), sealing(), AT)


def test_a_document_is_small_enough_for_a_million_of_them() -> None:
    assert len(document()) < 80_000
    assert len(failed()) < 80_000


def test_a_lost_file_is_made_again_from_a_copy_of_its_seal_without_any_key() -> None:
    parts = carried(simulated=False)
    kept = copied(document(), parts.tools).dump()

    assert document() == made_again(parts, read_copy(kept))


def test_a_key_of_the_demonstration_seals_nothing_real() -> None:
    demonstration = sealing("EOL-01", demonstration=True)

    with pytest.raises(NoDocumentError, match="a key of the demonstration seals nothing real"):
        issue(carried(simulated=False), demonstration, AT)
    report = verify(issue(carried(simulated=True), demonstration, AT), trusted())
    assert report.holds
    assert any("its seal is of a demonstration" in note for note in report.notes)
    assert any("SIMULATED" in note for note in report.notes)


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(max_size=60), st.sampled_from(HOSTILE))
def test_any_serial_and_any_name_make_a_document_that_holds(serial: str, maker: str, operator: str) -> None:
    told = [replace(number_row(), u=0.5e-6)]

    content = issue(carried(told, serial=legal(serial), maker=maker, operator=operator), sealing(), AT)

    assert verify(content, trusted()).holds
