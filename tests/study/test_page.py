"""The page and the matrix say what was seen: counts, escapes with what plays them again, and shares by row."""

import pytest

from benchmarks.study.page import Study, page
from benchmarks.study.tally import escapes, hidden, tallies, unjudged, wrong_rejects
from benchmarks.study.work import ROOT
from benchmarks.study.written import PAGE, Found, found_in, matrix, numbers
from station.cli.home import read
from station.simulator.physics.defects import DEFECTS
from tests.study.made_up import unit

LIMITS = read(ROOT).limits
UNITS = (
    unit("good"),
    unit("good", "FAIL", "PASS", serial="S0-2-1", rows=("CUR.310",)),
    unit("low", "PASS", "FAIL", serial="S0-3-1"),
    unit("noisy", "FAIL", "FAIL", serial="S0-4-1", rows=("CON.020", "CON.010")),
    unit("noisy", "FAIL", "FAIL", serial="S0-5-1", rows=("CON.020",)),
    unit(
        "contact_slot", "INCONCLUSIVE", "INCONCLUSIVE", serial="S0-6-1", undecided={"TIM.010": "lost contact 3 times at 12.5 s"}
    ),
    unit("early_shutoff, accelerated", "PASS", "FAIL", serial="S0-7-1"),
    unit("stuck_fet, accelerated", "PASS", "FAIL", serial="S0-8-1"),
)


def test_an_escape_is_one_that_its_certificate_does_not_name() -> None:
    assert ["S0-3-1", "S0-8-1"] == [one.serial for one in escapes(UNITS)]
    assert ["S0-7-1"] == [one.serial for one in hidden(UNITS)]


def test_a_wrong_reject_does_not_deserve_its_fail() -> None:
    assert ["S0-2-1"] == [one.serial for one in wrong_rejects(UNITS)]


def test_units_without_verdict_are_counted_by_their_reason_whatever_its_numbers_are() -> None:
    assert {("contact_slot", "INCONCLUSIVE: lost contact # times at # s"): 1} == dict(unjudged(UNITS))


def test_each_kind_is_counted_by_the_first_row_and_by_all() -> None:
    noisy = next(one for one in tallies(UNITS) if one.kind.name == "noisy")

    assert {"CON.020": 2} == dict(noisy.first)
    assert {"CON.020": 2, "CON.010": 1} == dict(noisy.rows)


def test_the_page_names_every_escape_with_what_plays_it_again() -> None:
    said = page(Study(1, UNITS), LIMITS)

    assert "- `--replay 100000 S0-3-1 low`: because" in said
    assert "- `--replay 100000 S0-8-1 'stuck_fet, accelerated'`: because" in said
    assert "| escapes: deserve FAIL and passed | 2 | 0 |" in said
    assert "| noisy | 5 to 30 uA rms between the pulses | 2 | FAIL 100.0% | CON.020 100% | CON.020 100%, CON.010 50% |" in said
    assert "| contact_slot | 1 | INCONCLUSIVE: lost contact # times at # s |" in said


def test_a_page_without_an_escape_says_so() -> None:
    said = page(Study(1, UNITS[:2]), LIMITS)

    assert said.rstrip().endswith("There is none.")


def test_the_matrix_comes_back_as_shares_of_the_units() -> None:
    found = found_in(numbers(Study(1, UNITS)))

    assert Found(2, {"CON.020": 1.0}, {"CON.020": 1.0, "CON.010": 0.5}) == found["noisy"]
    assert {"CUR.310": pytest.approx(0.5)} == dict(found["good"].first)


def test_the_study_on_file_has_every_defect_of_the_simulator() -> None:
    said = PAGE.read_text(encoding="utf-8")

    assert set(DEFECTS) <= set(matrix())
    assert [] == [name for name, defect in DEFECTS.items() if f"| {name} | {defect.story} |" not in said]


def test_a_production_that_is_not_rejected_as_predicted_is_told_apart() -> None:
    sound = [unit("low", "PASS", true={"CUR.313": 380.0}, measured={"CUR.313": (380.0, 0.05)}) for _ in range(200)]
    wrong = [unit("high", "FAIL", true={"CUR.313": 380.0}, measured={"CUR.313": (380.0, 0.05)}) for _ in range(200)]

    said = page(Study(1, (*sound, *wrong)), LIMITS).splitlines()

    high, low = (next(line for line in said if line.startswith(f"| {name} | 200 |")) for name in ("high", "low"))
    assert "+100.00% **(does not agree)**" in high
    assert "| +0.00% |" in low
