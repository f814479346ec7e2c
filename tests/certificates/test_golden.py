import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.certificates.golden import FOLDER, kept, made, samples, summary
from tests.certificates.records import HOME

SCRIPT = """
import hashlib
from tests.certificates.golden import made, samples
print(*(hashlib.sha256(made(told)).hexdigest() for told in samples().values()))
"""


@pytest.mark.parametrize("name", kept())
def test_a_document_says_and_draws_what_it_always_did_in_every_language(name: str) -> None:
    told, language = kept()[name]

    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == summary(made(told, language))


@pytest.mark.parametrize(
    "world",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    ],
)
def test_the_bytes_are_the_same_in_another_process_zone_and_locale(world: dict[str, str]) -> None:
    here = [hashlib.sha256(made(told)).hexdigest() for told in samples().values()]

    there = subprocess.run([sys.executable, "-c", SCRIPT], env={**os.environ, **world}, cwd=HOME, capture_output=True, check=True)

    assert here == there.stdout.decode().split()


def test_the_file_is_dated_by_the_run_and_named_by_its_number() -> None:
    known = PdfReader(BytesIO(made(samples()["certificate"]))).metadata

    assert known is not None
    assert known.creation_date == datetime(2026, 11, 22, 8, 34, 31, tzinfo=UTC)
    assert known.modification_date == known.creation_date
    assert known.title == "Final test certificate EOL-01-2026-000042"
    assert known.author == "Example Devices GmbH"


def test_only_our_typeface_is_in_the_file_and_it_is_embedded() -> None:
    reader = PdfReader(BytesIO(made(samples()["certificate-simulated"])))

    fonts = {key: font.get_object() for page in reader.pages for key, font in page["/Resources"]["/Font"].items()}  # type: ignore[index]  # pypdf's own dictionaries
    assert fonts
    for font in fonts.values():
        assert "FiraGO" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"]
