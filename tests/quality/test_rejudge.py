"""What was measured is judged again by other limits; what nobody can tell is named and not guessed."""

from dataclasses import replace
from pathlib import Path

import pytest

from station.core.events import Event, Measured, RunStarted, as_row
from station.core.limit_file import LimitSet, parse
from station.core.verdict import Verdict
from station.quality.judged_runs import JudgedRow, JudgedRun, Window, judged_runs, runs_of_lot
from station.quality.rejudge import Rejudged, incomparable, rejudge
from station.quality.rejudged_yield import YieldChange, yield_change
from station.quality.runs import ended_runs
from station.quality.shares import Share
from station.quality.spread import spreads
from station.store.archive import Archive
from tests.store.stories import at_work, ids, keep, rows_of, story

HEAD = '[limits]\nproduct = "MC-100"\nrevision = "B"\neffective = 2026-11-22\nstatus = "draft"\n[rows]\n'
NUMBERS = ("CUR.310", "CUR.311", "WAV.010")
PLAIN = {"title": '"t"', "unit": '"uA"', "low": "400", "high": "600", "u_max": "5", "method": '"m"', "condition": '"into 2 kΩ"'}
TEXT = {"title": '"Serial"', "kind": '"text"', "expect": '"SN1"', "method": '"m"'}
FLAG = {"title": '"Light"', "kind": '"flag"', "expect": "true", "method": '"m"'}
ROWS = {**dict.fromkeys(NUMBERS, PLAIN), "UID.010": TEXT, "LED.010": FLAG}
DAY = "2026-11-02"


def limits(**changes: dict[str, str] | None) -> LimitSet:
    """Return the limits of the stories, simple ones; `changes` by row (with _ for the point), None to leave it out."""
    changed = {name.replace("_", "."): change for name, change in changes.items()}
    rows = {row_id: row | (changed.pop(row_id, {}) or {}) for row_id, row in ROWS.items() if changed.get(row_id, {}) is not None}
    rows |= {row_id: PLAIN | (change or {}) for row_id, change in changed.items() if change is not None}
    lines = [f'"{name}" = {{ {", ".join(f"{key} = {one}" for key, one in row.items() if one)} }}' for name, row in rows.items()]
    return parse(HEAD + "\n".join(lines), "b.toml")


MINT = [ids(seed).new() for seed in range(20)]


def told(
    number: int, serial: str, values: dict[str, float] | None = None, fails: str = "", struck: str = "", **changed: object
) -> list[Event]:
    """Return a story whose rows were applied as `limits()` has them, with these values in µA in place of 500."""
    rows = tuple(as_row(limit) for limit in limits().limits.values())
    start = {"rows": rows, "at": f"{DAY}T08:{number:02}:00.000000Z", **changed}
    events = story(MINT[number], serial, fails=fails, struck=struck, **start)
    return [_valued(event, serial, values or {}) for event in events]


def _valued(event: Event, serial: str, values: dict[str, float]) -> Event:
    """Return `event` with the value that the story wants of its row; the serial in a unit is its own."""
    if isinstance(event, RunStarted):
        return replace(event, rows=tuple(replace(row, expect=serial) if row.id == "UID.010" else row for row in event.rows))
    if isinstance(event, Measured) and event.id in values:
        return replace(event, value=values[event.id] * 1e-6)
    return replace(event, value=serial) if isinstance(event, Measured) and event.id == "UID.010" else event


def judged(path: Path, stories: list[list[Event]], by: LimitSet, **window: object) -> tuple[Rejudged, YieldChange]:
    with at_work(path) as journal:
        for one in stories:
            keep(journal, one)
    before = rows_of(path, "SELECT count(*), max(rowid) FROM sqlite_master")
    asked = Window("MC-100", **window)  # type: ignore[arg-type]  # fields by name
    with Archive(path).reading() as connection:
        found = rejudge(by, judged_runs(connection, asked))
        history = ended_runs(connection, product="MC-100", simulated=asked.simulated)
        inside = runs_of_lot(connection, asked.lot) if asked.lot else {run.run_id for run in history}
        yields = yield_change([run for run in history if run.run_id in inside], found.outcomes, asked.since, asked.until)
    assert before == rows_of(path, "SELECT count(*), max(rowid) FROM sqlite_master")
    return found, yields


