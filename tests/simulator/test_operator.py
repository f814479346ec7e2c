"""The operator's hand: what it can do, and what it says when it cannot."""

import json

import pytest

from station.simulator.fixture import Fixture
from station.simulator.frames import encode
from station.simulator.ports import Device
from station.simulator.rig import Rig, rig


def ask(device: Device, line: str, now: float) -> str:
    device.receive(line.encode() + b"\n", now)
    return device.poll(now).decode().strip()


@pytest.fixture
def bench() -> Rig:
    return rig(lambda: 0.0)


def fixture_says(fixture: Fixture, body: str, sequence: int, now: float) -> str:
    fixture.receive(encode(">", sequence, body), now)
    return fixture.poll(now).decode().splitlines()[-1]


def test_a_unit_is_in_at_once_and_out_again(bench: Rig) -> None:
    placed = ask(bench.operator, "PLACE 3 MC1", 1.0)
    unit = bench.bench.slots[2].unit
    removed = ask(bench.operator, "REMOVE 3", 2.0)

    assert placed == removed == "OK slot=3 serial=MC1"
    assert unit is not None
    assert unit.serial == "MC1"
    assert bench.bench.slots[2].unit is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("PLACE 9 MC1", "no such slot: 1 to 8"),
        ("PLACE x MC1", "no such slot: 1 to 8"),
        ("PLACE 3", "say PLACE"),
        ("PLACE 3 MC1 rusty", "no such defect: rusty"),
        ("PLACE 3 123456789012345678901", "say PLACE"),
        ("REMOVE 3", "slot 3 is empty"),
        ("REMOVE", "no such slot"),
        ("TRUTH 3", "slot 3 is empty"),
        ("LOOK 9", "no such slot: 1 to 8"),
        ("LOT 2", "say LOT spread shift"),
        ("LOT wide 0", "say LOT spread shift"),
        ("LOT nan 0", "say LOT spread shift"),
        ("LOT 1 0.6", "say LOT spread shift"),
        ("LOT -1 0", "say LOT spread shift"),
        ("LID ajar", "say LID"),
        ("ESTOP", "say ESTOP"),
        ("JUMP", "unknown command"),
        ("", "unknown command"),
        ("\xff", "unknown command"),
    ],
)
def test_what_it_cannot_do_it_says(bench: Rig, line: str, why: str) -> None:
    answer = ask(bench.operator, line, 1.0)

    assert answer.startswith("ERR ")
    assert why in answer


def test_a_slot_holds_one_unit_and_a_unit_is_in_one_slot(bench: Rig) -> None:
    ask(bench.operator, "PLACE 3 MC1", 1.0)

    assert ask(bench.operator, "PLACE 3 MC2", 1.0) == "ERR slot 3 is occupied by MC1"
    assert ask(bench.operator, "PLACE 4 MC1", 1.0) == "ERR MC1 is in slot 3"


def test_the_same_serial_is_the_same_unit_with_the_same_defect(bench: Rig) -> None:
    ask(bench.operator, "PLACE 3 MC1 bridge_leg", 1.0)
    first = bench.bench.slots[2].unit
    ask(bench.operator, "REMOVE 3", 2.0)
    other = ask(bench.operator, "PLACE 5 MC1 noisy", 3.0)
    same = ask(bench.operator, "PLACE 5 MC1", 3.0)

    assert other == "ERR MC1 exists already, as bridge_leg"
    assert same.startswith("OK")
    assert bench.bench.slots[4].unit is first


def test_several_defects_are_named_with_commas(bench: Rig) -> None:
    ask(bench.operator, "PLACE 1 MC1 bridge_leg,no_soft_start", 1.0)

    assert json.loads(ask(bench.operator, "TRUTH 1", 1.0)[3:])["defects"] == ["bridge_leg", "no_soft_start"]


