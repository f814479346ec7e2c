"""A document of an earlier version is proven by its record for ever; that it cannot be drawn again is said, and no fault."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from station.certificates.carried import DRAWING, Carried, read_carried
from station.certificates.issue import unsealed
from station.certificates.keys import read_certificates
from station.certificates.looks import LOOKS
from station.certificates.lot_report import SCHEMA, read_lot_report, unsealed_lot
from station.certificates.opened import opened
from station.certificates.verify import verify
from station.core.canonical import Json, canonical
from tests.certificates.golden import FOLDER

OLDER, SECOND, THIRD, FOURTH = (FOLDER / name for name in ("older", "looks-2", "looks-3", "looks-4"))
FIRST = (OLDER / "SIM-EOL-01-2026-000001.pdf").read_bytes()  # issued before instruments came in pools, its drawing of schema 1


def test_a_document_of_an_earlier_version_holds_in_every_point_but_its_drawing() -> None:
    found = verify(FIRST, read_certificates(OLDER / "authority.pem"))

    assert found.holds, found
    assert ["drawing"] == [one.what for one in found.findings if one.holds is None]
    assert {"seal", "record", "limits", "template"} <= {one.what for one in found.findings if one.holds}
    assert ("PASS", "DEMO-105252-01") == (found.verdict, found.serial)


@pytest.mark.parametrize("name", ["many-failed", "signatures-alone"])
def test_a_document_in_the_second_looks_is_drawn_again_as_it_was_and_a_new_one_in_better_ones(name: str) -> None:
    issued, carried, newer = kept(SECOND / f"{name}.pdf")

    assert 2 == carried.schema
    assert texts(issued) != texts(newer)
    assert all(carried.record.started.serial in page for page in texts(newer))
    assert "Statements" in texts(newer)[-1]


@pytest.mark.parametrize(
    ("name", "said", "now"),
    [
        ("accelerated-failed", "the counter and the cut-off are proven", "did not pass: counter and cut-off are not proven"),
        ("lot", "Example Devices GmbH, Works of the N…", "Example Devices GmbH, Works of the North Página 1"),
    ],
)
def test_a_document_in_the_third_looks_is_drawn_again_as_it_was(name: str, said: str, now: str) -> None:
    issued = (THIRD / f"{name}.pdf").read_bytes()
    document = opened(issued)

    found = verify(issued, read_certificates(THIRD / "authority.pem"))
    place = (document.seal.at, document.seal.size)
    if name == "lot":
        newer = unsealed_lot(replace(read_lot_report(document.files), schema=SCHEMA), *place)
    else:
        newer = unsealed(replace(read_carried(document.files), schema=LOOKS), *place)

    assert found.holds, found
    assert ("drawing", True) in [(one.what, one.holds) for one in found.findings]
    assert said in plain(issued)
    assert now in plain(newer)
    assert said not in plain(newer)


def test_a_reason_that_was_quoted_stays_so_although_a_term_of_its_template_words_it_now() -> None:
    issued, carried, newer = kept(THIRD / "reason-quoted.pdf")

    assert "kein Ausgang" == carried.sources.template.terms["no output"]
    assert [True, False] == ["no output" in plain(one) for one in (issued, newer)]


def test_a_document_in_the_fourth_looks_keeps_its_third_page_and_a_new_one_needs_none() -> None:
    issued, carried, newer = kept(FOURTH / "letter.pdf")

    assert 4 == carried.schema
    assert [3, 2] == [len(texts(one)) for one in (issued, newer)]
    assert set(plain(issued).split()) == set(plain(newer).split())


def kept(file: Path) -> tuple[bytes, Carried, bytes]:
    """Return a document that holds and is drawn again as it was, what it carries, and how the present looks would draw it."""
    issued = file.read_bytes()
    document = opened(issued)
    carried = read_carried(document.files)
    found = verify(issued, read_certificates(file.with_name("authority.pem")))
    assert found.holds, found
    assert ("drawing", True) in [(one.what, one.holds) for one in found.findings]
    return issued, carried, unsealed(replace(carried, schema=LOOKS), document.seal.at, document.seal.size)


def plain(document: bytes) -> str:
    """Return the text of all pages, as if it stood on one line."""
    return " ".join(" ".join(texts(document)).split())


def texts(document: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(document)).pages]


@pytest.mark.parametrize("schema", [True, 1.0, 0, 6, "2", None, [2]])
def test_a_drawing_of_a_schema_that_no_version_wrote_is_refused(schema: Json) -> None:
    files = dict(opened(FIRST).files)
    files[DRAWING] = canonical({**json.loads(files[DRAWING]), "schema": schema})

    with pytest.raises(ValueError, match="its drawing is of schema"):
        read_carried(files)