ANY_SERIAL = {"UID_010": None}


def test_the_same_limits_change_nothing(tmp_path: Path) -> None:
    stories = [told(1, "SN1"), told(2, "SN2", {"CUR.311": 650}, fails="CUR.311")]

    found, yields = judged(tmp_path / "s", stories, limits(**ANY_SERIAL))

    assert () == found.units
    assert [2, 2, 1, 1] == [row.judged for row in found.rows]
    assert all(not row.changes for row in found.rows)
    assert YieldChange(Share(1, 2), Share(1, 2), Share(1, 2)) == yields
    assert ("UID.010",) == found.dropped


def test_a_tightened_limit_names_who_fails_by_which_row_and_what_it_costs(tmp_path: Path) -> None:
    stories = [told(1, "SN1"), told(2, "SN2", {"CUR.311": 520}), told(3, "SN3", {"CUR.311": 520.5, "WAV.010": 530})]

    found, yields = judged(tmp_path / "s", stories, limits(CUR_311={"high": "519.9"}, **ANY_SERIAL))

    tally = {row.id: row for row in found.rows}["CUR.311"]
    assert (3, 3, 1, {("PASS", "FAIL"): ["SN2", "SN3"]}) == (tally.judged, tally.passed_before, tally.passed_after, tally.changes)
    assert [("SN2", Verdict.PASS, Verdict.FAIL, ("CUR.311",)), ("SN3", Verdict.PASS, Verdict.FAIL, ("CUR.311",))] == [
        (unit.serial, unit.before, unit.after, unit.rows) for unit in found.units
    ]
    assert YieldChange(Share(3, 3), Share(1, 3), Share(1, 3)) == yields


def test_values_are_judged_unrounded(tmp_path: Path) -> None:
    stories = [told(1, "SN1", {"CUR.311": 500.00000000001})]

    found, _ = judged(tmp_path / "s", stories, limits(CUR_311={"high": "500"}, **ANY_SERIAL))

    assert [Verdict.FAIL] == [unit.after for unit in found.units]


def test_a_loosened_limit_cannot_tell_the_verdict_of_a_run_that_ended_there(tmp_path: Path) -> None:
    stories = [told(1, "SN1"), told(2, "SN2", {"CUR.311": 650}, fails="CUR.311")]

    found, yields = judged(tmp_path / "s", stories, limits(CUR_311={"high": "700"}, **ANY_SERIAL))

    assert [("SN2", Verdict.FAIL, None, ("CUR.311",))] == [(one.serial, one.before, one.after, one.rows) for one in found.units]
    assert {"not reached: the run ended before": 1} == dict(found.rows[2].unjudged)
    assert YieldChange(Share(1, 2), Share(1, 2), Share(2, 2)) == yields


def test_a_loosened_limit_passes_a_run_that_was_measured_to_its_end(tmp_path: Path) -> None:
    stories = [told(1, "SN1", {"CUR.311": 650})]
    stories[0] = [
        replace(one, verdict="FAIL") if isinstance(one, Measured) and one.id == "CUR.311" else one for one in stories[0]
    ]

    found, yields = judged(tmp_path / "s", stories, limits(CUR_311={"high": "700"}, **ANY_SERIAL))

    assert [(Verdict.FAIL, Verdict.PASS)] == [(one.before, one.after) for one in found.units]
    assert (Share(0, 1), Share(1, 1)) == (yields.before, yields.lowest)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"unit": '"uV"'}, "its unit was A and is V"),
        ({"condition": '"into 10 kΩ"'}, "its condition was 'into 2 kΩ' and is 'into 10 kΩ'"),
        ({"condition": ""}, "its condition was 'into 2 kΩ' and is 'none'"),
        ({"kind": '"count"', "u_max": "", "unit": '"A"', "low": "0", "high": "1"}, "it was a number and is a count"),
    ],
)
def test_a_row_that_measures_something_else_now_is_named_and_not_judged(tmp_path: Path, change: dict[str, str], why: str) -> None:
    found, yields = judged(tmp_path / "s", [told(1, "SN1")], limits(CUR_311=change, **ANY_SERIAL))

    tally = {row.id: row for row in found.rows}["CUR.311"]
    assert (0, {why: 1}) == (tally.judged, dict(tally.unjudged))
    assert ("CUR.311",) == found.never
    assert () == found.units
    assert Share(1, 1) == yields.lowest


