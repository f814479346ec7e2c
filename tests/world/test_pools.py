"""Two DMMs and two oscilloscopes in memory: any of them measures, and a broken one takes nobody else along."""

from itertools import pairwise
from pathlib import Path

import pytest

from station.core.errors import IdentityError, InstrumentError, WiringError
from station.core.verdict import Verdict
from station.simulator.faults import Fault
from tests.world.world import World, world

GOOD = {slot: f"SN{slot}" for slot in range(1, 7)}


def spans(made: World, name: str) -> list[tuple[float, float]]:
    """Return from when to when an instrument was lent, in order."""
    return sorted((one.got, one.gave_back) for one in made.loans if name in one.instruments and one.got is not None)


def test_all_instruments_of_a_pool_measure_and_no_loan_overlaps_on_one_of_them(tmp_path: Path) -> None:
    with world(tmp_path, dmms=2, scopes=2, documents=False) as made:
        outcomes = made.test(GOOD, {2: "no_shutoff", 5: "dc_imbalance"})
        lent = {name: spans(made, name) for name in ("dmm", "dmm2", "scope", "scope2")}
        is_safe = made.is_safe

    assert ["PASS", "FAIL", "PASS", "PASS", "FAIL", "PASS"] == [one.verdict.name for one in outcomes]
    assert is_safe
    for begun in lent.values():
        assert len(begun) > 3
        assert all(before <= begin for (_, before), (begin, _) in pairwise(begun))


def test_two_meters_with_gain_errors_of_their_own_pass_the_units_that_one_would(tmp_path: Path) -> None:
    with world(tmp_path, dmms=2, documents=False) as made:
        made.rig.dmms[1].misadjust("VOLT", 3e-5)  # inside its specification
        outcomes = made.test(GOOD)

    assert {Verdict.PASS} == {one.verdict for one in outcomes}


@pytest.mark.hazard("TR-18")
def test_a_meter_that_dies_takes_at_most_the_unit_it_was_measuring_and_the_others_go_on(tmp_path: Path) -> None:
    dead = [Fault("dmm2", exchange, "silence", 0.0) for exchange in range(150, 5000)]
    with world(tmp_path, dmms=2, documents=False, faults=dead) as made:
        outcomes = made.test(GOOD)
        last = {name: spans(made, name)[-1][1] for name in ("dmm", "dmm2")}

    verdicts = [one.verdict for one in outcomes]
    assert 1 >= verdicts.count(Verdict.ERROR)
    assert {Verdict.PASS, Verdict.ERROR} >= set(verdicts)
    assert last["dmm2"] < last["dmm"]


def test_the_record_and_the_certificate_name_the_instruments_that_measured_and_no_other(tmp_path: Path) -> None:
    with world(tmp_path, slots=1, dmms=2, scopes=2, documents=False) as made:
        outcome = made.test({1: "SN1"})[0]

    assert outcome.record is not None
    named = [one.serial for one in outcome.record.equipment if one.lent]
    assert ["SIM34461A1", "SIMDSOX1204G1"] == named
    assert 4 == sum(one.lent for one in outcome.record.started.equipment)


def test_a_meter_whose_link_broke_is_opened_again_and_measures_on(tmp_path: Path) -> None:
    broken = Fault("dmm2", 150, "close", 0.0)
    with world(tmp_path, dmms=2, documents=False, faults=[broken]) as made:
        outcomes = made.test(GOOD)
        late = [begin for begin, _ in spans(made, "dmm2") if begin > made.clock.now() - 300.0]

    assert 1 >= [one.verdict for one in outcomes].count(Verdict.ERROR)
    assert late


def test_with_every_meter_dead_each_unit_ends_as_our_error_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    dead = [Fault(name, exchange, "silence", 0.0) for name in ("dmm", "dmm2") for exchange in range(150, 5000)]
    with world(tmp_path, dmms=2, documents=False, floor=False, faults=dead) as made:
        outcomes = made.test(GOOD)

    assert {Verdict.ERROR} == {one.verdict for one in outcomes}
    assert made.is_safe


def dead(*names: str) -> list[Fault]:
    """Return the faults of instruments that never answer."""
    return [Fault(name, exchange, "silence", 0.0) for name in names for exchange in range(1, 3000)]


@pytest.mark.parametrize(("gone", "left"), [("dmm", "SIM34461A2"), ("dmm2", "SIM34461A1")])
def test_a_meter_that_is_dead_at_the_opening_is_left_out_and_the_others_measure_on_their_own_bus(
    tmp_path: Path, gone: str, left: str
) -> None:
    with world(tmp_path, dmms=2, documents=False, faults=dead(gone)) as made:
        outcomes = made.test({1: "SN1", 2: "SN2"})
        missing = dict(made.bench.missing)

    assert ["PASS", "PASS"] == [one.verdict.name for one in outcomes]
    assert [gone] == list(missing)
    assert f"{gone} (serial SIM34461A{1 if gone == 'dmm' else 2}) cannot be used:" in missing[gone]
    for one in outcomes:
        assert one.record is not None
        assert {left} == {each.serial for each in one.record.started.equipment if each.role == "DMM"}


def test_an_oscilloscope_that_is_dead_at_the_opening_is_left_out(tmp_path: Path) -> None:
    with world(tmp_path, scopes=2, documents=False, faults=dead("scope")) as made:
        outcomes = made.test({1: "SN1"})
        missing = list(made.bench.missing)

    assert (["PASS"], ["scope"]) == ([one.verdict.name for one in outcomes], missing)


def test_a_bench_without_any_meter_that_answers_stays_closed(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError), world(tmp_path, dmms=2, documents=False, faults=dead("dmm", "dmm2")):
        pytest.fail("it opened")


def test_a_bench_with_one_meter_that_does_not_answer_stays_closed(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError), world(tmp_path, documents=False, faults=dead("dmm")):
        pytest.fail("it opened")


def test_a_stranger_at_an_address_of_a_pool_keeps_the_bench_closed(tmp_path: Path) -> None:
    strange = [Fault("dmm2", exchange, "wrong_idn", 0.0) for exchange in range(1, 5)]
    with pytest.raises(IdentityError, match="Connect that one"), world(tmp_path, dmms=2, documents=False, faults=strange):
        pytest.fail("it opened")


def test_the_one_that_is_left_of_a_pool_must_hang_on_its_own_bus_all_the_same(tmp_path: Path) -> None:
    crossed = {"dmm": "D2", "dmm2": "D1"}
    with (
        pytest.raises(WiringError, match=r"the input of dmm \(serial SIM34461A1\) shows on no bus"),
        world(tmp_path, dmms=2, documents=False, inputs=crossed, faults=dead("dmm2")),
    ):
        pytest.fail("it opened")
