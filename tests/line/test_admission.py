"""Who may be tested is decided before anything is touched, and a refusal is never a verdict."""

from dataclasses import replace

import pytest

from station.line.admission import history_refusal, tray_refusals
from station.store.history import Attempt, History


def past(*runs: tuple[str, int], safety: tuple[str, ...] = ()) -> History:
    attempts = tuple(
        Attempt(f"run-{number}", outcome, slot, "", "2026-11-22T08:00:00Z", "production")
        for number, (outcome, slot) in enumerate(runs)
    )
    return History(attempts, safety)


def tried_out(*runs: tuple[str, int]) -> History:
    """Return the past of a unit that was tested by limits which nobody had released."""
    return History(tuple(replace(run, run_type="debug") for run in past(*runs).runs), ())


NOTHING = past()


def test_a_new_serial_is_admitted() -> None:
    assert tray_refusals({1: "SN26-1", 2: "SN26-2"}, 8, {"SN26-1": NOTHING}) == []


@pytest.mark.parametrize(
    ("slot", "serial", "word"),
    [
        (0, "SN26-1", "slots 1 to 8"),
        (9, "SN26-1", "slots 1 to 8"),
        (1, "", "empty"),
        (1, "S" * 21, "21 characters"),
        (1, "SN 1", "may not"),
        (1, "SN\u00e41", "may not"),
        (1, "SN\n1", "may not"),
        (1, "<img src=x>", "may not"),
    ],
)
@pytest.mark.hazard("SN-01")
def test_a_malformed_serial_or_slot_is_refused_with_the_reason(slot: int, serial: str, word: str) -> None:
    refusals = tray_refusals({slot: serial}, 8, {})

    assert len(refusals) == 1
    assert word in refusals[0].why


@pytest.mark.hazard("SN-02")
def test_a_serial_in_two_slots_is_refused_in_both() -> None:
    refusals = tray_refusals({1: "SN26-1", 2: "SN26-1", 3: "SN26-2"}, 8, {})

    assert [refusal.slot for refusal in refusals] == [1, 2]


@pytest.mark.parametrize(
    ("history", "word"),
    [
        (past(("PASS", 1)), "passed already"),
        (past(("ERROR", 1), ("PASS", 2)), "passed already"),
        (past(("FAIL", 1), safety=("CUR.310",)), "quarantined, which this version cannot lift: keep it apart"),
        (past(("ABORTED", 1), safety=("CUR.310",)), "quarantined"),
        (past(("FAIL", 3)), "another slot"),
        (past(("FAIL", 1), ("FAIL", 2)), "failed twice"),
        (past(("ERROR", 1), ("INCONCLUSIVE", 2), ("ABORTED", 1)), "no verdict 3 times"),
    ],
)
@pytest.mark.hazard("SN-03", "SN-05", "SN-06")
def test_the_floor_s_rules_refuse_another_run(history: History, word: str) -> None:
    why = history_refusal("SN26-1", 3, history)

    assert why is not None
    assert word in why


ALLOWED = (
    NOTHING,
    past(("FAIL", 1)),
    past(("ERROR", 3)),
    past(("INCONCLUSIVE", 3), ("ERROR", 3)),
    past(("ERROR", 3), ("FAIL", 1)),
    tried_out(("PASS", 1), ("PASS", 1), ("PASS", 2)),
    tried_out(("PASS", 1), ("ERROR", 1), ("ERROR", 2)),
)


@pytest.mark.parametrize("history", ALLOWED)
@pytest.mark.hazard("SN-06")
def test_the_floor_s_rules_allow_a_retest(history: History) -> None:
    assert history_refusal("SN26-1", 3, history) is None
