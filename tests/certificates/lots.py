"""Lots made up for tests, and the report on one."""

from collections import Counter
from dataclasses import replace

from station.certificates.lot import Lot, LotBar, LotShare, LotUnit
from station.certificates.lot_report import LotReport
from station.certificates.lot_words import read_lot_words
from station.quality.shares import Share
from tests.certificates.records import HOME, in_language

UNITS = (
    LotUnit("SN26-100401", 1, "PASS", "", "EOL-01-2026-000042", "released", "2026-11-22T08:34:31.000000Z"),
    LotUnit("SN26-100402", 2, "FAIL", "CUR.310 Peak current L3", "NCR-EOL-01-2026-000007", "", "2026-11-22T08:35:02.000000Z"),
    LotUnit("SN26-100403", 1, "ABORTED", "", "", "", "2026-11-22T08:36:00.000000Z"),
    LotUnit("SN26-100404", 3, "INCONCLUSIVE", "", "", "", "2026-11-22T09:10:00.000000Z"),
    LotUnit("SN26-100405", 1, "ERROR", "", "", "", "2026-11-22T09:11:00.000000Z"),
    LotUnit("SN26-100406", 0, "OPEN"),
)


def lot(units: tuple[LotUnit, ...] = UNITS, *, simulated: bool = False, name: str = "L-2026-47", maker: str = "Example") -> Lot:
    """Return a lot of `units`, whose figures add up."""
    runs = Counter({unit.outcome: 0 for unit in units})
    for unit in units:
        runs[unit.outcome] += unit.runs
    failed = Counter(unit.failed for unit in units if unit.failed)
    return Lot(
        name, maker, "Works, Hall 2", ("EOL-01", "EOL-02"), ("MC-100 / A",), ("real-time",), ("MC-100 / A sha256:" + "4" * 64,),
        "2026-11-22T08:14:05.000000Z", "2026-11-22T09:11:00.000000Z", simulated, 2,
        tuple(sorted((outcome, count) for outcome, count in runs.items() if count)),
        shares(runs, sum(failed.values())),
        tuple(LotBar(*text.partition(" ")[::2], count) for text, count in failed.most_common()), units,
    )  # fmt: skip


def shares(runs: Counter[str], failed: int) -> tuple[LotShare, ...]:
    """Return the yields of units of which `failed` failed at their first attempt and were tested again with the same result."""
    passed, spoiled = runs["PASS"], runs["ERROR"] + runs["INCONCLUSIVE"]
    sound = passed + failed
    return (
        _share("product_first", passed, sound), _share("line_first", passed, sound),
        _share("final", passed, sound), _share("station_errors", spoiled, sound + spoiled),
    )  # fmt: skip


def _share(name: str, good: int, of: int) -> LotShare:
    low, high = Share(good, of).interval() or (0.0, 1.0)
    return LotShare(name, good, of, round(low, 6), round(high, 6))


def report(told: Lot | None = None, language: str = "en", paper: str = "A4") -> LotReport:
    """Return the report on a lot."""
    template = replace(in_language(language), paper=paper)
    return LotReport(told or lot(), template, read_lot_words(HOME / "reports", language))
