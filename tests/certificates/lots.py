"""Lots made up for tests, and the report on one."""

from collections import Counter
from dataclasses import replace

from station.certificates.lot import Lot, LotBar, LotShare, LotUnit
from station.certificates.lot_report import LotReport
from station.certificates.lot_words import read_lot_words
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
        (
            LotShare("product_first", 1, 2, 0.094531, 0.905469), LotShare("line_first", 1, 4, 0.045587, 0.699358),
            LotShare("final", 1, 2, 0.094531, 0.905469), LotShare("station_errors", 0, 0, 0.0, 1.0),
        ),
        tuple(LotBar(*text.partition(" ")[::2], count) for text, count in failed.most_common()), units,
    )  # fmt: skip


def report(told: Lot | None = None, language: str = "en", paper: str = "A4") -> LotReport:
    """Return the report on a lot."""
    template = replace(in_language(language), paper=paper)
    return LotReport(told or lot(), template, read_lot_words(HOME / "reports", language))
