"""Whatever runs a lot and the lots before it had, the figures of its report contradict nothing."""

from random import Random

import pytest

from station.certificates.lot import Lot, LotBar, LotShare, LotUnit
from station.certificates.lot_check import contradiction
from station.quality import lots
from station.quality.runs import EndedRun
from station.quality.shares import Share
from station.quality.yields import pareto, yields

OUTCOMES = ("PASS", "FAIL", "ABORTED", "ERROR", "INCONCLUSIVE")


def history(chance: Random) -> list[tuple[EndedRun, str]]:
    """Return runs of few serials at random, each with its lot, in order of time."""
    found = []
    for at in range(chance.randrange(40)):
        outcome = chance.choice(OUTCOMES)
        first = chance.choice(("CUR.310", "TIM.010")) if outcome == "FAIL" else ""
        run = EndedRun(
            f"{at:04}", "MC-100", chance.choice("abcdef"), chance.choice(("real-time", "accelerated")), "EOL-01", 1,
            f"2026-11-22T08:{at:02}", "2026-11-22", chance.choice(("production", "rework", "golden")), outcome, first,
        )  # fmt: skip
        found.append((run, chance.choice(("L1", "L2"))))
    return found


def of_units(runs: list[tuple[EndedRun, str]]) -> tuple[lots.LotUnit, ...]:
    """Return the units of lot L1 among `runs`, and one that is still tested."""
    mine = [run for run, name in runs if name == "L1" and run.run_type in ("production", "rework")]
    told = {
        serial: tuple(
            lots.LotRun(
                run.run_id, run.product, "A", serial, run.station, run.process, run.run_type, run.started_at, run.started_at,
                run.outcome, run.first_fail, "", "", "",
            )
            for run in mine
            if run.serial == serial
        )
        for serial in dict.fromkeys(run.serial for run in mine)
    }  # fmt: skip
    return (*(lots.LotUnit("MC-100", serial, of_unit) for serial, of_unit in told.items()), lots.LotUnit("MC-100", "open", ()))


def figures(chance: Random) -> Lot:
    runs = history(chance)
    units = of_units(runs)
    theirs = lots.of_lot(units, [run for run, _ in runs])
    made = yields(theirs)
    told = {
        "product_first": made.product.first, "line_first": made.line.first,
        "final": made.product.last, "station_errors": made.station_errors,
    }  # fmt: skip
    return Lot(
        "L1", "", "", ("EOL-01",), ("MC-100 / A",), (), (), "", "", False, 0, tuple(sorted(lots.run_outcomes(units).items())),
        tuple(share(name, one) for name, one in told.items()),
        tuple(LotBar(bar.row_id, "", bar.count) for bar in pareto(theirs)),
        tuple(LotUnit(unit.serial, len(unit.runs), unit.outcome) for unit in units),
    )  # fmt: skip


def share(name: str, told: Share) -> LotShare:
    low, high = told.interval() or (0.0, 1.0)
    return LotShare(name, told.good, told.of, round(low, 6), round(high, 6))


@pytest.mark.parametrize("seed", range(300))
def test_the_figures_of_a_lot_never_contradict_each_other(seed: int) -> None:
    assert None is contradiction(figures(Random(seed)))
