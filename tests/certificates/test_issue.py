from dataclasses import replace
from pathlib import Path

import pytest

from station.certificates.issue import NoDocumentError, document, file_name, number_series, refusal
from station.core.events import Controlled, RunEnded
from station.core.record import RunRecord, replay
from tests.certificates.records import changed, events, mc100, number_row, record, template, waveforms

FAILED = changed(mc100(), "CUR.310", 451.2e-6)


def _unreleased(told: RunRecord) -> Controlled:
    return replace(told.started.documents, limits_unreleased="its status is draft")


@pytest.mark.parametrize(
    ("simulated", "failed", "series"),
    [
        (False, False, "EOL-01-2026"),
        (True, False, "SIM-EOL-01-2026"),
        (False, True, "NCR-EOL-01-2026"),
        (True, True, "SIM-NCR-EOL-01-2026"),
    ],
)
def test_real_and_simulated_certificates_and_reports_are_numbered_apart(simulated: bool, failed: bool, series: str) -> None:
    told = record(FAILED if failed else mc100(), simulated=simulated)

    assert series == number_series(told)


def test_the_series_changes_with_the_year_of_the_run_s_end_in_utc() -> None:
    stream = events([number_row()], simulated=False)
    ended = stream[-1]
    assert isinstance(ended, RunEnded)
    stream[-1] = replace(ended, at="2027-01-01T00:00:01Z")

    assert number_series(replay(stream)) == "EOL-01-2027"


@pytest.mark.parametrize("verdict", ["INCONCLUSIVE", "ABORTED", "ERROR"])
def test_there_is_no_document_about_a_run_that_says_nothing_about_the_unit(verdict: str) -> None:
    told = record([number_row()], verdict=verdict)

    with pytest.raises(NoDocumentError, match=f"its verdict is {verdict}"):
        document(told, {}, template(), "SIM-EOL-01-2026-000001")


@pytest.mark.parametrize("run_type", ["golden", "failing", "msa", "cal", "debug"])
def test_a_golden_unit_earns_no_document_whatever_it_comes_to(run_type: str) -> None:
    for samples in (mc100(), FAILED):
        told = record(samples, run_type=run_type)

        with pytest.raises(NoDocumentError, match=f"it is a {run_type} run"):
            document(told, {}, template(), number_series(told) + "-000001")


def test_a_pass_by_limits_that_are_not_released_earns_no_certificate() -> None:
    told = record(mc100())
    told = record(mc100(), documents=_unreleased(told))

    with pytest.raises(NoDocumentError, match="the limits are not released: its status is draft"):
        document(told, {}, template(), "SIM-EOL-01-2026-000001")


def test_a_fail_by_limits_that_are_not_released_is_reported() -> None:
    told = record(FAILED, documents=_unreleased(record(mc100())))

    assert refusal(told) is None


@pytest.mark.parametrize("number", ["EOL-01-2026-000001", "SIM-EOL-01-2025-000001", "SIM-EOL-01-2026-", "SIM-EOL-01-2026-1\n"])
def test_a_number_of_another_series_is_refused(number: str) -> None:
    with pytest.raises(NoDocumentError, match="is not a number of the series SIM-EOL-01-2026: it would be SIM-"):
        document(record(mc100()), waveforms(), template(), number)


def test_a_document_is_filed_under_the_day_of_the_run_s_end_by_number_and_serial() -> None:
    assert file_name(record(mc100()), "SIM-EOL-01-2026-000001") == "2026-11-22/SIM-EOL-01-2026-000001_SN26-100401.pdf"


@pytest.mark.parametrize("serial", ["../../etc/passwd", "a/b", 'x"%&*:<>?', "..", "a_b", "\x00", "é"])
def test_no_serial_leads_out_of_its_folder(serial: str, tmp_path: Path) -> None:
    name = file_name(record([number_row()], serial=serial), "SIM-EOL-01-2026-000001")

    assert (tmp_path / name).resolve().parent == tmp_path / "2026-11-22"
    assert 1 == name.count("_")
