"""A document of an earlier version is proven by its record for ever; that it cannot be drawn again is said, and no fault."""

import json

import pytest

from station.certificates.carried import DRAWING, read_carried
from station.certificates.keys import read_certificates
from station.certificates.opened import opened
from station.certificates.verify import verify
from station.core.canonical import Json, canonical
from tests.certificates.golden import FOLDER

OLDER = FOLDER / "older"
FIRST = (OLDER / "SIM-EOL-01-2026-000001.pdf").read_bytes()  # issued before instruments came in pools, its drawing of schema 1


def test_a_document_of_an_earlier_version_holds_in_every_point_but_its_drawing() -> None:
    found = verify(FIRST, read_certificates(OLDER / "authority.pem"))

    assert found.holds, found
    assert ["drawing"] == [one.what for one in found.findings if one.holds is None]
    assert {"seal", "record", "limits", "template"} <= {one.what for one in found.findings if one.holds}
    assert ("PASS", "DEMO-105252-01") == (found.verdict, found.serial)


@pytest.mark.parametrize("schema", [True, 1.0, 0, 3, "2", None, [2]])
def test_a_drawing_of_a_schema_that_no_version_wrote_is_refused(schema: Json) -> None:
    files = dict(opened(FIRST).files)
    files[DRAWING] = canonical({**json.loads(files[DRAWING]), "schema": schema})

    with pytest.raises(ValueError, match="its drawing is of schema"):
        read_carried(files)
