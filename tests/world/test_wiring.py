"""Cables that are mixed up: a bench with a pool opens only when every meter sees its own bus and hears its own SYNC."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from station.core.errors import WiringError
from tests.world.world import world

RIGHT: Mapping[str, str] = {}
PAIR = {"dmm": "D2", "dmm2": "D1"}


def refused(
    folder: Path, *, dmms: int = 2, scopes: int = 1, inputs: Mapping[str, str] = RIGHT, triggers: Mapping[str, str] = RIGHT
) -> str:
    """Return why a bench whose cables are mixed up does not open."""
    with (
        pytest.raises(WiringError) as caught,
        world(folder, dmms=dmms, scopes=scopes, documents=False, inputs=inputs, triggers=triggers),
    ):
        pytest.fail("it opened")
    return str(caught.value)


@pytest.mark.hazard("TR-19")
def test_two_meters_whose_inputs_are_crossed_are_named_with_what_to_do_and_nothing_is_tested(tmp_path: Path) -> None:
    said = refused(tmp_path, inputs=PAIR)

    assert "the inputs of dmm (serial SIM34461A1) and dmm2 (serial SIM34461A2) are crossed" in said
    assert "swap their two input cables, so that dmm hangs on D1 and dmm2 on D2" in said


def test_two_meters_whose_triggers_are_crossed_are_named(tmp_path: Path) -> None:
    said = refused(tmp_path, triggers=PAIR)

    assert "the triggers of dmm (serial SIM34461A1) and dmm2 (serial SIM34461A2) are crossed" in said
    assert "input" not in said


def test_inputs_and_triggers_that_are_both_crossed_are_both_named(tmp_path: Path) -> None:
    said = refused(tmp_path, inputs=PAIR, triggers=PAIR)

    assert "the inputs of dmm" in said
    assert "the triggers of dmm" in said


def test_two_oscilloscopes_whose_triggers_are_crossed_are_named(tmp_path: Path) -> None:
    said = refused(tmp_path, dmms=1, scopes=2, triggers={"scope": "S2", "scope2": "S1"})

    assert "the triggers of scope (serial SIMDSOX1204G1) and scope2 (serial SIMDSOX1204G2) are crossed" in said


def test_of_three_meters_only_those_that_are_wrong_are_named(tmp_path: Path) -> None:
    said = refused(tmp_path, dmms=3, inputs={"dmm2": "D3", "dmm3": "D2"})

    assert "the inputs of dmm2 (serial SIM34461A2) and dmm3 (serial SIM34461A3) are crossed" in said
    assert "dmm (" not in said


def test_three_meters_in_a_ring_are_named_each_with_its_bus(tmp_path: Path) -> None:
    said = refused(tmp_path, dmms=3, inputs={"dmm": "D2", "dmm2": "D3", "dmm3": "D1"})

    assert "the input of dmm (serial SIM34461A1) shows on D2: plug its input cable in at D1" in said
    assert "the input of dmm3 (serial SIM34461A3) shows on D1: plug its input cable in at D3" in said


def test_a_meter_that_hangs_on_no_bus_of_the_station_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path, inputs={"dmm2": "S1"})

    assert "the input of dmm2 (serial SIM34461A2) shows on no bus: plug its input cable in at D2" in said


def test_two_meters_on_one_bus_are_named(tmp_path: Path) -> None:
    said = refused(tmp_path, inputs={"dmm2": "D1"})

    assert "the input of dmm2 (serial SIM34461A2) shows on D1: plug its input cable in at D2" in said
    assert "dmm (" not in said


def test_what_there_is_one_of_is_proven_when_somebody_asks_and_not_at_the_opening(tmp_path: Path) -> None:
    with world(tmp_path, documents=False, logging=True) as made:
        at_the_opening = [one for one in made.board.log if b"pulse" in one.asked or b"zero" in one.asked]
        said = made.bench.wiring.prove_all()

    assert [] == at_the_opening
    assert "inputs: dmm on D1; triggers: dmm by D1, scope by S1; not proven without a unit: the input of scope" == said


def test_a_cable_that_is_out_is_found_by_who_asks_though_there_is_one_meter_only(tmp_path: Path) -> None:
    with world(tmp_path, documents=False, inputs={"dmm": "S1"}) as made, pytest.raises(WiringError, match="shows on no bus"):
        made.bench.wiring.prove_all()


def test_under_a_lid_that_was_left_open_the_halt_lasts_until_the_wiring_is_proven(tmp_path: Path) -> None:
    with world(tmp_path, dmms=2, documents=False, inputs=PAIR, lid_open=True) as made:
        assert made.bench.halted is not None
        made.operate("LID closed")

        with pytest.raises(WiringError, match="are crossed"):
            made.bench.restore()

        assert "are crossed" in (made.bench.halted or "")


def test_under_a_lid_that_was_left_open_right_cables_are_proven_by_the_first_restore(tmp_path: Path) -> None:
    with world(tmp_path, dmms=2, documents=False, lid_open=True) as made:
        before = made.bench.wiring.is_proven
        made.operate("LID closed")
        outcomes = made.test({1: "SN1"})

        assert (False, True) == (before, made.bench.wiring.is_proven)

    assert ["PASS"] == [one.verdict.name for one in outcomes]


def test_what_is_measured_after_the_proof_is_what_it_was_without(tmp_path: Path) -> None:
    """The settings that the proof leaves behind are of no account to a measurement."""
    with world(tmp_path, dmms=2, scopes=2, documents=False) as made:
        outcomes = made.test({1: "SN1", 2: "SN2"})

    assert ["PASS", "PASS"] == [one.verdict.name for one in outcomes]