def test_a_unit_can_be_forced_to_be_good_when_nature_would_decide() -> None:
    natural = rig(lambda: 0.0, slots=64, natural=True)
    drawn = []
    for n in range(640):
        ask(natural.operator, f"PLACE {n % 64 + 1} A{n}", float(n))
        drawn += json.loads(ask(natural.operator, f"TRUTH {n % 64 + 1}", float(n))[3:])["defects"]
        ask(natural.operator, f"REMOVE {n % 64 + 1}", float(n))
    ask(natural.operator, "PLACE 1 B1 good", 700.0)

    assert 10 <= len(drawn) <= 45  # 3.65 % of 640 are 23
    assert json.loads(ask(natural.operator, "TRUTH 1", 700.0)[3:])["defects"] == []


def test_lid_and_estop_reach_the_fixture(bench: Rig) -> None:
    fixture_says(bench.fixture, "HELLO 1 00000001", 0, 1.0)
    answers = [ask(bench.operator, line, 2.0) for line in ("LID open", "ESTOP press")]
    open_and_pressed = fixture_says(bench.fixture, "PING", 1, 2.0)
    answers += [ask(bench.operator, line, 3.0) for line in ("LID closed", "ESTOP release")]
    closed_and_released = fixture_says(bench.fixture, "PING", 2, 3.0)

    assert answers == ["OK lid=open", "OK estop=pressed", "OK lid=closed", "OK estop=released"]
    assert "lid=open estop=pressed latch=both" in open_and_pressed
    assert "lid=closed estop=released latch=both" in closed_and_released


def test_an_eye_on_a_slot_sees_a_unit_that_runs_and_one_that_the_watchdog_stopped_and_feeds_no_watchdog() -> None:
    moment = [0.0]
    bench = rig(lambda: moment[0])
    ask(bench.operator, "PLACE 1 MC1", 0.0)
    for number, body in enumerate(("HELLO 1 00000001", "LOAD 1 2000", "KEY 1 start 3")):
        fixture_says(bench.fixture, body, number, 0.1)

    seen = []
    for moment[0] in (1.99, 2.01):
        bench.fixture.poll(moment[0])
        seen.append(ask(bench.operator, "LOOK 1", moment[0]))

    assert [
        "OK serial=MC1 on=1 load=2000 charger=0 buses=-",
        "OK serial=MC1 on=0 load=open charger=0 buses=-",
    ] == seen
    assert "OK serial=- on=0 load=open charger=0 buses=-" == ask(bench.operator, "LOOK 2", 3.0)


def test_a_lot_changes_the_units_that_are_new_from_then_on(bench: Rig) -> None:
    def gain(slot: int) -> float:
        unit = bench.bench.slots[slot - 1].unit
        assert unit is not None
        return unit.parts.gain

    ask(bench.operator, "PLACE 1 MC1 good", 1.0)
    answer = ask(bench.operator, "LOT 0 0.06", 1.0)
    ask(bench.operator, "PLACE 2 MC2 good", 1.0)
    before = gain(1)
    ask(bench.operator, "REMOVE 1", 2.0)
    ask(bench.operator, "PLACE 1 MC1 good", 3.0)

    assert "OK spread=0 shift=0.06" == answer
    assert 0.06 == gain(2)
    assert before == gain(1)


def test_it_lists_defects_and_helps(bench: Rig) -> None:
    assert ask(bench.operator, "DEFECTS?", 1.0).split(" ")[:3] == ["OK", "good", "dead"]
    assert ask(bench.operator, "HELP", 1.0).startswith("OK PLACE slot serial")


def test_lines_may_come_in_pieces_and_end_as_they_like(bench: Rig) -> None:
    for byte in b"place 1 MC1\r\nLID open\n":
        bench.operator.receive(bytes([byte]), 1.0)

    assert bench.operator.poll(1.0) == b"OK slot=1 serial=MC1\nOK lid=open\n"


def test_an_endless_line_is_no_command(bench: Rig) -> None:
    bench.operator.receive(b"x" * 100_000, 1.0)

    assert ask(bench.operator, "", 1.0).startswith("ERR ")
    assert bench.operator.wake() is None
