"""Run the study: python -m benchmarks.study [--units-per-defect N] [--good N] [--seed N] [--jobs N] [--write]."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.study.forecast import by_unit, usual
from benchmarks.study.page import Study, page
from benchmarks.study.plan import plan, shard_of
from benchmarks.study.replay import replayed
from benchmarks.study.seen import Seen
from benchmarks.study.tally import escapes, tallies
from benchmarks.study.work import ROOT, fingerprint, work
from benchmarks.study.written import write
from station.cli.home import read
from station.core.limit import Limit


def main(words: list[str]) -> int:
    """Run a study or play one unit again; return 1 when a unit escaped, the station erred or prediction is off, else 0."""
    asked = _parser().parse_args(words)
    if asked.replay:
        return _replay(*asked.replay)
    folder = None if asked.folder is None else asked.folder / f"{fingerprint()}-{asked.seed}"
    try:
        units = tuple(work(plan(asked.seed, asked.units_per_defect, asked.good), folder, asked.jobs))
    except KeyboardInterrupt:
        sys.stderr.write("\nbroken off; the same command goes on there\n")
        return 130
    study, limits = Study(asked.seed, units), read(ROOT).limits
    sys.stdout.write(page(study, limits))
    if asked.write:
        write(study, limits)
    erred = any(one.verdict == "ERROR" for one in units)
    return int(bool(escapes(units)) or erred or not _as_predicted(units, limits.limits))


def _as_predicted(units: tuple[Seen, ...], limits: Mapping[str, Limit]) -> bool:
    """Return whether every good or marginal production was rejected as often as predicted."""
    us = usual(units, limits)
    return all(by_unit(one.units, limits, us).agrees for one in tallies(units) if one.kind.share)


def _replay(seed: str, serial: str, kind: str) -> int:
    """Play a unit again and print it; return 2 when no study ever had it."""
    try:
        shard = shard_of(int(seed), serial, kind)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in replayed(shard, serial))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.study", description="Test thousands of simulated units.")
    parser.add_argument("--units-per-defect", type=int, default=500, metavar="N", help="units of each defect (default 500)")
    parser.add_argument("--good", type=int, default=20_000, metavar="N", help="good and marginal units (default 20000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="what is drawn by chance (default 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: one a core)")
    parser.add_argument("--folder", type=Path, default=ROOT / "records" / "study", help="where results are kept")
    parser.add_argument("--write", action="store_true", help="write docs/reference/study.md, and its matrix")
    parser.add_argument("--replay", nargs=3, metavar=("SEED", "SERIAL", "KIND"), help="test one unit again, on its bench")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
