"""What the tables say of a run is what its events said."""

from dataclasses import replace
from pathlib import Path

from station.core.events import Event, Measured
from station.store.archive import Archive
from station.store.ids import to_bytes
from tests.store.stories import at_work, ids, keep, measured, rows_of, story


def _kept(path: Path, *stories: list[Event]) -> Path:
    with at_work(path) as journal:
        for told in stories:
            keep(journal, told)
    return path


def test_a_run_is_a_row_with_everything_it_refers_to(tmp_path: Path) -> None:
    mint = ids(7)
    parent = mint.new()
    path = _kept(tmp_path / "s", story(mint.new(), fails="WAV.010", parent_run_id=parent, retest_reason="re-seated"))

    query = """
        SELECT product.part_number, product.revision, process.code, process.name, serial, station.code, fixture_serial, run.slot,
            attempt, execution_id, operator.name, lot, limit_set.sha256, program_version, started_at, ended_at, tz_offset_min,
            monotonic_s, run_type, simulated, outcome, first_fail, first_fail_step, retest_reason, parent_run_id, software_json
        FROM run JOIN product USING (product_id) JOIN process USING (process_id) JOIN unit USING (unit_id)
        JOIN station USING (station_id) JOIN fixture_slot USING (fixture_slot_id) JOIN operator USING (operator_id)
        JOIN limit_set USING (limit_set_id)"""
    assert rows_of(path, query) == [
        ("MC-100", "A", "mc100", "normal", "SN1", "EOL-01", "FX1", 3, 1, "E1", "ana", "L7", "sha256:1", "1.0+abc",
         "2026-11-02T08:00:00.000000Z", "2026-11-02T08:20:00.000000Z", 60, 10.0, "production", 0, "FAIL", "WAV.010",
         "Step WAV.010", "re-seated", to_bytes(parent), '{"python":"3.11","station":"1.0+abc"}'),
    ]  # fmt: skip


def test_measurements_carry_the_limits_that_were_applied(tmp_path: Path) -> None:
    path = _kept(tmp_path / "s", story(ids().new(), fails="WAV.010"))

    query = (
        "SELECT test_key, value, text_value, lo, accept_hi, comparator, safety, measurement.outcome, step.name FROM measurement"
    )
    rows = rows_of(path, f"{query} LEFT JOIN step ON step.run_id = measurement.run_id AND step.seq = step_seq")
    assert rows == [
        ("CUR.310", 5e-4, None, 4e-4, 5.9e-4, "GELE", "none", "PASS", "Step CUR.310"),
        ("CUR.311", 5e-4, None, 4e-4, 5.9e-4, "GELE", "high", "PASS", "Step CUR.311"),
        ("WAV.010", 5e-4, None, 4e-4, 5.9e-4, "GELE", "none", "FAIL", "Step WAV.010"),
        ("UID.010", None, None, None, None, "EQ", "none", "SKIPPED", None),
        ("LED.010", None, None, None, None, "EQ", "none", "SKIPPED", None),
    ]


def test_texts_and_flags_are_kept_as_text(tmp_path: Path) -> None:
    path = _kept(tmp_path / "s", story(ids().new()))

    query = "SELECT value, text_value, expect FROM measurement WHERE comparator = 'EQ'"
    assert rows_of(path, query) == [(None, "SN1", "SN1"), (None, "true", "true")]


def test_steps_equipment_and_evidence_are_rows(tmp_path: Path) -> None:
    path = _kept(tmp_path / "s", story(ids().new()))

    assert rows_of(path, "SELECT number, name, duration_s, outcome FROM step")[:1] == [(1, "Step CUR.310", 2.0, "PASS")]
    equipment = "SELECT role, model, certificate_no, due_at FROM run_instrument JOIN instrument USING (instrument_id)"
    assert rows_of(path, f"{equipment} JOIN calibration USING (calibration_id)") == [("dmm", "34461A", "CAL-1", "2027-01-01")]
    assert rows_of(path, "SELECT count(*), max(bytes) FROM attachment") == [(5, 123)]


def test_things_that_stay_the_same_are_one_row(tmp_path: Path) -> None:
    mint = ids(1)
    path = _kept(tmp_path / "s", *[story(mint.new(), f"SN{number % 2}") for number in range(4)])

    for table, count in {
        "product": 1,
        "unit": 2,
        "limit_set": 1,
        "limit_item": 5,
        "instrument": 1,
        "station": 1,
        "run": 4,
    }.items():
        assert rows_of(path, f"SELECT count(*) FROM {table}") == [(count,)], table


def test_a_run_that_claims_a_pass_it_did_not_earn_is_not_one(tmp_path: Path) -> None:
    told = [event for event in story(ids().new()) if not (isinstance(event, Measured) and event.id == "LED.010")]
    path = _kept(tmp_path / "s", [replace(event, seq=seq) for seq, event in enumerate(told)])

    assert rows_of(path, "SELECT outcome, claimed, reason FROM run") == [("ERROR", "PASS", "LED.010 is MISSING")]


def test_a_value_that_json_cannot_say_is_kept_as_its_text(tmp_path: Path) -> None:
    run_id, heard = ids().new(), list[Event]()
    told = story(run_id)
    detail = {"raw": [float("-inf"), b"\xff"], "good": 1.5}
    told[2] = measured(run_id, 2, "CUR.310", "ERROR", value=float("nan"), u=float("inf"), reason="\ud800 torn", detail=detail)

    with at_work(tmp_path / "s", heard.append) as journal:
        keep(journal, told)

    kept = Archive(tmp_path / "s").events(run_id)[2]
    assert kept == heard[2]
    assert isinstance(kept, Measured)
    assert (kept.value, kept.u, kept.reason) == ("nan", None, "\\ud800 torn")
    assert kept.detail == {"raw": ["-inf", "b'\\xff'"], "good": 1.5}
    assert rows_of(tmp_path / "s", "SELECT text_value, outcome FROM measurement WHERE test_key = 'CUR.310'") == [("nan", "ERROR")]


def test_a_count_beyond_every_column_is_kept_as_its_digits(tmp_path: Path) -> None:
    run_id, huge = ids().new(), 10**400
    told = story(run_id)
    told[2] = measured(run_id, 2, "CUR.310", "FAIL", value=huge)

    path = _kept(tmp_path / "s", told)

    query = "SELECT value, text_value FROM measurement WHERE test_key = 'CUR.310'"
    assert rows_of(path, query) == [(None, str(huge))]
