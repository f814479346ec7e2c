from dataclasses import replace
from pathlib import Path

import pytest

from station.certificates.carried import Carried, Sources
from station.certificates.issue import issue
from station.certificates.verify import verify
from tests.certificates.records import changed, in_language, mc100, record, stopped_after
from tests.certificates.sealing import AT, carried, sealing, trusted
from tests.certificates.validators import pdfsig, qpdf, verapdf

_SAMPLES = {"certificate": mc100(), "report": stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310")}


def _carried(kind: str, language: str) -> Carried:
    told = carried(_SAMPLES[kind], because="CUR.310")
    words = in_language(language)
    named = replace(told.record.started.documents, certificate_digest=words.digest)
    kept = record(_SAMPLES[kind], because="CUR.310", documents=named)
    return replace(told, record=kept, sources=Sources(words, told.sources.limits))


@pytest.mark.process
def test_independent_judges_accept_every_language(tmp_path: Path) -> None:
    files = [tmp_path / f"{kind}.{language}.pdf" for kind in _SAMPLES for language in ("de", "es")]
    for file in files:
        kind, language, _ = file.name.split(".")
        file.write_bytes(issue(_carried(kind, language), sealing(), AT))

    assert ["", "", "", ""] == [qpdf(file) for file in files]
    assert [["valid"]] * 4 == [pdfsig(file) for file in files]
    assert [f"{file}: 146 rules, compliant" for file in files] == verapdf(files, tmp_path)


@pytest.mark.parametrize("language", ["de", "es"])
@pytest.mark.parametrize("kind", list(_SAMPLES))
def test_a_document_in_another_language_is_small_and_proves_itself(kind: str, language: str) -> None:
    made = issue(_carried(kind, language), sealing(), AT)

    report = verify(made, trusted())

    assert report.holds, report
    assert len(made) <= 80_000
