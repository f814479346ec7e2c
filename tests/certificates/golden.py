"""Keep what the documents of the sample records say and draw: `python -m tests.certificates.golden` writes it anew."""

import hashlib
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ContentStream

from station.certificates.issue import document, number_series
from station.core.record import RunRecord
from tests.certificates.records import HOME, changed, in_language, mc100, record, stopped_after, waveforms

FOLDER = HOME / "tests" / "golden" / "certificates"
LANGUAGES = ("de", "es")


def samples() -> dict[str, RunRecord]:
    """Return the records whose documents are kept."""
    failed = stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310")
    return {
        "certificate": record(mc100(), simulated=False),
        "certificate-simulated": record(mc100(), simulated=True),
        "nonconformance": record(failed, simulated=False, because="CUR.310"),
    }


def kept() -> dict[str, tuple[RunRecord, str]]:
    """Return the record and the language of each text that is kept, by its name: certificate, certificate.de."""
    return {
        name if language == "en" else f"{name}.{language}": (told, language)
        for language in ("en", *LANGUAGES)
        for name, told in samples().items()
    }


def made(told: RunRecord, language: str = "en") -> bytes:
    """Return the document about `told`."""
    return document(told, waveforms(), in_language(language), number_series(told) + "-000042")


def summary(pdf: bytes) -> str:
    """Return what `pdf` says, page by page, and the digest of what it draws, which no compression changes."""
    parts = []
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages, 1):
        drawn = page.get_contents()
        assert isinstance(drawn, ContentStream)
        parts.append(f"--- page {number}, drawn sha256 {hashlib.sha256(drawn.get_data()).hexdigest()}\n{page.extract_text()}")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    for name, (told, language) in kept().items():
        (FOLDER / f"{name}.txt").write_text(summary(made(told, language)), encoding="utf-8")
