"""Every row of numbers has its budget before there is a unit, at its nominal value, well below what the row allows."""

from pathlib import Path

import pytest

from station.cli import assemble
from station.cli.home import read
from station.clocks.virtual import VirtualClock
from station.core.budget_use import adds_up
from station.core.errors import LoanError, SequenceError
from station.core.limit import Kind, Limit
from station.core.measurement import Measurement
from station.core.recipe import Recipe
from station.hardware.truevolt_budget import Surroundings
from station.products.mc100 import SEQUENCES
from station.products.on_paper.bench import PaperBench
from station.products.on_paper.budgets import on_paper
from station.products.on_paper.unit import Nominal
from station.sequencer.sequence import Sequence

HOME = read(Path(__file__).parents[2])
LIMITS = HOME.limits.limits
NUMBERS = [limit for limit in LIMITS.values() if limit.kind is Kind.NUMBER]


def sequence_for(row_id: str) -> Sequence:
    return next(one for one in SEQUENCES.values() if any(row_id in step.ids for step in one.steps))


def taken(row_id: str, surroundings: Surroundings | None = None) -> Measurement | str:
    sequence = sequence_for(row_id)
    limits = sequence.required(LIMITS)
    return on_paper(row_id, sequence, limits, HOME.fixture, 50, surroundings or Surroundings(), VirtualClock(1.0))


@pytest.mark.parametrize("limit", NUMBERS, ids=lambda limit: limit.id)
def test_a_row_has_a_budget_on_paper_that_its_limit_allows(limit: Limit) -> None:
    found = taken(limit.id)

    assert isinstance(found, Measurement), found
    assert found.u is not None, found.reason
    assert limit.u_max is not None
    assert 0.0 < found.u.u <= limit.u_max
    assert adds_up(found.u)
    assert found.verdict.name == "PASS", found.reason


@pytest.mark.parametrize("row_id", ["CUR.110", "CUR.212", "CUR.310", "CUR.313", "WAV.010", "TIM.010", "BAT.010"])
def test_the_nominal_unit_is_worth_the_limit_s_nominal_value(row_id: str) -> None:
    found = taken(row_id)

    assert isinstance(found, Measurement)
    assert LIMITS[row_id].nominal == pytest.approx(found.value, rel=1e-4)


def test_the_same_row_has_the_same_budget_each_time_and_a_larger_one_with_an_old_calibration() -> None:
    first, again, old = taken("CUR.311"), taken("CUR.311"), taken("CUR.311", Surroundings(4.0))

    assert isinstance(first, Measurement)
    assert isinstance(old, Measurement)
    assert first == again
    assert first.u is not None
    assert old.u is not None
    assert old.u.u > first.u.u


def test_a_row_that_nobody_measures_has_none() -> None:
    sequence = SEQUENCES[Recipe.REAL_TIME]

    said = on_paper("CUR.999", sequence, LIMITS, HOME.fixture, 50, Surroundings(), VirtualClock(1.0))

    assert said == "no step of MC-100 measures it"


def test_a_step_that_paper_cannot_take_says_why() -> None:
    without = {row_id: limit for row_id, limit in LIMITS.items() if row_id != "WAV.010"}

    said = on_paper("TIM.030", SEQUENCES[Recipe.REAL_TIME], without, HOME.fixture, 50, Surroundings(), VirtualClock(1.0))

    assert isinstance(said, str)
    assert "on paper" in said


def test_every_sequence_of_the_product_can_be_found() -> None:
    assert assemble.sequence_of(HOME) in SEQUENCES.values()


def bench() -> tuple[PaperBench, Nominal]:
    clock = VirtualClock(1.0)
    unit = Nominal(clock, clock.stop(), {}, lambda load: HOME.fixture.sense[1, load])
    return PaperBench(unit, HOME.fixture, {}, 50, Surroundings()), unit


def test_a_bench_on_paper_refuses_a_slot_that_is_not_there_and_a_loan_that_comes_too_late() -> None:
    paper, unit = bench()
    unit.wait(5.0)

    with pytest.raises(SequenceError, match="no slot 99"), paper.dmm(99, unit.stop):
        pass
    with pytest.raises(LoanError), paper.dmm(1, unit.stop, "sense", 1.0):
        pass
    with paper.scope(1, unit.stop), paper.both(1, unit.stop):
        pass
    with pytest.raises(SequenceError):
        paper.close_window(99)
    assert "SIM" in paper.equipment(1)[0].certificate


def test_a_nominal_unit_senses_skin_charges_and_switches_itself_off() -> None:
    paper, unit = bench()
    nest = paper.nest(1)
    nest.arm(gap=0.6)

    def state() -> str:
        unit.wait(2.0)
        return nest.pulses().state

    nest.connect(load=200_000)
    nest.press("start", level=3)
    assert "armed" == state()
    nest.connect(load=2_000)
    assert "running" == state()
    nest.connect(load=200_000)
    assert "off" == state()
    nest.connect(load=500)
    nest.arm(gap=0.6)
    assert "running" == state()
    unit.wait(1160.0)
    assert "running" == state()
    unit.wait(10.0)
    assert "off" == state()
    nest.press("stop")
    nest.press("start")
    unit.wait(1.0)
    assert nest.pulses().after > 0
    nest.charger(on=True)
    unit.wait(0.03)
    nest.arm(gap=0.6)
    assert "armed" == state()
    nest.safe()
    with pytest.raises(SequenceError, match="no load"):
        _ = nest.sense
