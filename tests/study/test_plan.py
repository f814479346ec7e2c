"""The plan: every unit once, on a bench of its shard, under a serial from which the shard can be made again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.study.__main__ import main
from benchmarks.study.kinds import DEFECTIVE, HURRIED, KINDS, SOUND
from benchmarks.study.plan import SHARD, plan, shard_of
from station.core.recipe import Recipe
from station.core.serial import serial_fault
from station.simulator.physics.defects import DEFECTS


@given(study=st.integers(0, 50), each=st.integers(0, 300), good=st.integers(0, 2000))
def test_every_kind_gets_its_units_and_no_two_shards_share_a_bench(study: int, each: int, good: int) -> None:
    shards = plan(study, each, good)

    counts = {name: sum(shard.count for shard in shards if shard.kind == name) for name in KINDS}
    assert {kind.name: each for kind in (*DEFECTIVE, *HURRIED)} == {
        kind.name: counts[kind.name] for kind in (*DEFECTIVE, *HURRIED)
    }
    assert {kind.name: round(kind.share * good) for kind in SOUND} == {kind.name: counts[kind.name] for kind in SOUND}
    assert len({shard.seed for shard in shards}) == len(shards)
    assert all(1 <= shard.count <= SHARD for shard in shards)


@given(study=st.integers(0, 50), each=st.integers(1, 150))
def test_a_shard_is_known_from_what_is_printed_of_one_unit(study: int, each: int) -> None:
    for shard in plan(study, each, each):
        assert all(serial_fault(serial) is None for serial in shard.serials)
        assert shard == shard_of(shard.seed, shard.serials[-1], shard.kind)


def test_the_whole_study_is_what_the_product_asks_for() -> None:
    shards = plan(1, 500, 20_000)

    sound = {kind.name for kind in SOUND}
    assert 20_000 == sum(shard.count for shard in shards if shard.kind in sound)
    assert set(DEFECTS) == {kind.defect for kind in DEFECTIVE}
    assert {Recipe.REAL_TIME} == {kind.recipe for kind in (*DEFECTIVE, *SOUND)}


@pytest.mark.parametrize(
    ("seed", "serial", "kind"),
    [(100_003, "S3-1-64", "rusty"), (100_003, "S3-65-64", "good"), (100_004, "S3-1-64", "good"), (100_003, "S3-1", "good")],
)
def test_a_unit_that_no_study_had_is_refused(seed: int, serial: str, kind: str) -> None:
    with pytest.raises(ValueError, match="as the study prints them"):
        shard_of(seed, serial, kind)


def test_a_replay_of_what_no_study_had_is_wrong_usage_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--replay", "1", "X", "good"])

    assert 2 == code
    assert "as the study prints them" in capsys.readouterr().err
