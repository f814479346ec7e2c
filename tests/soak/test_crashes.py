"""A sample of the soak: a few crashes of station and simulator, with every check that the long one makes (`make soak`)."""

import pytest

from tests.soak.crashes import crashes
from tests.soak.plan import BETWEEN, ENDING, STARTING, WAITING, moment
from tests.soak.tally import Tally

MOMENTS, SEED = 4, 17


def test_the_sample_kills_both_in_every_kind_of_moment() -> None:
    drawn = [moment(SEED, number, 6.0) for number in range(MOMENTS)]

    assert {"station", "simulator"} == {one.victim for one in drawn}
    assert {STARTING, BETWEEN, WAITING, ENDING} == {one.kind for one in drawn}
    assert any(any(one.defects) for one in drawn)


def test_a_moment_is_drawn_from_seed_and_number_alone() -> None:
    assert moment(1, 7, 6.0) == moment(1, 7, 6.0)
    assert len({moment(1, number, 6.0) for number in range(50)}) == 50


@pytest.mark.process
def test_a_station_or_simulator_killed_at_any_moment_loses_nothing_and_makes_nothing_up() -> None:
    found = crashes(MOMENTS, SEED, workers=2, speed=120.0)

    assert [] == found.violations, found.said()
    assert MOMENTS == found.counts["moments"]
    assert found.counts["events shown"] > 100


def test_a_tally_of_several_workers_adds_counts_keeps_the_longest_and_every_violation(capsys: pytest.CaptureFixture[str]) -> None:
    whole, other = Tally("all"), Tally("one")
    whole.count("moments", 2)
    whole.took("end", 1.0)
    other.count("moments")
    other.took("end", 2.5)
    other.violate("moment 3", "a PASS")

    whole.add(other)

    assert whole.said().splitlines() == [
        "== all", "       3  moments", "    2.50  s at most: end", "       1  violations", "          moment 3: a PASS",
    ]  # fmt: skip
    assert "VIOLATION  moment 3: a PASS" in capsys.readouterr().err