def test_a_prefix_changes_nothing_about_what_was_measured(tmp_path: Path) -> None:
    by = limits(CUR_311={"unit": '"mA"', "low": "0.4", "high": "0.499", "u_max": "0.005"}, **ANY_SERIAL)

    found, _ = judged(tmp_path / "s", [told(1, "SN1")], by)

    assert {("PASS", "FAIL"): ["SN1"]} == {row.id: row for row in found.rows}["CUR.311"].changes


def test_a_new_row_was_never_measured(tmp_path: Path) -> None:
    found, _ = judged(tmp_path / "s", [told(1, "SN1"), told(2, "SN2")], limits(LEK_010={}, **ANY_SERIAL))

    assert ("LEK.010",) == found.never
    assert {"not a row of the limits that were applied": 2} == dict(found.rows[-1].unjudged)


def test_a_run_that_failed_by_a_row_which_cannot_be_compared_cannot_be_told(tmp_path: Path) -> None:
    stories = [told(1, "SN1", {"CUR.311": 650}, fails="CUR.311")]

    found, _ = judged(tmp_path / "s", stories, limits(CUR_311={"unit": '"uV"'}, **ANY_SERIAL))

    assert [(Verdict.FAIL, None)] == [(one.before, one.after) for one in found.units]


def test_a_method_that_is_not_capable_any_more_leaves_the_verdict_open_and_never_passes(tmp_path: Path) -> None:
    found, yields = judged(tmp_path / "s", [told(1, "SN1")], limits(CUR_311={"u_max": "0.5"}, **ANY_SERIAL))

    assert [(Verdict.PASS, Verdict.INCONCLUSIVE)] == [(one.before, one.after) for one in found.units]
    assert (Share(1, 1), Share(0, 0)) == (yields.before, yields.lowest)


def test_only_the_runs_of_the_days_the_lot_and_the_kind_are_judged(tmp_path: Path) -> None:
    stories = [
        told(1, "SN1", at="2026-11-01T22:59:59.000000Z"), told(2, "SN2", at="2026-11-01T23:00:00.000000Z"),
        told(3, "SN3", at="2026-11-02T22:59:59.000000Z", lot="L8"), told(4, "SN4", at="2026-11-02T23:00:00.000000Z"),
        told(5, "SN5", simulated=True), told(6, "SN6", run_type="golden"), told(7, "SN7", product="MC-200"),
        told(8, "SN8", struck="the bench was moved"),
    ]  # fmt: skip
    by = limits(CUR_311={"high": "450"}, **ANY_SERIAL)

    day, of_day = judged(tmp_path / "s", stories, by, since="2026-11-02", until="2026-11-03")
    with Archive(tmp_path / "s").reading() as connection:
        lot = rejudge(by, judged_runs(connection, Window("MC-100", lot="L8")))
        simulated = rejudge(by, judged_runs(connection, Window("MC-100", simulated=True)))

    assert ["SN2", "SN3"] == [one.serial for one in day.units]
    assert (Share(2, 2), Share(0, 2)) == (of_day.before, of_day.lowest)
    assert [["SN3"], ["SN5"]] == [[one.serial for one in found.units] for found in (lot, simulated)]


def row(**changes: object) -> JudgedRow:
    found = JudgedRow("CUR.311", "number", None, None, "A", "FAIL", "into 2 kΩ")
    return replace(found, **changes)  # type: ignore[arg-type]  # fields by name


def run(outcome: str, *rows: JudgedRow, recipe: str = "normal") -> JudgedRun:
    return JudgedRun("R1", "SN1", "2026-11-02T08:00:00.000000Z", recipe, outcome, rows)


ONLY = limits(CUR_310=None, WAV_010=None, UID_010=None, LED_010=None)


@pytest.mark.parametrize(
    ("told_as", "outcome", "after"),
    [
        ("FAIL", "FAIL", Verdict.FAIL),  # on evidence that was no number
        ("INCONCLUSIVE", "INCONCLUSIVE", Verdict.INCONCLUSIVE),
        ("ERROR", "ERROR", Verdict.ERROR),
        ("SKIPPED", "ABORTED", Verdict.ABORTED),
        ("SKIPPED", "FAIL", None),
        ("PASS", "ERROR", Verdict.ERROR),  # a fault beside the rows
    ],
)
def test_what_had_no_number_stays_what_it_was(told_as: str, outcome: str, after: Verdict | None) -> None:
    found = rejudge(ONLY, [run(outcome, row(outcome=told_as), row(id="CUR.999", outcome="FAIL"))])

    assert {"R1": after} == found.outcomes


def test_a_fault_beside_the_rows_does_not_hide_a_fail(tmp_path: Path) -> None:
    measured = next(judged_run for judged_run in _read(tmp_path, told(1, "SN1", {"CUR.311": 650})))

    assert Verdict.FAIL is rejudge(ONLY, [replace(measured, outcome="ABORTED")]).outcomes[measured.run_id]


def _read(folder: Path, one: list[Event]) -> list[JudgedRun]:
    with at_work(folder / "s") as journal:
        keep(journal, one)
    with Archive(folder / "s").reading() as connection:
        return list(judged_runs(connection, Window("MC-100")))


def test_every_kind_of_value_is_read_as_it_was_judged(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, told(1, "SN1"))

    values = {one.id: one.value for one in found.rows}
    assert {"CUR.310": 5e-4, "CUR.311": 5e-4, "WAV.010": 5e-4, "UID.010": "SN1", "LED.010": True} == values
    assert [1e-6] * 3 == [one.u.u for one in found.rows if one.kind == "number" and one.u is not None]


def test_a_row_of_another_recipe_is_not_asked_for() -> None:
    sample = limits(CUR_310=None, WAV_010=None, UID_010=None, LED_010=None, TIM_050={"recipes": '["sample"]'})

    found = rejudge(sample, [run("FAIL", row(), recipe="real-time")])

    assert {} == dict(found.rows[1].unjudged)
    assert ("TIM.050",) == found.never


def test_a_row_is_comparable_with_itself() -> None:
    assert incomparable(ONLY.limits["CUR.311"], row()) is None


def test_a_run_of_which_nothing_can_be_judged_cannot_be_told() -> None:
    assert {"R1": None} == rejudge(ONLY, [run("PASS", row(id="CUR.999", outcome="PASS"))]).outcomes


def test_the_spread_of_a_row_is_that_of_first_values_of_real_production(tmp_path: Path) -> None:
    stories = [
        told(1, "SN1", {"CUR.311": 400}), told(2, "SN2", {"CUR.311": 402}), told(3, "SN3", {"CUR.311": 404}),
        told(4, "SN1", {"CUR.311": 900}), told(5, "SN4", {"CUR.311": 800}, simulated=True), told(6, "SN5", run_type="msa"),
    ]  # fmt: skip
    with at_work(tmp_path / "s") as journal:
        for one in stories:
            keep(journal, one)

    with Archive(tmp_path / "s").reading() as connection:
        real = spreads(connection, limits().limits, "MC-100", simulated=False)
        simulated = spreads(connection, limits(CUR_310={"unit": '"uV"'}).limits, "MC-100", simulated=True)

    assert [402e-6, 2e-6] == pytest.approx([real["CUR.311"].mean, real["CUR.311"].sd])
    assert {"CUR.310", "CUR.311", "WAV.010"} == set(real)
    assert [8e-4, 0.0] == pytest.approx([simulated["CUR.311"].mean, simulated["CUR.311"].sd])
    assert [3, 1] == [real["CUR.311"].of, simulated["CUR.311"].of]
    assert "CUR.310" not in simulated
